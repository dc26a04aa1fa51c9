//! The words of notes that nobody wrote: those of the sample notes and of jieba's dictionary, each as often as it occurs there, and
//! names that are put together from syllables.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use jieba_rs::Jieba;
use kewen::corpus::{Selection, read_note, walk};
use kewen::text::is_han;

/// Larger notes are not read; bytes.
const NOTE_BYTES_MAX: u64 = 1 << 24;
/// Names of the long tail: version numbers, hosts, products, whatever a note mentions and hardly any other does.
const NAMES: usize = 200_000;
/// None is one of pinyin, so that a misspelt name is not taken for that.
const SYLLABLES: [&str; 60] = [
    "bal", "ber", "bix", "bol", "cam", "cer", "cor", "dal", "der", "dex", "dom", "fal", "fer", "fin", "gal", "gol",
    "gim", "hal", "hel", "hom", "jas", "jer", "kal", "kem", "kir", "kov", "lam", "ler", "lim", "lor", "mal", "mer",
    "mix", "mol", "nar", "nel", "nim", "nor", "pal", "per", "pix", "pol", "ral", "rem", "ric", "ros", "sal", "ser",
    "sim", "sol", "tal", "ter", "tim", "tor", "val", "ver", "vim", "vol", "zel", "zor",
];

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// Whether something happens that happens so many times in a hundred.
    pub(crate) fn percent(&mut self, times: usize) -> bool {
        self.below(100) < times
    }
}

/// Things that are drawn as often as they weigh.
struct Urn<T> {
    things: Vec<T>,
    sums: Vec<u64>,
}

impl<T> Urn<T> {
    fn of(weighed: impl IntoIterator<Item = (T, u64)>) -> Self {
        let (mut things, mut sums, mut sum) = (Vec::new(), Vec::new(), 0);
        for (thing, weight) in weighed {
            sum += weight;
            things.push(thing);
            sums.push(sum);
        }
        Self { things, sums }
    }

    fn draw(&self, random: &mut Random) -> &T {
        let drawn = random.next() % self.sums.last().copied().unwrap_or(1);
        &self.things[self.sums.partition_point(|sum| *sum <= drawn)]
    }
}

/// All words.
pub(crate) struct Words {
    /// Han words of the sample notes, function words among them.
    field: Urn<String>,
    /// Latin words of the sample notes.
    latin: Urn<String>,
    /// Han words of the dictionary.
    common: Urn<String>,
    /// Those of two to four characters, each as likely as any other.
    rare: Vec<String>,
    /// Numbers of names, by Zipf's law.
    names: Urn<usize>,
}

impl Words {
    /// Reads them.
    pub(crate) fn read() -> Self {
        let jieba = Jieba::new();
        let (mut han, mut latin) = (BTreeMap::<String, u64>::new(), BTreeMap::<String, u64>::new());
        let found = walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), &Selection::default()).unwrap();
        for note in found.files.into_iter().filter_map(|file| read_note(&file.path, file.id, NOTE_BYTES_MAX).ok()) {
            for run in note.text.split(|c| !is_han(c)).filter(|run| !run.is_empty()) {
                let words = jieba.cut(run, false).into_iter();
                words.for_each(|token| *han.entry(token.word.to_owned()).or_default() += 1);
            }
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
            for word in note.text.split(|c| !is_word(c)).filter(|word| word.len() > 1 && !word.starts_with('-')) {
                *latin.entry(word.trim_end_matches('-').to_owned()).or_default() += 1;
            }
        }
        let dictionary = dictionary();
        let is_rare = |word: &String| (2..=4).contains(&word.chars().count());
        Self {
            field: Urn::of(han),
            latin: Urn::of(latin),
            rare: dictionary.iter().map(|(word, _)| word.clone()).filter(is_rare).collect(),
            common: Urn::of(dictionary),
            names: Urn::of((0..NAMES).map(|number| (number, u64::MAX / 1024 / (number as u64 + 50) / 16))),
        }
    }

    /// A word of the field.
    pub(crate) fn field(&self, random: &mut Random) -> &str {
        self.field.draw(random)
    }

    /// A word of the field of two or more characters.
    pub(crate) fn noun(&self, random: &mut Random) -> &str {
        (0..50).map(|_| self.field(random)).find(|word| word.chars().nth(1).is_some()).unwrap_or("容器")
    }

    /// A Latin word of the field.
    pub(crate) fn latin(&self, random: &mut Random) -> &str {
        self.latin.draw(random)
    }

    /// Any word, as often as people write it.
    pub(crate) fn common(&self, random: &mut Random) -> &str {
        self.common.draw(random)
    }

    /// Any word of the dictionary.
    pub(crate) fn rare(&self, random: &mut Random) -> &str {
        &self.rare[random.below(self.rare.len())]
    }

    /// A name of the long tail.
    pub(crate) fn name(&self, random: &mut Random) -> String {
        let number = *self.names.draw(random);
        format!("{}-{}", spelt(number, 2), number % 97)
    }
}

/// A name that no other number has; there are 216,000.
pub(crate) fn only_name(number: usize) -> String {
    // Neighbours are to have names that are not alike: the factor has no divisor in common with the number of names.
    spelt(number.wrapping_mul(7_368_787) % SYLLABLES.len().pow(3), 3) + "ux"
}

fn spelt(number: usize, syllables: usize) -> String {
    let digits = (0..syllables).scan(number, |rest, _| {
        let digit = *rest % SYLLABLES.len();
        *rest /= SYLLABLES.len();
        Some(SYLLABLES[digit])
    });
    digits.collect()
}

/// The Han words of jieba's dictionary and how often each occurs.
fn dictionary() -> Vec<(String, u64)> {
    let text = fs::read_to_string(dictionary_file()).expect("jieba's dictionary");
    let words = text.lines().filter_map(|line| {
        let mut parts = line.split_whitespace();
        Some((parts.next()?.to_owned(), parts.next()?.parse().ok()?))
    });
    words.filter(|(word, _): &(String, u64)| word.chars().all(is_han)).collect()
}

/// Where it lies in the package, which Cargo tells for a manifest that names nothing else.
fn dictionary_file() -> PathBuf {
    let asking = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"asking\"\nversion = \"0.0.0\"\n[lib]\npath = \"none.rs\"\n[workspace]\n\
                    [dependencies]\njieba-rs = { version = \"*\", default-features = false }\n";
    fs::write(asking.path().join("Cargo.toml"), manifest).unwrap();
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"), asking.path().join("Cargo.lock")).unwrap();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let told = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(asking.path())
        .output()
        .expect("Cargo runs");
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).expect("Cargo tells where packages are");
    let packages = told["packages"].as_array().into_iter().flatten();
    let jieba = packages.into_iter().find(|package| package["name"] == "jieba-rs").expect("jieba-rs is there");
    Path::new(jieba["manifest_path"].as_str().unwrap_or_default()).with_file_name("src/data/dict.txt")
}
