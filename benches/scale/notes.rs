//! Course notes that nobody wrote: Chinese mixed with English, headings, lists, code, tables, links, and words as unevenly frequent as
//! in any text. Each note has words of its own that few others have. The same number of sections gives the same notes.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::words::{Random, Words, only_name};

/// Notes in one folder.
const IN_FOLDER: usize = 100;
/// Sections of a note: at least, and up to so many more.
const SECTIONS: [usize; 2] = [8, 26];
/// Words that a note has of its own.
const TOPIC: usize = 24;
/// A name that stands in one section alone is in each section with a number of which this is a divisor.
const NAMED: usize = 7;

/// What must be true of an answer.
pub(crate) enum Expected {
    /// A passage under this heading, or under one below it, comes first.
    First(String),
    /// Something is found.
    Something,
}

/// A question with a known answer.
pub(crate) struct Asked {
    pub(crate) text: String,
    pub(crate) expected: Expected,
}

impl Asked {
    #[track_caller]
    pub(crate) fn check(&self, answer: &Value) {
        let fits = match &self.expected {
            Expected::First(heading) => {
                let first = &answer["hits"][0];
                let above = first["trail"].as_array().into_iter().flatten();
                above.chain([&first["heading"]]).any(|above| above == heading.as_str())
            }
            Expected::Something => answer["hits"].as_array().is_some_and(|hits| !hits.is_empty()),
        };
        assert!(fits, "{}: {answer}", self.text);
    }
}

/// What was written.
pub(crate) struct Written {
    pub(crate) notes: usize,
    pub(crate) bytes: u64,
    pub(crate) asked: Vec<Asked>,
}

/// Writes notes of `sections` sections in all into `folder`, and asks about `asked` of them.
pub(crate) fn write(folder: &Path, sections: usize, asked: usize) -> Written {
    let (words, mut random) = (Words::read(), Random(20_260_301));
    let mut written = Written { notes: 0, bytes: 0, asked: Vec::new() };
    let every = (sections / asked.max(1) / NAMED).max(1) * NAMED;
    let mut first = 0;
    while first < sections {
        let count = (SECTIONS[0] + random.below(SECTIONS[1])).min(sections - first);
        let mut note = Note::begin(&words, &mut random, written.notes);
        for section in first..first + count {
            let named = note.section(section);
            if let Some(named) = named.filter(|_| section.is_multiple_of(every) && written.asked.len() < asked) {
                written.asked.push(question(named, &words, note.random, section / every));
            }
        }
        let path = folder.join(path(written.notes));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &note.text).unwrap();
        written.bytes += note.text.len() as u64;
        written.notes += 1;
        first += count;
    }
    written
}

/// Where a note lies.
pub(crate) fn path(number: usize) -> String {
    format!("part-{:04}/note-{number:06}.md", number / IN_FOLDER)
}

/// The section of which a name is known.
struct Named {
    name: String,
    heading: String,
    about: [String; 2],
}

/// A question of one of several kinds. Some have no name, only words that many notes have; one name is misspelt.
fn question(named: Named, words: &Words, random: &mut Random, number: usize) -> Asked {
    let Named { name, heading, about: [one, two] } = named;
    let first = |text: String| Asked { text, expected: Expected::First(heading.clone()) };
    let some = |text: String| Asked { text, expected: Expected::Something };
    match number % 16 {
        0 | 8 => first(format!("{name} 是什么")),
        1 | 9 => first(format!("怎么用 {name} 完成{one}和{two}？")),
        2 | 10 => first(format!("how do I restart {name} when it is pending?")),
        3 | 11 => some(format!("{one}和{two}有什么区别")),
        4 | 12 => first(format!("{name} 的{one}")),
        5 | 13 => first(format!(
            "老师好，昨天我照着教程装好了环境，日志里没有报错，请问 {name} 的{two}应该在哪里改？谢谢老师"
        )),
        6 => first(format!("什么是 {name}？")),
        14 => some(format!("{} 的{one}是怎么回事", name.replacen("ux", "x", 1))),
        _ => some(format!("如何配置 {} 的{}和{two}", words.latin(random), words.noun(random))),
    }
}

