//! The question log from the command line: gaps, what is forgotten, and questions that become golden ones.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use kewen::answer::Outcome;
use kewen::log::{Came, Channel, Entry, Forget, Key, LoggedHit, Period, Recorder, Store};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{World, json as parsed, run};

/// 2026-03-01 00:00 in UTC, which is the zone of these tests.
const MARCH: i64 = 1_772_323_200_000;
const DAY: i64 = 24 * 60 * 60 * 1000;

const NOTES: &[(&str, &str)] = &[
    (
        "a.md",
        "# 集群\n\n## Pod 的删除\n\n用 kubectl delete pod 删除一个 Pod。\n\n## 多集群\n\n多个集群可以用联邦一起管理。\n",
    ),
    ("b.md", "# 网络\n\n## kube-proxy 是干啥用的？\n\nkube-proxy 把访问 Service 的流量转给 Pod。\n"),
];

/// A world with an index and an empty log.
struct Logged {
    world: World,
    store: Store,
    key: Key,
}

impl Logged {
    fn new() -> Self {
        let world = World::new(NOTES);
        let name = world.home().file_name().unwrap().to_string_lossy().into_owned();
        let path = world.path("log").join(name + ".sqlite");
        let store = Store::create(&path).unwrap();
        let key = Key::at(&path.with_extension("key")).unwrap();
        Self { world, store, key }
    }

    fn add(&mut self, day: i64, entry: Entry) {
        self.store.add(&self.key, &[(MARCH + day * DAY, entry)]).unwrap();
    }

    #[track_caller]
    fn gaps(&self, options: &[&str]) -> String {
        let run = self.run(&["gaps"], options);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
        run.stdout
    }

    fn run(&self, command: &[&str], options: &[&str]) -> crate::world::Run {
        let mut command = self.world.command(command);
        command.env("TZ", "UTC").args(options);
        run(command, b"")
    }
}

fn asked(question: &str, topics: &[&str], outcome: Outcome) -> Entry {
    Entry {
        channel: Channel::Server,
        member: Some(1),
        event: None,
        question: question.to_owned(),
        after: Vec::new(),
        topics: topics.iter().map(|&topic| topic.to_owned()).collect(),
        came: Came::Of(outcome),
        hits: Vec::new(),
    }
}

/// A log in which each kind of gap stands once.
fn log() -> Logged {
    let mut log = Logged::new();
    log.add(0, asked("karmada 是什么", &["karmada"], Outcome::NotFound));
    log.add(1, Entry { member: Some(2), ..asked("karmada 怎么安装", &["karmada", "安装"], Outcome::NotFound) });
    log.add(2, asked("karmada 是什么", &["karmada"], Outcome::NotFound));
    log.add(2, asked("kube-proxy 是干啥用的", &["kube-proxy"], Outcome::NotFound));
    log.add(3, Entry { event: Some(77), ..asked("怎么删除 Pod", &["删除", "Pod"], Outcome::Answered) });
    log.store.judge(&log.key, 77, 5, false).unwrap();
    log.add(4, asked("Pod 怎么删除", &["Pod", "删除"], Outcome::Answered));
    log.add(5, Entry { came: Came::Failed, ..asked("出错的", &["出错"], Outcome::NotFound) });
    log.add(6, asked("你好", &[], Outcome::NotFound));
    log
}

#[test]
fn a_question_is_shared_when_two_members_stand_behind_it_and_it_was_answered_well() {
    let mut log = Logged::new();
    let mut event = 100;
    let mut add = |question: &str, member: u64, change: fn(&mut Entry)| {
        event += 1;
        let mut entry =
            Entry { member: Some(member), event: Some(event), ..asked(question, &["Pod"], Outcome::Answered) };
        change(&mut entry);
        log.add(0, entry);
        event
    };
    for member in [1, 2, 3] {
        add("asked by three", member, |_| {});
        add("not found", member, |entry| entry.came = Came::Of(Outcome::NotFound));
        add("looked up", member, |entry| entry.channel = Channel::LookedUp);
        add("in the chat", member, |entry| (entry.channel, entry.member) = (Channel::Chat, None));
        add("its modes", member, |entry| entry.after = vec!["kube-proxy".to_owned()]);
    }
    for _ in 0..5 {
        add("asked by one", 1, |_| {});
    }
    let useful = add("asked by one and useful to another", 1, |_| {});
    let useful_to_oneself = add("asked by one and useful to the same", 1, |_| {});
    let useless = [1, 2].map(|member| add("useless", member, |_| {}));
    for (event, member, is_useful) in
        [(useful, 2, true), (useful_to_oneself, 1, true), (useless[0], 1, false), (useless[1], 3, false)]
    {
        assert!(log.store.judge(&log.key, event, member, is_useful).unwrap());
    }
    let shared = |store: &Store, limit: usize| {
        let shared = store.shared(limit).unwrap().into_iter();
        shared.map(|one| (one.question, one.members)).collect::<Vec<_>>()
    };
    let (three, two) = ("asked by three".to_owned(), "asked by one and useful to another".to_owned());
    assert_eq!(shared(&log.store, 10), [(three.clone(), 3), (two, 2)]);
    assert_eq!(shared(&log.store, 1), [(three.clone(), 3)]);
    log.store.forget(&log.key, Forget::Member(2)).unwrap();
    assert_eq!(shared(&log.store, 10), [(three, 2)], "nobody else stands behind the other");
}

