//! The bulk overwrite of an application's commands: Discord's limits, and what it answers.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::form::{Form, Part};
use super::people::APPLICATION;

const COMMANDS_MAX: usize = 100;
const OPTIONS_MAX: usize = 25;
const CHAT_INPUT: u64 = 1;

/// What a localisation may be for.
const LOCALES: &[&str] = &[
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
];

/// Checks the list of commands.
pub(super) fn check(body: &Value) -> Form {
    let mut form = Form::default();
    let whole = Part::whole(body);
    if body.is_null() {
        form.refuse(&whole, "Must be a list.");
    }
    let mut names = BTreeSet::new();
    for command in form.items(&whole, COMMANDS_MAX) {
        check_command(&mut form, &command);
        if !names.insert((command.value["type"].as_u64(), command.value["name"].as_str())) {
            form.refuse(&command.get("name"), "Application command names must be unique");
        }
    }
    form
}

fn check_command(form: &mut Form, command: &Part<'_>) {
    if form.number(&command.get("type")).unwrap_or(CHAT_INPUT) == CHAT_INPUT {
        names(form, command);
        descriptions(form, command);
        options(form, command);
    } else {
        // Names in a menu may hold blanks and capitals.
        for name in std::iter::once(command.get("name")).chain(localised(form, &command.get("name_localizations"))) {
            form.required_text(&name, 32);
        }
        if !command.value["options"].as_array().is_none_or(Vec::is_empty) {
            form.refuse(&command.get("options"), "A command of a menu has no options.");
        }
        if command.value["description"].as_str().is_some_and(|text| !text.is_empty()) {
            form.refuse(&command.get("description"), "A command of a menu has no description.");
        }
    }
    form.flag(&command.get("nsfw"));
    form.flag(&command.get("dm_permission"));
    permissions(form, &command.get("default_member_permissions"));
    for context in form.items(&command.get("contexts"), 3) {
        if form.number(&context).is_none_or(|context| context > 2) {
            form.refuse(&context, "There is no such context.");
        }
    }
}

/// A bit set, written as text.
fn permissions(form: &mut Form, part: &Part<'_>) {
    if form.text(part, 20).is_some_and(|bits| bits.parse::<u64>().is_err()) {
        form.refuse(part, "Must be a bit set.");
    }
}

fn options(form: &mut Form, command: &Part<'_>) {
    let mut optional_before = false;
    let mut option_names = BTreeSet::new();
    for option in form.items(&command.get("options"), OPTIONS_MAX) {
        names(form, &option);
        descriptions(form, &option);
        if !form.number(&option.get("type")).is_some_and(|kind| (1..=11).contains(&kind)) {
            form.refuse(&option.get("type"), "There is no such type of option.");
        }
        let required = form.flag(&option.get("required")).unwrap_or(false);
        if required && optional_before {
            form.refuse(&option, "Required options must be placed before non-required options");
        }
        optional_before |= !required;
        let completes = form.flag(&option.get("autocomplete")).unwrap_or(false);
        let has_choices = option.value["choices"].as_array().is_some_and(|choices| !choices.is_empty());
        if completes && (has_choices || !matches!(option.value["type"].as_u64(), Some(3 | 4 | 10))) {
            form.refuse(&option.get("autocomplete"), "Only texts and numbers without choices can be completed.");
        }
        if !option_names.insert(option.value["name"].as_str()) {
            form.refuse(&option.get("name"), "Option names must be unique");
        }
        if form.number(&option.get("max_length")).is_some_and(|chars| !(1..=6000).contains(&chars)) {
            form.refuse(&option.get("max_length"), "Must be from 1 to 6000.");
        }
    }
}

fn names(form: &mut Form, part: &Part<'_>) {
    let localised = localised(form, &part.get("name_localizations"));
    for name in std::iter::once(part.get("name")).chain(localised) {
        let text = form.required_text(&name, 32).unwrap_or_default();
        if !text.chars().all(|c| c.is_alphanumeric() || "-_'".contains(c)) || text.to_lowercase() != text {
            form.refuse(&name, "Application command names must be lowercase words.");
        }
    }
}

fn descriptions(form: &mut Form, part: &Part<'_>) {
    let localised = localised(form, &part.get("description_localizations"));
    for description in std::iter::once(part.get("description")).chain(localised) {
        form.required_text(&description, 100);
    }
}

