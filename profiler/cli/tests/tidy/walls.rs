//! Who may know whom.

use crate::assert_none;
use crate::source::{File, files, read, words};

/// A package, and which of ours it may depend on.
const PACKAGES: [(&str, &[&str]); 10] = [
    ("vm", &[]),
    // Only its tests.
    ("logs", &["mutate"]),
    ("logs/map", &[]),
    ("logs/mutate", &[]),
    ("jit", &["vm", "logs"]),
    ("profiler", &["logs", "mutate"]),
    ("profiler/sampler", &[]),
    ("viewer", &["profiler", "logs"]),
    ("profiler/cli", &["vm", "jit", "logs", "map", "profiler", "sampler", "viewer"]),
    ("benches", &["vm", "jit", "logs", "profiler"]),
];

/// Crates by the beginning of their name, and the only places that may name them.
const FOREIGN: [(&str, &[&str]); 20] = [
    ("cranelift", &["jit/src/codegen"]),
    ("ruff", &["vm/src/syntax"]),
    ("nom", &["logs/src/parse"]),
    ("memmap2", &["logs/map/"]),
    ("bzip2", &["logs/src/input", "logs/tests", "profiler/cli/tests"]),
    ("ruzstd", &["logs/src/input", "logs/src/output.rs", "logs/tests", "profiler/cli/tests"]),
    ("framehop", &["profiler/sampler/src/spaces.rs"]),
    ("hdrhistogram", &["profiler/src/"]),
    ("fxprof", &["profiler/src/export/firefox"]),
    ("inferno", &["profiler/src/export/flame.rs"]),
    ("prost", &["profiler/src/export/pprof.rs"]),
    (
        "flate2",
        &[
            "logs/src/input",
            "logs/src/output.rs",
            "logs/tests",
            "profiler/src/export/pprof.rs",
            "profiler/tests/export.rs",
            "profiler/cli/tests",
        ],
    ),
    ("parquet", &["profiler/src/export/parquet.rs", "profiler/src/export.rs", "profiler/tests/export.rs"]),
    (
        "ratatui",
        &[
            "viewer/src/drive.rs",
            "viewer/src/mouse.rs",
            "viewer/src/term.rs",
            "viewer/src/theme.rs",
            "viewer/src/lib.rs",
            "viewer/src/view",
            "viewer/tests",
            "viewer/benches",
        ],
    ),
    ("crossterm", &["viewer/src/term.rs", "viewer/src/keys.rs"]),
    ("iced_x86", &["viewer/src/model/machine.rs"]),
    ("yaxpeax", &["viewer/src/model/machine.rs"]),
    ("signal_hook", &["viewer/src/term.rs", "profiler/cli/src/signals.rs"]),
    ("clap", &["profiler/cli/src/args", "profiler/cli/src/main.rs"]),
    ("anyhow", &["profiler/cli/src/"]),
];

/// Files by the beginning of their path, and what of their own package they must not name.
const INSIDE: [(&str, &str); 6] = [
    ("jit/src/ir", "crate::opt"),
    ("jit/src/ir", "crate::codegen"),
    ("jit/src/opt", "crate::codegen"),
    ("jit/src/codegen", "crate::opt"),
    ("viewer/src/view", "&mut State"),
    ("viewer/src/state", "crate::view"),
];

/// What belongs to the command: everything else is given readers and writers.
const WORLD: [&str; 7] =
    ["std::fs", "env::var", "env::args", "process::exit", "println!(", "eprintln!(", " print!("];

/// Who may have it all the same: the commands, and who reads what the system says of programs, which are files.
const WORLDLY: [&str; 4] = ["profiler/cli/", "benches/", "jit/src/sample/queue.rs", "profiler/sampler/"];

/// What the machine never speaks of.
const FOREIGN_TO_VM: [&str; 4] = ["trace_ir", "jit", "pypylog", "terminal"];

#[test]
fn dependencies_point_one_way() {
    let mut offenders = Vec::new();
    let ours: Vec<&str> = vec!["vm", "jit", "logs", "map", "mutate", "profiler", "sampler", "viewer"];
    for (package, allowed) in PACKAGES {
        let path = format!("{package}/Cargo.toml");
        for (line, name) in dependencies(&read(&path)) {
            if ours.contains(&name.as_str()) && !allowed.contains(&name.as_str()) {
                offenders.push(format!("{path}:{line}: {package} must not depend on {name}"));
            }
        }
    }
    assert_none("dependencies point one way", &offenders);
}

/// Names under `[dependencies]` and its kin, with their lines.
fn dependencies(manifest: &str) -> Vec<(usize, String)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
        } else if inside
            && let Some(name) = line.split(['.', '=', ' ']).next().filter(|name| !name.is_empty())
        {
            found.push((index + 1, name.to_owned()));
        }
    }
    found
}

#[test]
fn foreign_crates_stay_in_their_rooms() {
    let offenders: Vec<String> = files().iter().flat_map(foreign).collect();
    assert_none("every foreign crate of weight is named in one place", &offenders);
}

fn foreign(file: &File) -> Vec<String> {
    let mut offenders = Vec::new();
    for (name, rooms) in FOREIGN {
        if rooms.iter().any(|room| file.path.starts_with(room)) {
            continue;
        }
        let is_named = |line: &str| words(line).any(|word| is_crate(word, name)) && line.contains("::");
        offenders.extend(file.offenders(&format!("{name} belongs in {}", rooms.join(", ")), is_named));
    }
    offenders
}

/// `nom` is nom, but `nominal` is not; `cranelift_jit` is cranelift.
fn is_crate(word: &str, name: &str) -> bool {
    word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

#[test]
fn inner_walls_stand() {
    let files = files();
    let offenders = INSIDE.iter().flat_map(|(room, forbidden)| {
        let inside = files.iter().filter(move |file| file.path.starts_with(room));
        inside.flat_map(move |file| {
            file.offenders(&format!("{room} must not name {forbidden}"), |line| line.contains(forbidden))
        })
    });
    assert_none("inside a package, knowledge points one way", &offenders.collect::<Vec<_>>());
}

#[test]
fn the_machine_knows_nothing_of_its_observers() {
    let files = files();
    let machine = files.iter().filter(|file| file.path.starts_with("vm/src/"));
    let speaks = |line: &str| words(line).any(|word| FOREIGN_TO_VM.contains(&word));
    let offenders = machine.flat_map(|file| file.offenders("vm speaks of what it must not know", speaks));
    assert_none("vm knows nothing of machine code, logs or terminals", &offenders.collect::<Vec<_>>());
}

#[test]
fn libraries_ask_the_world_for_nothing() {
    let files = files();
    let libraries = files.iter().filter(|file| {
        file.path.contains("/src/") && !WORLDLY.iter().any(|place| file.path.starts_with(place))
    });
    let touches = |line: &str| WORLD.iter().any(|word| line.contains(word));
    let found = libraries.filter(|file| !file.is_test).map(File::without_tests);
    let offenders =
        found.flat_map(|file| file.offenders("files, environment and output are the command's", touches));
    assert_none("libraries read and write what they are given", &offenders.collect::<Vec<_>>());
}
