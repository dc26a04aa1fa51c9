//! Tests of how layers of settings are merged and checked.

use super::*;

fn file(text: &str) -> Sources {
    Sources { file: Some((PathBuf::from("/a/kewen.toml"), text.to_owned())), ..Sources::default() }
}

fn environment(name: &str, value: &str) -> Sources {
    Sources { environment: vec![(name.to_owned(), value.to_owned())], ..Sources::default() }
}

#[test]
fn the_example_holds_every_key_and_nothing_else() {
    let loaded = load(&Sources::default()).unwrap();
    let paths: Vec<_> = loaded.effective.iter().map(|row| row.path).collect();
    assert_eq!(paths, KEYS.iter().map(|key| key.path).collect::<Vec<_>>());
}

#[test]
fn the_example_as_a_settings_file_changes_nothing() {
    let source = include_str!("../../kewen.example.toml");
    let (default, of_file) = (load(&Sources::default()).unwrap(), load(&file(source)).unwrap());
    let values = |loaded: &Loaded| loaded.effective.iter().map(|row| row.value.clone()).collect::<Vec<_>>();
    assert_eq!(values(&of_file), values(&default));
    assert_eq!(format!("{:?}", of_file.settings), format!("{:?}", default.settings));
    assert!(of_file.effective.iter().all(|row| row.origin == Origin::File("/a/kewen.toml".into())));
}

#[test]
fn later_layers_win_and_say_where_they_came_from() {
    let mut sources = file("[answer]\nlimit = 4\n[notes]\ndir = \"n\"\n");
    sources.environment =
        vec![("KEWEN_ANSWER__LIMIT".into(), "5".into()), ("KEWEN_NOTES__EXCLUDE".into(), "a/**, *.tmp".into())];
    sources.options = vec![("notes.dir", "m".to_owned())];
    let loaded = load(&sources).unwrap();
    assert_eq!(loaded.settings.answer.limit, 5);
    assert_eq!(loaded.settings.notes.dir, PathBuf::from("m"));
    assert_eq!(loaded.settings.notes.exclude, ["a/**", "*.tmp"]);
    let origin = |path| loaded.effective.iter().find(|row| row.path == path).unwrap().origin.clone();
    assert_eq!(origin("answer.limit"), Origin::Variable("KEWEN_ANSWER__LIMIT".to_owned()));
    assert_eq!(origin("notes.dir"), Origin::Option);
    assert_eq!(origin("links.base_url"), Origin::Default);
}

