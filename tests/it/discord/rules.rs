//! Discord's limits of a message: what it refuses, and what it lets pass although people would see it broken.

use std::collections::BTreeSet;

use serde_json::Value;

use super::form::{Form, Part};

const CONTENT_CHARS_MAX: usize = 2000;
const EMBEDS_MAX: usize = 10;
/// Titles, descriptions, names, values, footers and authors of all embeds together.
const EMBED_CHARS_MAX: usize = 6000;
const NONCE_CHARS_MAX: usize = 25;
const ROWS_MAX: usize = 5;
const BUTTONS_MAX: usize = 5;
const CHOICES_MAX: usize = 25;

/// SUPPRESS_EMBEDS, EPHEMERAL and SUPPRESS_NOTIFICATIONS: the flags that a bot of ours may set.
const FLAGS: u64 = 1 << 2 | 1 << 6 | 1 << 12;

/// A new message; it must show something.
pub(super) fn new_message(body: &Value) -> Form {
    let mut form = edited_message(body);
    let whole = Part::whole(body);
    let has_text = body["content"].as_str().is_some_and(|content| !content.trim().is_empty());
    let has_embed = body["embeds"].as_array().is_some_and(|embeds| !embeds.is_empty());
    if !has_text && !has_embed {
        form.refuse(&whole.get("content"), "Cannot send an empty message");
    }
    nonce(&mut form, &whole);
    reference(&mut form, &whole.get("message_reference"));
    form
}

/// The fields that an edit may hold too.
pub(super) fn edited_message(body: &Value) -> Form {
    let mut form = Form::default();
    let whole = Part::whole(body);
    form.object(&whole);
    if let Some(content) = form.text(&whole.get("content"), CONTENT_CHARS_MAX) {
        fences(&mut form, &whole.get("content"), content);
    }
    embeds(&mut form, &whole.get("embeds"));
    components(&mut form, &whole.get("components"));
    allowed_mentions(&mut form, &whole.get("allowed_mentions"));
    form.flag(&whole.get("tts"));
    if form.number(&whole.get("flags")).is_some_and(|flags| flags & !FLAGS != 0) {
        form.refuse(&whole.get("flags"), "Holds a flag that this message cannot have.");
    }
    form
}

/// A thread below a message.
pub(super) fn new_thread(body: &Value) -> Form {
    let mut form = Form::default();
    form.required_text(&Part::whole(body).get("name"), 100);
    if !matches!(body["auto_archive_duration"].as_u64(), None | Some(60 | 1440 | 4320 | 10080)) {
        form.refuse(&Part::whole(body).get("auto_archive_duration"), "There is no such duration.");
    }
    form
}

/// What an autocomplete interaction is answered with.
pub(super) fn choices(body: &Value) -> Form {
    let mut form = Form::default();
    let mut names = BTreeSet::new();
    if !body["choices"].is_array() {
        form.refuse(&Part::whole(body).get("choices"), "This field is required");
    }
    for choice in form.items(&Part::whole(body).get("choices"), CHOICES_MAX) {
        let name = form.required_text(&choice.get("name"), 100);
        if name.is_some_and(|name| !names.insert(name)) {
            form.frown(&choice.get("name"), "Nobody can tell it from another choice.");
        }
        if name.is_some_and(|name| name.contains(|c: char| c.is_control() || ('\u{202A}'..='\u{202E}').contains(&c))) {
            form.frown(&choice.get("name"), "Holds what is not to be seen.");
        }
        if !choice.value["value"].is_number() {
            form.required_text(&choice.get("value"), 100);
        }
    }
    form
}

/// Everything behind an unclosed fence is shown as code.
fn fences(form: &mut Form, part: &Part<'_>, text: &str) {
    if text.matches("```").count() % 2 == 1 {
        form.frown(part, "A ``` is never closed.");
    }
}

