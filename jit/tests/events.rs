//! Every way into a loop and out of it that the design note lists, in logs that the JIT itself wrote.

extern crate loopscope_jit as jit;

#[path = "support/machine.rs"]
mod machine;

use jit::options::Options;
use logs::event::EventKind::{self, Call, Enter, Exit, Return};
use logs::filter::Selection;
use logs::log::Outcome;
use logs::trace::{Identity, TraceKind};
use logs::{Log, Radix};
use machine::{Wanted, log_of};

fn options() -> Options {
    Options { threshold: 20, bridge_threshold: 1_000_000, ..Options::default() }
}

fn with_bridges() -> Options {
    Options { bridge_threshold: 10, ..options() }
}

fn logged(program: &str, options: Options) -> (Vec<u8>, String) {
    log_of(program, options, Selection::everything())
}

fn parsed(bytes: &[u8]) -> Log<'_> {
    let (log, diagnostics) = logs::parse(bytes, Radix::Sixteen);
    assert!(diagnostics.is_empty(), "{diagnostics:?}\n{}", String::from_utf8_lossy(bytes));
    log
}

/// Kind and loop of every event.
fn events(log: &Log<'_>) -> Vec<(EventKind, i64)> {
    log.frame.events().map(|event| (event.kind, event.number().unwrap())).collect()
}

/// The events of the outermost level alone, which alternate as the note says; an entry's own bridge may enter it again.
fn assert_balanced(log: &Log<'_>) {
    let entries: Vec<Identity> = log
        .traces
        .iter()
        .filter(|trace| trace.kind == TraceKind::EntryBridge)
        .map(|trace| trace.id)
        .collect();
    let is_entry = |number: Option<i64>| number.is_some_and(|n| entries.contains(&Identity::Loop(n)));
    let (mut running, mut calls, mut at) = (None, Vec::new(), 0);
    for event in log.frame.events() {
        assert!(event.at >= at, "the clock went back");
        at = event.at;
        let number = event.number();
        match event.kind {
            Enter => {
                let new = running != number || is_entry(number);
                assert!(calls.is_empty() && new, "an enter says something new");
                running = number;
            }
            Exit => assert!(running.take() == number && calls.is_empty()),
            Call => calls.push(number),
            Return => assert_eq!(calls.pop(), Some(number)),
        }
    }
    assert_eq!(running, None, "everything was left");
}

fn kinds(log: &Log<'_>) -> Vec<TraceKind> {
    log.traces.iter().map(|trace| trace.kind).collect()
}

/// How often the loop's trace was entered, by its counter.
fn entries(log: &Log<'_>, number: i64) -> u64 {
    let trace = log.traces.iter().find(|trace| trace.id == Identity::Loop(number));
    trace.and_then(|trace| trace.count).unwrap()
}

fn times(log: &Log<'_>, kind: EventKind, number: i64) -> u64 {
    events(log).iter().filter(|event| **event == (kind, number)).count() as u64
}

const SUM: &str = "
def f(n):
    s = 0
    for i in range(n):
        s += i
    return s
";

#[test]
fn enter_after_compilation_and_leave_at_the_end() {
    let (bytes, printed) = logged(&format!("{SUM}print(f(3000))"), options());
    let log = parsed(&bytes);
    assert_eq!(printed, "4498500\n");
    assert_eq!(events(&log), [(Enter, 1), (Enter, 0), (Exit, 0)]);
    assert_eq!(kinds(&log), [TraceKind::Loop, TraceKind::EntryBridge]);
    assert_eq!(log.attempts.len(), 1);
    assert!(matches!(log.attempts[0].outcome, Outcome::Compiled(b"loop")));
    let made = log.frame.section(log.attempts[0].section).stop;
    assert!(log.frame.event(0).at >= made, "the loop is entered after it was compiled");
    assert_eq!(log.frame.event(0).comment, b"prog.py:4 f DUP_TOP");
    assert_balanced(&log);
}

