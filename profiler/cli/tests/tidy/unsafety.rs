//! Where `unsafe` may stand, and what must stand beside it.

use crate::assert_none;
use crate::source::{File, files, read, words};

/// The only places that may hold `unsafe`; everything else relies on their being right.
const UNSAFE: [&str; 20] = [
    "vm/src/memory.rs",
    "vm/src/object/value.rs",
    "vm/src/object/collect.rs",
    "vm/src/object/heap.rs",
    "vm/src/object/reserve.rs",
    "vm/src/object/buffer.rs",
    "vm/src/object/gc.rs",
    "vm/src/object/sequence.rs",
    "vm/src/object/class.rs",
    "vm/src/object/function.rs",
    "vm/src/interp/frame.rs",
    "vm/src/interp/frames.rs",
    // Copies the process.
    "vm/src/builtins/modules/posix.rs",
    "jit/src/codegen/",
    // Trampolines, mapped files, the list that debuggers read.
    "jit/src/perf/",
    "jit/src/deopt.rs",
    "jit/src/sample/marker.rs",
    "jit/src/sample/os.rs",
    "logs/map/src/",
    // The kernel's events, and stopped threads.
    "profiler/sampler/src/os.rs",
];

/// Packages that do without.
const SAFE: [&str; 4] =
    ["logs/src/lib.rs", "profiler/src/lib.rs", "viewer/src/lib.rs", "profiler/cli/src/main.rs"];

#[test]
fn safe_packages_say_so() {
    let silent = SAFE.iter().filter(|path| !read(path).contains("#![forbid(unsafe_code)]"));
    let offenders: Vec<String> = silent.map(|path| format!("{path}:1: no #![forbid(unsafe_code)]")).collect();
    assert_none("safe packages forbid unsafe code", &offenders);
}

#[test]
fn unsafe_code_stays_where_it_is_allowed() {
    let files = files();
    let others = files.iter().filter(|file| !UNSAFE.iter().any(|place| file.path.starts_with(place)));
    let offenders =
        others.flat_map(|file| file.offenders("unsafe", |line| words(line).any(|word| word == "unsafe")));
    assert_none("unsafe code stays in few files", &offenders.collect::<Vec<_>>());
}

#[test]
fn every_unsafe_block_says_why_it_is_right() {
    let offenders: Vec<String> = files().iter().flat_map(unexplained).collect();
    assert_none("every unsafe block has its SAFETY comment", &offenders);
}

/// Blocks and impls; what an unsafe function asks of its caller stands in its documentation.
fn unexplained(file: &File) -> Vec<String> {
    let lines: Vec<&str> = file.text.lines().collect();
    let opens = |line: &str| line.contains("unsafe {") || line.contains("unsafe impl");
    let found = file.code.lines().enumerate().filter(|(_, line)| opens(line));
    let bare = found.filter(|&(index, _)| !is_explained(&lines, index));
    bare.map(|(index, _)| format!("{}:{}: no SAFETY comment", file.path, index + 1)).collect()
}

/// The comment stands on the line, or above the statement that holds it.
fn is_explained(lines: &[&str], index: usize) -> bool {
    const STATEMENT: usize = 6;
    let above = &lines[index.saturating_sub(STATEMENT)..=index];
    above.iter().any(|line| line.contains("SAFETY:"))
}

/// A panic must not unwind through machine code, so what machine code calls is declared by a macro that catches it.
#[test]
fn what_machine_code_calls_cannot_unwind() {
    // The macro itself, the event, which is of another form and uses the same shield, arithmetic on floats, which has
    // nothing to panic about, what trampolines call, which passes a panic on behind them, what debuggers break in, and
    // the timer's signal handler, which only writes into fixed memory.
    const KNOWN: [&str; 6] = [
        "pub extern \"C\" fn $name(ctx: *mut JitContext, a: u64, b: u64, c: u64) -> u64 {",
        "pub extern \"C\" fn event(ctx: *mut JitContext, what: u64, target: u64) {",
        "extern \"C\" fn call($($arg: f64),*) -> f64 { $body }",
        "extern \"C\" fn evaluate(call: *mut Call<'_>) {",
        "extern \"C\" fn __jit_debug_register_code() {",
        "extern \"C\" fn on_timer(_: libc::c_int, _: *mut libc::siginfo_t, context: *mut libc::c_void) {",
    ];
    let files = files();
    let ours =
        files.iter().filter(|file| file.path.starts_with("jit/src") || file.path.starts_with("vm/src"));
    let mut offenders = Vec::new();
    for file in ours {
        for (index, line) in file.text.lines().enumerate() {
            let declares = line.contains("extern \"C\" fn ") && !KNOWN.contains(&line.trim());
            // A test's own, called by no machine code.
            if declares && !line.contains("fn root(x: f64)") {
                offenders.push(format!("{}:{}: {}", file.path, index + 1, line.trim()));
            }
        }
    }
    assert_none("what machine code calls is declared by `helpers!`", &offenders);
}
