//! Several courses in one settings file: each has notes, an index, a lexicon and settings of its own.

use serde_json::json;

use crate::world::{Run, World, json as parsed, run};

const SETTINGS: &str = r#"
[index]
dir = "index"
[answer]
limit = 1

[courses.k8s]
notes.dir = "k8s"
lexicon.standard = false
[courses."云 原生"]
notes.dir = "cloud"
answer.limit = 3
"#;

fn world(settings: &str) -> World {
    let world = World::new(&[]);
    world.write("kewen.toml", settings);
    let more = "## 端口\n\n访问 Service 的流量最后都到 Pod 的端口，那里有容器在听。\n";
    world.write("k8s/a.md", format!("# 集群\n\n## Pod\n\nPod 是最小的调度单位。\n\n{more}"));
    world.write("cloud/a.md", format!("# 集群\n\n## Pod\n\nPod 是豌豆荚。\n\n{more}"));
    world.write("cloud/lexicon.toml", "[[term]]\nname = \"Pod\"\nalso = [\"postino\"]\n");
    world
}

#[track_caller]
fn kewen(world: &World, arguments: &[&str]) -> Run {
    run(world.bare_command(arguments), b"")
}

#[test]
fn each_course_answers_from_its_own_notes_with_its_own_settings_and_lexicon() {
    let world = world(SETTINGS);
    for (course, text, hits, outcome) in
        [("k8s", "最小的调度单位", 1, "not_found"), ("云 原生", "豌豆荚", 2, "answered")]
    {
        let asked = kewen(&world, &["ask", "--course", course, "Pod 是什么", "--format", "json"]);
        assert!(asked.code == 0 && asked.stdout.contains(text), "{asked:?}");
        assert_eq!(parsed(&asked.stdout)["hits"].as_array().unwrap().len(), hits, "{asked:?}");
        let other_name = kewen(&world, &["ask", "postino", "--course", course, "--format", "json"]);
        assert_eq!(parsed(&other_name.stdout)["outcome"], outcome, "{other_name:?}");
        let status = kewen(&world, &["status", "--course", course, "--format", "json"]);
        assert_eq!(parsed(&status.stdout)["notes"], json!(1));
        assert_eq!(kewen(&world, &["index", "--course", course]).code, 0);
    }
    let homes = std::fs::read_dir(world.index()).unwrap().count();
    assert_eq!(homes, 2, "an index for each");
}

#[test]
fn with_several_courses_one_has_to_be_named_and_the_names_are_told() {
    let world = world(SETTINGS);
    for arguments in [&["ask", "Pod"][..], &["index"], &["status"], &["ask", "Pod", "--course", "k9s"]] {
        let refused = kewen(&world, arguments);
        assert!(
            refused.code == 2 && refused.stderr.contains("k8s") && refused.stderr.contains("云 原生"),
            "{refused:?}"
        );
    }
    assert_eq!(kewen(&world, &["config"]).code, 0);
    let shown = kewen(&world, &["config", "--course", "云 原生"]).stdout;
    assert!(shown.contains("answer.limit = 3"), "{shown}");
    let none = World::new(&[]);
    let refused = run(none.bare_command(&["ask", "Pod", "--course", "k8s"]), b"");
    assert!(refused.code == 2 && refused.stderr.contains("[courses."), "{refused:?}");
}

#[test]
fn the_only_course_the_default_one_and_a_folder_need_no_name() {
    let only = world("[index]\ndir = \"index\"\n[courses.k8s]\nnotes.dir = \"k8s\"\n");
    assert!(kewen(&only, &["ask", "Pod 是什么"]).stdout.contains("最小的调度单位"));
    let chosen = world(&format!("{SETTINGS}default = true\n"));
    assert!(kewen(&chosen, &["ask", "Pod 是什么"]).stdout.contains("豌豆荚"));
    let named = world(SETTINGS);
    assert!(kewen(&named, &["ask", "Pod 是什么", "--notes", "k8s"]).code == 0 || !cfg!(unix));
    let all = world(&SETTINGS.replace("[answer]", "[notes]\ndir = \"k8s\"\n[answer]"));
    assert!(kewen(&all, &["ask", "Pod 是什么"]).stdout.contains("最小的调度单位"), "[notes] is a course by itself");
}

#[test]
fn the_doctor_looks_at_every_course() {
    let world = world(&format!("{SETTINGS}[courses.lost]\nnotes.dir = \"lost\"\n"));
    let looked = kewen(&world, &["doctor", "--offline"]);
    assert_eq!(looked.code, 2, "{looked:?}");
    for part in ["The course k8s:", "The course 云 原生:", "The course lost:", "There is no notes folder"] {
        assert!(looked.stdout.contains(part), "{part:?} is not in {looked:?}");
    }
}
