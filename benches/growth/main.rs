//! Does anything cost more than it is documented to? `cargo run --release -p loopscope-benches --bin growth [WORD…]`
//!
//! Each case of `cases.txt` (or each whose name has one of the words) runs with n, 2n and 4n items, with and without
//! JIT. How its time grows gives an exponent: 1 for linear, 2 for quadratic. Time is what the thread had the processor
//! for, the least of several runs, so neighbours matter little; n is made so large that a run takes some milliseconds.
//! A case is called worse if both the last doubling and the whole way say so, by more than what caches explain.

mod case;
mod measure;
mod outside;

use case::Case;

/// What falling out of caches adds to an exponent at most.
const TOLERANCE: f64 = 0.75;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [measure::RUN | measure::RUN_WITH_JIT, text] =
        [words.first(), words.get(1)].map(|word| word.map_or("", String::as_str))
    {
        measure_here(text, words[0] == measure::RUN_WITH_JIT);
    }
    let wanted = |case: &Case| words.is_empty() || words.iter().any(|word| case.name.contains(word));
    let mut worse = 0;
    println!(
        "{:<44} {:>4} {:>9} {:>10} {:>8} {:>7} {:>7}  verdict",
        "", "JIT", "n", "ms at 4n", "2n:n", "4n:2n", "documented"
    );
    for case in case::all().iter().filter(|case| wanted(case)) {
        for jit in [false, true] {
            let verdict = match measure::measure(case, jit) {
                Ok(growth) => row(case, jit, &confirmed(case, jit, growth)),
                Err(problem) => row_of_failure(case, jit, &problem),
            };
            worse += u32::from(verdict != Verdict::Fine);
        }
    }
    println!("{worse} of them worse than documented, or failed");
    std::process::exit(i32::from(worse > 0));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Fine,
    Worse,
}

fn measure_here(text: &str, jit: bool) -> ! {
    match measure::run(text.to_owned(), jit) {
        Ok(seconds) => println!("{seconds}"),
        Err(problem) => eprintln!("{problem}"),
    }
    std::process::exit(0);
}

fn verdict(case: &Case, growth: &measure::Growth) -> Verdict {
    let [first, last] = growth.exponents();
    let limit = case.documented + TOLERANCE;
    if last > limit && (first + last) / 2.0 > limit { Verdict::Worse } else { Verdict::Fine }
}

/// What seems to be worse is measured again: a page fault at the wrong time is no complexity.
fn confirmed(case: &Case, jit: bool, growth: measure::Growth) -> measure::Growth {
    match verdict(case, &growth) {
        Verdict::Fine => growth,
        Verdict::Worse => measure::measure(case, jit).unwrap_or(growth),
    }
}

fn row(case: &Case, jit: bool, growth: &measure::Growth) -> Verdict {
    let [first, last] = growth.exponents();
    let verdict = verdict(case, growth);
    let word = if verdict == Verdict::Worse { "WORSE" } else { "" };
    println!(
        "{:<44} {:>4} {:>9} {:>10.2} {first:>8.2} {last:>7.2} {:>7}  {word}",
        case.name,
        if jit { "on" } else { "off" },
        growth.n,
        growth.seconds[2] * 1e3,
        case.documented,
    );
    verdict
}

fn row_of_failure(case: &Case, jit: bool, problem: &str) -> Verdict {
    println!("{:<44} {:>4} failed: {problem}", case.name, if jit { "on" } else { "off" });
    Verdict::Worse
}
