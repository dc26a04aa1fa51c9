//! Whom a text mentions, and whom Discord would ping for a message of the bot's.

use serde_json::Value;

use super::people::Id;

/// What stands in a text; embeds are never looked at, since mentions in them ping nobody.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mentions {
    pub(super) everyone: bool,
    pub(super) users: Vec<Id>,
    pub(super) roles: Vec<Id>,
}

/// Mentions in code and behind a backslash count too: stricter than Discord.
pub(super) fn mentions(text: &str) -> Mentions {
    let mut found = Mentions { everyone: text.contains("@everyone") || text.contains("@here"), ..Mentions::default() };
    for part in text.split("<@").skip(1) {
        let Some((inside, _)) = part.split_once('>') else { continue };
        let (is_role, digits) = match inside.strip_prefix('&') {
            Some(digits) => (true, digits),
            None => (false, inside.strip_prefix('!').unwrap_or(inside)),
        };
        let Ok(id) = digits.parse() else { continue };
        let list = if is_role { &mut found.roles } else { &mut found.users };
        if !list.contains(&id) {
            list.push(id);
        }
    }
    found
}

/// Whom this body pings, `replied` being the author of the message that it replies to.
///
/// Without `allowed_mentions` everything in the content pings, and so does the reply; with it only what is named.
pub(super) fn pings(body: &Value, replied: Option<Id>) -> Vec<String> {
    let found = mentions(body["content"].as_str().unwrap_or_default());
    let allowed = &body["allowed_mentions"];
    let parses = |kind: &str| allowed.is_null() || list(&allowed["parse"]).iter().any(|value| value == kind);
    let pinged = |kind: &str, ids: &[Id]| -> Vec<String> {
        let named: Vec<Id> = list(&allowed[kind]).iter().filter_map(id).collect();
        let reached = ids.iter().filter(|id| parses(kind) || named.contains(id));
        reached.map(|id| format!("{kind} {id}")).collect()
    };
    let mut pings = pinged("users", &found.users);
    pings.extend(pinged("roles", &found.roles));
    if found.everyone && parses("everyone") {
        pings.push("everyone".to_owned());
    }
    if let Some(author) = replied.filter(|_| allowed.is_null() || allowed["replied_user"] == true) {
        pings.push(format!("the author of the message replied to, {author}"));
    }
    pings
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// An id as text or as number.
pub(super) fn id(value: &Value) -> Option<Id> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: &Value, replied: Option<Id>, expected: &[&str]) {
        assert_eq!(pings(body, replied), expected, "{body}");
    }

    #[test]
    fn every_form_of_a_mention_is_seen() {
        let found = mentions("<@1> <@!2> x<@&3>, <@1> <@four> <@ <@5 @here");
        assert_eq!(found, Mentions { everyone: true, users: vec![1, 2], roles: vec![3] });
    }

    #[test]
    fn without_allowed_mentions_all_of_the_content_pings_and_nothing_in_embeds() {
        let body = json!({"content": "<@1> <@&2> @everyone", "embeds": [{"description": "<@3>"}]});
        check(&body, Some(9), &["users 1", "roles 2", "everyone", "the author of the message replied to, 9"]);
        check(&json!({"embeds": [{"description": "<@3> @here"}]}), None, &[]);
    }

    #[test]
    fn allowed_mentions_let_through_what_they_name() {
        let with = |allowed: Value| json!({"content": "<@1> <@2> <@&3> @here", "allowed_mentions": allowed});
        check(&with(json!({"parse": []})), Some(9), &[]);
        check(&with(json!({})), Some(9), &[]);
        check(&with(json!({"parse": ["users"]})), None, &["users 1", "users 2"]);
        check(&with(json!({"parse": [], "users": ["2"], "roles": ["3"]})), None, &["users 2", "roles 3"]);
        check(
            &with(json!({"parse": ["everyone"], "replied_user": true})),
            Some(9),
            &["everyone", "the author of the message replied to, 9"],
        );
    }
}
