//! Sorting by comparisons that may be written in Python.
//!
//! A program whose `__lt__` counts, prints or raises sees which items are compared, and in which order, so this makes
//! the comparisons of CPython's sort: natural runs, short ones filled up by binary insertion, merged in a way that keeps
//! their depths balanced (powersort), with a gallop where one run wins many times in a row. What is moved are *indices* into a
//! list on the heap, so a collection during a comparison finds every value, and a comparison that raises or lies can do
//! no harm.

use std::ops::Range;

use crate::error::R;
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::List;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

/// How often in a row one run has to win before the merge begins to gallop.
const MIN_GALLOP: usize = 7;

impl Vm {
    /// Sorts `order`, indices into `keys`.
    pub(in crate::builtins) fn sort_runs(&mut self, keys: Gc<List>, order: &mut [u32]) -> R<()> {
        let class = keys.items.get(0).map(|key| self.class_of(key));
        let alike =
            keys.items.iter().all(|key| key.kind() == Kind::Instance && Some(self.class_of(key)) == class);
        let by = self.intern("__lt__");
        Sort { vm: self, keys, alike, by, runs: Vec::new(), min_gallop: MIN_GALLOP }.sort(order)
    }
}

/// A run, and how deep in a balanced tree of merges the border to the next run lies.
struct Run {
    place: Range<usize>,
    power: u32,
}

struct Sort<'a> {
    vm: &'a mut Vm,
    keys: Gc<List>,
    /// All keys are instances of one class: its `__lt__` is asked before anything else.
    alike: bool,
    /// `__lt__`.
    by: Gc<Str>,
    /// Runs that wait to be merged: neighbours, from left to right.
    runs: Vec<Run>,
    min_gallop: usize,
}

