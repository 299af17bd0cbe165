//! Everything PyPy writes, in one small log; and what broken logs still yield.

use logs::filter::Selection;
use logs::frame::{Frame, SectionId};
use logs::log::Outcome;
use logs::section::Section;
use logs::trace::{Ending, GuardRef, TraceId, TraceKind};
use logs::{Log, Radix};
use loopscope_logs as logs;

const SHAPES: &str = include_str!("data/shapes.pypylog");

fn healthy(text: &str) -> Log<'_> {
    let (log, diagnostics) = logs::parse(text.as_bytes(), Radix::Sixteen);
    assert_eq!(diagnostics, []);
    log
}

fn lines(frame: &Frame<'_>, id: SectionId) -> Vec<String> {
    frame.lines(id).map(|line| String::from_utf8_lossy(line.text).into_owned()).collect()
}

fn named(log: &Log<'_>, name: &str) -> Vec<SectionId> {
    log.frame.sections().filter(|(_, node)| node.name == name.as_bytes()).map(|(id, _)| id).collect()
}

/// The messages for a broken log.
fn complaints(text: &str) -> Vec<String> {
    let (_, diagnostics) = logs::parse(text.as_bytes(), Radix::Sixteen);
    diagnostics.iter().map(ToString::to_string).collect()
}

#[test]
fn a_record_is_the_text_around_the_sections_in_it() {
    let log = healthy(SHAPES);
    let noopt = named(&log, "jit-log-noopt")[0];
    assert_eq!(
        lines(&log.frame, noopt),
        ["# Traced loop or bridge with 1 ops", "[p0]", "i1 = int_add(i0, 1)"]
    );
    let node = log.frame.section(noopt);
    assert_eq!((node.start, node.stop, node.closed), (0x21, 0x26, true));
    assert_eq!(log.frame.section(node.parent).kind, Some(Section::JitTracing));
    let odd = named(&log, "my sub {odd}")[0];
    assert_eq!(lines(&log.frame, odd), ["[p0, p1] is text here"]);
}

#[test]
fn traces() {
    let log = healthy(SHAPES);
    let kinds: Vec<_> = log.traces.iter().map(|trace| trace.kind).collect();
    assert_eq!(kinds, [TraceKind::Loop, TraceKind::Bridge, TraceKind::Bridge]);
    let first = &log.traces[0];
    assert_eq!((first.header_ops, first.ops, first.input_args), (7, 7, &b"p0, i1"[..]));
    assert_eq!((first.labels.len(), first.guards.len()), (2, 2));
    assert_eq!(first.ending, Ending::Jump(4112));
    assert_eq!(log.traces[2].ending, Ending::Finish);
    let location = first.location.unwrap();
    assert_eq!((location.function, location.file), (&b"branchy"[..], &b"/srv/demo/a,b.py"[..]));
    assert_eq!(log.ops(first).count(), 7);
}

#[test]
fn a_bridge_hangs_on_the_guard_that_was_compiled_last() {
    let log = healthy(SHAPES);
    assert_eq!(log.traces[1].parent, Some(GuardRef { trace: TraceId(0), guard: 1 }));
    assert_eq!(log.traces[2].parent, Some(GuardRef { trace: TraceId(1), guard: 0 }));
    assert_eq!(log.traces[0].guards[1].bridge, Some(TraceId(1)));
}

#[test]
fn counters_are_joined_by_position() {
    let log = healthy(SHAPES);
    let counts: Vec<_> = log.traces.iter().map(|trace| trace.count).collect();
    assert_eq!(counts, [Some(550), Some(66002), Some(5)]);
    assert_eq!(log.traces[0].labels[1].count, Some(198_407));
}

#[test]
fn counters_are_joined_by_number_where_positions_do_not_fit() {
    let text = SHAPES.replace("entry -1:3\n", "");
    let log = healthy(&text);
    let counts: Vec<_> = log.traces.iter().map(|trace| trace.count).collect();
    assert_eq!(counts, [Some(550), Some(66002), Some(5)]);
}

