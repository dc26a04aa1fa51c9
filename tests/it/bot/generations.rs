//! The index changes beside the running bot, and searches that take as long as a test likes.

use std::time::{Duration, Instant};

use super::{ANSWER, QUESTION, Stage};
use crate::discord::Said;

/// Asks and waits for the answer as the `count`th message; gives how long it took.
#[track_caller]
fn ask(stage: &Stage, question: &str, count: usize) -> Duration {
    let asked = Instant::now();
    stage.discord.say(Said::mention(question));
    stage.discord.wait_for_shown(count);
    asked.elapsed()
}

#[track_caller]
fn assert_last_shows(stage: &Stage, text: &str) {
    super::assert_shows(stage.discord.shown().last().unwrap(), text);
}

#[test]
fn a_new_generation_is_seen_by_the_next_question() {
    let stage = Stage::new();
    ask(&stage, QUESTION, 1);
    assert_last_shows(&stage, ANSWER);
    stage.world.write("notes/b.md", "# 网络\n\n## kube-proxy 是干啥用的？\n\nkube-proxy 在每个节点上写转发规则。\n");
    stage.world.build();
    let took = ask(&stage, QUESTION, 2);
    assert_last_shows(&stage, "在每个节点上写转发规则");
    assert!(took < Duration::from_secs(1), "{took:?}");
    stage.bot.end();
    assert_eq!(stage.discord.shown().len(), 2);
}

#[test]
fn a_new_generation_with_another_lexicon_is_seen_by_the_next_question() {
    let stage = Stage::new();
    ask(&stage, "小邮差是干啥用的", 1);
    assert!(!stage.discord.shown()[0].text().contains(ANSWER), "{:#?}", stage.discord.shown());
    stage.world.write("notes/lexicon.toml", "[[term]]\nname = \"kube-proxy\"\nalso = [\"小邮差\"]\n");
    stage.world.build();
    let took = ask(&stage, "小邮差是干啥用的", 2);
    assert_last_shows(&stage, ANSWER);
    assert!(took < Duration::from_secs(1), "{took:?}");
    stage.bot.end();
}

#[test]
fn a_lexicon_that_is_broken_meanwhile_leaves_the_old_one_in_force() {
    let stage = Stage::new();
    stage.world.write("notes/lexicon.toml", "[[term]\n");
    ask(&stage, QUESTION, 1);
    assert_last_shows(&stage, ANSWER);
    stage.bot.end();
}

#[test]
fn an_index_that_is_deleted_meanwhile_is_still_answered_from() {
    let stage = Stage::new();
    std::fs::remove_dir_all(stage.world.index()).unwrap();
    ask(&stage, QUESTION, 1);
    assert_last_shows(&stage, ANSWER);
    stage.bot.end();
}

#[cfg(unix)]
pub(super) use stall::Stall;

#[cfg(unix)]
mod stall {
    //! The next search reads the name of the current generation from a pipe, and waits there.

    use std::fs::{self, File, OpenOptions};
    use std::io::Write as _;
    use std::path::PathBuf;
    use std::process::Command;
    use std::sync::mpsc::{Receiver, channel};
    use std::thread;

    use crate::discord::PATIENCE;
    use crate::world::World;

    /// A search that waits until it is released.
    pub(crate) struct Stall {
        pointer: PathBuf,
        generation: String,
        /// The pipe's writing end, there once a search reads.
        reached: Receiver<File>,
    }

    impl Stall {
        /// The next search of an index that is there waits.
        #[track_caller]
        pub(crate) fn set(world: &World) -> Self {
            let homes: Vec<PathBuf> = fs::read_dir(world.index()).unwrap().map(|home| home.unwrap().path()).collect();
            let [home] = homes.as_slice() else { panic!("{homes:?}") };
            let pointer = home.join("CURRENT");
            let generation = fs::read_to_string(&pointer).unwrap();
            fs::remove_file(&pointer).unwrap();
            assert!(Command::new("mkfifo").arg(&pointer).status().unwrap().success());
            let (sender, reached) = channel();
            let pipe = pointer.clone();
            // Opening blocks until somebody reads. When nobody ever does, the thread ends with the tests.
            thread::spawn(move || {
                let opened = OpenOptions::new().write(true).open(pipe).unwrap();
                let _ = sender.send(opened);
            });
            Self { pointer, generation, reached }
        }

        /// Waits until a search waits.
        #[track_caller]
        pub(crate) fn wait_until_reached(&self) -> Reached<'_> {
            let pipe = self.reached.recv_timeout(PATIENCE).expect("no search was begun");
            Reached { pipe, stall: self }
        }

        /// Waits until a search waits, and lets it go on; those behind it do not wait any more.
        #[track_caller]
        pub(crate) fn release(self) {
            self.wait_until_reached().release();
        }
    }

    /// A search that waits.
    pub(crate) struct Reached<'s> {
        pipe: File,
        stall: &'s Stall,
    }

    impl Reached<'_> {
        #[track_caller]
        pub(crate) fn release(mut self) {
            fs::remove_file(&self.stall.pointer).unwrap();
            fs::write(&self.stall.pointer, &self.stall.generation).unwrap();
            self.pipe.write_all(self.stall.generation.as_bytes()).unwrap();
        }
    }
}
