//! A viewer without a terminal, a clerk or a disk.

use logs::{Holder, Radix};
use loopscope_viewer::clerk::{Against, Answer, Beside};
use loopscope_viewer::keys::Key;
use loopscope_viewer::library::{Change, Library, Progress, Text};
use loopscope_viewer::state::State;
use loopscope_viewer::theme::{Depth, Theme};
use loopscope_viewer::{Spot, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use std::sync::Arc;

/// `shapes.py`, run by us with `run --log`.
pub const OURS: &[u8] = include_bytes!("../data/ours.pypylog");
/// The same, run by PyPy 7.3 with `PYPYLOG=jit-log-opt,jit-backend,jit-summary,jit-tracing,jit-log-noopt:FILE`.
pub const PYPY: &[u8] = include_bytes!("../data/pypy.pypylog");
/// Made by hand.
pub const SAMPLE: &[u8] = include_bytes!("../data/sample.pypylog");

/// Without colours, so that a screen is its text.
pub const PLAIN: Theme = Theme { depth: Depth::None, light: false };

/// A disk with one file on it.
pub struct Shelf;

impl Library for Shelf {
    fn open(&mut self, _: Progress<'_>) -> std::io::Result<Box<dyn Text>> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn changed(&mut self) -> std::io::Result<Change> {
        Ok(Change::Same)
    }

    fn source(&self, path: &str) -> Option<Vec<u8>> {
        path.ends_with("shapes.py").then(|| include_bytes!("../data/shapes.py").to_vec())
    }
}

/// A log in memory.
pub struct Bytes(Vec<u8>);

impl Holder for Bytes {
    fn passed(&self, _: std::ops::Range<usize>) {}
}

impl Text for Bytes {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The same program's log before something in it was changed: three operations more, two less.
pub fn older() -> Vec<u8> {
    let text = String::from_utf8(OURS.to_vec()).unwrap();
    let more = "+156: p99 = call_r(ConstClass(look_up), i6, i9, descr=<Callr 8 ii EF=5 OS=0>)\n\
                guard_no_exception(p99, descr=<Guard0x777>) []\np98 = call_r(ConstClass(box_float), f1) # box_float\n";
    let kept = text.lines().filter(|line| !line.contains(" = getlistitem(")).flat_map(|line| {
        let is_there = line.starts_with("debug_merge_point(0, 0, 'total;") && line.contains("STORE_FAST");
        [line, if is_there { more.trim_end() } else { "" }]
    });
    let lines: Vec<&str> = kept.filter(|line| !line.is_empty()).collect();
    (lines.join("\n") + "\n").into_bytes()
}

/// A log that is looked at.
pub struct Session<'a> {
    pub state: State,
    pub spot: Spot<'a>,
}

/// Opens a log.
pub fn with<T>(bytes: &[u8], look: impl FnOnce(&mut Session<'_>) -> T) -> T {
    let (log, diagnostics) = logs::parse(bytes, Radix::Sixteen);
    look(&mut Session::new(Spot::new(&log, &diagnostics, Beside::default())))
}

/// Opens a log beside an older one.
pub fn with_two<T>(bytes: &[u8], old: &[u8], look: impl FnOnce(&mut Session<'_>) -> T) -> T {
    let (log, diagnostics) = logs::parse(bytes, Radix::Sixteen);
    let report = profiler::analyze(&logs::parse(old, Radix::Sixteen).0);
    let text = Box::new(Bytes(old.to_vec()));
    let against = Some(Arc::new(Against { report, text, radix: Radix::Sixteen }));
    look(&mut Session::new(Spot::new(&log, &diagnostics, Beside { against, ..Beside::default() })))
}

impl<'a> Session<'a> {
    fn new(spot: Spot<'a>) -> Session<'a> {
        let mut state = State::new(None);
        state.resize(120, 40);
        state.receive(Answer::Loaded(spot.loaded().clone()));
        let mut session = Session { state, spot };
        session.answer();
        session
    }

    pub fn press(&mut self, key: Key) {
        self.state.press(key);
        self.answer();
    }

    pub fn answer(&mut self) {
        self.spot.answer(&mut self.state, &Shelf);
    }

    /// Types characters; `\n` is Enter, `\t` Tab, `<` at the end of a word is itself.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for c in keys.chars() {
            self.press(match c {
                '\n' => Key::Enter,
                '\t' => Key::Tab,
                '\u{8}' => Key::Backspace,
                '\u{1b}' => Key::Escape,
                c => Key::Char(c),
            });
        }
        self
    }

    /// The name of the selected loop.
    pub fn name(&self) -> &str {
        &self.spot.loaded().nodes[self.state.selected().expect("a loop is selected")].name
    }

    pub fn screen(&mut self, width: u16, height: u16) -> String {
        view::text(&self.buffer(width, height, PLAIN))
    }

    pub fn buffer(&mut self, width: u16, height: u16, theme: Theme) -> Buffer {
        self.state.resize(width, height);
        self.answer();
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| drop(view::draw(frame, &self.state, theme))).unwrap();
        terminal.backend().buffer().clone()
    }
}
