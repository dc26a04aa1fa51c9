//! Links and images that lead nowhere, or only where the notes are a web site.

use percent_encoding::percent_decode_str;
use strsim::normalized_levenshtein;

use super::folder::{ReadNote, folder_of};
use super::{Finding, Folder, Problem};
use crate::corpus::{Reference, ReferenceKind, file_title};

/// Files that stand for their folder.
const INDEX_FILES: [&str; 5] = ["index.md", "_index.md", "README.md", "readme.md", "index.markdown"];
/// Extensions that a link may leave out.
const NOTE_EXTENSIONS: [&str; 3] = ["md", "markdown", "MD"];
/// Folders in which site generators keep what is served from `/`.
const SERVED: [&str; 4] = ["", "static/", "public/", "docs/"];
/// An anchor that is less like the one asked for is not what was meant.
const LIKE: f64 = 0.5;

/// All findings about links and images.
pub(super) fn check(folder: &Folder) -> Vec<Finding> {
    let mut findings = Vec::new();
    for read in folder.notes() {
        for reference in &read.references.all {
            let line = read.note.line(reference.span.start);
            let problems = problems(folder, read, reference);
            findings.extend(problems.into_iter().map(|problem| Finding { note: read.note.id.clone(), line, problem }));
        }
    }
    findings
}

fn problems(folder: &Folder, from: &ReadNote, reference: &Reference) -> Vec<Problem> {
    let target = reference.target.as_str();
    let mut problems = Vec::new();
    if reference.is_loose {
        problems.push(Problem::BlankInLink(target.to_owned()));
    }
    if target.is_empty() || is_elsewhere(target) {
        return problems;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = path.split('?').next().unwrap_or_default();
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let anchor = percent_decode_str(anchor).decode_utf8_lossy();
    if path.is_empty() {
        problems.extend(anchor_problem(from, reference, &anchor));
        return problems;
    }
    if let Some(site_path) = decoded.strip_prefix('/') {
        let is_there = SERVED.iter().any(|served| find(folder, &format!("{served}{site_path}")).is_some());
        problems.push(Problem::AbsoluteLink { target: target.to_owned(), is_there });
        return problems;
    }
    let found = candidates(from, &[&decoded, path]).iter().find_map(|path| find(folder, path));
    match found {
        None if plain_path(&format!("{}{decoded}", folder_of(&from.note.id))).is_none() => {
            problems.push(Problem::OutsideLink(target.to_owned()));
        }
        None if reference.kind == ReferenceKind::Image => problems.push(Problem::BrokenImage(target.to_owned())),
        None => problems.push(Problem::BrokenLink(target.to_owned(), meant(folder, &decoded))),
        Some(Found::Note(note)) => problems.extend(anchor_problem(note, reference, &anchor)),
        Some(Found::File) => {}
    }
    problems
}

/// Whether a target is an address, or is filled in by another program.
fn is_elsewhere(target: &str) -> bool {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    scheme.is_some_and(is_scheme) || target.starts_with("//") || target.contains(['{', '<'])
}

fn anchor_problem(note: &ReadNote, reference: &Reference, anchor: &str) -> Option<Problem> {
    // `#top` and an empty one are the page itself; plain text is not rendered, and has no anchors.
    let is_text = note.note.id.0.to_ascii_lowercase().ends_with(".txt");
    if is_text || anchor.is_empty() || anchor == "top" || anchor.starts_with(":~:") || note.has_anchor(anchor) {
        return None;
    }
    let nearest = note
        .note
        .anchors
        .iter()
        .map(|known| (normalized_levenshtein(known, anchor), known))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known.clone());
    Some(Problem::BrokenAnchor(reference.target.clone(), nearest))
}

/// The paths below the notes folder that a relative target may mean: beside the note, or below the note's own address,
/// where most site generators put it.
fn candidates(from: &ReadNote, spellings: &[&str]) -> Vec<String> {
    let folder = folder_of(&from.note.id);
    let file = from.note.id.0.get(folder.len()..).unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let paths = spellings.iter().flat_map(|path| [format!("{folder}{path}"), format!("{folder}{stem}/{path}")]);
    paths.filter_map(|path| plain_path(&path)).collect()
}

