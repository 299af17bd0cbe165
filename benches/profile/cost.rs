//! What does a log cost? `cargo run --release -p loopscope-benches --bin cost [-n PAIRS] [PROG.py…]`
//!
//! Every program of `benches/programs`, repeated until it runs for a second or more, runs with and without `--log`, in
//! turns. Printed is the median of the pairs' ratios, of wall time and of CPU time; the latter counts the threads that
//! take samples and write, so it says what a machine without a free processor would pay. The command fails if the
//! median over all programs is above 1.01, or any program above 1.03, by wall time: judge that on a quiet machine.

use loopscope_benches::program::{Program, Time, loopscope, median, repeated, run, sources};
use std::path::Path;

const SECONDS: f64 = 1.0;
const MEDIAN: f64 = 1.01;
const WORST: f64 = 1.03;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let pairs = arguments.iter().skip_while(|word| *word != "-n").nth(1);
    let pairs: usize = pairs.and_then(|number| number.parse().ok()).unwrap_or(7);
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    println!("{:<16} {:>8} {:>8} {:>8} {:>8}", "program", "plain", "logged", "wall", "cpu");
    let mut ratios = Vec::new();
    for source in sources(&arguments) {
        let program = repeated(&source, folder.path(), SECONDS);
        ratios.push(measure(&program, folder.path(), pairs));
    }
    let worst = ratios.iter().copied().fold(0.0, f64::max);
    let middle = median(ratios);
    println!("median over programs {middle:.3}, worst {worst:.3}");
    if middle > MEDIAN || worst > WORST {
        eprintln!("a log is to cost no more than {MEDIAN} by the median, {WORST} at worst");
        std::process::exit(1);
    }
}

/// The ratio of wall times.
fn measure(program: &Program, folder: &Path, pairs: usize) -> f64 {
    let log = folder.join("log");
    let plain = || run(&loopscope(), &["run".as_ref(), program.path.as_os_str()]);
    let logged =
        || run(&loopscope(), &["run".as_ref(), "--log".as_ref(), log.as_os_str(), program.path.as_os_str()]);
    let both = |n: usize| {
        if n.is_multiple_of(2) {
            let first = plain();
            (first, logged())
        } else {
            let first = logged();
            (plain(), first)
        }
    };
    let times: Vec<(Time, Time)> = (0..pairs).map(both).collect();
    let ratio = |of: fn(&Time) -> f64| median(times.iter().map(|(a, b)| of(b) / of(a)).collect());
    let (wall, cpu) = (ratio(|time| time.wall), ratio(|time| time.cpu));
    let seconds = |of: fn(&(Time, Time)) -> f64| median(times.iter().map(of).collect());
    let (plain, logged) = (seconds(|pair| pair.0.wall), seconds(|pair| pair.1.wall));
    println!("{:<16} {plain:>8.2} {logged:>8.2} {wall:>8.3} {cpu:>8.3}", program.name);
    wall
}
