//! Mutated logs, many of them: no panic, no hang, no growth.
//!
//! A stand-in for the coverage-guided targets in `logs/fuzz`, which need a nightly compiler. It makes the same inputs
//! in every run; `LOOPSCOPE_FUZZ=10000000` makes more of them, `LOOPSCOPE_FUZZ_SEED` others. What becomes of them in a
//! report is `profiler/tests/fuzz.rs`.

#[path = "support/exhaust.rs"]
mod exhaust;
#[path = "support/pack.rs"]
mod pack;

use exhaust::exhaust;
use logs::input::{Limit, spool};
use logs::{Index, Radix};
use loopscope_logs as logs;
use mutate::{Corpus, Tally, damage, memory};
use pack::packers;
use std::time::{Duration, Instant};

/// What others write, what we write, and the design note.
const SAMPLES: [&[u8]; 5] = [
    include_bytes!("data/shapes.pypylog"),
    include_bytes!("../../viewer/tests/data/sample.pypylog"),
    include_bytes!("../../profiler/tests/data/run.pypylog"),
    include_bytes!("../../profiler/tests/data/note.pypylog"),
    include_bytes!("../../profiler/tests/data/recorded.pypylog"),
];

/// Inputs, if nobody asks for more.
const INPUTS: u64 = 200_000;

/// What an input may take; one of a few kilobytes takes microseconds, but the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// Kilobytes that the process may grow by, at its highest, over all inputs.
const GROWTH: u64 = 32 * 1024;

/// Bytes that reading a log takes at most for each of its bytes, index, joins and model together.
const WORST: u64 = 150;

/// One input in so many is a compressed log that was damaged.
const PACKED: usize = 64;

fn mutated() {
    let corpus = Corpus::new(&SAMPLES);
    let packed: Vec<Vec<u8>> =
        packers().iter().flat_map(|(_, pack)| SAMPLES.iter().map(|sample| pack(sample))).collect();
    let mut tally = Tally::new("logs", INPUTS);
    let mut random = tally.random();
    while tally.another() {
        if random.below(PACKED) == 0 {
            let mut input = packed[random.below(packed.len())].clone();
            (0..1 + random.below(3)).for_each(|_| damage(&mut input, &mut random));
            tally.took(&input, PATIENCE, unpack);
        } else {
            let radix = if random.below(10) == 0 { Radix::Ten } else { Radix::Sixteen };
            tally.took(&corpus.input(&mut random), PATIENCE, |input| exhaust(input, radix));
        }
    }
    tally.finish(GROWTH);
}

/// Reads what may be compressed.
fn unpack(input: &[u8]) {
    let limit = Limit { free: 1 << 20, ratio: 400 };
    let mut text = Vec::new();
    let (index, _) = spool(input, &mut text, Radix::Sixteen, limit).unwrap();
    assert_eq!(index.length(), text.len() as u64);
    assert!(text.len() <= (1 << 20).max(input.len() * 400));
    assert_eq!(index.len(), Index::of(&text, Radix::Sixteen).0.len());
}

/// Texts of which every few bytes make something that is kept.
fn hostile() {
    let within = |section: &str, line: &dyn Fn(usize) -> String| {
        let lines: String = (0..100_000).map(line).collect();
        format!("[1] {{{section}\n# Loop 1 : loop with 1 ops\n{lines}[2] {section}}}\n")
    };
    let trace = "[1] {jit-log-opt-loop\n# Loop 1 : loop with 1 ops\nlabel(descr=TargetToken(1))\n[2] jit-log-opt-loop}\n";
    let texts = [
        within("jit-log-opt-loop", &|n| format!("guard_(descr=<Guard{n}>)\n")),
        within("jit-log-opt-loop", &|_| "label(descr=TargetToken(1))\n".to_owned()),
        within("jit-log-opt-loop", &|_| "debug_merge_point(\n".to_owned()),
        within("jit-backend-addr", &|_| "Loop 1 (\n".to_owned()),
        within("jit-tracing", &|_| ";\n".to_owned()),
        within("jit-backend-dump", &|_| "CODE_DUMP @1 +0 FF\n".to_owned()),
        trace.repeat(5000) + &within("jit-backend-counts", &|n| format!("{n}:1\n")),
        trace.repeat(5000) + &within("jit-backend-counts", &|n| format!("{}:1\n", n % 2)),
        "[1] {jit-backend-counts\n1:1\n[1] jit-backend-counts}\n".repeat(2000) + trace,
        (0..100_000).map(|n| format!("[1] {{{n}\n")).collect(),
        (0..50_000).map(|n| format!("[1] {{a\n[1] {{{n}\n[1] a}}\n")).collect(),
    ];
    for text in texts {
        let (before, start) = (memory("VmHWM:"), Instant::now());
        exhaust(text.as_bytes(), Radix::Sixteen);
        let shown = &text[..60];
        assert!(start.elapsed() < PATIENCE, "{shown}");
        if let (Some(before), Some(after)) = (before, memory("VmHWM:")) {
            let bound = text.len() as u64 * WORST / 1024 + 1024;
            // The two are not exact, so that the second may be the smaller one.
            let grown = after.saturating_sub(before);
            assert!(grown < bound, "{grown} kB for {} bytes of {shown}", text.len());
        }
    }
}

/// One test, so that nothing else uses memory meanwhile.
#[test]
fn no_panic_no_hang_no_growth() {
    mutated();
    hostile();
}
