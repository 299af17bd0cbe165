//! What counts alone tell about time.
//!
//! A log without events and samples says how often each entry, label and bridge ran, and how large its code is. Count
//! times size, over all code, shared out of the time that no section claims: right if all of it was
//! spent in machine code, and if a byte of code takes as long anywhere. Neither holds, so it orders the loops and says
//! no more; it is marked wherever it is shown, and no part of any sum.

use crate::report::Report;
use logs::Log;
use logs::trace::Trace;

/// Fills in `estimated_ticks`.
pub(crate) fn estimate(log: &Log<'_>, report: &mut Report) {
    let weights: Vec<Option<f64>> = log.traces.iter().map(|trace| weight(log, trace)).collect();
    let sum: f64 = weights.iter().flatten().sum();
    if sum <= 0.0 {
        return;
    }
    let time = report.other.interpreter as f64;
    for row in &mut report.loops {
        let weight = row.trace.and_then(|trace| weights[trace as usize]);
        row.estimated_ticks = weight.map(|weight| (time * (weight / sum)) as u64);
    }
}

/// Bytes of code that ran: what lies behind the entry and behind each label, as often as these were passed.
fn weight(log: &Log<'_>, trace: &Trace<'_>) -> Option<f64> {
    let entries = trace.count?;
    // Operations are taken to be equally long, where the log does not say how long the code is, four bytes.
    let bytes = trace
        .code
        .map(|code| log.codes[code as usize])
        .map(|code| code.failures.unwrap_or(code.end).saturating_sub(code.start) as f64);
    if trace.ops == 0 {
        // The log was read without bodies: everything counts as often as it was entered.
        return Some(bytes.unwrap_or(4.0 * trace.header_ops as f64) * entries as f64);
    }
    let per_op = bytes.map_or(4.0, |bytes| bytes / f64::from(trace.ops));
    let starts = trace.labels.iter().map(|label| (label.op, label.count.unwrap_or(entries)));
    let starts: Vec<(u32, u64)> = std::iter::once((0, entries)).chain(starts).collect();
    let ends = starts.iter().skip(1).map(|(op, _)| *op).chain([trace.ops]);
    let ran =
        starts.iter().zip(ends).map(|((op, times), end)| f64::from(end.saturating_sub(*op)) * *times as f64);
    // The label that begins a trace is passed by those who enter, and counted for them too.
    Some(ran.sum::<f64>() * per_op)
}
