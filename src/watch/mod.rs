//! Triggers of a reindex while kewen runs: changes in the notes folder, a repository that is fetched now and then, and SIGHUP.
//!
//! ```text
//! system (eyes) ─┐
//! SIGHUP, SIGTERM ─ Bell ─ Watch (one thread) ─ Checkout::update ─ Engine::reindex ─ Told
//! clock ─────────┘
//! ```
//!
//! Whatever goes wrong is told once, kept for `kewen status` and tried again; the generation before answers on.

mod bell;
mod checkout;
mod eyes;
mod git;
mod rounds;
mod signals;
mod trouble;

pub use bell::{Bell, Blind};
pub use checkout::{Checkout, Update};
pub use rounds::{Build, Plan, Tell, Told, Watch};
pub use signals::listen;
pub use trouble::{Trouble, Work, record, reindex, troubles};
