//! Upper bounds of differences between ints: `a - b <= c`.

use rustc_hash::FxHashMap;
use vm::object::value::{SMALL_MAX, SMALL_MIN};

use crate::ir::trace::Ref;

use super::super::Range;
use super::super::emit::Emitter;

/// Facts `a - b <= c` by `a`.
#[derive(Default)]
pub struct Order {
    facts: FxHashMap<Ref, Vec<(Ref, i64)>>,
}

impl Order {
    fn of(&self, a: Ref) -> &[(Ref, i64)] {
        self.facts.get(&a).map_or(&[], Vec::as_slice)
    }

    /// The least `c` known with `a - b <= c`, by at most two facts.
    fn bound(&self, a: Ref, b: Ref) -> Option<i64> {
        let direct = self.of(a).iter().filter(|(x, _)| *x == b).map(|(_, c)| *c);
        let over = self.of(a).iter().flat_map(|(x, c)| {
            let second = self.of(*x).iter().filter(|(y, _)| *y == b);
            second.filter_map(|(_, d)| c.checked_add(*d))
        });
        direct.chain(over).min()
    }
}

/// `a - b <= c` from now on.
pub fn learn(emitter: &mut Emitter, a: Ref, b: Ref, c: i64) {
    let (x, y) = (emitter.range(a), emitter.range(b));
    emitter.narrow(a, Range { lo: SMALL_MIN, hi: y.hi.saturating_add(c).clamp(SMALL_MIN, SMALL_MAX) });
    emitter.narrow(b, Range { lo: x.lo.saturating_sub(c).clamp(SMALL_MIN, SMALL_MAX), hi: SMALL_MAX });
    let ((x, i), (y, j)) = (emitter.offset(a), emitter.offset(b));
    // a = x + i and b = y + j, so x - y <= c - i + j.
    if let (true, true, Some(c)) =
        (!x.is_const(), !y.is_const(), c.checked_sub(i).and_then(|c| c.checked_add(j)))
    {
        emitter.ranges.order.facts.entry(x).or_default().push((y, c));
    }
}

/// Whether `a - b <= c`, if that is known.
pub fn at_most(emitter: &Emitter, a: Ref, b: Ref, c: i64) -> Option<bool> {
    if bounded(emitter, a, b, c) {
        return Some(true);
    }
    // Not (a - b <= c) is b - a <= -c - 1.
    bounded(emitter, b, a, -c - 1).then_some(false)
}

fn bounded(emitter: &Emitter, a: Ref, b: Ref, c: i64) -> bool {
    let (x, y) = (emitter.range(a), emitter.range(b));
    if x.hi.checked_sub(y.lo).is_some_and(|most| most <= c) {
        return true;
    }
    let ((x, i), (y, j)) = (emitter.offset(a), emitter.offset(b));
    let apart = if x == y { Some(0) } else { emitter.ranges.order.bound(x, y) };
    apart
        .and_then(|most| most.checked_add(i))
        .and_then(|most| most.checked_sub(j))
        .is_some_and(|most| most <= c)
}

/// Whether `a == b`, if that is known.
pub fn equal(emitter: &Emitter, a: Ref, b: Ref) -> Option<bool> {
    if bounded(emitter, a, b, -1) || bounded(emitter, b, a, -1) {
        return Some(false);
    }
    (bounded(emitter, a, b, 0) && bounded(emitter, b, a, 0)).then_some(true)
}
