//! Prepares what would take every process time to read: the dictionary by which Han text is cut, in the form of
//! `src/text/dictionary.rs`, the lexicons that are compiled in, in that of `src/text/lexicon/prepared.rs`, and lists of words and the
//! default settings, in those of `build/words.rs`.
//!
//! The dictionary's words are jieba's. They come with the package `jieba-rs`, whose version is that of `Cargo.lock`.

#![expect(clippy::expect_used, reason = "a build ends by a panic")]
#![expect(
    dead_code,
    unreachable_pub,
    unused_imports,
    unused_macros,
    reason = "of the library's files not all is used here"
)]

#[path = "src/text/han.rs"]
mod han;
#[path = "src/text/normalise.rs"]
mod normalise;
#[path = "src/text/lexicon/prepared.rs"]
mod prepared;
#[path = "src/text/pinyin.rs"]
mod readings;
#[path = "src/text/span.rs"]
mod span;
#[path = "src/text/table.rs"]
mod table;
#[path = "build/words.rs"]
mod words;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use han::is_han;
use normalise::fold;
use prepared::Prepared;
use span::Span;
use words::Made;

const PACKAGE: &str = "jieba-rs";
const FILE: &str = "src/data/dict.txt";
/// Makes of a file what is read at run time.
type Prepare = fn(&Path) -> Made;

/// Files of TOML, what prepares each, and the name of what is made of it.
const PREPARED: [(&str, Prepare, &str); 5] = [
    ("src/text/stopwords.toml", words::stop_words, "stopwords.table"),
    ("src/query/asks.toml", words::asks, "asks.table"),
    ("src/query/intents.toml", words::as_json, "intents.json"),
    ("src/query/quantities.toml", words::as_json, "quantities.json"),
    ("kewen.example.toml", words::as_json, "settings.json"),
];

/// A word in UTF-16, of which none needs more than one unit for a character, and how often it occurs.
type Word = (Vec<u16>, u64);

fn main() {
    let own = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("Cargo names the package's folder"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo names a folder for what is made"));
    let file = package_folder(&own, &out).join(FILE);
    println!("cargo::rerun-if-changed={}", file.display());
    let sources = ["han.rs", "normalise.rs", "pinyin.rs", "span.rs", "table.rs", "simplified.txt", "lexicon"]
        .map(|name| format!("src/text/{name}"));
    for seen in sources.iter().map(String::as_str).chain(["build.rs", "build", "Cargo.lock"]) {
        println!("cargo::rerun-if-changed={seen}");
    }
    let text = fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!(
            "{} cannot be read ({error}): it is the dictionary of {PACKAGE}; `cargo fetch` brings the package back",
            file.display()
        )
    });
    for (source, prepare, made) in PREPARED {
        println!("cargo::rerun-if-changed={source}");
        write(&out, made, &prepare(&own.join(source)));
    }
    write(&out, "syllables.table", &words::syllables());
    link_at_fixed_address();
    let nodes = trie(&dictionary(&text));
    let bytes: Vec<u8> = nodes.into_iter().flat_map(u64::to_le_bytes).collect();
    fs::write(out.join("dictionary"), bytes).expect("the dictionary can be written");
    for name in ["everyday", "cloud_native"] {
        let source =
            fs::read_to_string(own.join(format!("src/text/lexicon/{name}.toml"))).expect("the lexicon is there");
        let prepared = Prepared::new(&source).expect("the lexicon is one");
        let Prepared { text, places } = &prepared;
        write(&out, &format!("{name}.lexicon"), &Made { text: text.to_string(), places: Some(places.to_vec()) });
        write(&out, &format!("{name}_readings.table"), &words::readings(&prepared));
    }
}

/// Writes what is read at run time, and beside it the places of its words.
fn write(out: &Path, file: &str, Made { text, places }: &Made) {
    fs::write(out.join(file), text).expect("a list of words can be written");
    if let Some(places) = places {
        fs::write(out.join(file).with_extension("places"), places.as_flattened()).expect("places can be written");
    }
}

