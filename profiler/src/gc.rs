//! The collector's work, from its own sections: how often, how long it stopped the program, and how much memory there was.

use crate::report::{GcReport, MemoryReport, Pauses};
use logs::Log;
use logs::frame::{SectionId, SectionNode};
use logs::section::{Phase, Section};

/// Points of the curve of memory, at most.
const POINTS: usize = 200;
/// Collections whose text is looked at, at most; of more, every so-many-th.
const LOOKED_AT: usize = 4000;

/// What the log tells of collections; nothing if it has none.
pub(crate) fn report(log: &Log<'_>) -> Option<GcReport> {
    let mut found = GcReport::default();
    let (mut minors, mut steps, mut all) = (Vec::new(), Vec::new(), Vec::new());
    let (mut telling, mut seen) = (Vec::new(), false);
    for (id, node) in log.frame.sections() {
        if !is_gc(&node) {
            continue;
        }
        seen = true;
        let ticks = node.stop.saturating_sub(node.start);
        match node.kind {
            Some(Section::GcMinor) => {
                found.minors += 1;
                minors.push(ticks);
                telling.push((id, node.start));
            }
            Some(Section::GcCollectStep) => {
                found.steps += 1;
                steps.push(ticks);
            }
            Some(Section::GcCollectDone | Section::GcCollect) => {
                found.majors += 1;
                telling.push((id, node.start));
            }
            _ => {}
        }
        if is_pause(log, &node) {
            all.push(ticks);
        }
    }
    (found.minor_pauses, found.step_pauses, found.pauses) = (pauses(minors), pauses(steps), pauses(all));
    found.memory = memory(log, &telling);
    found.peak_bytes = found.memory.iter().map(|point| point.bytes).max();
    seen.then_some(found)
}

/// A collection is one pause, whatever lies in it; setting the collector up is none.
fn is_pause(log: &Log<'_>, node: &SectionNode<'_>) -> bool {
    let is_setup = matches!(node.kind, Some(Section::GcHardware | Section::GcSetNurserySize));
    let parent = log.frame.section(node.parent);
    let is_inner = node.parent != SectionId::ROOT && is_gc(&parent);
    !is_setup && !is_inner
}

fn is_gc(node: &SectionNode<'_>) -> bool {
    // The table knows the name already if anybody does.
    node.kind.map_or_else(|| node.name.starts_with(b"gc-"), |kind| kind.phase() == Phase::Gc)
}

fn pauses(mut lengths: Vec<u64>) -> Option<Pauses> {
    lengths.sort_unstable();
    // The length that so many in a hundred do not exceed.
    let at = |percent: usize| lengths.get((lengths.len() * percent).div_ceil(100).checked_sub(1)?).copied();
    Some(Pauses { p50: at(50)?, p99: at(99)?, max: at(100)? })
}

/// Memory over time: the highest of each of at most [`POINTS`] stretches.
fn memory(log: &Log<'_>, telling: &[(SectionId, u64)]) -> Vec<MemoryReport> {
    let every = telling.len().div_ceil(LOOKED_AT).max(1);
    let looked = telling.iter().step_by(every);
    let known: Vec<MemoryReport> = looked
        .filter_map(|(id, at)| {
            Some(MemoryReport {
                at: *at,
                bytes: log.frame.lines(*id).take(4).find_map(|line| used(line.text))?,
            })
        })
        .collect();
    let stretch = known.len().div_ceil(POINTS).max(1);
    known
        .chunks(stretch)
        .filter_map(|points| points.iter().max_by_key(|point| point.bytes).copied())
        .collect()
}

/// `minor collect, total memory used: N`, `bytes used in arenas:  N  =>  M`
fn used(line: &[u8]) -> Option<u64> {
    // Of these there may be thousands.
    if let Some(digits) = line.strip_prefix(b"minor collect, total memory used: ") {
        let digit = |byte: &u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
        return digits.iter().try_fold(0u64, |sum, byte| sum.checked_mul(10)?.checked_add(digit(byte)?));
    }
    let text = std::str::from_utf8(line).ok()?;
    let (label, value) = text.rsplit_once(':')?;
    let known = ["total memory used", "bytes used in arenas", "used after collection"];
    let after = value.rsplit("=>").next()?.trim();
    let bytes = after.split_whitespace().next()?.parse().ok()?;
    known.iter().any(|words| label.ends_with(words)).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn memory_is_what_is_used_then() {
        assert_eq!(used(b"minor collect, total memory used: 4096"), Some(4096));
        assert_eq!(used(b"bytes used in arenas:  10  =>  8"), Some(8));
        assert_eq!(used(b"number of pinned objects: 0"), None);
    }
}