/// A note being written.
struct Note<'w> {
    words: &'w Words,
    random: &'w mut Random,
    number: usize,
    topic: Vec<String>,
    text: String,
}

impl<'w> Note<'w> {
    fn begin(words: &'w Words, random: &'w mut Random, number: usize) -> Self {
        let topic = (0..TOPIC).map(|_| words.rare(random).to_owned()).collect();
        let title = format!("# {}{}与 {}\n\n", words.noun(random), words.rare(random), words.latin(random));
        Self { words, random, number, topic, text: title }
    }

    /// Writes a section; tells of it when it has a name.
    fn section(&mut self, section: usize) -> Option<Named> {
        let about = [self.words.noun(self.random).to_owned(), self.words.noun(self.random).to_owned()];
        let level = if self.random.percent(35) { "###" } else { "##" };
        let named = section.is_multiple_of(NAMED);
        let name = only_name(section / NAMED);
        let heading = match self.random.below(10) {
            _ if named => format!("{name} 的{}{}", about[0], about[1]),
            0 => format!("什么是{}？", self.of_topic()),
            1 => format!("如何{}{}", about[0], about[1]),
            2 => "小结".to_owned(),
            3..=5 => format!("{} {}", self.words.latin(self.random), about[0]),
            _ => format!("{}的{}", self.of_topic(), about[0]),
        };
        let _ = write!(self.text, "{level} {heading}\n\n");
        if named {
            let kind = self.of_topic();
            let _ = write!(self.text, "{name} 是一种{kind}，用于{}和{}。", about[0], about[1]);
        }
        self.paragraph(1, 3);
        match self.random.below(20) {
            0..=5 => self.list(),
            6..=9 => self.code(),
            10..=11 => self.table(),
            12..=15 => self.link(),
            16 => self.text.push_str("![示意图](images/overview.png)\n\n"),
            _ => self.paragraph(1, 4),
        }
        named.then_some(Named { name, heading, about })
    }

    fn of_topic(&mut self) -> String {
        self.topic[self.random.below(TOPIC)].clone()
    }

    /// Writes between `least` and `most` sentences.
    fn paragraph(&mut self, least: usize, most: usize) {
        (0..least + self.random.below(most - least + 1)).for_each(|_| self.sentence());
        self.text.push_str("\n\n");
    }

    fn sentence(&mut self) {
        for _ in 0..1 + self.random.below(3) {
            self.phrase();
            self.text.push('，');
        }
        self.phrase();
        self.text.push('。');
    }

    fn phrase(&mut self) {
        for _ in 0..3 + self.random.below(6) {
            self.word();
        }
    }

    fn word(&mut self) {
        let latin = match self.random.below(100) {
            0..=39 => return self.text.push_str(self.words.field(self.random)),
            40..=69 => return self.text.push_str(self.words.common(self.random)),
            70..=81 => {
                let word = self.of_topic();
                return self.text.push_str(&word);
            }
            82..=96 => self.words.latin(self.random).to_owned(),
            _ => self.words.name(self.random),
        };
        let _ = write!(self.text, " {latin} ");
    }

    fn list(&mut self) {
        for _ in 0..2 + self.random.below(5) {
            self.text.push_str("- ");
            self.phrase();
            self.text.push('\n');
        }
        self.text.push('\n');
    }

    fn code(&mut self) {
        self.text.push_str("```bash\n");
        for _ in 0..1 + self.random.below(5) {
            let (verb, kind) = (self.words.latin(self.random), self.words.latin(self.random));
            let name = self.words.name(self.random);
            let _ =
                writeln!(self.text, "kubectl {} {} {name} --namespace={}", verb.to_lowercase(), kind, self.number % 41);
        }
        self.text.push_str("```\n\n");
    }

    fn table(&mut self) {
        self.text.push_str("| 名称 | 说明 |\n|---|---|\n");
        for _ in 0..2 + self.random.below(4) {
            let name = self.words.name(self.random);
            let _ = write!(self.text, "| {name} | ");
            self.phrase();
            self.text.push_str(" |\n");
        }
        self.text.push('\n');
    }

    fn link(&mut self) {
        let to = self.random.below(self.number + 1);
        self.sentence();
        let _ = write!(self.text, "参见[{}](../{})。\n\n", self.words.noun(self.random), path(to));
    }
}
