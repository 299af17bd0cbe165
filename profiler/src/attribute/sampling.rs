//! Sampled calls: where one in N nested visits is recorded, the others' ticks were given to the caller.
//!
//! Each recorded visit leaves the caller a debt of N-1 times its own ticks. When the caller is left, it pays out of
//! the ticks of this visit, and never more than it has, so that no tick appears or vanishes.

use super::LoopTicks;
use super::calls::Visit;

/// Pays a visit's debts.
pub(super) fn settle(visit: &mut Visit, loops: &mut [LoopTicks<'_>]) {
    let owed: u128 = visit.debts.iter().map(|(_, ticks)| u128::from(*ticks)).sum();
    let payable = owed.min(u128::from(visit.own));
    for (number, ticks) in std::mem::take(&mut visit.debts) {
        // Never more than `payable`, which fits.
        let paid = (u128::from(ticks) * payable / owed.max(1)) as u64;
        visit.own -= paid;
        loops[visit.number].own -= paid;
        loops[number].own += paid;
        loops[number].total = loops[number].total.saturating_add(paid);
    }
}
