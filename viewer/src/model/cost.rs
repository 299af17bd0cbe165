//! How often operations ran, and which share of a trace's time is theirs.
//!
//! Counters stand at the entry and at labels. Behind a guard that failed n times, n fewer came through. What an
//! operation costs is an estimate: its count times the bytes of its code. Where samples met the code, they say it.

use super::trace::{Exit, OpKind, Trace};
use logs::Log;
use logs::trace::{Ending, TraceId};
use profiler::anatomy::divided;

/// Adds counts, weights and exits to a compiled trace.
pub(super) fn join(log: &Log<'_>, id: TraceId, trace: &mut Trace, names: &dyn Fn(u32) -> String) {
    exits(log, id, trace);
    counts(log, id, trace);
    weights(trace);
    shares(trace);
    lead(log, id, trace);
    trace.ops.iter_mut().for_each(|op| {
        if let Some(exit) = &op.exit
            && let Some(words) = exit_words(exit, names)
        {
            op.readable = format!("{} {words}", op.readable).into();
        }
    });
}

/// Guards stand in the trace in the order of the operations.
fn exits(log: &Log<'_>, id: TraceId, trace: &mut Trace) {
    let guards = &log.trace(id).guards;
    let with_exit = trace.ops.iter_mut().filter_map(|op| op.exit.as_mut());
    for (exit, guard) in with_exit.zip(guards) {
        exit.bridge = guard.bridge.map(|bridge| bridge.0);
        exit.taken = log.failures(guard);
    }
}

fn counts(log: &Log<'_>, id: TraceId, trace: &mut Trace) {
    let mut now = log.trace(id).count;
    let mut labels = log.trace(id).labels.iter();
    for op in &mut trace.ops {
        if op.kind == OpKind::Label {
            now = labels.next().map_or(now, |label| label.count);
        }
        op.count = now;
        if let (Some(exit), Some(count)) = (&mut op.exit, now) {
            exit.of_visits = exit.taken.filter(|_| count > 0).map(|taken| taken as f64 / count as f64);
            now = Some(count.saturating_sub(exit.taken.unwrap_or(0)));
        }
    }
}

fn weights(trace: &mut Trace) {
    let mut behind = None;
    for op in trace.ops.iter_mut().rev() {
        let Some(offset) = op.offset else { continue };
        let bytes = behind.map_or(1, |end: u32| end.saturating_sub(offset));
        behind = Some(offset);
        op.weight = op.count.unwrap_or(1) as f64 * f64::from(bytes);
    }
    trace.weight = trace.ops.iter().map(|op| op.weight).sum();
    trace.most = trace.ops.iter().filter_map(|op| op.count).max();
}

/// Replaces estimates by what samples found.
pub(super) fn sample(trace: &mut Trace, sampled: &[(u64, u64)]) {
    let Some(ticks) = divided(trace.ops.iter().map(|op| op.offset), sampled) else { return };
    trace.ops.iter_mut().zip(ticks).for_each(|(op, ticks)| op.weight = ticks);
    trace.weight = trace.ops.iter().map(|op| op.weight).sum();
    trace.sampled = true;
}

fn shares(trace: &mut Trace) {
    let exits = || trace.ops.iter().filter_map(|op| op.exit.as_ref()?.taken);
    let all: u64 = exits().fold(0, u64::saturating_add);
    for exit in trace.ops.iter_mut().filter_map(|op| op.exit.as_mut()) {
        exit.of_exits = exit.taken.filter(|_| all > 0).map(|taken| taken as f64 / all as f64);
    }
}

/// A last jump leads to the trace that was compiled last with that label.
fn lead(log: &Log<'_>, id: TraceId, trace: &mut Trace) {
    let Ending::Jump(token) = log.trace(id).ending else { return };
    let holds = |index: &usize| log.traces[*index].labels.iter().any(|label| label.token == token);
    let target = (0..=id.index()).rev().find(holds);
    if let (Some(op), Some(target)) = (trace.ops.last_mut().filter(|op| op.kind == OpKind::End), target) {
        op.leads_to = Some(target as u32);
    }
}

/// `→ bridge 0x2, 12 % of visits`
fn exit_words(exit: &Exit, names: &dyn Fn(u32) -> String) -> Option<String> {
    let share = exit.of_visits.map_or_else(String::new, |share| format!(", {} of visits", percent(share)));
    match (exit.bridge, exit.taken) {
        (Some(bridge), _) => Some(format!("→ {}{share}", names(bridge))),
        (None, Some(taken)) if taken > 0 => Some(format!("→ interpreter {taken} times{share}")),
        _ => None,
    }
}

fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        p if p >= 10.0 => format!("{p:.0} %"),
        p if p >= 0.1 => format!("{p:.1} %"),
        p if p > 0.0 => "< 0.1 %".to_owned(),
        _ => "0 %".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_belong_to_the_operation_before_them() {
        let log = b"[1] {jit-log-opt-loop\n# Loop 1 (a) : loop with 5 ops\n[p0]\n+4: i1 = int_add(i0, 1)\n\
                    i2 = int_lt(i1, 5)\n+4: guard_true(i2, descr=<Guard0x1>) [p0]\n+9: call_n(p0)\n+20: jump(p0)\n\
                    [2] jit-log-opt-loop}\n";
        let (log, _) = logs::parse(log, logs::Radix::Sixteen);
        let sampled = [(2, 1), (4, 10), (8, 20), (9, 300), (30, 4000)];
        let section = log.traces[0].section;
        let trace =
            super::super::trace::trace(&log, section, Some((TraceId(0), &sampled)), &|_| String::new());
        let weights: Vec<f64> = trace.ops.iter().map(|op| op.weight).collect();
        // What has no code of its own has no ticks; what comes before everything is the entry's.
        assert_eq!(weights, [1.0, 0.0, 30.0, 300.0, 4000.0]);
        assert!(trace.sampled && trace.weight == 4331.0);
    }
}
