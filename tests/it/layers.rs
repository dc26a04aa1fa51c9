//! Which module may name which: reads every file under src/ and names the file and the module that break the table.

use std::fs;
use std::path::{Path, PathBuf};

/// Module, and which of our modules it may name beside itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("settings", &["corpus"]),
    ("corpus", &["text"]),
    ("index", &["corpus", "error", "text"]),
    ("query", &["index", "text"]),
    ("search", &["corpus", "index", "query", "text"]),
    ("answer", &["corpus", "index", "query", "search", "text"]),
    ("engine", &["answer", "corpus", "error", "index", "query", "search", "settings", "text"]),
    ("log", &["answer", "error"]),
    ("render", &["answer", "check", "log", "text", "texts"]),
    ("check", &["answer", "corpus", "engine", "error", "query", "search", "text"]),
    ("eval", &["answer", "corpus", "engine", "error", "settings"]),
    ("error", &["query", "settings", "corpus"]),
    ("texts", &["answer", "check", "corpus", "error", "index", "log", "settings"]),
    ("watch", &["corpus", "engine", "error", "index", "settings", "texts"]),
    ("bot", &["answer", "engine", "error", "index", "log", "query", "render", "settings", "texts"]),
    (
        "cli",
        &[
            "answer", "bot", "check", "corpus", "engine", "error", "eval", "index", "log", "query", "render", "search",
            "settings", "text", "texts", "watch",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// What stands outside (a crate, a part of std, a macro), and which modules may name it.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("tantivy", &["text", "index", "query", "search"]),
    ("jieba_rs", &["text"]),
    ("serenity", &["bot"]),
    ("reqwest", &["bot"]),
    ("tokio", &["bot", "watch"]),
    ("rusqlite", &["log"]),
    ("notify", &["watch"]),
    ("std::process::Command", &["corpus", "watch"]),
    ("clap", &["cli", "texts"]),
    ("clap_complete", &["cli"]),
    ("std::process::exit", &["cli", "main"]),
    // The program's arguments come in through main; the corpus asks where git's rules for all folders are.
    ("std::env", &["cli", "main", "corpus"]),
    ("std::time::Instant", &["engine", "cli", "bot", "index", "corpus", "watch"]),
    // Files have times, and the engine knows what day it is.
    ("std::time::SystemTime", &["index", "cli", "corpus", "engine", "watch"]),
    ("std::fs", &["corpus", "index", "engine", "eval", "check", "cli", "log", "watch"]),
    ("println!", &["cli", "main"]),
    ("eprintln!", &["cli", "main"]),
    ("print!", &["cli", "main"]),
    ("eprint!", &["cli", "main"]),
];

/// A part of Rust's text, as far as this check needs to know it.
#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    /// `::`
    Colons,
    Sign(char),
}

/// The source as tokens, without comments, literals and lifetimes.
fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let at = |number: usize| chars.get(number).copied().unwrap_or('\0');
    let mut tokens = Vec::new();
    let mut here = 0;
    while here < chars.len() {
        let c = at(here);
        if c == '/' && at(here + 1) == '/' {
            here = (here..chars.len()).find(|&number| at(number) == '\n').unwrap_or(chars.len());
        } else if c == '/' && at(here + 1) == '*' {
            here = (here + 2..chars.len()).find(|&n| at(n) == '*' && at(n + 1) == '/').map_or(chars.len(), |n| n + 2);
        } else if let Some(end) = raw_text_end(&chars, here) {
            here = end;
        } else if c == '"' {
            here = quoted_end(&chars, here, '"');
        } else if c == '\'' {
            let is_char = at(here + 1) == '\\' || at(here + 2) == '\'';
            here = if is_char { quoted_end(&chars, here, '\'') } else { here + 1 };
        } else if c == '_' || c.is_alphanumeric() {
            let end = (here..chars.len()).find(|&n| at(n) != '_' && !at(n).is_alphanumeric()).unwrap_or(chars.len());
            tokens.push(Token::Word(chars[here..end].iter().collect()));
            here = end;
        } else if c == ':' && at(here + 1) == ':' {
            tokens.push(Token::Colons);
            here += 2;
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Sign(c));
            }
            here += 1;
        }
    }
    tokens
}

/// One past a raw text such as `r#"…"#` that begins at `start`.
fn raw_text_end(chars: &[char], start: usize) -> Option<usize> {
    let within_word = start > 0 && (chars[start - 1] == '_' || chars[start - 1].is_alphanumeric());
    let mut here = start + usize::from(chars[start] == 'b');
    if within_word || chars.get(here) != Some(&'r') {
        return None;
    }
    let hashes = chars[here + 1..].iter().take_while(|&&c| c == '#').count();
    here += 1 + hashes;
    if chars.get(here) != Some(&'"') {
        return None;
    }
    let closes = |at: usize| chars[at] == '"' && chars[at + 1..].iter().take_while(|&&c| c == '#').count() >= hashes;
    Some((here + 1..chars.len()).find(|&at| closes(at)).map_or(chars.len(), |at| at + 1 + hashes))
}

