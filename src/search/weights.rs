//! All weights of the ranking, in one place.

/// The weights of the ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Content words in the words field.
    pub words: f32,
    /// Their characters.
    pub chars: f32,
    /// Their pairs of characters.
    pub bigrams: f32,
    /// Content words in the section's own heading.
    pub heading: f32,
    /// Content words in title and headings above.
    pub trail: f32,
    /// Question words in the section's own heading.
    pub asking: f32,
    /// How much of the score the share of the question that was found can add.
    pub coverage: f32,
    /// What is added when the section's heading holds all that is asked for.
    pub exact_heading: f32,
}

impl Default for Weights {
    fn default() -> Self {
        let env = |name: &str, value: f32| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(value);
        Self {
            words: env("W_WORDS", 1.0),
            chars: env("W_CHARS", 0.5),
            bigrams: env("W_BIGRAMS", 0.5),
            heading: env("W_HEADING", 0.5),
            trail: env("W_TRAIL", 0.7),
            asking: env("W_ASKING", 0.2),
            coverage: env("W_COVERAGE", 0.5),
            exact_heading: env("W_EXACT", 0.1),
        }
    }
}
