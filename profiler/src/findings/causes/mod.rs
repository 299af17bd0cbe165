//! Root causes: what of the run could be saved, at which line, and what to write there instead.
//!
//! A rule looks at the scene for one kind of cause, and says what it would save: the ticks that would go, not those that
//! are there. What would save less than [`LEAST`] of the run is not said at all. Where two causes claim the same lines, the
//! one that would save more speaks.

mod calls;
mod classes;
mod copies;
mod exceptions;
mod generators;
mod jit;
mod scene;
mod source;
mod trips;
mod types;
mod waits;

use crate::report::{Finding, Place, Share};
pub(crate) use scene::Scene;
use std::borrow::Cow;
use std::collections::HashSet;

/// What a cause would have to save, in percent of the run.
const LEAST: f64 = 2.0;

type Rule = fn(&Scene<'_, '_>) -> Vec<Cause>;

const RULES: &[Rule] = &[
    copies::quadratic,
    copies::searches,
    copies::slices,
    calls::stars,
    calls::evaluated,
    calls::formatting,
    calls::natives,
    calls::big_ints,
    exceptions::control_flow,
    generators::chains,
    types::unstable,
    classes::receivers,
    trips::short,
    jit::given_up,
    jit::invalidated,
    jit::never_pays,
    jit::collector,
    waits::waiting,
];

/// What a rule found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cause {
    pub kind: &'static str,
    /// What is to be changed.
    pub subject: Option<String>,
    pub message: String,
    pub place: Place,
    pub also: Vec<Place>,
    pub evidence: Vec<String>,
    pub advice: Cow<'static, str>,
    /// Ticks that it is about.
    pub cost: f64,
    /// Those of them that could be saved.
    pub saving: f64,
    /// How far that may be off, as a factor of it: 0.2 is a fifth.
    pub error: f64,
}

/// All causes, the most expensive first.
pub(crate) fn causes(scene: &Scene<'_, '_>) -> Vec<Finding> {
    let mut found: Vec<Cause> = RULES.iter().flat_map(|rule| rule(scene)).collect();
    found.retain(|cause| scene.percent(cause.saving) >= LEAST);
    found.sort_by(|a, b| b.saving.total_cmp(&a.saving));
    let mut taken: HashSet<(String, u32)> = HashSet::new();
    let mut findings = Vec::new();
    for cause in found {
        let line = (cause.place.file.clone(), cause.place.line);
        if taken.contains(&line) {
            continue;
        }
        taken.extend(cause.also.iter().map(|place| (place.file.clone(), place.line)));
        taken.insert(line);
        findings.push(finding(scene, cause));
    }
    findings
}

fn finding(scene: &Scene<'_, '_>, cause: Cause) -> Finding {
    let percent = scene.percent(cause.saving).min(99.0);
    let (low, high) = (percent * (1.0 - cause.error).max(0.0), (percent * (1.0 + cause.error)).min(100.0));
    let sampled = scene.error_of(cause.cost);
    Finding {
        kind: cause.kind,
        name: scene.loop_around(&cause.place),
        message: cause.message,
        subject: cause.subject,
        location: Some(cause.place),
        also: cause.also,
        evidence: cause.evidence,
        advice: cause.advice,
        ticks: Some(cause.cost as u64),
        saving: Some(Share { percent, low: (low - sampled).max(0.0), high: (high + sampled).min(100.0) }),
    }
}