fn embeds(form: &mut Form, part: &Part<'_>) {
    let mut total = 0;
    let mut addresses = BTreeSet::new();
    for item in form.items(part, EMBEDS_MAX) {
        total += embed(form, &item);
        if let Some(address) = form.address(&item.get("url")).filter(|address| !addresses.insert(*address)) {
            form.frown(&item.get("url"), format!("Two embeds with the address {address} are shown as one."));
        }
    }
    if total > EMBED_CHARS_MAX {
        form.refuse(part, format!("Embed size exceeds maximum size of {EMBED_CHARS_MAX}: it is {total}."));
    }
}

/// Checks an embed and counts the characters that add to the limit of all embeds.
fn embed(form: &mut Form, part: &Part<'_>) -> usize {
    form.object(part);
    let mut texts: Vec<Option<&str>> = Vec::new();
    texts.push(form.text(&part.get("title"), 256));
    let description = form.text(&part.get("description"), 4096);
    fences(form, &part.get("description"), description.unwrap_or_default());
    texts.push(description);
    for field in form.items(&part.get("fields"), 25) {
        texts.push(form.required_text(&field.get("name"), 256));
        texts.push(form.required_text(&field.get("value"), 1024));
        form.flag(&field.get("inline"));
    }
    texts.push(form.text(&part.get("footer").get("text"), 2048));
    texts.push(form.text(&part.get("author").get("name"), 256));
    form.address(&part.get("author").get("url"));
    let mut has_picture = false;
    for picture in ["image", "thumbnail"] {
        has_picture |= form.picture(&part.get(picture).get("url")).is_some();
    }
    form.number(&part.get("color"));
    form.text(&part.get("timestamp"), 40);
    let chars = texts.into_iter().flatten().map(|text| text.chars().count()).sum();
    if chars == 0 && !has_picture {
        form.refuse(part, "This embed shows nothing.");
    }
    chars
}

fn components(form: &mut Form, part: &Part<'_>) {
    let mut custom_ids = BTreeSet::new();
    for row in form.items(part, ROWS_MAX) {
        if row.value["type"] != 1 {
            form.refuse(&row, "Only action rows may stand at the top.");
        }
        for component in form.items(&row.get("components"), BUTTONS_MAX) {
            if component.value["type"] == 2 {
                button(form, &component);
            } else {
                form.refuse(&component, "The fake knows buttons only.");
            }
            if component.value["custom_id"].as_str().is_some_and(|custom_id| !custom_ids.insert(custom_id)) {
                form.refuse(&component.get("custom_id"), "Component custom id cannot be duplicated.");
            }
        }
    }
}

fn button(form: &mut Form, part: &Part<'_>) {
    const LINK: u64 = 5;
    let label = form.text(&part.get("label"), 80);
    if label.is_none_or(str::is_empty) && part.value["emoji"].is_null() {
        form.refuse(part, "A button needs a label or an emoji.");
    }
    form.flag(&part.get("disabled"));
    match form.number(&part.get("style")) {
        Some(LINK) if form.address(&part.get("url")).is_none() => form.refuse(&part.get("url"), "A link needs a URL."),
        Some(LINK) => {}
        Some(1..LINK) => drop(form.required_text(&part.get("custom_id"), 100)),
        _ => form.refuse(&part.get("style"), "There is no such style."),
    }
}

fn allowed_mentions(form: &mut Form, part: &Part<'_>) {
    form.object(part);
    form.flag(&part.get("replied_user"));
    let mut parsed = Vec::new();
    for kind in form.items(&part.get("parse"), 3) {
        match form.text(&kind, 8) {
            Some(name @ ("users" | "roles" | "everyone")) => parsed.push(name),
            _ => form.refuse(&kind, "Must be users, roles or everyone."),
        }
    }
    for kind in ["users", "roles"] {
        let named = form.items(&part.get(kind), 100);
        for id in &named {
            form.id(id);
        }
        if parsed.contains(&kind) && !named.is_empty() {
            form.refuse(&part.get("parse"), format!("parse:[{kind:?}] and {kind} are mutually exclusive."));
        }
    }
}

