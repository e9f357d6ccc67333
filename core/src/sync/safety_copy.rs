//! A safety copy: what a tablet has not sent, as a file.
//!
//! A tablet that cannot send, because its signal, its browser or its server fails it, can still hand
//! over its records: by cable, by a card, by another device that has signal. Whoever carries the file
//! cannot change it: it carries a tag that only the device's own key makes (HMAC-SHA-256, RFC 2104).
//! Taking it in is a push like any other, so a file that is taken in twice, or after the tablet has
//! sent the same records itself, stores nothing a second time.
//!
//! The records in the file can be read by whoever has it. The place for sealing is in the format
//! ([`Sealing`]), so that files of today stay readable when it comes.

use hmac::{Hmac, Mac};
use minicbor::bytes::{ByteArray, ByteSlice};
use minicbor::{Decode, Encode};
use sha2::Sha256;

use super::problem::{Problem, ProblemReply};
use super::protocol::{HttpReply, Message, PushReply, PushRequest};
use crate::clock::Instant;
use crate::device_key::KeyHash;
use crate::event::NotOurs;

/// At most this many bytes in a safety copy: thousands of records, and no more than a server reads into
/// memory for a stranger.
pub const SAFETY_COPY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// How the name of a safety copy ends.
pub const SAFETY_COPY_ENDING: &str = "wellfield";

const VERSION: u8 = 1;

coded_enum! {
    /// How the records in a safety copy are protected from whoever carries it.
    pub enum Sealing {
        /// Not at all.
        Open = 0,
    }
}

/// The unsent records of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafetyCopy {
    /// What the device would send.
    pub push: PushRequest,
    /// When the copy was made, by the device's clock.
    pub made_at: Instant,
}

/// Why bytes are not taken in as a safety copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SafetyCopyError {
    /// This is another file, or a damaged one.
    #[error("not a safety copy, or damaged")]
    NotOurs,
    /// It was made by a newer version of this software.
    #[error("made by a newer version")]
    Newer,
    /// Its tag is not by the key of the device that it names.
    #[error("not made by the device that it names")]
    Forged,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct SafetyCopyV1<'b> {
    #[n(0)]
    version: u8,
    #[n(1)]
    sealing: u8,
    #[b(2)]
    content: &'b ByteSlice,
    #[n(3)]
    tag: ByteArray<32>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct ContentV1<'b> {
    #[b(0)]
    push: &'b ByteSlice,
    #[n(1)]
    made_at: u64,
}

impl SafetyCopy {
    /// The file, signed with the device's key.
    pub fn to_file(&self, key: &[u8; 32]) -> Vec<u8> {
        let push = self.push.to_bytes();
        let content = ContentV1 {
            push: push.as_slice().into(),
            made_at: self.made_at.0,
        };
        // Writing to a vector cannot fail.
        let content = minicbor::to_vec(&content).unwrap_or_default();
        let key = KeyHash::of(key);
        let file = SafetyCopyV1 {
            version: VERSION,
            sealing: Sealing::Open.code(),
            tag: tag(&key, VERSION, Sealing::Open, &content).into(),
            content: content.as_slice().into(),
        };
        minicbor::to_vec(&file).unwrap_or_default()
    }
}

/// A safety copy whose tag nobody has looked at yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnprovenCopy {
    copy: SafetyCopy,
    sealing: Sealing,
    content: Vec<u8>,
    tag: [u8; 32],
}

