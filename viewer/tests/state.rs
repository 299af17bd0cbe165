//! What keys do, without a screen.

use logs::Radix;
use loopscope_viewer::keys::Key;
use loopscope_viewer::model::{Mark, Model, Pane};
use loopscope_viewer::state::{Focus, State};

const SAMPLE: &[u8] = include_bytes!("sample.log");

fn with_sample(look: impl FnOnce(&mut State<'_>)) {
    let (log, _) = logs::parse(SAMPLE, Radix::Sixteen);
    let on_disk = |path: &str| {
        (path == "lib/other.py").then(|| b"def count(n):\n    k = 0\n    for i in n: k += 1\n".to_vec())
    };
    look(&mut State::new(Model::new(&log, profiler::analyze(&log), &on_disk)));
}

fn press(state: &mut State<'_>, keys: &str) {
    keys.chars().for_each(|c| state.press(Key::Char(c)));
}

fn name<'s>(state: &'s State<'_>) -> &'s str {
    &state.report().loops[state.selected()].name
}

fn marked(pane: &Pane, mark: Mark) -> Vec<u32> {
    match pane {
        Pane::Text(text) => {
            text.lines.iter().filter(|line| line.mark == mark).map(|line| line.number).collect()
        }
        Pane::Missing(missing) => panic!("{missing:?}"),
    }
}

#[test]
fn the_most_expensive_loop_comes_first() {
    with_sample(|state| {
        assert_eq!(name(state), "loop0");
        assert_eq!(marked(&state.detail().source, Mark::Head), [12]);
        assert_eq!(marked(&state.detail().source, Mark::Inside), [13]);
        assert_eq!(marked(&state.detail().bytecode, Mark::Head), [41]);
        assert_eq!(marked(&state.detail().bytecode, Mark::Inside), [43, 44, 47, 48]);
    });
}

#[test]
fn keys_stop_at_the_ends() {
    with_sample(|state| {
        press(state, "kk");
        assert_eq!(state.selected(), 0);
        press(state, "jjjjjj");
        assert_eq!(state.selected(), 2);
        press(state, "g");
        assert_eq!(state.selected(), 0);
    });
}

#[test]
fn what_the_log_lacks_comes_from_the_disk() {
    with_sample(|state| {
        press(state, "/other");
        state.press(Key::Enter);
        assert_eq!(name(state), "loop2");
        assert_eq!(marked(&state.detail().source, Mark::Head), [3]);
        assert!(matches!(&state.detail().bytecode, Pane::Missing(missing) if missing.how.contains("--log")));
    });
}

#[test]
fn a_search_goes_around_the_end() {
    with_sample(|state| {
        press(state, "/SIEVE");
        state.press(Key::Enter);
        assert_eq!(name(state), "loop0");
        press(state, "n");
        assert_eq!(name(state), "loop1");
        press(state, "n");
        assert_eq!(name(state), "loop0");
        press(state, "N");
        assert_eq!(name(state), "loop1");
        assert!(!state.search().failed);
        press(state, "/zebra");
        assert!(state.search().failed);
        state.press(Key::Escape);
        assert_eq!(state.search().text, "");
    });
}

#[test]
fn sorting_keeps_the_loop() {
    with_sample(|state| {
        press(state, "j");
        let before = name(state).to_owned();
        for _ in 0..3 {
            press(state, "s");
            assert_eq!(name(state), before);
        }
    });
}

#[test]
fn panes_scroll_by_themselves() {
    with_sample(|state| {
        press(state, "l");
        assert_eq!(state.focus(), Focus::Source);
        press(state, "kkk");
        assert_eq!(state.middle(Focus::Source), 8);
        press(state, "G");
        assert_eq!(state.middle(Focus::Source), 16);
        press(state, "g");
        assert_eq!(state.middle(Focus::Source), 0);
        press(state, "hj");
        assert_eq!((state.focus(), state.selected()), (Focus::Loops, 1));
    });
}

#[test]
fn any_key_closes_the_help_and_q_leaves() {
    with_sample(|state| {
        press(state, "?");
        assert!(state.is_helping());
        press(state, "j");
        assert!(!state.is_helping() && state.selected() == 0);
        press(state, "/q");
        assert!(!state.is_done());
        state.press(Key::Escape);
        press(state, "q");
        assert!(state.is_done());
    });
}
