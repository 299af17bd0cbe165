//! Guards that fail too often.

use super::{at, called, finding};
use crate::build::place;
use crate::report::{Finding, Place, Report};
use logs::Log;
use logs::trace::{Guard, Trace};
use std::cmp::Reverse;

/// A guard that fails this often should have a bridge.
const HOT: u64 = 1000;

/// Guards that fail often and have no bridge, those aside that are made to fail.
pub(super) fn hot(log: &Log<'_>, report: &Report) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in &report.loops {
        let Some(trace) = row.trace.map(|index| &log.traces[index as usize]) else { continue };
        for guard in trace.guards.iter().filter(|guard| guard.bridge.is_none()) {
            let Some(exits) = guard.exits.filter(|exits| *exits >= HOT) else { continue };
            let (check, location) = check(log, trace, guard);
            if check == "guard_always_fails" {
                continue;
            }
            let place =
                location.as_ref().map_or_else(|| called(row), |place| format!("{} {}", row.name, at(place)));
            let message =
                format!("{check} 0x{:x} of {place} failed {exits} times and has no bridge", guard.id);
            let location = location.or_else(|| row.location.clone());
            found.push((exits, Finding { location, ..finding(Some(row), message) }));
        }
    }
    found.sort_by_key(|(exits, _)| Reverse(*exits));
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// What a guard checks, and the place in the program it checks it for.
fn check(log: &Log<'_>, trace: &Trace<'_>, guard: &Guard) -> (String, Option<Place>) {
    let mut location = None;
    for (index, op) in log.ops(trace).enumerate() {
        if index == guard.op as usize {
            return (String::from_utf8_lossy(op.own_name()).into_owned(), location);
        }
        if let Some(point) = op.merge_point() {
            location = point.location.as_ref().map(place);
        }
    }
    ("guard".to_owned(), location)
}
