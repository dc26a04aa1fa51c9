//! One call of git: nobody is asked for anything, it ends in time, and what it says is short and holds no secret.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::GitProblem;
use crate::settings::without_secrets;

/// What is read of either stream; bytes.
const OUTPUT_MAX: u64 = 64 << 10;
/// Length of what is repeated of it; characters.
const REASON_MAX: usize = 300;
/// Pauses between two looks whether git is done.
const FIRST_LOOK: Duration = Duration::from_millis(1);
const NEXT_LOOKS: Duration = Duration::from_millis(50);
/// How long the rest of its output is waited for; a program that git left behind may hold the stream open.
const REST: Duration = Duration::from_secs(1);

/// In which environment variable git finds the address: command lines can be read by every user of a machine.
const ADDRESS: &str = "GIT_KEWEN_ADDRESS";
/// Ways to a repository that git may go, whatever an address leads on to.
const PROTOCOLS: &str = "file:git:http:https:ssh";
/// With these, git would work on another repository than ours, or ask in a window.
const NOT_INHERITED: [&str; 10] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "SSH_ASKPASS",
];
/// Settings of each call: no hooks, notes as they were committed, no link out of the checkout, no process left behind, and an end
/// to transfers that do not move.
const SETTINGS: [&str; 8] = [
    "core.hooksPath=/dev/null",
    "core.autocrlf=false",
    "core.symlinks=false",
    "core.fsmonitor=false",
    "gc.autoDetach=false",
    "maintenance.autoDetach=false",
    "http.lowSpeedLimit=100",
    "http.lowSpeedTime=30",
];
/// ssh asks nobody and does not wait for ever; whoever set another command for git keeps it.
const SSH: &str = "core.sshCommand=ssh -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=15";

/// How git is called on one checkout.
pub(super) struct Git<'g> {
    /// The checkout.
    pub folder: &'g Path,
    /// The address of its repository.
    pub address: &'g str,
    /// How long a call may take.
    pub timeout: Duration,
    /// Whether kewen is told to end.
    pub is_ended: &'g dyn Fn() -> bool,
}

/// What a call came to.
#[derive(Debug)]
pub(super) struct Done {
    /// Whether git was content.
    pub is_well: bool,
    pub stdout: String,
    stderr: String,
}

impl Git<'_> {
    /// Fetches from the repository, which must go well.
    pub(super) fn fetch(&self, options: &[&str], refspec: &str) -> Result<(), GitProblem> {
        let set = self.call(&["config", "--get", "core.sshCommand"])?;
        let ssh = if set.stdout.trim().is_empty() { &["-c", SSH][..] } else { &[] };
        let fetch = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules"];
        self.must(&[ssh, &fetch, options, &["origin", refspec]].concat()).map(|_| ())
    }

    /// Calls git, which must be content; gives what it says.
    pub(super) fn must(&self, arguments: &[&str]) -> Result<String, GitProblem> {
        let done = self.call(arguments)?;
        if done.is_well { Ok(done.stdout) } else { Err(GitProblem::Refused(self.reason(&done.stderr))) }
    }

    /// Calls git.
    pub(super) fn call(&self, arguments: &[&str]) -> Result<Done, GitProblem> {
        let mut child = self.command(arguments).spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => GitProblem::NoProgram(error.to_string()),
            _ => GitProblem::Refused(error.to_string()),
        })?;
        let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
        let status = self.wait(&mut child)?;
        let text = |stream: Receiver<String>| stream.recv_timeout(REST).unwrap_or_default();
        Ok(Done { is_well: status.success(), stdout: text(stdout), stderr: text(stderr) })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        // Both are named, so that git never looks for a repository further up.
        command.arg("-C").arg(self.folder).args(["--git-dir=.git", "--work-tree=."]);
        command.arg(format!("--config-env=remote.origin.url={ADDRESS}")).env(ADDRESS, self.address);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command.args(arguments);
        NOT_INHERITED.iter().for_each(|name| {
            command.env_remove(name);
        });
        for (name, value) in [
            ("LC_ALL", "C"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GCM_INTERACTIVE", "never"),
            ("SSH_ASKPASS_REQUIRE", "never"),
            ("GIT_ALLOW_PROTOCOL", PROTOCOLS),
            ("GIT_LFS_SKIP_SMUDGE", "1"),
            ("GIT_OPTIONAL_LOCKS", "0"),
        ] {
            command.env(name, OsStr::new(value));
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Waits for the end of a call; one that takes too long is killed.
    fn wait(&self, child: &mut Child) -> Result<ExitStatus, GitProblem> {
        let started = Instant::now();
        let mut pause = FIRST_LOOK;
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) => {}
                Err(error) => return Err(GitProblem::Refused(error.to_string())),
            }
            let is_ended = (self.is_ended)();
            if is_ended || started.elapsed() > self.timeout {
                let _ = child.kill();
                let _ = child.wait();
                return Err(if is_ended { GitProblem::Ended } else { GitProblem::TimeOut(self.timeout.as_secs()) });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(NEXT_LOOKS);
        }
    }

    /// The line that says best why git is not content.
    fn reason(&self, said: &str) -> String {
        let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
        let is_plain = |line: &&str| ["fatal:", "error:", "ERROR:"].iter().any(|mark| line.starts_with(mark));
        let line = lines().find(is_plain).or_else(|| lines().next_back()).unwrap_or("git gives no reason");
        without_secrets(line, self.address).chars().take(REASON_MAX).collect()
    }
}

/// Reads a stream to its end, and gives its beginning.
fn collect(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.by_ref().take(OUTPUT_MAX).read_to_end(&mut bytes);
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}
