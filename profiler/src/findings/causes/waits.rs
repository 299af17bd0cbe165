//! Where the program waits.

use super::scene::at;
use super::{Cause, Scene};

/// See the module's description.
pub(crate) fn waiting(scene: &Scene<'_, '_>) -> Vec<Cause> {
    let waits = scene.report.spots.iter().filter(|spot| spot.kind == "waiting");
    waits
        .filter_map(|spot| {
            let place = spot.location.clone()?;
            let line = scene.sources.at(&place).unwrap_or_default();
            let sleeps = line.contains("sleep(");
            let does = if sleeps { "sleeps" } else { "waits" };
            let ticks = spot.ticks as f64;
            if !sleeps && !is_its_own(scene, spot.ticks) {
                return None;
            }
            Some(Cause {
                kind: "waiting",
                subject: Some(line.to_owned()).filter(|line| !line.is_empty()),
                message: format!("the program {does} here: nothing runs meanwhile"),
                evidence: vec![format!(
                    "waiting for {:.0} % of the run at {}",
                    scene.percent(ticks),
                    at(&place)
                )],
                advice: if sleeps {
                    "wait for the event itself, sleep less, or do other work meanwhile".into()
                } else {
                    "read or write larger pieces, or do other work while waiting".into()
                },
                cost: ticks,
                saving: ticks * 0.98,
                error: 0.05,
                place,
                ..Cause::default()
            })
        })
        .collect()
}

/// On a busy machine any program waits a little, for memory or its turn. That is not the program's, and comes to some
/// milliseconds.
fn is_its_own(scene: &Scene<'_, '_>, ticks: u64) -> bool {
    /// Of the run.
    const PERCENT: f64 = 5.0;
    const MILLISECONDS: f64 = 20.0;
    let lasts = scene.report.milliseconds(ticks).is_none_or(|lasted| lasted >= MILLISECONDS);
    lasts && scene.percent(ticks as f64) >= PERCENT
}
