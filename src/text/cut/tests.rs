//! Every cut is that of the crate whose dictionary and algorithm these are.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jieba_rs::{Jieba, Token};
use proptest::prelude::*;

use super::*;
use crate::text::dictionary::tests::words_from;
use crate::text::segment::{Run, runs};
use crate::text::{is_han, normalise};

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

fn words(run: &str, spans: Vec<Span>) -> Vec<&str> {
    spans.into_iter().map(|span| span.of(run)).collect()
}

fn spans(tokens: Vec<Token<'_>>) -> Vec<Span> {
    tokens.iter().map(|token| Span::new(token.byte_start, token.byte_end)).collect()
}

/// Whether both cuts of a run are jieba's.
fn is_cut_alike(run: &str) -> bool {
    cut(run) == spans(JIEBA.cut(run, false)) && cut_for_search(run) == spans(JIEBA.cut_for_search(run, false))
}

#[test]
fn the_most_probable_words_win() {
    let check = |run, expected: &[&str]| assert_eq!(words(run, cut(run)), expected);
    check("容器编排的意义", &["容器", "编排", "的", "意义"]);
    check("研究生命起源", &["研究", "生命", "起源"]);
    check("", &[]);
}

#[test]
fn short_words_stand_before_the_long_one_that_holds_them() {
    let check = |run, expected: &[&str]| assert_eq!(words(run, cut_for_search(run)), expected);
    check("计算机科学", &["计算", "算机", "科学", "计算机", "计算机科学"]);
    check("服务器", &["服务", "务器", "服务器"]);
    check("服务", &["服务"]);
}

#[test]
fn of_equally_probable_words_the_longest_wins_up_to_a_character_that_is_in_no_word() {
    // 拉拉+拉 and 拉+拉拉 are equally probable, and rounding would tell them apart if what stands behind 〇 were added.
    for run in ["拉拉拉梦", "拉拉拉梦〇石油管", "矢线人人人々考古题", "\u{30000}拉拉拉梦\u{2A6E0}石油管"]
    {
        assert!(is_cut_alike(run), "{run}: {:?}", words(run, cut(run)));
    }
}

/// Words and their parts, some of them words of the dictionary, frequent characters and any that are Han to us.
fn han_run() -> impl Strategy<Value = String> {
    static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
        let starts = ('\u{4E00}'..='\u{9FFF}').flat_map(words_from);
        // 江南Style is no run of Han characters.
        starts.map(|(word, _)| word).filter(|word| word.chars().all(is_han)).collect()
    });
    let word = (0..WORDS.len()).prop_map(|number| WORDS[number].clone());
    let tail = (word.clone(), 0usize..4).prop_map(|(word, from)| word.chars().skip(from).collect::<String>());
    let part = prop_oneof![
        4 => word,
        2 => tail,
        4 => "[的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长]{1,6}",
        1 => "[\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{F900}-\u{FAFF}\u{20000}-\u{323AF}々〇]{1,3}",
        1 => "[々〇\u{2A6E0}\u{2EBF0}\u{2FA20}\u{323AF}]",
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn any_run_is_cut_as_jieba_cuts_it(run in han_run()) {
        prop_assert!(is_cut_alike(&run), "{:?} and {:?}", words(&run, cut(&run)), JIEBA.cut(&run, false));
    }
}

/// Holds the runs of every text below a folder against jieba; tells how many there were.
fn check_folder(folder: &Path) -> usize {
    let mut checked = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            checked += check_folder(&path);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let text = normalise(&text);
            for run in runs(text.text()) {
                let Run::Han(span) = run else { continue };
                let run = span.of(text.text());
                assert!(is_cut_alike(run), "{}: {run}", path.display());
                checked += 1;
            }
        }
    }
    checked
}

#[test]
fn notes_and_questions_are_cut_as_jieba_cuts_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let checked = check_folder(&root.join("corpus"));
    assert!(checked > 1000, "only {checked} runs");
    for folder in ["notes", "corpora", "eval"].map(|name| root.join("../shared").join(name)) {
        if folder.is_dir() {
            check_folder(&folder);
        }
    }
}
