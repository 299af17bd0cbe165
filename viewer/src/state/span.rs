//! The part of the run that the timeline shows, and the span that is selected in it.

use profiler::timeline::{Owner, Timeline};
use std::ops::Range;
use std::sync::Arc;

/// What of the run is looked at.
#[derive(Clone, Debug, Default)]
pub struct Span {
    /// The part that is shown, in stamps.
    pub window: Range<u64>,
    /// The stamp that is pointed at.
    pub at: u64,
    /// The other end of the selection.
    pub anchor: Option<u64>,
    /// The row of the list of owners.
    pub row: usize,
    /// Finer slices, if they were asked for.
    fine: Option<Arc<Timeline>>,
}

impl Span {
    /// The whole run.
    pub fn whole(line: &Timeline) -> Span {
        Span { window: line.start..line.end.max(line.start + 1), at: line.start, ..Span::default() }
    }

    /// The whole run, with the cursor where it is.
    pub fn show_all(&mut self, line: &Timeline) {
        *self = Span { at: self.at, ..Span::whole(line) };
    }

    /// A log that grew: what showed its end goes along.
    pub fn grown(&mut self, before: &Timeline, now: &Timeline) {
        let was_whole = self.window.start <= before.start && self.window.end >= before.end;
        if was_whole || now.end < self.window.end || now.start > self.window.start {
            *self = Span { at: self.at.clamp(now.start, now.end), ..Span::whole(now) };
        }
    }

    /// The slices that show the window best.
    pub fn slices<'t>(&'t self, coarse: &'t Timeline) -> &'t Timeline {
        match &self.fine {
            Some(fine)
                if fine.start <= self.window.start.max(coarse.start)
                    && fine.end >= self.window.end.min(coarse.end) =>
            {
                fine
            }
            _ => coarse,
        }
    }

    /// What to ask for, if the slices are too coarse for that many columns.
    pub fn wanted(&self, coarse: &Timeline, columns: u64) -> Option<Range<u64>> {
        let slices = self.slices(coarse);
        let length = self.window.end - self.window.start;
        let too_coarse = slices.width > 1 && length / slices.width < columns;
        too_coarse.then(|| self.window.start..self.window.end.saturating_add(1))
    }

    /// Finer slices have come.
    pub fn give(&mut self, fine: Arc<Timeline>) {
        self.fine = Some(fine);
    }

    /// The selection, or the whole window.
    pub fn selected(&self) -> Range<u64> {
        match self.anchor {
            Some(anchor) => anchor.min(self.at)..anchor.max(self.at).saturating_add(1),
            None => self.window.clone(),
        }
    }

    /// Who owned the selection, the largest first.
    pub fn owners(&self, coarse: &Timeline) -> Vec<(Owner, u64)> {
        let selected = self.selected();
        let mut owners = self.slices(coarse).between(selected.start, selected.end);
        owners.retain(|(_, ticks)| *ticks > 0);
        owners.sort_by_key(|(owner, ticks)| (std::cmp::Reverse(*ticks), *owner));
        owners
    }

    /// Moves by columns; the window follows at its edges.
    pub fn step(&mut self, line: &Timeline, columns: i64, width: u64) {
        let column = ((self.window.end - self.window.start) / width.max(1)).max(1);
        let far = column.saturating_mul(columns.unsigned_abs());
        self.at = if columns < 0 {
            self.at.saturating_sub(far).max(line.start)
        } else {
            self.at.saturating_add(far).min(line.end.saturating_sub(1).max(line.start))
        };
        if self.at < self.window.start {
            self.pan(line, self.at);
        } else if self.at >= self.window.end {
            let length = self.window.end - self.window.start;
            self.pan(line, self.at.saturating_add(1).saturating_sub(length));
        }
    }

    /// Into the selection, or twice as close to the cursor.
    pub fn zoom_in(&mut self, line: &Timeline) {
        const CLOSEST: u64 = 16;
        let selected = self.selected();
        if self.anchor.take().is_some() && selected.end - selected.start > 1 {
            self.window = selected;
            return;
        }
        self.scale(line, ((self.window.end - self.window.start) / 2).max(CLOSEST));
    }

    /// Twice as far.
    pub fn zoom_out(&mut self, line: &Timeline) {
        self.scale(line, (self.window.end - self.window.start).saturating_mul(2));
    }

    fn scale(&mut self, line: &Timeline, length: u64) {
        let whole = (line.end - line.start).max(1);
        let length = length.clamp(1, whole);
        self.window.end = self.window.start + length;
        self.pan(line, self.at.saturating_sub(length / 2));
    }

    /// Moves the window to start there, as far as the run allows.
    fn pan(&mut self, line: &Timeline, start: u64) {
        let length = self.window.end - self.window.start;
        let latest = line.end.saturating_sub(length).max(line.start);
        let start = start.clamp(line.start, latest);
        self.window = start..start + length;
    }
}
