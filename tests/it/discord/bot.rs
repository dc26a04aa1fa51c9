//! The bot under test: the real program, its log, and what must be true of every run when it ends.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::state::{Fake, PATIENCE};
use super::{Discord, TOKEN};
use crate::world::World;

/// By then the bot has ended once it was told to, whatever it was doing.
const ENDS_WITHIN: Duration = Duration::from_secs(5);

/// A bot that runs.
pub(crate) struct Bot {
    child: Child,
    log: Arc<Log>,
    readers: Vec<JoinHandle<()>>,
    fake: Arc<Fake>,
    /// Whether it was looked at already how it ended.
    is_judged: bool,
}

/// How a bot ended.
#[derive(Debug)]
pub(crate) struct Exit {
    /// `None` when a signal killed it.
    pub(crate) code: Option<i32>,
    /// Both streams.
    pub(crate) log: String,
    /// Since the moment in which the wait began.
    pub(crate) took: Duration,
}

/// The lines of both streams.
#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    changed: Condvar,
}

impl Bot {
    /// `kewen bot` on this world's notes, at this Discord.
    #[track_caller]
    pub(crate) fn start(world: &World, discord: &Discord) -> Self {
        Self::start_with(world, discord, |_| {})
    }

    /// As [`Bot::start`], with a change to the command.
    #[track_caller]
    pub(crate) fn start_with(world: &World, discord: &Discord, change: impl FnOnce(&mut Command)) -> Self {
        Self::start_command(world.command(&["bot"]), discord, change)
    }

    /// As [`Bot::start`], on the notes that the world's kewen.toml names.
    #[track_caller]
    pub(crate) fn start_bare(world: &World, discord: &Discord) -> Self {
        Self::start_command(world.bare_command(&["bot"]), discord, |_| {})
    }

    #[track_caller]
    fn start_command(mut command: Command, discord: &Discord, change: impl FnOnce(&mut Command)) -> Self {
        command.env("KEWEN_DISCORD__TOKEN", TOKEN).env("KEWEN_DISCORD__API_BASE", discord.address());
        // A client that asks the real Discord by way of the environment's proxy comes here, and is complained about.
        command.env("HTTPS_PROXY", discord.address());
        // One member of a test asks faster than people do.
        command.env("KEWEN_DISCORD__LIMITS__MEMBER", "0").env("KEWEN_DISCORD__LIMITS__CHANNEL", "0");
        change(&mut command);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (log, fake) = (Arc::new(Log::default()), Arc::clone(&discord.fake));
        fake.with(|state| state.bot_is_gone = false);
        let stderr = child.stderr.take().unwrap();
        let readers = vec![log.follow(child.stdout.take().unwrap(), None), log.follow(stderr, Some(Arc::clone(&fake)))];
        Self { child, log, readers, fake, is_judged: false }
    }

    /// Waits until the log holds `part`.
    #[track_caller]
    pub(crate) fn wait_for_log(&self, part: &str) {
        let until = Instant::now() + PATIENCE;
        let mut lines = self.log.lines.lock().unwrap();
        while !lines.iter().any(|line| line.contains(part)) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let text = lines.join("\n");
                drop(lines);
                panic!("the log does not say {part:?}\n{text}");
            }
            lines = self.log.changed.wait_timeout(lines, left).unwrap().0;
        }
    }

    /// The log so far.
    pub(crate) fn log(&self) -> String {
        self.log.text()
    }

    /// Sends a signal, such as `TERM`.
    #[cfg(unix)]
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.child.id())).status().unwrap();
        assert!(sent.success(), "SIG{name} could not be sent");
    }

    /// Anonymous memory that the bot holds; bytes.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub(crate) fn anonymous_bytes(&self) -> u64 {
        let rollup = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).unwrap();
        let line = rollup.lines().find_map(|line| line.strip_prefix("Anonymous:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Time for which processors have worked for the bot, threads that have ended included; to 10 ms.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub(crate) fn processor_time(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // Behind the name, which may hold anything: the 12th and 13th, in hundredths of a second.
        let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Waits until the bot ends by itself.
    #[track_caller]
    pub(crate) fn exit(mut self) -> Exit {
        self.judge(|_| {})
    }

    /// Tells the bot to end, and sees to it that it does so quickly and in peace.
    ///
    /// serenity looks whether it shall end only between two frames, or after half a second without any. Frames that
    /// mean nothing spare each test that half second; [`Bot::exit`] does without them.
    #[track_caller]
    pub(crate) fn end(mut self) {
        #[cfg(unix)]
        self.signal("TERM");
        #[cfg(not(unix))]
        self.child.kill().unwrap();
        let exit = self.judge(|fake| fake.with(|state| state.gateway.acknowledge_all()));
        assert!(cfg!(not(unix)) || exit.code == Some(0), "{:?}\n{}", exit.code, exit.log);
        assert!(exit.took < ENDS_WITHIN, "it took {:?} to end\n{}", exit.took, exit.log);
    }

    /// Waits for the end and fails the test for everything that must never happen.
    #[track_caller]
    fn judge(&mut self, meanwhile: fn(&Fake)) -> Exit {
        self.is_judged = true;
        let started = Instant::now();
        let code = self.wait(meanwhile);
        let took = started.elapsed();
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        let exit = Exit { code, log: self.log.text(), took };
        let faults = self.fake.with(|state| state.verdict(&exit.log));
        assert!(!exit.log.contains("panicked"), "the bot panicked\n{}", exit.log);
        assert!(faults.is_empty(), "{}\n---- the bot's log\n{}", faults.join("\n"), exit.log);
        exit
    }

    /// The exit code, doing something again and again `meanwhile`; a bot that does not end is killed.
    fn wait(&mut self, meanwhile: fn(&Fake)) -> Option<i32> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            if Instant::now() > until {
                self.child.kill().unwrap();
            }
            meanwhile(&self.fake);
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Bot {
    /// A test that ends without a word to the bot still looks at what it did; one that failed shows the log.
    #[expect(clippy::print_stderr, reason = "what a failed test shows")]
    fn drop(&mut self) {
        if self.is_judged {
            return;
        }
        let _ = self.child.kill();
        if thread::panicking() {
            let _ = self.child.wait();
            eprintln!("---- the bot's log\n{}", self.log.text());
        } else {
            self.judge(|_| {});
        }
    }
}

impl Log {
    /// Reads a stream to its end; with the last one the bot is gone.
    fn follow(self: &Arc<Self>, stream: impl Read + Send + 'static, fake: Option<Arc<Fake>>) -> JoinHandle<()> {
        let log = Arc::clone(self);
        thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                log.lines.lock().unwrap().push(String::from_utf8(line).expect("the log is UTF-8"));
                log.changed.notify_all();
            }
            if let Some(fake) = fake {
                fake.with(|state| state.bot_is_gone = true);
            }
        })
    }

    fn text(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }
}
