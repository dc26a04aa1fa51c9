//! A real Git repository, and somebody who pushes into it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::world::{Run, World, run};

/// A world whose notes come from `remote.git`; `work/` is the author's clone.
pub(super) struct Repository {
    pub(super) world: World,
}

impl Repository {
    /// A repository with this note in its folder `notes`, and a kewen.toml that names it.
    #[track_caller]
    pub(super) fn with(note: &str) -> Self {
        let repository = Self { world: World::new(&[]) };
        repository.git(&["init", "--quiet", "--bare", "-b", "main", "remote.git"]);
        repository.git(&["init", "--quiet", "-b", "main", "work"]);
        repository.git(&["-C", "work", "remote", "add", "origin", "../remote.git"]);
        // More than one commit, so that a shallow checkout is one.
        repository.push("notes/a.md", "# 空\n");
        repository.push("notes/a.md", note);
        let address = repository.world.path("remote.git");
        repository.settings(&format!("url = {address:?}\nfolder = \"notes\"\ntimeout = 60\n"));
        repository
    }

    /// Writes kewen.toml with these settings of `[notes.git]`.
    #[track_caller]
    pub(super) fn settings(&self, git: &str) {
        self.world.write("kewen.toml", format!("[index]\ndir = \"index\"\n\n[notes.git]\n{git}"));
    }

    #[track_caller]
    pub(super) fn git(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("git");
        command.current_dir(self.world.path("")).args(arguments);
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", self.world.path(""));
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "A").env(format!("GIT_{who}_EMAIL"), "a@example.org");
        }
        let output = command.output().unwrap_or_else(|error| panic!("these tests need git on the path: {error}"));
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        output
    }

    #[track_caller]
    fn commit(&self, options: &[&str], path: &str, text: &str) {
        self.world.write(&format!("work/{path}"), text);
        self.git(&["-C", "work", "add", "--all"]);
        self.git(&[&["-C", "work", "commit", "--quiet", "-m", "notes"], options].concat());
    }

    #[track_caller]
    pub(super) fn push(&self, path: &str, text: &str) {
        self.commit(&[], path, text);
        self.git(&["-C", "work", "push", "--quiet", "origin", "main"]);
    }

    /// Replaces the last commit of the branch by another one.
    #[track_caller]
    pub(super) fn push_by_force(&self, path: &str, text: &str) {
        self.commit(&["--amend"], path, text);
        self.git(&["-C", "work", "push", "--quiet", "--force", "origin", "main"]);
    }

    /// kewen without any folder named.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        self.world.bare_command(arguments)
    }

    #[track_caller]
    pub(super) fn kewen(&self, arguments: &[&str]) -> Run {
        run(self.command(arguments), b"")
    }

    /// Runs `kewen index`, which must end so and say so.
    #[track_caller]
    pub(super) fn index(&self, code: i32, said: &str) {
        let run = self.kewen(&["index"]);
        assert!(run.code == code && (run.stdout.clone() + &run.stderr).contains(said), "{said:?} is not in {run:?}");
    }

    /// What is answered shows this text.
    #[track_caller]
    pub(super) fn answers(&self, text: &str) {
        let run = self.kewen(&["ask", "Pod 是什么"]);
        assert!(run.code == 0 && run.stdout.contains(text), "{text:?} is not in {run:?}");
    }

    /// The checkout's folder.
    #[track_caller]
    pub(super) fn checkout(&self) -> PathBuf {
        let entries = fs::read_dir(self.world.path("index/checkouts")).unwrap();
        let folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
        let [folder] = folders.as_slice() else { panic!("{folders:?}") };
        folder.clone()
    }

    /// Puts a program of the name git before the real one on the path of `command`.
    #[cfg(unix)]
    #[track_caller]
    pub(super) fn shadow_git(&self, command: &mut Command, script: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = self.world.path("bin");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("git"), script).unwrap();
        fs::set_permissions(folder.join("git"), fs::Permissions::from_mode(0o755)).unwrap();
        let path = std::env::var_os("PATH").unwrap();
        let paths: Vec<PathBuf> = std::iter::once(folder).chain(std::env::split_paths(&path)).collect();
        command.env("PATH", std::env::join_paths(paths).unwrap());
    }
}
