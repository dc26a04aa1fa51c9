use kewen::engine::*;
use kewen::settings::*;
use std::io::BufRead;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let get = |n: &str| args.iter().position(|a| a == n).map(|i| args[i + 1].clone()).unwrap();
    let s = load(&Sources::default()).unwrap().settings;
    let e = Engine::new(&s, &Places { notes: get("--notes").into(), index: get("--index").into() }).unwrap();
    if args[1] == "index" { let r = e.reindex(&mut |_, _| {}).unwrap(); eprintln!("{} {} {} {}", r.notes, r.sections, r.passages, r.warnings.len()); return; }
    e.open().unwrap();
    for l in std::io::stdin().lock().lines() {
        let v: serde_json::Value = serde_json::from_str(&l.unwrap()).unwrap();
        println!("{}", serde_json::to_string(&e.ask(v["question"].as_str().unwrap(), 10).unwrap()).unwrap());
    }
}
