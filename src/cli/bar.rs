//! A bar on standard error that tells how far work is, where that is a terminal.

use std::cell::Cell;
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::index::Step;
use crate::texts::Language;

/// How often the bar moves although nothing is told.
const TICK: Duration = Duration::from_millis(200);

/// The bar.
pub(super) struct Bar {
    bar: ProgressBar,
    language: Language,
    /// The line it shows; with another one the rate begins anew.
    line: Cell<&'static str>,
}

impl Bar {
    /// Does work that tells the bar how far it is.
    pub(super) fn over<T>(language: Language, work: impl FnOnce(&Self) -> T) -> T {
        let target =
            if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target).with_style(ProgressStyle::default_spinner());
        bar.enable_steady_tick(TICK);
        let bar = Self { bar, language, line: Cell::new("") };
        let done = work(&bar);
        bar.bar.finish_and_clear();
        done
    }

    /// A build is so far.
    pub(super) fn build(&self, step: Step) {
        match step {
            Step::Reading { notes, of, bytes, of_bytes } => {
                self.bar.set_message(format!("{notes}/{of}"));
                self.at(self.language.bar_reads(), bytes, of_bytes);
            }
            Step::Merging(done, total) => self.at(self.language.bar_merges(), done, total),
        }
    }

    /// So many headings are asked for, of how many.
    pub(super) fn asked(&self, done: usize, total: usize) {
        self.at(self.language.bar_asks(), done as u64, total as u64);
    }

    fn at(&self, line: &'static str, done: u64, total: u64) {
        let is_new = self.line.replace(line) != line;
        if is_new {
            self.bar.reset();
        }
        self.bar.set_length(total);
        self.bar.set_position(done);
        if is_new && let Ok(style) = ProgressStyle::with_template(line) {
            self.bar.set_style(style.with_key("rate", rate));
        }
    }
}

fn rate(state: &ProgressState, text: &mut dyn std::fmt::Write) {
    let _ = write!(text, "{:.0}", state.per_sec());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_can_be_drawn_and_says_how_far_it_is() {
        for language in [Language::Zh, Language::En] {
            for line in [language.bar_reads(), language.bar_merges(), language.bar_asks()] {
                assert!(ProgressStyle::with_template(line).is_ok(), "{line}");
                assert!(
                    line.contains("{eta}") && (line.contains("{rate}") || line.contains("{bytes_per_sec}")),
                    "{line}"
                );
            }
        }
    }
}
