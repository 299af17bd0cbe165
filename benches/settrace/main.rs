//! What tracing costs: `cargo run --release -p loopscope-benches --bin settrace [ROUNDS]`
//!
//! Small programs with no callback, with one that is told of calls and returns None, and with one that is told of every
//! line; under loopscope (the release build of this workspace, with the JIT and without), CPython (`python3`), and a
//! MicroPython built with MICROPY_PY_SYS_SETTRACE if the environment variable MICROPYTHON names one. Engines take turns;
//! a cell is the median time. That no callback costs nothing is counted, not timed: see `control`.

use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAMS: [&str; 4] = ["aes", "pystone", "fannkuch", "yield_from"];
const CALLBACKS: [&str; 3] = ["none", "call", "line"];

struct Engine {
    name: &'static str,
    command: Vec<String>,
}

fn main() {
    let rounds = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(7);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let script = root.join("benches/settrace/programs.py").to_string_lossy().into_owned();
    let engines = engines(&root);
    println!("{:<12} {:<6} {}", "ms", "told", heads(&engines));
    for program in PROGRAMS {
        for callback in CALLBACKS {
            let mut times = vec![Vec::new(); engines.len()];
            for _ in 0..rounds {
                for (engine, times) in engines.iter().zip(&mut times) {
                    times.extend(milliseconds(engine, &script, program, callback));
                }
            }
            let medians: Vec<Option<f64>> = times.into_iter().map(median).collect();
            println!("{program:<12} {callback:<6} {}", cells(&medians));
        }
    }
}

fn engines(root: &Path) -> Vec<Engine> {
    let ours = root.join("target/release/loopscope").to_string_lossy().into_owned();
    let engine =
        |name, words: &[&str]| Engine { name, command: words.iter().map(|w| (*w).to_owned()).collect() };
    let mut engines = vec![
        engine("loopscope", &[&ours, "run"]),
        engine("no JIT", &[&ours, "run", "--jit", "off"]),
        engine("python3", &["python3"]),
    ];
    if let Ok(micropython) = std::env::var("MICROPYTHON") {
        engines.push(engine("micropython", &[&micropython]));
    }
    engines
}

fn milliseconds(engine: &Engine, script: &str, program: &str, callback: &str) -> Option<f64> {
    let mut command = Command::new(PathBuf::from(&engine.command[0]));
    let output = command.args(&engine.command[1..]).args([script, program, callback]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse::<f64>().ok().map(|seconds| 1000.0 * seconds)
}

fn median(mut times: Vec<f64>) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

fn heads(engines: &[Engine]) -> String {
    let names = engines.iter().map(|engine| format!("{:>12}", engine.name));
    names
        .chain(engines.iter().skip(1).map(|engine| format!("{:>14}", format!("{}/ours", engine.name))))
        .collect()
}

/// The times, then those of the others divided by ours.
fn cells(medians: &[Option<f64>]) -> String {
    let times = medians.iter().map(|time| time.map_or(format!("{:>12}", "-"), |ms| format!("{ms:>12.3}")));
    let ours = medians.first().copied().flatten();
    let ratios = medians.iter().skip(1).map(|time| match (time, ours) {
        (Some(time), Some(ours)) => format!("{:>14.2}", time / ours),
        _ => format!("{:>14}", "-"),
    });
    times.chain(ratios).collect()
}
