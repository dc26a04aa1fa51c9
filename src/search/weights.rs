//! All weights of the ranking, in one place.

use super::features::Features;

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
    /// How much a heading that reads like the question can add.
    pub likeness: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            words: 1.0,
            chars: 0.5,
            bigrams: 0.3,
            heading: 0.5,
            trail: 1.0,
            asking: 0.5,
            coverage: 0.5,
            likeness: 0.5,
        }
    }
}

impl Weights {
    /// The factor by which the second look changes a score.
    pub(super) fn of(&self, features: &Features) -> f32 {
        let like = features.likeness.max(features.likeness_above).powi(2);
        (1.0 + self.coverage * features.coverage) * (1.0 + self.likeness * like)
    }
}
