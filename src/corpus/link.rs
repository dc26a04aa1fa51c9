//! Links to a section, as the place where the notes are published understands them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::host_anchor::{gitee_anchor, gitlab_anchor, mdbook_anchor};
use super::{Checkout, LineRange, NoteId, SectionId};

/// What a URL path may hold as it is (RFC 3986, unreserved characters and `/`).
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// What stands before the branch in the addresses of code hosts.
const BEFORE_BRANCH: &[&str] = &["/blob/", "/tree/", "/raw/"];
/// For a note that is not in a commit a template gets this name, which hosts take for the default branch.
const DEFAULT_BRANCH: &str = "HEAD";
/// A longer link loses what stands behind its path; bytes.
const LINK_BYTES_MAX: usize = 2000;
/// So much of a heading `{text}` stands for; characters.
const TEXT_CHARS_MAX: usize = 80;

/// The names that a template may hold in braces.
pub const PLACEHOLDERS: &[&str] = &["path", "stem", "anchor", "text", "first", "last", "commit"];

/// Who shows the notes, by which anchors, lines and commits are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Host {
    /// Known by the address; GitHub's anchors and lines where it is not.
    #[default]
    Auto,
    /// Nobody: a path with the anchor that `kewen show` takes.
    Plain,
    /// GitHub.
    GitHub,
    /// GitLab.
    GitLab,
    /// Gitee.
    Gitee,
    /// A book made by mdBook.
    MdBook,
    /// Whoever the template is for.
    Template,
}

/// How links look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkStyle {
    /// Who shows the notes.
    pub host: Host,
    /// The address of the notes folder, with or without a slash at its end; empty for plain paths.
    pub base_url: String,
    /// For [`Host::Template`]: an address with placeholders in braces.
    pub template: String,
    /// Whether a link names the commit that was indexed instead of the branch.
    pub pin: bool,
}

/// How links look, and the commit that they may be pinned to.
#[derive(Clone, Copy, Debug)]
pub struct Links<'a> {
    /// How they look.
    pub style: &'a LinkStyle,
    /// What of the notes is in which commit; none outside of Git.
    pub checkout: Option<&'a Checkout>,
}

/// A section to be linked to.
#[derive(Clone, Copy, Debug)]
pub struct Target<'t> {
    /// The note and GitHub's anchor.
    pub section: &'t SectionId,
    /// The heading's plain text.
    pub heading: &'t str,
    /// The source lines of the passage.
    pub lines: LineRange,
}

impl LinkStyle {
    /// The host of a setting (`auto`, `plain`, `github`, `gitlab`, `gitee`, `mdbook`, `template`); of `auto` that of the address.
    #[must_use]
    pub fn host_of(name: &str, base_url: &str) -> Host {
        let site = base_url.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        match name {
            "plain" => Host::Plain,
            "github" => Host::GitHub,
            "gitlab" => Host::GitLab,
            "gitee" => Host::Gitee,
            "mdbook" => Host::MdBook,
            "template" => Host::Template,
            _ if site == "github.com" => Host::GitHub,
            _ if site == "gitee.com" => Host::Gitee,
            _ if site.starts_with("gitlab.") => Host::GitLab,
            _ => Host::Auto,
        }
    }

    /// Whether [`LinkStyle::base_url`] names a branch that a commit can stand for.
    #[must_use]
    pub fn names_branch(&self) -> bool {
        branch(&self.base_url).is_some()
    }
}

