//! Which loop runs: visits, and calls inside of visits.

use super::{Attribution, NodeId, Owner, Tree};
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
    /// It, in its context.
    pub node: NodeId,
    pub since: u64,
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
                self.leave(now, found);
                self.visit(number, now, found);
            }
            EventKind::Exit => self.exit(number, now, found),
            EventKind::Call => self.call(number, now, found),
            EventKind::Return => self.come_back(number, now, found),
        }
    }

    /// The visit that owns what happens now, if one does.
    pub(super) fn running(&mut self) -> Option<&mut Visit> {
        self.frames.iter_mut().rev().find_map(|frame| frame.visit.as_mut())
    }

    /// Leaves everything.
    pub(super) fn finish(&mut self, now: u64, found: &mut Attribution<'_>) {
        while self.frames.len() > 1 {
            self.pop(now, found);
        }
        self.leave(now, found);
    }

    fn exit(&mut self, number: usize, now: u64, found: &mut Attribution<'_>) {
        let running = found.loops[number].active > 0;
        let depth = if running { self.depth_of(|frame| frame.visits(number)) } else { None };
        found.oddities.stray_exits += u64::from(depth.is_none());
        // An exit that names another loop than the one that runs is an exit all the same.
        let depth = depth.unwrap_or(self.frames.len() - 1);
        while self.frames.len() > depth + 1 {
            self.pop(now, found);
        }
        if let Some(left) = self.leave(now, found) {
            found.loops[left].exits += 1;
        }
    }

    fn call(&mut self, number: usize, now: u64, found: &mut Attribution<'_>) {
        let itself = self.running().is_some_and(|visit| visit.number == number);
        self.frames.push(Frame { named: Some(number), visit: None });
        found.loops[number].called += 1;
        if !itself {
            self.visit(number, now, found);
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
            self.pop(now, found);
        }
    }

    fn pop(&mut self, now: u64, found: &mut Attribution<'_>) {
        self.leave(now, found);
        if let Some(number) = self.frames.pop().and_then(|frame| frame.named) {
            found.loops[number].called -= 1;
        }
    }

    /// Starts a visit in the innermost call.
    fn visit(&mut self, number: usize, now: u64, found: &mut Attribution<'_>) {
        let caller = self.running().map_or(Tree::ROOT, |visit| visit.node);
        let owner = Owner::Loop(number as u32);
        let recursive = if found.loops[number].active > 0 { found.tree.above(caller, owner) } else { None };
        let node = recursive.unwrap_or_else(|| found.tree.child(caller, owner));
        found.loops[number].active += 1;
        if let Some(frame) = self.frames.last_mut() {
            frame.visit = Some(Visit { number, node, since: now });
        }
    }

    /// Ends the visit in the innermost call; whose it was.
    fn leave(&mut self, now: u64, found: &mut Attribution<'_>) -> Option<usize> {
        let visit = self.frames.last_mut()?.visit.take()?;
        let row = &mut found.loops[visit.number];
        let length = now - visit.since;
        row.lengths.record(length, 1);
        row.active -= 1;
        if row.active == 0 {
            row.total = row.total.saturating_add(length);
        }
        Some(visit.number)
    }

    fn depth_of(&self, wanted: impl Fn(&Frame) -> bool) -> Option<usize> {
        self.frames.iter().rposition(wanted)
    }
}

impl Frame {
    fn visits(&self, number: usize) -> bool {
        self.visit.as_ref().is_some_and(|visit| visit.number == number)
    }
}
