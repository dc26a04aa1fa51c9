//! What stands in the custom id of a button: all that is needed to act on it later, so that buttons work after a restart and on
//! whatever copy of the bot hears of them.
//!
//! ```text
//! k2 · base64( action, number, page, flags, course, asker, event, keys … , tag )
//! ```
//!
//! The tag is an HMAC under a key made from the bot's token: an id that somebody made up or changed is none.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::answer::PassageKey;
use crate::render::{BUTTON_HITS_MAX, Does};
use crate::texts::Language;

/// How the ids of this form begin.
const FORM: &str = "k2";
/// Bytes of the tag: to hit one by chance takes more tries than Discord lets anybody make.
const TAG_BYTES: usize = 6;
/// Bytes before the keys: action, number, page (two), flags, course (two), asker, event.
const HEAD_BYTES: usize = 7 + 8 + 8;
/// Flags: one each for `sure` and `leaf`, two for the language.
const SURE: u8 = 1;
const LEAF: u8 = 1 << 1;
const ZH: u8 = 1 << 2;
const EN: u8 = 1 << 3;
/// Discord's limit; characters.
#[cfg(test)]
const CUSTOM_ID_CHARS_MAX: usize = 100;

/// A button of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Press {
    /// What it does.
    pub does: Does,
    /// The course that answered, by its mark.
    pub course: Mark,
    /// The answer that it belongs to.
    pub answer: Ticket,
}

/// What a course is known by in a button: of its name, so that neither a restart nor a change of the other courses matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark([u8; 2]);

impl Mark {
    /// The mark of the course with this name.
    pub(super) fn of(name: &str) -> Self {
        let [first, second, ..] = <[u8; 32]>::from(Sha256::digest(name));
        Self([first, second])
    }
}

/// What the buttons of an answer know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ticket {
    /// Who may change the message: the member who asked, or whose private copy it is.
    pub asker: u64,
    /// The message or interaction that asked; the question log knows the question by it.
    pub event: u64,
    /// Whether the notes were thought to answer it.
    pub sure: bool,
    /// Whether the message shows a page of a section, which further pages may replace.
    pub leaf: bool,
    /// The language of the message; `None` for a button from before it was noted.
    pub language: Option<Language>,
    /// The passages that numbers stand for.
    pub keys: Vec<PassageKey>,
}

/// Makes custom ids for the answers of a course, and tells its own from others.
#[derive(Clone)]
pub(super) struct Seal {
    mac: Hmac<Sha256>,
    course: Mark,
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// The seal of the bot with this token.
    pub(super) fn new(token: &str) -> Option<Self> {
        let mut mac: Hmac<Sha256> = Hmac::new_from_slice(token.as_bytes()).ok()?;
        mac.update(b"kewen buttons");
        Some(Self { mac, course: Mark::default() })
    }

    /// The seal for the answers of a course.
    pub(super) fn of(&self, course: Mark) -> Self {
        Self { course, ..self.clone() }
    }

    /// The custom id of a button; `None` for one that needs none, since it only leads to an address.
    pub(super) fn id(&self, does: &Does, answer: &Ticket) -> Option<String> {
        let (action, number, page) = match does {
            Does::Hit(number) => (b'h', *number, 0),
            Does::Section(number, page) => (b's', *number, *page),
            Does::Useful => (b'u', 0, 0),
            Does::NotUseful => (b'n', 0, 0),
            Does::AskInstructors => (b'i', 0, 0),
            Does::Open(_) => return None,
        };
        let mut bytes = vec![action, u8::try_from(number).ok()?];
        bytes.extend(u16::try_from(page).ok()?.to_be_bytes());
        bytes.push(flags(answer));
        bytes.extend(self.course.0);
        bytes.extend(answer.asker.to_be_bytes());
        bytes.extend(answer.event.to_be_bytes());
        bytes.extend(answer.keys.iter().take(BUTTON_HITS_MAX).flat_map(|key| key.to_bytes()));
        bytes.extend(self.tag(&bytes));
        Some(format!("{FORM}{}", BASE64.encode(bytes)))
    }

