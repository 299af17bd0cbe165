//! Mutated logs, from bytes to every output: no panic, no hang, no growth.
//!
//! `logs/tests/fuzz.rs` looks at what is read; this looks at what is made of it. `LOOPSCOPE_FUZZ=10000000` makes more
//! inputs, `LOOPSCOPE_FUZZ_SEED` others.

#[path = "support/everything.rs"]
mod everything;

use everything::{outputs, report};
use mutate::{Corpus, Tally, damage};
use std::time::Duration;

const SAMPLES: [&[u8]; 5] = [
    include_bytes!("data/run.pypylog"),
    include_bytes!("data/note.pypylog"),
    include_bytes!("../../viewer/tests/data/sample.pypylog"),
    include_bytes!("../../logs/tests/data/shapes.pypylog"),
    include_bytes!("data/recorded.pypylog"),
];

/// Samples in machine code of the samples, with call chains and without, and lines that are none.
const SCRIPT: &[u8] = b"# cmdline: perf record\n\
    pypy3 7 10.000100: 100000 cpu-clock:u: 1004 branchy\n\
    pypy3 7 10.000200: 100000 cpu-clock:u: 1012 [unknown] (/tmp/perf-7.map)\n\
    pypy3 7 10.000300: 100000 cpu-clock:u:\n\t7f1d87202a5b f+0x3 (/usr/bin/pypy3)\n\t1006 [unknown] ([JIT] tid 7)\n\n\
    pypy3 7/8 10.000400: 100000 cycles: ffffffffffffffff\n\
    pypy3 7 10.000500: 2002\n";

/// Inputs, if nobody asks for more.
const INPUTS: u64 = 50_000;

/// What an input may take; one of a few kilobytes takes a fraction of a millisecond, but the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// Kilobytes that the process may grow by, at its highest, over all inputs.
const GROWTH: u64 = 64 * 1024;

/// One input in so many is written in every other format, too.
const OUTPUTS: usize = 50;

#[test]
fn no_panic_no_hang_no_growth() {
    let logs = Corpus::new(&SAMPLES);
    let scripts = Corpus::new(&[SCRIPT]);
    let mut tally = Tally::new("reports", INPUTS);
    let mut random = tally.random();
    while tally.another() {
        let log = logs.input(&mut random);
        let mut script = if random.below(4) == 0 { scripts.input(&mut random) } else { Vec::new() };
        if !script.is_empty() && random.below(2) == 0 {
            damage(&mut script, &mut random);
        }
        let thorough = random.below(OUTPUTS) == 0;
        tally.took(&log, PATIENCE, |log| if thorough { outputs(log, &script) } else { report(log, &script) });
    }
    tally.finish(GROWTH);
}
