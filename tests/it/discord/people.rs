//! Who and what is there: the bot, people, a guild with one channel, a direct channel, and how Discord writes them.

use serde_json::{Value, json};

/// A snowflake.
pub(crate) type Id = u64;

pub(crate) const BOT: Id = 1_310_000_000_000_000_001;
/// Not the bot's user id, as with older bots, so that whoever takes one for the other is found out.
pub(crate) const APPLICATION: Id = 1_310_000_000_000_000_002;
pub(crate) const GUILD: Id = 1_310_000_000_000_000_003;
/// The guild's channel.
pub(crate) const GENERAL: Id = 1_310_000_000_000_000_004;
/// The channel of Alice and the bot alone.
pub(crate) const DIRECT: Id = 1_310_000_000_000_000_005;
/// A forum of the guild's.
pub(crate) const FORUM: Id = 1_310_000_000_000_000_008;
/// A public thread in GENERAL.
pub(crate) const THREAD: Id = 1_310_000_000_000_000_007;
pub(crate) const ROLE: Id = 1_310_000_000_000_000_006;
pub(crate) const ALICE: Id = 1_310_000_000_000_000_011;
pub(crate) const BORIS: Id = 1_310_000_000_000_000_012;
pub(crate) const OTHER_BOT: Id = 1_310_000_000_000_000_013;
pub(crate) const WEBHOOK: Id = 1_310_000_000_000_000_014;

/// Some moment; nothing depends on it.
pub(super) const MOMENT: &str = "2026-01-05T08:00:00.000000+00:00";

pub(super) fn is_channel(id: Id) -> bool {
    matches!(id, GENERAL | DIRECT | FORUM)
}

/// A thread in a channel, as `GET /channels/ID` gives it.
pub(super) fn thread(id: Id, (above, owner, name): &(Id, Id, String)) -> Value {
    json!({
        "id": id.to_string(), "type": 11, "guild_id": GUILD.to_string(), "name": name, "parent_id": above.to_string(),
        "owner_id": owner.to_string(), "last_message_id": null, "rate_limit_per_user": 0, "flags": 0,
        "thread_metadata": {
            "archived": false, "auto_archive_duration": 1440, "archive_timestamp": MOMENT, "locked": false,
        },
    })
}

pub(super) fn user(id: Id) -> Value {
    let (name, is_bot) = match id {
        BOT => ("kewen", true),
        ALICE => ("alice", false),
        BORIS => ("boris", false),
        OTHER_BOT => ("another-bot", true),
        // A webhook's author has no mark of a bot.
        WEBHOOK => ("ticker", false),
        _ => ("somebody", false),
    };
    json!({
        "id": id.to_string(), "username": name, "discriminator": "0", "global_name": null, "avatar": null,
        "bot": is_bot, "public_flags": 0, "flags": 0,
    })
}

/// A member without the user, as messages carry it.
pub(super) fn member() -> Value {
    json!({
        "roles": [], "nick": null, "avatar": null, "joined_at": MOMENT, "premium_since": null, "deaf": false,
        "mute": false, "pending": false, "flags": 0, "communication_disabled_until": null,
    })
}

/// A member with the user and permissions, as interactions carry it.
pub(super) fn full_member(id: Id) -> Value {
    let mut member = member();
    member["user"] = user(id);
    member["permissions"] = json!("2248473465835073");
    member
}

/// What anybody may do in a channel by default, such as sending messages and using commands: nothing of an instructor.
pub(crate) const STUDENT: u64 = 0x0002_0084_A804_8C40;
/// Manage Server.
pub(crate) const MANAGE_GUILD: u64 = 1 << 5;

pub(super) fn general() -> Value {
    json!({
        "id": GENERAL.to_string(), "type": 0, "guild_id": GUILD.to_string(), "name": "general", "position": 0,
        "permission_overwrites": [], "nsfw": false, "topic": null, "last_message_id": null, "parent_id": null,
        "rate_limit_per_user": 0, "flags": 0, "permissions": "2248473465835073",
    })
}

pub(super) fn direct() -> Value {
    json!({"id": DIRECT.to_string(), "type": 1, "recipients": [user(ALICE)], "last_message_id": null, "flags": 0})
}

fn role(id: Id, name: &str) -> Value {
    json!({
        "id": id.to_string(), "name": name, "color": 0, "hoist": false, "managed": false, "mentionable": true,
        "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "permissions": "2248473465835073", "position": 0, "icon": null, "unicode_emoji": null, "flags": 0,
    })
}

/// What GUILD_CREATE holds of the guild.
pub(super) fn guild() -> Value {
    guild_with(GUILD)
}

/// The same with another id.
pub(super) fn guild_with(id: Id) -> Value {
    json!({
        "id": id.to_string(), "name": "course", "icon": null, "splash": null, "discovery_splash": null,
        "owner_id": ALICE.to_string(), "afk_channel_id": null, "afk_timeout": 300, "verification_level": 0,
        "default_message_notifications": 0, "explicit_content_filter": 0, "emojis": [], "stickers": [], "features": [],
        "roles": [role(id, "@everyone"), role(ROLE, "tutors")], "mfa_level": 0, "application_id": null,
        "system_channel_id": null, "system_channel_flags": 0, "rules_channel_id": null, "vanity_url_code": null,
        "description": null, "banner": null, "premium_tier": 0, "preferred_locale": "zh-CN", "nsfw_level": 0,
        "public_updates_channel_id": null, "premium_progress_bar_enabled": false, "joined_at": MOMENT, "large": false,
        "unavailable": false, "member_count": 3, "voice_states": [], "members": [full_member(BOT), full_member(ALICE)],
        "channels": [general()], "threads": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [],
    })
}

pub(super) fn application() -> Value {
    json!({
        "id": APPLICATION.to_string(), "name": "kewen", "icon": null, "description": "", "bot_public": true,
        "bot_require_code_grant": false, "verify_key": "0", "team": null, "flags": 0, "owner": user(ALICE),
    })
}
