//! Where loops are entered and left so fast that recording it would be most of the run, visits are counted instead.
//!
//! ```text
//! ring full, and too soon     recorded    counted                     recorded   counted
//!                            ├──────────┼───────────────────────────┼──────────┼────────── …
//!                             enter … exit {jit-profile-unrecorded … loop3 VISITS TICKS }  enter …
//! ```
//!
//! A pause lasts so long that the visits recorded before it cost one part in fifty of it, and longer the longer this
//! goes on. How its time is shared is an estimate: a visit is as long as those recorded just before were on average, less what
//! recording took, which is the same for each and follows from how long all of them took unrecorded. A reader that
//! knows the design note only sees the run leave its loops for a while.

use logs::event::EventKind;

use super::profile::Record;

/// Visits between two looks at the clock.
const LOOK: u32 = 16;
/// A pause is at most so many times as long as the first one.
const LONGEST: u64 = 16;

/// The visits of an entry or a loop in a ring, or those of the interpreter.
#[derive(Clone, Default)]
struct Seen {
    visits: u64,
    /// How long it ran each time. A visit that calls out is in several parts.
    parts: Vec<u64>,
}

/// What a visit takes: in the interpreter first, then in each entry and loop by its number.
pub struct Rates {
    means: Vec<Option<f64>>,
    /// Of all.
    mean: f64,
}

/// Visits that are counted.
pub struct Pause {
    since: u64,
    until: u64,
    /// Ticks in which something else was done.
    elsewhere: u64,
    look: u32,
    rates: Rates,
    /// As in [`Rates`].
    visits: Vec<u64>,
}

/// How long the next pause is to be.
#[derive(Default)]
pub struct Patience(u64);

impl Patience {
    /// Events come slowly enough.
    pub fn rest(&mut self) {
        self.0 = 0;
    }

    /// The next pause's length, of what the first one's would be.
    pub fn next(&mut self, first: u64) -> u64 {
        self.0 = (self.0 * 2).clamp(1, LONGEST);
        first.saturating_mul(self.0)
    }
}

