//! The next search reads the name of the current generation from a pipe, and waits there.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use crate::discord::PATIENCE;
use crate::world::World;

/// The folder of the one index of a world.
#[track_caller]
fn home(world: &World) -> PathBuf {
    let homes: Vec<PathBuf> = fs::read_dir(world.index()).unwrap().map(|home| home.unwrap().path()).collect();
    let [home] = homes.as_slice() else { panic!("{homes:?}") };
    home.clone()
}

/// The next build reads which files were seen from a pipe, and waits until somebody writes into it.
#[track_caller]
pub(super) fn held_up(world: &World) -> PathBuf {
    let pipe = home(world).join("seen.json");
    fs::remove_file(&pipe).unwrap();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    pipe
}

/// A search that waits until it is released.
pub(super) struct Stall {
    pointer: PathBuf,
    generation: String,
    /// The pipe's writing end, there once a search reads.
    reached: Receiver<File>,
}

impl Stall {
    /// The next search of an index that is there waits.
    #[track_caller]
    pub(super) fn set(world: &World) -> Self {
        let pointer = home(world).join("CURRENT");
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
    pub(super) fn wait_until_reached(&self) -> Reached<'_> {
        let pipe = self.reached.recv_timeout(PATIENCE).expect("no search was begun");
        Reached { pipe, stall: self }
    }

    /// Waits until a search waits, and lets it go on; those behind it do not wait any more.
    #[track_caller]
    pub(super) fn release(self) {
        self.wait_until_reached().release();
    }
}

/// A search that waits.
pub(super) struct Reached<'s> {
    pipe: File,
    stall: &'s Stall,
}

impl Reached<'_> {
    #[track_caller]
    pub(super) fn release(mut self) {
        fs::remove_file(&self.stall.pointer).unwrap();
        fs::write(&self.stall.pointer, &self.stall.generation).unwrap();
        self.pipe.write_all(self.stall.generation.as_bytes()).unwrap();
    }
}
