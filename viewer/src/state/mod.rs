//! What is being looked at. Changed by keys, clicks and answers; drawn by somebody else.
//!
//! The state never does anything itself: what it wants to know are [asks](Ask), what it wants done are
//! [deeds](Deed), and whoever drives it takes both.

mod act;
mod code;
pub mod column;
pub mod lists;
pub mod live;
mod periods;
pub mod place;
pub mod prompt;
pub mod span;
pub mod tree;
mod versions;

use crate::clerk::{Answer, Ask, Progress};
use crate::keys::{self, Action, Key, Screen};
use crate::model::loaded::{Extent, Key as RowKey};
use crate::model::{Detail, Loaded, Stage};
use column::Column;
use live::Live;
use place::{Pane, Place};
use prompt::Prompt;
use span::Span;
use std::sync::Arc;
use tree::Tree;
use versions::Compared;

/// Details that are kept.
const KEPT: usize = 16;
/// Operations that are kept with them.
const KEPT_OPS: usize = 400_000;

/// Something that only the terminal or the command can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Puts a text into the clipboard.
    Copy(String),
    /// Opens a file at a line.
    Edit(String, u32),
    SaveText,
    SaveSvg,
    Suspend,
    Redraw,
    /// Interrupts the program that runs beside.
    Interrupt,
    /// Gives it a line of input, or says that none will come.
    Feed(Option<String>),
}

/// A place to return to.
#[derive(Clone, Debug, PartialEq)]
struct Spot {
    key: RowKey,
    stage: Stage,
    place: Place,
    pane: Pane,
    screen: Screen,
}

/// How things are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    pub interleaved: bool,
    pub machine: bool,
    pub bytecode: bool,
    /// One pane over the whole screen.
    pub enlarged: bool,
    /// Operations as the log has them.
    pub raw: bool,
    /// Heat as counts.
    pub counts: bool,
}

/// The state of the screen.
pub struct State {
    /// What the log is called.
    pub(crate) name: String,
    loaded: Option<Arc<Loaded>>,
    progress: Option<Progress>,
    trouble: Option<String>,
    following: Option<bool>,
    screen: Screen,
    pane: Pane,
    tree: Tree,
    /// Columns and lines of the screen.
    size: (u16, u16),
    stage: Stage,
    details: Vec<Arc<Detail>>,
    /// What was asked and not answered.
    asked: Option<(RowKey, Stage)>,
    zooming: bool,
    detail: Option<Arc<Detail>>,
    place: Place,
    /// Where to go when the detail comes.
    arriving: Option<Place>,
    column: Column,
    back: Vec<Spot>,
    span: Span,
    /// Rows of the screens that are lists.
    rows: [usize; Screen::ALL.len()],
    /// How far text is moved to the left.
    shift: usize,
    switches: Switches,
    prompt: Prompt,
    help: Option<usize>,
    /// Said at the bottom until the next key.
    note: Option<String>,
    asks: Vec<Ask>,
    deeds: Vec<Deed>,
    done: bool,
    /// Has the reader chosen anything yet?
    touched: bool,
    live: Option<Live>,
    compared: Compared,
}

impl State {
    /// Nothing is known yet.
    pub fn new(following: Option<bool>) -> State {
        State {
            name: String::new(),
            loaded: None,
            progress: None,
            trouble: None,
            following,
            screen: Screen::Overview,
            pane: Pane::Loops,
            tree: Tree::default(),
            size: (80, 24),
            stage: Stage::Optimised,
            details: Vec::new(),
            asked: None,
            zooming: false,
            detail: None,
            place: Place::default(),
            arriving: None,
            column: Column::default(),
            back: Vec::new(),
            span: Span::default(),
            rows: [0; Screen::ALL.len()],
            shift: 0,
            switches: Switches {
                interleaved: false,
                machine: true,
                bytecode: true,
                enlarged: false,
                raw: false,
                counts: false,
            },
            prompt: Prompt::default(),
            help: None,
            note: None,
            asks: Vec::new(),
            deeds: Vec::new(),
            done: false,
            touched: false,
            live: None,
            compared: Compared::default(),
        }
    }

