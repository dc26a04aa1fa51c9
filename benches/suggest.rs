//! What a keystroke costs: suggestions among the headings and past questions of a large course, and how long making them ready
//! takes once a generation.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "the percentiles are for people, and what fails ends the benchmark"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use kewen::engine::{Engine, PastQuestion, Places};
use kewen::settings::{self, Sources};
use kewen::text::pinyin;
use tempfile::TempDir;

const NOTES: usize = 200;
/// Headings of a note; with them there are ten thousand.
const SECTIONS: usize = 50;
const PAST: usize = 1000;
const ROUNDS: usize = 5;

const THINGS: &[&str] = &[
    "容器",
    "镜像",
    "集群",
    "节点",
    "调度",
    "存储卷",
    "服务发现",
    "负载均衡",
    "滚动更新",
    "探针",
    "命名空间",
    "配置",
    "密钥",
    "网络策略",
    "证书",
    "监控",
    "日志",
    "权限",
    "污点",
    "亲和性",
];
const ACTIONS: &[&str] =
    &["是什么", "怎么配置", "的原理", "常见报错", "为什么重启", "和虚拟机的区别", "的默认值", "怎么排查"];
const NAMES: &[&str] =
    &["kube-proxy", "Deployment", "Ingress", "StatefulSet", "containerd", "etcd", "CoreDNS", "Prometheus", "Helm"];

/// The heading with this number, none twice.
fn heading(number: usize) -> String {
    let of = |list: &[&'static str], step: usize| list[number / step % list.len()];
    let (thing, action, name) = (of(THINGS, 1), of(ACTIONS, THINGS.len()), of(NAMES, 7));
    format!("{name} 的{thing}{action}（{number}）")
}

fn write_notes(folder: &TempDir) {
    let notes = folder.path().join("notes");
    std::fs::create_dir(&notes).unwrap();
    for note in 0..NOTES {
        let sections = (0..SECTIONS).map(|section| {
            let number = note * SECTIONS + section;
            format!("## {}\n\n第 {number} 节的内容，说的是{}。\n\n", heading(number), THINGS[number % THINGS.len()])
        });
        std::fs::write(notes.join(format!("{note:03}.md")), sections.collect::<String>()).unwrap();
    }
}

/// Everything that is typed on the way to a text, key by key.
fn keys(text: &str) -> Vec<String> {
    (1..=text.chars().count()).map(|length| text.chars().take(length).collect()).collect()
}

fn typed() -> Vec<String> {
    let mut typed = vec![String::new(), "容".repeat(2000), "k ".repeat(1000), "a b c d e f g h i j k l".to_owned()];
    for text in [
        "kube-proxy 的容器怎么配置",
        "kube-porxy",
        "deploiment rongqi",
        "存储卷编排是什么意思，和镜像有什么关系",
        "滚动跟新",
    ] {
        typed.extend(keys(text));
    }
    for thing in THINGS {
        typed.extend(keys(&pinyin::word_reading(thing).unwrap()));
    }
    typed
}

fn suggesting(criterion: &mut Criterion) {
    let folder = TempDir::new().unwrap();
    write_notes(&folder);
    let settings = settings::load(&Sources::default()).unwrap().settings;
    let places = Places { notes: folder.path().join("notes"), index: folder.path().join("index") };
    let engine = Engine::new(&settings, &places);
    let report = engine.reindex(&mut |_| {}).unwrap();
    let past: Vec<PastQuestion> = (0..PAST)
        .map(|number| PastQuestion { text: format!("{} {number}", heading(number * 7)), members: 2 })
        .collect();

    let suggestions = engine.suggestions(&past).unwrap();
    assert_eq!(suggestions.of("kube-proxy").len(), 25);
    assert!(suggestions.of("rongqi").iter().all(|text| text.contains("容器")));
    let typed = typed();
    let mut least = vec![Duration::MAX; typed.len()];
    for _ in 0..ROUNDS {
        for (typed, least) in typed.iter().zip(&mut least) {
            let started = Instant::now();
            black_box(suggestions.of(typed));
            *least = started.elapsed().min(*least);
        }
    }
    least.sort_unstable();
    let at = |percent: usize| least[(least.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!("{} passages, {} things typed", report.passages, typed.len());
    println!("a keystroke: p50 {:.2} ms, p95 {:.2} ms, most {:.2} ms", at(50), at(95), at(100));

    let mut next = typed.iter().cycle();
    criterion.bench_function("suggest", |bencher| bencher.iter(|| suggestions.of(next.next().unwrap()).len()));
    let mut group = criterion.benchmark_group("suggestions");
    group.sample_size(10);
    group.bench_function("made for a generation", |bencher| bencher.iter(|| engine.suggestions(&past).unwrap()));
    group.finish();
}

criterion_group!(benches, suggesting);
criterion_main!(benches);
