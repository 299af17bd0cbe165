//! What is typed at the bottom: a search or a filter.

use super::live::Stream;
use super::place::Pane;
use super::tree::matches;
use super::{Deed, State};
use crate::keys::{Key, Screen};
use crate::model::interleave::Kind;

/// What is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    Search,
    Filter,
    /// A line for the program that runs beside.
    Line,
}

/// The search, and what is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    pub typing: Option<Typing>,
    /// What is looked for.
    pub text: String,
    /// Nothing was found.
    pub failed: bool,
}

impl Prompt {
    pub(super) fn clear(&mut self) {
        *self = Prompt::default();
    }
}

impl State {
    pub(super) fn start_typing(&mut self, typing: Typing) {
        let text = if typing == Typing::Filter { self.tree.filter.clone() } else { String::new() };
        self.prompt = Prompt { typing: Some(typing), text, failed: false };
    }

    pub(super) fn type_prompt(&mut self, key: Key) {
        match key {
            Key::Char(c) => self.prompt.text.push(c),
            Key::Backspace => drop(self.prompt.text.pop()),
            Key::Control('u') => self.prompt.text.clear(),
            Key::Enter => return self.end_typing(),
            Key::Control('d') if self.prompt.typing == Some(Typing::Line) => {
                self.say("the program's input has ended".to_owned());
                self.deeds.push(Deed::Feed(None));
                return self.prompt.clear();
            }
            Key::Escape | Key::Control('c') => {
                if self.prompt.typing == Some(Typing::Filter) {
                    self.filter(String::new());
                }
                return self.prompt.clear();
            }
            _ => return,
        }
        match self.prompt.typing {
            Some(Typing::Line) => {}
            Some(Typing::Filter) => {
                let text = self.prompt.text.to_lowercase();
                self.filter(text);
                self.prompt.failed = self.tree.rows.is_empty();
            }
            _ => self.find(true, 0),
        }
    }

    fn end_typing(&mut self) {
        match self.prompt.typing.take() {
            Some(Typing::Filter) => self.prompt.clear(),
            Some(Typing::Line) => {
                let line = std::mem::take(&mut self.prompt.text);
                self.output(Stream::Input, format!("{line}\n").as_bytes());
                self.deeds.push(Deed::Feed(Some(line)));
            }
            _ if self.prompt.text.is_empty() => self.prompt.clear(),
            _ => {}
        }
    }

    pub(super) fn filter(&mut self, text: String) {
        let Some(loaded) = self.loaded.clone() else { return };
        let key = self.key();
        self.tree.filter = text;
        self.tree.rebuild(&loaded, key.as_ref());
        self.look();
    }

    /// Goes to the next row that holds the text, `from` rows away at least, around the end if need be.
    pub(super) fn find(&mut self, forward: bool, from: usize) {
        let wanted = self.prompt.text.to_lowercase();
        let (at, rows) = self.cursor();
        if rows == 0 || wanted.is_empty() {
            return;
        }
        let at = at.min(rows - 1);
        let row_at = |distance: usize| match forward {
            true => (at + distance) % rows,
            false => (at + rows - distance % rows) % rows,
        };
        let found = (from..from + rows).map(row_at).find(|&row| self.holds(row, &wanted));
        self.prompt.failed = found.is_none();
        if let Some(row) = found {
            self.go(row);
        }
    }

    fn holds(&self, row: usize, wanted: &str) -> bool {
        if let Some(loaded) = self.loaded()
            && self.is_in_tree()
        {
            return self.tree.rows.get(row).is_some_and(|row| matches(loaded, row.row as usize, wanted));
        }
        self.line_text(row).to_lowercase().contains(wanted)
    }

    /// What a row of the pane says, as it would be copied.
    pub fn line_text(&self, row: usize) -> String {
        match self.screen {
            Screen::Code if self.pane != Pane::Loops => self.code_text(row),
            Screen::Loops | Screen::Code | Screen::Latency => self.tree_text(row),
            _ => self.list_text(row),
        }
    }

    fn tree_text(&self, row: usize) -> String {
        let found = self.tree.rows.get(row).zip(self.loaded());
        found.map_or_else(String::new, |(row, loaded)| {
            let row = &loaded.report.loops[row.row as usize];
            match &row.location {
                Some(place) => format!("{} {}:{} {}", row.name, place.file, place.line, place.function),
                None => format!("{} {}", row.name, row.label),
            }
        })
    }

    fn code_text(&self, row: usize) -> String {
        let Some(detail) = self.detail() else { return String::new() };
        let code = detail.frames.get(self.place.frame as usize);
        let text = match self.pane {
            Pane::Loops => None,
            Pane::Source => code.and_then(|code| code.source.as_ref().ok()?.lines.get(row).cloned()),
            Pane::Bytecode => {
                code.and_then(|code| Some(code.bytecode.as_ref().ok()?.rows.get(row)?.text.clone()))
            }
            Pane::Trace => self.op_text(row),
            Pane::Machine => {
                let machine = detail.machine.as_ref().ok();
                machine.and_then(|machine| Some(machine.rows.get(row)?.text.to_string()))
            }
            Pane::Interleaved => self.column.visible.get(row).and_then(|item| self.item_text(*item)),
        };
        text.unwrap_or_default()
    }

    fn op_text(&self, op: usize) -> Option<String> {
        let op = self.detail()?.trace.as_ref().ok()?.ops.get(op)?;
        Some(if self.switches.raw { op.text.to_string() } else { op.readable.to_string() })
    }

    fn item_text(&self, item: u32) -> Option<String> {
        let detail = self.detail()?;
        let trace = detail.trace.as_ref().ok()?;
        match detail.interleaved.items.get(item as usize)?.kind {
            Kind::Op(op) => self.op_text(op as usize),
            Kind::Point(point) => Some(trace.points.get(point as usize)?.opcode.to_string()),
            Kind::Call(frame) => Some(trace.frames.get(frame as usize)?.function.clone()),
            Kind::Line { frame, line } => {
                let source = detail.frames.get(frame as usize)?.source.as_ref().ok()?;
                source.lines.get((line as usize).checked_sub(1)?).cloned()
            }
        }
    }
}