impl Links<'_> {
    /// The link to a section.
    ///
    /// A file that hosts render as a page is linked by its heading's anchor where it is certain how the host computes it, any other
    /// (or text before the first heading) by its lines. Path and anchor are percent-encoded unless the link is a plain path.
    #[must_use]
    pub fn to(&self, target: Target<'_>) -> String {
        let LinkStyle { host, base_url, template, pin } = self.style;
        let SectionId { note, anchor } = target.section;
        let commit = self.checkout.filter(|_| *pin).and_then(|checkout| checkout.commit_of(note));
        let path = &note.0;
        let rendered = is_rendered(note) && !anchor.is_empty();
        let lines = target.lines;
        let github_lines = line_anchor(lines, "L");
        let by_anchor = |anchor: &str| format!("#{}", encoded(anchor));
        let (page, fragment) = match host {
            Host::Template => return filled(template, target, commit),
            Host::Plain | Host::Auto if *host == Host::Plain || base_url.is_empty() => {
                let fragment = if rendered { anchor } else { &github_lines };
                return format!("{path}#{fragment}");
            }
            Host::Plain | Host::Auto => (path.clone(), by_anchor(if rendered { anchor } else { &github_lines })),
            Host::GitHub if rendered => (path.clone(), by_anchor(anchor)),
            Host::GitHub => (path.clone(), format!("{}#{github_lines}", source_view(note))),
            Host::GitLab => (
                path.clone(),
                gitlab_anchor(target.heading, anchor)
                    .filter(|_| rendered)
                    .map_or_else(|| format!("{}#{}", source_view(note), line_anchor(lines, "")), |a| by_anchor(&a)),
            ),
            Host::Gitee => (
                path.clone(),
                gitee_anchor(target.heading, anchor)
                    .filter(|_| rendered)
                    .map_or_else(|| format!("#{github_lines}"), |a| by_anchor(&a)),
            ),
            Host::MdBook => (
                book_page(path),
                mdbook_anchor(target.heading, anchor).filter(|_| rendered).map(|a| by_anchor(&a)).unwrap_or_default(),
            ),
        };
        let base = match commit.zip(branch(base_url)).filter(|_| *host != Host::MdBook) {
            Some((commit, (before, after))) => format!("{before}{commit}{after}"),
            None => base_url.clone(),
        };
        let address = match base.trim_end_matches('/') {
            "" => encoded(&page),
            base => format!("{base}/{}", encoded(&page)),
        };
        if address.len() + fragment.len() > LINK_BYTES_MAX { address } else { address + &fragment }
    }
}

/// How a host names lines, with what it writes before the last of several.
fn line_anchor(lines: LineRange, before_last: &str) -> String {
    let LineRange { first, last } = lines;
    if first == last { format!("L{first}") } else { format!("L{first}-{before_last}{last}") }
}

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PATH).to_string()
}

/// Whether hosts show a note as a page with headings.
fn is_rendered(note: &NoteId) -> bool {
    let path = note.0.to_lowercase();
    [".md", ".markdown"].iter().any(|extension| path.ends_with(extension))
}

/// What asks GitHub and GitLab for the source of a page: lines have no numbers in the page.
fn source_view(note: &NoteId) -> &'static str {
    if is_rendered(note) { "?plain=1" } else { "" }
}

/// An address before and after its branch: the one segment behind `/blob/` and the like. A branch whose name holds a slash cannot be
/// told from a folder; a template can name it.
pub(super) fn branch(base_url: &str) -> Option<(&str, &str)> {
    let starts = BEFORE_BRANCH.iter().filter_map(|before| Some(base_url.find(before)? + before.len()));
    let (before, rest) = base_url.split_at_checked(starts.min()?)?;
    let length = rest.find('/').unwrap_or(rest.len());
    (length > 0).then(|| (before, rest.get(length..).unwrap_or_default()))
}

/// The page that mdBook makes of a chapter: `README.md` is the index of its folder. What is no `.md` is copied as it is.
fn book_page(path: &str) -> String {
    let Some(stem) = path.strip_suffix(".md") else { return path.to_owned() };
    let (folder, name) = stem.rfind('/').map_or(("", stem), |at| stem.split_at(at + 1));
    if name.eq_ignore_ascii_case("readme") { format!("{folder}index.html") } else { format!("{stem}.html") }
}

/// Whether a template holds nothing in braces but placeholders.
#[must_use]
pub fn is_template(template: &str) -> bool {
    let mut parts = template.split('{');
    let begins_well = parts.next().is_some_and(|before| !before.contains('}'));
    let is_fine = |part: &str| {
        part.split_once('}').is_some_and(|(name, rest)| PLACEHOLDERS.contains(&name) && !rest.contains('}'))
    };
    begins_well && parts.all(is_fine)
}

