//! The code screen: its panes, and the ways from one trace to another.

use super::column::Column;
use super::place::{Pane, Place};
use super::{Spot, State};
use crate::keys::{Action, Screen};
use crate::model::Stage;
use crate::model::interleave::Kind;
use crate::model::loaded::Key;
use std::sync::Arc;

impl State {
    /// The panes that can be gone to, from left to right.
    pub fn panes(&self) -> Vec<Pane> {
        let mut panes = vec![Pane::Loops];
        if self.switches.interleaved {
            panes.push(Pane::Interleaved);
        } else {
            panes.push(Pane::Source);
            if self.switches.bytecode {
                panes.push(Pane::Bytecode);
            }
            panes.push(Pane::Trace);
        }
        if self.switches.machine {
            panes.push(Pane::Machine);
        }
        panes
    }

    pub(super) fn move_pane(&mut self, by: isize) {
        if self.screen == Screen::Diff {
            return self.focus_versions(!self.in_versions());
        }
        if self.screen != Screen::Code {
            return;
        }
        let panes = self.panes();
        let at = panes.iter().position(|pane| *pane == self.pane).unwrap_or(0) as isize;
        self.pane = panes[(at + by).rem_euclid(panes.len() as isize) as usize];
    }

    /// Gives the keys to a pane.
    pub fn focus(&mut self, pane: Pane) {
        if self.panes().contains(&pane) {
            self.pane = pane;
        }
    }

    pub(super) fn code_cursor(&self) -> (usize, usize) {
        let Some(detail) = self.detail() else { return (0, 0) };
        match self.pane {
            Pane::Interleaved => (self.column.row_of(self.place.item), self.column.visible.len()),
            pane => (self.place.row(pane), self.place.rows(detail, pane)),
        }
    }

    pub(super) fn go_code(&mut self, row: usize) {
        let Some(detail) = self.detail.clone() else { return };
        let row = match self.pane {
            Pane::Interleaved => match self.column.visible.get(row) {
                Some(item) => *item as usize,
                None => return,
            },
            pane if row >= self.place.rows(&detail, pane) => return,
            _ => row,
        };
        self.place = self.place.moved(&detail, self.pane, row);
    }

    pub(super) fn switch(&mut self, action: Action) {
        if self.screen == Screen::Diff && action == Action::Interleave {
            return self.switch_columns();
        }
        let switches = &mut self.switches;
        match action {
            Action::Enlarge => switches.enlarged = !switches.enlarged,
            Action::Interleave => switches.interleaved = !switches.interleaved,
            Action::Assembler => switches.machine = !switches.machine,
            Action::Bytecode => switches.bytecode = !switches.bytecode,
            Action::Heat => switches.counts = !switches.counts,
            Action::Raw => switches.raw = !switches.raw,
            Action::Stage => return self.next_stage(),
            _ => return,
        }
        if self.screen == Screen::Code && !self.panes().contains(&self.pane) {
            self.pane = if self.switches.interleaved { Pane::Interleaved } else { Pane::Trace };
        }
        if let Some(detail) = self.detail.clone() {
            self.column.reveal(&detail.interleaved, self.place.item);
        }
    }

    fn next_stage(&mut self) {
        if self.screen == Screen::Code {
            self.stage = self.stage.next();
            self.arriving = None;
            self.look();
        }
    }

    pub(super) fn fold_code(&mut self, fold: Option<bool>) {
        if let (Pane::Interleaved, Some(detail)) = (self.pane, self.detail.clone()) {
            let item = self.column.row_of(self.place.item);
            let Some(item) = self.column.visible.get(item).map(|item| *item as usize) else { return };
            let item = self.column.fold(&detail.interleaved, item, fold);
            self.place = self.place.moved(&detail, Pane::Interleaved, item);
        }
    }

    pub(super) fn fold_all_code(&mut self) {
        if let (Pane::Interleaved, Some(detail)) = (self.pane, self.detail.clone()) {
            self.column.fold_all(&detail.interleaved);
            let row = self.column.row_of(self.place.item);
            if let Some(item) = self.column.visible.get(row).copied() {
                self.place = self.place.moved(&detail, Pane::Interleaved, item as usize);
            }
        }
    }

    /// Enter.
    pub(super) fn open(&mut self) {
        match self.screen {
            Screen::Code if self.pane == Pane::Loops => self.pane = self.panes()[1],
            Screen::Code => self.open_code(),
            Screen::Loops | Screen::Latency => {
                if self.selected().is_some() {
                    self.show(Screen::Code);
                    self.focus_code();
                }
            }
            _ => self.open_list(),
        }
    }

