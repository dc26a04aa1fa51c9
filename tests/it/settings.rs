//! Settings: every layer, every key, and what is said about a wrong one.

use crate::world::{Run, World, run};

#[track_caller]
fn config(world: &World, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut command = world.bare_command(&["config"]);
    command.args(arguments).envs(variables.iter().copied());
    run(command, b"")
}

/// `kewen config` with this kewen.toml fails and says all of `parts`.
#[track_caller]
fn check_refused(text: &str, parts: &[&str]) {
    let world = World::new(&[]);
    world.write("kewen.toml", text);
    let run = config(&world, &[], &[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{text:?}: {run:?}");
    for part in parts {
        assert!(run.stderr.contains(part), "{text:?}: {part:?} is not in {}", run.stderr);
    }
}

/// The row of a key: its value and where it came from.
#[track_caller]
fn row(run: &Run, key: &str) -> (String, String) {
    assert_eq!(run.code, 0, "{run:?}");
    let row = run.stdout.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")));
    let (value, origin) = row.and_then(|row| row.rsplit_once("  # ")).unwrap_or_else(|| panic!("no {key} in {run:?}"));
    (value.to_owned(), origin.to_owned())
}

#[track_caller]
fn check_row(run: &Run, key: &str, value: &str, origin: &str) {
    assert_eq!(row(run, key), (value.to_owned(), origin.to_owned()), "{key}");
}

#[test]
fn a_key_that_is_unknown_is_named_with_file_and_line() {
    check_refused("[notes]\n\ndirs = \"x\"\n", &["kewen.toml:3", "notes.dirs", "notes.dir?"]);
    check_refused("# a\n\n[note]\ndir = \"x\"\n", &["kewen.toml:4", "note.dir"]);
    check_refused("[answer]\nlimit = 3\nextra.deep = 1\n", &["kewen.toml:3", "answer.extra.deep"]);
    check_refused("colour = true\n", &["kewen.toml:1", "colour"]);
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_file_line_and_what_is_expected() {
    check_refused("[answer]\nlimit = \"many\"\n", &["kewen.toml:2", "answer.limit", "1 to 50"]);
    check_refused("[answer]\nlimit = 51\n", &["kewen.toml:2", "answer.limit"]);
    check_refused("[answer]\nlimit = -1\n", &["kewen.toml:2", "answer.limit"]);
    check_refused("[answer]\nlimit = 2.5\n", &["kewen.toml:2", "answer.limit"]);
    check_refused("[notes]\ndir = 3\n", &["kewen.toml:2", "notes.dir"]);
    check_refused("[notes]\nexclude = \"a\"\n", &["kewen.toml:2", "notes.exclude"]);
    check_refused("[notes]\nexclude = [1]\n", &["kewen.toml:2", "notes.exclude"]);
    check_refused("[lexicon]\n\nstandard = \"yes\"\n", &["kewen.toml:3", "lexicon.standard", "true or false"]);
    check_refused("[ui]\nlanguage = \"de\"\n", &["kewen.toml:2", "ui.language", "zh"]);
    check_refused("[discord]\ngaps_channel = \"general\"\n", &["kewen.toml:2", "discord.gaps_channel", "ids"]);
    check_refused("[discord]\ngaps_weekday = \"mon\"\n", &["kewen.toml:2", "discord.gaps_weekday", "monday"]);
    check_refused("[discord.limits]\nmember = -1\n", &["kewen.toml:2", "discord.limits.member", "0 to 1000"]);
    check_refused("[discord.instructors]\nroles = [\"tutors\"]\n", &["discord.instructors.roles", "ids"]);
    check_refused("[discord.instructors]\nroles = [\"0\"]\n", &["discord.instructors.roles", "ids"]);
    check_refused(
        "[discord.instructors]\npermission = \"Manage Server\"\n",
        &["instructors.permission", "MANAGE_GUILD"],
    );
    check_refused("[links]\nbase_url = \"ftp://x\"\n", &["kewen.toml:2", "links.base_url", "https://"]);
}

#[test]
fn a_number_beyond_all_bounds_is_named_with_file_and_line() {
    check_refused("[notes]\nbytes_max = 99999999999999999999\n", &["kewen.toml:2"]);
}

#[test]
fn broken_toml_is_named_with_file_and_line() {
    check_refused("[notes]\ndir = \n", &["kewen.toml:2"]);
    check_refused("[notes]\ndir = \"a\"\ndir = \"b\"\n", &["kewen.toml:3"]);
}

#[test]
fn a_wrong_variable_is_named() {
    let world = World::new(&[]);
    for (name, value, part) in [
        ("KEWEN_NOTES__DIRS", "x", "NOTES__DIRS"),
        ("KEWEN_ANSWER__LIMIT", "many", "KEWEN_ANSWER__LIMIT"),
        ("KEWEN_LEXICON__STANDARD", "yes", "KEWEN_LEXICON__STANDARD"),
        ("KEWEN_UI__LANGUAGE", "de", "KEWEN_UI__LANGUAGE"),
    ] {
        let run = config(&world, &[(name, value)], &[]);
        assert_eq!(run.code, 2, "{name}: {run:?}");
        assert!(run.stderr.contains(part), "{name}: {run:?}");
    }
}

#[test]
fn a_variable_passed_on_without_a_value_is_not_set_unless_a_text_can_be_empty() {
    let world = World::new(&[]);
    world.write("kewen.toml", "[answer]\nlimit = 4\n[ui]\nlanguage = \"en\"\n[links]\nbase_url = \"https://a.b/\"\n");
    let empty = ["KEWEN_ANSWER__LIMIT", "KEWEN_UI__LANGUAGE", "KEWEN_LEXICON__STANDARD", "KEWEN_LINKS__BASE_URL"];
    let run = config(&world, &empty.map(|name| (name, "")), &[]);
    check_row(&run, "answer.limit", "4", "kewen.toml");
    check_row(&run, "ui.language", "\"en\"", "kewen.toml");
    check_row(&run, "lexicon.standard", "true", "default");
    check_row(&run, "links.base_url", "\"\"", "variable KEWEN_LINKS__BASE_URL");
}

#[test]
fn options_beat_the_environment_which_beats_the_file() {
    let world = World::new(&[]);
    world.write(
        "kewen.toml",
        "[answer]\nlimit = 4\n[ui]\nlanguage = \"zh\"\n[notes]\ndir = \"here\"\nexclude = [\"a\"]\n",
    );
    let variables = [("KEWEN_ANSWER__LIMIT", "5"), ("KEWEN_INDEX__DIR", "made"), ("KEWEN_NOTES__INCLUDE", "a/**, b")];
    let run = config(&world, &variables, &["--index", "typed"]);
    check_row(&run, "answer.limit", "5", "variable KEWEN_ANSWER__LIMIT");
    check_row(&run, "notes.exclude", "[\"a\"]", "kewen.toml");
    check_row(&run, "notes.include", "[\"a/**\", \"b\"]", "variable KEWEN_NOTES__INCLUDE");
    check_row(&run, "index.dir", "\"typed\"", "command line");
    check_row(&run, "ui.language", "\"en\"", "variable KEWEN_UI__LANGUAGE");
    check_row(&run, "links.base_url", "\"\"", "default");
}

#[test]
fn a_setting_of_the_file_takes_effect() {
    let world = World::new(&[("a.md", "# Pod\n\n## 甲\n\nPod 一\n\n## 乙\n\nPod 二\n\n## 丙\n\nPod 三\n")]);
    world.write("kewen.toml", "[answer]\nlimit = 1\n");
    assert_eq!(world.ask("Pod")["hits"].as_array().unwrap().len(), 1);
    assert_eq!(world.ask_with(&["--limit", "2"], "Pod")["hits"].as_array().unwrap().len(), 2);
}

#[test]
fn a_path_in_a_settings_file_counts_from_that_file() {
    let world = World::new(&[("a.md", "# Pod\n\nPod 是最小的单位。\n")]);
    world.write("deep/own.toml", "[notes]\ndir = \"../notes\"\n[index]\ndir = \"built\"\n");
    let run = run(world.bare_command(&["ask", "Pod 是什么", "--config", "deep/own.toml"]), b"");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(world.path("deep/built").is_dir());
}

#[test]
fn a_settings_file_that_is_named_must_be_there() {
    let world = World::new(&[]);
    let missing = config(&world, &[], &["--config", "nowhere/my.toml"]);
    assert_eq!(missing.code, 2, "{missing:?}");
    assert!(missing.stderr.contains("nowhere/my.toml"), "{missing:?}");
    let folder = config(&world, &[], &["--config", "notes"]);
    assert!(folder.code == 2 && folder.stderr.contains("notes"), "{folder:?}");
    assert_eq!(config(&world, &[], &[]).code, 0, "none at all is fine");
}

#[test]
fn the_token_is_never_shown() {
    let secret = "MTk4NjIyNDgz.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs";
    let world = World::new(&[]);
    let row_of_variable = row(&config(&world, &[("KEWEN_DISCORD__TOKEN", secret)], &[]), "discord.token");
    assert_eq!(row_of_variable, ("(set, not shown)".to_owned(), "variable KEWEN_DISCORD__TOKEN".to_owned()));
    world.write("kewen.toml", format!("[discord]\ntoken = \"{secret}\"\n"));
    let run = config(&world, &[], &[]);
    check_row(&run, "discord.token", "(set, not shown)", "kewen.toml");
    assert!(!run.stdout.contains(secret), "{run:?}");
    for text in [
        "token = [\"SECRET\"]",
        "token = \"SECRET",
        "token = SECRET",
        "tokens = \"SECRET\"",
        "token_file = [\"SECRET\"]",
    ] {
        world.write("kewen.toml", format!("[discord]\n{}\n", text.replace("SECRET", secret)));
        let run = config(&world, &[], &[]);
        assert_eq!(run.code, 2, "{text}: {run:?}");
        assert!(!run.stderr.contains("ZnCjm1"), "{text}: {run:?}");
    }
    let world = World::new(&[]);
    check_row(&config(&world, &[], &[]), "discord.token", "\"\"", "default");
}

/// A value of the example as TOML writes it.
#[track_caller]
fn written(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => format!("{text:?}"),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Boolean(value) => value.to_string(),
        toml::Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        other => panic!("the example holds {other:?}"),
    }
}

/// Every key of a table and of the tables in it, with its value.
fn leaves(above: &str, table: &toml::Table) -> Vec<(String, toml::Value)> {
    let leaf = |(key, value): (&String, &toml::Value)| {
        let path = format!("{above}{key}");
        value.as_table().map_or_else(|| vec![(path.clone(), value.clone())], |inner| leaves(&format!("{path}."), inner))
    };
    table.iter().flat_map(leaf).collect()
}

#[test]
fn every_key_of_the_example_is_listed_with_its_default() {
    let example: toml::Table = toml::from_str(include_str!("../../kewen.example.toml")).unwrap();
    let world = World::new(&[]);
    let mut command = world.bare_command(&["config"]);
    command.env_remove("KEWEN_UI__LANGUAGE").args(["--language", "en"]);
    let run = run(command, b"");
    let keys = leaves("", &example);
    for (path, value) in &keys {
        let origin = if path == "ui.language" { "command line" } else { "default" };
        let value = if path == "ui.language" { "\"en\"".to_owned() } else { written(value) };
        check_row(&run, path, &value, origin);
    }
    assert_eq!(run.stdout.lines().count(), keys.len(), "{run:?}");
}

#[test]
fn the_example_is_a_settings_file_itself() {
    let world = World::new(&[]);
    world.write("kewen.toml", include_str!("../../kewen.example.toml"));
    check_row(&config(&world, &[], &[]), "answer.limit", "3", "kewen.toml");
}

#[test]
fn a_settings_file_that_is_no_text_is_told_and_not_waited_for() {
    let refused = |world: &World| {
        let run = run(world.bare_command(&["config"]), b"");
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("kewen.toml is no text file in UTF-8"), "{run:?}");
    };
    let gbk = World::new(&[]);
    gbk.write("kewen.toml", b"# \xd6\xd0\xce\xc4\n");
    refused(&gbk);
    let folder = World::new(&[]);
    std::fs::create_dir(folder.path("kewen.toml")).unwrap();
    refused(&folder);
    let large = World::new(&[]);
    large.write("kewen.toml", "#".repeat((1 << 20) + 1));
    refused(&large);
    #[cfg(unix)]
    {
        let pipe = World::new(&[]);
        assert!(std::process::Command::new("mkfifo").arg(pipe.path("kewen.toml")).status().unwrap().success());
        refused(&pipe);
    }
}
