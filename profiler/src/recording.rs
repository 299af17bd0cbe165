//! What recording cost the run, and what it has lost, as the log says it.

use crate::build::text;
use crate::looks::Looked;
use crate::report::{CostReport, RecordingReport};
use logs::Log;
use logs::profile::{Cost, Method};

/// Nothing for logs of others, which say nothing of it.
pub(crate) fn report(log: &Log<'_>, looked: Option<&Looked>) -> Option<RecordingReport> {
    let profile = &log.profile;
    if profile.slices.is_empty() && profile.costs.is_empty() && profile.losses.is_none() {
        return None;
    }
    let (method, every_us) = match profile.slices.last().map(|slice| slice.method).unwrap_or_default() {
        Method::Poll(every) => ("poll", every),
        Method::Signal(every) => ("signal", every),
        Method::Unknown => ("unknown", 0),
    };
    let losses = profile.losses;
    let costs: Vec<CostReport> = profile.costs.iter().map(cost).collect();
    let running = |looks: &logs::profile::Looks| looks.running.saturating_add(looks.waiting);
    Some(RecordingReport {
        method,
        every_us,
        program_ns: (!costs.is_empty())
            .then(|| costs.iter().map(|cost| cost.ns).fold(0, u64::saturating_add)),
        costs,
        threads_ns: profile.threads.iter().map(|(_, ns)| *ns).fold(0, u64::saturating_add),
        looks: losses.map_or_else(
            || profile.looks.iter().map(running).fold(0, u64::saturating_add),
            |losses| losses.looks.0,
        ),
        looks_worth: looked.map_or(0.0, |looked| looked.worth),
        looks_missed: losses.map(|losses| losses.looks.1),
        addresses: profile.codes.iter().map(|code| code.count).fold(0, u64::saturating_add)
            + profile.natives.iter().map(|native| native.count).fold(0, u64::saturating_add),
        addresses_lost: losses.map(|losses| losses.addresses.1),
        bytes_lost: losses.map(|losses| losses.bytes),
        cut: losses.is_none() || log.meta.end.is_none(),
    })
}

fn cost(cost: &Cost<'_>) -> CostReport {
    CostReport { what: text(cost.what), count: cost.count, ns: (cost.count as f64 * cost.ns) as u64 }
}