#[test]
fn enter_from_the_interpreter() {
    let calls = "f(200)\n".repeat(15);
    let (bytes, _) = logged(&format!("{SUM}{calls}"), options());
    let log = parsed(&bytes);
    let visit = [(Enter, 1), (Enter, 0), (Exit, 0)];
    let events = events(&log);
    assert_eq!(events.len(), 45, "{events:?}");
    assert!(events.chunks(3).all(|chunk| chunk == visit));
    assert_balanced(&log);
}

#[test]
fn the_counters_agree_with_the_events() {
    let calls = "f(200)\n".repeat(15);
    let (bytes, _) = logged(&format!("{SUM}{calls}"), options());
    let log = parsed(&bytes);
    assert_eq!((entries(&log, 1), entries(&log, 0)), (15, 15));
    let passes = log.traces[0].labels[0].count.unwrap();
    // 15 calls of 200, but for those counted, recorded and run in the entries.
    assert!((2930..2980).contains(&passes), "{passes}");
    let exits: u64 = log.traces[0].guards.iter().filter_map(|guard| guard.exits).sum();
    assert_eq!(exits, 15);
}

/// The end of one loop has become a bridge, which runs into the next loop.
#[test]
fn enter_from_another_loop_by_a_jump() {
    let program = "
def f(n):
    s = 0
    for k in range(n):
        i = 0
        while i < 30:
            i += 1
        j = 0
        while j < 40:
            j += 2
            s += j
    return s
print(f(400))
";
    let (bytes, printed) = logged(program, with_bridges());
    let log = parsed(&bytes);
    assert_eq!(printed, "168000\n");
    let loops: Vec<i64> = log
        .traces
        .iter()
        .filter(|trace| trace.kind == TraceKind::Loop)
        .filter_map(|trace| match trace.id {
            Identity::Loop(number) => Some(number),
            Identity::Bridge(_) => None,
        })
        .collect();
    assert!(loops.len() >= 2, "{loops:?}");
    let jumps = events(&log);
    // From inside one loop straight into the entry of the other.
    let jumps = jumps.windows(2).filter(|pair| {
        let [(Enter, from), (Enter, to)] = **pair else { return false };
        loops.contains(&from) && from + 1 != to && from != to
    });
    assert!(jumps.count() > 50, "{:?}", events(&log));
    assert_balanced(&log);
}

#[test]
fn a_hot_guard_that_has_a_bridge_records_nothing() {
    let program = "
def f(n):
    s = 0
    for i in range(n):
        if i & 1:
            s += 3
        else:
            s -= 1
    return s
print(f(5000))
";
    let (bytes, printed) = logged(program, with_bridges());
    let log = parsed(&bytes);
    assert_eq!(printed, "5000\n");
    let bridge = log.traces.iter().find(|trace| trace.kind == TraceKind::Bridge).unwrap();
    let taken = bridge.count.unwrap();
    assert!(taken > 2000, "{taken}");
    assert!(bridge.parent.is_some());
    assert!(times(&log, Enter, 0) <= 14, "until the bridge was made: {:?}", events(&log));
    assert_eq!(events(&log).last(), Some(&(Exit, 0)));
    assert_balanced(&log);
}

#[test]
fn a_guard_without_bridge_leaves_the_loop() {
    let program = "
def f(n):
    s = 0
    for i in range(n):
        if i % 100 == 99:
            s -= 1
        s += 1
    return s
print(f(2000))
";
    let (bytes, printed) = logged(program, options());
    let log = parsed(&bytes);
    assert_eq!(printed, "1980\n");
    let exits = times(&log, Exit, 0);
    assert!((19..=21).contains(&exits), "{:?}", events(&log));
    let counted: u64 =
        log.traces.iter().flat_map(|trace| &trace.guards).filter_map(|guard| guard.exits).sum();
    assert_eq!(counted, exits + times(&log, Exit, 1));
    assert_balanced(&log);
}

#[test]
fn a_return_leaves_the_loop() {
    let program = "
def find(n):
    i = 0
    while True:
        i += 1
        if i == n:
            return i
print(find(500), find(50))
";
    let (bytes, printed) = logged(program, options());
    let log = parsed(&bytes);
    assert_eq!(printed, "500 50\n");
    assert_eq!(events(&log), [(Enter, 1), (Enter, 0), (Exit, 0)].repeat(2));
}

