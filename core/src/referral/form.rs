//! The self-referral form: its questions in order, and what each answer must be.

use super::{ContactWay, SelfReferral, wording};
use crate::consent::WordingRef;
use crate::ids::ReferralId;
use crate::language::Language;
use crate::people::AccessNeed;
use crate::text::{Line, Paragraph, Text, TextError};

coded_enum! {
    /// The questions, one a page, in order.
    pub enum Question {
        /// What is your name?
        Name = 1,
        /// How shall we contact you?
        Contact = 2,
        /// What would help you take part?
        Access = 3,
        /// What do you hope for? (optional)
        Hopes = 4,
        /// Does anybody support you now? (optional)
        Supporter = 5,
        /// May we keep what you told us?
        Agreement = 6,
    }
}

impl Question {
    /// The question after this one; `None` after the last.
    pub fn next(self) -> Option<Self> {
        Self::from_code(self.code() + 1)
    }

    /// The question before this one; `None` before the first.
    pub fn previous(self) -> Option<Self> {
        self.code().checked_sub(1).and_then(Self::from_code)
    }
}

/// The form as it is being filled in: what was typed, in normal form C and otherwise unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Name.
    pub name: String,
    /// How to be answered.
    pub contact_way: Option<ContactWay>,
    /// Number or address.
    pub contact: String,
    /// What would help.
    pub access: Vec<AccessNeed>,
    /// More about that.
    pub access_note: String,
    /// Hopes.
    pub hopes: String,
    /// Who supports them.
    pub supporter: String,
    /// Whether they agreed that we keep this.
    pub agreed: bool,
}

/// What is wrong with an answer. The screen says it in the person's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// The name is missing.
    #[error("name missing")]
    NameMissing,
    /// No way of contact was chosen.
    #[error("contact way missing")]
    ContactWayMissing,
    /// The number or address is missing.
    #[error("contact missing")]
    ContactMissing,
    /// The telephone number has too few digits.
    #[error("telephone number too short")]
    PhoneTooShort,
    /// The e-mail address has no `@` with something on both sides.
    #[error("not an e-mail address")]
    NotAnEmail,
    /// The text is longer than fits.
    #[error("longer than {0} characters")]
    TooLong(usize),
    /// The agreement was not given, without which nothing can be sent.
    #[error("agreement missing")]
    AgreementMissing,
}

fn line(typed: &str, missing: FieldError) -> Result<Line, FieldError> {
    Line::parse(typed).map_err(|error| match error {
        TextError::Empty => missing,
        TextError::TooLong { max } => FieldError::TooLong(max),
    })
}

/// What may be left empty can only be too long.
pub(super) fn optional<const MAX: usize>(typed: &str) -> Result<Option<Text<MAX>>, FieldError> {
    Text::parse_optional(typed).map_err(|_| FieldError::TooLong(MAX))
}

pub(super) fn paragraph(typed: &str) -> Result<Option<Paragraph>, FieldError> {
    optional(typed)
}

/// A number of at least nine digits, however it is spaced; an address with something on both sides
/// of one `@`. Anything stricter refuses real ones.
fn contact(form: &Form) -> Result<(ContactWay, Line), FieldError> {
    let way = form.contact_way.ok_or(FieldError::ContactWayMissing)?;
    let contact = line(&form.contact, FieldError::ContactMissing)?;
    match way {
        ContactWay::Telephone | ContactWay::TextMessage => {
            let digits = contact
                .as_str()
                .chars()
                .filter(char::is_ascii_digit)
                .count();
            if digits < 9 {
                return Err(FieldError::PhoneTooShort);
            }
        }
        ContactWay::Email => {
            let valid = contact
                .as_str()
                .split_once('@')
                .is_some_and(|(user, host)| {
                    !user.is_empty()
                        && !host.is_empty()
                        && !host.contains('@')
                        && !contact.as_str().contains(' ')
                });
            if !valid {
                return Err(FieldError::NotAnEmail);
            }
        }
    }
    Ok((way, contact))
}

