//! People who sign in on the server's pages.

use wellfield_core::access::DeskRole;
use wellfield_core::desk::{Account, SignInName};
use wellfield_core::ids::{AccountId, ProgrammeId};
use wellfield_core::referral::Referrer;
use wellfield_core::text::Text;

struct Person {
    who: &'static str,
    number: u64,
    role: DeskRole,
    name: &'static str,
    contact: &'static str,
    sign_in: &'static str,
}

const BETHAN: Person = Person {
    who: "a link worker",
    number: 0x0BE7_4A10,
    role: DeskRole::LinkWorker,
    name: "Bethan Ellis, Alder Street Surgery",
    contact: "01632 960210",
    sign_in: "bethan@alder-street.example",
};

const PEOPLE: [Person; 3] = [
    BETHAN,
    Person {
        who: "the data-protection lead",
        number: 0x0DA7_A001,
        role: DeskRole::DataProtectionLead,
        name: "Iwan Prosser",
        contact: "01632 960410",
        sign_in: "iwan@wellfield.example",
    },
    Person {
        who: "an administrator",
        number: 0x0AD0_1501,
        role: DeskRole::Administrator,
        name: "Sadia Khan",
        contact: "01632 960411",
        sign_in: "sadia@wellfield.example",
    },
];

/// One of each who sign in, with who that is.
pub fn accounts(programme: ProgrammeId) -> Vec<(&'static str, Account)> {
    let account = |person: &Person| {
        let account = Account {
            account: AccountId(person.number),
            role: person.role,
            sign_in: SignInName::typed(person.sign_in, str::to_owned).ok()?,
            name: Text::parse(person.name).ok()?,
            contact: Text::parse(person.contact).ok()?,
            programmes: match person.role {
                DeskRole::LinkWorker => vec![programme],
                DeskRole::DataProtectionLead | DeskRole::Administrator => Vec::new(),
            },
            closed: false,
        };
        Some((person.who, account))
    };
    PEOPLE.iter().filter_map(account).collect()
}

/// The link worker as whoever referred somebody.
pub(super) fn referrer() -> Option<Referrer> {
    Some(Referrer {
        account: AccountId(BETHAN.number),
        name: Text::parse(BETHAN.name).ok()?,
        contact: Text::parse(BETHAN.contact).ok()?,
        agreed_support: None,
        emergency: None,
    })
}
