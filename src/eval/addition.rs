//! A new question for a file of golden questions: written behind those that are there, which stay as they are.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::golden::{self, Place};
use crate::error::Failure;

/// A golden question to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// What the student types.
    pub ask: String,
    /// Earlier turns of the same conversation, oldest first.
    pub after: Vec<String>,
    /// Where the answer stands; none when the notes do not answer it.
    pub expect: Vec<Place>,
}

impl Addition {
    /// Adds the question to the file at `path`; makes the file, for the notes in `notes`, where there is none. Tells whether
    /// it was added: a question that the file has already is not.
    ///
    /// # Errors
    /// When the file is no file of questions, or cannot be written; it is as it was then.
    pub fn add_to(&self, path: &Path, notes: &Path) -> Result<bool, Failure> {
        let before = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                format!("notes = {}\n", quoted(&notes_from(path, notes).to_string_lossy()))
            }
            Err(error) => return Err(Failure::file(path)(error)),
        };
        let golden = golden::parse(path, &before)?;
        if golden.questions.iter().any(|other| other.ask == self.ask && other.after == self.after) {
            return Ok(false);
        }
        let gap = if before.ends_with('\n') { "\n" } else { "\n\n" };
        let after = before + gap + &self.to_toml();
        golden::parse(path, &after)?;
        write(path, &after)?;
        Ok(true)
    }

    fn to_toml(&self) -> String {
        let list = |items: &mut dyn Iterator<Item = String>| {
            let items: Vec<String> = items.map(|item| quoted(&item)).collect();
            format!("[{}]", items.join(", "))
        };
        let mut lines = vec!["[[question]]".to_owned(), format!("ask = {}", quoted(&self.ask))];
        if !self.after.is_empty() {
            lines.push(format!("after = {}", list(&mut self.after.iter().cloned())));
        }
        lines.push(format!("expect = {}", list(&mut self.expect.iter().map(ToString::to_string))));
        let tags = if self.expect.is_empty() { ["asked", "unanswerable"].as_slice() } else { &["asked"] };
        lines.push(format!("tags = {}", list(&mut tags.iter().map(|&tag| tag.to_owned()))));
        lines.join("\n") + "\n"
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The notes folder as a file of questions names it: from its own folder, where it lies within the notes.
fn notes_from(path: &Path, notes: &Path) -> PathBuf {
    let folder = path.parent().unwrap_or(Path::new(""));
    match folder.strip_prefix(notes) {
        Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Ok(below) => below.components().map(|_| "..").collect(),
        Err(_) => notes.to_owned(),
    }
}

/// Replaces a file as a whole.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    // The folder itself may be new, as eval/ is beside notes; one below a folder that is not there was mistyped.
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        fs::create_dir(folder).map_err(Failure::file(folder))?;
    }
    let aside = path.with_extension("toml.new");
    let written = fs::File::create(&aside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&aside, path)).map_err(|error| {
        let _ = fs::remove_file(&aside);
        Failure::file(path)(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addition(ask: &str) -> Addition {
        Addition {
            ask: ask.to_owned(),
            after: vec!["Pod 是\"啥\"".to_owned()],
            expect: vec![golden::parse_place("a.md#x").unwrap()],
        }
    }

    #[test]
    fn a_question_is_added_behind_the_others_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("eval/questions.toml");
        assert!(addition("那怎么删\\").add_to(&path, folder.path()).unwrap());
        let kept = "# mine\nnotes = \"..\"\n[[question]]\nask = \"一\"\nexpect = []";
        fs::write(&path, kept).unwrap();
        assert!(addition("那怎么删\\").add_to(&path, folder.path()).unwrap());
        assert!(!addition("那怎么删\\").add_to(&path, folder.path()).unwrap(), "it is there");
        assert!(fs::read_to_string(&path).unwrap().starts_with(kept), "what was there stays as it was");
        let golden = golden::read(&path).unwrap();
        let added = golden.questions.last().unwrap();
        assert_eq!((added.ask.as_str(), golden.questions.len()), ("那怎么删\\", 2));
        assert_eq!((&added.after, &added.expect), (&addition("").after, &addition("").expect));
        assert_eq!(golden.notes.canonicalize().unwrap(), folder.path().canonicalize().unwrap());
    }

    #[test]
    fn a_file_that_is_something_else_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        fs::write(&path, "token = 1\n").unwrap();
        assert!(matches!(addition("a").add_to(&path, folder.path()), Err(Failure::Golden { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "token = 1\n");
    }
}