#[test]
fn an_exception_leaves_the_loop() {
    let program = "
def f(items):
    s = 0
    for x in items:
        s += 10 // x
    return s
try:
    f([5] * 300 + [0, 1])
except ZeroDivisionError:
    print('zero')
print(f([2] * 10))
";
    let (bytes, printed) = logged(program, options());
    let log = parsed(&bytes);
    assert_eq!(printed, "zero\n50\n");
    assert_eq!(events(&log)[..3], [(Enter, 1), (Enter, 0), (Exit, 0)]);
    assert_balanced(&log);
}

#[test]
fn a_suspended_generator_leaves_the_loop() {
    let program = "
def sums():
    n = 100
    while True:
        s = 0
        for i in range(n):
            s += i
        yield s
g = sums()
print(next(g))
print(next(g))
print(next(g))
";
    let (bytes, printed) = logged(program, options());
    let log = parsed(&bytes);
    assert_eq!(printed, "4950\n4950\n4950\n");
    assert_eq!(events(&log), [(Enter, 1), (Enter, 0), (Exit, 0)].repeat(3));
}

#[test]
fn the_end_of_the_process_leaves_the_loop() {
    let program = "
def f(n):
    i = 0
    while True:
        i += 1
        if i == n:
            raise SystemExit(3)
f(500)
";
    let (bytes, _) = logged(program, options());
    let log = parsed(&bytes);
    assert_eq!(events(&log), [(Enter, 1), (Enter, 0), (Exit, 0)]);
    assert!(log.meta.end.is_some());
}

/// The outer loop sorts; the sort calls a function with a loop of its own.
#[test]
fn loops_inside_calls_are_nested() {
    let program = "
def key(x):
    s = 0
    i = 0
    while i < 60:
        i += 1
        s += i * x
    return s
def f(n):
    t = 0
    for i in range(n):
        t += sorted([3, 1, 2], key=key)[0]
    return t
print(f(200))
";
    let (bytes, printed) = logged(program, options());
    let log = parsed(&bytes);
    assert_eq!(printed, "200\n");
    let nested = times(&log, Call, 0);
    assert!(nested > 400, "{nested}");
    assert_eq!(nested, times(&log, Return, 0));
    // A reader of plain events sees the outer loop alone, once it runs.
    let plain: Vec<_> = events(&log).into_iter().filter(|(kind, _)| matches!(kind, Enter | Exit)).collect();
    let [.., (Enter, entry), (Enter, outer), (Exit, left)] = plain[..] else { panic!("{plain:?}") };
    assert!(entry == outer + 1 && left == outer && outer != 0);
    assert_balanced(&log);
}

#[test]
fn a_loop_inside_itself_records_nothing() {
    let program = "
def tree(depth):
    n = 1
    for i in range(3):
        if depth > 0:
            n += max([depth - 1], key=tree) and tree(depth - 1)
    return n
print(tree(5))
";
    let (bytes, printed) = logged(program, options());
    let log = parsed(&bytes);
    assert_eq!(printed, "121\n");
    assert_eq!(times(&log, Call, 0) + times(&log, Call, 1), 0, "{:?}", events(&log));
    assert_balanced(&log);
}

#[test]
fn what_a_viewer_needs_is_there() {
    let (bytes, _) = logged(&format!("{SUM}f(3000)\nf(0.5)"), options());
    let log = parsed(&bytes);
    assert_eq!((log.meta.program, log.meta.pid), (Some(&b"prog.py"[..]), Some(7)));
    assert!(log.meta.clock_hz.is_some_and(|hz| hz > 1_000_000));
    assert!(log.meta.start < log.meta.end);
    let lines: Vec<_> = log.source_lines(&log.sources[0]).collect();
    assert_eq!(lines[1], b"def f(n):");
    let listing = log.listings.iter().find(|listing| listing.function == b"f").unwrap();
    assert!(log.instructions(listing).any(|instr| instr.opcode == b"RETURN_VALUE"));
    assert_eq!(log.codes.len(), 2);
    let body = &log.traces[0];
    let code = log.machine_code(&log.codes[body.code.unwrap() as usize]).unwrap();
    assert!(code.len() > 20);
    let last = log.ops(body).last().unwrap();
    assert_eq!((last.name, last.target_token()), (&b"jump"[..], Some(0)));
    assert!(log.total_seconds().is_some());
    assert_eq!(log.total("Total # of loops"), Some(&b"1"[..]));
    assert_eq!(u64::from(body.ops), body.header_ops);
}