fn localised<'b>(form: &mut Form, part: &Part<'b>) -> Vec<Part<'b>> {
    let mut texts = Vec::new();
    for (locale, text) in form.entries(part) {
        if !LOCALES.contains(&locale) {
            form.refuse(&text, format!("{locale} is no locale of Discord's."));
        }
        texts.push(text);
    }
    texts
}

/// Whether Discord shows a command to a member with these permissions, who is in a server or in a direct message.
pub(super) fn is_shown(command: &Value, permissions: u64, in_server: bool) -> bool {
    let needed: u64 = command["default_member_permissions"].as_str().map_or(0, |bits| bits.parse().unwrap());
    let contexts = command["contexts"].as_array();
    let context = u64::from(!in_server);
    (!in_server || permissions & needed == needed)
        && contexts.is_none_or(|contexts| contexts.iter().any(|known| *known == context))
}

/// A command as Discord keeps it: with an id, and every field there.
pub(super) fn kept(sent: &Value, id: u64) -> Value {
    let mut command = sent.clone();
    command["id"] = json!(id.to_string());
    command["version"] = json!(id.to_string());
    command["application_id"] = json!(APPLICATION.to_string());
    for (key, default) in [("type", json!(CHAT_INPUT)), ("description", json!("")), ("nsfw", json!(false))] {
        if command[key].is_null() {
            command[key] = default;
        }
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_paths(commands: &Value, expected: &[&str]) {
        let form = check(commands);
        let found: Vec<&str> = form.findings.iter().map(|finding| finding.path.as_str()).collect();
        assert_eq!(found, expected, "{form:?}");
    }

    fn ask() -> Value {
        json!({
            "name": "ask", "description": "d", "name_localizations": {"zh-CN": "问"},
            "options": [{"type": 3, "name": "question", "description": "q", "required": true, "min_value": null}],
        })
    }

    /// `ask` with the field at a JSON pointer replaced.
    fn with(pointer: &str, value: Value) -> Value {
        let mut command = ask();
        *command.pointer_mut(pointer).unwrap() = value;
        json!([command])
    }

    #[test]
    fn a_good_command_passes() {
        check_paths(&json!([ask()]), &[]);
    }

    #[test]
    fn limits_are_kept() {
        check_paths(&json!({}), &[""]);
        check_paths(&with("/name", json!("Ask")), &["0.name"]);
        check_paths(&with("/name", json!("ask me")), &["0.name"]);
        check_paths(&with("/name", json!("a".repeat(33))), &["0.name"]);
        check_paths(&with("/description", json!("")), &["0.description"]);
        check_paths(&with("/description", json!("d".repeat(101))), &["0.description"]);
        check_paths(&with("/name_localizations", json!({"zh": "问"})), &["0.name_localizations.zh"]);
        check_paths(&with("/options/0/type", json!(12)), &["0.options.0.type"]);
        let completes = json!({"type": 5, "name": "x", "description": "d", "autocomplete": true});
        check_paths(&with("/options/0", completes), &["0.options.0.autocomplete"]);
        let menu = |name: &str| json!([{"type": 3, "name": name, "name_localizations": {"zh-CN": name}}]);
        check_paths(&menu("Ask the notes"), &[]);
        check_paths(&menu(&"a".repeat(33)), &["0.name", "0.name_localizations.zh-CN"]);
        check_paths(&json!([{"type": 3, "name": "a", "description": "d"}]), &["0.description"]);
        check_paths(&json!([ask(), ask()]), &["1.name"]);
        for (key, wrong) in [("default_member_permissions", json!("manage")), ("default_member_permissions", json!(32))]
        {
            let mut command = ask();
            command[key] = wrong;
            check_paths(&json!([command]), &[&format!("0.{key}")]);
        }
        let mut command = ask();
        command["contexts"] = json!([0, 3]);
        check_paths(&json!([command]), &["0.contexts.1"]);
    }

    #[test]
    fn a_command_is_shown_to_those_who_may_use_it() {
        let mut command = ask();
        assert!(is_shown(&command, 0, true) && is_shown(&command, 0, false));
        command["default_member_permissions"] = json!("32");
        command["contexts"] = json!([0]);
        assert!(is_shown(&command, 0b10_0001, true) && !is_shown(&command, 1, true) && !is_shown(&command, 32, false));
    }
}