fn nonce(form: &mut Form, whole: &Part<'_>) {
    let nonce = whole.get("nonce");
    if !nonce.value.is_number() {
        form.text(&nonce, NONCE_CHARS_MAX);
    }
    if form.flag(&whole.get("enforce_nonce")) == Some(true) && !nonce.is_there() {
        form.frown(&whole.get("enforce_nonce"), "Without a nonce this does nothing.");
    }
}

/// Only its form; whether there is such a message is looked up where messages are.
fn reference(form: &mut Form, part: &Part<'_>) {
    form.object(part);
    for key in ["message_id", "channel_id", "guild_id"] {
        form.id(&part.get(key));
    }
    form.flag(&part.get("fail_if_not_exists"));
    if part.is_there() && !part.get("message_id").is_there() {
        form.refuse(&part.get("message_id"), "This field is required");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The paths of what is refused, and of what is only frowned at with a `?`.
    #[track_caller]
    fn check(form: &Form, expected: &[&str]) {
        let mark = |refused: bool| if refused { "" } else { "?" };
        let found: Vec<String> =
            form.findings.iter().map(|finding| format!("{}{}", finding.path, mark(finding.refused))).collect();
        assert_eq!(found, expected, "{form:?}");
    }

    fn of(count: usize) -> String {
        "字".repeat(count)
    }

    fn embed(embed: &Value) -> Form {
        new_message(&json!({"embeds": [embed]}))
    }

    #[test]
    fn what_is_just_within_the_limits_passes() {
        let fields = vec![json!({"name": "n", "value": "v", "inline": true}); 25];
        let address = format!("https://{}", "a".repeat(504));
        check(
            &new_message(&json!({
                "content": of(2000), "nonce": of(25), "enforce_nonce": true, "allowed_mentions": {"parse": []},
                "message_reference": {"message_id": "1", "fail_if_not_exists": false}, "tts": false, "flags": 64,
                "embeds": [
                    {"title": of(256), "description": of(4096), "url": address, "fields": fields},
                    {"footer": {"text": of(1086)}, "author": {"name": of(256)}, "image": {"url": "http://x.org"}},
                    {"description": of(256)},
                ],
            })),
            &[],
        );
        check(&new_message(&json!({"embeds": vec![json!({"title": "x"}); 10]})), &[]);
    }

    #[test]
    fn one_more_is_refused() {
        check(&new_message(&json!({"content": of(2001)})), &["content"]);
        check(&new_message(&json!({"content": "x", "nonce": of(26)})), &["nonce"]);
        check(&new_message(&json!({"embeds": vec![json!({"title": "x"}); 11]})), &["embeds"]);
        check(&embed(&json!({"title": of(257)})), &["embeds.0.title"]);
        check(&embed(&json!({"description": of(4097)})), &["embeds.0.description"]);
        check(&embed(&json!({"footer": {"text": of(2049)}})), &["embeds.0.footer.text"]);
        check(&embed(&json!({"author": {"name": of(257)}})), &["embeds.0.author.name"]);
        check(&embed(&json!({"fields": vec![json!({"name": "n", "value": "v"}); 26]})), &["embeds.0.fields"]);
        check(&embed(&json!({"fields": [{"name": of(257), "value": "v"}]})), &["embeds.0.fields.0.name"]);
        check(&embed(&json!({"fields": [{"name": "n", "value": of(1025)}]})), &["embeds.0.fields.0.value"]);
        let two = json!({"embeds": [{"description": of(3000)}, {"description": of(2999), "title": "ab"}]});
        check(&new_message(&two), &["embeds"]);
    }

    #[test]
    fn an_empty_message_and_an_empty_embed_are_refused() {
        check(&new_message(&json!({})), &["content"]);
        check(&new_message(&json!({"content": " \n", "embeds": []})), &["content"]);
        check(&embed(&json!({"url": "https://example.org"})), &["embeds.0"]);
        check(&embed(&json!({"fields": [{"name": "n", "value": " "}]})), &["embeds.0.fields.0.value"]);
    }

    #[test]
    fn an_address_must_be_one_and_short() {
        let long = format!("https://{}", "a".repeat(505));
        for address in ["notes/a.md", "javascript:x", "https://", "https:///x", "https://a b", &long] {
            check(&embed(&json!({"title": "x", "url": address})), &["embeds.0.url"]);
        }
    }

    #[test]
    fn a_wrong_type_is_refused() {
        check(&new_message(&json!({"content": 3, "embeds": {}})), &["content", "embeds", "content"]);
        check(&new_message(&json!({"content": "x", "tts": "no"})), &["tts"]);
        check(&new_message(&json!({"content": "x", "flags": 1 << 15})), &["flags"]);
        check(
            &new_message(&json!({"content": "x", "message_reference": {"message_id": "x"}})),
            &["message_reference.message_id"],
        );
        check(
            &new_message(&json!({"content": "x", "allowed_mentions": {"parse": ["me"]}})),
            &["allowed_mentions.parse.0"],
        );
        let both = json!({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}});
        check(&new_message(&both), &["allowed_mentions.parse"]);
    }

    #[test]
    fn what_only_looks_broken_is_frowned_at() {
        check(&new_message(&json!({"content": "``` x"})), &["content?"]);
        check(&embed(&json!({"description": "``` x ``` ```"})), &["embeds.0.description?"]);
        let same = json!({"title": "x", "url": "https://example.org/"});
        check(&new_message(&json!({"embeds": [same, same]})), &["embeds.1.url?"]);
        check(&new_message(&json!({"content": "x", "enforce_nonce": true})), &["enforce_nonce?"]);
    }

    #[test]
    fn buttons_have_limits() {
        let button = |label: usize, custom_id: usize| json!({"type": 2, "style": 1, "label": of(label), "custom_id": of(custom_id)});
        let rows =
            |buttons: Value| new_message(&json!({"content": "x", "components": [{"type": 1, "components": buttons}]}));
        check(
            &rows(json!([button(80, 100), {"type": 2, "style": 5, "label": "x", "url": "https://example.org"}])),
            &[],
        );
        check(&rows(json!([button(81, 1)])), &["components.0.components.0.label"]);
        check(&rows(json!([button(1, 101)])), &["components.0.components.0.custom_id"]);
        check(&rows(json!([button(1, 1), button(2, 1)])), &["components.0.components.1.custom_id"]);
        let six: Vec<Value> = (1..=6).map(|number| button(1, number)).collect();
        check(&rows(json!(six)), &["components.0.components"]);
        let six = vec![json!({"type": 1, "components": []}); 6];
        check(&new_message(&json!({"content": "x", "components": six})), &["components"]);
    }

    #[test]
    fn choices_have_limits() {
        let choice = |chars: usize| json!({"name": of(chars), "value": "v"});
        let many = |count: usize| (1..=count).map(|chars| choice(chars + 75)).collect::<Vec<Value>>();
        check(&choices(&json!({"choices": many(25)})), &[]);
        check(&choices(&json!({"choices": []})), &[]);
        check(&choices(&json!({})), &["choices"]);
        check(&choices(&json!({"choices": vec![choice(1); 2]})), &["choices.1.name?"]);
        check(&choices(&json!({"choices": [{"name": "a\nb", "value": "v"}]})), &["choices.0.name?"]);
        check(&choices(&json!({"choices": [{"name": " ", "value": "v"}]})), &["choices.0.name"]);
        check(&choices(&json!({"choices": [{"name": "n", "value": of(101)}]})), &["choices.0.value"]);
        check(&choices(&json!({"choices": (1..=26).map(choice).collect::<Vec<_>>()})), &["choices"]);
        check(&choices(&json!({"choices": [choice(101)]})), &["choices.0.name"]);
    }
}