#[test]
fn gaps_are_grouped_counted_and_come_with_advice() {
    let log = log();
    let mut chinese = log.world.command(&["gaps", "--since", "2026-03-01"]);
    chinese.env("TZ", "UTC").env("KEWEN_UI__LANGUAGE", "zh");
    insta::assert_snapshot!("gaps_zh", run(chinese, b"").stdout);
    insta::assert_snapshot!("gaps_en", log.gaps(&[]));
    insta::assert_snapshot!("gaps_markdown", log.gaps(&["--format", "markdown", "--until", "2026-03-04"]));
    insta::assert_snapshot!("gaps_csv", log.gaps(&["--format", "csv", "--limit", "2"]));
}

#[test]
fn a_period_holds_its_first_and_its_last_day() {
    let log = log();
    let asked = |options: &[&str]| {
        let gaps = parsed(&log.gaps(&[&["--format", "json"], options].concat()));
        (gaps["questions"].as_u64().unwrap(), gaps["gaps"].as_u64().unwrap())
    };
    assert_eq!(asked(&[]), (8, 5));
    assert_eq!(asked(&["--since", "2026-03-02", "--until", "2026-03-03"]), (3, 3));
    assert_eq!(asked(&["--until", "2026-02-28"]), (0, 0));
    assert_eq!(asked(&["--since", "0h"]), (0, 0));
    let wrong = log.run(&["gaps", "--since", "gestern"], &[]);
    assert!(wrong.code == 2 && wrong.stderr.contains("7d"), "{wrong:?}");
}

#[test]
fn a_period_without_a_moment_and_a_number_out_of_range_are_refused_with_the_reason() {
    let log = log();
    for (options, told) in [
        (["--since", "2026-03-05", "--until", "2026-03-01"].as_slice(), "later than --until 2026-03-01"),
        (&["--since", "1d", "--until", "7d"], "--since 1d is later"),
        (&["--limit", "1001"], "from 1 to 1000"),
        (&["--limit", "many"], "The value many does not fit"),
    ] {
        let run = log.run(&["gaps"], options);
        assert!(run.code == 2 && run.stderr.contains(told), "{options:?}: {run:?}");
    }
    assert_eq!(log.run(&["gaps"], &["--since", "2026-03-05", "--until", "2026-03-05"]).code, 0, "one day");
}

#[test]
fn what_the_notes_answer_by_now_is_said_to_be_closed() {
    let log = log();
    let advice = |log: &Logged, topic: &str| {
        let gaps = parsed(&log.gaps(&["--format", "json"]));
        let clusters = gaps["clusters"].as_array().unwrap();
        clusters.iter().find(|cluster| cluster["topics"][0] == topic).unwrap()["advice"].clone()
    };
    assert_eq!(advice(&log, "karmada"), "new_section");
    assert_eq!(advice(&log, "kube-proxy"), "closed", "the notes had it all along, or have it by now");
    assert_eq!(
        advice(&log, "删除"),
        "curated_answer",
        "kewen believes that it answers, and a member says that it does not"
    );
    // The index is brought up to the notes first.
    log.world.write("notes/c.md", "# Karmada\n\n## karmada 是什么\n\nKarmada 管理多个集群。\n");
    assert_eq!(advice(&log, "karmada"), "closed");
}

#[test]
fn without_a_log_the_way_to_one_is_said() {
    let world = World::new(NOTES);
    let run = world.kewen(&["gaps"]);
    assert!(run.code == 2 && run.stderr.contains("kewen bot"), "{run:?}");
}

