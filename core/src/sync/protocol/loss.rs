//! How a coordinator shuts a device out, and is told what it held.

use minicbor::bytes::ByteArray;

use super::{Message, message};
use crate::erasure::Subject;
use crate::event::NotOurs;
use crate::ids::{DeviceId, PersonId, ReferralId};
use crate::loss::{Held, PersonHeld};

/// A device was shut out, now or before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShutOutReply {
    /// Which.
    pub device: DeviceId,
}

wire_map! {
    struct ShutOutReplyV1 {
        #[n(0)]
        device: u32,
    }
}

message!(ShutOutReply, ShutOutReplyV1);

impl From<&ShutOutReply> for ShutOutReplyV1 {
    fn from(reply: &ShutOutReply) -> Self {
        Self {
            device: reply.device.0,
        }
    }
}

impl TryFrom<ShutOutReplyV1> for ShutOutReply {
    type Error = NotOurs;

    fn try_from(wire: ShutOutReplyV1) -> Result<Self, NotOurs> {
        Ok(Self {
            device: DeviceId(wire.device),
        })
    }
}

/// The most that a device can have held, of people whom the asking one may read about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossReply {
    /// Which device.
    pub device: DeviceId,
    /// Of whom, and what; by programme, and by name in each.
    pub people: Vec<PersonHeld>,
    /// How many notes of sessions, in which anybody may be named.
    pub notes: u64,
    /// How many concerns, sealed.
    pub concerns: u64,
}

wire_map! {
    struct PersonHeldV1 {
        #[n(0)]
        person: Option<u64>,
        #[n(1)]
        referral: Option<ByteArray<16>>,
        #[n(2)]
        name: String,
        #[n(3)]
        held: Vec<u8>,
    }
}

wire_map! {
    struct LossReplyV1 {
        #[n(0)]
        device: u32,
        #[n(1)]
        people: Vec<PersonHeldV1>,
        #[n(2)]
        notes: u64,
        #[n(3)]
        concerns: u64,
    }
}

message!(LossReply, LossReplyV1);

impl From<&LossReply> for LossReplyV1 {
    fn from(reply: &LossReply) -> Self {
        let person = |one: &PersonHeld| {
            let (person, referral) = match one.subject {
                Subject::Person(person) => (Some(person.0), None),
                Subject::Referral(referral) => (None, Some(referral.0.to_be_bytes().into())),
            };
            PersonHeldV1 {
                person,
                referral,
                name: one.name.clone(),
                held: one.held.iter().map(|held| held.code()).collect(),
            }
        };
        Self {
            device: reply.device.0,
            people: reply.people.iter().map(person).collect(),
            notes: reply.notes,
            concerns: reply.concerns,
        }
    }
}

impl TryFrom<LossReplyV1> for LossReply {
    type Error = NotOurs;

    fn try_from(wire: LossReplyV1) -> Result<Self, NotOurs> {
        let person = |one: PersonHeldV1| {
            let subject = match (one.person, one.referral) {
                (Some(person), None) => Subject::Person(PersonId(person)),
                (None, Some(referral)) => {
                    Subject::Referral(ReferralId(u128::from_be_bytes(referral.into())))
                }
                _ => return Err(NotOurs),
            };
            // What this version has no word for counts as what could tell most.
            let held = |code| Held::from_code(code).unwrap_or(Held::Casework);
            Ok(PersonHeld {
                subject,
                name: one.name,
                held: one.held.into_iter().map(held).collect(),
            })
        };
        let people = wire.people.into_iter().map(person);
        Ok(Self {
            device: DeviceId(wire.device),
            people: people.collect::<Result<_, NotOurs>>()?,
            notes: wire.notes,
            concerns: wire.concerns,
        })
    }
}
