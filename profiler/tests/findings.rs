//! What stands out, and what does not.

use logs::Radix;
use logs::event::EventKind;
use logs::filter::Selection;
use logs::section::Section;
use logs::write::{TraceKind, Writer};
use loopscope_profiler as profiler;

fn kinds(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let (log, diagnostics) = logs::parse(bytes, Radix::Sixteen);
    assert_eq!(diagnostics, []);
    profiler::analyze(&log).findings.into_iter().map(|finding| (finding.kind, finding.message)).collect()
}

/// A loop with one guard and one bridge, and these counts.
fn traced(passes: u64, entries: u64, bridge: u64, exits: u64) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), Selection::everything());
    let mut section = |section: Section, write: &dyn Fn(&mut Writer<Vec<u8>>) -> std::io::Result<()>| {
        writer.start(1, section).unwrap();
        write(&mut writer).unwrap();
        writer.stop(1, section).unwrap();
    };
    section(Section::JitLogOptLoop, &|w| {
        w.loop_header(0, "f;x.py:1-2~#3 FOR_ITER", TraceKind::Loop, 4)?;
        w.input_args(&["i0"])?;
        w.op(Some(1), "label(i0, descr=TargetToken(64))")?;
        w.op(Some(2), "guard_true(i0, descr=<Guard0x10>) [i0]")?;
        w.op(Some(3), "guard_false(i0, descr=<Guard0x20>) [i0]")?;
        w.op(Some(4), "jump(i0, descr=TargetToken(64))")
    });
    section(Section::JitLogOptBridge, &|w| {
        w.bridge_header(0x10, 1)?;
        w.input_args(&["i0"])?;
        w.op(None, "jump(i0, descr=TargetToken(64))")
    });
    section(Section::JitBackendCounts, &|w| {
        w.entry_count(0, entries)?;
        w.label_count(64, passes)?;
        w.bridge_count(0x10, bridge)
    });
    section(Section::LoopscopeGuardCounts, &|w| {
        w.guard_count(0x10, 1_000_000)?;
        w.guard_count(0x20, exits)
    });
    writer.into_inner()
}

#[test]
fn a_healthy_loop_needs_no_words() {
    assert_eq!(kinds(&traced(100_000, 100, 20_000, 5)), []);
}

#[test]
fn guards_bridges_and_passes() {
    let found = kinds(&traced(100_000, 100, 95_000, 5000));
    assert_eq!(found.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), ["hot-guard", "busy-bridge"]);
    assert_eq!(found[0].1, "guard_false 0x20 of loop0 (f, x.py:2) failed 5000 times and has no bridge");
    let found = kinds(&traced(150, 100, 0, 0));
    assert_eq!(
        found[0],
        ("few-passes", "loop0 (f, x.py:2) made 150 passes in 100 entries: it hardly loops".into())
    );
}

#[test]
fn visits_too_short_to_pay() {
    let mut writer = Writer::new(Vec::new(), Selection::everything());
    for visit in 0..200 {
        writer.event(visit * 1000, EventKind::Enter, 3, "x.py:2 f FOR_ITER").unwrap();
        writer.event(visit * 1000 + 50, EventKind::Exit, 3, "").unwrap();
    }
    let found = kinds(&writer.into_inner());
    assert_eq!((found.len(), found[0].0), (1, "short-visits"));
    assert!(found[0].1.contains("within 50 ticks"), "{found:?}");
}

#[test]
fn given_up_again_and_again() {
    let mut writer = Writer::new(Vec::new(), Selection::everything());
    for attempt in 0..3 {
        writer.start(attempt * 1000, Section::JitTracing).unwrap();
        writer.traced("f;x.py:1-2~#3 FOR_ITER").unwrap();
        writer.aborted("ABORT_TOO_LONG").unwrap();
        writer.stop(attempt * 1000 + 500, Section::JitTracing).unwrap();
    }
    let found = kinds(&writer.into_inner());
    assert_eq!(found.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), ["aborted-again", "compile-share"]);
    assert_eq!(found[0].1, "tracing was given up 3 times (ABORT_TOO_LONG) at f;x.py:1-2~#3 FOR_ITER");
}

