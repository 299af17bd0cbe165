//! Visits of loops as intervals for a timeline: those of a loop that follow each other within two windows are one.

use crate::attribute::{Owner, Tree};
use crate::export::window::Sample;
use std::collections::BTreeMap;

/// When a loop ran, in stamps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    pub owner: Owner,
    pub start: u64,
    pub end: u64,
}

/// The visits among the samples of windows of this width, in the order of their starts.
pub(super) fn visits(samples: &[Sample], tree: &Tree, width: u64) -> Vec<Visit> {
    let mut open = BTreeMap::<u32, Visit>::new();
    let mut done = Vec::new();
    for sample in samples {
        let owner = tree.node(sample.node).owner;
        let Owner::Loop(number) = owner else { continue };
        let end = sample.at.saturating_add(sample.ticks);
        let fresh = Visit { owner, start: sample.at, end };
        let visit = open.entry(number).or_insert(fresh);
        if sample.at > visit.end.saturating_add(width.saturating_mul(2)) {
            done.push(std::mem::replace(visit, fresh));
        }
        visit.end = visit.end.max(end);
    }
    done.extend(open.into_values());
    done.sort_by_key(|visit| (visit.start, visit.end));
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_visits_are_one() {
        let mut tree = Tree::default();
        let [one, two] = [0, 1].map(|number| tree.child(Tree::ROOT, Owner::Loop(number)));
        let sample = |at, node, ticks| Sample { at, node, ticks };
        let samples = [
            sample(0, one, 5),
            sample(10, one, 5),
            sample(12, two, 1),
            sample(90, one, 5),
            sample(95, Tree::ROOT, 5),
        ];
        let found: Vec<(u64, u64)> =
            visits(&samples, &tree, 10).iter().map(|visit| (visit.start, visit.end)).collect();
        assert_eq!(found, [(0, 15), (12, 13), (90, 95)]);
    }
}
