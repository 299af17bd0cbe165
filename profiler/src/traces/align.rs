//! Which items of two sequences are the same: Myers' algorithm, in windows.
//!
//! An item has several keys, the strictest first: what the first leaves over is tried by the next, between the pairs that
//! were found. A window ends after [`EDITS`] differences; the path that came furthest is taken, and the next window
//! begins there. So time is `O((n + m) · EDITS)` and memory `O(EDITS²)` whatever the sequences are, the answer is the
//! same on every machine, and the shortest one where two sequences differ by less than that.

/// Differences in a window.
const EDITS: usize = 512;

/// Pairs of indices, ascending on both sides.
pub(super) type Pairs = Vec<(usize, usize)>;

/// Aligns two sequences of items with `N` keys each.
pub(super) fn align<const N: usize>(old: &[[u64; N]], new: &[[u64; N]]) -> Pairs {
    let mut pairs = Vec::new();
    by_key(0, old, new, (0, 0), &mut pairs);
    pairs
}

/// By one key; what lies between two pairs by the next one.
fn by_key<const N: usize>(
    key: usize,
    old: &[[u64; N]],
    new: &[[u64; N]],
    at: (usize, usize),
    pairs: &mut Pairs,
) {
    if key == N || old.is_empty() || new.is_empty() {
        return;
    }
    let keys = |items: &[[u64; N]]| items.iter().map(|item| item[key]).collect::<Vec<u64>>();
    let found = by_windows(&keys(old), &keys(new));
    let (mut i, mut j) = (0, 0);
    for (x, y) in found {
        by_key(key + 1, &old[i..x], &new[j..y], (at.0 + i, at.1 + j), pairs);
        pairs.push((at.0 + x, at.1 + y));
        (i, j) = (x + 1, y + 1);
    }
    by_key(key + 1, &old[i..], &new[j..], (at.0 + i, at.1 + j), pairs);
}

fn by_windows(old: &[u64], new: &[u64]) -> Pairs {
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        let (found, end) = window(&old[i..], &new[j..]);
        pairs.extend(found.into_iter().map(|(x, y)| (i + x, j + y)));
        (i, j) = (i + end.0, j + end.1);
    }
    pairs
}

/// Where no path leads.
const NOWHERE: i32 = -1;

/// How far paths with so many differences come: by diagonal, how much of the old side they have passed.
struct Reach {
    furthest: Vec<i32>,
    middle: i32,
}

impl Reach {
    fn at(&self, diagonal: i32) -> i32 {
        self.furthest[(diagonal + self.middle) as usize]
    }

    /// The end of a path with one difference more, before anything that is the same, and whether it took an old item.
    fn step(&self, diagonal: i32, (n, m): (i32, i32)) -> (i32, bool) {
        let (down, right) = (self.at(diagonal + 1), self.at(diagonal - 1));
        let down = if down - diagonal <= m { down } else { NOWHERE };
        let right = if right != NOWHERE && right < n { right + 1 } else { NOWHERE };
        if down >= right { (down, false) } else { (right, true) }
    }
}

/// The pairs of the best path through the window, and where it ends.
fn window(old: &[u64], new: &[u64]) -> (Pairs, (usize, usize)) {
    let most = EDITS.min(old.len() + new.len()) as i32;
    let size = (old.len() as i32, new.len() as i32);
    let snake = |mut x: i32, diagonal: i32| {
        while x < size.0 && x - diagonal < size.1 && old[x as usize] == new[(x - diagonal) as usize] {
            x += 1;
        }
        x
    };
    let mut reach = Reach { furthest: vec![NOWHERE; 2 * most as usize + 3], middle: most + 1 };
    let mut before: Vec<Vec<i32>> = Vec::new();
    for edits in 0..=most {
        let last = reach.furthest.clone();
        for diagonal in (-edits..=edits).step_by(2) {
            let start = if edits == 0 { 0 } else { reach.step(diagonal, size).0 };
            let end = if start == NOWHERE { NOWHERE } else { snake(start, diagonal) };
            let slot = (diagonal + reach.middle) as usize;
            reach.furthest[slot] = end;
            if end == size.0 && end - diagonal == size.1 {
                before.push(last);
                return back(&before, reach.middle, (diagonal, end), size);
            }
        }
        before.push(last);
    }
    let ends = (-most..=most).step_by(2).filter(|diagonal| reach.at(*diagonal) != NOWHERE);
    let best = ends.max_by_key(|diagonal| 2 * reach.at(*diagonal) - diagonal).unwrap_or(0);
    back(&before, reach.middle, (best, reach.at(best)), size)
}