/// PyPy's names stand for our reasons, but what to try differs.
#[test]
fn our_own_reasons_are_told_in_words() {
    let attempt = "[0] {jit-tracing\nf;x.py:1-2~#3 FOR_ITER\n~~~ ABORTING TRACING ABORT_ESCAPE\n\
                   ~~~ because the loop resumes a generator\n[10] jit-tracing}\n";
    let (log, _) = logs::parse(attempt.as_bytes(), Radix::Sixteen);
    assert_eq!(log.attempts[0].why, b"the loop resumes a generator");
    let text = attempt.repeat(3);
    let (log, _) = logs::parse(text.as_bytes(), Radix::Sixteen);
    let found = profiler::analyze(&log).findings;
    assert!(found[0].message.ends_with("FOR_ITER: the loop resumes a generator"), "{found:?}");
    assert!(!found[0].advice.contains("sys._getframe"), "{found:?}");
}

#[test]
fn guards_that_are_made_to_fail_are_no_news() {
    let log = |check: &str| {
        format!(
            "[0] {{jit-log-opt-loop\n# Loop 0 (f;x.py:1-2~#3 FOR_ITER) : loop with 3 ops\n[i0]\n\
             debug_merge_point(0, 0, 'f;x.py:1-7~#9 LOAD_FAST')\n{check}(descr=<Guard0x20>) [i0]\njump(i0)\n\
             [1] jit-log-opt-loop}}\n[2] {{loopscope-guard-counts\nguard 0x20:5000\n[2] loopscope-guard-counts}}\n"
        )
    };
    assert_eq!(kinds(log("guard_always_fails").as_bytes()), []);
    let found = kinds(log("guard_not_invalidated").as_bytes());
    assert_eq!(
        found,
        [(
            "hot-guard",
            "guard_not_invalidated 0x20 of loop0 (f, x.py:7) failed 5000 times and has no bridge".into()
        )]
    );
}

#[test]
fn the_limit_of_retracing_is_met_at_a_place() {
    let log = "[0] {jit-tracing\nf;x.py:1-2~#3 FOR_ITER\n[1] {jit-optimize\nRetrace count reached, jumping to preamble\n\
               [2] jit-optimize}\n[3] jit-tracing}\n[99] {a\n[99] a}\n";
    let (log, _) = logs::parse(log.as_bytes(), Radix::Sixteen);
    let found = profiler::analyze(&log).findings;
    assert_eq!(
        (found.len(), found[0].kind, found[0].location.as_ref().unwrap().line),
        (1, "retrace-limit", 2)
    );
    assert!(found[0].advice.contains("retrace_limit"));
}

#[test]
fn code_that_never_ran_was_not_worth_making() {
    let log = |ran: u64| {
        format!(
            "[0] {{jit-tracing\nf;x.py:1-2~#3 FOR_ITER\n[1000] {{jit-log-opt-loop\n\
             # Loop 0 (f;x.py:1-2~#3 FOR_ITER) : loop with 1 ops\n[p0]\njump(p0)\n[1000] jit-log-opt-loop}}\n\
             [1000] jit-tracing}}\n[1000] {{jit-profile-enter\nloop0\n[1000] jit-profile-enter}}\n\
             [{0:x}] {{jit-profile-exit\nloop0\n[{0:x}] jit-profile-exit}}\n[20000] {{a\n[20000] a}}\n",
            0x1000 + ran
        )
    };
    assert_eq!(kinds(log(0x1000).as_bytes()), []);
    let found = kinds(log(16).as_bytes());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "never-paid-back");
    assert!(found[0].1.contains("took 4,096 ticks to make and ran for 16 ticks"), "{found:?}");
}
