//! From an answer, or the findings of a check, to what a person or a program reads. Pure: text in, text out.

mod discord;
mod explain;
mod gaps;
mod json;
mod plain;
mod remarks;
mod reports;
mod sanitise;
mod sarif;
mod terminal;

pub use discord::{
    BUTTON_HITS_MAX, Button, Does, Embed, HandedOn, Offers, Reply, escape, hit_page, reply, section_page, unquoted,
};
pub use explain::{judgement, tokens, understanding};
pub use gaps::{Date, gaps_csv, gaps_markdown, gaps_text};
pub use json::json;
pub use plain::{headed, plain};
pub use reports::{gaps_reply, report};
pub use sanitise::{one_line, sanitise};
pub use sarif::sarif;
pub use terminal::{Palette, answer};