#[test]
fn a_path_in_a_file_counts_from_the_file() {
    let loaded = load(&file("[notes]\ndir = \"n\"\n")).unwrap();
    assert_eq!(loaded.settings.notes.dir, Path::new("/a").join("n"));
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest() {
    let problem = load(&file("[notes]\n\ndirs = \"x\"\n")).unwrap_err();
    let SettingsProblem::UnknownKey { place, key, nearest } = problem else { panic!("{problem:?}") };
    assert_eq!(place, Place { origin: Origin::File("/a/kewen.toml".into()), line: Some(3) });
    assert_eq!((key.as_str(), nearest), ("notes.dirs", Some("notes.dir")));
    assert!(matches!(load(&environment("KEWEN_NOTES__DIRS", "x")), Err(SettingsProblem::UnknownKey { .. })));
    assert!(matches!(load(&environment("KEWEN_NOTES", "x")), Err(SettingsProblem::UnknownKey { .. })));
}

#[test]
fn a_wrong_type_names_the_key_and_what_was_expected() {
    for sources in [
        file("[answer]\nlimit = \"many\"\n"),
        file("[answer]\nlimit = 0\n"),
        file("[answer]\nlimit = [1]\n"),
        file("answer = 3\n"),
        environment("KEWEN_ANSWER__LIMIT", "viel"),
        environment("KEWEN_LEXICON__STANDARD", "yes please"),
        file("[links]\nbase_url = \"javascript:x\"\n"),
        file("[links]\nbase_url = \"https://me:secret@example.org/notes\"\n"),
        file("[links]\nbase_url = \"https://example.org/a b\"\n"),
        file("[ui]\nlanguage = \"de\"\n"),
    ] {
        let problem = load(&sources).unwrap_err();
        assert!(
            matches!(problem, SettingsProblem::WrongValue { .. } | SettingsProblem::UnknownKey { .. }),
            "{problem:?}"
        );
    }
}

#[test]
fn a_secret_is_in_no_error_and_no_listing() {
    let secret = "MTk4NjIyNDgzNDcxOTI1MjQ4";
    for text in [
        format!("[discord]\ntoken = [\"{secret}\"]\n"),
        format!("[discord]\ntoken = \"{secret}\n"),
        format!("[discord]\ntoken = {secret}x\n"),
    ] {
        let problem = format!("{:?}", load(&file(&text)).unwrap_err());
        assert!(!problem.contains(secret), "{problem}");
    }
    let loaded = load(&environment("KEWEN_DISCORD__TOKEN", "123456789")).unwrap();
    assert_eq!(loaded.settings.discord.token, "123456789");
    assert!(!format!("{loaded:?}").contains("123456789"));
}

#[test]
fn a_course_has_settings_of_its_own_and_those_of_all() {
    let mut sources = file(
        "[answer]\nlimit = 4\n[notes]\ndir = \"n\"\n[courses.k8s]\nservers = [\"1\"]\nnotes.dir = \"k\"\n[courses.\"云 原生\"]\nchannels = [\"2\", \"3\"]\ndefault = true\nanswer.limit = 5\n",
    );
    let all = load(&sources).unwrap();
    assert_eq!((all.settings.answer.limit, all.course), (4, None));
    let k8s = Course { name: "k8s".to_owned(), servers: vec![1], channels: Vec::new(), is_default: false };
    let other = Course { name: "云 原生".to_owned(), servers: Vec::new(), channels: vec![2, 3], is_default: true };
    assert_eq!(all.courses, [k8s, other]);
    sources.environment = vec![("KEWEN_NOTES__DIR".into(), "e".into())];
    sources.course = Some("k8s".to_owned());
    let loaded = load(&sources).unwrap();
    assert_eq!((loaded.settings.answer.limit, loaded.settings.notes.dir), (4, Path::new("/a").join("k")));
    sources.course = Some("云 原生".to_owned());
    sources.options = vec![("notes.dir", "m".to_owned())];
    let loaded = load(&sources).unwrap();
    assert_eq!((loaded.settings.answer.limit, loaded.settings.notes.dir), (5, PathBuf::from("m")));
    sources.course = Some("k9s".to_owned());
    let known = vec!["k8s".to_owned(), "云 原生".to_owned()];
    assert_eq!(load(&sources).unwrap_err(), SettingsProblem::CourseUnknown("k9s".to_owned(), known));
}

#[test]
fn what_a_course_cannot_have_is_named_with_its_line() {
    let unknown = |text: &str, wanted: &str, line: usize| match load(&file(text)) {
        Err(SettingsProblem::UnknownKey { place, key, .. }) => {
            assert_eq!((key.as_str(), place.line), (wanted, Some(line)), "{text:?}");
        }
        other => panic!("{text:?}: {other:?}"),
    };
    unknown("[courses.a]\n\nserver = [\"1\"]\n", "courses.a.server", 3);
    unknown("[courses.a]\ndiscord.token = \"x\"\n", "courses.a.discord.token", 2);
    unknown("[courses]\na = 3\n", "courses.a", 2);
    unknown("courses = 3\n", "courses", 1);
    for text in ["servers = \"1\"", "channels = [\"x\"]", "default = \"yes\"", "answer.limit = 0"] {
        let problem = load(&file(&format!("[courses.a]\n{text}\n"))).unwrap_err();
        let SettingsProblem::WrongValue { place, .. } = problem else { panic!("{text}: {problem:?}") };
        assert_eq!(place.line, Some(2), "{text}");
    }
    for (text, claim, line) in [
        ("[courses.a]\nservers = [\"1\"]\n[courses.b]\nservers = [\"2\", \"1\"]\n", "servers = [\"1\"]", 4),
        ("[courses.a]\ndefault = true\n[courses.b]\n\ndefault = true\n", "default = true", 5),
        ("[courses.a]\nnotes.dir = \"n\"\n[courses.b]\nnotes.dir = \"n\"\n", "notes.dir = \"/a/n\"", 4),
    ] {
        let problem = load(&file(text)).unwrap_err();
        let SettingsProblem::CourseTwice { place, claim: found } = problem else { panic!("{text}: {problem:?}") };
        assert_eq!((found.replace("\\\\", "/").as_str(), place.line), (claim, Some(line)), "{text}");
    }
    for name in ["", "  ", "a\\nb", &"x".repeat(41)] {
        let problem = load(&file(&format!("[courses.\"{name}\"]\n"))).unwrap_err();
        assert!(matches!(problem, SettingsProblem::CourseName(_)), "{name:?}: {problem:?}");
    }
}

#[test]
fn broken_toml_names_its_line() {
    let problem = load(&file("[notes]\ndir = \n")).unwrap_err();
    let SettingsProblem::Syntax { place, .. } = problem else { panic!("{problem:?}") };
    assert_eq!(place.line, Some(2));
}
