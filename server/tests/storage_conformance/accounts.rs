//! People who sign in on the server's pages.

use wellfield_core::access::DeskRole;
use wellfield_core::audit::{Actor, Deed, NewEntry, decode_entry};
use wellfield_core::clock::Instant;
use wellfield_core::desk::{Account, SignInName};
use wellfield_core::ids::AccountId;
use wellfield_core::text::Text;
use wellfield_server::storage::{
    AccountBy, AccountEntry, CloseRefused, Closing, CredentialsChange, Invitation, InviteRefused,
    Slip, SlipHash, SlipKind, Storage, StorageError,
};

use crate::common::{PROGRAMME, START};
use crate::place::{OTHER_PROGRAMME, Place};

const PRIYA: AccountId = AccountId(u64::MAX);
const LATER: Instant = Instant(START.0 + 1_000);

fn account(account: AccountId, sign_in: &str) -> Account {
    Account {
        account,
        role: DeskRole::LinkWorker,
        sign_in: SignInName::typed(sign_in, str::to_owned).unwrap(),
        name: Text::parse("Priya Nair, Alder Street Surgery").unwrap(),
        contact: Text::parse("01632 960 200").unwrap(),
        programmes: vec![PROGRAMME, OTHER_PROGRAMME],
        closed: false,
    }
}

fn slip(hash: u8, kind: SlipKind, account: Option<AccountId>) -> Slip {
    Slip {
        hash: SlipHash([hash; 32]),
        kind,
        account,
        value: vec![hash, 0, 255],
        expires_at: LATER,
    }
}

fn invitation(hash: u8, of: Account) -> Invitation {
    Invitation {
        slip: slip(hash, SlipKind::Invitation, Some(of.account)),
        account: of,
        by: Actor::CommandLine,
        now: START,
    }
}

fn set_up(from: &[u8], to: &[u8], spends: Option<u8>) -> CredentialsChange {
    CredentialsChange {
        account: PRIYA,
        from: from.to_vec(),
        to: to.to_vec(),
        spends: spends.map(|hash| SlipHash([hash; 32])),
        entry: NewEntry {
            at: START,
            actor: Actor::Account(PRIYA),
            deed: Deed::SignInSetUp { account: PRIYA },
        },
        session: Some(slip(90, SlipKind::Session, Some(PRIYA))),
    }
}

fn found(place: &Place, storage: &dyn Storage) -> AccountEntry {
    let by = AccountBy::Number(PRIYA);
    place.wait(storage.account(by)).unwrap().unwrap()
}

fn is_there(place: &Place, storage: &dyn Storage, kind: SlipKind, hash: u8) -> bool {
    let slip = storage.slip(kind, SlipHash([hash; 32]), START);
    place.wait(slip).unwrap().is_some()
}

fn deeds(place: &Place, storage: &dyn Storage) -> Vec<Deed> {
    let links = place.wait(storage.audit()).unwrap().links;
    let deeds = links
        .iter()
        .map(|link| decode_entry(&link.bytes).unwrap().entered.deed);
    deeds.collect()
}

pub fn somebody_who_is_invited_is_found_and_may_be_invited_anew_with_other_words(place: &Place) {
    let storage = place.with_programme();
    assert!(place.wait(storage.accounts()).unwrap().is_empty());
    let priya = account(PRIYA, "priya@surgery.example");
    place
        .wait(storage.invite(invitation(1, priya.clone())))
        .unwrap();
    let entry = found(place, &*storage);
    assert_eq!((&entry.account, entry.credentials.len()), (&priya, 0));
    let by = AccountBy::SignIn(SignInName::typed("PRIYA@surgery.example", str::to_owned).unwrap());
    assert_eq!(place.wait(storage.account(by)).unwrap(), Some(entry));
    let moved = account(PRIYA, "priya@riverside.example");
    place
        .wait(storage.invite(invitation(2, moved.clone())))
        .unwrap();
    assert_eq!(found(place, &*storage).account, moved);
    assert_eq!(place.wait(storage.accounts()).unwrap().len(), 1);
    // The first code may have gone to somebody else.
    assert!(!is_there(place, &*storage, SlipKind::Invitation, 1));
    assert!(is_there(place, &*storage, SlipKind::Invitation, 2));
    let invited = Deed::AccountInvited { account: PRIYA };
    assert_eq!(deeds(place, &*storage), [invited, invited]);
}

pub fn two_people_do_not_sign_in_with_one_address(place: &Place) {
    let servers = [place.with_programme(), place.open()];
    let invited = [1, 2].map(|number| {
        let of = account(AccountId(number), "desk@surgery.example");
        let hash = u8::try_from(number).unwrap();
        servers[usize::from(hash) - 1].invite(invitation(hash, of))
    });
    let answers = place.wait(futures::future::join_all(invited));
    let refused = answers.iter().filter(|answer| answer.is_err());
    assert_eq!(refused.count(), 1);
    assert!(answers.iter().any(|answer| matches!(
        answer,
        Err(StorageError::Refused(InviteRefused::AddressTaken))
    )));
    assert_eq!(place.wait(servers[0].accounts()).unwrap().len(), 1);
}