    /// The button that a custom id belongs to; `None` when it is none of ours.
    pub(super) fn read(&self, id: &str) -> Option<Press> {
        let bytes = BASE64.decode(id.strip_prefix(FORM)?).ok()?;
        let (bytes, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG_BYTES)?)?;
        if self.tag(bytes) != tag {
            return None;
        }
        let (head, keys) = bytes.split_at_checked(HEAD_BYTES)?;
        let &[action, number, high, low, flags, first, second, ref ids @ ..] = head else { return None };
        let (asker, event) = ids.split_first_chunk::<8>()?;
        let number = usize::from(number);
        let does = match action {
            b'h' => Does::Hit(number),
            b's' => Does::Section(number, usize::from(u16::from_be_bytes([high, low]))),
            b'u' => Does::Useful,
            b'n' => Does::NotUseful,
            b'i' => Does::AskInstructors,
            _ => return None,
        };
        let keys =
            keys.chunks_exact(PassageKey::BYTES).filter_map(|key| Some(PassageKey::from_bytes(key.try_into().ok()?)));
        let answer = Ticket {
            asker: u64::from_be_bytes(*asker),
            event: u64::from_be_bytes(event.try_into().ok()?),
            sure: flags & SURE != 0,
            leaf: flags & LEAF != 0,
            language: match flags & (ZH | EN) {
                ZH => Some(Language::Zh),
                EN => Some(Language::En),
                _ => None,
            },
            keys: keys.collect(),
        };
        Some(Press { does, course: Mark([first, second]), answer })
    }

    fn tag(&self, bytes: &[u8]) -> Vec<u8> {
        let mut mac = self.mac.clone();
        mac.update(bytes);
        mac.finalize().into_bytes().into_iter().take(TAG_BYTES).collect()
    }
}

fn flags(answer: &Ticket) -> u8 {
    let language = match answer.language {
        Some(Language::Zh) => ZH,
        Some(Language::En) => EN,
        None => 0,
    };
    language | if answer.sure { SURE } else { 0 } | if answer.leaf { LEAF } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn does() -> impl Strategy<Value = Does> {
        prop_oneof![
            (0usize..256).prop_map(Does::Hit),
            (0usize..256, 0usize..65536).prop_map(|(number, page)| Does::Section(number, page)),
            Just(Does::Useful),
            Just(Does::NotUseful),
            Just(Does::AskInstructors),
        ]
    }

    proptest! {
        #[test]
        fn every_button_comes_back_as_it_was_and_no_other_is_believed(
            does in does(), asker: u64, event: u64, sure: bool, leaf: bool, language in 0usize..3,
            keys in prop::collection::vec(any::<[u8; 8]>(), 0..=BUTTON_HITS_MAX), course: [u8; 2],
            at: prop::sample::Index, other: char,
        ) {
            let seal = Seal::new("token").unwrap().of(Mark(course));
            let language = [None, Some(Language::Zh), Some(Language::En)][language];
            let keys = keys.into_iter().map(PassageKey::from_bytes).collect();
            let press = Press { does, course: Mark(course), answer: Ticket { asker, event, sure, leaf, language, keys } };
            let id = seal.id(&press.does, &press.answer).unwrap();
            prop_assert!(id.len() <= CUSTOM_ID_CHARS_MAX, "{id}");
            prop_assert_eq!(seal.read(&id), Some(press));
            prop_assert_eq!(Seal::new("another").unwrap().read(&id), None);
            let at = at.index(id.len());
            let tampered: String = id.chars().enumerate().map(|(n, c)| if n == at { other } else { c }).collect();
            if tampered != id {
                prop_assert_eq!(seal.read(&tampered), None);
            }
        }

        #[test]
        fn what_is_no_id_of_ours_is_refused(id in ".{0,100}") {
            prop_assert_eq!(Seal::new("token").unwrap().read(&id), None);
        }
    }
}