#[test]
fn an_abort_says_why() {
    let program = "
def f(n):
    i = 0
    while i < n:
        i += 1
        try:
            raise ValueError
        except ValueError:
            pass
f(2000)
";
    let (bytes, _) = logged(program, options());
    let log = parsed(&bytes);
    let aborted = log.attempts.iter().any(|attempt| matches!(attempt.outcome, Outcome::Aborted(_)));
    assert!(aborted || !log.traces.is_empty());
}

#[test]
fn only_what_is_selected_is_written() {
    let program = format!("{SUM}f(3000)");
    let (bytes, _) = log_of(&program, options(), Selection::prefixes("jit-summary"));
    assert_eq!(parsed(&bytes).frame.sections().count(), 1);
    let (bytes, _) = log_of(&program, options(), Selection::prefixes("jit-profile"));
    let log = parsed(&bytes);
    assert_eq!(events(&log), [(Enter, 1), (Enter, 0), (Exit, 0)]);
    let (bytes, _) = log_of(&program, options(), Selection::Markers);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("{jit-profile-enter") && !text.contains("loop0"));
}

#[test]
fn nothing_is_logged_unless_somebody_asks() {
    assert!(jit::events::Events::default().profile().is_none());
}

/// From, to and number of events of each window.
fn windows(bytes: &[u8]) -> Vec<(u64, u64, u64)> {
    let text = String::from_utf8_lossy(bytes);
    let rows =
        text.lines().zip(text.lines().skip(1)).filter(|(line, _)| line.ends_with("{jit-profile-window"));
    let hex = |word: &str| u64::from_str_radix(word, 16).unwrap();
    rows.map(|(_, row)| {
        let words: Vec<&str> = row.split(' ').collect();
        (hex(words[0]), hex(words[1]), words[2].parse().unwrap())
    })
    .collect()
}

/// Two loops in turns, 20 and 40 nanoseconds each: half a million visits would be 40 MB of log.
const BRIEF: &str = "
def f(n):
    t = 0
    kept = None
    for i in range(n):
        for j in range(5):
            t += j ^ i
            kept = [kept is None]
        for k in range(15):
            t += k ^ i
    return t
print(f(100000))
";

/// A sort that calls a function with a loop of its own, each call as long as recording some of them.
const NESTED: &str = "
def key(x):
    i = 0
    while i < 3:
        i += 1
    return -x
def f(n):
    t = 0
    for i in range(n):
        t += sorted([1, 2, 3, 4, 5, 6, 7, 8], key=key)[0]
    return t
print(f(4000))
";

#[test]
fn visits_that_are_too_brief_are_recorded_in_windows() {
    for (program, expected) in [(BRIEF, "99999000000\n"), (NESTED, "32000\n")] {
        let (bytes, printed) = logged(program, with_bridges());
        assert_eq!(printed, expected);
        let log = parsed(&bytes);
        assert_balanced(&log);
        let windows = windows(&bytes);
        assert!(!windows.is_empty() && bytes.len() < 8_000_000, "{} bytes", bytes.len());
        let inside = |at: u64| windows.iter().any(|(from, to, _)| (*from..=*to).contains(&at));
        assert!(log.frame.events().all(|event| inside(event.at)), "events lie in windows");
        let told: u64 = windows.iter().map(|(.., events)| events).sum();
        assert_eq!(told, log.frame.events().count() as u64);
        assert!(windows.windows(2).all(|pair| pair[0].1 <= pair[1].0));
    }
}