impl Rates {
    /// Of a ring, for so many numbers.
    pub fn of(ring: &[Record], numbers: usize) -> Rates {
        let seen = seen(ring, numbers);
        let sums: Vec<(u64, f64)> = seen.into_iter().map(|seen| (seen.visits, trimmed(seen.parts))).collect();
        let (visits, ticks) = sums.iter().fold((0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
        let means = sums.iter().map(|(visits, ticks)| (*visits > 0).then(|| ticks / *visits as f64));
        Rates { means: means.collect(), mean: ticks / visits.max(1) as f64 }
    }

    /// Where no visit was seen, what any takes.
    fn mean(&self, index: usize) -> f64 {
        self.means.get(index).copied().flatten().unwrap_or(self.mean)
    }
}

fn seen(ring: &[Record], numbers: usize) -> Vec<Seen> {
    let mut all = vec![Seen::default(); numbers + 1];
    // What runs, and what called it. Who ran when the ring began is not known.
    let mut running: Vec<Option<usize>> = vec![None];
    for pair in ring.windows(2) {
        let number = Some(pair[0].number as usize + 1);
        match pair[0].kind {
            EventKind::Enter => running = vec![number],
            EventKind::Exit => running = vec![Some(0)],
            EventKind::Call => running.push(number),
            EventKind::Return => drop(running.pop()),
        }
        if let Some(seen) = running.last().copied().flatten().and_then(|now| all.get_mut(now)) {
            seen.visits += u64::from(pair[0].kind != EventKind::Return);
            seen.parts.push(pair[1].at.saturating_sub(pair[0].at));
        }
    }
    all
}

/// The sum, where the longest hundredth, and at least the longest, counts as the longest of the rest does: the system
/// may have interrupted it.
fn trimmed(mut parts: Vec<u64>) -> f64 {
    parts.sort_unstable();
    let rest = parts.len().saturating_sub((parts.len() / 100).max(1));
    let longest = rest.checked_sub(1).map_or(u64::MAX, |last| parts[last]);
    parts.iter().map(|part| (*part).min(longest) as f64).sum()
}

impl Pause {
    pub fn new(since: u64, length: u64, rates: Rates) -> Pause {
        let visits = vec![0; rates.means.len()];
        Pause { since, until: since.saturating_add(length), elsewhere: 0, look: LOOK, rates, visits }
    }

    /// The loop of that number was come to, or the interpreter. Is it time to look at the clock?
    #[inline]
    pub fn count(&mut self, number: Option<u32>) -> bool {
        let index = number.map_or(0, |number| number as usize + 1);
        match self.visits.get_mut(index) {
            Some(visits) => *visits += 1,
            None => {
                self.visits.resize(index + 1, 0);
                self.visits[index] = 1;
            }
        }
        self.look = self.look.wrapping_sub(1);
        self.look.is_multiple_of(LOOK)
    }

    pub fn is_over(&self, now: u64) -> bool {
        now >= self.until
    }

    /// So many of its ticks were spent otherwise.
    pub fn lose(&mut self, ticks: u64) {
        self.elsewhere += ticks;
        self.until = self.until.saturating_add(ticks);
    }

    /// Number, visits and ticks of each loop.
    pub fn shares(&self, now: u64) -> Vec<(u32, u64, u64)> {
        let length = now.saturating_sub(self.since).saturating_sub(self.elsewhere) as f64;
        let visits = |index: usize| self.visits[index] as f64;
        let means: Vec<f64> = (0..self.visits.len()).map(|index| self.rates.mean(index)).collect();
        let all: f64 = (0..means.len()).map(visits).sum();
        let recorded: f64 = means.iter().enumerate().map(|(index, mean)| mean * visits(index)).sum();
        let overhead = ((recorded - length) / all.max(1.0)).max(0.0);
        // Something is left of each visit, however exact the clock is.
        let worth = |index: usize| visits(index) * (means[index] - overhead).max(means[index] / 16.0);
        let sum: f64 = (0..means.len()).map(worth).sum();
        let ticks = |index: usize| if sum > 0.0 { (length * worth(index) / sum) as u64 } else { 0 };
        let seen = (1..means.len()).filter(|&index| self.visits[index] > 0);
        seen.map(|index| (index as u32 - 1, self.visits[index], ticks(index))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(at: u64, number: u32, kind: EventKind) -> Record {
        Record { at, number, kind }
    }

    /// Loop 0 takes 30 ticks and loop 1 takes 10, recording takes 20 more each.
    fn ring() -> Vec<Record> {
        let visits = (0..100).flat_map(|n| [(n * 80, 0), (n * 80 + 50, 1)]);
        visits.map(|(at, number)| record(at, number, EventKind::Enter)).collect()
    }

    #[test]
    fn time_is_shared_as_it_was_before_without_what_recording_took() {
        let mut pause = Pause::new(0, 4000, Rates::of(&ring(), 2));
        for _ in 0..100 {
            pause.count(Some(0));
            pause.count(Some(1));
        }
        assert!(!pause.is_over(3999) && pause.is_over(4000));
        assert_eq!(pause.shares(4000), [(0, 100, 3000), (1, 100, 1000)]);
        pause.lose(1000);
        assert_eq!(pause.shares(5000), [(0, 100, 3000), (1, 100, 1000)]);
    }

    #[test]
    fn the_interpreter_has_its_share() {
        let ring: Vec<Record> = (0..50)
            .flat_map(|n| [record(n * 40, 0, EventKind::Enter), record(n * 40 + 10, 0, EventKind::Exit)])
            .collect();
        let mut pause = Pause::new(0, 4000, Rates::of(&ring, 1));
        for _ in 0..100 {
            pause.count(Some(0));
            pause.count(None);
        }
        assert_eq!(pause.shares(4000), [(0, 100, 1000)]);
    }

    #[test]
    fn what_was_never_seen_is_worth_what_others_are() {
        let mut pause = Pause::new(0, 4000, Rates::of(&ring(), 2));
        pause.count(Some(7));
        assert_eq!(pause.shares(10), [(7, 1, 10)]);
    }

    #[test]
    fn pauses_become_longer() {
        let mut patience = Patience::default();
        assert_eq!((0..6).map(|_| patience.next(10)).collect::<Vec<_>>(), [10, 20, 40, 80, 160, 160]);
        patience.rest();
        assert_eq!(patience.next(10), 10);
    }
}