#[test]
fn machine_code_is_patched() {
    let log = healthy(SHAPES);
    let code = log.codes[log.traces[0].code.unwrap() as usize];
    assert_eq!((code.block, code.block_end, code.start), (0x1000, 0x100e, 0x1004));
    let bytes = log.machine_code(&code).unwrap();
    assert_eq!(bytes, [0, 0, 0, 0, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0xe9, 0xad, 0xde, 0]);
    assert_eq!(log.machine_code(&log.codes[1]), None);
}

#[test]
fn attempts_and_totals() {
    let log = healthy(SHAPES);
    assert_eq!(log.attempts[0].outcome, Outcome::Compiled(b"loop"));
    assert_eq!(log.attempts[0].bytecodes, 2);
    assert_eq!(log.attempts[1].outcome, Outcome::Aborted(b"ABORT_TOO_LONG"));
    assert_eq!(log.attempts[1].first, b"nested;/srv/demo/x.py:9-9~#0 LOAD_FAST");
    assert_eq!(log.total_seconds(), Some(0.021591));
    assert_eq!(log.total("abort: trace too long"), Some(&b"1"[..]));
}

#[test]
fn colours_and_carriage_returns_change_nothing() {
    let mut dressed = String::new();
    for line in SHAPES.lines() {
        let is_marker = line.starts_with('[') && (line.contains("] {") || line.ends_with('}'));
        dressed +=
            &if is_marker { format!("\x1b[1m\x1b[31m{line}\r\n\x1b[0m") } else { format!("{line}\r\n") };
    }
    let (plain, dressed) = (healthy(SHAPES), healthy(&dressed).traces.len());
    assert_eq!(plain.traces.len(), dressed);
}

#[test]
fn a_section_that_outlives_the_one_around_it_keeps_its_text() {
    let text = "[1] {a\n[2] {b\n[3] {c\n[4] a}\nkept\n[5] {d\n[6] d}\n[7] b}\n[8] e}\n";
    let (log, diagnostics) = logs::parse(text.as_bytes(), Radix::Sixteen);
    let closed: Vec<_> = log.frame.sections().map(|(_, node)| (node.stop, node.closed)).collect();
    assert_eq!(closed, [(4, true), (7, true), (4, false), (6, true)]);
    let [b, d] = [named(&log, "b")[0], named(&log, "d")[0]];
    assert_eq!((lines(&log.frame, b), log.frame.section(d).parent), (vec!["kept".to_owned()], b));
    assert_eq!(lines(&log.frame, SectionId::ROOT), [""; 0]);
    let messages: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "line 3: the section never stops (in c)",
            "line 8: the section outlives the one it started in (in b)",
            "line 9: 'e' stops, but no such section is open; ignored",
        ]
    );
}

#[test]
fn a_section_that_starts_again_was_torn() {
    let text = "[1] {a\n[2] {b\n[4] a}\nlost\n[5] {b\nmine\n[6] b}\n[7] b}\n";
    let (log, diagnostics) = logs::parse(text.as_bytes(), Radix::Sixteen);
    let [torn, whole] = named(&log, "b")[..] else { panic!("two sections") };
    assert!(!log.frame.section(torn).closed && log.frame.section(whole).closed);
    assert_eq!(lines(&log.frame, whole), ["mine"]);
    let messages: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(messages[0], "line 2: the section never stops (in b)");
    assert_eq!(messages[1], "line 8: 'b' stops, but no such section is open; ignored");
}

#[test]
fn a_torn_end_is_left_out() {
    let whole = "[1] {a\ntext\n[2] {b\n[3] b}\n[4] a}";
    assert_eq!(complaints(whole), [""; 0]);
    let torn = "[1] {a\ntext\nte";
    assert_eq!(
        complaints(torn),
        ["line 1: the section never stops (in a)", "line 3: the last line is torn; it is left out (in a)",]
    );
    let half_a_start = "[1] {a\n[2] a}\n[3] {jit-ba";
    assert_eq!(complaints(half_a_start), ["line 3: the last line is torn; it is left out"]);
}

#[test]
fn what_is_no_log_says_so() {
    for text in ["", "hello\n", "\0\x01\u{fffd}", "[p0, p1]\n", "{\"a\": [1]}\n"] {
        assert_eq!(complaints(text), ["line 1: not a PYPYLOG: no section in it"], "{text:?}");
    }
}