#[test]
fn a_single_question_is_never_logged() {
    let world = World::new(NOTES);
    world.write("log/.keep", "");
    world.ask("karmada 是什么");
    assert_eq!(std::fs::read_dir(world.path("log")).unwrap().count(), 1);
}

#[test]
fn a_damaged_or_newer_log_is_told_and_left_as_it_is() {
    let log = Logged::new();
    let path = std::fs::read_dir(log.world.path("log")).unwrap().map(|entry| entry.unwrap().path());
    let path = path.filter(|path| path.extension().is_some_and(|kind| kind == "sqlite")).last().unwrap();
    let Logged { world, store, .. } = log;
    drop(store);
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let newer = world.kewen(&["gaps"]);
    assert!(newer.code == 2 && newer.stderr.contains("newer kewen"), "{newer:?}");
    std::fs::write(&path, "this is no database, and long enough to be looked at as one".repeat(20)).unwrap();
    let damaged = world.kewen(&["gaps"]);
    assert!(damaged.code == 2 && damaged.stderr.contains("move it away"), "{damaged:?}");
    let status = world.kewen(&["status"]);
    assert!(status.code == 0 && status.stderr.contains("move it away"), "{status:?}");
    assert!(std::fs::read(&path).unwrap().starts_with(b"this is no database"));
}

#[test]
fn status_says_how_large_the_log_is() {
    let log = log();
    let run = log.run(&["status", "--format", "json"], &[]);
    let standing = &parsed(&run.stdout)["log"];
    assert_eq!((&standing["questions"], &standing["dropped"]), (&json!(8), &json!(0)), "{run:?}");
    assert!(standing["bytes"].as_u64().unwrap() > 4096, "{run:?}");
    assert!(log.run(&["status"], &[]).stdout.contains("8 questions"));
}

#[test]
fn what_is_to_be_forgotten_is_gone_and_the_rest_stays() {
    let mut log = log();
    log.store.judge(&log.key, 77, 2, true).unwrap();
    let left = |log: &Logged| log.store.questions(Period::ALWAYS).unwrap().len();
    let forget = |log: &Logged, what: &[&str]| {
        let run = log.run(&["forget"], what);
        assert_eq!(run.code, 0, "{run:?}");
        run.stderr
    };
    assert!(forget(&log, &["--member", "2"]).contains("1 question deleted"));
    assert_eq!(left(&log), 7);
    let judged = log.store.questions(Period::ALWAYS).unwrap();
    let judged = judged.iter().find(|one| one.question == "怎么删除 Pod").unwrap();
    assert_eq!((judged.useful, judged.not_useful), (0, 1), "what the member thought of others' answers is gone too");
    forget(&log, &["--before", "2026-03-03"]);
    assert_eq!(left(&log), 6);
    log.add(9, Entry { channel: Channel::Chat, member: None, ..asked("我的", &["我的"], Outcome::NotFound) });
    forget(&log, &["--chat"]);
    assert_eq!(left(&log), 6);
    let to_come = log.run(&["forget"], &["--before", "2300-01-01"]);
    assert!(to_come.code == 2 && to_come.stderr.contains("still to come"), "a mistyped year: {to_come:?}");
    assert_eq!(left(&log), 6);
    let asked = log.run(&["forget"], &["--all"]);
    assert!(asked.code == 2 && asked.stderr.contains("--yes"), "nobody can be asked: {asked:?}");
    assert!(left(&log) > 0);
    let gone = left(&log);
    let all = log.run(&["forget"], &["--all", "--yes"]);
    assert!(all.code == 0 && all.stderr.contains(&format!("{gone} question")), "{all:?}");
    assert_eq!(left(&log), 0);
    assert_eq!(log.run(&["forget"], &[]).code, 2, "without saying what, nothing is forgotten");
}

mod golden {
    use super::*;

    fn golden(world: &World) -> String {
        std::fs::read_to_string(world.path("notes/eval/questions.toml")).unwrap_or_default()
    }

    #[track_caller]
    fn add(log: &Logged, options: &[&str], stdin: &str) -> crate::world::Run {
        let mut command = log.world.command(&["eval", "add"]);
        command.args(options);
        run(command, stdin.as_bytes())
    }

