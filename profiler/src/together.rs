//! Several processes of one run, as a forking program leaves them: each with its report, and all together by place.

use crate::places::{Key, spots};
use crate::report::{Other, Place, Report, Unknown};
use serde::Serialize;
use std::collections::HashMap;

/// The name of the JSON schema.
pub const SCHEMA: &str = "loopscope-reports/2";

/// Several reports.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Together {
    /// [`SCHEMA`]
    pub schema: &'static str,
    /// Of all processes; they may have run at the same time.
    pub total_ticks: u64,
    /// What was no loop, of all processes.
    pub other: Other,
    /// Places that had loops, the most expensive first.
    pub places: Vec<PlaceReport>,
    /// The processes.
    #[serde(skip)]
    pub reports: Vec<Report>,
}

/// What was compiled at one place, in all processes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceReport {
    /// Where.
    pub location: Option<Place>,
    /// The same in words.
    pub label: String,
    /// Own ticks, those of bridges included.
    pub ticks: u64,
    /// Visits, by events.
    pub visits: u64,
    /// How often they were entered, by counters.
    pub entered: u64,
    /// Passes, by counters.
    pub passes: u64,
    /// What it cost to make, everywhere.
    pub compile_ticks: u64,
    /// In how many processes.
    pub processes: u32,
}

/// Puts reports together.
pub fn together(reports: Vec<Report>) -> Together {
    let mut places = HashMap::<Key, PlaceReport>::new();
    for spot in reports.iter().flat_map(spots) {
        let place = places.entry(spot.key).or_insert_with_key(new_place);
        place.ticks = place.ticks.saturating_add(spot.ticks);
        place.visits = place.visits.saturating_add(spot.visits);
        place.entered = place.entered.saturating_add(spot.entered.unwrap_or(0));
        place.passes = place.passes.saturating_add(spot.passes.unwrap_or(0));
        place.compile_ticks = place.compile_ticks.saturating_add(spot.compile);
        place.processes += 1;
    }
    let mut places: Vec<PlaceReport> = places.into_values().collect();
    places.sort_by(|a, b| {
        let size = |place: &PlaceReport| (place.ticks, place.passes.max(place.entered));
        size(b).cmp(&size(a)).then_with(|| a.label.cmp(&b.label))
    });
    let total_ticks = reports.iter().map(|report| report.total_ticks).fold(0, u64::saturating_add);
    Together { schema: SCHEMA, total_ticks, other: other(&reports), places, reports }
}

/// Gives a forked child, whose log does not tell how fast its clock ticks, the clock of a process that ran when it began:
/// one machine has one clock.
pub fn share_clocks(reports: &mut [Report]) {
    let known: Vec<((u64, u64), u64)> =
        reports.iter().filter_map(|report| Some((report.span, report.clock_hz?))).collect();
    for report in reports.iter_mut().filter(|report| report.clock_hz.is_none()) {
        let began = report.span.0;
        let parent = known.iter().find(|((from, to), _)| (*from..=*to).contains(&began));
        if let Some((_, hz)) = parent {
            (report.clock_hz, report.clock_estimated) = (Some(*hz), true);
            report.notes.retain(|note| note != crate::build::NO_CLOCK);
            report.notes.push("the clock is that of the process that ran when this one began".to_owned());
        }
    }
}

fn new_place(key: &Key) -> PlaceReport {
    let location = match key {
        Key::At(place) => Some(place.clone()),
        Key::Called(_) => None,
    };
    let label = key.text();
    PlaceReport {
        location,
        label,
        ticks: 0,
        visits: 0,
        entered: 0,
        passes: 0,
        compile_ticks: 0,
        processes: 0,
    }
}

fn other(reports: &[Report]) -> Other {
    let sum = |part: fn(&Other) -> u64| {
        reports.iter().map(|report| part(&report.other)).fold(0, u64::saturating_add)
    };
    let known = |part: fn(&Other) -> Option<u64>| {
        reports.iter().filter_map(|report| part(&report.other)).reduce(u64::saturating_add)
    };
    let all = |part: fn(&Unknown) -> bool| reports.iter().all(|report| part(&report.other.unknown));
    Other {
        unknown: Unknown {
            tracing: all(|unknown| unknown.tracing),
            optimize: all(|unknown| unknown.optimize),
            backend: all(|unknown| unknown.backend),
            gc: all(|unknown| unknown.gc),
        },
        interpreter: sum(|other| other.interpreter),
        tracing: sum(|other| other.tracing),
        optimize: sum(|other| other.optimize),
        backend: sum(|other| other.backend),
        gc: sum(|other| other.gc),
        recording: known(|other| other.recording),
        waiting: known(|other| other.waiting),
    }
}
