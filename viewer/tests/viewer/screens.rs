//! Whole screens at three sizes, as text. `INSTA_UPDATE=always` writes them anew.

use crate::common::{OURS, PYPY, SAMPLE, older, with, with_two};
use loopscope_viewer::clerk::{Answer, Progress};
use loopscope_viewer::keys::Key;
use loopscope_viewer::model::Loaded;
use loopscope_viewer::model::loaded::Extent;
use loopscope_viewer::state::live::Stream;
use std::sync::Arc;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// What is looked at, and how one gets there.
const VIEWS: &[(&str, &str)] = &[
    ("overview", ""),
    ("loops", "2"),
    ("code", "3\t"),
    ("trace", "3\t\t\t"),
    ("machine", "3\t\t\t\t"),
    ("interleaved", "3i\t"),
    ("timeline", "4"),
    ("latency", "5"),
    ("aborts", "6"),
    ("diff", "7"),
    ("log", "8"),
    ("help", "?"),
];

fn check(log: &str, bytes: &[u8]) {
    for (name, keys) in VIEWS {
        for (width, height) in SIZES {
            with(bytes, |session| {
                session.state.resize(width, height);
                session.keys(keys);
                let screen = session.screen(width, height);
                insta::assert_snapshot!(format!("{log}-{name}-{width}x{height}"), screen);
            });
        }
    }
}

#[test]
fn our_log() {
    check("ours", OURS);
}

#[test]
fn a_log_of_pypy() {
    check("pypy", PYPY);
}

#[test]
fn what_is_missing_is_said() {
    with(SAMPLE, |session| {
        session.keys("3/loop2\n");
        insta::assert_snapshot!("missing", session.screen(120, 40));
    });
}

#[test]
fn a_log_of_nothing() {
    with(b"[1] {jit-summary\n[2] jit-summary}\n", |session| {
        insta::assert_snapshot!("nothing-overview", session.screen(80, 24));
        session.keys("3");
        insta::assert_snapshot!("nothing-code", session.screen(80, 24));
    });
}

#[test]
fn a_guard_leads_to_its_bridge() {
    with(OURS, |session| {
        session.keys("3\t\t\t/bridge\n");
        insta::assert_snapshot!("guard", session.screen(120, 40));
        session.keys("\n");
        insta::assert_snapshot!("bridge", session.screen(120, 40));
        session.press(Key::Backspace);
        insta::assert_snapshot!("guard", session.screen(120, 40));
    });
}

#[test]
fn two_logs() {
    with_two(OURS, SAMPLE, |session| {
        session.keys("7");
        for (width, height) in SIZES {
            insta::assert_snapshot!(format!("two-{width}x{height}"), session.screen(width, height));
        }
    });
}

#[test]
fn traces_of_two_logs() {
    with_two(OURS, &older(), |session| {
        session.keys("7j\t");
        for (width, height) in SIZES {
            insta::assert_snapshot!(format!("traces-{width}x{height}"), session.screen(width, height));
        }
        session.screen(120, 40);
        session.keys("iz");
        insta::assert_snapshot!("traces-one-column", session.screen(120, 40));
        insta::assert_snapshot!("traces-one-column-80x24", session.screen(80, 24));
    });
}

#[test]
fn what_is_cut_off_is_said() {
    with_two(OURS, &older(), |session| {
        session.keys("7j\tzg");
        let narrow = session.screen(40, 200);
        // One column in any case, so that lines are the same.
        session.screen(400, 200);
        session.keys("i");
        let wide = session.screen(400, 200);
        let mut cut = 0;
        for (short, long) in narrow.lines().zip(wide.lines()).take(199).skip(2) {
            if long.trim_end().chars().count() > 40 {
                assert!(short.trim_end().ends_with('…'), "{short}\n{long}");
                cut += 1;
            }
        }
        assert!(cut > 3, "{narrow}");
    });
}

#[test]
fn prompts_and_notes() {
    with(OURS, |session| {
        session.keys("2fweigh");
        insta::assert_snapshot!("filter", session.screen(80, 24));
        session.keys("\u{1b}/zebra");
        insta::assert_snapshot!("not-found", session.screen(80, 24));
    });
}

#[test]
fn a_program_beside() {
    with(OURS, |session| {
        session.state.run_beside();
        session.state.output(Stream::Output, "what is your name?\n名前は何ですか\n".as_bytes());
        session.state.output(Stream::Errors, b"\x1b[31mTraceback\x1b[0m\n");
        session.keys("9");
        for (width, height) in SIZES {
            insta::assert_snapshot!(format!("output-{width}x{height}"), session.screen(width, height));
        }
        session.keys("wAda");
        insta::assert_snapshot!("output-line", session.screen(80, 24));
        session.keys("\n");
        session.state.ended("exit code 7".to_owned());
        insta::assert_snapshot!("output-ended", session.screen(80, 24));
    });
    with(OURS, |session| {
        insta::assert_snapshot!("output-missing", session.keys("9").screen(80, 24));
    });
}

#[test]
fn a_log_that_is_still_being_read() {
    with(OURS, |session| {
        let loaded = |extent| Loaded { extent, ..(**session.spot.loaded()).clone() };
        let start = Answer::Loaded(Arc::new(loaded(Extent::Start)));
        let outline = Answer::Loaded(Arc::new(Loaded { bytes: 1 << 30, ..loaded(Extent::Outline) }));
        session.state.receive(start);
        session.state.receive(Answer::Progress(Progress::Indexing(300 << 20, 1 << 30)));
        for (width, height) in SIZES {
            insta::assert_snapshot!(format!("reading-{width}x{height}"), session.screen(width, height));
        }
        session.state.receive(outline);
        session.state.receive(Answer::Progress(Progress::Bodies(900 << 20, 1 << 30)));
        insta::assert_snapshot!("reading-bodies", session.screen(80, 24));
        session.keys("7");
        insta::assert_snapshot!("reading-missing", session.screen(80, 24));
    });
}