/// Links the released program so that it need not be told where it was loaded. Else the system's loader writes 59,000 addresses into
/// it before it begins, in 250 pages of memory that nothing else would touch: a sixth of the time of an answer. What is lost is that
/// the program's own code lies elsewhere in each process; libraries, stack and heap do all the same.
fn link_at_fixed_address() {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|set| set == value);
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// The folder of the package with the dictionary, as Cargo tells it.
///
/// It is asked about a package that needs nothing else: for this one it would want all packages of tests and of other platforms to
/// be there as well, which a mere build does not bring.
fn package_folder(own: &Path, out: &Path) -> PathBuf {
    let asking = out.join("asking");
    let manifest = format!(
        "[package]\nname = \"asking\"\nversion = \"0.0.0\"\n[lib]\npath = \"none.rs\"\n[workspace]\n\
         [dependencies]\n{PACKAGE} = {{ version = \"*\", default-features = false }}\n"
    );
    fs::create_dir_all(&asking).expect("a folder can be made");
    fs::write(asking.join("Cargo.toml"), manifest).expect("a manifest can be written");
    fs::copy(own.join("Cargo.lock"), asking.join("Cargo.lock")).expect("Cargo.lock is there");
    let asked = Command::new(env::var_os("CARGO").expect("Cargo names itself"))
        .args(["metadata", "--format-version", "1", "--offline", "--manifest-path"])
        .arg(asking.join("Cargo.toml"))
        .current_dir(own)
        .output()
        .expect("Cargo runs");
    let told: serde_json::Value = serde_json::from_slice(&asked.stdout).unwrap_or_default();
    let packages = told["packages"].as_array().into_iter().flatten();
    let manifest =
        packages.into_iter().find(|package| package["name"] == PACKAGE).and_then(|it| it["manifest_path"].as_str());
    let folder = manifest.and_then(|path| Path::new(path).parent()).map(Path::to_owned);
    folder.unwrap_or_else(|| {
        let said = String::from_utf8_lossy(&asked.stderr);
        panic!("Cargo does not tell where {PACKAGE} is, whose dictionary is needed; `cargo fetch` brings it.\n{said}")
    })
}

/// The words of a dictionary with a line for each: the word, how often it occurs, what it is. Sorted.
fn dictionary(text: &str) -> Vec<Word> {
    let word = |line: &str| {
        let mut parts = line.split_whitespace();
        Some((parts.next()?.encode_utf16().collect(), parts.next()?.parse().ok()?))
    };
    let mut words: Vec<Word> =
        text.lines().map(|line| word(line).unwrap_or_else(|| panic!("{line:?} is no line of a dictionary"))).collect();
    words.sort_unstable();
    let fits = |(word, often): &Word| {
        (1..1 << 24).contains(often) && String::from_utf16(word).is_ok_and(|it| it.chars().count() == word.len())
    };
    assert!(words.iter().all(fits), "a word has a character beyond the basic plane or occurs too often");
    assert!(words.windows(2).all(|pair| pair[0].0 != pair[1].0), "a word stands in the dictionary twice");
    words
}

/// All beginnings of the words, the short ones first: see `src/text/dictionary.rs`.
fn trie(words: &[Word]) -> Vec<u64> {
    let mut beginnings = VecDeque::new();
    let mut rest = words;
    for first in 0..=u16::MAX {
        let begin = rest.iter().take_while(|(word, _)| word.first() == Some(&first)).count();
        let (these, others) = rest.split_at(begin);
        beginnings.push_back((first, 1, these));
        rest = others;
    }
    let mut nodes = Vec::new();
    let mut children = beginnings.len() as u64;
    while let Some((last, length, words)) = beginnings.pop_front() {
        let (often, longer) = match words.split_first() {
            Some(((word, often), longer)) if word.len() == length => (*often, longer),
            _ => (0, words),
        };
        nodes.push(u64::from(last) << 48 | often << 24 | children);
        for these in longer.chunk_by(|(a, _), (b, _)| a[length] == b[length]) {
            beginnings.push_back((these[0].0[length], length + 1, these));
            children += 1;
        }
    }
    assert!(children < 1 << 24, "too many words");
    nodes.push(children);
    nodes[0] = words.iter().map(|(_, often)| often).sum();
    nodes
}
