//! How long to wait before trying again.

/// The wait after the first failure, in milliseconds.
const FIRST_MS: u32 = 2_000;

/// The longest wait, in milliseconds.
const LONGEST_MS: u32 = 5 * 60 * 1_000;

/// The wait after `failures` failures running: doubling, at most five minutes, spread by `random` over
/// the upper half, so that the tablets of a site do not all come back in the same moment.
///
/// A server that asked for `asked_s` seconds is given them, and up to a quarter more, but never more
/// than five minutes in all: a mistaken answer must not keep records from it for a day.
pub(super) fn wait_ms(failures: u32, asked_s: Option<u32>, random: u32) -> u32 {
    let whole = FIRST_MS
        .saturating_mul(1 << failures.saturating_sub(1).min(16))
        .min(LONGEST_MS);
    let own = whole / 2 + random % (whole / 2);
    let Some(asked_s) = asked_s else {
        return own;
    };
    let asked = asked_s.saturating_mul(1_000);
    own.max(asked.saturating_add(random % (asked / 4 + 1)))
        .min(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::DeviceId;
    use crate::sync::{
        Cursors, HttpReply, MEDIA_TYPE, Message, OutboxPage, Problem, ProblemReply, PullEffect,
        PullInput, PullLane, PushEffect, PushInput, PushLane,
    };

    #[test]
    fn waits_grow_to_five_minutes_and_no_further() {
        for random in [0, 1, u32::MAX] {
            assert!((1_000..2_000).contains(&wait_ms(1, None, random)));
            assert!((2_000..4_000).contains(&wait_ms(2, None, random)));
            assert!((150_000..300_000).contains(&wait_ms(u32::MAX, None, random)));
        }
    }

    #[test]
    fn a_server_that_asks_for_time_gets_it_within_bounds() {
        for random in [0, 1, u32::MAX] {
            assert!((20_000..=25_000).contains(&wait_ms(1, Some(20), random)));
            assert!((150_000..300_000).contains(&wait_ms(20, Some(20), random)));
            assert_eq!(wait_ms(1, Some(u32::MAX), random), LONGEST_MS);
        }
    }

    fn busy() -> HttpReply {
        let busy = ProblemReply {
            retry_after_s: Some(60),
            ..Problem::TryLater.into()
        };
        HttpReply {
            status: 503,
            media_type: MEDIA_TYPE.to_owned(),
            body: busy.to_bytes(),
        }
    }

    /// A save, a timer or a returning signal would otherwise ask a server again that just asked for rest.
    #[test]
    fn both_lanes_wait_as_long_as_the_server_asked_whatever_wakes_them() {
        let device = DeviceId(7);
        let outbox = OutboxPage {
            device,
            acked: 0,
            newest: 1,
            events: vec![vec![1]],
        };
        let mut push = PushLane::new(device);
        push.step(PushInput::Wake, 0);
        push.step(PushInput::Outbox(outbox), 0);
        let told = push.step(PushInput::Reply(&busy()), 0);
        assert_eq!(told, Some(PushEffect::Wait { ms: 60_000 }));
        assert_eq!(push.step(PushInput::Wake, 0), None);
        let over = push.step(PushInput::WaitOver, 0);
        assert!(matches!(over, Some(PushEffect::ReadOutbox { .. })));

        let mut pull = PullLane::default();
        pull.step(PullInput::Wake, 0);
        pull.step(PullInput::Cursors(Cursors::default()), 0);
        let told = pull.step(PullInput::Reply(&busy()), 0);
        assert_eq!(told, Some(PullEffect::Wait { ms: 60_000 }));
        assert_eq!(pull.step(PullInput::Wake, 0), None);
        let over = pull.step(PullInput::WaitOver, 0);
        assert_eq!(over, Some(PullEffect::ReadCursors));
    }
}