    /// The log, once it was read.
    pub fn loaded(&self) -> Option<&Loaded> {
        self.loaded.as_deref()
    }

    /// How far loading has come, while it goes on.
    pub fn progress(&self) -> Option<Progress> {
        self.progress
    }

    /// Why the log is not what it should be.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Is the log followed? Nothing if nobody wanted that.
    pub fn following(&self) -> Option<bool> {
        self.following
    }

    pub fn screen(&self) -> Screen {
        self.screen
    }

    /// The pane that keys are for, on the code screen.
    pub fn pane(&self) -> Pane {
        self.pane
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The selected row of the report.
    pub fn selected(&self) -> Option<usize> {
        self.tree.row()
    }

    /// The selected loop in detail, if it is here already.
    pub fn detail(&self) -> Option<&Detail> {
        self.detail.as_deref()
    }

    pub fn stage(&self) -> Stage {
        self.stage
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    pub fn column(&self) -> &Column {
        &self.column
    }

    pub fn span(&self) -> &Span {
        &self.span
    }

    /// The row of a screen that is a list.
    pub fn row(&self, screen: Screen) -> usize {
        self.rows[screen as usize]
    }

    pub fn shift(&self) -> usize {
        self.shift
    }

    pub fn switches(&self) -> Switches {
        self.switches
    }

    pub fn prompt(&self) -> &Prompt {
        &self.prompt
    }

    /// The first line of the help, while it is shown.
    pub fn help(&self) -> Option<usize> {
        self.help
    }

    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// How many places there are to return to.
    pub fn trail(&self) -> usize {
        self.back.len()
    }

    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Does the reader want to leave?
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// What the state wants to know.
    pub fn take_asks(&mut self) -> Vec<Ask> {
        self.want();
        std::mem::take(&mut self.asks)
    }

    /// What the state wants to be done.
    pub fn take_deeds(&mut self) -> Vec<Deed> {
        std::mem::take(&mut self.deeds)
    }

    /// Says something at the bottom.
    pub fn say(&mut self, note: String) {
        self.note = Some(note);
    }

    /// The screen has another size.
    pub fn resize(&mut self, columns: u16, lines: u16) {
        self.size = (columns, lines);
    }

    /// An answer has come.
    pub fn receive(&mut self, answer: Answer) {
        match answer {
            Answer::Progress(progress) => self.progress = Some(progress),
            Answer::Trouble(trouble) => {
                self.progress = None;
                self.trouble = Some(trouble);
            }
            Answer::Loaded(loaded) => self.load(loaded),
            Answer::Detail(detail) => self.keep(detail),
            Answer::Versions(versions) => self.keep_versions(versions),
            Answer::Zoom(_, line) => {
                self.zooming = false;
                self.span.give(line);
            }
        }
    }

    /// A key was pressed.
    pub fn press(&mut self, key: Key) {
        self.note = None;
        if let Some(live) = self.live.as_mut().filter(|_| keys::action(key) != Some(Action::Quit)) {
            live.leaving = false;
        }
        if self.help.is_some() {
            self.press_help(key);
        } else if self.prompt.typing.is_some() {
            self.type_prompt(key);
        } else if let Some(action) = keys::action(key) {
            self.touched |= !action.shows_a_screen();
            self.act(action);
        } else if key == Key::Escape {
            self.escape();
        }
    }

    fn press_help(&mut self, key: Key) {
        let lines = keys::BINDINGS.len();
        let page = self.page();
        self.help = match (keys::action(key), self.help) {
            (Some(Action::Down), Some(at)) => Some((at + 1).min(lines)),
            (Some(Action::PageDown), Some(at)) => Some((at + page).min(lines)),
            (Some(Action::Up), Some(at)) => Some(at.saturating_sub(1)),
            (Some(Action::PageUp), Some(at)) => Some(at.saturating_sub(page)),
            _ => None,
        };
    }

    fn escape(&mut self) {
        if self.span.anchor.take().is_some() {
            return;
        }
        self.prompt.clear();
        if !self.tree.filter.is_empty() {
            self.filter(String::new());
        }
    }

    /// The log was read, or read again: what was looked at stays, wherever it is now.
    fn load(&mut self, loaded: Arc<Loaded>) {
        if loaded.extent == Extent::Whole {
            self.progress = None;
        }
        self.trouble = None;
        let was_whole = self.loaded().is_none_or(|before| before.extent == Extent::Whole);
        // Whoever has not chosen a loop while the log was read looks at the one that matters most.
        let key = if was_whole || self.touched { self.key() } else { None };
        match &self.loaded {
            Some(before) => self.span.grown(&before.timeline, &loaded.timeline),
            None => self.span = Span::whole(&loaded.timeline),
        }
        self.tree.rebuild(&loaded, key.as_ref());
        let is_same = key.is_some() && key == self.tree.row().map(|row| loaded.nodes[row].key.clone());
        if let Some(before) = self.loaded.replace(loaded) {
            // Taking a hundred thousand rows apart takes longer than a key may.
            std::thread::spawn(move || drop(before));
        }
        // Counts have changed; until the new detail is here, the old one is better than none.
        self.details.clear();
        self.asked = None;
        self.zooming = false;
        self.drop_versions();
        if is_same {
            self.arriving = Some(self.place);
        } else {
            self.detail = None;
        }
    }

    /// The selected row's name that lasts.
    fn key(&self) -> Option<RowKey> {
        Some(self.loaded()?.nodes.get(self.tree.row()?)?.key.clone())
    }

    fn keep(&mut self, detail: Arc<Detail>) {
        if self.asked.as_ref() == Some(&(detail.key.clone(), detail.stage)) {
            self.asked = None;
        }
        self.details.retain(|known| known.key != detail.key || known.stage != detail.stage);
        self.details.push(detail);
        let ops = |detail: &Arc<Detail>| detail.trace.as_ref().map_or(0, |trace| trace.ops.len());
        while self.details.len() > 1
            && (self.details.len() > KEPT || self.details.iter().map(ops).sum::<usize>() > KEPT_OPS)
        {
            self.details.remove(0);
        }
        self.look();
    }

    /// Shows the selected row's detail, if it is here.
    fn look(&mut self) {
        let Some(key) = self.key() else { return };
        let stage = self.stage;
        let is_wanted = |detail: &Arc<Detail>| detail.key == key && detail.stage == stage;
        let Some(found) = self.details.iter().find(|detail| is_wanted(detail)).cloned() else {
            if !self.detail.as_ref().is_some_and(is_wanted) {
                self.detail = None;
            }
            return;
        };
        if self.detail.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &found)) {
            return;
        }
        let shown_before = self.detail.take().filter(is_wanted);
        let same_rows = shown_before.is_some_and(|shown| shown.interleaved == found.interleaved);
        if !same_rows {
            self.column = Column::of(&found.interleaved);
        }
        self.place = match self.arriving.take() {
            Some(place) if (place.frame as usize) < found.frames.len().max(1) => place,
            _ => Place::head(&found),
        };
        self.detail = Some(found);
    }

    /// Asks for what the screen shows and the state does not have.
    fn want(&mut self) {
        self.want_versions();
        let Some(loaded) = &self.loaded else { return };
        if self.screen == Screen::Code
            && self.asked.is_none()
            && let Some(key) = self.key()
        {
            let is_here = self.details.iter().any(|detail| detail.key == key && detail.stage == self.stage);
            if !is_here {
                self.asked = Some((key.clone(), self.stage));
                self.asks.push(Ask::Detail(key, self.stage));
            }
        }
        if self.screen == Screen::Timeline
            && !self.zooming
            && let Some(window) = self.span.wanted(&loaded.timeline, u64::from(self.size.0))
        {
            self.zooming = true;
            self.asks.push(Ask::Zoom(window));
        }
    }

    /// How far a page is.
    fn page(&self) -> usize {
        usize::from(self.size.1 / 2).max(1)
    }
}
