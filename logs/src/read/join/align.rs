//! Aligning two sequences of which each lacks some items of the other.
//!
//! Items that occur once in both are anchors; the longest run of anchors that are in the same order in both is kept,
//! and what lies between two anchors is aligned from left to right. Numbers that are used again, and helpers, which
//! all have the same one, are no anchors, so they cannot lead astray.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// For each item of the first sequence, its place in the second.
pub(super) fn align<T: Copy + Eq + Hash>(first: &[T], second: &[T]) -> Vec<Option<usize>> {
    if first == second {
        return (0..first.len()).map(Some).collect();
    }
    let mut places = vec![None; first.len()];
    let (mut at, mut other) = (0, 0);
    for (anchor, place) in anchors(first, second).into_iter().chain([(first.len(), second.len())]) {
        greedy(&first[at..anchor], &second[other..place], |index, found| {
            places[at + index] = Some(other + found)
        });
        if anchor < first.len() {
            places[anchor] = Some(place);
        }
        (at, other) = (anchor + 1, place + 1);
    }
    places
}

/// Places of items that occur once in both, in the same order in both.
fn anchors<T: Copy + Eq + Hash>(first: &[T], second: &[T]) -> Vec<(usize, usize)> {
    let (here, there) = (positions(first), positions(second));
    let once =
        |positions: &VecDeque<usize>| if positions.len() == 1 { positions.front().copied() } else { None };
    let pairs = first.iter().enumerate().filter_map(|(at, item)| {
        once(&here[item])?;
        Some((at, once(there.get(item)?)?))
    });
    rising(&pairs.collect::<Vec<_>>())
}

/// The longest subsequence in which the second numbers rise.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends[n]` is the pair that ends the best run of n + 1 pairs; `before` links each pair to the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::new();
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| pairs[end].1 < pair.1);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let last = ends.last().copied();
    let mut run: Vec<_> =
        std::iter::successors(last, |&index| before[index]).map(|index| pairs[index]).collect();
    run.reverse();
    run
}

/// From left to right; where items differ, the one whose counterpart is farther away is skipped.
fn greedy<T: Copy + Eq + Hash>(first: &[T], second: &[T], mut found: impl FnMut(usize, usize)) {
    if first.is_empty() || second.is_empty() {
        return;
    }
    let (mut here, mut there) = (positions(first), positions(second));
    let (mut at, mut other) = (0, 0);
    while at < first.len() && other < second.len() {
        if first[at] == second[other] {
            found(at, other);
            (at, other) = (at + 1, other + 1);
            continue;
        }
        let lacking = next(&mut there, first[at], other);
        let surplus = next(&mut here, second[other], at);
        if lacking < surplus {
            other += 1;
        } else {
            at += 1;
            other += usize::from(surplus == usize::MAX);
        }
    }
}

fn positions<T: Copy + Eq + Hash>(items: &[T]) -> HashMap<T, VecDeque<usize>> {
    let mut positions: HashMap<T, VecDeque<usize>> = HashMap::new();
    items.iter().enumerate().for_each(|(at, item)| positions.entry(*item).or_default().push_back(at));
    positions
}

/// How far away the next one of its kind is.
fn next<T: Eq + Hash>(positions: &mut HashMap<T, VecDeque<usize>>, item: T, from: usize) -> usize {
    let Some(positions) = positions.get_mut(&item) else { return usize::MAX };
    while positions.front().is_some_and(|&at| at < from) {
        positions.pop_front();
    }
    positions.front().map_or(usize::MAX, |at| at - from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn aligned(first: &str, second: &str) -> String {
        let places = align(first.as_bytes(), second.as_bytes());
        places.iter().map(|place| place.map_or('-', |place| char::from(b'0' + place as u8))).collect()
    }

    #[test]
    fn equal_sequences_match_place_by_place() {
        assert_eq!(aligned("abab", "abab"), "0123");
    }

    #[test]
    fn what_is_missing_is_skipped() {
        assert_eq!(aligned("abcabd", "abd"), "01---2");
        assert_eq!(aligned("ac", "abac"), "03");
        assert_eq!(aligned("xay", "ab"), "-0-");
        assert_eq!(aligned("ab", ""), "--");
        assert_eq!(aligned("", "ab"), "");
    }

    #[test]
    fn what_occurs_again_and_again_does_not_lead_astray() {
        assert_eq!(aligned("agbgc", "abgc"), "0-123");
        // A child's counters begin with its parent's, helpers (h) included.
        assert_eq!(aligned("ahbhhcdhe", "dhe"), "------012");
    }

    proptest! {
        #[test]
        fn places_rise_and_are_right(first in "[a-f]{0,20}", second in "[a-f]{0,20}") {
            let (first, second) = (first.as_bytes(), second.as_bytes());
            let places = align(first, second);
            let found: Vec<usize> = places.iter().flatten().copied().collect();
            prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
            for (at, place) in places.iter().enumerate() {
                prop_assert!(place.is_none_or(|place| first[at] == second[place]));
            }
        }

        #[test]
        fn a_subsequence_of_different_items_is_found_whole(keep in prop::collection::vec(any::<bool>(), 0..40)) {
            let whole: Vec<usize> = (0..keep.len()).collect();
            let part: Vec<usize> = whole.iter().copied().filter(|&index| keep[index]).collect();
            prop_assert_eq!(align(&part, &whole), part.iter().copied().map(Some).collect::<Vec<_>>());
        }
    }
}
