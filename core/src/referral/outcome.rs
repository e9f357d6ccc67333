//! What became of a form that was sent.

use crate::ids::ReferralId;
use crate::sync::{HttpReply, Message, Problem, ReferralReply};

/// What became of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is not known to be at the server; it has to be sent again.
    Waiting,
    /// The server has it.
    Received,
    /// The server cannot take it, however often it is sent.
    Refused,
}

impl Outcome {
    /// Whether sending the form again is of no use, so that it can leave the phone.
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Waiting)
    }
}

/// What became of a form, by the reply to it; `None` where there was no reply. It counts as received
/// only if the server echoes its number in our media type. Whatever else is no word of the server's own
/// says nothing: the page of a café's network, or a proxy's error.
pub fn outcome(form: ReferralId, reply: Option<HttpReply>) -> Outcome {
    judged(reply, |receipt: &ReferralReply| receipt.referral == form)
}

/// The same of anything that a phone hands in: `is_echo` says whether a receipt is about it.
pub(crate) fn judged<R: Message>(
    reply: Option<HttpReply>,
    is_echo: impl FnOnce(&R) -> bool,
) -> Outcome {
    match reply.map(|reply| reply.read::<R>()) {
        Some(Ok(receipt)) if is_echo(&receipt) => Outcome::Received,
        Some(Err(Some(problem))) if is_final(problem.problem) => Outcome::Refused,
        _ => Outcome::Waiting,
    }
}

/// Whether a problem stays, however often the same form is sent.
const fn is_final(problem: Problem) -> bool {
    !matches!(problem, Problem::TooManyTries | Problem::TryLater)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{MEDIA_TYPE, Message, ProblemReply};

    const FORM: ReferralId = ReferralId(7);

    fn reply(status: u16, media_type: &str, body: Vec<u8>) -> Option<HttpReply> {
        Some(HttpReply {
            status,
            media_type: media_type.to_owned(),
            body,
        })
    }

    fn receipt(referral: ReferralId) -> Vec<u8> {
        ReferralReply { referral }.to_bytes()
    }

    fn problem(problem: Problem) -> Option<HttpReply> {
        let problem = ProblemReply::from(problem);
        reply(problem.status(), MEDIA_TYPE, problem.to_bytes())
    }

    #[test]
    fn a_form_is_received_only_by_the_echo_of_its_number_in_our_media_type() {
        let ours = receipt(FORM);
        assert_eq!(
            outcome(FORM, reply(202, MEDIA_TYPE, ours.clone())),
            Outcome::Received
        );
        for other in [
            None,
            reply(202, MEDIA_TYPE, receipt(ReferralId(8))),
            reply(202, "text/html", ours),
            reply(200, "text/html", b"<h1>Welcome to our wifi</h1>".to_vec()),
            reply(502, "text/html", Vec::new()),
        ] {
            assert_eq!(outcome(FORM, other.clone()), Outcome::Waiting, "{other:?}");
        }
    }

    #[test]
    fn a_form_that_the_server_cannot_take_now_waits_and_one_that_it_never_takes_is_refused() {
        for later in [Problem::TooManyTries, Problem::TryLater] {
            assert_eq!(outcome(FORM, problem(later)), Outcome::Waiting, "{later:?}");
        }
        for never in [Problem::BadForm, Problem::Malformed, Problem::NotFound] {
            assert_eq!(outcome(FORM, problem(never)), Outcome::Refused, "{never:?}");
        }
        assert!(Outcome::Received.is_final() && Outcome::Refused.is_final());
        assert!(!Outcome::Waiting.is_final());
    }
}