    #[test]
    fn a_logged_question_becomes_a_golden_one_that_is_scored() {
        let mut log = log();
        log.add(
            7,
            Entry {
                after: vec!["Pod 是什么".to_owned()], ..asked("那怎么删除它", &["Pod"], Outcome::Related)
            },
        );
        let list = add(&log, &[], "");
        assert!(list.code == 0 && list.stdout.contains("[9] related · 那怎么删除它"), "{list:?}");
        let left = add(&log, &["9"], "\n");
        assert!(left.code == 0 && left.stdout.contains("Pod 的删除"), "{left:?}");
        assert_eq!(golden(&log.world), "", "nobody said which section");
        let added = add(&log, &["9"], "1\n");
        assert!(added.code == 0 && added.stderr.contains("kewen eval"), "{added:?}");
        assert_eq!(add(&log, &["4", "--expect", "b.md#kube-proxy-是干啥用的"], "").code, 0);
        assert_eq!(add(&log, &["1"], "0\n").code, 0);
        insta::assert_snapshot!("golden", golden(&log.world));
        let again = add(&log, &["1", "--unanswerable"], "");
        assert!(again.code == 0 && again.stderr.contains("already"), "{again:?}");
        let scored = log.world.kewen(&["eval", "--format", "json"]);
        assert_eq!(scored.code, 0, "{scored:?}");
        let total = &parsed(&scored.stdout)["total"];
        assert_eq!((&total["answerable"], &total["unanswerable"]), (&json!(2), &json!(1)), "{scored:?}");
    }

    #[test]
    fn a_place_that_is_not_in_the_notes_is_refused_and_nothing_is_written() {
        let log = log();
        for (options, stdin, told) in [
            (["1", "--expect", "b.md#kube"].as_slice(), "", "kube-proxy-是干啥用的"),
            (&["1", "--expect", "c.md#x"], "", "There is no note"),
            (&["1", "--expect", "b.md:1-900"], "", "FIRST-LAST"),
            (&["1"], "7\n", "There is no number 7"),
            (&["1"], "b.md\nb.md#kube\nc.md#x\n1\n", "There is no note"),
            (&["99"], "", "no question 99"),
        ] {
            let run = add(&log, options, stdin);
            assert!(run.code == 2 && run.stderr.contains(told), "{options:?}: {run:?}");
        }
        assert_eq!(golden(&log.world), "");
    }

    #[test]
    fn a_slip_at_the_prompt_is_told_and_asked_about_again() {
        let log = log();
        let run = add(&log, &["1"], "b.md#kube\n77\nb.md#kube-proxy-是干啥用的\n");
        assert_eq!(run.code, 0, "{run:?}");
        assert!(
            run.stderr.contains("kube-proxy-是干啥用的") && run.stderr.contains("There is no number 77"),
            "{run:?}"
        );
        assert_eq!(run.stdout.matches("Which section").count(), 3, "{run:?}");
        assert!(golden(&log.world).contains("expect = [\"b.md#kube-proxy-是干啥用的\"]"), "{run:?}");
    }
}

mod recorder {
    use super::*;

