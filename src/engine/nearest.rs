//! What may have been meant by the name of a note or section that is not there.

use crate::corpus::file_title;

/// From this likeness on, 1 being the same, a name may be what was meant.
const LIKE_ENOUGH: f64 = 0.5;

/// The names most like `wanted`, the best first, at most three.
pub(super) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Vec<String> {
    most_alike(names.filter(|name| !name.is_empty()).map(|name| (alike(wanted, name), name)))
}

/// The paths that may be meant by `wanted`, the best first, at most three: people leave out folders and extension, and
/// misspell what is left. None when nothing is like it.
pub(super) fn nearest_paths<'n>(wanted: &str, paths: impl Iterator<Item = &'n str>) -> Vec<String> {
    let wanted_name = file_title(wanted).to_lowercase();
    let scored = paths.map(|path| {
        let name = file_title(path).to_lowercase();
        // A part of a name is worth a mention, the more the longer it is.
        let (shorter, longer) =
            if name.len() < wanted_name.len() { (&name, &wanted_name) } else { (&wanted_name, &name) };
        let part =
            if shorter.chars().nth(1).is_some() && longer.contains(shorter.as_str()) { LIKE_ENOUGH } else { 0.0 };
        let by_path = alike(&wanted.to_lowercase(), &path.to_lowercase());
        // The folder decides between notes of the same name.
        (alike(&wanted_name, &name).max(part) + by_path / 10.0, path)
    });
    most_alike(scored.filter(|(likeness, _)| *likeness >= LIKE_ENOUGH))
}

fn alike(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(a, b)
}

fn most_alike<'n>(scored: impl Iterator<Item = (f64, &'n str)>) -> Vec<String> {
    let mut scored: Vec<(f64, &str)> = scored.collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_note_is_guessed_by_its_name_and_not_by_its_folder() {
        let paths = ["kubernetes/kube-proxy.md", "kubernetes/网络.md", "实验/排障.md", "b/index.md", "a/index.md"];
        let check = |wanted: &str, expected: &[&str]| {
            assert_eq!(nearest_paths(wanted, paths.into_iter()), expected, "{wanted}");
        };
        check("kube-porxy", &["kubernetes/kube-proxy.md"]);
        check("KUBE-PROXY.MD", &["kubernetes/kube-proxy.md"]);
        check("实验/排章.md", &["实验/排障.md"]);
        check("proxy", &["kubernetes/kube-proxy.md"]);
        check("kubernetes/index.md", &[]);
        check("a/readme", &["a/index.md"]);
        check("kubernetes/helm.md", &[]);
    }
}
