//! `loopscope bench`: engines against each other on the same programs.
//!
//! A program in perf_bench form defines `bm_params` and `bm_setup(params)`; it is fed to an engine on standard input,
//! with a few lines behind it that run it several times in the same process and print the time of each run. The first
//! run pays for compiling, the later ones do not. Any other program is timed as a whole process.
//!
//! ```text
//!   for each process 1 … P          so that what disturbs the machine for a while
//!     for each program              disturbs all engines alike
//!       for each engine             ── first run ─ run 2 … run R
//! ```
//!
//! Engines must agree on the result.

mod compare;
mod engine;
mod measure;
mod save;
mod stats;
mod table;

use crate::args::Bench;
use crate::failure::{Failure, OK, RAISED};
use anyhow::Context;
use engine::Engine;
use measure::{Plan, Program};
use save::{Saved, Series};
use std::io::Write;

/// Runs or compares benchmarks.
pub fn run(args: &Bench) -> anyhow::Result<i32> {
    if let [old, new] = &args.compare[..] {
        return compare::run(&Saved::read(old)?, &Saved::read(new)?, old, new);
    }
    let engines = args.engines.iter().map(|text| Engine::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let programs = measure::programs(&args.files)?;
    if programs.is_empty() {
        return Err(Failure::Usage("no programs to run".to_owned()).into());
    }
    let plan = Plan { n: args.n, m: args.m, rounds: args.rounds.max(2), timeout: args.timeout };
    let saved = measure_all(&plan, args.processes, &programs, &engines);
    let (text, good) = table::render(&saved, args.processes, plan.rounds);
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("can't write the table")?;
    if let Some(file) = &args.save {
        saved.write(file)?;
    }
    Ok(if good { OK } else { RAISED })
}

fn measure_all(plan: &Plan, processes: u32, programs: &[Program], engines: &[Engine]) -> Saved {
    let pairs = programs.iter().flat_map(|program| engines.iter().map(move |engine| (program, engine)));
    let mut series: Vec<Series> =
        pairs.clone().map(|(program, engine)| Series::new(&program.name, &engine.name)).collect();
    for process in 1..=processes {
        for (series, (program, engine)) in series.iter_mut().zip(pairs.clone()) {
            progress(process, processes, &program.name, &engine.name);
            // What failed once is not tried again.
            if series.problem.is_none() {
                match measure::once(plan, program, engine) {
                    Ok(sample) => series.add(sample),
                    Err(problem) => series.problem = Some(problem),
                }
            }
        }
    }
    progress_done();
    Saved { schema: save::SCHEMA.to_owned(), n: plan.n, m: plan.m, series }
}

/// One line on a terminal that says what is being done.
fn progress(process: u32, processes: u32, program: &str, engine: &str) {
    if crate::terminal::shows_progress() {
        eprint!("\r\x1b[K[{process}/{processes}] {program} {engine}");
    }
}

fn progress_done() {
    if crate::terminal::shows_progress() {
        eprint!("\r\x1b[K");
    }
}
