//! What the collector did, and the phases of the run, as lines.

use profiler::Report;
use profiler::report::Pauses;

/// Columns of the curve of memory.
const COLUMNS: usize = 60;

/// Collections, pauses, and memory over time.
pub(super) fn collections(report: &Report) -> Vec<String> {
    let Some(gc) = report.gc.as_ref().filter(|gc| gc.pauses.is_some()) else { return Vec::new() };
    let mut lines = vec![String::new(), "what the collector did:".to_owned()];
    lines.push(format!("  {} minor collections, {} steps, {} major", gc.minors, gc.steps, gc.majors));
    for (name, pauses) in [("all pauses", gc.pauses), ("minor", gc.minor_pauses), ("steps", gc.step_pauses)] {
        if let Some(Pauses { p50, p99, max }) = pauses {
            let [p50, p99, max] = [p50, p99, max].map(|ticks| time(report, ticks));
            lines.push(format!("  {name:<12} p50 {p50}, p99 {p99}, max {max}"));
        }
    }
    if let Some(peak) = gc.peak_bytes.filter(|peak| *peak > 0 && gc.memory.len() > 1) {
        let stretch = gc.memory.len().div_ceil(COLUMNS).max(1);
        let highest =
            |points: &[profiler::report::MemoryReport]| points.iter().map(|point| point.bytes).max();
        let bars: String =
            gc.memory.chunks(stretch).map(|points| bar(highest(points).unwrap_or(0), peak)).collect();
        lines.push(format!("  memory used  {bars}  at most {peak} bytes"));
    }
    lines
}

/// A line for each phase.
pub(super) fn phases(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for phase in &report.phases {
        if lines.is_empty() {
            lines.extend([String::new(), "phases of the run:".to_owned()]);
        }
        let known = |ticks: Option<u64>| ticks.map_or_else(|| "–".to_owned(), |ticks| time(report, ticks));
        lines.push(format!(
            "  {:<20} {}, compiling {}, gc {}, {} loops and {} bridges made",
            phase.name,
            time(report, phase.ticks),
            known(phase.compiling()),
            known(phase.gc()),
            phase.loops_made,
            phase.bridges_made
        ));
    }
    lines
}

fn time(report: &Report, ticks: u64) -> String {
    report.milliseconds(ticks).map_or_else(|| format!("{ticks} ticks"), |ms| format!("{ms:.3} ms"))
}

/// An eighth of the height for each eighth begun.
fn bar(part: u64, whole: u64) -> char {
    const BARS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    BARS[((part as f64 * 8.0 / whole.max(1) as f64).ceil() as usize).min(8)]
}
