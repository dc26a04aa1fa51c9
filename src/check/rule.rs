//! The rules of the check: stable names, how much each weighs, and what can be found.

use serde::{Serialize, Serializer};

use crate::corpus::{Day, WarningKind};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Readers miss something: the check fails.
    Error,
    /// Most probably not meant.
    Warning,
    /// Could be better.
    Hint,
}

/// What is looked for. The order is that of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is explained by its text in `texts`, which `kewen check --explain` prints")]
pub enum Rule {
    BrokenLink,
    BrokenImage,
    BrokenAnchor,
    BlankInLink,
    AbsoluteLink,
    OutsideLink,
    Unreadable,
    Encoding,
    FrontMatter,
    EmptyNote,
    UnclosedFence,
    UnclosedComment,
    HeadingWithoutBlank,
    MissingTitle,
    SameTitle,
    RepeatedHeading,
    RecurringHeading,
    Stub,
    PictureOnly,
    LongSection,
    NearDuplicate,
    ContentsPage,
    HeadingNotFound,
    LexiconConflict,
    LexiconUnused,
    CuratedConflict,
    /// The last day of a curated answer is no date.
    CuratedNoDate,
    CuratedExpired,
    CuratedExpiring,
    CuratedIncomplete,
    CuratedNotFound,
    BrokenSee,
}

/// Every rule with its name and weight.
const RULES: &[(Rule, &str, Severity)] = &[
    (Rule::BrokenLink, "broken-link", Severity::Error),
    (Rule::BrokenImage, "broken-image", Severity::Error),
    (Rule::BrokenAnchor, "broken-anchor", Severity::Error),
    (Rule::BlankInLink, "blank-in-link", Severity::Warning),
    (Rule::AbsoluteLink, "absolute-link", Severity::Warning),
    (Rule::OutsideLink, "outside-link", Severity::Warning),
    (Rule::Unreadable, "unreadable", Severity::Error),
    (Rule::Encoding, "encoding", Severity::Warning),
    (Rule::FrontMatter, "front-matter", Severity::Warning),
    (Rule::EmptyNote, "empty-note", Severity::Warning),
    (Rule::UnclosedFence, "unclosed-fence", Severity::Error),
    (Rule::UnclosedComment, "unclosed-comment", Severity::Error),
    (Rule::HeadingWithoutBlank, "heading-without-blank", Severity::Warning),
    (Rule::MissingTitle, "missing-title", Severity::Hint),
    (Rule::SameTitle, "same-title", Severity::Warning),
    (Rule::RepeatedHeading, "repeated-heading", Severity::Warning),
    (Rule::RecurringHeading, "recurring-heading", Severity::Hint),
    (Rule::Stub, "stub", Severity::Warning),
    (Rule::PictureOnly, "picture-only", Severity::Warning),
    (Rule::LongSection, "long-section", Severity::Hint),
    (Rule::NearDuplicate, "near-duplicate", Severity::Warning),
    (Rule::ContentsPage, "contents-page", Severity::Hint),
    (Rule::HeadingNotFound, "heading-not-found", Severity::Hint),
    (Rule::LexiconConflict, "lexicon-conflict", Severity::Warning),
    (Rule::LexiconUnused, "lexicon-unused", Severity::Hint),
    (Rule::CuratedConflict, "curated-conflict", Severity::Warning),
    (Rule::CuratedNoDate, "curated-no-date", Severity::Error),
    (Rule::CuratedExpired, "curated-expired", Severity::Warning),
    (Rule::CuratedExpiring, "curated-expiring", Severity::Hint),
    (Rule::CuratedIncomplete, "curated-incomplete", Severity::Warning),
    (Rule::CuratedNotFound, "curated-not-found", Severity::Warning),
    (Rule::BrokenSee, "broken-see", Severity::Error),
];

impl Rule {
    /// All rules.
    pub fn all() -> impl Iterator<Item = Self> {
        RULES.iter().map(|(rule, ..)| *rule)
    }

