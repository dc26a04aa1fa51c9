//! Links to a section, as the place where the notes are published understands them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{LineRange, NoteId};

/// What a URL path may hold as it is (RFC 3986, unreserved characters and `/`).
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// How links look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkStyle {
    /// The address of the notes folder, with or without a slash at its end; empty for plain paths.
    pub base_url: String,
}

/// The link to a section of `note`.
///
/// A file that hosts render as a page is linked by its heading's anchor, any other file (or text before the
/// first heading) by its lines, as in `note.txt#L90-L144`. Without a base URL the link is the plain path; with
/// one, path and anchor are percent-encoded.
#[must_use]
pub fn link_to(style: &LinkStyle, note: &NoteId, anchor: &str, lines: LineRange) -> String {
    let rendered = [".md", ".markdown"].iter().any(|extension| note.0.to_lowercase().ends_with(extension));
    let fragment =
        if rendered && !anchor.is_empty() { anchor.to_owned() } else { format!("L{}-L{}", lines.first, lines.last) };
    if style.base_url.is_empty() {
        return format!("{note}#{fragment}");
    }
    let base = style.base_url.trim_end_matches('/');
    format!("{base}/{}#{}", utf8_percent_encode(&note.0, PATH), utf8_percent_encode(&fragment, PATH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base_url: &str, note: &str, anchor: &str, expected: &str) {
        let style = LinkStyle { base_url: base_url.to_owned() };
        let lines = LineRange { first: 9, last: 31 };
        assert_eq!(link_to(&style, &NoteId(note.to_owned()), anchor, lines), expected);
    }

    #[test]
    fn a_page_is_linked_by_anchor_and_percent_encoded() {
        check(
            "https://example.org/n/",
            "课 1/a.MD",
            "什么是云",
            "https://example.org/n/%E8%AF%BE%201/a.MD#%E4%BB%80%E4%B9%88%E6%98%AF%E4%BA%91",
        );
    }

    #[test]
    fn a_file_that_is_not_rendered_is_linked_by_lines() {
        check("https://example.org", "a.txt", "什么是云", "https://example.org/a.txt#L9-L31");
        check("", "a.md", "", "a.md#L9-L31");
    }

    #[test]
    fn without_an_address_it_is_the_plain_path() {
        check("", "课/a.md", "什么是云", "课/a.md#什么是云");
    }
}
