//! What is being looked at. Changed by keys, drawn by somebody else.

use crate::keys::{self, Action, Key};
use crate::model::{Detail, Model, Pane};
use profiler::Sort;

/// How far a page is.
const PAGE: isize = 10;

/// The panes, from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Loops,
    Source,
    Bytecode,
}

impl Focus {
    const ALL: [Focus; 3] = [Focus::Loops, Focus::Source, Focus::Bytecode];

    fn moved(self, by: usize) -> Focus {
        Focus::ALL[(self as usize + by) % Focus::ALL.len()]
    }
}

/// The state of the screen.
pub struct State<'a> {
    model: Model<'a>,
    detail: Detail,
    selected: usize,
    focus: Focus,
    sort: Sort,
    /// How far the source and the bytecode are scrolled away from the loop's head.
    scrolled: [isize; 2],
    search: Search,
    help: bool,
    done: bool,
}

/// The search for a loop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Is it being typed?
    pub typing: bool,
    /// What is looked for.
    pub text: String,
    /// Nothing was found.
    pub failed: bool,
}

impl<'a> State<'a> {
    /// The most expensive loop is looked at first.
    pub fn new(mut model: Model<'a>) -> State<'a> {
        model.report.sort(Sort::Ticks);
        State {
            detail: model.detail(0),
            model,
            selected: 0,
            focus: Focus::Loops,
            sort: Sort::Ticks,
            scrolled: [0; 2],
            search: Search::default(),
            help: false,
            done: false,
        }
    }

    /// The report that is shown.
    pub fn report(&self) -> &profiler::Report {
        &self.model.report
    }

    /// Source and bytecode of the selected loop.
    pub fn detail(&self) -> &Detail {
        &self.detail
    }

    /// The selected loop's row.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The pane that the keys are for.
    pub fn focus(&self) -> Focus {
        self.focus
    }

    /// The order of the loops.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// The search.
    pub fn search(&self) -> &Search {
        &self.search
    }

    /// Is the help shown?
    pub fn is_helping(&self) -> bool {
        self.help
    }

    /// Does the reader want to leave?
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The line of a pane's text that is to be in the middle.
    pub fn middle(&self, pane: Focus) -> usize {
        let (text, scrolled) = match pane {
            Focus::Loops => return self.selected,
            Focus::Source => (&self.detail.source, self.scrolled[0]),
            Focus::Bytecode => (&self.detail.bytecode, self.scrolled[1]),
        };
        match text {
            Pane::Text(text) => text.at.saturating_add_signed(scrolled),
            Pane::Missing(_) => 0,
        }
    }

    /// A key was pressed.
    pub fn press(&mut self, key: Key) {
        if self.help {
            self.help = false;
            self.done = keys::action(key) == Some(Action::Quit);
        } else if self.search.typing {
            self.type_search(key);
        } else if let Some(action) = keys::action(key) {
            self.act(action);
        } else if key == Key::Escape {
            self.search = Search::default();
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Up => self.step(-1),
            Action::Down => self.step(1),
            Action::PageUp => self.step(-PAGE),
            Action::PageDown => self.step(PAGE),
            Action::First => self.step(isize::MIN / 2),
            Action::Last => self.step(isize::MAX / 2),
            Action::PaneBehind => self.focus = self.focus.moved(1),
            Action::PaneBefore => self.focus = self.focus.moved(2),
            Action::Sort => self.sort_next(),
            Action::Search => self.search = Search { typing: true, ..Search::default() },
            Action::SearchAgain => self.find(1, 1),
            Action::SearchBack => self.find(-1, 1),
            Action::Help => self.help = true,
            Action::Quit => self.done = true,
        }
    }

    /// Moves within the pane that has the focus.
    fn step(&mut self, by: isize) {
        let (pane, scrolled) = match self.focus {
            Focus::Loops => {
                let last = self.report().loops.len().saturating_sub(1);
                return self.select(self.selected.saturating_add_signed(by).min(last));
            }
            Focus::Source => (&self.detail.source, &mut self.scrolled[0]),
            Focus::Bytecode => (&self.detail.bytecode, &mut self.scrolled[1]),
        };
        if let Pane::Text(text) = pane {
            let last = text.lines.len().saturating_sub(1);
            let to = text.at.saturating_add_signed(scrolled.saturating_add(by)).min(last);
            *scrolled = to as isize - text.at as isize;
        }
    }

    fn select(&mut self, row: usize) {
        if row != self.selected {
            self.selected = row;
            self.look();
        }
    }

    fn look(&mut self) {
        self.detail = self.model.detail(self.selected);
        self.scrolled = [0; 2];
    }

    /// The same loop stays selected, wherever it goes.
    fn sort_next(&mut self) {
        self.sort = match self.sort {
            Sort::Ticks => Sort::Visits,
            Sort::Visits => Sort::Name,
            Sort::Name => Sort::Ticks,
        };
        let name = self.report().loops.get(self.selected).map(|row| row.name.clone());
        self.model.report.sort(self.sort);
        let found = self.report().loops.iter().position(|row| Some(&row.name) == name.as_ref());
        self.selected = found.unwrap_or(0);
        self.look();
    }

    fn type_search(&mut self, key: Key) {
        match key {
            Key::Char(c) => self.search.text.push(c),
            Key::Backspace => drop(self.search.text.pop()),
            Key::Enter => {
                self.search.typing = false;
                return;
            }
            Key::Escape | Key::Control('c') => {
                self.search = Search::default();
                return;
            }
            _ => return,
        }
        self.find(1, 0);
    }

    /// Selects the next loop that matches, `from` rows away at least, around the end if need be.
    fn find(&mut self, direction: isize, from: usize) {
        let rows = &self.model.report.loops;
        let wanted = self.search.text.to_lowercase();
        if rows.is_empty() || wanted.is_empty() {
            return;
        }
        let row_at = |distance: usize| match direction {
            1 => (self.selected + distance) % rows.len(),
            _ => (self.selected + rows.len() - distance % rows.len()) % rows.len(),
        };
        let found = (from..from + rows.len()).map(row_at).find(|&row| matches(&rows[row], &wanted));
        self.search.failed = found.is_none();
        if let Some(row) = found {
            self.select(row);
        }
    }
}

fn matches(row: &profiler::report::LoopReport, wanted: &str) -> bool {
    let holds = |text: &str| text.to_lowercase().contains(wanted);
    let place = row.location.as_ref();
    holds(&row.name)
        || place.map_or_else(|| holds(&row.label), |place| holds(&place.function) || holds(&place.file))
}
