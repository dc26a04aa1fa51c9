//! The commit that the notes of a generation have been found in since it was built.
//!
//! A commit often holds the notes as they were indexed before it was made, and then nothing of the index changes: a new generation
//! would cost every reader a reopening for nothing. So the manifest says how it was when the generation was built, and this file
//! beside the generations how it is by now. It names the generation that it is about and counts for no other; when it is lost,
//! links are pinned to the commit of the manifest, in which the notes stand just the same.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::corpus::Checkout;

const FILE: &str = "commit.json";
const FILE_ASIDE: &str = "commit.json.new";

#[derive(Deserialize, Serialize)]
struct Later {
    generation: u64,
    checkout: Option<Checkout>,
}

/// The checkout of a generation: what was found later, else what its manifest says.
pub(super) fn checkout(home: &Path, generation: u64, built: Option<&Checkout>) -> Option<Checkout> {
    let read = fs::read(home.join(FILE)).ok().and_then(|bytes| serde_json::from_slice::<Later>(&bytes).ok());
    match read.filter(|later| later.generation == generation) {
        Some(later) => later.checkout,
        None => built.cloned(),
    }
}

/// Notes the checkout of a generation that is there already. What goes wrong leaves it as it was.
pub(super) fn note(home: &Path, generation: u64, checkout: Option<&Checkout>) {
    let bytes = serde_json::to_vec(&Later { generation, checkout: checkout.cloned() }).unwrap_or_default();
    let aside = home.join(FILE_ASIDE);
    if fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, home.join(FILE))).is_err() {
        let _ = fs::remove_file(aside);
    }
}
