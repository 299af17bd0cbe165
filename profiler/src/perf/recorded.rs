//! Samples that stand in the log itself, as `loopscope record` takes them.

use super::script::{Sample, Samples};
use logs::Log;
use logs::profile::Recorded;

/// All of them; their times are stamps.
pub(super) fn samples(log: &Log<'_>) -> Samples {
    let mut samples = Samples { knows_callers: true, ..Samples::default() };
    for recorded in &log.profile.recorded {
        add(recorded, &mut samples);
    }
    samples.list.sort_by_key(|sample| sample.at);
    samples
}

fn add(recorded: &Recorded<'_>, samples: &mut Samples) {
    for sample in &recorded.samples {
        let first = samples.callers.len() as u32;
        samples.callers.extend(sample.caller);
        samples.list.push(Sample {
            at: sample.at,
            pid: recorded.process,
            tid: sample.thread,
            ran: Some((sample.ran, sample.delayed)),
            address: sample.address,
            callers: (first, samples.callers.len() as u32),
            ..Sample::default()
        });
    }
}

/// Samples of processes of which there is no log.
pub(super) fn others(log: &Log<'_>) -> usize {
    log.profile.recorded.iter().map(|recorded| recorded.others as usize).fold(0, usize::saturating_add)
}

/// What to know of how they were taken.
pub(super) fn notes(log: &Log<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for recorded in &log.profile.recorded {
        if let Some(why) = recorded.method.strip_prefix(b"none ") {
            notes.push(format!("no samples were taken: {}", crate::build::text(why)));
        }
        if recorded.lost > 0 {
            let (lost, all) = (recorded.lost, recorded.lost.saturating_add(recorded.samples.len() as u64));
            notes.push(format!("{lost} of {all} samples were lost: the recorder came too late to take them"));
        }
    }
    notes.dedup();
    notes
}