/// Checks the answer to one question.
///
/// # Errors
/// See [`FieldError`].
pub fn check_question(form: &Form, question: Question) -> Result<(), FieldError> {
    match question {
        Question::Name => line(&form.name, FieldError::NameMissing).map(drop),
        Question::Contact => contact(form).map(drop),
        Question::Access => paragraph(&form.access_note).map(drop),
        Question::Hopes => paragraph(&form.hopes).map(drop),
        Question::Supporter => optional(&form.supporter).map(|_: Option<Line>| ()),
        Question::Agreement if form.agreed => Ok(()),
        Question::Agreement => Err(FieldError::AgreementMissing),
    }
}

/// Makes the self-referral out of a filled form.
///
/// # Errors
/// Every question whose answer is wrong, in order, with what is wrong.
pub fn complete(
    form: &Form,
    referral: ReferralId,
    language: Language,
    organisation: &str,
) -> Result<SelfReferral, Vec<(Question, FieldError)>> {
    complete_agreed(
        form,
        referral,
        language,
        &wording::agreement(language, organisation),
    )
}

/// The same with the words that were agreed to, as they were shown.
pub(super) fn complete_agreed(
    form: &Form,
    referral: ReferralId,
    language: Language,
    agreed_to: &str,
) -> Result<SelfReferral, Vec<(Question, FieldError)>> {
    let errors: Vec<_> = Question::ALL
        .iter()
        .filter_map(|question| {
            check_question(form, *question)
                .err()
                .map(|error| (*question, error))
        })
        .collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let built = || -> Result<SelfReferral, FieldError> {
        let (contact_way, contact) = contact(form)?;
        Ok(SelfReferral {
            referral,
            name: line(&form.name, FieldError::NameMissing)?,
            contact_way,
            contact,
            access: form.access.clone(),
            access_note: paragraph(&form.access_note)?,
            hopes: paragraph(&form.hopes)?,
            supporter: optional(&form.supporter)?,
            language,
            agreed: WordingRef {
                version: wording::CURRENT_VERSION,
                language,
                sha256: crate::consent::wording::sha256(agreed_to),
            },
        })
    };
    built().map_err(|error| vec![(Question::Agreement, error)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Form {
        Form {
            name: "Siân".to_owned(),
            contact_way: Some(ContactWay::Telephone),
            contact: "01632 960 123".to_owned(),
            agreed: true,
            ..Form::default()
        }
    }

    #[test]
    fn a_filled_form_becomes_a_referral() {
        let referral = complete(&filled(), ReferralId(7), Language::Welsh, "Wellfield").unwrap();
        assert_eq!(referral.name.as_str(), "Siân");
        assert_eq!(referral.agreed.language, Language::Welsh);
    }

    #[test]
    fn every_wrong_answer_is_told_at_once() {
        let errors = complete(
            &Form::default(),
            ReferralId(7),
            Language::English,
            "Wellfield",
        )
        .unwrap_err();
        assert_eq!(
            errors,
            [
                (Question::Name, FieldError::NameMissing),
                (Question::Contact, FieldError::ContactWayMissing),
                (Question::Agreement, FieldError::AgreementMissing),
            ]
        );
    }

    #[test]
    fn contacts_are_checked_for_what_they_are() {
        let contact = |way, typed: &str| {
            let form = Form {
                contact_way: Some(way),
                contact: typed.to_owned(),
                ..filled()
            };
            check_question(&form, Question::Contact)
        };
        assert_eq!(
            contact(ContactWay::Telephone, "1234"),
            Err(FieldError::PhoneTooShort)
        );
        assert_eq!(
            contact(ContactWay::Email, "sian@"),
            Err(FieldError::NotAnEmail)
        );
        assert_eq!(
            contact(ContactWay::Email, "a@b@c"),
            Err(FieldError::NotAnEmail)
        );
        assert_eq!(contact(ContactWay::Email, "sian@example.org"), Ok(()));
        assert_eq!(
            contact(ContactWay::TextMessage, ""),
            Err(FieldError::ContactMissing)
        );
    }

    #[test]
    fn the_questions_follow_each_other() {
        let mut walked = vec![Question::Name];
        while let Some(next) = walked.last().unwrap().next() {
            assert_eq!(next.previous(), walked.last().copied());
            walked.push(next);
        }
        assert_eq!(walked, Question::ALL);
    }
}
