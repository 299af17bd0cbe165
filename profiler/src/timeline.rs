//! Who owned the time, over time.
//!
//! A run may have millions of transitions, a screen has two hundred columns. So spans go into slices of equal width;
//! when the run outgrows them, neighbours are merged and the width doubles. One pass, and a bounded size:
//!
//! ```text
//! slices   |aab|bbb|   |   |      time passes the last slice:      |aabbbb|ccc   |      |      |
//! ```

/// Slices a timeline has at most.
const SLICES: usize = 4096;
/// Owners that a slice tells apart; what is beyond is another loop's.
const OWNERS: usize = 12;

/// Who owns ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Owner {
    Interpreter,
    Tracing,
    Optimize,
    Backend,
    Gc,
    Recording,
    Waiting,
    /// An index into [`Timeline::loops`].
    Loop(u32),
    /// Loops that have too little of a slice to be told apart.
    OtherLoops,
}

/// A run, cut into slices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The stamp at which the first slice starts.
    pub start: u64,
    /// The stamp at which the last span ends.
    pub end: u64,
    /// Ticks of a slice; a power of two.
    pub width: u64,
    /// Who owned how much of each slice, in no order.
    pub slices: Vec<Vec<(Owner, u64)>>,
    /// The names of the loops, as in the report.
    pub loops: Vec<String>,
}

impl Timeline {
    /// Who owned how much of `from..to`; slices at its edges count by the share that is inside.
    pub fn between(&self, from: u64, to: u64) -> Vec<(Owner, u64)> {
        let mut sum = Vec::new();
        let Some(first) = from.max(self.start).checked_sub(self.start).map(|ticks| ticks / self.width.max(1))
        else {
            return sum;
        };
        for index in first as usize..self.slices.len() {
            let start = self.start + index as u64 * self.width;
            if start >= to {
                break;
            }
            let end = start.saturating_add(self.width);
            let inside = end.min(to) - start.max(from).min(end);
            for &(owner, ticks) in &self.slices[index] {
                let part = u128::from(ticks) * u128::from(inside) / u128::from(self.width.max(1));
                add(&mut sum, owner, part as u64);
            }
        }
        sum
    }
}

/// A timeline in the making: spans come in the order of time.
#[derive(Debug)]
pub(crate) struct Recorder {
    window: std::ops::Range<u64>,
    line: Timeline,
}

impl Recorder {
    /// Keeps what lies in the window.
    pub(crate) fn new(window: std::ops::Range<u64>) -> Recorder {
        Recorder { window, line: Timeline { width: 1, ..Timeline::default() } }
    }

    pub(crate) fn span(&mut self, from: u64, to: u64, owner: Owner) {
        let (mut from, to) = (from.max(self.window.start), to.min(self.window.end));
        if from >= to {
            return;
        }
        if self.line.slices.is_empty() {
            self.line.start = from;
        }
        self.line.end = to;
        self.fit(to);
        while from < to {
            let index = ((from - self.line.start) / self.line.width) as usize;
            let width = self.line.width;
            // The end of the last slice may be beyond what a stamp can be.
            let end = (self.line.start + index as u64 * width).saturating_add(width).min(to);
            if self.line.slices.len() <= index {
                self.line.slices.resize_with(index + 1, Vec::new);
            }
            add(&mut self.line.slices[index], owner, end - from);
            from = end;
        }
    }

    pub(crate) fn finish(mut self, loops: Vec<String>) -> Timeline {
        self.line.loops = loops;
        self.line
    }

    /// Makes slices as wide as they must be to reach that stamp.
    fn fit(&mut self, to: u64) {
        while (to - self.line.start - 1) / self.line.width >= SLICES as u64 {
            let narrow = std::mem::take(&mut self.line.slices);
            self.line.slices = narrow.chunks(2).map(merged).collect();
            self.line.width *= 2;
        }
    }
}

fn merged(slices: &[Vec<(Owner, u64)>]) -> Vec<(Owner, u64)> {
    let mut all = slices[0].clone();
    slices[1..].iter().flatten().for_each(|&(owner, ticks)| add(&mut all, owner, ticks));
    while all.len() > OWNERS {
        let loops = all.iter().enumerate().filter(|(_, (owner, _))| matches!(owner, Owner::Loop(_)));
        let Some((least, _)) = loops.min_by_key(|(_, (_, ticks))| *ticks) else { break };
        let (_, ticks) = all.swap_remove(least);
        add(&mut all, Owner::OtherLoops, ticks);
    }
    all
}

fn add(sum: &mut Vec<(Owner, u64)>, owner: Owner, ticks: u64) {
    match sum.iter_mut().find(|(known, _)| *known == owner) {
        Some((_, known)) => *known += ticks,
        None => sum.push((owner, ticks)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(spans: &[(Owner, u64)]) -> u64 {
        spans.iter().map(|(_, ticks)| ticks).sum()
    }

    #[test]
    fn nothing_is_lost_when_slices_merge() {
        let mut recorder = Recorder::new(0..u64::MAX);
        for step in 0..100_000u64 {
            recorder.span(100 + step * 10, 110 + step * 10, Owner::Loop((step % 40) as u32));
        }
        let line = recorder.finish(Vec::new());
        assert!(line.slices.len() <= SLICES && line.width.is_power_of_two());
        assert_eq!(line.slices.iter().map(|slice| total(slice)).sum::<u64>(), 1_000_000);
        assert_eq!(total(&line.between(0, u64::MAX)), 1_000_000);
    }

    #[test]
    fn a_window_cuts() {
        let mut recorder = Recorder::new(50..70);
        recorder.span(0, 60, Owner::Gc);
        recorder.span(60, 100, Owner::Interpreter);
        let line = recorder.finish(Vec::new());
        assert_eq!((line.start, line.end), (50, 70));
        assert_eq!(line.between(50, 70), [(Owner::Gc, 10), (Owner::Interpreter, 10)]);
        assert_eq!(line.between(55, 62), [(Owner::Gc, 5), (Owner::Interpreter, 2)]);
        assert_eq!(line.between(90, 95), []);
    }

    #[test]
    fn a_run_may_last_as_long_as_it_likes() {
        let mut recorder = Recorder::new(0..u64::MAX);
        recorder.span(0, u64::MAX, Owner::Interpreter);
        let line = recorder.finish(Vec::new());
        assert_eq!(line.slices.len(), SLICES);
    }
}