/// Each of the two loops is entered in each pass, and no visit is lost: the counters have them all.
#[test]
fn counters_know_what_windows_do_not() {
    let (bytes, _) = logged(BRIEF, with_bridges());
    let log = parsed(&bytes);
    let often = (0..8).filter(|number| (99_000..101_000).contains(&entries_or_none(&log, *number))).count();
    assert!(often >= 2, "{:?}", (0..8).map(|number| entries_or_none(&log, number)).collect::<Vec<_>>());
}

fn entries_or_none(log: &Log<'_>, number: i64) -> u64 {
    let trace = log.traces.iter().find(|trace| trace.id == Identity::Loop(number));
    trace.and_then(|trace| trace.count).unwrap_or_default()
}

/// A bridge from an entry back into it; a loop whose variables change their types, so that it has versions; two loops in
/// turns; calls of compiled functions.
const TRANSITIONS: [&str; 5] = [
    BRIEF,
    NESTED,
    "
def f(n):
    x = 0
    for i in range(n):
        x = x + 1 if i % 3 else x + 0.5
        if i % 50 == 7:
            x = int(x)
    return x
print(f(6000))
",
    "
def g(k, x):
    while k > 0:
        k -= 1
        if x is None:
            x = 1
        elif k % 2:
            x = None
    return x
for i in range(900):
    g(i % 7, None if i % 2 else 3)
",
    "
def leaf(n):
    return n + 1 if n & 1 else n - 1
def f(n):
    s = 0
    for i in range(n):
        s += leaf(i)
        for j in range(i % 4):
            s ^= j
    return s
print(f(5000))
",
];

#[test]
fn events_agree_with_the_counters() {
    for program in TRANSITIONS {
        let wanted = Wanted { selection: Selection::everything(), all_events: true };
        let (bytes, _) = log_of(program, with_bridges(), wanted);
        let log = parsed(&bytes);
        assert_balanced(&log);
        assert!(windows(&bytes).is_empty(), "one window, the whole run");
        for trace in log.traces.iter().filter(|trace| trace.kind != TraceKind::Bridge) {
            let Identity::Loop(number) = trace.id else { continue };
            let entered = times(&log, Enter, number) + times(&log, Call, number);
            assert_eq!(Some(entered), trace.count, "loop{number} of {program}");
        }
    }
}

/// Also where only machine code calls it: what calls an interpreted function counts the call.
#[test]
fn a_function_with_a_loop_gets_code_from_its_first_instruction_on() {
    let program = "\
def inner(limit):
    n = 0.0
    for i in range(limit):
        n += 1.5
    return n
def outer(n):
    s = 0.0
    for i in range(n):
        s += inner(10)
    return s
for i in range(20):
    outer(40)
";
    let (bytes, _) = logged(program, with_bridges());
    let log = parsed(&bytes);
    let starts = |trace: &logs::trace::Trace<'_>| {
        trace.location.is_some_and(|place| place.function == b"inner" && place.offset == 0)
    };
    assert!(log.traces.iter().any(starts), "{}", String::from_utf8_lossy(&bytes));
}

fn passes(program: &str) -> u64 {
    let (bytes, _) = logged(program, with_bridges());
    let log = parsed(&bytes);
    let loops = log.traces.iter().filter(|trace| trace.kind == TraceKind::Loop);
    loops.flat_map(|trace| &trace.labels).filter_map(|label| label.count).sum()
}

/// Whether a position in a range tells or a register of its own.
#[test]
fn passes_are_counted_whatever_moves() {
    let over = |range: &str| {
        format!("def f():\n    s = 0\n    for i in range({range}):\n        s ^= i\n    return s\nf()\n")
    };
    let float = "def f():\n    x = 3000.0\n    while x > 0.0:\n        x -= 1.0\n    return x\nf()\n";
    let counts = ["3000", "0, 9000, 3", "3000, 0, -1", "-7, -21007, -7"].map(|range| passes(&over(range)));
    assert!((2900..3000).contains(&counts[0]), "{counts:?}");
    assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    assert!((2900..3000).contains(&passes(float)), "{}", passes(float));
}
