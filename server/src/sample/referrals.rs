//! Two people who asked for a place themselves, on their phones.

use wellfield_core::ids::ReferralId;
use wellfield_core::language::Language;
use wellfield_core::people::AccessNeed;
use wellfield_core::referral::{ContactWay, Form, ReferralReceived, complete};

use super::ORGANISATION;
use super::generator::{Generator, Part};
use super::log::Log;

/// Records the referrals as received.
pub(super) fn receive(log: &mut Log, seed: u64) {
    let mut generator = Generator::new(seed, Part::Referrals);
    for (form, language) in forms() {
        let high = u128::from(generator.next()) << 64;
        let referral = ReferralId(high | u128::from(generator.next()));
        // The same checks as on a phone; a test holds that both forms pass them.
        if let Ok(form) = complete(&form, referral, language, ORGANISATION) {
            log.casework(ReferralReceived {
                form,
                doubts: Vec::new(),
                referrer: None,
            });
        }
    }
}

fn forms() -> [(Form, Language); 2] {
    let helen = Form {
        name: "Helen Marwood".to_owned(),
        contact_way: Some(ContactWay::TextMessage),
        contact: "07700 900401".to_owned(),
        access: vec![AccessNeed::Seating, AccessNeed::QuietSpace],
        access_note: "I get tired quickly. Mornings are hard, but I can be there by half past ten.".to_owned(),
        hopes: "To get out of the house and do something with my hands. I have always liked old things.".to_owned(),
        supporter: "My sister. I am on the list for a link worker.".to_owned(),
        agreed: true,
    };
    let gwilym = Form {
        name: "Gwilym Tudur".to_owned(),
        contact_way: Some(ContactWay::Telephone),
        contact: "01632 960402".to_owned(),
        access: vec![AccessNeed::Transport, AccessNeed::Hearing],
        access_note: "Dydw i ddim yn gyrru mwyach. Siaradwch yn glir â mi os gwelwch yn dda."
            .to_owned(),
        hopes: "Cwmni. Collais fy ngwraig y llynedd ac mae’r dyddiau’n hir.".to_owned(),
        supporter: String::new(),
        agreed: true,
    };
    [(helen, Language::English), (gwilym, Language::Welsh)]
}