/// One past a quoted literal that begins at `start`.
fn quoted_end(chars: &[char], start: usize, quote: char) -> usize {
    let mut here = start + 1;
    while here < chars.len() && chars[here] != quote {
        here += if chars[here] == '\\' { 2 } else { 1 };
    }
    here + 1
}

/// The tokens before the tests at the end of a file.
fn without_tests(tokens: &[Token]) -> &[Token] {
    let word = |text: &str| Token::Word(text.to_owned());
    let mark = [
        Token::Sign('#'),
        Token::Sign('['),
        word("cfg"),
        Token::Sign('('),
        word("test"),
        Token::Sign(')'),
        Token::Sign(']'),
        word("mod"),
    ];
    let end = tokens.windows(mark.len()).position(|window| window == mark);
    &tokens[..end.unwrap_or(tokens.len())]
}

/// All paths that a file names, `use` trees spelt out, and macros with their `!`.
fn paths(tokens: &[Token]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    let mut here = 0;
    while let Some(token) = tokens.get(here) {
        let in_a_path = matches!(here.checked_sub(1).map(|last| &tokens[last]), Some(Token::Colons | Token::Sign('.')));
        match token {
            Token::Word(word) if word == "use" => here = tree(tokens, here + 1, &[], &mut paths),
            Token::Word(_) if !in_a_path || rooted(tokens, here) => here = tree(tokens, here, &[], &mut paths),
            _ => here += 1,
        }
    }
    paths
}

/// Whether the word at `here` stands after a `::` that nothing stands before, as in `-> ::tantivy::Result`.
fn rooted(tokens: &[Token], here: usize) -> bool {
    let back = |steps: usize| here.checked_sub(steps).map(|at| &tokens[at]);
    let arrow = back(3) == Some(&Token::Sign('-'));
    let joined = match back(2) {
        Some(Token::Word(_)) => true,
        Some(Token::Sign('>')) => !arrow,
        _ => false,
    };
    back(1) == Some(&Token::Colons) && !joined
}

/// Reads a path, or a tree of them, that begins at `here`; gives where it ends.
fn tree(tokens: &[Token], mut here: usize, above: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let mut path = above.to_vec();
    loop {
        match tokens.get(here) {
            Some(Token::Word(word)) => path.push(word.clone()),
            Some(Token::Colons) => {}
            Some(Token::Sign('{')) if tokens.get(here.wrapping_sub(1)) == Some(&Token::Colons) => {
                here += 1;
                while !matches!(tokens.get(here), None | Some(Token::Sign('}'))) {
                    let end = tree(tokens, here, &path, paths);
                    here = end.max(here + 1);
                }
                return here + 1;
            }
            Some(Token::Sign('!')) if path.len() > above.len() => {
                path.last_mut().unwrap().push('!');
                break;
            }
            _ => break,
        }
        here += 1;
        // Two words in a row are two things, unless the second gives the first another name.
        if matches!((tokens.get(here - 1), tokens.get(here)), (Some(Token::Word(_)), Some(Token::Word(_)))) {
            here += if tokens[here] == Token::Word("as".to_owned()) { 2 } else { 0 };
            break;
        }
    }
    if path.len() > above.len() {
        paths.push(path);
    }
    here
}

/// `path` from the crate's root when it is one of ours; `module` is the file's own module path.
fn resolved(path: &[String], module: &[&str]) -> Option<Vec<String>> {
    let first = path.first()?.as_str();
    match first {
        "crate" | "kewen" => Some(path[1..].to_vec()),
        "self" | "super" => {
            let ups = path.iter().take_while(|part| *part == "super").count();
            let skipped = path.iter().take_while(|part| matches!(part.as_str(), "self" | "super")).count();
            let kept = &module[..module.len().saturating_sub(ups)];
            Some(kept.iter().map(|part| (*part).to_owned()).chain(path[skipped..].iter().cloned()).collect())
        }
        _ => None,
    }
}

/// The module path of a file below src/: `text/latin.rs` is `text::latin`, `text/mod.rs` is `text`.
fn module_of(file: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    if parts.last() == Some(&"mod") {
        parts.pop();
    }
    parts
}

