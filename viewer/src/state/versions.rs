//! The pane of traces on the screen 'diff': which loop's, and where in it.

use super::State;
use crate::clerk::Ask;
use crate::keys::Screen;
use crate::model::Versions;
use std::sync::Arc;

/// Columns from which on two versions fit beside each other.
const WIDE: u16 = 100;

/// What is known of the selected loop's traces.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    versions: Option<Arc<Versions>>,
    asked: bool,
    /// Do the keys go there?
    focused: bool,
    row: usize,
    /// One column or two, if the reader has chosen.
    columns: Option<bool>,
}

impl State {
    /// The versions of the loop that is selected among the differences, if they are here.
    pub fn versions(&self) -> Option<&Versions> {
        self.compared.versions.as_deref().filter(|versions| versions.of == self.rows[Screen::Diff as usize])
    }

    /// Do the keys on the screen 'diff' go to the traces?
    pub fn in_versions(&self) -> bool {
        self.compared.focused
    }

    /// Where in them.
    pub fn version_row(&self) -> usize {
        self.compared.row
    }

    /// Are old and new to stand beside each other?
    pub fn side_by_side(&self) -> bool {
        self.compared.columns.unwrap_or(self.size.0 >= WIDE)
    }

    /// Gives the keys to the traces, or to the list.
    pub fn focus_versions(&mut self, focused: bool) {
        self.compared.focused = focused && self.loaded().is_some_and(|loaded| loaded.diff.is_some());
    }

    /// Asks for what the screen shows and nobody has.
    pub(super) fn want_versions(&mut self) {
        let row = self.rows[Screen::Diff as usize];
        let is_there =
            self.loaded().and_then(|loaded| loaded.diff.as_ref()).is_some_and(|diff| row < diff.loops.len());
        if self.screen == Screen::Diff && is_there && !self.compared.asked && self.versions().is_none() {
            self.compared.asked = true;
            self.asks.push(Ask::Versions(row));
        }
    }

    /// They are here.
    pub(super) fn keep_versions(&mut self, versions: Arc<Versions>) {
        self.compared.asked = false;
        if versions.of == self.rows[Screen::Diff as usize] {
            self.compared.row =
                versions.lines.iter().position(crate::model::versions::Line::differs).unwrap_or(0);
            self.compared.versions = Some(versions);
        }
    }

    /// The log is another one now.
    pub(super) fn drop_versions(&mut self) {
        self.compared = Compared {
            focused: self.compared.focused,
            columns: self.compared.columns,
            ..Compared::default()
        };
    }

    pub(super) fn version_cursor(&self) -> (usize, usize) {
        (self.compared.row, self.versions().map_or(0, |versions| versions.lines.len()))
    }

    pub(super) fn go_version(&mut self, row: usize) {
        self.compared.row = row;
    }

    pub(super) fn version_text(&self, row: usize) -> String {
        let line = self.versions().and_then(|versions| versions.lines.get(row));
        line.map_or_else(String::new, crate::model::versions::Line::text)
    }

    pub(super) fn switch_columns(&mut self) {
        self.compared.columns = Some(!self.side_by_side());
    }

    /// The next run of differences, or the one before.
    pub(super) fn next_difference(&mut self, forward: bool) {
        if self.screen != Screen::Diff {
            return;
        }
        self.focus_versions(true);
        let Some(versions) = self.versions() else { return };
        let at = self.compared.row;
        let differs = |row: usize| versions.lines.get(row).is_some_and(crate::model::versions::Line::differs);
        let begins = |row: &usize| differs(*row) && (*row == 0 || !differs(*row - 1));
        let found = match forward {
            true => (at + 1..versions.lines.len()).find(begins),
            false => (0..at).rev().find(begins),
        };
        match found {
            Some(row) => self.compared.row = row,
            None => self.say("there is no further difference".to_owned()),
        }
    }
}
