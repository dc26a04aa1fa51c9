//! The ranking's figures on the questions kept beside the repository; without them there is nothing to see here.

use std::path::Path;

use crate::world::{World, json, run};

/// Measure and the least that is acceptable.
const LEAST: [(&str, f64); 3] = [("hit@1", 0.76), ("hit@3", 0.86), ("hit@10", 0.91)];

#[test]
fn most_questions_find_their_section() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval");
    if !folder.is_dir() {
        return;
    }
    let world = World::new(&[]);
    let mut command = world.command(&["eval", "--format", "json"]);
    command.args(["seed", "jimmy", "tutorials", "ladder"].map(|name| folder.join(name).with_extension("toml")));
    let run = run(command, b"");
    assert_eq!(run.code, 0, "{run:?}");
    let total = &json(&run.stdout)["total"];
    for (measure, least) in LEAST {
        let rate = total[measure].as_f64().unwrap();
        assert!(rate >= least, "{measure} is {rate:.3}, below {least}: {total}");
    }
}
