//! Notes that come from a Git repository, and everything that goes wrong between it and its checkout.

use std::fs;

use serde_json::{Value, json};

use super::repository::Repository;
use super::{NOTE, Watcher};
use crate::world::{World, json as parsed, listing};

fn note(text: &str) -> String {
    NOTE.replace("最小的调度单位", text)
}

#[track_caller]
fn failures(repository: &Repository) -> Value {
    let run = repository.kewen(&["status", "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    parsed(&run.stdout)["last_failures"].clone()
}

#[test]
fn a_repository_is_fetched_once_and_followed_then() {
    let repository = Repository::with(NOTE);
    let before = repository.kewen(&["ask", "Pod 是什么"]);
    assert!(before.code == 2 && before.stderr.contains("kewen index"), "{before:?}");
    repository.index(0, "Fetching");
    repository.answers("最小的调度单位");
    assert!(repository.checkout().join(".git/shallow").exists(), "only the newest commit is fetched");
    repository.index(0, "Nothing has changed");
    repository.push("notes/a.md", &note("一组容器"));
    repository.push("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    repository.index(0, "1 note added (1 section), 1 note changed (2 sections)");
    repository.answers("一组容器");
    repository.git(&["-C", "work", "rm", "--quiet", "notes/b.md"]);
    repository.push("notes/a.md", &note("豌豆荚"));
    repository.index(0, "1 note changed (2 sections), 1 note removed");
    assert_eq!(failures(&repository), json!([]));
}

#[test]
fn another_branch_and_the_whole_repository_can_be_had() {
    let repository = Repository::with(NOTE);
    repository.git(&["-C", "work", "switch", "--quiet", "--create", "课程/2.0"]);
    repository.world.write("work/notes/a.md", note("一组容器"));
    repository.git(&["-C", "work", "commit", "--quiet", "--all", "-m", "x"]);
    repository.git(&["-C", "work", "push", "--quiet", "origin", "课程/2.0"]);
    let address = repository.world.path("remote.git");
    repository.settings(&format!("url = {address:?}\nbranch = \"课程/2.0\"\n"));
    repository.index(0, "The index is built");
    repository.answers("notes/a.md");
    repository.answers("一组容器");
    repository.settings(&format!("url = {address:?}\nbranch = \"no-such\"\n"));
    repository.index(2, "no-such");
    repository.settings(&format!("url = {address:?}\nfolder = \"no-such\"\n"));
    repository.index(2, "no folder no-such");
}

#[test]
fn a_remote_that_is_gone_leaves_the_answers_and_is_told() {
    let repository = Repository::with(NOTE);
    repository.index(0, "The index is built");
    fs::rename(repository.world.path("remote.git"), repository.world.path("gone.git")).unwrap();
    repository.index(2, "cannot be fetched");
    repository.answers("最小的调度单位");
    assert_eq!(failures(&repository)[0]["work"], "git");
    let run = repository.kewen(&["status"]);
    assert!(run.stdout.contains("The last update failed"), "{run:?}");
    fs::rename(repository.world.path("gone.git"), repository.world.path("remote.git")).unwrap();
    repository.push("notes/a.md", &note("一组容器"));
    repository.index(0, "1 note changed");
    assert_eq!(failures(&repository), json!([]));
}

#[test]
fn a_forced_push_is_told_and_followed_only_when_the_repository_is_fetched_anew() {
    let repository = Repository::with(NOTE);
    repository.push("notes/a.md", &note("一组容器"));
    repository.index(0, "The index is built");
    repository.push_by_force("notes/a.md", &note("豌豆荚"));
    for _ in 0..2 {
        repository.index(2, "was rewritten");
        repository.answers("一组容器");
    }
    // Further commits on the new history are none of the old one's.
    repository.push("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    repository.index(2, "was rewritten");
    let kept = repository.checkout().with_extension("before-1");
    // What cannot be fetched takes nothing away.
    fs::rename(repository.world.path("remote.git"), repository.world.path("gone.git")).unwrap();
    let refetch = || repository.kewen(&["index", "--refetch"]);
    assert_eq!(refetch().code, 2);
    repository.answers("一组容器");
    fs::rename(repository.world.path("gone.git"), repository.world.path("remote.git")).unwrap();
    let run = refetch();
    assert!(run.code == 0 && run.stdout.contains("1 note added (1 section), 1 note changed"), "{run:?}");
    repository.answers("豌豆荚");
    assert!(fs::read_to_string(kept.join("notes/a.md")).unwrap().contains("一组容器"));
    assert!(refetch().code == 0 && kept.with_extension("before-2").exists(), "a second one takes no other's place");
}

#[test]
fn a_checkout_that_is_removed_leaves_the_answers_of_the_index() {
    let repository = Repository::with(NOTE);
    repository.index(0, "The index is built");
    fs::remove_dir_all(repository.checkout()).unwrap();
    fs::rename(repository.world.path("remote.git"), repository.world.path("gone.git")).unwrap();
    repository.index(2, "Until then answers come from generation 1");
    let asked = repository.kewen(&["ask", "Pod 是什么"]);
    assert!(asked.code == 0 && asked.stdout.contains("最小的调度单位"), "{asked:?}");
    assert!(asked.stderr.contains("is not there") && asked.stderr.contains("Run kewen index"), "{asked:?}");
    assert_eq!(failures(&repository)[0]["work"], "git");
    fs::rename(repository.world.path("gone.git"), repository.world.path("remote.git")).unwrap();
    repository.index(0, "Nothing has changed");
    repository.answers("最小的调度单位");
}

#[test]
fn a_branch_that_goes_back_is_a_rewritten_one() {
    let repository = Repository::with(NOTE);
    repository.index(0, "The index is built");
    repository.git(&["-C", "work", "reset", "--quiet", "--hard", "HEAD~1"]);
    repository.git(&["-C", "work", "push", "--quiet", "--force", "origin", "main"]);
    repository.index(2, "was rewritten");
    repository.answers("最小的调度单位");
}

#[test]
fn changes_in_the_checkout_are_told_and_never_thrown_away() {
    let repository = Repository::with(NOTE);
    repository.index(0, "The index is built");
    let edited = repository.checkout().join("notes/a.md");
    fs::write(&edited, note("我在这里改的")).unwrap();
    repository.push("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    repository.index(2, "was changed (notes/a.md)");
    assert_eq!(fs::read_to_string(&edited).unwrap(), note("我在这里改的"));
    // What lies in the way of a new note is kept as well.
    fs::write(&edited, NOTE).unwrap();
    fs::write(repository.checkout().join("notes/b.md"), "mine").unwrap();
    repository.index(2, "cannot be fetched");
    assert_eq!(fs::read_to_string(repository.checkout().join("notes/b.md")).unwrap(), "mine");
    fs::remove_file(repository.checkout().join("notes/b.md")).unwrap();
    repository.index(0, "1 note changed (1 section)");
    repository.answers("最小的调度单位");
    // And so is a commit of one's own.
    fs::write(&edited, note("我在这里改的")).unwrap();
    let checkout = repository.checkout();
    repository.git(&["-C", checkout.to_str().unwrap(), "commit", "--quiet", "--all", "-m", "mine"]);
    repository.push("notes/b.md", "# 调度\n\n调度器不挑节点。\n");
    repository.index(2, "was rewritten");
    repository.answers("我在这里改的");
}

#[test]
fn a_merge_that_somebody_left_unfinished_in_the_checkout_is_left_alone() {
    let repository = Repository::with(NOTE);
    repository.index(0, "The index is built");
    let checkout = repository.checkout();
    let at = checkout.to_str().unwrap();
    fs::write(checkout.join("notes/a.md"), note("我的")).unwrap();
    repository.git(&["-C", at, "stash", "--quiet"]);
    repository.push("notes/a.md", &note("你的"));
    repository.index(0, "1 note changed");
    // Both changed the same line, so git leaves marks of a conflict behind, and an index that says so.
    let script = format!("cd '{at}' && ! git stash pop --quiet >/dev/null 2>&1");
    assert!(std::process::Command::new("sh").args(["-c", &script]).status().unwrap().success());
    repository.push("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    repository.index(2, "was changed (notes/a.md)");
    assert!(fs::read_to_string(checkout.join("notes/a.md")).unwrap().contains("<<<<<<<"));
}

#[test]
fn what_an_interrupted_git_left_does_no_harm() {
    let repository = Repository::with(NOTE);
    repository.index(0, "The index is built");
    let checkout = repository.checkout();
    for lock in ["index.lock", "HEAD.lock", "shallow.lock"] {
        fs::write(checkout.join(".git").join(lock), "").unwrap();
    }
    repository.push("notes/a.md", &note("一组容器"));
    repository.index(0, "1 note changed");
    // Interrupted while it was fetched for the first time.
    fs::rename(&checkout, checkout.with_extension("new")).unwrap();
    repository.index(0, "Nothing has changed");
    repository.answers("一组容器");
}

#[test]
fn a_checkout_that_is_none_any_more_never_leads_to_the_repository_around_it() {
    let repository = Repository::with(NOTE);
    repository.index(0, "The index is built");
    // The world is itself a working tree with a remote, as a clone of kewen is.
    repository.git(&["init", "--quiet", "-b", "main", "."]);
    repository.world.write("own.txt", "mine");
    repository.git(&["add", "own.txt"]);
    repository.git(&["commit", "--quiet", "-m", "mine"]);
    let head = repository.git(&["rev-parse", "HEAD"]).stdout;
    fs::remove_dir_all(repository.checkout().join(".git")).unwrap();
    repository.push("notes/a.md", &note("一组容器"));
    repository.index(2, "cannot be fetched");
    repository.answers("最小的调度单位");
    assert_eq!(repository.git(&["rev-parse", "HEAD"]).stdout, head);
    assert!(!repository.world.path(".git/FETCH_HEAD").exists());
}

#[test]
fn what_a_repository_around_leaves_out_is_not_left_out_of_the_checkout() {
    for rule in ["index/", "index/**", "/index/*", "*", "*.md"] {
        let repository = Repository::with(NOTE);
        repository.push("notes/.github/c.md", "# 隐藏\n\n字。\n");
        repository.world.write(".gitignore", format!("{rule}\n"));
        repository.index(0, "The index is built: 1 note,");
    }
}

#[test]
fn what_git_is_told_by_the_environment_of_a_hook_does_not_lead_elsewhere() {
    let repository = Repository::with(NOTE);
    let mut command = repository.command(&["index"]);
    command.env("GIT_DIR", repository.world.path("work/.git")).env("GIT_WORK_TREE", repository.world.path("work"));
    command.env("GIT_INDEX_FILE", "nowhere");
    let run = crate::world::run(command, b"");
    assert_eq!(run.code, 0, "{run:?}");
    repository.answers("最小的调度单位");
}

#[test]
#[cfg(unix)]
fn a_link_in_the_repository_does_not_lead_out_of_it() {
    let repository = Repository::with(NOTE);
    repository.world.write("outside.md", "# 秘密\n\n口令是 fragola。\n");
    std::os::unix::fs::symlink(repository.world.path("outside.md"), repository.world.path("work/notes/link.md"))
        .unwrap();
    repository.push("notes/b.md", "# 调度\n\n调度器挑节点。\n");
    repository.index(0, "The index is built");
    let run = repository.kewen(&["ask", "口令是什么"]);
    assert!(!run.stdout.contains("fragola"), "{run:?}");
}

#[test]
fn a_folder_and_a_repository_at_once_are_refused_and_an_option_wins() {
    let repository = Repository::with(NOTE);
    repository.world.write("other/c.md", "# 存储\n\n存储卷。\n");
    let mut command = repository.command(&["index"]);
    command.env("KEWEN_NOTES__DIR", "other");
    let run = crate::world::run(command, b"");
    assert!(run.code == 2 && run.stderr.contains("notes.git.url"), "{run:?}");
    let run = repository.kewen(&["index", "--notes", "other"]);
    assert!(run.code == 0 && !run.stderr.contains("Fetching"), "{run:?}");
}

#[test]
fn addresses_and_branches_that_git_would_take_for_something_else_are_refused() {
    let world = World::new(&[]);
    for git in [
        "url = \"--upload-pack=touch x\"",
        "url = \"ext::sh -c touch% x\"",
        "url = \"../notes\"",
        "branch = \"--output=x\"",
        "branch = \"a:b\"",
        "folder = \"../x\"",
        "every = 5",
        "timeout = 0",
    ] {
        world.write("kewen.toml", format!("[notes.git]\n{git}\n"));
        let run = crate::world::run(world.bare_command(&["config"]), b"");
        let key = git.split(' ').next().unwrap();
        assert!(run.code == 2 && run.stderr.contains(&format!("notes.git.{key}")), "{git}: {run:?}");
    }
}

#[test]
fn the_secret_in_an_address_is_nowhere() {
    let repository = Repository::with(NOTE);
    let (user, secret) = ("schluessel", "s3cr3t0-fragola");
    let address = format!("http://{user}:{secret}@127.0.0.1:9/notes.git");
    let git = format!("url = {address:?}\nfolder = \"notes\"\n");
    // git fetches from the real one instead, as long as it is told so.
    let remote = repository.world.path("remote.git");
    repository.world.write(".gitconfig", format!("[url {remote:?}]\n\tinsteadOf = {address}\n"));
    let mut shown = String::new();
    let mut kewen = |arguments: &[&str]| {
        let mut command = repository.command(arguments);
        for (key, value) in [("URL", address.as_str()), ("FOLDER", "notes")] {
            command.env(format!("KEWEN_NOTES__GIT__{key}"), value);
        }
        let run = crate::world::run(command, b"");
        shown.push_str(&(run.stdout + &run.stderr));
        run.code
    };
    fs::remove_file(repository.world.path("kewen.toml")).unwrap();
    fs::create_dir(repository.world.path("index")).unwrap();
    assert_eq!(kewen(&["index"]), 0);
    fs::remove_file(repository.world.path(".gitconfig")).unwrap();
    assert_eq!(kewen(&["index"]), 2);
    assert_eq!(kewen(&["status"]), 0);
    assert_eq!(kewen(&["status", "--format", "json"]), 0);
    assert_eq!(kewen(&["config"]), 0);
    kewen(&["doctor", "--offline"]);
    assert!(shown.contains("notes.git.url = \"http://127.0.0.1:9/notes.git\""), "{shown}");
    assert!(shown.contains("The last update failed"), "{shown}");
    for part in [secret, user] {
        assert!(!shown.contains(part), "{shown}");
        for (path, ..) in listing(&repository.world.path("index")) {
            let bytes = fs::read(&path).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&bytes).contains(part), "{}", path.display());
        }
    }
    // Neither is it in what is said of settings that are wrong.
    repository.settings(&git.replace("http:", "gopher:"));
    let run = repository.kewen(&["config"]);
    assert!(run.code == 2 && !run.stderr.contains(secret), "{run:?}");
}

#[test]
fn a_machine_without_git_is_told_so() {
    let repository = Repository::with(NOTE);
    let mut command = repository.command(&["index"]);
    command.env("PATH", repository.world.path("nothing"));
    let run = crate::world::run(command, b"");
    assert!(run.code == 2 && run.stderr.contains("git cannot be run"), "{run:?}");
}

#[test]
fn the_repository_is_looked_at_now_and_then_under_watch() {
    let repository = Repository::with(NOTE);
    let address = repository.world.path("remote.git");
    repository.settings(&format!("url = {address:?}\nfolder = \"notes\"\nevery = 30\n"));
    let watcher = Watcher::spawn(repository.command(&["index", "--watch"]));
    watcher.wait_for("themselves");
    repository.push("notes/a.md", &note("一组容器"));
    watcher.wait_for("1 note changed");
    repository.answers("一组容器");
    watcher.end();
}

#[cfg(unix)]
mod signals {
    use super::*;

    /// A git that does nothing, for ever.
    const HANGS: &str = "#!/bin/sh\nexec sleep 600\n";

    #[test]
    fn a_watch_fetches_for_whoever_asks_and_tells_a_failure_once() {
        let repository = Repository::with(NOTE);
        let watcher = Watcher::spawn(repository.command(&["index", "--watch"]));
        watcher.wait_for("themselves");
        repository.push("notes/a.md", &note("一组容器"));
        watcher.signal("HUP");
        watcher.wait_for("1 note changed");
        fs::rename(repository.world.path("remote.git"), repository.world.path("gone.git")).unwrap();
        watcher.signal("HUP");
        watcher.wait_for("cannot be fetched");
        watcher.wait_for("Nothing has changed");
        fs::rename(repository.world.path("gone.git"), repository.world.path("remote.git")).unwrap();
        watcher.signal("HUP");
        watcher.wait_for("can be fetched from their repository again");
        // Somebody accepts another history by removing the checkout.
        repository.push_by_force("notes/a.md", &note("豌豆荚"));
        watcher.signal("HUP");
        watcher.wait_for("was rewritten");
        fs::remove_dir_all(repository.checkout()).unwrap();
        watcher.signal("HUP");
        watcher.wait_for_count("1 note changed", 2);
        repository.answers("豌豆荚");
        watcher.end();
    }

    #[test]
    fn a_git_that_hangs_is_cut_off_and_the_answers_go_on() {
        let repository = Repository::with(NOTE);
        repository.index(0, "The index is built");
        let address = repository.world.path("remote.git");
        repository.settings(&format!("url = {address:?}\nfolder = \"notes\"\ntimeout = 1\n"));
        let mut command = repository.command(&["index"]);
        repository.shadow_git(&mut command, HANGS);
        let run = crate::world::run(command, b"");
        assert!(run.code == 2 && run.stderr.contains("after 1 s"), "{run:?}");
        assert!(run.stdout.contains("Nothing has changed"), "{run:?}");
        repository.answers("最小的调度单位");
    }

    #[test]
    fn a_program_that_git_leaves_behind_holds_nothing_up() {
        let repository = Repository::with(NOTE);
        let mut command = repository.command(&["index"]);
        repository.shadow_git(&mut command, "#!/bin/sh\nsleep 600 &\necho fatal: no such luck >&2\nexit 1\n");
        let run = crate::world::run(command, b"");
        assert_eq!(run.code, 2, "{run:?}");
    }

    #[test]
    fn git_asks_nobody_and_may_go_no_strange_ways() {
        let repository = Repository::with(NOTE);
        let mut command = repository.command(&["index"]);
        command.env("SSH_ASKPASS", "/bin/false");
        let script =
            "#!/bin/sh\ncase \"$*\" in *fetch*) echo \"$@\" >\"$HOME/called\"; env >\"$HOME/env\"; exit 1;; esac\n";
        repository.shadow_git(&mut command, script);
        assert_eq!(crate::world::run(command, b"").code, 2);
        let env = fs::read_to_string(repository.world.path("env")).unwrap();
        assert!(env.contains("GIT_TERMINAL_PROMPT=0") && !env.contains("SSH_ASKPASS=/"), "{env}");
        assert!(env.contains("GIT_ALLOW_PROTOCOL=file:git:http:https:ssh"), "{env}");
        let called = fs::read_to_string(repository.world.path("called")).unwrap();
        assert!(called.contains("BatchMode=yes"), "{called}");
    }

    #[test]
    fn a_watch_that_is_told_to_end_ends_a_git_that_hangs() {
        let repository = Repository::with(NOTE);
        let mut command = repository.command(&["index", "--watch"]);
        let hangs = "#!/bin/sh\necho $$ > \"$HOME/pid\"\nexec sleep 600\n";
        repository.shadow_git(&mut command, hangs);
        let mut watcher = Watcher::spawn(command);
        super::super::wait_until("git", || {
            fs::read_to_string(repository.world.path("pid")).is_ok_and(|pid| pid.ends_with('\n'))
        });
        watcher.signal("TERM");
        assert_eq!(watcher.code(), Some(0), "{}", watcher.said());
        let pid = fs::read_to_string(repository.world.path("pid")).unwrap();
        let alive = std::process::Command::new("sh").arg("-c").arg(format!("kill -0 {pid}")).output().unwrap();
        assert!(!alive.status.success(), "git still runs");
    }
}
