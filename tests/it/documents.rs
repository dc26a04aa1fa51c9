//! Documents that can rot: the commands and links of README, ARCHITECTURE, CONTRIBUTING and docs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kewen::corpus::{Note, NoteId};
use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::world::{World, run};

const READMES: [&str; 2] = ["README.md", "README.zh-CN.md"];
/// What somebody who has just cloned the repository types.
const COMMANDS: [&str; 2] = ["cargo run --release -- ask \"kube-proxy 是干啥用的\"", "cargo test"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All documents whose links are looked at.
#[track_caller]
fn documents() -> Vec<String> {
    let mut names: Vec<String> =
        READMES.into_iter().chain(["ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]).map(str::to_owned).collect();
    for entry in fs::read_dir(root().join("docs")).into_iter().flatten() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if Path::new(&name).extension().is_some_and(|extension| extension == "md") {
            names.push(format!("docs/{name}"));
        }
    }
    names
}

fn parser(text: &str) -> Parser<'_> {
    Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_GFM)
}

/// Every line of a code block and every piece of inline code.
fn code(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for event in parser(text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Text(text) if in_block => found.extend(text.lines().map(str::to_owned)),
            Event::Code(text) => found.push(text.into_string()),
            _ => {}
        }
    }
    found
}

/// The subcommands that code names: the first word that is no option after `kewen` or after `cargo run … --`.
fn subcommands(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in code(text) {
        let line = line.trim_start_matches("$ ").trim();
        let called = line
            .strip_prefix("kewen ")
            .or_else(|| line.strip_prefix("cargo run").and_then(|rest| Some(rest.split_once(" -- ")?.1)));
        let mut words = called.unwrap_or_default().split_whitespace();
        while let Some(word) = words.next() {
            if !word.starts_with('-') {
                found.insert(word.to_owned());
                break;
            }
            // A global option before the subcommand has its value behind it.
            words.next();
        }
    }
    found
}

#[track_caller]
fn known_subcommands() -> BTreeSet<String> {
    let world = World::new(&[]);
    let help = run(world.bare_command(&["--help"]), b"");
    assert_eq!(help.code, 0, "{help:?}");
    let rows = help.stdout.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    rows.take_while(|line| line.starts_with("  "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect()
}

/// Why a link of the document `from` leads nowhere.
fn broken(from: &str, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
    let path = percent_decode_str(path).decode_utf8_lossy();
    let fragment = percent_decode_str(fragment).decode_utf8_lossy();
    let document = root().join(from);
    let target = if path.is_empty() { document } else { document.parent().unwrap().join(path.as_ref()) };
    if !target.exists() {
        return Some(format!("{from} links to {link}, which is not there"));
    }
    let is_page = target.extension().is_some_and(|extension| extension == "md");
    if fragment.is_empty() || !is_page {
        return None;
    }
    let page = Note::parse(NoteId(path.into_owned()), fs::read_to_string(target).unwrap());
    let there = page.section(&fragment).is_some() || page.text.contains(&format!("id=\"{fragment}\""));
    (!there).then(|| format!("{from} links to {link}, a heading which is not there"))
}

#[test]
fn both_readmes_have_the_commands_to_begin_with() {
    for readme in READMES {
        let code = code(&read(readme));
        for command in COMMANDS {
            assert!(code.iter().any(|line| line.contains(command)), "{readme} does not say {command}");
        }
    }
}

#[test]
fn every_subcommand_of_the_readmes_exists() {
    let known = known_subcommands();
    assert!(known.contains("ask"), "{known:?}");
    for readme in READMES {
        let named = subcommands(&read(readme));
        let unknown: Vec<&String> = named.difference(&known).collect();
        assert!(unknown.is_empty(), "{readme} names {unknown:?}, kewen knows {known:?}");
    }
}

#[test]
fn every_subcommand_is_told_of_in_the_readmes() {
    for readme in READMES {
        let named = subcommands(&read(readme));
        let untold: Vec<String> = known_subcommands().difference(&named).cloned().collect();
        assert!(untold.is_empty(), "{readme} does not tell of {untold:?}");
    }
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut found = Vec::new();
    for document in documents() {
        for event in parser(&read(&document)) {
            if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event {
                found.extend(broken(&document, &dest_url));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_link_that_leads_nowhere_is_noticed() {
    assert!(broken("README.md", "nowhere.md").is_some());
    assert!(broken("README.md", "#no-such-heading-here").is_some());
    assert!(broken("README.md", "src/lib.rs#L3").is_none());
    assert!(broken("README.md", "https://example.org/nowhere").is_none());
}

#[test]
fn subcommands_are_found_in_code_only() {
    let text = "kewen answers.\n\n`kewen ask QUESTION…` `kewen.toml` `kewen --notes DIR show a`\n\n```console\n$ kewen index\n$ cargo run --release -- eval x\n```\n";
    assert_eq!(subcommands(text), ["ask", "eval", "index", "show"].map(str::to_owned).into());
}
