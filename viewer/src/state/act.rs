//! What actions do.

use super::place::Pane;
use super::prompt::Typing;
use super::tree::Order;
use super::{Deed, State};
use crate::clerk::Ask;
use crate::keys::{Action, Screen};

/// Columns that text moves at once.
const SIDEWAYS: usize = 8;

impl State {
    pub(super) fn act(&mut self, action: Action) {
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-(self.page() as isize)),
            Action::PageDown => self.step(self.page() as isize),
            Action::First => self.step(isize::MIN / 2),
            Action::Last => self.step(isize::MAX / 2),
            Action::Left => self.sideways(-1),
            Action::Right => self.sideways(1),
            Action::PaneBefore => self.move_pane(-1),
            Action::PaneBehind => self.move_pane(1),
            Action::Open => self.open(),
            Action::Back => self.go_back(),
            Action::Fold => self.fold(None),
            Action::FoldAll => self.fold_all(),
            Action::ZoomIn | Action::ZoomOut | Action::ZoomAll | Action::Mark => self.zoom(action),
            Action::Sort => self.sort_next(),
            Action::Reverse => self.reverse(),
            Action::Search => self.start_typing(Typing::Search),
            Action::SearchAgain => self.find(true, 1),
            Action::SearchBack => self.find(false, 1),
            Action::NextDifference => self.next_difference(true),
            Action::DifferenceBefore => self.next_difference(false),
            Action::Filter => self.start_typing(Typing::Filter),
            Action::ScrollLeft => self.shift = self.shift.saturating_sub(SIDEWAYS),
            Action::ScrollRight => self.shift = (self.shift + SIDEWAYS).min(4096),
            Action::Pause => self.pause(),
            Action::Refresh => self.asks.push(Ask::Refresh),
            Action::To(screen) => self.show(screen),
            Action::ScreenBefore => self.show(self.screen_beside(self.screens() - 1)),
            Action::ScreenBehind => self.show(self.screen_beside(1)),
            Action::Help => self.help = Some(0),
            Action::Quit => self.quit(),
            Action::Interrupt => self.interrupt(),
            Action::WriteLine => self.start_line(),
            Action::Copy => self.copy(),
            Action::Edit => self.edit(),
            Action::SaveText => self.deeds.push(Deed::SaveText),
            Action::SaveSvg => self.deeds.push(Deed::SaveSvg),
            Action::Suspend => self.deeds.push(Deed::Suspend),
            Action::Redraw => self.deeds.push(Deed::Redraw),
            Action::Enlarge
            | Action::Interleave
            | Action::Assembler
            | Action::Bytecode
            | Action::Stage
            | Action::Heat
            | Action::Raw => self.switch(action),
        }
    }

    /// Shows another screen.
    pub(super) fn show(&mut self, screen: Screen) {
        self.screen = screen;
        self.shift = 0;
        self.look();
    }

    fn screen_beside(&self, by: usize) -> Screen {
        Screen::ALL[(self.screen as usize + by) % self.screens()]
    }

    /// How many screens have a tab: the last one only beside a program.
    pub fn screens(&self) -> usize {
        Screen::ALL.len() - usize::from(self.live().is_none())
    }

    /// The row that the keys move, and how many there are.
    pub(super) fn cursor(&self) -> (usize, usize) {
        if self.is_in_tree() {
            return (self.tree.selected, self.tree.rows.len());
        }
        match self.screen {
            Screen::Code => self.code_cursor(),
            _ => self.list_cursor(),
        }
    }

    /// Do the keys move the tree's selection?
    pub(super) fn is_in_tree(&self) -> bool {
        match self.screen {
            Screen::Loops | Screen::Latency => true,
            Screen::Code => self.pane == Pane::Loops,
            _ => false,
        }
    }

    fn step(&mut self, by: isize) {
        let (at, rows) = self.cursor();
        self.go(at.saturating_add_signed(by).min(rows.saturating_sub(1)));
    }

    /// Goes to a row of what has the keys.
    pub fn go(&mut self, row: usize) {
        self.touched = true;
        if self.is_in_tree() {
            if row < self.tree.rows.len() && row != self.tree.selected {
                self.tree.selected = row;
                self.arriving = None;
                self.look();
            }
            return;
        }
        match self.screen {
            Screen::Code => self.go_code(row),
            _ => self.go_list(row),
        }
    }

    fn sideways(&mut self, by: isize) {
        match self.screen {
            Screen::Timeline => {
                let Some(loaded) = self.loaded.clone() else { return };
                self.span.step(&loaded.timeline, by as i64, u64::from(self.size.0.saturating_sub(2)));
                self.span.row = 0;
            }
            Screen::Loops => self.fold(Some(by < 0)),
            Screen::Code => self.move_pane(by),
            _ => {}
        }
    }

    fn zoom(&mut self, action: Action) {
        let Some(loaded) = self.loaded.clone().filter(|_| self.screen == Screen::Timeline) else { return };
        match action {
            Action::ZoomIn => self.span.zoom_in(&loaded.timeline),
            Action::ZoomOut => self.span.zoom_out(&loaded.timeline),
            Action::ZoomAll => self.span.show_all(&loaded.timeline),
            _ => {
                self.span.anchor = if self.span.anchor.is_some() { None } else { Some(self.span.at) };
            }
        }
        self.span.row = 0;
    }

    fn sort_next(&mut self) {
        let next = (self.tree.order as usize + 1) % Order::ALL.len();
        self.tree.order = Order::ALL[next];
        self.rebuild();
        self.note = Some(format!("loops by {}", self.tree.order.word()));
    }

    fn reverse(&mut self) {
        self.tree.reversed = !self.tree.reversed;
        self.rebuild();
    }

    fn rebuild(&mut self) {
        let Some(loaded) = self.loaded.clone() else { return };
        let key = self.key();
        self.tree.rebuild(&loaded, key.as_ref());
        self.look();
    }

    fn pause(&mut self) {
        let Some(following) = self.following else {
            self.note = Some("the log is not followed: 'loopscope view --follow' does that".to_owned());
            return;
        };
        self.following = Some(!following);
        self.asks.push(Ask::Follow(!following));
    }

    fn fold(&mut self, fold: Option<bool>) {
        let Some(loaded) = self.loaded.clone() else { return };
        if self.is_in_tree() {
            if let Some(row) = self.tree.row() {
                self.tree.fold(&loaded, row, fold);
                self.look();
            }
        } else if self.screen == Screen::Code {
            self.fold_code(fold);
        }
    }

    fn fold_all(&mut self) {
        let Some(loaded) = self.loaded.clone() else { return };
        if self.is_in_tree() {
            self.tree.fold_all(&loaded);
            self.look();
        } else if self.screen == Screen::Code {
            self.fold_all_code();
        }
    }

    fn copy(&mut self) {
        let (row, rows) = self.cursor();
        if rows > 0 {
            let text = self.line_text(row);
            self.note = Some(format!("copied: {}", text.trim()));
            self.deeds.push(Deed::Copy(text));
        }
    }

    fn edit(&mut self) {
        match self.edited() {
            Some((file, line)) => self.deeds.push(Deed::Edit(file, line)),
            None => self.note = Some("there is no source line here".to_owned()),
        }
    }

    /// The file and line that is looked at.
    fn edited(&self) -> Option<(String, u32)> {
        let loaded = self.loaded()?;
        if self.screen == Screen::Aborts {
            let place = loaded.report.aborts.get(self.row(Screen::Aborts))?.location.as_ref()?;
            return Some((place.file.clone(), place.line));
        }
        if self.screen == Screen::Code
            && let Some(detail) = self.detail()
            && let Ok(trace) = &detail.trace
            && self.pane != Pane::Loops
        {
            return Some((trace.frames.get(self.place.frame as usize)?.file.clone(), self.place.line));
        }
        let place = loaded.report.loops.get(self.selected()?)?.location.as_ref()?;
        Some((place.file.clone(), place.line))
    }
}
