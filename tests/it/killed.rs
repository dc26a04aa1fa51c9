//! A writer that is killed without warning, at random moments of builds of every kind: questions are answered from a whole
//! generation, and the next build succeeds.
//!
//! `KEWEN_KILLS` is the number of kills, and `KEWEN_SEED` repeats the edits and moments of a run that failed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::incremental::{answers_of, text};
use crate::world::{World, run};

/// Kills when nothing else is asked for.
const KILLS: u64 = 8;
/// Notes at most.
const NOTES: u64 = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Build {
    /// Into an empty folder.
    First,
    /// Of all notes, because the settings have changed, while the generation before answers.
    Full,
    /// Of a few notes; by and by many segments are merged.
    Few,
    /// Of so many notes that the first segment is written anew.
    Many,
}

/// When the writer is killed.
#[derive(Debug)]
enum Moment {
    After(Duration),
    /// So long after a file or folder of the index came about: what takes a hundredth of a build is hardly met by chance.
    AtSight(PathBuf, Duration),
}

impl Moment {
    fn wait(&self, child: &mut Child) {
        match self {
            Self::After(time) => thread::sleep(*time),
            Self::AtSight(path, time) => {
                while !path.exists() && child.try_wait().unwrap().is_none() {
                    thread::yield_now();
                }
                thread::sleep(*time);
            }
        }
    }
}

/// Numbers that look random (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn share(&mut self, whole: Duration) -> Duration {
        whole * u32::try_from(self.below(1001)).unwrap() / 1000
    }
}

/// Notes, settings and what there is to know of them.
struct Course {
    world: World,
    dice: Dice,
    /// Chooses the same notes whatever it is; another number is another selection.
    selection: u64,
    /// How long a build of each kind took that was let alone.
    lengths: BTreeMap<Build, Duration>,
}

impl Course {
    fn new(seed: u64) -> Self {
        let mut course = Self { world: World::new(&[]), dice: Dice(seed), selection: 0, lengths: BTreeMap::new() };
        (0..NOTES).for_each(|number| course.write(number));
        course
    }

    fn path(&self, number: u64) -> PathBuf {
        self.world.notes().join(format!("week{}/{number}.md", number % 5))
    }

    fn write(&mut self, number: u64) {
        let text: String = (0..10).map(|_| text(u32::try_from(self.dice.below(1000)).unwrap())).collect();
        let path = self.path(number);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Changes, adds, moves and removes notes; the first stays, so that there always is one.
    fn edit(&mut self, build: Build) {
        let edits = if build == Build::Few { 1 + self.dice.below(3) } else { NOTES / 2 };
        self.write(0);
        for _ in 0..edits {
            let (number, other) = (1 + self.dice.below(NOTES - 1), 1 + self.dice.below(NOTES - 1));
            match self.dice.below(6) {
                0 => drop(fs::remove_file(self.path(number))),
                1 => drop(fs::rename(self.path(number), self.path(other))),
                _ => self.write(number),
            }
        }
        if build == Build::Full {
            self.selection += 1;
        }
    }

    fn command(&self, arguments: &[&str], index: &Path, selection: u64) -> Command {
        let mut command = self.world.bare_command(arguments);
        command.env("KEWEN_NOTES__EXCLUDE", format!("nothing{selection}.md"));
        command.arg("--notes").arg(self.world.notes()).arg("--index").arg(index);
        command
    }

    /// The answers of an index built from nothing.
    fn expected(&self) -> Vec<Value> {
        let fresh = tempfile::tempdir().unwrap();
        answers_of(self.command(&[], fresh.path(), self.selection)).0
    }

    /// Builds without disturbance.
    #[track_caller]
    fn build(&mut self, build: Build) {
        let started = Instant::now();
        let done = run(self.command(&["index"], &self.world.index(), self.selection), b"");
        assert_eq!(done.code, 0, "{done:?}");
        if !done.stdout.starts_with("Nothing has changed") {
            self.lengths.insert(build, started.elapsed());
        }
    }

    /// The folder of the index, when there is one.
    fn home(&self) -> Option<PathBuf> {
        Some(fs::read_dir(self.world.index()).ok()?.next()?.unwrap().path())
    }

    /// The name of the generation in force; empty for none.
    fn current(&self) -> String {
        self.home().and_then(|home| fs::read_to_string(home.join("CURRENT")).ok()).unwrap_or_default()
    }

    fn moment(&mut self, build: Build) -> Moment {
        let home = self.home().filter(|_| self.dice.below(4) == 0);
        let Some(home) = home else {
            let length = self.lengths[&build];
            return Moment::After(self.dice.share(length + length / 20));
        };
        let number: u64 = self.current().trim_start_matches("gen-").parse().unwrap();
        let seen = ["building", "building/manifest.json", &format!("gen-{:06}", number + 1), "CURRENT.new"]
            [usize::try_from(self.dice.below(4)).unwrap()]
        .to_owned();
        Moment::AtSight(home.join(seen), self.dice.share(Duration::from_millis(8)))
    }

    /// What there is of a killed build.
    fn reached(&self, before: &str, ended: bool) -> &'static str {
        let home = self.home();
        let has = |name: &str| home.as_ref().is_some_and(|home| home.join(name).exists());
        let newer = || {
            let names =
                fs::read_dir(home.as_ref()?).ok()?.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.filter(|name| name.starts_with("gen-")).max()
        };
        match self.current() {
            current if current != before && ended => "had ended",
            current if current != before => "was tidying up",
            _ if has("building") => "was writing",
            current if newer().is_some_and(|newer| newer > current) => "was switching",
            _ if ended => "had nothing to do",
            _ => "was starting",
        }
    }
}

