//! Cuts a run of Latin letters, digits and connectors into the words by which people ask for it.
//!
//! `kube-proxy` gives itself, `kube`, `proxy` and `kubeproxy`; `StatefulSet` gives itself, `stateful` and
//! `set`. Whatever is made here is lower case and singular.

/// Longer words (hashes, base64 …) are of no use for a question; bytes.
const WORD_BYTES_MAX: usize = 64;
/// A run with more parts (a long path or URL) is represented by its parts only.
const WHOLE_PARTS_MAX: usize = 6;
/// A run with more parts is not asked for with its connectors left out.
const JOINED_PARTS_MAX: usize = 3;

/// A word made of a run: its text and the byte range of the run it stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LatinWord {
    pub text: String,
    pub start: usize,
    pub end: usize,
    /// Whether this is a part or another spelling of a longer word.
    pub part: bool,
}

/// Whether `c` can join two letters or digits within a run.
pub(crate) fn is_connector(c: char) -> bool {
    matches!(c, '.' | '-' | '_' | '/')
}

/// The one word of a run of small letters and digits, as most are; `None` for any other run.
pub(super) fn only_word(run: &str) -> Option<&str> {
    let is_plain = run.len() <= WORD_BYTES_MAX && run.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    is_plain.then(|| stem(run))
}

/// All words of `run`, the whole first. The run begins and ends with a letter or digit.
pub(super) fn words(run: &str) -> Vec<LatinWord> {
    let mut found = Vec::with_capacity(4);
    let parts = parts(run);
    let whole = run.to_lowercase();
    let single = parts.len() == 1;
    if parts.len() <= WHOLE_PARTS_MAX {
        push(&mut found, &whole, (0, run.len()), false);
    }
    if !single && parts.len() <= JOINED_PARTS_MAX && !whole.contains('/') {
        let joined: String = whole.chars().filter(|&c| !is_connector(c)).collect();
        push(&mut found, &joined, (0, run.len()), true);
    }
    for (start, end) in parts {
        let Some(part) = run.get(start..end) else { continue };
        if !single {
            push(&mut found, &part.to_lowercase(), (start, end), true);
        }
        let humps = humps(part);
        if humps.len() > 1 {
            for (from, to) in humps {
                let hump = part.get(from..to).unwrap_or_default();
                push(&mut found, &hump.to_lowercase(), (start + from, start + to), true);
            }
        }
    }
    found
}

fn push(found: &mut Vec<LatinWord>, lower: &str, (start, end): (usize, usize), part: bool) {
    let text = stem(lower);
    if lower.len() <= WORD_BYTES_MAX && !found.iter().any(|word| word.text == text) {
        found.push(LatinWord { text: text.to_owned(), start, end, part });
    }
}

/// Byte ranges between connectors.
fn parts(run: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for (at, c) in run.char_indices().chain([(run.len(), '-')]) {
        if is_connector(c) {
            if at > start {
                ranges.push((start, at));
            }
            start = at + c.len_utf8();
        }
    }
    ranges
}

/// Byte ranges of the humps of a CamelCase word: `StatefulSet`, `APIServer` -> `API`, `Server`.
/// Digits and a trailing plural s stay with what they follow (`k8s`, `IPv4`, `PVCs` are not cut).
fn humps(word: &str) -> Vec<(usize, usize)> {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut cuts = vec![0];
    for at in 1..chars.len() {
        let (before, here) = (chars[at - 1].1, chars[at].1);
        let next_is_lower = chars.get(at + 1).is_some_and(|&(_, c)| c.is_lowercase());
        let rises = before.is_lowercase() && here.is_uppercase();
        let acronym_ends = before.is_uppercase() && here.is_uppercase() && next_is_lower && at + 2 < chars.len();
        if rises || acronym_ends {
            cuts.push(chars[at].0);
        }
    }
    cuts.push(word.len());
    let ranges: Vec<(usize, usize)> = cuts.windows(2).map(|pair| (pair[0], pair[1])).collect();
    // One-letter humps (`iPhone`, `mTLS`, `macOS`) say that this is a name, not two words.
    if ranges.iter().any(|(from, to)| to - from < 2) { vec![(0, word.len())] } else { ranges }
}

/// Takes the plural s off an English word, as far as that can be told without a dictionary. It is applied to
/// notes and questions alike, so a stem that is no word (`kubernete`) does no harm.
fn stem(word: &str) -> &str {
    let plural = word.len() > 3
        && word.bytes().all(|b| b.is_ascii_lowercase())
        && word.contains(['a', 'e', 'i', 'o', 'u'])
        && !["ss", "us", "is", "as", "os"].iter().any(|end| word.ends_with(end));
    if !plural {
        return word;
    }
    let es = ["sses", "shes", "ches", "xes"].iter().any(|end| word.ends_with(end));
    word.strip_suffix(if es { "es" } else { "s" }).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(run: &str, expected: &[&str]) {
        let made: Vec<String> = words(run).into_iter().map(|word| word.text).collect();
        assert_eq!(made, expected);
        assert!(only_word(run).is_none_or(|only| expected == [only]), "{:?}", only_word(run));
    }

    #[test]
    fn a_compound_gives_whole_joined_and_parts() {
        check("kube-proxy", &["kube-proxy", "kubeproxy", "kube", "proxy"]);
        check("API_SERVER", &["api_server", "apiserver", "api", "server"]);
    }

    #[test]
    fn camel_case_gives_its_humps() {
        check("StatefulSet", &["statefulset", "stateful", "set"]);
        check("APIServer", &["apiserver", "api", "server"]);
    }

    #[test]
    fn names_with_digits_or_one_odd_letter_stay_whole() {
        check("k8s", &["k8s"]);
        check("mTLS", &["mtls"]);
        check("HTTPS", &["https"]);
        check("IPv4", &["ipv4"]);
    }

    #[test]
    fn a_plural_becomes_singular() {
        check("Pods", &["pod"]);
        check("DaemonSets", &["daemonset", "daemon", "set"]);
        check("ingress", &["ingress"]);
        check("classes", &["class"]);
    }

    #[test]
    fn a_path_gives_its_parts() {
        check("etc/kubernetes", &["etc/kubernetes", "etc", "kubernete"]);
        check("a/b/c/d/e/f/g", &["a", "b", "c", "d", "e", "f", "g"]);
    }

    #[test]
    fn a_word_too_long_to_be_asked_for_is_left_out() {
        check(&"x".repeat(WORD_BYTES_MAX + 1), &[]);
    }
}