    fn open() -> (tempfile::TempDir, PathBuf, Key) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.sqlite");
        let key = Key::at(&folder.path().join("log.key")).unwrap();
        (folder, path, key)
    }

    #[test]
    fn a_log_that_hangs_holds_up_no_question_and_what_is_lost_is_counted() {
        let (_folder, path, key) = open();
        let recorder = Recorder::start(Store::create(&path).unwrap(), key, 30, Arc::new(|| MARCH)).unwrap();
        recorder.flush();
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let began = Instant::now();
        for number in 0..4000 {
            recorder.record(asked(&number.to_string(), &["x"], Outcome::NotFound));
        }
        // The writer waits for 5 s; had one question waited for it, so would have this.
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
        other.execute_batch("COMMIT").unwrap();
        let until = Instant::now() + Duration::from_secs(60);
        let store = Store::existing(&path).unwrap().unwrap();
        let standing = loop {
            recorder.flush();
            let standing = store.standing().unwrap();
            if standing.questions + standing.dropped == 4000 || Instant::now() > until {
                break standing;
            }
        };
        assert_eq!(standing.questions + standing.dropped, 4000, "{standing:?}");
        assert!(standing.questions >= 1024 && standing.dropped > 0, "{standing:?}");
    }

    #[test]
    fn a_question_that_a_held_log_does_not_take_before_the_end_is_told_and_counted() {
        let (_folder, path, key) = open();
        let recorder = Recorder::start(Store::create(&path).unwrap(), key, 30, Arc::new(|| MARCH)).unwrap();
        recorder.record(asked("一", &["x"], Outcome::NotFound));
        assert_eq!(recorder.close(), 0, "it is written");
        let other = rusqlite::Connection::open(&path).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        recorder.record(asked("二", &["x"], Outcome::NotFound));
        recorder.record(asked("三", &["x"], Outcome::NotFound));
        let began = Instant::now();
        assert_eq!(recorder.close(), 2);
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
        let standing = Store::existing(&path).unwrap().unwrap().standing().unwrap();
        assert_eq!((standing.questions, standing.dropped), (1, 2), "counted where the log cannot be written");
    }

    #[test]
    fn what_was_counted_beside_the_log_goes_into_its_count() {
        let (folder, path, key) = open();
        let store = Store::create(&path).unwrap();
        let beside = folder.path().join("log.lost");
        std::fs::write(&beside, "2\n3\n").unwrap();
        let recorder = Recorder::start(store, key, 30, Arc::new(|| MARCH)).unwrap();
        recorder.flush();
        assert!(!beside.exists());
        assert_eq!(Store::existing(&path).unwrap().unwrap().standing().unwrap().dropped, 5);
    }

    #[test]
    fn what_is_older_than_it_may_be_goes_by_the_clock_that_it_is_given() {
        let (_folder, path, key) = open();
        let now = Arc::new(AtomicI64::new(MARCH));
        let clock = Arc::clone(&now);
        let start = || {
            let clock = Arc::clone(&clock);
            Recorder::start(
                Store::create(&path).unwrap(),
                key.clone(),
                30,
                Arc::new(move || clock.load(Ordering::Relaxed)),
            )
            .unwrap()
        };
        let recorder = start();
        recorder.record(asked("一", &["x"], Outcome::NotFound));
        recorder.flush();
        now.fetch_add(20 * DAY, Ordering::Relaxed);
        recorder.record(asked("二", &["x"], Outcome::NotFound));
        recorder.flush();
        now.fetch_add(11 * DAY, Ordering::Relaxed);
        drop(recorder);
        start().flush();
        let store = Store::existing(&path).unwrap().unwrap();
        let left: Vec<String> = store.questions(Period::ALWAYS).unwrap().into_iter().map(|one| one.question).collect();
        assert_eq!(left, ["二"], "31 days, and 11");
    }

    #[test]
    fn the_last_opinion_of_a_member_holds_and_needs_a_question() {
        let (_folder, path, key) = open();
        let mut store = Store::create(&path).unwrap();
        store.add(&key, &[(MARCH, Entry { event: Some(7), ..asked("一", &["x"], Outcome::Answered) })]).unwrap();
        for useful in [true, false] {
            assert!(store.judge(&key, 7, 1, useful).unwrap());
        }
        assert!(store.judge(&key, 7, 2, true).unwrap());
        assert!(!store.judge(&key, 8, 1, true).unwrap(), "nobody asked that");
        let one = store.question(1).unwrap().unwrap();
        assert_eq!((one.useful, one.not_useful), (1, 1));
        assert_eq!(store.forget(&key, Forget::All).unwrap(), 1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_text_comes_back_as_it_was(texts in prop::collection::vec(".{0,40}", 1..6)) {
            let (_folder, path, key) = open();
            let entry = Entry {
                after: texts.clone(),
                topics: texts.clone(),
                hits: vec![LoggedHit { note: texts[0].clone(), anchor: String::new(), heading: texts[0].clone() }],
                ..asked(&texts[0], &[], Outcome::Related)
            };
            let mut store = Store::create(&path).unwrap();
            store.add(&key, &[(MARCH, entry.clone())]).unwrap();
            let back = store.question(1).unwrap().unwrap();
            prop_assert_eq!((&back.question, &back.after, &back.topics), (&entry.question, &entry.after, &entry.topics));
            prop_assert_eq!((&back.hits, back.came), (&entry.hits, entry.came));
        }
    }
}

/// The value of a report that stands alone.
#[test]
fn json_names_the_ends_of_the_period() {
    let log = log();
    let gaps: Value = parsed(&log.gaps(&["--format", "json", "--since", "2026-03-02"]));
    assert_eq!((&gaps["since"], &gaps["until"]), (&json!("2026-03-02T00:00:00Z"), &Value::Null), "{gaps:#}");
}
