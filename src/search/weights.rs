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

/// The name of a part of the ranking, and how it is switched off.
type Feature = (&'static str, fn(&mut Weights));

impl Weights {
    /// What can be switched off to see what it earns. A new feature joins with one line.
    pub const FEATURES: &'static [Feature] = &[
        ("chars", |weights| weights.chars = 0.0),
        ("bigrams", |weights| weights.bigrams = 0.0),
        ("heading", |weights| weights.heading = 0.0),
        ("trail", |weights| weights.trail = 0.0),
        ("asking", |weights| weights.asking = 0.0),
        ("coverage", |weights| weights.coverage = 0.0),
        ("likeness", |weights| weights.likeness = 0.0),
    ];
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_feature_has_a_name_of_its_own_and_switches_something_off() {
        let names: BTreeSet<&str> = Weights::FEATURES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), Weights::FEATURES.len());
        for (name, switch_off) in Weights::FEATURES {
            let mut weights = Weights::default();
            switch_off(&mut weights);
            assert_ne!(weights, Weights::default(), "{name} switches nothing off");
        }
    }
}
