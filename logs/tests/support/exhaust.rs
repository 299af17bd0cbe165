//! Looking at everything a log offers: what must go well however broken the log is.

use logs::frame::{Frame, Mark, SectionId};
use logs::{Index, Options, Radix};
use loopscope_logs as logs;

/// Reads bytes as a log in every way there is, and checks what must hold for all of them.
pub fn exhaust(bytes: &[u8], radix: Radix) {
    let (log, diagnostics) = logs::parse_with(bytes, options(radix));
    let lines: usize = log.frame.sections().map(|(id, _)| log.trace_lines(id).count()).sum();
    let root = log.frame.lines(SectionId::ROOT).count();
    assert!(lines + root <= bytes.len());
    for trace in &log.traces {
        for op in log.ops(trace) {
            let _ = (op.merge_point(), op.guard(), op.arguments().count(), op.fail_arguments().count());
        }
        assert!(trace.parent.is_none_or(|parent| log.guard(parent).bridge.is_some()));
        assert!(trace.code.is_none_or(|code| log.codes[code as usize].id == trace.id));
    }
    log.codes.iter().for_each(|code| drop(log.machine_code(code)));
    let _ = log.listings.iter().map(|listing| log.instructions(listing).count()).sum::<usize>();
    let _ = log.sources.iter().map(|source| log.source_lines(source).count()).sum::<usize>();
    let is_start = |mark: &Mark| matches!(mark, Mark::Start(_));
    let is_stop = |mark: &Mark| matches!(mark, Mark::Stop(_));
    let marks = || log.frame.timeline();
    assert_eq!(marks().filter(is_start).count(), marks().filter(is_stop).count());
    for diagnostic in &diagnostics {
        assert!(diagnostic.offset <= bytes.len() && diagnostic.line >= 1, "{diagnostic}");
    }
    in_pieces(bytes, radix);
    runs_are_parts(&log.frame);
    restored(bytes, radix);
}

/// Runs are made of different parts of the log.
fn runs_are_parts(frame: &Frame<'_>) {
    let mut ranges: Vec<_> = logs::runs(frame).into_iter().flatten().collect();
    ranges.sort_by_key(|range| range.start);
    assert!(ranges.iter().all(|range| range.start <= range.end && range.end <= frame.bytes().len()));
    assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start));
}

/// What was taken off makes no log longer than its framing needs, and leaves one.
fn restored(bytes: &[u8], radix: Radix) {
    let known = Index::of(bytes, radix);
    if let Some(found) = logs::restored(bytes, &known, radix) {
        assert!(found.index.0.is_log() && found.bytes.len() <= 120 * bytes.len() + 64);
        let (log, _) = logs::parse_with(&found.bytes, options(radix));
        let _ = log.traces.iter().map(|trace| log.ops(trace).count()).sum::<usize>();
    }
}

/// Asks the system for nothing, which would take longer than reading.
fn options(radix: Radix) -> Options<'static> {
    Options { radix, threads: 1, bodies: true, holder: None }
}

/// The index of what comes in pieces is that of the whole.
fn in_pieces(bytes: &[u8], radix: Radix) {
    let (whole, complaints) = Index::of(bytes, radix);
    assert!(whole.memory() <= logs::index::WORST * bytes.len() + 4096);
    let mut indexer = logs::index::Indexer::new(radix);
    bytes.chunks(97).for_each(|piece| indexer.push(piece));
    let (pieces, same) = indexer.finish();
    assert_eq!((whole.len(), whole.events(), complaints), (pieces.len(), pieces.events(), same));
}
