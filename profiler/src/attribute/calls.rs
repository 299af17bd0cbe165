//! Which loop runs: visits, and calls inside of visits.

use super::sampling::settle;
use super::{Attribution, LoopTicks};
use logs::event::EventKind;

/// The calls that go on, the outermost first. The bottom is the program itself, which nobody called.
pub(super) struct Calls {
    frames: Vec<Frame>,
}

#[derive(Default)]
struct Frame {
    /// The loop the call named.
    named: Option<usize>,
    visit: Option<Visit>,
}

/// A loop that was entered and not left.
pub(super) struct Visit {
    pub number: usize,
    pub since: u64,
    /// Ticks it owned.
    pub own: u64,
    /// Ticks it owned that belong, by sampling, to loops it called.
    pub debts: Vec<(usize, u64)>,
}

impl Default for Calls {
    fn default() -> Self {
        Calls { frames: vec![Frame::default()] }
    }
}

impl Calls {
    pub(super) fn event(&mut self, kind: EventKind, number: usize, now: u64, found: &mut Attribution<'_>) {
        match kind {
            EventKind::Enter => {
                self.leave(now, &mut found.loops);
                self.visit(number, now, &mut found.loops);
            }
            EventKind::Exit => self.exit(number, now, found),
            EventKind::Call => self.call(number, now, &mut found.loops),
            EventKind::Return => self.come_back(number, now, found),
        }
    }

    /// The loop that owns these ticks, if one does.
    pub(super) fn charge(&mut self, ticks: u64) -> Option<usize> {
        let visit = self.running()?;
        visit.own += ticks;
        Some(visit.number)
    }

    /// Leaves everything.
    pub(super) fn finish(&mut self, now: u64, loops: &mut [LoopTicks<'_>]) {
        while self.frames.len() > 1 {
            self.pop(now, loops);
        }
        self.leave(now, loops);
    }

    fn exit(&mut self, number: usize, now: u64, found: &mut Attribution<'_>) {
        let running = found.loops[number].active > 0;
        let depth = if running { self.depth_of(|frame| frame.visits(number)) } else { None };
        found.oddities.stray_exits += u64::from(depth.is_none());
        // An exit that names another loop than the one that runs is an exit all the same.
        let depth = depth.unwrap_or(self.frames.len() - 1);
        while self.frames.len() > depth + 1 {
            self.pop(now, &mut found.loops);
        }
        if let Some(left) = self.leave(now, &mut found.loops) {
            found.loops[left].exits += 1;
        }
    }

    fn call(&mut self, number: usize, now: u64, loops: &mut [LoopTicks<'_>]) {
        let itself = self.running().is_some_and(|visit| visit.number == number);
        self.frames.push(Frame { named: Some(number), visit: None });
        loops[number].called += 1;
        if !itself {
            self.visit(number, now, loops);
        }
    }

    fn come_back(&mut self, number: usize, now: u64, found: &mut Attribution<'_>) {
        let open = found.loops[number].called > 0 || found.loops[number].active > 0;
        let named =
            |frame: &Frame| frame.named.is_some() && (frame.named == Some(number) || frame.visits(number));
        let Some(depth) = (if open { self.depth_of(named) } else { None }) else {
            found.oddities.stray_returns += 1;
            return;
        };
        while self.frames.len() > depth {
            self.pop(now, &mut found.loops);
        }
    }

    fn pop(&mut self, now: u64, loops: &mut [LoopTicks<'_>]) {
        self.leave(now, loops);
        if let Some(number) = self.frames.pop().and_then(|frame| frame.named) {
            loops[number].called -= 1;
        }
    }

    /// Starts a visit in the innermost call.
    fn visit(&mut self, number: usize, now: u64, loops: &mut [LoopTicks<'_>]) {
        loops[number].active += 1;
        if let Some(frame) = self.frames.last_mut() {
            frame.visit = Some(Visit { number, since: now, own: 0, debts: Vec::new() });
        }
    }

    /// Ends the visit in the innermost call; whose it was.
    fn leave(&mut self, now: u64, loops: &mut [LoopTicks<'_>]) -> Option<usize> {
        let is_call = self.frames.len() > 1;
        let mut visit = self.frames.last_mut()?.visit.take()?;
        settle(&mut visit, loops);
        let row = &mut loops[visit.number];
        let (length, every) = (now - visit.since, if is_call { row.every } else { 1 });
        row.lengths.record(length, every);
        row.active -= 1;
        if row.active == 0 {
            row.total = row.total.saturating_add(length);
        }
        if every > 1
            && let Some(caller) = self.running()
        {
            caller.owe(visit.number, visit.own.saturating_mul(every - 1));
        }
        Some(visit.number)
    }

    fn running(&mut self) -> Option<&mut Visit> {
        self.frames.iter_mut().rev().find_map(|frame| frame.visit.as_mut())
    }

    fn depth_of(&self, wanted: impl Fn(&Frame) -> bool) -> Option<usize> {
        self.frames.iter().rposition(wanted)
    }
}

impl Visit {
    fn owe(&mut self, number: usize, ticks: u64) {
        match self.debts.iter_mut().find(|(to, _)| *to == number) {
            Some((_, debt)) => *debt = debt.saturating_add(ticks),
            None => self.debts.push((number, ticks)),
        }
    }
}

impl Frame {
    fn visits(&self, number: usize) -> bool {
        self.visit.as_ref().is_some_and(|visit| visit.number == number)
    }
}
