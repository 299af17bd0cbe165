//! Sampled calls: where one in N nested visits is recorded, the others' ticks were given to the caller.
//!
//! Each recorded visit leaves the caller a debt of N-1 visits. When the caller is left, it pays out of the ticks of
//! this visit, and never more than it has, so that no tick appears or vanishes.
//!
//! What is a visit worth? Scaling each recorded one would let a visit that the system happened to interrupt for a
//! time slice count N time slices. So the unrecorded visits are taken to be as long as the recorded ones are on
//! average, where the longest hundredth of these, and at least the longest, counts as the longest of the rest does.

use super::calls::Visit;
use super::{LoopTicks, Transfers, Tree};
use crate::histogram::Lengths;

/// What a recorded visit of a loop owns, as a rule.
#[derive(Debug, Default)]
pub(super) struct Typical {
    owned: Lengths,
    /// The answer, and after how many visits it was found.
    known: (f64, u64),
}

impl Typical {
    pub(super) fn record(&mut self, ticks: u64) {
        self.owned.record(ticks, 1);
    }

    /// Found anew only when there is an eighth more to go by.
    fn ticks(&mut self) -> f64 {
        let count = self.owned.count();
        if count > self.known.1 + self.known.1 / 8 {
            self.known = (self.owned.trimmed_mean(), count);
        }
        self.known.0
    }
}

/// Unrecorded visits of a loop that the caller's ticks must cover.
#[derive(Debug)]
pub(super) struct Debt {
    pub number: usize,
    pub visits: u64,
}

/// Pays a visit's debts.
pub(super) fn settle(
    visit: &mut Visit,
    loops: &mut [LoopTicks<'_>],
    tree: &mut Tree,
    transfers: &mut Transfers,
) {
    let debts = std::mem::take(&mut visit.debts);
    let ticks = debts.iter().map(|debt| (loops[debt.number].typical.ticks() * debt.visits as f64) as u64);
    let ticks: Vec<u64> = ticks.collect();
    let owed: u128 = ticks.iter().map(|ticks| u128::from(*ticks)).sum();
    let payable = owed.min(u128::from(visit.own));
    for (debt, ticks) in debts.iter().zip(ticks) {
        // Never more than `payable`, which fits.
        let paid = (u128::from(ticks) * payable / owed.max(1)) as u64;
        visit.own -= paid;
        loops[visit.number].own -= paid;
        loops[debt.number].own += paid;
        loops[debt.number].total = loops[debt.number].total.saturating_add(paid);
        let to = visit.callee(debt.number, tree);
        tree.transfer(visit.node, to, paid);
        *transfers.entry((visit.node, to)).or_default() += paid;
    }
}