/// What `source`, the text of `file` (below src/), names and may not.
fn violations(file: &str, source: &str) -> Vec<String> {
    let module = module_of(file);
    let own = module[0];
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == own) else {
        return vec![format!("src/{file}: module {own} has no row in the table of layers")];
    };
    // main and lib are roots: what they call `self` is the crate.
    let root: &[&str] = if matches!(own, "main" | "lib") { &[] } else { &module };
    let mut found = Vec::new();
    for path in paths(without_tests(&tokens(source))) {
        let text = path.join("::");
        if let Some(named) = resolved(&path, root).as_deref().and_then(<[String]>::first) {
            let known = LAYERS.iter().any(|(name, _)| name == named);
            if known && named != own && !allowed.contains(&named.as_str()) {
                found.push(format!("src/{file}: {own} may not name {named} ({text})"));
            }
        }
        for (outside, may) in OUTSIDE {
            let inside = |path: &str| path == *outside || path.starts_with(&format!("{outside}::"));
            // `std::println!` and `anstream::println!` print as well.
            let named =
                if outside.ends_with('!') { path.last().is_some_and(|last| inside(last)) } else { inside(&text) };
            if named && !may.contains(&own) {
                found.push(format!("src/{file}: {own} may not name {outside} ({text})"));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            // A file of tests may name whatever it needs, as tests at the end of a file may.
            found.push(path);
        }
    }
}

#[track_caller]
fn check(file: &str, source: &str, expected: &[&str]) {
    let found = violations(file, source);
    assert_eq!(found.len(), expected.len(), "{source}\n{found:#?}");
    for part in expected {
        assert!(found.iter().any(|line| line.contains(part)), "nothing says {part:?} about\n{source}\n{found:#?}");
    }
}

#[test]
fn no_module_names_what_it_may_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 40, "only {} files under src/", files.len());
    let found: Vec<String> = files
        .iter()
        .flat_map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            violations(&name, &fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_check_finds_what_breaks_the_table() {
    check("text/latin.rs", "use crate::corpus::Note;", &["text may not name corpus"]);
    check("text/mod.rs", "use super::engine::Engine;", &["text may not name engine"]);
    check("text/latin.rs", "use super::super::query;", &["text may not name query"]);
    check("engine.rs", "use super::cli;", &["engine may not name cli"]);
    check("corpus/note.rs", "fn f() { let x = crate::index::Home::new(); }", &["corpus may not name index"]);
    check("render/json.rs", "fn f(x: &[crate::search::Hit]) {}", &["render may not name search"]);
    let tree = "use crate::{\n    corpus::{Note, NoteId},\n    engine::{self, Engine},\n    cli::Exit,\n};";
    check(
        "answer/mod.rs",
        tree,
        &[
            "answer may not name engine (crate::engine::self",
            "may not name engine (crate::engine::Engine",
            "may not name cli",
        ],
    );
    check("corpus/walk.rs", "use jieba_rs::Jieba;\nuse tantivy::Index;", &["name jieba_rs", "name tantivy"]);
    check("engine.rs", "fn f() -> ::tantivy::Result<()> {}", &["engine may not name tantivy"]);
    check("engine.rs", "fn f() { Vec::<tantivy::DocId>::new() }", &["engine may not name tantivy"]);
    check("engine.rs", "type X<T> = Vec<tantivy::DocId>;", &["engine may not name tantivy"]);
    check(
        "query/mod.rs",
        "use std::{env, fs::File, time::Instant};",
        &["name std::env", "name std::fs", "name std::time::Instant"],
    );
    check(
        "engine.rs",
        "fn f() { println!(\"x\"); std::process::exit(1) }",
        &["name println!", "name std::process::exit"],
    );
    check("corpus/read.rs", "fn f() { std::eprintln!(\"x\") }", &["name eprintln!"]);
    check("cli/ask.rs", "use serenity::all::Context;", &["cli may not name serenity"]);
    check("magic/mod.rs", "", &["module magic has no row"]);
}

#[test]
fn the_check_leaves_alone_what_is_allowed() {
    check(
        "index/reader.rs",
        "use crate::corpus::Walk;\nuse super::{Fields, manifest::Manifest};\nuse tantivy::Index;\nuse std::{io as fs, fmt};",
        &[],
    );
    check("cli/mod.rs", "fn f() { anstream::print!(\"x\"); std::env::var(\"A\"); }", &[]);
    check("main.rs", "fn main() { kewen::cli::run(std::env::args_os().collect()) }", &[]);
    let told = "//! [`crate::engine`] calls.\n/* use crate::cli; */ const A: &str = \"use crate::cli; println!\";\n\
                const B: &str = r#\"\"crate::cli::x\"\"#; const C: char = '\"'; fn f<'a>(x: &'a str) {}";
    check("text/span.rs", told, &[]);
    check("text/span.rs", "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::engine::Engine;\n}\n", &[]);
    check("text/span.rs", "fn f(env: Env) { env.fs(); my::tantivy::x(); self.println() }", &[]);
}
