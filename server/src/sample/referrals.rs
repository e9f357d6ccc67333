//! Two people who asked for a place themselves, on their phones, and one whom a link worker referred.

use wellfield_core::ids::ReferralId;
use wellfield_core::language::Language;
use wellfield_core::people::AccessNeed;
use wellfield_core::referral::{
    ContactWay, Form, MadeFor, ReferralReceived, complete, complete_for,
};

use super::ORGANISATION;
use super::accounts;
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
    let high = u128::from(generator.next()) << 64;
    let referral = ReferralId(high | u128::from(generator.next()));
    if let Some(by) = accounts::referrer()
        && let Ok(received) =
            complete_for(&referred(), referral, by, Language::English, ORGANISATION)
    {
        log.casework(received);
    }
}

/// Whom Bethan Ellis of Alder Street Surgery refers.
fn referred() -> MadeFor {
    MadeFor {
        person: Form {
            name: "Dorothy Pugh".to_owned(),
            contact_way: Some(ContactWay::Telephone),
            contact: "01632 960403".to_owned(),
            access: vec![AccessNeed::StepFree, AccessNeed::Breaks],
            access_note: "She walks with a stick and does well on level ground.".to_owned(),
            hopes: "To see people again. She has hardly left the house since the winter."
                .to_owned(),
            supporter: String::new(),
            agreed: true,
        },
        agreed_support:
            "Bethan Ellis rings her on the evening before. A seat, and a break every half hour."
                .to_owned(),
        emergency_name: "Alun Pugh, her son".to_owned(),
        emergency_phone: "07700 900405".to_owned(),
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