pub fn an_invitation_sets_up_one_way_to_sign_in_and_ends_what_was_open(place: &Place) {
    let storage = place.with_programme();
    let priya = account(PRIYA, "priya@surgery.example");
    place
        .wait(storage.invite(invitation(1, priya.clone())))
        .unwrap();
    let change = |change| place.wait(storage.change_credentials(change)).unwrap();
    assert!(!change(set_up(b"", b"x", Some(9))), "no such invitation");
    assert!(
        !change(set_up(b"other", b"x", Some(1))),
        "changed meanwhile"
    );
    assert!(
        is_there(place, &*storage, SlipKind::Invitation, 1),
        "what did not come about spends nothing"
    );
    assert!(change(set_up(b"", b"first", Some(1))));
    assert!(!change(set_up(b"first", b"x", Some(1))), "spent");
    assert_eq!(found(place, &*storage).credentials, b"first");
    assert!(is_there(place, &*storage, SlipKind::Session, 90));
    // Somebody lost the telephone with which they signed in, and is invited anew.
    place
        .wait(storage.put_slip(slip(91, SlipKind::Session, Some(PRIYA)), START))
        .unwrap();
    place.wait(storage.invite(invitation(2, priya))).unwrap();
    assert!(change(set_up(b"first", b"second", Some(2))));
    assert!(!is_there(place, &*storage, SlipKind::Session, 91));
    assert!(
        is_there(place, &*storage, SlipKind::Session, 90),
        "the one that begins"
    );
    let set_up = Deed::SignInSetUp { account: PRIYA };
    assert_eq!(
        deeds(place, &*storage)
            .iter()
            .filter(|deed| **deed == set_up)
            .count(),
        2
    );
}

pub fn of_two_who_change_how_they_sign_in_at_once_one_does(place: &Place) {
    let servers = [place.with_programme(), place.open()];
    let priya = account(PRIYA, "priya@surgery.example");
    place.wait(servers[0].invite(invitation(1, priya))).unwrap();
    let changes = [0, 1].map(|n| servers[n].change_credentials(set_up(b"", &[1, 2][n..], None)));
    let changed = place.wait(futures::future::join_all(changes));
    let changed: Vec<_> = changed.into_iter().map(Result::unwrap).collect();
    assert_eq!(
        changed.iter().filter(|changed| **changed).count(),
        1,
        "{changed:?}"
    );
}

pub fn a_slip_counts_for_its_kind_until_its_time_and_is_taken_once(place: &Place) {
    let servers = [place.with_programme(), place.open()];
    let storage = &*servers[0];
    let ceremony = slip(5, SlipKind::Ceremony, None);
    place
        .wait(storage.put_slip(ceremony.clone(), START))
        .unwrap();
    let read = |kind, now| place.wait(storage.slip(kind, ceremony.hash, now)).unwrap();
    assert_eq!(read(SlipKind::Ceremony, START), Some(ceremony.clone()));
    assert_eq!(read(SlipKind::Session, START), None, "of another kind");
    assert_eq!(read(SlipKind::Ceremony, LATER), None, "too late");
    let other = storage.take_slip(SlipKind::Session, ceremony.hash, START);
    assert_eq!(place.wait(other).unwrap(), None);
    let takes = [0, 1].map(|n| servers[n].take_slip(SlipKind::Ceremony, ceremony.hash, START));
    let taken = place.wait(futures::future::join_all(takes));
    let taken: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(taken, std::slice::from_ref(&ceremony));
    place
        .wait(storage.put_slip(ceremony.clone(), START))
        .unwrap();
    let late = storage.take_slip(SlipKind::Ceremony, ceremony.hash, LATER);
    assert_eq!(place.wait(late).unwrap(), None);
}

pub fn a_slip_is_kept_anew_and_those_that_are_over_go(place: &Place) {
    let storage = place.with_programme();
    let priya = account(PRIYA, "priya@surgery.example");
    place.wait(storage.invite(invitation(1, priya))).unwrap();
    let session = slip(6, SlipKind::Session, Some(PRIYA));
    place
        .wait(storage.put_slip(session.clone(), START))
        .unwrap();
    let seen = Slip {
        value: vec![1],
        expires_at: Instant(LATER.0 + 1_000),
        ..session
    };
    place.wait(storage.put_slip(seen.clone(), LATER)).unwrap();
    let read = |now| {
        place
            .wait(storage.slip(SlipKind::Session, seen.hash, now))
            .unwrap()
    };
    assert_eq!(read(LATER), Some(seen.clone()));
    // The clock of a server that is behind finds nothing that was over by another's.
    assert!(!is_there(place, &*storage, SlipKind::Invitation, 1));
}

pub fn an_account_that_is_closed_signs_nobody_in_and_can_be_opened_by_inviting(place: &Place) {
    let storage = place.with_programme();
    let closing = Closing {
        account: PRIYA,
        by: Actor::Account(AccountId(1)),
        now: START,
    };
    let close = || place.wait(storage.close_account(closing));
    let nobody = close();
    assert!(matches!(
        nobody,
        Err(StorageError::Refused(CloseRefused::NoAccount))
    ));
    let priya = account(PRIYA, "priya@surgery.example");
    place
        .wait(storage.invite(invitation(1, priya.clone())))
        .unwrap();
    let change = |change| place.wait(storage.change_credentials(change)).unwrap();
    assert!(change(set_up(b"", b"first", Some(1))));
    close().unwrap();
    let entry = found(place, &*storage);
    assert!(entry.account.closed && entry.credentials.is_empty());
    assert!(!is_there(place, &*storage, SlipKind::Session, 90));
    assert!(!change(set_up(b"", b"again", None)));
    assert!(close().is_err());
    let closed = Deed::AccountClosed { account: PRIYA };
    assert_eq!(deeds(place, &*storage).last(), Some(&closed));
    place
        .wait(storage.invite(invitation(2, priya.clone())))
        .unwrap();
    assert_eq!(found(place, &*storage).account, priya);
    assert!(change(set_up(b"", b"again", Some(2))));
}