fn filled(template: &str, target: Target<'_>, commit: Option<&str>) -> String {
    let SectionId { note, anchor } = target.section;
    let stem = note.0.rfind('.').filter(|at| *at > note.0.rfind('/').unwrap_or_default());
    let stem = stem.and_then(|at| note.0.get(..at)).unwrap_or(&note.0);
    let mut link = String::new();
    let mut rest = template;
    while let Some((before, from)) = rest.split_once('{') {
        let (name, after) = from.split_once('}').unwrap_or((from, ""));
        link.push_str(before);
        link.push_str(&match name {
            "path" => encoded(&note.0),
            "stem" => encoded(stem),
            "anchor" => encoded(anchor),
            // A text fragment ends at a dash or a comma that is not encoded.
            "text" => encoded(&target.heading.chars().take(TEXT_CHARS_MAX).collect::<String>())
                .replace('-', "%2D")
                .replace('/', "%2F"),
            "first" => target.lines.first.to_string(),
            "last" => target.lines.last.to_string(),
            "commit" => commit.unwrap_or(DEFAULT_BRANCH).to_owned(),
            _ => String::new(),
        });
        rest = after;
    }
    link.push_str(rest);
    if link.len() > LINK_BYTES_MAX { link.split('#').next().unwrap_or_default().to_owned() } else { link }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    /// The link to lines 9 to 31 of a note, under a heading with GitHub's anchor.
    fn link(style: &LinkStyle, note: &str, heading: &str, anchor: &str) -> String {
        let section = SectionId { note: NoteId(note.to_owned()), anchor: anchor.to_owned() };
        let differing = [NoteId("new.md".to_owned())].into();
        let checkout = Checkout { commit: COMMIT.to_owned(), differing };
        let lines = LineRange { first: 9, last: 31 };
        Links { style, checkout: Some(&checkout) }.to(Target { section: &section, heading, lines })
    }

    #[track_caller]
    fn check(name: &str, base_url: &str, rows: &[(&str, &str, &str, &str)]) {
        let host = LinkStyle::host_of(name, base_url);
        let style = LinkStyle { host, base_url: base_url.to_owned(), ..LinkStyle::default() };
        for (note, heading, anchor, expected) in rows {
            assert_eq!(link(&style, note, heading, anchor), *expected, "{name}");
        }
    }

    #[test]
    fn without_a_style_links_are_those_of_before() {
        check(
            "auto",
            "https://example.org/n/",
            &[
                (
                    "课 1/a.MD",
                    "什么是云？",
                    "什么是云",
                    "https://example.org/n/%E8%AF%BE%201/a.MD#%E4%BB%80%E4%B9%88%E6%98%AF%E4%BA%91",
                ),
                ("a.txt", "什么是云", "什么是云", "https://example.org/n/a.txt#L9-L31"),
                ("a.md", "", "", "https://example.org/n/a.md#L9-L31"),
            ],
        );
        check(
            "auto",
            "",
            &[("课/a.md", "什么是云？", "什么是云", "课/a.md#什么是云"), ("a.md", "", "", "a.md#L9-L31")],
        );
        check("plain", "https://github.com/o/r", &[("课/a.md", "云", "云", "课/a.md#云")]);
    }

    #[test]
    fn a_single_line_is_no_range() {
        let one = LineRange { first: 6, last: 6 };
        assert_eq!([line_anchor(one, "L"), line_anchor(one, "")], ["L6", "L6"]);
        let two = LineRange { first: 6, last: 7 };
        assert_eq!([line_anchor(two, "L"), line_anchor(two, "")], ["L6-L7", "L6-7"]);
    }

    #[test]
    fn github_shows_lines_of_a_page_in_its_source() {
        let base = "https://github.com/o/r/blob/main/";
        check(
            "auto",
            base,
            &[
                ("a.md", "B: c", "b-c", "https://github.com/o/r/blob/main/a.md#b-c"),
                ("a.md", "B", "b-1", "https://github.com/o/r/blob/main/a.md#b-1"),
                ("a.md", "", "", "https://github.com/o/r/blob/main/a.md?plain=1#L9-L31"),
                ("a.txt", "B", "b", "https://github.com/o/r/blob/main/a.txt#L9-L31"),
            ],
        );
    }

    #[test]
    fn gitlab_joins_hyphens_and_has_lines_where_its_anchor_is_not_certain() {
        check(
            "gitlab",
            "https://git.example.org/g/p/-/blob/main",
            &[
                ("a.md", "A & B", "a--b", "https://git.example.org/g/p/-/blob/main/a.md#a-b"),
                ("a.md", "云（一）", "云一", "https://git.example.org/g/p/-/blob/main/a.md#%E4%BA%91%E4%B8%80"),
                ("a.md", "2024", "2024", "https://git.example.org/g/p/-/blob/main/a.md#anchor-2024"),
                // Repeated, an emoji, and a code for one.
                ("a.md", "小结", "小结-1", "https://git.example.org/g/p/-/blob/main/a.md?plain=1#L9-31"),
                ("a.md", "🚀 发布", "-发布", "https://git.example.org/g/p/-/blob/main/a.md?plain=1#L9-31"),
                ("a.md", ":cat: x", "cat-x", "https://git.example.org/g/p/-/blob/main/a.md?plain=1#L9-31"),
                ("a.txt", "云", "云", "https://git.example.org/g/p/-/blob/main/a.txt#L9-31"),
            ],
        );
    }

    #[test]
    fn gitee_has_anchors_only_where_all_rules_agree() {
        check(
            "auto",
            "https://gitee.com/o/r/blob/master",
            &[
                (
                    "a.md",
                    "安装教程",
                    "安装教程",
                    "https://gitee.com/o/r/blob/master/a.md#%E5%AE%89%E8%A3%85%E6%95%99%E7%A8%8B",
                ),
                ("a.md", "安装？", "安装", "https://gitee.com/o/r/blob/master/a.md#L9-L31"),
                ("a.md", "Pod", "pod", "https://gitee.com/o/r/blob/master/a.md#L9-L31"),
                ("a.md", "安装", "安装-1", "https://gitee.com/o/r/blob/master/a.md#L9-L31"),
            ],
        );
    }

    #[test]
    fn mdbook_has_pages_of_its_own_and_no_lines() {
        check(
            "mdbook",
            "https://example.org/book",
            &[
                ("课/a.md", "A & B", "a--b", "https://example.org/book/%E8%AF%BE/a.html#a--b"),
                ("课/README.md", "云", "云", "https://example.org/book/%E8%AF%BE/index.html#%E4%BA%91"),
                ("README.md", "云", "云-1", "https://example.org/book/index.html#%E4%BA%91-1"),
                ("a.md", "云 {#cloud}", "云-cloud", "https://example.org/book/a.html#cloud"),
                ("a.md", "É", "é", "https://example.org/book/a.html"),
                ("a.md", "", "", "https://example.org/book/a.html"),
                ("a.txt", "云", "云", "https://example.org/book/a.txt"),
            ],
        );
    }

    #[test]
    fn a_template_is_filled_in() {
        for (template, expected) in [
            ("https://e.org/{commit}/{path}#L{first}-{last}", "https://e.org/HEAD/%E8%AF%BE/a%20b.md#L9-31"),
            ("https://e.org/{stem}/#{anchor}", "https://e.org/%E8%AF%BE/a%20b/#%E4%BA%91"),
            ("https://e.org/{stem}#:~:text={text}", "https://e.org/%E8%AF%BE/a%20b#:~:text=%E4%BA%91%EF%BC%9F%2Da"),
        ] {
            assert!(is_template(template), "{template}");
            let style = LinkStyle { host: Host::Template, template: template.to_owned(), ..LinkStyle::default() };
            assert_eq!(link(&style, "课/a b.md", "云？-a", "云"), expected);
        }
        for template in ["{", "}", "{path", "{paths}", "{path}}", "{{path}}", "{}"] {
            assert!(!is_template(template), "{template}");
        }
    }

    #[test]
    fn a_pinned_link_names_the_commit_unless_the_note_differs_from_it() {
        let pinned = |name: &str, base_url: &str, note: &str| {
            let host = LinkStyle::host_of(name, base_url);
            let template = "https://e.org/{commit}/{path}".to_owned();
            link(&LinkStyle { host, base_url: base_url.to_owned(), template, pin: true }, note, "云", "云")
        };
        let anchor = "#%E4%BA%91";
        for (name, before, after) in [
            ("github", "https://github.com/o/r/blob/", "/notes"),
            ("gitlab", "https://gitlab.com/g/p/-/blob/", ""),
            ("gitee", "https://gitee.com/o/r/blob/", "/a/b"),
            ("auto", "https://git.example.org/o/r/raw/", "/notes"),
        ] {
            let base = format!("{before}main{after}/");
            assert_eq!(pinned(name, &base, "a.md"), format!("{before}{COMMIT}{after}/a.md{anchor}"));
            assert_eq!(pinned(name, &base, "new.md"), format!("{before}main{after}/new.md{anchor}"));
        }
        assert_eq!(pinned("template", "", "a.md"), format!("https://e.org/{COMMIT}/a.md"));
        assert_eq!(pinned("template", "", "new.md"), "https://e.org/HEAD/new.md");
        assert!(!LinkStyle { base_url: "https://github.com/o/r".to_owned(), ..LinkStyle::default() }.names_branch());
    }

    #[test]
    fn a_link_is_bounded() {
        let style = LinkStyle { base_url: "https://e.org".to_owned(), ..LinkStyle::default() };
        assert_eq!(link(&style, "a.md", "x", &"云".repeat(300)), "https://e.org/a.md");
    }
}