/// Goes a path back to its beginning; `before` holds what was reached before each difference.
fn back(before: &[Vec<i32>], middle: i32, end: (i32, i32), size: (i32, i32)) -> (Pairs, (usize, usize)) {
    let (mut diagonal, mut x) = end;
    let mut pairs = Vec::new();
    for edits in (0..before.len()).rev() {
        let reach = Reach { furthest: before[edits].clone(), middle };
        let (start, took_old) = if edits == 0 { (0, false) } else { reach.step(diagonal, size) };
        pairs.extend((start..x).rev().map(|x| (x as usize, (x - diagonal) as usize)));
        (x, diagonal) = if took_old { (start - 1, diagonal - 1) } else { (start, diagonal + 1) };
    }
    pairs.reverse();
    (pairs, (end.1 as usize, (end.1 - end.0) as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(old: &str, new: &str) -> Pairs {
        let keys = |text: &str| text.bytes().map(|byte| [u64::from(byte)]).collect::<Vec<_>>();
        align(&keys(old), &keys(new))
    }

    /// The longest common subsequence, by the book.
    fn longest(old: &[u64], new: &[u64]) -> usize {
        let mut row = vec![0; new.len() + 1];
        for a in old {
            let mut corner = 0;
            for (j, b) in new.iter().enumerate() {
                let above = row[j + 1];
                row[j + 1] = if a == b { corner + 1 } else { above.max(row[j]) };
                corner = above;
            }
        }
        row[new.len()]
    }

    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (self.0 >> 33) % bound
        }
    }

    #[test]
    fn small_ones() {
        assert_eq!(pairs("", "abc"), []);
        assert_eq!(pairs("abc", "abc"), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(pairs("abc", "axc"), [(0, 0), (2, 2)]);
        assert_eq!(pairs("abcd", "bd"), [(1, 0), (3, 1)]);
        assert_eq!(pairs("abc", "xyz"), []);
    }

    #[test]
    fn it_finds_as_many_as_there_are() {
        let mut random = Random(7);
        for _ in 0..500 {
            let letters = 2 + random.below(6);
            let some = |random: &mut Random| {
                (0..random.below(60)).map(|_| random.below(letters)).collect::<Vec<u64>>()
            };
            let (old, new) = (some(&mut random), some(&mut random));
            let found = by_windows(&old, &new);
            assert!(found.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
            assert!(found.iter().all(|&(x, y)| old[x] == new[y]));
            assert_eq!(found.len(), longest(&old, &new), "{old:?} {new:?}");
        }
    }

    #[test]
    fn what_the_first_key_leaves_over_is_tried_by_the_second() {
        let old = [[1, 1], [2, 2], [3, 3]];
        let new = [[1, 1], [9, 2], [3, 3]];
        assert_eq!(align(&old, &new), [(0, 0), (1, 1), (2, 2)]);
    }

    #[test]
    fn sequences_that_have_nothing_in_common_end_too() {
        let old: Vec<u64> = (0..30_000).collect();
        let new: Vec<u64> = (100_000..130_000).collect();
        assert_eq!(by_windows(&old, &new), []);
        let mut random = Random(3);
        let mut some = || (0..20_000).map(|_| random.below(12)).collect::<Vec<u64>>();
        let found = by_windows(&some(), &some());
        assert!(found.len() > 7_000, "{}", found.len());
    }
}
