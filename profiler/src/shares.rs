//! The share of each part of the run, and its error.
//!
//! | time from | method | error |
//! |---|---|---|
//! | looks | running time divided as looks are ([`crate::looks`]) | 95 %, Wilson, of the looks |
//! | perf's samples | each stands for the time since the one before | 95 %, Wilson, of the samples |
//! | events | from one stamp to the next | none |
//!
//! Waiting is no matter of looks: the thread's clock tells it exactly. What no sample met has no share, which is not
//! the same as none of the run.

use crate::looks::Looked;
use crate::perf::Joined;
use crate::report::{Basis, HelperReport, Report, Share};
use logs::Log;
use logs::profile::Key;
use logs::trace::Identity;
use std::collections::BTreeMap;

/// Fills in the shares of loops, helpers and the rest.
pub(crate) fn fill(log: &Log<'_>, joined: &Joined, report: &mut Report) {
    match (&joined.looked, report.time_from) {
        (Some(looked), _) => by_looks(log, looked, report),
        (None, Basis::PerfSamples) => by_perf(report),
        (None, Basis::Events) => exactly(report),
        (None, Basis::Samples | Basis::Counts) => others_exactly(report),
    }
    report.helpers = helpers(report);
}

fn by_looks(log: &Log<'_>, looked: &Looked, report: &mut Report) {
    for index in 0..report.loops.len() {
        let id = identity(log, report, index);
        let looks = id.map_or(0, |id| looked.looks_at(id));
        let row = &mut report.loops[index];
        row.samples = Some(looks);
        row.share = looked.share(row.ticks, looks);
        row.called_ticks.get_or_insert(0);
        for helper in &mut row.helpers {
            let at = |key: &Key| is_helper(log, key, id, &helper.name);
            helper.samples = looked.running.iter().filter(|(key, _)| at(key)).map(|(_, looks)| looks).sum();
            helper.share = looked.share(helper.ticks, helper.samples);
        }
    }
    report.other.recording.get_or_insert(0);
    report.other.waiting.get_or_insert(0);
    for (name, ticks) in report.other.parts() {
        let is_part = |key: &Key| part_of(key) == Some(name);
        let looks = looked.running.iter().filter(|(key, _)| is_part(key)).map(|(_, looks)| looks).sum();
        let ticks = ticks.unwrap_or(0);
        let share = match name {
            "waiting" => Some(Share::exact(report.percent(ticks))),
            _ => looked.share(ticks, looks),
        };
        report.shares.extend(share.map(|share| (name, share)));
    }
}

/// The trace of a row, or what the looks call it if the log does not show it.
fn identity(log: &Log<'_>, report: &Report, row: usize) -> Option<Identity> {
    let row = &report.loops[row];
    if let Some(trace) = row.trace {
        return log.traces.get(trace as usize).map(|trace| trace.id);
    }
    let number = row.name.strip_prefix("loop").and_then(|number| number.parse().ok()).map(Identity::Loop);
    let guard = row.name.strip_prefix("bridge ").and_then(|guard| match guard.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => guard.parse().ok(),
    });
    number.or(guard.map(Identity::Bridge))
}

fn is_helper(log: &Log<'_>, key: &Key, id: Option<Identity>, name: &str) -> bool {
    let Key::Trace(found, Some(number)) = key else { return false };
    let named = log.profile.helpers.iter().rfind(|helper| helper.number == *number);
    Some(*found) == id
        && named.map_or_else(|| name == format!("helper {number}"), |helper| name.as_bytes() == helper.name)
}

/// Which part of `other` a key is of.
fn part_of(key: &Key) -> Option<&'static str> {
    match key {
        Key::Trace(..) => None,
        Key::Interpreter(_) => Some("interpreter"),
        Key::Tracing => Some("tracing"),
        Key::Optimize => Some("optimize"),
        Key::Backend => Some("backend"),
        Key::Gc => Some("gc"),
        Key::Log => Some("recording"),
    }
}

/// perf's samples have equal weights, nearly: a row's are as many as its ticks are of the running ones.
fn by_perf(report: &mut Report) {
    let running = report.running_ticks.unwrap_or(report.total_ticks).max(1) as f64;
    let all = report.samples.as_ref().map_or(0, |samples| samples.total) as f64;
    let whole = report.percent(report.running_ticks.unwrap_or(report.total_ticks));
    let share = |ticks: u64| (ticks > 0).then(|| Share::sampled(ticks as f64 / running, whole, all));
    for row in &mut report.loops {
        row.share = share(row.ticks);
        row.samples = Some((row.ticks as f64 / running * all).round() as u64);
    }
    report.other.waiting.get_or_insert(0);
    // Sections tell what was compiled and collected, exactly; samples only what was left over.
    let total = report.total_ticks;
    for (name, ticks) in report.other.parts() {
        let Some(ticks) = ticks else { continue };
        let exact = Some(Share::exact(ticks as f64 * 100.0 / total.max(1) as f64));
        let found = if matches!(name, "interpreter") { share(ticks) } else { exact };
        report.shares.extend(found.map(|share| (name, share)));
    }
}

fn exactly(report: &mut Report) {
    // A bridge makes no events of its own: its time is its loop's.
    let is_seen = |row: &crate::report::LoopReport| row.ticks > 0 || row.visits > 0;
    for index in 0..report.loops.len() {
        if is_seen(&report.loops[index]) {
            report.loops[index].share = Some(Share::exact(report.percent(report.loops[index].ticks)));
        }
    }
    others_exactly(report);
}

fn others_exactly(report: &mut Report) {
    for (name, ticks) in report.other.parts() {
        let share = ticks.map(|ticks| Share::exact(report.percent(ticks)));
        report.shares.extend(share.map(|share| (name, share)));
    }
}

/// Helpers of all loops together, the most expensive first.
fn helpers(report: &Report) -> Vec<HelperReport> {
    let mut found = BTreeMap::<&str, HelperReport>::new();
    for helper in report.loops.iter().flat_map(|row| &row.helpers) {
        let sum = found.entry(&helper.name).or_default();
        sum.name.clone_from(&helper.name);
        sum.ticks += helper.ticks;
        sum.samples += helper.samples;
    }
    let mut found: Vec<HelperReport> = found.into_values().collect();
    found.sort_by(|a, b| b.ticks.cmp(&a.ticks).then_with(|| a.name.cmp(&b.name)));
    for helper in &mut found {
        helper.share = together(report, helper.ticks, helper.samples);
    }
    found
}

/// The share of several rows together, that have so many ticks and were met by so many samples.
pub(crate) fn together(report: &Report, ticks: u64, samples: u64) -> Option<Share> {
    match report.time_from {
        Basis::Counts => None,
        Basis::Events => Some(Share::exact(report.percent(ticks))),
        Basis::Samples | Basis::PerfSamples if samples == 0 => None,
        Basis::Samples | Basis::PerfSamples => {
            let running = report.running_ticks.unwrap_or(report.total_ticks).max(1);
            let all = report.recording.as_ref().filter(|_| report.time_from == Basis::Samples);
            let all = all.map(|recording| recording.looks_worth);
            let all = all.or(report.samples.as_ref().map(|samples| samples.total as f64));
            let part = ticks as f64 / running as f64;
            Some(Share::sampled(part, report.percent(running), all.unwrap_or(1.0)))
        }
    }
}
