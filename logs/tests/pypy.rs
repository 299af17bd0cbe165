//! Healthy logs of PyPy: nothing to complain about, everything joined.

use logs::frame::SectionId;
use logs::input::{Limit, spool};
use logs::op::TraceLine;
use logs::trace::{Identity, TraceKind};
use logs::{Log, Options, Radix};
use loopscope_logs as logs;
use std::process::Command;

const PARENT: &[u8] = include_bytes!("data/pypy-parent.pypylog.bz2");
const CHILD: &[u8] = include_bytes!("data/pypy-child.pypylog.bz2");

fn text(packed: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    spool(packed, &mut text, Radix::Sixteen, Limit::default()).unwrap();
    text
}

fn healthy(bytes: &[u8]) -> Log<'_> {
    let (log, diagnostics) = logs::parse(bytes, Radix::Sixteen);
    assert_eq!(diagnostics, []);
    log
}

/// Every trace has its count, its labels' counts and its code, and its operations are written as they were read.
fn check_joined(log: &Log<'_>) {
    for trace in &log.traces {
        let is_counted = trace.count.is_some() && trace.labels.iter().all(|label| label.count.is_some());
        assert!(is_counted && trace.number.is_some(), "{:?}", trace.id);
        assert_eq!(u64::from(trace.ops), trace.header_ops, "{:?}", trace.id);
        check_code(log, trace);
        for (line, parsed) in log.trace_lines(trace.section) {
            match parsed {
                Some(TraceLine::Op(op)) => assert_eq!(op.render(), line.text),
                other => assert!(other.is_some(), "{}", String::from_utf8_lossy(line.text)),
            }
        }
    }
}

/// The code is there, and as long as the addresses say; its last operation's offset is where the failures begin.
fn check_code(log: &Log<'_>, trace: &logs::trace::Trace<'_>) {
    let code = log.codes[trace.code.unwrap() as usize];
    let bytes = log.machine_code(&code).unwrap();
    assert_eq!((code.id, bytes.len() as u64), (trace.id, code.block_end - code.block));
    let end = log.trace_lines(trace.section).find_map(|(_, line)| match line {
        Some(TraceLine::End(offset)) => offset,
        _ => None,
    });
    assert_eq!(end.map(u64::from), code.failures.map(|failures| failures - code.block));
}

#[test]
fn a_process_with_threads() {
    let text = text(PARENT);
    let log = healthy(&text);
    check_joined(&log);
    assert_eq!((log.traces.len(), log.counts.len()), (56, 93));
    assert!(log.traces.iter().all(|trace| (trace.kind == TraceKind::Bridge) == trace.parent.is_some()));
    let mut elsewhere = log.traces.iter().filter(|trace| trace.location.is_none());
    let is_place = |name: &[u8]| name.windows(2).any(|pair| pair == b"~#");
    assert!(elsewhere.all(|trace| trace.kind == TraceKind::Bridge || !is_place(trace.name)));
    let roots = log.traces.iter().filter_map(|trace| trace.root);
    let is_loop = |root| log.traces.iter().any(|trace| trace.id == Identity::Loop(root));
    assert!(roots.clone().count() > 9 && roots.clone().all(is_loop));
}

#[test]
fn patches_lead_from_a_guard_to_its_bridge() {
    let text = text(PARENT);
    let log = healthy(&text);
    let dumps = log.dumps.iter().map(|dump| dump.digits.len() / 2);
    let patched = log.codes.iter().filter(|code| {
        let base = log.dumps.iter().rfind(|dump| dump.address == code.block);
        let unpatched = base.map(|dump| dump.digits.to_ascii_lowercase());
        let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        log.machine_code(code).map(|bytes| hex(bytes).into_bytes()) != unpatched
    });
    assert!(dumps.filter(|length| *length == 4).count() > 100);
    assert!(patched.count() > log.codes.len() / 2);
}

#[test]
fn a_name_with_a_line_end_is_one_name() {
    let text = text(PARENT);
    let log = healthy(&text);
    let is_odd = |trace: &&logs::trace::Trace<'_>| trace.name.starts_with(b"odd;a\nb, 'c').py:");
    let odd = log.traces.iter().find(is_odd).unwrap();
    assert_eq!(odd.location.unwrap().file, b"a\nb, 'c').py");
    let places: Vec<_> = log.ops(odd).filter_map(|op| op.merge_point()?.location).collect();
    assert!(places.len() > 4 && places.iter().all(|place| place.file == b"a\nb. 'c').py"));
}

#[test]
fn a_forked_child_inherits_counters() {
    let text = text(CHILD);
    let log = healthy(&text);
    check_joined(&log);
    assert_eq!((log.traces.len(), log.counts.len()), (12, 88));
}

#[test]
fn a_log_is_what_it_was_when_it_is_cut_off() {
    let text = text(PARENT);
    let whole = healthy(&text);
    for cut in (0..text.len()).step_by(text.len() / 50) {
        let (log, diagnostics) = logs::parse(&text[..cut], Radix::Sixteen);
        let same = log.traces.iter().zip(&whole.traces).filter(|(cut, whole)| cut.ops == whole.ops).count();
        // The trace that is cut in two is the only one that differs.
        assert!(log.traces.len() <= same + 1, "{cut}");
        assert!(diagnostics.len() < 12, "{diagnostics:?}");
    }
}

#[test]
fn without_bodies_a_log_is_the_same_but_for_them() {
    let text = text(PARENT);
    let whole = healthy(&text);
    let (log, diagnostics) = logs::parse_with(&text, Options { bodies: false, ..Options::default() });
    assert_eq!((diagnostics, log.traces.len()), (vec![], whole.traces.len()));
    for (outline, trace) in log.traces.iter().zip(&whole.traces) {
        assert_eq!((outline.id, outline.name, outline.location), (trace.id, trace.name, trace.location));
        assert_eq!((outline.count, outline.code, outline.parent), (trace.count, trace.code, None));
        assert_eq!((outline.header_ops, outline.ops), (trace.header_ops, 0));
    }
}

#[test]
fn logs_may_follow_one_another() {
    let (parent, child) = (text(PARENT), text(CHILD));
    let both = [&parent[..], &child, &parent].concat();
    let log = healthy(&both);
    check_joined(&log);
    assert_eq!(log.traces.len(), 56 + 12 + 56);
    let process = |trace: &logs::trace::Trace<'_>| log.frame.section(trace.section).process;
    assert_eq!((process(&log.traces[0]), process(&log.traces[60]), process(&log.traces[100])), (0, 1, 2));
    assert_eq!(log.frame.lines(SectionId::ROOT).count(), 0);
}

/// Where there is a PyPy, its log of today.
#[test]
fn a_log_made_now() {
    let path = format!("{}/{}.pypylog", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pypy.py");
    let run = Command::new("pypy3").arg(program).env("PYPYLOG", format!(":{path}")).output();
    if !run.is_ok_and(|run| run.status.success()) {
        return;
    }
    let text = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    check_joined(&healthy(&text));
}