    fn open_code(&mut self) {
        let Some(detail) = self.detail.clone() else { return };
        let Ok(trace) = &detail.trace else { return };
        let op = match self.pane {
            Pane::Source | Pane::Bytecode => return self.enter_call(),
            Pane::Interleaved => match detail.interleaved.items.get(self.place.item).map(|item| item.kind) {
                Some(Kind::Op(op)) => op as usize,
                _ => return self.fold_code(None),
            },
            Pane::Loops | Pane::Trace | Pane::Machine => self.place.op,
        };
        let Some(op) = trace.ops.get(op) else { return };
        let bridge = op.exit.and_then(|exit| exit.bridge);
        match bridge.or(op.leads_to) {
            Some(trace) => self.jump(&Key::Trace(trace)),
            None if op.exit.is_some() => self.say("this guard has no bridge".to_owned()),
            None => {
                self.say("nothing to open here: Enter opens a guard's bridge or a called loop".to_owned())
            }
        }
    }

    /// Enters a call that was inlined at this line.
    fn enter_call(&mut self) {
        let Some(detail) = self.detail.clone() else { return };
        let calls = detail.frames.get(self.place.frame as usize).map_or(&[][..], |code| &code.calls);
        let found = calls.iter().find(|(line, _)| *line == self.place.line).map(|(_, frame)| *frame);
        match found {
            Some(frame) => {
                self.remember();
                self.place = self.place.entered(&detail, frame);
            }
            None => self.say("no call was inlined at this line".to_owned()),
        }
    }

    /// Goes to another trace, and remembers this place.
    pub(super) fn jump(&mut self, key: &Key) {
        let Some(loaded) = self.loaded.clone() else { return };
        if loaded.row_of(key).is_none() {
            return;
        }
        self.remember();
        self.stage = Stage::Optimised;
        self.arriving = None;
        self.tree.reveal(&loaded, key);
        self.show(Screen::Code);
        self.focus_code();
    }

    fn focus_code(&mut self) {
        if self.pane == Pane::Loops {
            self.pane = if self.switches.interleaved { Pane::Interleaved } else { Pane::Source };
        }
    }

    fn remember(&mut self) {
        const TRAIL: usize = 200;
        let Some(key) = self.key() else { return };
        if self.back.len() >= TRAIL {
            self.back.remove(0);
        }
        let (stage, place, pane, screen) = (self.stage, self.place, self.pane, self.screen);
        self.back.push(Spot { key, stage, place, pane, screen });
    }

    /// Backspace: where Enter was pressed, else out of the inlined call.
    pub(super) fn go_back(&mut self) {
        if let Some(spot) = self.back.pop() {
            return self.return_to(spot);
        }
        let parent = self.detail().and_then(|detail| {
            let trace = detail.trace.as_ref().ok()?;
            trace.frames.get(self.place.frame as usize)?.parent
        });
        match (parent, self.detail.clone(), self.screen) {
            (Some((frame, site)), Some(detail), Screen::Code) => {
                let line = detail.trace.as_ref().ok().map_or(0, |trace| trace.points[site as usize].line);
                let row = (line as usize).saturating_sub(1);
                self.place = Place { frame, ..self.place }.moved(&detail, Pane::Source, row);
            }
            (_, _, Screen::Code) => self.show(Screen::Loops),
            _ => {}
        }
    }

    fn return_to(&mut self, spot: Spot) {
        let Some(loaded) = self.loaded.clone() else { return };
        self.stage = spot.stage;
        self.arriving = Some(spot.place);
        self.tree.reveal(&loaded, &spot.key);
        self.screen = spot.screen;
        self.pane = spot.pane;
        self.look();
        // The same trace: only the place is another.
        if let (Some(place), Some(detail)) = (self.arriving, self.detail.clone())
            && detail.key == spot.key
            && detail.stage == spot.stage
        {
            self.arriving = None;
            self.place = place;
            self.column.reveal(&detail.interleaved, place.item);
        }
    }

    /// The calls that lead to the place, by name, the outermost first.
    pub fn breadcrumbs(&self) -> Vec<String> {
        let Some(detail) = &self.detail else { return Vec::new() };
        let Ok(trace) = &detail.trace else { return Vec::new() };
        let path = trace.path(self.place.frame);
        path.iter().filter_map(|frame| Some(trace.frames.get(*frame as usize)?.function.clone())).collect()
    }

    /// Forgets folds: for tests of rows.
    pub fn unfold(&mut self) {
        if let Some(detail) = self.detail.clone() {
            self.column = Column::of(&Arc::as_ref(&detail).interleaved);
        }
    }
}
