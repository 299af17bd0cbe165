//! Whole screens at three sizes, as text. `BLESS=1` writes them anew.

use logs::{Log, Radix};
use loopscope_viewer::keys::Key;
use loopscope_viewer::model::Model;
use loopscope_viewer::state::State;
use loopscope_viewer::theme::Theme;
use loopscope_viewer::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::path::Path;

const SAMPLE: &[u8] = include_bytes!("sample.log");

fn with_sample(look: impl FnOnce(&mut State<'_>)) {
    let (log, diagnostics) = logs::parse(SAMPLE, Radix::Sixteen);
    assert_eq!(diagnostics, []);
    with_log(&log, look);
}

fn with_log(log: &Log<'_>, look: impl FnOnce(&mut State<'_>)) {
    let nothing_there = |_: &str| None;
    look(&mut State::new(Model::new(log, profiler::analyze(log), &nothing_there)));
}

fn screen(state: &State<'_>, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| view::draw(frame, state, Theme { color: false })).unwrap();
    let lines = terminal.backend().buffer().content().chunks(usize::from(width));
    let text = lines.map(|cells| cells.iter().map(|cell| cell.symbol()).collect::<String>());
    text.map(|line| format!("{}\n", line.trim_end())).collect()
}

fn check(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/screens").join(format!("{name}.txt"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == found, "{name}: expected\n{expected}\nfound\n{found}");
}

#[test]
fn wide() {
    with_sample(|state| check("wide", &screen(state, 120, 40)));
}

#[test]
fn ordinary() {
    with_sample(|state| check("ordinary", &screen(state, 80, 24)));
}

#[test]
fn small() {
    with_sample(|state| {
        state.press(Key::Down);
        check("small", &screen(state, 50, 12));
    });
}

#[test]
fn panes_without_data_say_what_would_help() {
    with_sample(|state| {
        state.press(Key::Down);
        check("missing", &screen(state, 100, 30));
    });
}

#[test]
fn bytecode_in_a_narrow_screen() {
    with_sample(|state| {
        [Key::Tab, Key::Tab].into_iter().for_each(|key| state.press(key));
        check("bytecode", &screen(state, 80, 24));
    });
}

#[test]
fn help() {
    with_sample(|state| {
        state.press(Key::Char('?'));
        check("help", &screen(state, 80, 24));
    });
}

#[test]
fn search() {
    with_sample(|state| {
        "/count".chars().for_each(|c| state.press(Key::Char(c)));
        check("search", &screen(state, 80, 24));
    });
}

#[test]
fn a_log_of_nothing() {
    let (log, _) = logs::parse(b"[1] {jit-summary\n[2] jit-summary}\n", Radix::Sixteen);
    with_log(&log, |state| check("nothing", &screen(state, 80, 24)));
}

#[test]
fn no_size_is_too_small() {
    with_sample(|state| {
        for (width, height) in [(1, 1), (3, 2), (10, 3), (200, 2), (2, 60)] {
            screen(state, width, height);
            state.press(Key::Char('?'));
            screen(state, width, height);
            state.press(Key::Char('?'));
        }
    });
}
