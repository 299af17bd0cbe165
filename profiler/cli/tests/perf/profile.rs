//! perf itself: `record`, `script`, `inject`, `annotate`.

use crate::dir::{Dir, text};
use crate::run::{Files, WORK, has};
use crate::shares;
use std::process::{Command, Stdio};

/// Whether perf can record here; software clock, as virtual machines have no other.
fn perf_works() -> bool {
    let record = ["record", "-e", "cpu-clock", "-g", "--call-graph=fp", "-o", "/dev/null", "--", "true"];
    has("perf", &record)
}

/// Records a run and gives what `perf script` says of it.
fn record(dir: &Dir, options: &[&str], args: &[&str]) -> (String, Vec<Files>) {
    perf(
        dir,
        &[
            &["record", "-e", "cpu-clock", "-F", "999", "-o", "perf.data"],
            options,
            &["--", env!("CARGO_BIN_EXE_loopscope")],
            args,
        ]
        .concat(),
    );
    let script = perf(dir, &["script", "-i", "perf.data", "-F", "comm,pid,time,ip,sym"]);
    let mut pids: Vec<u32> = script
        .lines()
        .filter(|line| line.starts_with("program"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse().ok())
        .collect();
    pids.dedup();
    (script, pids.into_iter().map(Files).collect())
}

fn perf(dir: &Dir, args: &[&str]) -> String {
    let output = Command::new("perf").args(args).current_dir(&dir.0).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "perf {args:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Each sample's functions, the innermost first.
fn chains(script: &str) -> Vec<Vec<&str>> {
    let samples = script.split("\n\n").filter(|sample| sample.trim_start().starts_with("program"));
    samples.map(functions).collect()
}

fn functions(sample: &str) -> Vec<&str> {
    let frames = sample.lines().skip(1).filter_map(|line| line.trim().split_once(' '));
    frames.map(|(_, name)| name).collect()
}

/// These stand in this order, with others between them.
fn has_in_order(chain: &[&str], names: &[&str]) -> bool {
    let mut rest = chain.iter();
    names.iter().all(|name| rest.any(|function| function.starts_with(name)))
}

#[test]
fn perf_sees_functions_and_loops() {
    if !perf_works() {
        return;
    }
    let dir = Dir::new("chain");
    dir.write("a.py", WORK);
    let (script, _files) = record(&dir, &["-g", "--call-graph=fp"], &["-Xperf", "a.py"]);
    let chains = chains(&script);
    let whole = [
        "jit::loop",
        "jit::stub:entry",
        "py::foo:a.py",
        "py::bar:a.py",
        "py::baz:a.py",
        "py::<module>:a.py",
        "loopscope::machine",
        "start_thread",
    ];
    let in_loops: Vec<_> =
        chains.iter().filter(|chain| chain.iter().any(|name| name.starts_with("jit::loop"))).collect();
    let complete = in_loops.iter().filter(|chain| has_in_order(chain, &whole)).count();
    assert!(
        in_loops.len() * 2 > chains.len() && complete * 20 >= in_loops.len() * 19,
        "{complete} of {} of {}",
        in_loops.len(),
        chains.len()
    );
}

#[test]
fn perf_sees_none_where_nobody_asks() {
    if !perf_works() {
        return;
    }
    let dir = Dir::new("absent");
    dir.write("a.py", WORK);
    let (script, _files) = record(&dir, &["-g", "--call-graph=fp"], &["a.py"]);
    assert!(!script.contains(" py::") && !script.contains(" jit::"));
}

/// Time in what the runtime does for a loop is found under the loop.
#[test]
fn chains_through_helpers_reach_the_loop() {
    if !perf_works() {
        return;
    }
    let dir = Dir::new("helpers");
    dir.write("a.py", "d = {}\ndef work(n):\n    for i in range(n):\n        k = str(i % 5000)\n        d[k] = d.get(k, 0) + 1\n        sorted([i % 7, 3, 5, i % 3])\nwork(600000)\n");
    let (script, _files) = record(&dir, &["-g", "--call-graph=fp"], &["-Xperf", "a.py"]);
    let chains = chains(&script);
    let helpers: Vec<_> =
        chains.iter().filter(|chain| chain.iter().any(|name| name.contains("helpers::"))).collect();
    let reached = helpers
        .iter()
        .filter(|chain| has_in_order(chain, &["loopscope_jit::codegen::helpers::", "jit::", "py::work:a.py"]))
        .count();
    assert!(helpers.len() > 20 && reached * 20 >= helpers.len() * 19, "{reached} of {}", helpers.len());
}

#[test]
fn a_dump_gives_lines_beside_instructions() {
    if !perf_works() {
        return;
    }
    let dir = Dir::new("dump");
    dir.write("a.py", WORK);
    let (_, files) = record(&dir, &["-k", "mono", "-g", "--call-graph=fp"], &["-Xperf_jit", "a.py"]);
    assert!(files.iter().any(|files| files.dump_path().exists()));
    perf(&dir, &["inject", "--jit", "-i", "perf.data", "-o", "jit.data"]);
    let script = perf(&dir, &["script", "-i", "jit.data", "-F", "comm,pid,time,ip,sym"]);
    let found = chains(&script);
    let whole = ["jit::loop", "py::foo:a.py", "py::bar:a.py", "py::baz:a.py"];
    assert!(found.iter().filter(|chain| has_in_order(chain, &whole)).count() * 2 > found.len());
    if has("objdump", &["--version"]) {
        let annotated =
            perf(&dir, &["annotate", "-i", "jit.data", "--stdio", "-l", "-s", "jit::loop0:foo:a.py:4"]);
        assert!(annotated.contains("a.py:5") && annotated.contains("x += i % 7"), "{annotated}");
    }
    for files in &files {
        for n in 0..40 {
            let _ = std::fs::remove_file(format!("/tmp/jitted-{}-{n}.so", files.0));
        }
    }
}

/// perf and our report see the same loops for about the same time; `benches/perf` compares more closely.
#[test]
fn shares_agree_with_the_report() {
    if !perf_works() {
        return;
    }
    let dir = Dir::new("shares");
    dir.write("a.py", "def one(n):\n    x = 0\n    for i in range(n):\n        x += i % 7\n    return x\ndef two(n):\n    x = 1.0\n    for i in range(n):\n        x = x * 0.5 + i\n    return x\none(400000000)\ntwo(400000000)\n");
    let (script, _files) =
        record(&dir, &["-g", "--call-graph=fp"], &["run", "--perf", "map", "--log", "log", "a.py"]);
    let (_, report, _) = dir.said(&["report", "--format", "json", "log"]);
    let report = serde_json::from_str(&report).unwrap();
    let (ours, perfs) = (shares::by_report(&report), shares::by_samples(&script, &report));
    let rows = shares::together(&ours, &perfs);
    assert!(rows.len() >= 2 && rows[0].1 > 10.0 && rows[1].1 > 10.0, "{rows:?}");
    for (place, ours, perfs) in rows {
        assert!((ours - perfs).abs() < 10.0, "{place}: {ours} by the report, {perfs} by perf");
    }
}
