//! From an answer to what a person or a program reads. Pure: text in, text out.

mod json;
mod sanitise;
mod terminal;

pub use json::json;
pub use sanitise::sanitise;
pub use terminal::{Palette, answer};
