//! Mutated logs, many of them: no panic, no hang, no growth.
//!
//! A stand-in for the coverage-guided target in `logs/fuzz`, which needs a nightly compiler. It makes the same inputs
//! in every run; `LOOPSCOPE_FUZZ=10000000` makes more of them, `LOOPSCOPE_FUZZ_SEED` others.

#[path = "support/exhaust.rs"]
mod exhaust;

use exhaust::exhaust;
use logs::Radix;
use loopscope_logs as logs;
use std::time::{Duration, Instant};

const SHAPES: &[u8] = include_bytes!("data/shapes.pypylog");

/// Inputs, if nobody asks for more.
const INPUTS: u64 = 200_000;

/// What an input may take; one of a few kilobytes takes microseconds, but the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes that reading a log takes at most for each of its bytes, index, joins and model together.
const WORST: u64 = 150;

/// What logs are made of.
const WORDS: &[&str] = &[
    "[1] {",
    "[ff] ",
    "}\n",
    "{",
    "\n",
    "\r\n",
    "\x1b[1m\x1b[31m",
    "\x1b[0m",
    "\u{feff}",
    "jit-tracing",
    "jit-log-opt-loop",
    "jit-log-opt-bridge",
    "jit-backend-addr",
    "jit-backend-dump",
    "jit-backend-counts",
    "jit-summary",
    "gc-minor",
    "jit-profile-enter",
    "jit-profile-call",
    "loopscope-meta",
    "loopscope-bytecode",
    "loopscope-source",
    "# Loop 1 (",
    ") : loop with 3 ops\n",
    "# bridge out of Guard 0x2010 with 2 ops\n",
    "bridge 8208:7\n",
    "entry -1:3\n",
    "0:8965\n",
    "TargetToken(4096):1\n",
    "debug_merge_point(0, 0, '",
    "')",
    "<Guard0x2010>",
    "descr=",
    "label(",
    "jump(",
    "+9: ",
    "CODE_DUMP @-1 +0  ",
    "CODE_DUMP @1000 +18446744073709551615  FF\n",
    " has address 0x1 to 0xffffffffffffffff",
    "ffffffffffffffffff",
    "18446744073709551616",
    "-",
    ";",
    "~#",
    "é",
    "\0",
    "[p0, i1]\n",
    "[",
    "]",
    "(",
    ")",
    ", ",
];

/// Pseudo-random numbers: the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Some lines of the sample.
fn piece(random: &mut Random) -> Vec<u8> {
    let lines: Vec<&[u8]> = SHAPES.split_inclusive(|&byte| byte == b'\n').collect();
    let from = random.below(lines.len());
    let count = random.below(30);
    lines[from..(from + count).min(lines.len())].concat()
}

fn mutate(input: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(input.len() + 1);
    let end = (at + random.below(40)).min(input.len());
    match random.below(7) {
        0 if at < input.len() => input[at] ^= 1 << random.below(8),
        1 => drop(input.drain(at..end)),
        2 => {
            let copy = input[at..end].to_vec();
            let to = random.below(input.len() + 1);
            input.splice(to..to, copy);
        }
        3 => {
            let other = piece(random);
            input.splice(at..at, other);
        }
        4 => input.truncate(at),
        _ => {
            let word = WORDS[random.below(WORDS.len())];
            input.splice(at..at, word.bytes());
        }
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// A number of kilobytes that Linux tells about this process.
fn memory(what: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix(what)?.split_whitespace().next()?.parse().ok())
}

fn mutated() {
    let mut random = Random(number("LOOPSCOPE_FUZZ_SEED").unwrap_or(1));
    let before = memory("VmRSS:");
    for _ in 0..number("LOOPSCOPE_FUZZ").unwrap_or(INPUTS) {
        let mut input = piece(&mut random);
        (0..1 + random.below(8)).for_each(|_| mutate(&mut input, &mut random));
        let radix = if random.below(10) == 0 { Radix::Ten } else { Radix::Sixteen };
        let start = Instant::now();
        exhaust(&input, radix);
        assert!(start.elapsed() < PATIENCE, "slow: {:?}", String::from_utf8_lossy(&input));
    }
    if let (Some(before), Some(after)) = (before, memory("VmRSS:")) {
        assert!(after < before + 32 * 1024, "memory grew from {before} to {after} kB");
    }
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
        assert!(start.elapsed() < 12 * PATIENCE, "{shown}");
        if let (Some(before), Some(after)) = (before, memory("VmHWM:")) {
            let bound = text.len() as u64 * WORST / 1024 + 1024;
            assert!(after - before < bound, "{} kB for {} bytes of {shown}", after - before, text.len());
        }
    }
}

/// One test, so that nothing else uses memory meanwhile.
#[test]
fn no_panic_no_hang_no_growth() {
    hostile();
    mutated();
}