#[test]
fn odd_lines_are_named() {
    let text = "[1] {jit-log-opt-loop\n# Loop 1 (x) : loop with 1 ops\n[p0]\nwhat is this\n[2] jit-log-opt-loop}\n\
                [3] {jit-backend-counts\nentry x:1\n[4] jit-backend-counts}\n";
    assert_eq!(
        complaints(text),
        [
            "line 4: not an operation: 'what is this' (in jit-log-opt-loop)",
            "line 7: not a counter: 'entry x:1' (in jit-backend-counts)",
        ]
    );
}

#[test]
fn old_forms() {
    let log = healthy(concat!(
        "[0] {jit-backend-counts\n[1] jit-backend-counts}\n",
        "[2] {jit-log-opt-loop\n# Loop 0 : loop with 2 ops\n[p0]\n",
        "debug_merge_point(0, '<code object f. file 'x.py'. line 2> #9 LOAD_FAST')\njump(p0)\n[3] jit-log-opt-loop}\n",
        "[4] {jit-backend-counts\n0:8965\n[5] jit-backend-counts}\n",
    ));
    let trace = &log.traces[0];
    assert_eq!((trace.count, trace.location.unwrap().function), (Some(8965), &b"f"[..]));
}

#[test]
fn what_loopscope_adds() {
    let mut writer = logs::write::Writer::new(Vec::new(), Selection::everything());
    writer.start(1, Section::LoopscopeMeta).unwrap();
    writer.meta("version", "0.1.0").unwrap();
    writer.meta("pid", 7).unwrap();
    writer.meta("clock-hz", 2_000_000_000u64).unwrap();
    writer.meta_stamp("start", 0xff).unwrap();
    writer.stop(1, Section::LoopscopeMeta).unwrap();
    writer.start(2, Section::LoopscopeSource).unwrap();
    writer.source("x.py", "for i in y:\n\n    pass\n").unwrap();
    writer.stop(2, Section::LoopscopeSource).unwrap();
    writer.start(3, Section::LoopscopeBytecode).unwrap();
    for function in ["f", "g"] {
        let line = logs::write::BytecodeLine { offset: 0, line: 1, opcode: "POP_TOP", args: "" };
        writer.bytecode_header(function, "x.py", 1).unwrap();
        writer.bytecode_line(line).unwrap();
    }
    writer.stop(3, Section::LoopscopeBytecode).unwrap();
    let text = String::from_utf8(writer.into_inner()).unwrap();
    let log = healthy(&text);
    assert_eq!((log.meta.pid, log.meta.clock_hz, log.meta.start), (Some(7), Some(2_000_000_000), Some(255)));
    let source: Vec<_> = log.source_lines(&log.sources[0]).collect();
    assert_eq!(source, [&b"for i in y:"[..], b"", b"    pass"]);
    let instructions: Vec<_> = log.instructions(&log.listings[1]).collect();
    assert_eq!((log.listings[1].function, instructions.len()), (&b"g"[..], 1));
    assert_eq!(instructions[0].opcode, b"POP_TOP");
}

/// Forked children of one parent number alike; the one that was killed counts nothing.
#[test]
fn counters_belong_to_the_process_that_wrote_last() {
    let child = |file: &str| {
        format!(
            "[1] {{jit-log-opt-loop\n# Loop 7 (f;{file}:1-2~#3 FOR_ITER) : loop with 2 ops\n[p0]\n\
             label(p0, descr=TargetToken(4096))\njump(p0, descr=TargetToken(4096))\n[2] jit-log-opt-loop}}\n"
        )
    };
    let counts = "[3] {jit-backend-counts\nentry 1:500\nTargetToken(64):501\nentry 7:11\nTargetToken(4096):12\n\
                  [4] jit-backend-counts}\n";
    let text = [child("killed.py"), child("whole.py"), counts.to_owned()].concat();
    let log = healthy(&text);
    let counted: Vec<_> = log.traces.iter().map(|trace| (trace.count, trace.labels[0].count)).collect();
    assert_eq!(counted, [(None, None), (Some(11), Some(12))]);
}
