//! Which trace of one log is which of another: by place, then by what is in them; bridges by the guards they hang on.

use super::outline::Outline;
use super::{Side, TraceDiff, differ};
use crate::diff::pairs::{pairs, sites};
use crate::places::spots;
use logs::trace::{TraceId, TraceKind};
use std::collections::{HashSet, VecDeque};

/// Versions of one trace; of a place that has no counterpart, one side is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Group {
    pub label: String,
    /// Loops, entry bridges and functions at that place; bridges are found by their guards.
    pub old: Vec<TraceId>,
    pub new: Vec<TraceId>,
}

/// What was compiled at each place of both logs, the most expensive first.
pub(super) fn groups(old: &Side<'_, '_>, new: &Side<'_, '_>) -> Vec<Group> {
    let found = pairs(sites(vec![spots(old.report)]), sites(vec![spots(new.report)]));
    let mut groups: Vec<(u64, Group)> = Vec::new();
    for (before, after) in found {
        let side = |side: &Side<'_, '_>, site: &Option<crate::diff::pairs::Site>| {
            let spot = site.as_ref().and_then(|site| site.runs.first()?.as_ref());
            let rows = spot.map(|spot| &spot.rows[..]).unwrap_or_default();
            let weight = spot.map_or(0, |spot| spot.ticks.max(spot.often()));
            (side.traces_of(rows), weight)
        };
        let label = after.as_ref().or(before.as_ref()).map_or(String::new(), |site| site.key.text());
        let ((olds, weight), (news, other)) = (side(old, &before), side(new, &after));
        groups.push((weight.max(other), Group { label, old: olds, new: news }));
    }
    groups.sort_by_key(|(weight, group)| (std::cmp::Reverse(*weight), group.new.first().copied()));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// A trace that only one side has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Both(Box<TraceDiff>),
    Only(TraceId, bool),
}

/// Compares all versions of a group, roots before the bridges that hang on them.
pub(super) fn compare(old: &Side<'_, '_>, new: &Side<'_, '_>, group: &Group, take: &mut dyn FnMut(Found)) {
    let (roots, lone_old, lone_new) = assign(old, new, group);
    let mut seen_old: HashSet<TraceId> = HashSet::new();
    let mut seen_new: HashSet<TraceId> = HashSet::new();
    let mut waiting: VecDeque<(TraceId, TraceId)> = roots.into();
    let mut only: Vec<(TraceId, bool)> = Vec::new();
    only.extend(lone_old.into_iter().map(|id| (id, false)));
    only.extend(lone_new.into_iter().map(|id| (id, true)));
    while let Some((before, after)) = waiting.pop_front() {
        if !seen_old.insert(before) || !seen_new.insert(after) {
            continue;
        }
        let (diff, guards) = differ(old, new, before, after);
        let (olds, news) = (&old.log.trace(before).guards, &new.log.trace(after).guards);
        let pair = |(x, y): &(u32, u32)| {
            olds.get(*x as usize).and_then(|guard| guard.bridge).zip(news.get(*y as usize)?.bridge)
        };
        let bridges: Vec<(TraceId, TraceId)> = guards.iter().filter_map(pair).collect();
        let paired =
            |id: TraceId, is_new: bool| bridges.iter().any(|(x, y)| if is_new { *y == id } else { *x == id });
        let alone = |guards: &[logs::trace::Guard], is_new: bool| -> Vec<(TraceId, bool)> {
            let bridges = guards.iter().filter_map(|guard| guard.bridge);
            bridges.filter(|id| !paired(*id, is_new)).map(|id| (id, is_new)).collect()
        };
        only.extend(alone(olds, false));
        only.extend(alone(news, true));
        waiting.extend(bridges);
        take(Found::Both(Box::new(diff)));
    }
    only.sort_unstable_by_key(|(id, is_new)| (*is_new, *id));
    only.dedup();
    let is_lone = |(id, is_new): &(TraceId, bool)| !if *is_new { &seen_new } else { &seen_old }.contains(id);
    only.into_iter().filter(is_lone).for_each(|(id, is_new)| take(Found::Only(id, is_new)));
}

type Assigned = (Vec<(TraceId, TraceId)>, Vec<TraceId>, Vec<TraceId>);

/// Of several versions at one place, those that have most in common belong together; of equal ones, in their order.
fn assign(old: &Side<'_, '_>, new: &Side<'_, '_>, group: &Group) -> Assigned {
    if let ([before], [after]) = (&group.old[..], &group.new[..]) {
        return (vec![(*before, *after)], Vec::new(), Vec::new());
    }
    let (mut olds, mut news) = (group.old.clone(), group.new.clone());
    let mut found = Vec::new();
    for kind in [TraceKind::EntryBridge, TraceKind::Loop, TraceKind::Bridge] {
        let of = |side: &Side<'_, '_>, ids: &[TraceId]| -> Vec<TraceId> {
            ids.iter().copied().filter(|id| side.log.trace(*id).kind == kind).collect()
        };
        found.extend(alike(old, new, of(old, &olds), of(new, &news)));
    }
    olds.retain(|id| !found.iter().any(|(x, _)| x == id));
    news.retain(|id| !found.iter().any(|(_, y)| y == id));
    (found, olds, news)
}

/// More versions than that are paired in their order.
const MANY: usize = 16;
/// Being the nth on both sides counts as much as so many operations of a thousand.
const ORDER: usize = 150;

fn alike(
    old: &Side<'_, '_>,
    new: &Side<'_, '_>,
    olds: Vec<TraceId>,
    news: Vec<TraceId>,
) -> Vec<(TraceId, TraceId)> {
    if olds.len().max(news.len()) < 2 || olds.len().max(news.len()) > MANY {
        return olds.into_iter().zip(news).collect();
    }
    let keys = |side: &Side<'_, '_>, ids: &[TraceId]| -> Vec<Vec<u64>> {
        ids.iter().map(|id| sorted_keys(&side.outline(*id))).collect()
    };
    let (of_old, of_new) = (keys(old, &olds), keys(new, &news));
    let mut scores = Vec::new();
    for (x, one) in of_old.iter().enumerate() {
        for (y, other) in of_new.iter().enumerate() {
            let all = (one.len() + other.len()).max(1);
            let order = if x == y { ORDER } else { 0 };
            scores.push((std::cmp::Reverse(shared(one, other) * 2_000 / all + order), x, y));
        }
    }
    scores.sort_unstable();
    let (mut taken_old, mut taken_new) = (HashSet::new(), HashSet::new());
    let mut pairs = Vec::new();
    for (_, x, y) in scores {
        if !taken_old.contains(&x) && !taken_new.contains(&y) {
            taken_old.insert(x);
            taken_new.insert(y);
            pairs.push((olds[x], news[y]));
        }
    }
    pairs.sort_unstable();
    pairs
}

fn sorted_keys(outline: &Outline) -> Vec<u64> {
    let mut keys: Vec<u64> = outline.ops.iter().map(|item| item.keys[0]).collect();
    keys.sort_unstable();
    keys
}

/// How many of two sorted lists are in both.
fn shared(one: &[u64], other: &[u64]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < one.len() && j < other.len() {
        match one[i].cmp(&other[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, count) = (i + 1, j + 1, count + 1),
        }
    }
    count
}
