//! What somebody reads into a reply who does not look at it closely: the flaws of believing.

use wellfield_core::clock::Instant;
use wellfield_core::sync::{HttpReply, MEDIA_TYPE, Message, Outcome, PullReply, PushReply};

use super::flaw::Flaw;
use super::network::Lane;
use super::tablet::{Doing, Tab};
use super::world::World;

impl World {
    /// The reply as a flaw takes it; `None` where it is taken as it is.
    pub(super) fn believed(
        &mut self,
        tablet: usize,
        tab: usize,
        lane: Lane,
        reply: &HttpReply,
    ) -> Option<HttpReply> {
        let flaw = self.plan.flaw?;
        let here = &mut self.tablets[tablet];
        let device = here.device;
        let tab = here.tabs.get_mut(tab)?;
        if !matches!(tab.doing(lane), Doing::Asking(_)) {
            return None;
        }
        let receipt = reply.read::<PushReply>();
        if let Ok(receipt) = &receipt {
            tab.claimed = receipt.max_n;
        }
        match (flaw, lane) {
            (Flaw::BelievesAny200, Lane::Push) if reply.status == 200 && receipt.is_err() => {}
            (Flaw::AckBeforeJudging, Lane::Push) if receipt.is_err() => {}
            (Flaw::BelievesOthersReceipt, Lane::Push) if receipt.is_ok() => {}
            (Flaw::BelievesOthersPage, Lane::Pull) => return of_what_was_asked(tab, reply),
            _ => return None,
        }
        let (first_n, count) = tab.sent;
        let receipt = PushReply {
            device,
            max_n: first_n + count as u64 - 1,
            first_n,
            outcomes: vec![Outcome::Stored; count],
            server_time: Instant(0),
            taken_out: false,
        };
        Some(ours(&receipt))
    }
}

/// A page as if it were of the stream, epoch and place that were asked for.
fn of_what_was_asked(tab: &Tab, reply: &HttpReply) -> Option<HttpReply> {
    let mut page = reply.read::<PullReply>().ok()?;
    let asked = tab.asked?;
    (page.stream, page.epoch, page.after) = (asked.stream, asked.epoch, asked.after);
    for (event, seq) in page.events.iter_mut().zip(asked.after + 1..) {
        event.seq = seq;
    }
    page.head = page.head.max(asked.after + page.events.len() as u64);
    Some(ours(&page))
}

fn ours(message: &impl Message) -> HttpReply {
    HttpReply {
        status: 200,
        media_type: MEDIA_TYPE.to_owned(),
        body: message.to_bytes(),
    }
}