impl UnprovenCopy {
    /// Reads a file.
    ///
    /// # Errors
    /// [`SafetyCopyError::NotOurs`] and [`SafetyCopyError::Newer`].
    pub fn from_file(bytes: &[u8]) -> Result<Self, SafetyCopyError> {
        if bytes.len() > SAFETY_COPY_BYTES_MAX {
            return Err(SafetyCopyError::NotOurs);
        }
        let not_ours = |_| SafetyCopyError::NotOurs;
        let mut decoder = minicbor::Decoder::new(bytes);
        let file: SafetyCopyV1<'_> = decoder.decode().map_err(not_ours)?;
        if decoder.position() != bytes.len() {
            return Err(SafetyCopyError::NotOurs);
        }
        let sealing = Sealing::from_code(file.sealing);
        let (VERSION, Some(sealing)) = (file.version, sealing) else {
            return Err(SafetyCopyError::Newer);
        };
        let content: ContentV1<'_> = minicbor::decode(file.content).map_err(not_ours)?;
        let push =
            PushRequest::from_bytes(content.push).map_err(|NotOurs| SafetyCopyError::NotOurs)?;
        Ok(Self {
            copy: SafetyCopy {
                push,
                made_at: Instant(content.made_at),
            },
            sealing,
            content: file.content.to_vec(),
            tag: file.tag.into(),
        })
    }

    /// What the file says of itself. Nothing of it is proven; it is for choosing the key, and for
    /// showing to the person who is about to send it.
    pub fn claims(&self) -> &SafetyCopy {
        &self.copy
    }

    /// The copy, if the device that it names has made it. The server knows no key, only its SHA-256,
    /// which is why the tag is made with that.
    ///
    /// # Errors
    /// [`SafetyCopyError::Forged`].
    pub fn proven(self, key: &KeyHash) -> Result<SafetyCopy, SafetyCopyError> {
        mac(key, VERSION, self.sealing, &self.content)
            .verify(&self.tag.into())
            .map_err(|_| SafetyCopyError::Forged)?;
        Ok(self.copy)
    }
}

/// What came of handing a safety copy to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server holds the records. Those of them that were set aside are a matter for a person.
    Done(PushReply),
    /// No reply that counts came; try again.
    Later,
    /// The server will not take it, now or later, for this reason. The file is still whole.
    Refused(Problem),
}

/// Judges a reply to a safety copy, by the same rules as a reply to a push: nothing counts that is not
/// from our server and about exactly what was handed over.
pub fn delivery(copy: &SafetyCopy, reply: &HttpReply) -> Delivery {
    match reply.read::<PushReply>() {
        Ok(receipt) => {
            let push = &copy.push;
            let count = push.events.len() as u64;
            let echoes = receipt.device == push.device
                && receipt.first_n == push.first_n
                && receipt.outcomes.len() as u64 == count
                && receipt.max_n.saturating_add(1) >= push.first_n + count;
            if echoes {
                Delivery::Done(receipt)
            } else {
                Delivery::Later
            }
        }
        Err(Some(ProblemReply { problem, .. })) => match problem {
            Problem::TryLater | Problem::TooManyTries => Delivery::Later,
            refused => Delivery::Refused(refused),
        },
        Err(None) => Delivery::Later,
    }
}

fn tag(key: &KeyHash, version: u8, sealing: Sealing, content: &[u8]) -> [u8; 32] {
    mac(key, version, sealing, content)
        .finalize()
        .into_bytes()
        .into()
}

