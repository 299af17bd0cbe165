//! Who brings state, clerk and terminal together.
//!
//! One turn: what has come from the clerk and from the terminal, then what the state asks for and wants done, then,
//! if anything changed, one drawing. An answer that comes within the blink of an eye is waited for: a pane that shows
//! `…` for a moment is a flicker.

use crate::clerk::{Answer, Ask, Beside, Clerk, Desk, OldLog, load};
use crate::library::{Host, Library};
use crate::model::{Loaded, Maker};
use crate::mouse;
use crate::state::{Deed, State};
use crate::term::{self, Input, Terminal};
use crate::theme::Theme;
use crate::view::{self, Target};
use logs::{Diagnostic, Log, Radix};
use ratatui::buffer::Buffer;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How to show a log.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the log is called where it does not say what ran.
    pub name: String,
    pub theme: Theme,
    pub radix: Radix,
    /// Look whether the log grows, by oneself.
    pub follow: bool,
}

/// How long an answer is waited for before the screen is drawn without it.
const BLINK: Duration = Duration::from_millis(5);
/// How often answers are looked for while some are due.
const BUSY: Duration = Duration::from_millis(15);
/// How often signals are looked for when nothing else happens.
const IDLE: Duration = Duration::from_millis(100);

/// Shows a log until its reader leaves.
pub fn run<L: Library + 'static>(
    library: L,
    beside: Beside,
    host: &mut dyn Host,
    options: Options,
) -> io::Result<()> {
    let (asks, asked) = channel();
    let (answers, answered) = channel();
    let clerk = Clerk { library, radix: options.radix, follow: options.follow, beside };
    // Not waited for at the end: it may be in the middle of a large log, and holds nothing but memory.
    thread::Builder::new().name("clerk".to_owned()).spawn(move || clerk.work(&asked, &answers))?;
    let mut state = State::new(options.follow.then_some(true));
    state.name = options.name;
    if host.program().is_some() {
        state.run_beside();
    }
    let terminal = Terminal::open()?;
    let mut viewer = Viewer {
        state,
        terminal,
        theme: options.theme,
        asks,
        answered,
        targets: Vec::new(),
        shown: Buffer::default(),
        due: true,
        clicked: None,
    };
    let ending = viewer.work(host);
    drop(viewer);
    match ending? {
        Some(signal) => {
            host.leave();
            term::die_of(signal)
        }
        None => Ok(()),
    }
}

struct Viewer {
    state: State,
    terminal: Terminal,
    theme: Theme,
    asks: Sender<Ask>,
    answered: Receiver<Answer>,
    targets: Vec<Target>,
    /// What the screen shows.
    shown: Buffer,
    /// Is an answer due?
    due: bool,
    clicked: Option<(u16, u16, Instant)>,
}

impl Viewer {
    /// Until the reader leaves, or a signal ends us: then its number.
    fn work(&mut self, host: &mut dyn Host) -> io::Result<Option<i32>> {
        let mut changed = true;
        while !self.state.is_done() {
            if let Some(signal) = self.terminal.ending() {
                return Ok(Some(signal));
            }
            changed |= self.signals()?;
            changed |= self.answers()?;
            changed |= self.program(host);
            if self.ask() {
                changed |= self.wait()?;
            }
            if changed {
                self.draw()?;
            }
            changed = self.inputs(host)?;
        }
        Ok(None)
    }

    fn draw(&mut self) -> io::Result<()> {
        let (columns, lines) = self.terminal.size()?;
        self.state.resize(columns, lines);
        let (state, theme, targets) = (&self.state, self.theme, &mut self.targets);
        self.shown = self.terminal.draw(|frame| *targets = view::draw(frame, state, theme))?;
        Ok(())
    }

