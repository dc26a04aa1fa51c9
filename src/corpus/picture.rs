//! Pictures that stand for a whole passage: which one it is, and the address under which anybody can see it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::link::{branch, encoded};
use super::{BlockKind, Host, LinkStyle, Links, Note, NoteId, Passage, ReferenceKind, References};

/// What an address may hold as it is (RFC 3986, all but brackets, which stand for IPv6).
const ADDRESS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'#')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'%');
/// A longer address is no help to anybody; bytes.
pub const PICTURE_BYTES_MAX: usize = 2048;

impl Note {
    /// Where the first picture of a passage lies, as written, when the passage holds nothing but pictures.
    #[must_use]
    pub fn picture(&self, passage: &Passage) -> Option<String> {
        let (_, first) = passage.pieces.first()?;
        if passage.pieces.iter().any(|(kind, _)| *kind != BlockKind::Image) {
            return None;
        }
        // What it stands in is enough to read it: a whole note would be read again for each of its pictures.
        let references = References::within(first.span.of(&self.text)).all;
        let picture = references.into_iter().find(|reference| reference.kind == ReferenceKind::Image)?;
        let target = picture.target.trim();
        (!target.is_empty() && target.len() <= PICTURE_BYTES_MAX).then(|| target.to_owned())
    }
}

impl Links<'_> {
    /// The address under which everybody can see a picture of `note`, of at most [`PICTURE_BYTES_MAX`] bytes: an `https` address
    /// as it is, a path beside the note where it is certain how the host of the notes hands out files. `None` when that is not
    /// certain, and for what is shown to nobody: a path of a web site, a machine without a public name, a name with a password.
    #[must_use]
    pub fn picture(&self, note: &NoteId, target: &str) -> Option<String> {
        let address = if target.contains(':') { foreign(target)? } else { beside(self.style, note, target)? };
        let path = address.split(['?', '#']).next().unwrap_or_default();
        // Discord shows no drawings.
        let is_drawing = path.to_ascii_lowercase().ends_with(".svg");
        (!is_drawing && address.len() <= PICTURE_BYTES_MAX).then_some(address)
    }
}

/// An address elsewhere, if it is public.
fn foreign(target: &str) -> Option<String> {
    let (scheme, rest) = target.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let top = name.rsplit('.').next().unwrap_or_default();
    let is_public = host.chars().all(|c| is_name(c) || c == ':')
        && name.contains('.')
        && !name.starts_with('.')
        && !["local", "internal", "localhost", "lan", "test", "invalid"].contains(&top.to_ascii_lowercase().as_str())
        && top.starts_with(|c: char| c.is_ascii_alphabetic());
    let address = utf8_percent_encode(target, ADDRESS).to_string();
    (scheme.eq_ignore_ascii_case("https") && is_public && !target.contains(char::is_control)).then_some(address)
}

/// The address of a file in the repository that the notes are in, as its host hands it out.
fn beside(style: &LinkStyle, note: &NoteId, target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    if path.is_empty()
        || path.starts_with(['/', '\\'])
        || path.contains(['{', '<', '\\'])
        || path.contains(char::is_control)
    {
        return None;
    }
    let base = style.base_url.trim_end_matches('/');
    let (before, after) = branch(base)?;
    let name = base.get(before.len()..base.len() - after.len())?;
    if !before.starts_with("https://") || base.contains(['?', '#', '@']) {
        return None;
    }
    let root = match style.host {
        Host::GitHub => {
            format!("https://raw.githubusercontent.com/{}/{name}", repository(before, "https://github.com/")?)
        }
        Host::GitLab => {
            let (repository, _) = before.split_once("/-/")?;
            format!("{repository}/-/raw/{name}")
        }
        Host::Gitee => format!("https://gitee.com/{}/raw/{name}", repository(before, "https://gitee.com/")?),
        Host::Auto | Host::Plain | Host::MdBook | Host::Template => return None,
    };
    let folder = note.0.rfind('/').and_then(|at| note.0.get(..at)).unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let file = percent_decode_str(after).decode_utf8().ok()?.into_owned() + "/" + folder + "/" + &path;
    Some(format!("{root}/{}", encoded(&within(&file)?)))
}

/// Owner and name of a repository, by what stands before the branch in an address of its host.
fn repository(before: &str, site: &str) -> Option<String> {
    let parts: Vec<&str> = before.strip_prefix(site)?.split('/').collect();
    let [owner, name, _, ""] = parts.as_slice() else { return None };
    Some(format!("{owner}/{name}"))
}