fn mac(key: &KeyHash, version: u8, sealing: Sealing, content: &[u8]) -> Hmac<Sha256> {
    let mut mac = key.mac(b"wellfield safety copy");
    mac.update(&[version, sealing.code()]);
    mac.update(content);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceId;
    use crate::sync::{MEDIA_TYPE, Outcome};
    use proptest::prelude::*;

    const KEY: [u8; 32] = [9; 32];

    fn copy() -> SafetyCopy {
        SafetyCopy {
            push: PushRequest {
                device: DeviceId(7),
                first_n: 4,
                events: vec![b"first".to_vec(), b"second".to_vec()],
                pending: 2,
            },
            made_at: Instant(1_780_000_000_000),
        }
    }

    #[test]
    fn a_copy_reads_back_and_is_proven_by_the_key_that_made_it() {
        let read = UnprovenCopy::from_file(&copy().to_file(&KEY)).unwrap();
        assert_eq!(read.claims(), &copy());
        assert_eq!(read.proven(&KeyHash::of(&KEY)), Ok(copy()));
    }

    fn reply(status: u16, media_type: &str, body: Vec<u8>) -> HttpReply {
        HttpReply {
            status,
            media_type: media_type.to_owned(),
            body,
        }
    }

    #[test]
    fn only_a_receipt_for_exactly_these_records_is_a_delivery() {
        let receipt = PushReply {
            device: DeviceId(7),
            max_n: 5,
            first_n: 4,
            outcomes: vec![Outcome::Stored; 2],
            server_time: Instant(0),
            taken_out: false,
        };
        let done = reply(200, MEDIA_TYPE, receipt.to_bytes());
        assert_eq!(delivery(&copy(), &done), Delivery::Done(receipt.clone()));
        let beyond = PushReply {
            max_n: u64::MAX,
            ..receipt.clone()
        };
        let done = reply(200, MEDIA_TYPE, beyond.to_bytes());
        assert_eq!(delivery(&copy(), &done), Delivery::Done(beyond));
        let others = [
            reply(200, "text/html", receipt.to_bytes()),
            reply(502, "text/html", Vec::new()),
            reply(
                200,
                MEDIA_TYPE,
                PushReply {
                    device: DeviceId(8),
                    ..receipt.clone()
                }
                .to_bytes(),
            ),
            reply(
                200,
                MEDIA_TYPE,
                PushReply {
                    max_n: 4,
                    ..receipt
                }
                .to_bytes(),
            ),
            reply(
                503,
                MEDIA_TYPE,
                ProblemReply::from(Problem::TryLater).to_bytes(),
            ),
        ];
        for other in others {
            assert_eq!(delivery(&copy(), &other), Delivery::Later, "{other:?}");
        }
    }

    #[test]
    fn what_the_server_will_never_take_is_said_with_its_reason() {
        for problem in [
            Problem::Forbidden,
            Problem::Fork,
            Problem::Gap,
            Problem::Revoked,
        ] {
            let refused = ProblemReply::from(problem);
            let refused = reply(refused.status(), MEDIA_TYPE, refused.to_bytes());
            assert_eq!(delivery(&copy(), &refused), Delivery::Refused(problem));
        }
    }

    #[test]
    fn a_copy_of_more_events_than_fit_into_one_is_none() {
        let of = |count| SafetyCopy {
            push: PushRequest {
                events: vec![Vec::new(); count],
                ..copy().push
            },
            ..copy()
        };
        let most = SAFETY_COPY_BYTES_MAX / 16;
        assert!(UnprovenCopy::from_file(&of(most).to_file(&KEY)).is_ok());
        let refused = UnprovenCopy::from_file(&of(most + 1).to_file(&KEY));
        assert_eq!(refused.err(), Some(SafetyCopyError::NotOurs));
    }

    #[test]
    fn a_copy_by_another_key_is_forged() {
        let read = UnprovenCopy::from_file(&copy().to_file(&[8; 32])).unwrap();
        assert_eq!(
            read.proven(&KeyHash::of(&KEY)),
            Err(SafetyCopyError::Forged)
        );
    }

    #[test]
    fn a_copy_of_a_later_version_or_sealed_in_a_way_not_known_is_said_to_be_newer() {
        let file = copy().to_file(&KEY);
        // The map's first pair is the version, its second the sealing.
        for place in [2, 4] {
            let mut newer = file.clone();
            newer[place] = 9;
            assert_eq!(
                UnprovenCopy::from_file(&newer),
                Err(SafetyCopyError::Newer),
                "{place}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_changed_byte_is_taken_in(place in any::<prop::sample::Index>(), other in 1u8..=255) {
            let mut file = copy().to_file(&KEY);
            let place = place.index(file.len());
            file[place] ^= other;
            let taken = UnprovenCopy::from_file(&file).and_then(|copy| copy.proven(&KeyHash::of(&KEY)));
            // An integer may be written in more than one way; what is taken in is what was signed.
            prop_assert!(taken.is_err() || taken == Ok(copy()));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
            let _ = UnprovenCopy::from_file(&bytes);
        }
    }
}