    fn signals(&mut self) -> io::Result<bool> {
        if self.terminal.is_to_suspend() {
            self.terminal.suspend()?;
            return Ok(true);
        }
        if self.terminal.was_woken() {
            self.terminal.clear()?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Takes what the clerk has answered.
    fn answers(&mut self) -> io::Result<bool> {
        let mut changed = false;
        loop {
            match self.answered.try_recv() {
                Ok(answer) => {
                    self.receive(answer);
                    changed = true;
                }
                Err(TryRecvError::Empty) => return Ok(changed),
                Err(TryRecvError::Disconnected) => return Err(gone()),
            }
        }
    }

    /// Takes what the program that runs beside has written, and how it has ended.
    fn program(&mut self, host: &mut dyn Host) -> bool {
        let Some(program) = host.program() else { return false };
        // What was written before the end came before it.
        let ended = program.ended();
        let output = program.output();
        let is_news = ended.is_some() && self.state.live().is_some_and(|live| live.ended().is_none());
        output.iter().for_each(|(stream, bytes)| self.state.output(*stream, bytes));
        ended.into_iter().for_each(|how| self.state.ended(how));
        is_news || !output.is_empty()
    }

    fn receive(&mut self, answer: Answer) {
        self.due = matches!(answer, Answer::Progress(_));
        self.state.receive(answer);
    }

    /// Hands on what the state asks; is anything to come of it?
    fn ask(&mut self) -> bool {
        let asks = self.state.take_asks();
        let any = !asks.is_empty();
        self.due |= any;
        // Whether the clerk is still there, answers tell.
        asks.into_iter().for_each(|ask| drop(self.asks.send(ask)));
        any
    }

    /// Waits for an answer, a little.
    fn wait(&mut self) -> io::Result<bool> {
        match self.answered.recv_timeout(BLINK) {
            Ok(answer) => {
                self.receive(answer);
                Ok(true)
            }
            Err(RecvTimeoutError::Timeout) => Ok(false),
            Err(RecvTimeoutError::Disconnected) => Err(gone()),
        }
    }

    /// Takes everything that has been typed; has anything changed?
    fn inputs(&mut self, host: &mut dyn Host) -> io::Result<bool> {
        let mut wait = if self.due { BUSY } else { IDLE };
        let mut changed = false;
        while let Some(input) = self.terminal.input(wait)? {
            wait = Duration::ZERO;
            changed = true;
            self.input(input);
            for deed in self.state.take_deeds() {
                self.do_it(deed, host)?;
            }
            // What is typed next may depend on what the screen would show by now.
            if self.ask() {
                self.wait()?;
            }
            if self.state.is_done() {
                break;
            }
        }
        Ok(changed)
    }

    fn input(&mut self, input: Input) {
        match input {
            Input::Key(key) => self.state.press(key),
            Input::Scroll(x, y, by) => mouse::scroll(&mut self.state, &self.targets, (x, y), by),
            Input::Click(x, y) => {
                const TWICE: Duration = Duration::from_millis(400);
                let again = self
                    .clicked
                    .is_some_and(|(at_x, at_y, when)| (at_x, at_y) == (x, y) && when.elapsed() < TWICE);
                self.clicked = Some((x, y, Instant::now()));
                mouse::click(&mut self.state, &self.targets, (x, y), again);
            }
            Input::Resize => {}
        }
    }

    fn do_it(&mut self, deed: Deed, host: &mut dyn Host) -> io::Result<()> {
        match deed {
            Deed::Copy(text) => self.terminal.copy(&text)?,
            Deed::Edit(file, line) => {
                let edited = self.terminal.lend(|| host.edit(&file, line))?;
                if let Err(error) = edited {
                    self.state.say(format!("can't edit '{file}': {error}"));
                }
            }
            Deed::SaveText => self.save(host, "txt", &view::text(&self.shown)),
            Deed::SaveSvg => self.save(host, "svg", &view::svg(&self.shown, self.theme)),
            Deed::Suspend => self.terminal.suspend()?,
            Deed::Redraw => self.terminal.clear()?,
            Deed::Interrupt => host.program().into_iter().for_each(|program| program.interrupt()),
            Deed::Feed(line) => host.program().into_iter().for_each(|program| program.feed(line.as_deref())),
        }
        Ok(())
    }

    fn save(&mut self, host: &mut dyn Host, extension: &str, content: &str) {
        let said = match host.save(extension, content) {
            Ok(name) => format!("saved as {name}"),
            Err(error) => format!("can't save: {error}"),
        };
        self.state.say(said);
    }
}

/// The clerk has panicked, and said why.
fn gone() -> io::Error {
    io::Error::other("the reader of the log has stopped")
}

/// Answers a state's questions on the spot: for tests and measurements, which have no threads.
#[derive(Debug)]
pub struct Spot<'a> {
    log: &'a Log<'a>,
    loaded: Arc<Loaded>,
    beside: Beside,
}

impl<'a> Spot<'a> {
    /// Reads what all screens need.
    pub fn new(log: &'a Log<'a>, diagnostics: &[Diagnostic], beside: Beside) -> Spot<'a> {
        let loaded = Arc::new(load(log, diagnostics, &beside));
        Spot { log, loaded, beside }
    }

    /// What all screens need.
    pub fn loaded(&self) -> &Arc<Loaded> {
        &self.loaded
    }

    /// Answers what a state asks, until it asks no more.
    pub fn answer(&self, state: &mut State, library: &dyn Library) {
        let old = OldLog::of(self.beside.against.as_deref());
        let desk = Desk { library, log: self.log, loaded: &self.loaded, beside: &self.beside, old: &old };
        let mut maker = Maker::new(self.log);
        loop {
            let asks = state.take_asks();
            if asks.is_empty() {
                return;
            }
            asks.iter().for_each(|ask| state.receive(desk.answer(&mut maker, ask)));
        }
    }
}