#[expect(clippy::print_stdout, reason = "the figures of a longer run, shown by --nocapture")]
#[test]
fn a_writer_that_is_killed_leaves_a_whole_generation_answering() {
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let (kills, seed) =
        (number("KEWEN_KILLS").unwrap_or(KILLS), number("KEWEN_SEED").unwrap_or(now.subsec_nanos().into()));
    let mut course = Course::new(seed);
    let mut reached: BTreeMap<(&str, Build), u32> = BTreeMap::new();
    for build in [Build::First, Build::Full, Build::Few, Build::Many] {
        course.edit(build);
        course.build(build);
    }
    let mut old = course.expected();
    for round in 0..kills {
        let build =
            [Build::Few, Build::Many, Build::Full, Build::Few, Build::First, Build::Few, Build::Full, Build::Many]
                [usize::try_from(round % 8).unwrap()];
        let selection = course.selection;
        course.edit(build);
        if build == Build::First {
            fs::remove_dir_all(course.world.index()).unwrap();
        }
        let before = course.current();
        let moment = course.moment(build);
        let told = format!("KEWEN_SEED={seed}, kill {round}, {build:?}, {moment:?}");
        let mut writer = course.command(&["index"], &course.world.index(), course.selection);
        let mut writer = writer.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        moment.wait(&mut writer);
        let _ = writer.kill();
        let ended = writer.wait().unwrap().success();
        *reached.entry((course.reached(&before, ended), build)).or_default() += 1;

        let new = course.expected();
        let switched = course.current() != before;
        // The settings before, while their generation is in force: with others one would be built, and nothing would show.
        let selection = if switched { course.selection } else { selection };
        let none = !switched && before.is_empty();
        // A question builds the first index itself, and would leave nothing for the next build to stumble over.
        if !none || round % 16 < 8 {
            let (answers, said) = answers_of(course.command(&[], &course.world.index(), selection));
            assert!(answers == *(if switched || none { &new } else { &old }), "{told}: {answers:#?}");
            let is_right = match said.as_str() {
                "" => !none,
                said if none => said.starts_with("There is no index yet"),
                // What was seen is written last of all.
                said => said.starts_with("Notes have changed since") && said.lines().count() == 1,
            };
            assert!(is_right, "{told}: {said}");
        }

        course.build(build);
        let (answers, said) = answers_of(course.command(&[], &course.world.index(), course.selection));
        assert!(answers == new && said.is_empty(), "{told}: {said}{answers:#?}");
        let home = course.home().unwrap();
        assert!(!home.join("building").exists() && !home.join("CURRENT.new").exists(), "{told}");
        old = new;
    }
    println!("KEWEN_SEED={seed}, {kills} kills, builds of {:?}", course.lengths);
    reached.iter().for_each(|((state, build), count)| println!("{count:4} {build:?}: the writer {state}"));
    let count =
        |wanted: &str| reached.iter().filter(|((state, _), _)| *state == wanted).map(|(_, count)| count).sum::<u32>();
    // A slow machine may kill late or early, but not always.
    assert!(kills < 100 || count("was writing") > 0, "KEWEN_SEED={seed}: no build was met");
}