/// A path without `.` and `..`; `None` when it leads out of the repository.
fn within(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(base_url: &str, note: &str, target: &str) -> Option<String> {
        let style = LinkStyle {
            host: LinkStyle::host_of("auto", base_url),
            base_url: base_url.to_owned(),
            ..LinkStyle::default()
        };
        Links { style: &style, checkout: None }.picture(&NoteId(note.to_owned()), target)
    }

    #[track_caller]
    fn check(base_url: &str, target: &str, expected: Option<&str>) {
        assert_eq!(address(base_url, "课/a.md", target).as_deref(), expected, "{target} of {base_url}");
    }

    #[test]
    fn hosts_hand_out_files_each_in_its_own_way() {
        let raw = "https://raw.githubusercontent.com/o/r/main";
        let github = "https://github.com/o/r/blob/main/notes/";
        check(github, "p 1.png", Some(&format!("{raw}/notes/%E8%AF%BE/p%201.png")));
        check(github, "./%E5%9B%BE.png", Some(&format!("{raw}/notes/%E8%AF%BE/%E5%9B%BE.png")));
        check(github, "../../img/p.png?raw=true#x", Some(&format!("{raw}/img/p.png")));
        check(github, "../../../p.png", None);
        check("https://github.com/o/r/tree/main", "p.png", Some(&format!("{raw}/%E8%AF%BE/p.png")));
        check(
            "https://gitlab.com/g/sub/p/-/blob/v1/notes",
            "p.png",
            Some("https://gitlab.com/g/sub/p/-/raw/v1/notes/%E8%AF%BE/p.png"),
        );
        check("https://gitee.com/o/r/blob/master", "../p.jpg", Some("https://gitee.com/o/r/raw/master/p.jpg"));
    }

    #[test]
    fn where_a_file_is_handed_out_is_not_guessed() {
        for base_url in [
            "",
            "https://example.org/notes",
            "https://example.org/o/r/blob/main",
            "https://github.com/o/r",
            "https://github.com/o/blob/main",
            "http://gitlab.example.org/g/p/-/blob/main",
            "https://user@gitlab.example.org/g/p/-/blob/main",
        ] {
            check(base_url, "p.png", None);
        }
        for target in ["/img/p.png", "//e.org/p.png", "p.svg", "", "#p", "{{ base }}/p.png", "C:\\p.png", "a\\p.png"] {
            check("https://github.com/o/r/blob/main", target, None);
        }
    }

    #[test]
    fn an_address_is_public_or_none() {
        let check = |target: &str, expected: Option<&str>| check("https://github.com/o/r/blob/main", target, expected);
        check("https://e.org/a.png?x=1", Some("https://e.org/a.png?x=1"));
        check("https://e.org:8443/图 1.png", Some("https://e.org:8443/%E5%9B%BE%201.png"));
        check("https://e.org/%E5%9B%BE.png", Some("https://e.org/%E5%9B%BE.png"));
        for target in [
            "http://e.org/a.png",
            "https://localhost/a.png",
            "https://10.0.0.1/a.png",
            "https://[::1]/a.png",
            "https://wiki.internal/a.png",
            "https://user:word@e.org/a.png",
            "https:///a.png",
            "https://e.org/a.SVG#x",
            "data:image/png;base64,AAAA",
            "javascript:x",
            "file:///etc/passwd",
            &format!("https://e.org/{}.png", "a".repeat(2048)),
        ] {
            check(target, None);
        }
    }

    #[test]
    fn a_passage_of_pictures_alone_has_one() {
        let picture = |text: &str| {
            let note = Note::parse(NoteId("a.md".to_owned()), text.to_owned());
            note.passages().first().and_then(|passage| note.picture(passage))
        };
        for (text, expected) in [
            ("## 图\n\n![甲](a.png)\n\n![](b.png)\n", Some("a.png")),
            ("## 图\n\n![](/img/a b.png)\n", Some("/img/a b.png")),
            ("## 图\n\n<p><img src=\"https://e.org/a.png\"></p>\n", Some("https://e.org/a.png")),
            ("## 图\n\n[![](a.png)](b.md)\n", Some("a.png")),
            ("## 图\n\n- ![](a.png)\n", Some("a.png")),
            ("## 图\n\n![甲](a.png)\n\n说明\n", None),
            ("## 图\n\n", None),
        ] {
            assert_eq!(picture(text).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_the_address_is_plain_and_short(
            target in "(https://|http://|\\.\\./|[a-z.@:/?#%\\[\\]<>\"' \\\\{}\n图]){0,80}", repeat in 1usize..40) {
            for base_url in ["https://github.com/o/r/blob/main/n", "https://gitlab.com/g/p/-/blob/main", ""] {
                if let Some(address) = address(base_url, "课/a.md", &target.repeat(repeat)) {
                    prop_assert!(address.starts_with("https://") && address.len() <= PICTURE_BYTES_MAX, "{address}");
                    prop_assert!(address.chars().all(|c| c.is_ascii_graphic() && !"<>\"\\{}[]".contains(c)), "{address}");
                }
            }
        }
    }
}
