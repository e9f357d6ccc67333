//! What a locked tablet sends: the rows of its log as they lie there.
//!
//! It is an ordinary push in everything but this: its events are rows that the tablet cannot read while it
//! is locked, and what the tablet shows is its grant. Opened, they are the same bytes that the unlocked
//! tablet would have sent, so that it makes no difference which of the two comes first.

use super::problem::Problem;
use super::protocol::PushRequest;
use crate::vault::{NotOpened, SendGrant};

/// How what a locked tablet shows begins, where an open one shows `Bearer` and its key.
pub const GRANT_SCHEME: &str = "Sealed";

/// The push that the rows of a sealed one are, opened in their places.
///
/// # Errors
/// [`Problem::StaysSealed`] if the grant is another tablet's, or if a row does not open in its place.
/// Nothing of the push may be stored then: a row that was changed on the disk must not take the number of
/// an event that the tablet may still have.
pub fn opened(sealed: PushRequest, grant: &SendGrant) -> Result<PushRequest, Problem> {
    if sealed.device != grant.device {
        return Err(Problem::StaysSealed);
    }
    let rows = (sealed.first_n..).zip(&sealed.events);
    let events = rows
        .map(|(n, row)| Ok(grant.log.open_own(grant.device, n, row)?.to_vec()))
        .collect::<Result<_, NotOpened>>()
        .map_err(|NotOpened| Problem::StaysSealed)?;
    Ok(PushRequest { events, ..sealed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceId;
    use crate::vault::DataKey;

    const DEVICE: DeviceId = DeviceId(7);

    fn grant(seed: u8) -> SendGrant {
        SendGrant::new(DEVICE, [1; 32], DataKey::new([seed; 32]).keys().log)
    }

    fn request(first_n: u64, events: Vec<Vec<u8>>) -> PushRequest {
        PushRequest {
            device: DEVICE,
            first_n,
            events,
            pending: 2,
        }
    }

    fn rows(first_n: u64, events: &[&[u8]]) -> Vec<Vec<u8>> {
        let seal = |(n, event): (u64, &&[u8])| {
            let nonce = [u8::try_from(n).unwrap(); 24];
            grant(5).log.seal_own(DEVICE, n, event, nonce)
        };
        (first_n..).zip(events).map(seal).collect()
    }

    #[test]
    fn rows_are_opened_in_their_places() {
        let sealed = request(3, rows(3, &[b"one", b"two"]));
        let plain = request(3, vec![b"one".to_vec(), b"two".to_vec()]);
        assert_eq!(opened(sealed, &grant(5)), Ok(plain));
        let none = request(9, Vec::new());
        assert_eq!(opened(none.clone(), &grant(5)), Ok(none));
    }

    #[test]
    fn a_push_with_one_row_that_does_not_open_stays_sealed_whole() {
        let whole = rows(3, &[b"one", b"two"]);
        let mut changed = whole.clone();
        changed[1][50] ^= 1;
        let swapped = vec![whole[1].clone(), whole[0].clone()];
        let missing = vec![whole[0].clone(), Vec::new()];
        for (first_n, rows) in [(3, changed), (3, swapped), (3, missing), (4, whole)] {
            let refused = opened(request(first_n, rows), &grant(5));
            assert_eq!(refused, Err(Problem::StaysSealed));
        }
    }

    #[test]
    fn another_tablets_grant_opens_nothing() {
        let sealed = request(3, rows(3, &[b"one"]));
        assert_eq!(opened(sealed.clone(), &grant(6)), Err(Problem::StaysSealed));
        let other = SendGrant::new(DeviceId(8), [1; 32], grant(5).log);
        assert_eq!(opened(sealed, &other), Err(Problem::StaysSealed));
        // An empty push would open with any key, and says who asks all the same.
        let empty = opened(request(3, Vec::new()), &other);
        assert_eq!(empty, Err(Problem::StaysSealed));
    }
}