impl Sort<'_> {
    fn sort(&mut self, order: &mut [u32]) -> R<()> {
        let (mut start, least) = (0, least_run(order.len()));
        while start < order.len() {
            let rest = &mut order[start..];
            let mut length = self.run(rest)?;
            if length < least {
                let wanted = least.min(rest.len());
                self.insert(&mut rest[..wanted], length)?;
                length = wanted;
            }
            self.merge_deeper(order, length)?;
            self.runs.push(Run { place: start..start + length, power: 0 });
            start += length;
        }
        while self.runs.len() > 1 {
            let mut n = self.runs.len() - 2;
            if n > 0 && self.length(n - 1) < self.length(n + 1) {
                n -= 1;
            }
            self.merge_at(order, n)?;
        }
        Ok(())
    }

    fn less(&mut self, a: u32, b: u32) -> R<bool> {
        let (a, b) = (self.keys.items.at(a as usize), self.keys.items.at(b as usize));
        if self.alike
            && let Some(method) = self.vm.special(a, self.by)
        {
            let answer = self.vm.call_special(method, &[a, b])?;
            if answer != Value::NOT_IMPLEMENTED {
                return self.vm.truth(answer);
            }
        }
        self.vm.poll()?;
        self.vm.less(a, b)
    }

    /// The length of the run at the start, which goes up afterwards.
    fn run(&mut self, order: &mut [u32]) -> R<usize> {
        if order.len() < 2 {
            return Ok(order.len());
        }
        let down = self.less(order[1], order[0])?;
        let mut length = 2;
        while length < order.len() && self.less(order[length], order[length - 1])? == down {
            length += 1;
        }
        if down {
            order[..length].reverse();
        }
        Ok(length)
    }

    /// Inserts what follows the first `sorted` items into them.
    fn insert(&mut self, order: &mut [u32], sorted: usize) -> R<()> {
        for start in sorted..order.len() {
            let pivot = order[start];
            let (mut left, mut right) = (0, start);
            while left < right {
                let middle = left + (right - left) / 2;
                if self.less(pivot, order[middle])? {
                    right = middle;
                } else {
                    left = middle + 1;
                }
            }
            order[left..=start].rotate_right(1);
        }
        Ok(())
    }

    fn length(&self, n: usize) -> usize {
        self.runs[n].place.len()
    }

    /// Before a new run of this length comes: merges the waiting runs that belong deeper into the tree.
    fn merge_deeper(&mut self, order: &mut [u32], length: usize) -> R<()> {
        let Some(last) = self.runs.last() else { return Ok(()) };
        let power = power(&last.place, length, order.len());
        while let [.., left, _] = &self.runs[..]
            && left.power > power
        {
            self.merge_at(order, self.runs.len() - 2)?;
        }
        if let Some(last) = self.runs.last_mut() {
            last.power = power;
        }
        Ok(())
    }

    /// Merges run `n` with the next one.
    fn merge_at(&mut self, order: &mut [u32], n: usize) -> R<()> {
        let (left, right) = (self.runs[n].place.clone(), self.runs.remove(n + 1).place);
        self.runs[n].place = left.start..right.end;
        let order = &mut order[left.start..right.end];
        let middle = left.len();
        // What is smaller than all of the right run is in place, and what is greater than all of the left one.
        let first = self.gallop_right(order[middle], &order[..middle], 0)?;
        if first == middle {
            return Ok(());
        }
        let right = &order[middle..];
        let count = self.gallop_left(order[middle - 1], right, right.len() - 1)?;
        if count == 0 {
            return Ok(());
        }
        let order = &mut order[first..middle + count];
        let middle = middle - first;
        if middle <= count { self.merge_low(order, middle) } else { self.merge_high(order, middle) }
    }

    /// How many items of a run are smaller than the key; the search begins at `hint`.
    fn gallop_left(&mut self, key: u32, run: &[u32], hint: usize) -> R<usize> {
        self.gallop(run.len(), hint, |sort, n| sort.less(run[n], key))
    }

    /// How many items of a run are not greater than the key.
    fn gallop_right(&mut self, key: u32, run: &[u32], hint: usize) -> R<usize> {
        self.gallop(run.len(), hint, |sort, n| Ok(!sort.less(key, run[n])?))
    }

    /// The first of `length` places that is not `before`, by steps that double from `hint` on, then by halving.
    fn gallop(
        &mut self,
        length: usize,
        hint: usize,
        mut before: impl FnMut(&mut Self, usize) -> R<bool>,
    ) -> R<usize> {
        let forward = before(self, hint)?;
        let most = if forward { length - hint } else { hint + 1 };
        let (mut last, mut step) = (0, 1);
        while step < most {
            let at = if forward { hint + step } else { hint - step };
            if before(self, at)? != forward {
                break;
            }
            last = step;
            step = 2 * step + 1;
        }
        let step = step.min(most);
        let (mut low, mut high) =
            if forward { (hint + last + 1, hint + step) } else { (hint + 1 - step, hint - last) };
        while low < high {
            let middle = low + (high - low) / 2;
            if before(self, middle)? {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// Merges from the left; the left run is the shorter one. The first item of the right run comes first.
    fn merge_low(&mut self, order: &mut [u32], middle: usize) -> R<()> {
        let left = order[..middle].to_vec();
        let mut gap = Gap { to: 0, left: 0, right: middle };
        gap.take_right(order, 1);
        let result = self.merge_low_items(order, &left, &mut gap);
        // Whatever happened, what is left of the left run fills the gap.
        let rest = &left[gap.left..];
        if result.is_ok() && rest.len() == 1 {
            let right = order.len() - gap.right;
            gap.take_right(order, right);
        }
        order[gap.to..gap.to + rest.len()].copy_from_slice(rest);
        result
    }

    fn merge_low_items(&mut self, order: &mut [u32], left: &[u32], gap: &mut Gap) -> R<()> {
        if gap.right == order.len() || left.len() == 1 {
            return Ok(());
        }
        while !(self.take_low_singly(order, left, gap)? || self.take_low_galloping(order, left, gap)?) {
            self.min_gallop += 1;
        }
        Ok(())
    }

    /// Until one run has won often in a row; true when the merge is done.
    fn take_low_singly(&mut self, order: &mut [u32], left: &[u32], gap: &mut Gap) -> R<bool> {
        let (mut lefts, mut rights) = (0, 0);
        while lefts < self.min_gallop && rights < self.min_gallop {
            if self.less(order[gap.right], left[gap.left])? {
                (lefts, rights) = (0, rights + 1);
                gap.take_right(order, 1);
                if gap.right == order.len() {
                    return Ok(true);
                }
            } else {
                (lefts, rights) = (lefts + 1, 0);
                gap.take_left(order, left, 1);
                if left.len() - gap.left == 1 {
                    return Ok(true);
                }
            }
        }
        self.min_gallop += 1;
        Ok(false)
    }

    /// Until no run wins often in a row; true when the merge is done.
    fn take_low_galloping(&mut self, order: &mut [u32], left: &[u32], gap: &mut Gap) -> R<bool> {
        loop {
            self.min_gallop = self.min_gallop.saturating_sub(1).max(1);
            let lefts = self.gallop_right(order[gap.right], &left[gap.left..], 0)?;
            gap.take_left(order, left, lefts);
            if left.len() - gap.left <= 1 {
                return Ok(true);
            }
            gap.take_right(order, 1);
            if gap.right == order.len() {
                return Ok(true);
            }
            let rights = self.gallop_left(left[gap.left], &order[gap.right..], 0)?;
            gap.take_right(order, rights);
            if gap.right == order.len() {
                return Ok(true);
            }
            gap.take_left(order, left, 1);
            if left.len() - gap.left == 1 {
                return Ok(true);
            }
            if lefts < MIN_GALLOP && rights < MIN_GALLOP {
                return Ok(false);
            }
        }
    }

    /// The same from the right, mirrored; the right run is the shorter one.
    fn merge_high(&mut self, order: &mut [u32], middle: usize) -> R<()> {
        let right = order[middle..].to_vec();
        let mut gap = HighGap { to: order.len(), left: middle, right: right.len() };
        gap.take_left(order, 1);
        let result = self.merge_high_items(order, &right, &mut gap);
        if result.is_ok() && gap.right == 1 {
            let left = gap.left;
            gap.take_left(order, left);
        }
        order[gap.to - gap.right..gap.to].copy_from_slice(&right[..gap.right]);
        result
    }

    fn merge_high_items(&mut self, order: &mut [u32], right: &[u32], gap: &mut HighGap) -> R<()> {
        if gap.left == 0 || right.len() == 1 {
            return Ok(());
        }
        while !(self.take_high_singly(order, right, gap)? || self.take_high_galloping(order, right, gap)?) {
            self.min_gallop += 1;
        }
        Ok(())
    }

    fn take_high_singly(&mut self, order: &mut [u32], right: &[u32], gap: &mut HighGap) -> R<bool> {
        let (mut lefts, mut rights) = (0, 0);
        while lefts < self.min_gallop && rights < self.min_gallop {
            if self.less(right[gap.right - 1], order[gap.left - 1])? {
                (lefts, rights) = (lefts + 1, 0);
                gap.take_left(order, 1);
                if gap.left == 0 {
                    return Ok(true);
                }
            } else {
                (lefts, rights) = (0, rights + 1);
                gap.take_right(order, right, 1);
                if gap.right == 1 {
                    return Ok(true);
                }
            }
        }
        self.min_gallop += 1;
        Ok(false)
    }

    fn take_high_galloping(&mut self, order: &mut [u32], right: &[u32], gap: &mut HighGap) -> R<bool> {
        loop {
            self.min_gallop = self.min_gallop.saturating_sub(1).max(1);
            let key = right[gap.right - 1];
            let lefts = gap.left - self.gallop_right(key, &order[..gap.left], gap.left - 1)?;
            gap.take_left(order, lefts);
            if gap.left == 0 {
                return Ok(true);
            }
            gap.take_right(order, right, 1);
            if gap.right == 1 {
                return Ok(true);
            }
            let key = order[gap.left - 1];
            let rights = gap.right - self.gallop_left(key, &right[..gap.right], gap.right - 1)?;
            gap.take_right(order, right, rights);
            if gap.right <= 1 {
                return Ok(true);
            }
            gap.take_left(order, 1);
            if gap.left == 0 {
                return Ok(true);
            }
            if lefts < MIN_GALLOP && rights < MIN_GALLOP {
                return Ok(false);
            }
        }
    }
}

/// How far a merge from the left is: the next place to fill, and the next item of each run.
struct Gap {
    to: usize,
    left: usize,
    right: usize,
}

impl Gap {
    fn take_left(&mut self, order: &mut [u32], left: &[u32], n: usize) {
        order[self.to..self.to + n].copy_from_slice(&left[self.left..self.left + n]);
        self.to += n;
        self.left += n;
    }

    fn take_right(&mut self, order: &mut [u32], n: usize) {
        order.copy_within(self.right..self.right + n, self.to);
        self.to += n;
        self.right += n;
    }
}

/// How far a merge from the right is: where the places to fill and the items of each run end.
struct HighGap {
    to: usize,
    left: usize,
    right: usize,
}

impl HighGap {
    fn take_left(&mut self, order: &mut [u32], n: usize) {
        order.copy_within(self.left - n..self.left, self.to - n);
        self.to -= n;
        self.left -= n;
    }

    fn take_right(&mut self, order: &mut [u32], right: &[u32], n: usize) {
        order[self.to - n..self.to].copy_from_slice(&right[self.right - n..self.right]);
        self.to -= n;
        self.right -= n;
    }
}

/// The depth at which the middles of a run and of the next one, of this length, fall into different parts.
fn power(run: &Range<usize>, length: usize, total: usize) -> u32 {
    let mut left = run.start + run.end;
    let mut right = run.end + run.end + length;
    let mut power = 1;
    while left >= total || right < total {
        if left >= total {
            left -= total;
            right -= total;
        }
        left *= 2;
        right *= 2;
        power += 1;
    }
    power
}

/// Runs are filled up to this length, so that there are a power of two of them, or a few less.
fn least_run(mut n: usize) -> usize {
    let mut odd = 0;
    while n >= 64 {
        odd |= n & 1;
        n >>= 1;
    }
    n + odd
}