    /// The rule of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        RULES.iter().find(|(_, known, _)| *known == name).map(|(rule, ..)| *rule)
    }

    /// Its name, which stays the same in every version.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().map_or("", |(_, name, _)| name)
    }

    /// How much its findings weigh.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.row().map_or(Severity::Warning, |(.., severity)| *severity)
    }

    fn row(self) -> Option<&'static (Self, &'static str, Severity)> {
        RULES.iter().find(|(rule, ..)| *rule == self)
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What was found; the wording is in `texts`. Lines are counted from 1; targets are as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A link to a file that is not there, with a note that may be meant.
    BrokenLink(String, Option<String>),
    /// An image that is not there.
    BrokenImage(String),
    /// A link to a heading that is not there: the target, and the anchor that comes nearest.
    BrokenAnchor(String, Option<String>),
    /// Blanks in a target.
    BlankInLink(String),
    /// A target that begins with `/`.
    AbsoluteLink {
        /// The target.
        target: String,
        /// Whether it is there when the notes folder is the site.
        is_there: bool,
    },
    /// A target above the notes folder.
    OutsideLink(String),
    /// What reading the note brought to light.
    Odd(WarningKind),
    /// The note has the title of its file.
    MissingTitle(String),
    /// Another note has this title.
    SameTitle(String, String),
    /// A heading that stands `count` times under the same heading, first on line `first`.
    RepeatedHeading {
        /// The heading.
        heading: String,
        /// How often.
        count: usize,
        /// Line of the first.
        first: u32,
    },
    /// A heading that stands `count` times under different headings, first on line `first`.
    RecurringHeading {
        /// The heading.
        heading: String,
        /// How often.
        count: usize,
        /// Line of the first.
        first: u32,
    },
    /// Nothing below the heading, or a mere placeholder.
    Stub(String),
    /// Nothing but pictures without words below the heading.
    PictureOnly(String),
    /// A section of so many lines; without a heading it is what stands before the first one.
    LongSection(Option<String>, u32),
    /// A section that says nearly the same as another one: its heading, and the other's note and line.
    NearDuplicate(String, String, u32),
    /// A section that is made of so many links; without a heading it is what stands before the first one.
    ContentsPage(Option<String>, usize),
    /// A heading that does not find its section.
    HeadingNotFound(String),
    /// A name of two terms, with the name of the other term; its line when it stands in the same lexicon.
    LexiconConflict(String, String, Option<u32>),
    /// A term that no note mentions.
    LexiconUnused(String),
    /// Curated answers that are not given any more, since this day.
    CuratedExpired(Day),
    /// Curated answers that are given until this day, so many days from now.
    CuratedExpiring(Day, i64),
    /// A file of the curated folder without questions.
    NoQuestions,
    /// A file of the curated folder without an answer.
    NoAnswer,
    /// A question that does not find the answer curated for it.
    CuratedNotFound(String),
    /// A place to go on reading that is not there.
    BrokenSee(String),
}

impl Problem {
    /// The rule that it breaks.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::BrokenLink(..) => Rule::BrokenLink,
            Self::BrokenImage(_) => Rule::BrokenImage,
            Self::BrokenAnchor(..) => Rule::BrokenAnchor,
            Self::BlankInLink(_) => Rule::BlankInLink,
            Self::AbsoluteLink { .. } => Rule::AbsoluteLink,
            Self::OutsideLink(_) => Rule::OutsideLink,
            Self::Odd(kind) => rule_of(kind),
            Self::MissingTitle(_) => Rule::MissingTitle,
            Self::SameTitle(..) => Rule::SameTitle,
            Self::RepeatedHeading { .. } => Rule::RepeatedHeading,
            Self::RecurringHeading { .. } => Rule::RecurringHeading,
            Self::Stub(_) => Rule::Stub,
            Self::PictureOnly(_) => Rule::PictureOnly,
            Self::LongSection(..) => Rule::LongSection,
            Self::NearDuplicate(..) => Rule::NearDuplicate,
            Self::ContentsPage(..) => Rule::ContentsPage,
            Self::HeadingNotFound(_) => Rule::HeadingNotFound,
            Self::LexiconConflict(..) => Rule::LexiconConflict,
            Self::LexiconUnused(_) => Rule::LexiconUnused,
            Self::CuratedExpired(_) => Rule::CuratedExpired,
            Self::CuratedExpiring(..) => Rule::CuratedExpiring,
            Self::NoQuestions | Self::NoAnswer => Rule::CuratedIncomplete,
            Self::CuratedNotFound(_) => Rule::CuratedNotFound,
            Self::BrokenSee(_) => Rule::BrokenSee,
        }
    }
}

fn rule_of(kind: &WarningKind) -> Rule {
    match kind {
        WarningKind::Encoding(_) => Rule::Encoding,
        WarningKind::BrokenBytes
        | WarningKind::TooLarge { .. }
        | WarningKind::Binary
        | WarningKind::Unreadable(_)
        | WarningKind::SymlinkLoop
        | WarningKind::Rules => Rule::Unreadable,
        WarningKind::Empty => Rule::EmptyNote,
        WarningKind::FrontMatter(_) | WarningKind::QuestionsLeftOut(_) => Rule::FrontMatter,
        WarningKind::NoDay { .. } => Rule::CuratedNoDate,
        WarningKind::CuratedTwice(..) => Rule::CuratedConflict,
        WarningKind::HeadingWithoutBlank => Rule::HeadingWithoutBlank,
        WarningKind::UnclosedFence => Rule::UnclosedFence,
        WarningKind::UnclosedComment => Rule::UnclosedComment,
        WarningKind::LooseImage => Rule::BlankInLink,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_finds_itself_by_its_name() {
        for rule in Rule::all() {
            assert_eq!(Rule::named(rule.name()), Some(rule));
        }
        assert_eq!(Rule::named("no-such-rule"), None);
    }
}
