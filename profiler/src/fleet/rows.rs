//! What there is of a run: itself, its loops and the rest of its time, guards that failed, traces that were given up,
//! findings.

use crate::build::{place, text};
use crate::render::fields;
use crate::report::{AbortReport, Finding, LoopReport, Report};
use logs::Log;
use logs::trace::{Guard, Trace};
use std::collections::HashMap;

/// The kind of the row that a run has one of.
pub(super) const RUN: &str = "run";

/// A row.
#[derive(Default)]
pub(super) struct Row {
    /// What CSV would say.
    pub of: LoopReport,
    pub compile_ticks: Option<u64>,
    /// What a guard checks.
    pub operation: Option<String>,
    /// The bridge that hangs on it.
    pub bridge: Option<String>,
    /// How often it failed, bridge or not.
    pub failures: Option<u64>,
    /// Why a trace was given up; which kind of finding it is.
    pub reason: Option<String>,
    pub times: Option<u64>,
    pub message: Option<String>,
    pub advice: Option<String>,
    pub tally: Option<Tally>,
}

/// How much of everything a run has.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub loops: u64,
    pub bridges: u64,
    pub aborts: u64,
    pub findings: u64,
    pub diagnostics: u64,
}

pub(super) fn rows(log: &Log<'_>, report: &Report) -> Vec<Row> {
    let mut rows = vec![run(report)];
    rows.extend(fields::rows(report).into_iter().map(|of| {
        let cost = matches!(of.kind, "loop" | "entry bridge" | "bridge" | "phase");
        Row { compile_ticks: cost.then(|| of.compile.total()), of, ..Row::default() }
    }));
    rows.extend(log.traces.iter().zip(0..).flat_map(|(trace, index)| guards(log, trace, index)));
    rows.extend(report.aborts.iter().map(abort));
    rows.extend(report.findings.iter().map(finding));
    rows
}

fn run(report: &Report) -> Row {
    let is_bridge = |row: &&LoopReport| row.kind == "bridge";
    let bridges = report.loops.iter().filter(is_bridge).count() as u64;
    let costs = report
        .other
        .parts()
        .into_iter()
        .filter(|(name, _)| matches!(*name, "tracing" | "optimize" | "backend"));
    let times = report.aborts.iter().map(|abort| abort.times);
    Row {
        of: LoopReport { kind: RUN, total_ticks: report.total_ticks, ..LoopReport::default() },
        compile_ticks: costs.filter_map(|(_, ticks)| ticks).reduce(u64::saturating_add),
        tally: Some(Tally {
            loops: report.loops.len() as u64 - bridges,
            bridges,
            aborts: times.fold(0, u64::saturating_add),
            findings: report.findings.len() as u64,
            diagnostics: report.diagnostics.len() as u64,
        }),
        ..Row::default()
    }
}

/// The guards of a trace that failed, as far as the log counts.
fn guards(log: &Log<'_>, trace: &Trace<'_>, index: u32) -> Vec<Row> {
    let failed: HashMap<u32, (&Guard, u64)> = trace
        .guards
        .iter()
        .filter_map(|guard| Some((guard.op, (guard, log.failures(guard).filter(|times| *times > 0)?))))
        .collect();
    if failed.is_empty() {
        return Vec::new();
    }
    let (mut rows, mut location) = (Vec::new(), trace.location.as_ref().map(place));
    let mut label = text(trace.name);
    for (op, number) in log.ops(trace).zip(0..) {
        if let Some(point) = op.merge_point() {
            (location, label) = (point.location.as_ref().map(place), text(point.name));
        }
        let Some((guard, times)) = failed.get(&number) else { continue };
        rows.push(Row {
            of: LoopReport {
                name: guard_name(log, guard),
                kind: "guard",
                location: location.clone(),
                label: label.clone(),
                exits: guard.exits,
                parent: Some(log.name(trace.id)),
                parent_trace: Some(index),
                ..LoopReport::default()
            },
            operation: Some(text(op.own_name())),
            bridge: guard.bridge.map(|bridge| log.name(log.trace(bridge).id)),
            failures: Some(*times),
            ..Row::default()
        });
    }
    rows
}

/// As bridges are called that hang on it.
fn guard_name(log: &Log<'_>, guard: &Guard) -> String {
    let name = log.name(logs::trace::Identity::Bridge(guard.id));
    name.replacen("bridge", "guard", 1)
}

fn abort(abort: &AbortReport) -> Row {
    Row {
        of: LoopReport {
            kind: "abort",
            location: abort.location.clone(),
            label: abort.label.clone(),
            ticks: abort.ticks,
            total_ticks: abort.ticks,
            // Tracing took them.
            part_of: Some("tracing"),
            ..LoopReport::default()
        },
        reason: Some(abort.reason.clone()),
        message: abort.why.clone(),
        times: Some(abort.times),
        ..Row::default()
    }
}

fn finding(finding: &Finding) -> Row {
    Row {
        of: LoopReport {
            name: finding.name.clone().unwrap_or_default(),
            kind: "finding",
            location: finding.location.clone(),
            total_ticks: finding.ticks.unwrap_or(0),
            ..LoopReport::default()
        },
        reason: Some(finding.kind.to_owned()),
        message: Some(finding.message.clone()),
        advice: Some(finding.advice.to_string()),
        ..Row::default()
    }
}
