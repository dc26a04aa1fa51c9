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
    /// Content words in what the note's front matter says it is about.
    pub about: f32,
    /// Question words in the section's own heading.
    pub asking: f32,
    /// Share of the question that was found. This and all below: what a feature adds to the logarithm of the score.
    pub coverage: f32,
    /// Share of the things asked for that no two neighbouring pieces hold together.
    pub missed: f32,
    /// How much a heading reads like the question, squared.
    pub likeness: f32,
    /// A heading that is what is asked for, and nothing more.
    pub named: f32,
    /// A sentence that defines, when a definition is wanted.
    pub definition: f32,
    /// A heading that only gathers (总结, 参考).
    pub generic: f32,
    /// The note of the conversation's last answer.
    pub same_note: f32,
    /// The same heading as the conversation's last answer.
    pub same_family: f32,
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
        ("about", |weights| weights.about = 0.0),
        ("asking", |weights| weights.asking = 0.0),
        ("coverage", |weights| weights.coverage = 0.0),
        ("missed", |weights| weights.missed = 0.0),
        ("likeness", |weights| weights.likeness = 0.0),
        ("named", |weights| weights.named = 0.0),
        ("definition", |weights| weights.definition = 0.0),
        ("generic", |weights| weights.generic = 0.0),
        ("conversation", |weights| (weights.same_note, weights.same_family) = (0.0, 0.0)),
    ];
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            words: 1.0,
            chars: 0.5,
            bigrams: 0.2,
            heading: 0.6,
            trail: 1.75,
            about: 0.2,
            asking: 0.5,
            coverage: 1.0,
            missed: -1.0,
            likeness: 0.65,
            named: 1.0,
            definition: 0.3,
            generic: -0.15,
            same_note: 0.3,
            same_family: 0.15,
        }
    }
}

impl Weights {
    /// The factor by which the second look changes a score: log-linear in the features.
    pub(super) fn of(&self, features: &Features) -> f32 {
        let likeness = features.likeness.max(features.likeness_above).powi(2);
        let sum = self.coverage * features.coverage
            + self.missed * features.missed
            + self.likeness * likeness
            + self.named * features.named
            + self.definition * features.definition
            + self.generic * features.generic
            + self.same_note * features.same_note
            + self.same_family * features.same_family;
        sum.exp()
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