/// A path without `.` and `..`; `None` when it leaves the notes folder.
fn plain_path(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// What a link leads to.
enum Found<'f> {
    Note(&'f ReadNote),
    /// A file that is no note, a folder, or a note that is not read.
    File,
}

/// What is at a path: a file, a note without its extension or with that of its page, or a folder.
fn find<'f>(folder: &'f Folder, path: &str) -> Option<Found<'f>> {
    let path = path.trim_end_matches('/');
    let page = path.strip_suffix(".html").unwrap_or(path);
    let inside = if path.is_empty() { String::new() } else { format!("{path}/") };
    let notes = std::iter::once(path.to_owned())
        .chain(NOTE_EXTENSIONS.iter().map(|extension| format!("{page}.{extension}")))
        .chain(INDEX_FILES.iter().map(|index| format!("{inside}{index}")));
    let mut is_there = false;
    for path in notes {
        if let Some(note) = folder.note(&path) {
            return Some(Found::Note(note));
        }
        is_there |= folder.has_file(&path);
    }
    is_there.then_some(Found::File)
}

/// The one note with the name of the file that is not there.
fn meant(folder: &Folder, path: &str) -> Option<String> {
    let wanted = file_title(path.trim_end_matches('/')).to_lowercase();
    let mut alike = folder.notes().iter().filter(|read| file_title(&read.note.id.0).to_lowercase() == wanted);
    let found = alike.next()?;
    alike.next().is_none().then(|| found.note.id.0.clone())
}

#[cfg(test)]
mod tests {
    use super::super::folder::tests::folder;
    use super::*;

    const OTHERS: [(&str, &str); 4] = [
        ("课/乙 1.md", "# 乙\n\n## 什么是云？\n\n> ### 引用里的\n\n<a id=\"Own\"></a>\n"),
        ("课/丙/index.md", "# 丙\n"),
        ("README.md", "# 首页\n"),
        ("课/丁.txt", "丁"),
    ];

    /// What is wrong with a link to `target` in the note 课/甲.md.
    fn of_target(target: &str) -> Vec<Problem> {
        let text = format!("# 甲\n\n[链接]({target})\n");
        let mut notes = OTHERS.to_vec();
        notes.push(("课/甲.md", &text));
        check(&folder(&notes)).into_iter().map(|finding| finding.problem).collect()
    }

    #[test]
    fn a_link_may_be_encoded_shortened_and_lead_to_a_folder() {
        for target in [
            "乙%201.md",
            "<乙 1.md>",
            "./%E4%B9%99%201",
            "../课/乙%201.html",
            "丙/",
            "丙",
            "../",
            "..",
            "乙%201.md#什么是云",
            "%E4%B9%99%201.md?plain=1#%E4%BB%80%E4%B9%88%E6%98%AF%E4%BA%91",
            "乙%201.md#引用里的",
            "乙%201.md#own",
            "#甲",
            "#",
            "#top",
            "丁.txt#L1-L2",
            "https://example.org/gone",
            "mailto:a@example.org",
            "//example.org/a.md",
            "{{site.url}}/a.md",
            // From the page's own address, 课/甲/, one level up is 课/.
            "../丙/",
        ] {
            assert_eq!(of_target(target), [], "{target}");
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_is_told_with_what_may_be_meant() {
        let broken = |target: &str, meant: Option<&str>| {
            assert_eq!(of_target(target), [Problem::BrokenLink(target.to_owned(), meant.map(str::to_owned))]);
        };
        broken("戊.md", None);
        broken("别处/乙%201.md", Some("课/乙 1.md"));
        broken("别处/丙/", Some("课/丙/index.md"));
    }

    #[test]
    fn an_anchor_that_is_not_there_is_told_with_the_nearest() {
        let broken = |target: &str, nearest: Option<&str>| {
            assert_eq!(of_target(target), [Problem::BrokenAnchor(target.to_owned(), nearest.map(str::to_owned))]);
        };
        broken("乙%201.md#什么是云？", Some("什么是云"));
        broken("#没有", None);
        broken("丙#没有", None);
    }

    #[test]
    fn a_path_of_the_site_and_one_outside_are_told_as_such() {
        let absolute = |target: &str, is_there| {
            assert_eq!(of_target(target), [Problem::AbsoluteLink { target: target.to_owned(), is_there }]);
        };
        absolute("/课/丙/", true);
        absolute("/别处/", false);
        assert_eq!(of_target("../../x.md"), [Problem::OutsideLink("../../x.md".to_owned())]);
    }

    #[test]
    fn a_picture_with_blanks_that_is_not_there_is_two_findings() {
        assert_eq!(
            of_target("图 1.png)\n\n![](图 2.png"),
            [
                Problem::BlankInLink("图 1.png".to_owned()),
                Problem::BrokenLink("图 1.png".to_owned(), None),
                Problem::BlankInLink("图 2.png".to_owned()),
                Problem::BrokenImage("图 2.png".to_owned()),
            ]
        );
    }
}
