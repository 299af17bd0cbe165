//! What a log says nothing of, because a filter left its sections out: that is not 0, and an export of it is not empty but
//! impossible.

use crate::attribute::Attribution;
use crate::export::Format;
use crate::report::{Report, Unknown};
use logs::Log;
use logs::section::{Phase, Section};

/// Which parts of the run the log's filter left out.
///
/// PyPy collects garbage in every run, and says so if asked; what it compiled it has traced, optimised and assembled,
/// unless its own summary says that there was nothing. Our own logs say what ran, and hold whatever there was.
pub(crate) fn unknown(log: &Log<'_>) -> Unknown {
    if is_ours(log) || !log.frame.is_log() {
        return Unknown::default();
    }
    const PARTS: [Phase; 4] = [Phase::Tracing, Phase::Optimize, Phase::Backend, Phase::Gc];
    let mut seen = Vec::new();
    for (_, node) in log.frame.sections() {
        // Most logs have all of them soon.
        if seen.len() >= PARTS.len() && PARTS.iter().all(|part| seen.contains(part)) {
            break;
        }
        let others = || if node.name.starts_with(b"gc-") { Phase::Gc } else { Phase::None };
        let phase = node.kind.map_or_else(others, Section::phase);
        if !seen.contains(&phase) {
            seen.push(phase);
        }
    }
    let none = |label: &str| {
        log.total(label).is_some_and(|value| matches!(value, [b'0'] | [b'0', b'\t' | b' ', ..]))
    };
    let never_traced = none("Tracing") && none("Backend");
    let lacks = |phase| !never_traced && !seen.contains(&phase);
    Unknown {
        tracing: lacks(Phase::Tracing),
        optimize: lacks(Phase::Optimize),
        backend: lacks(Phase::Backend),
        gc: !seen.contains(&Phase::Gc),
    }
}

/// Did we write it, and not only put samples into PyPy's, or is it of the design note's form?
pub(crate) fn is_ours(log: &Log<'_>) -> bool {
    let said = log.meta.version.is_some() || log.meta.program.is_some();
    (said && log.meta.recorder.is_none()) || log.frame.has_events()
}

/// Why an export in that format would hold nothing, and which sections it would take; nothing if it holds something.
pub(crate) fn empty(
    log: &Log<'_>,
    found: &Attribution<'_>,
    report: &Report,
    format: Format,
) -> Option<String> {
    let (is_empty, what, needed) = match format {
        Format::PerfMap | Format::Jitdump => (
            log.codes.is_empty(),
            "say where machine code lies",
            "'jit-backend-addr' (PYPYLOG=jit-backend:FILE)",
        ),
        Format::Csv | Format::Parquet => (
            report.loops.is_empty() && !is_ours(log),
            "show a loop",
            "'jit-log-opt-loop' or 'jit-backend' (PYPYLOG=jit-log-opt,jit-backend:FILE)",
        ),
        Format::Speedscope
        | Format::Firefox
        | Format::Folded
        | Format::Flamegraph
        | Format::Chrome
        | Format::Pprof => (
            found.total == 0 || (found.tree.nodes().count() <= 1 && !is_ours(log)),
            "tell what ran when",
            "'jit-tracing', 'jit-backend' or 'gc' (PYPYLOG=jit,gc:FILE), or for loops 'jit-profile-enter'",
        ),
    };
    is_empty.then(|| {
        format!("there would be nothing in the export: the log does not {what}; that takes sections {needed}")
    })
}
