//! What keys do, without a screen.

use crate::common::{OURS, PYPY, SAMPLE, Session, older, with, with_two};
use loopscope_viewer::clerk::Ask;
use loopscope_viewer::keys::{Key, Screen};
use loopscope_viewer::model::Stage;
use loopscope_viewer::model::trace::OpKind;
use loopscope_viewer::state::Deed;
use loopscope_viewer::state::place::Pane;

/// The place as words: function, line, operation.
fn place(session: &Session<'_>) -> (String, u32, String) {
    let state = &session.state;
    let trace = state.detail().unwrap().trace.as_ref().unwrap();
    let place = state.place();
    let function = trace.frames[place.frame as usize].function.clone();
    (function, place.line, trace.ops[place.op].readable.to_string())
}

#[test]
fn the_most_expensive_loop_comes_first_and_keys_stop_at_the_ends() {
    with(SAMPLE, |session| {
        session.keys("2");
        assert_eq!(session.name(), "loop0");
        session.keys("kk");
        assert_eq!(session.name(), "loop0");
        session.keys("jjjjjj");
        assert_eq!(session.name(), "loop1");
        session.keys("g");
        assert_eq!(session.name(), "loop0");
    });
}

#[test]
fn moving_in_one_pane_moves_the_others() {
    with(SAMPLE, |session| {
        session.keys("3\t");
        assert_eq!(session.state.pane(), Pane::Source);
        assert_eq!(session.state.place().line, 12);
        session.keys("j");
        let (_, line, op) = place(session);
        assert_eq!((line, op.as_str()), (13, "p0[i1] = 1"));
        let detail = session.state.detail().unwrap();
        let bytecode = detail.frames[0].bytecode.as_ref().unwrap();
        assert_eq!(bytecode.rows[session.state.place().bytecode].line, 13);
        session.keys("\t\tk");
        assert_eq!(session.state.pane(), Pane::Trace);
        assert_eq!(session.state.place().line, 12);
    });
}

#[test]
fn differences_of_two_traces_are_gone_through() {
    with_two(OURS, &older(), |session| {
        session.keys("7j");
        assert!(!session.state.in_versions() && session.state.versions().is_some());
        session.keys("\t");
        let differs = |session: &Session<'_>| {
            let row = session.state.version_row();
            session.state.versions().unwrap().lines[row].differs()
        };
        let first = session.state.version_row();
        assert!(session.state.in_versions() && differs(session));
        session.keys("d");
        let second = session.state.version_row();
        assert!(second > first && differs(session));
        session.keys("D");
        assert_eq!(session.state.version_row(), first);
        session.keys("/call_r\n");
        // Tab gives the keys back to the list, and another loop has other traces.
        session.keys("\tk");
        assert_eq!(session.state.versions().map(|versions| versions.of), Some(0));
        session.keys("j\n");
        assert_eq!(session.state.screen(), Screen::Code);
    });
    with(OURS, |session| {
        session.keys("7\td");
        assert!(!session.state.in_versions());
    });
}

#[test]
fn lines_outside_of_the_trace_can_be_gone_to() {
    with(SAMPLE, |session| {
        session.keys("3\tg");
        assert_eq!(session.state.place().line, 1);
        session.keys("G");
        assert_eq!(session.state.place().line, 17);
    });
}

#[test]
fn inlined_calls_are_entered_and_left() {
    with(PYPY, |session| {
        session.keys("3\t/weigh(shape, 2)\n");
        assert_eq!(session.state.breadcrumbs(), ["total"]);
        session.keys("\n");
        assert_eq!(session.state.breadcrumbs(), ["total", "weigh"]);
        session.keys("\n");
        assert_eq!(session.state.breadcrumbs().len(), 3, "{:?}", session.state.breadcrumbs());
        session.keys("\u{8}");
        assert_eq!(session.state.breadcrumbs(), ["total", "weigh"]);
        session.keys("\u{8}");
        assert_eq!(session.state.breadcrumbs(), ["total"]);
    });
}

#[test]
fn a_guard_opens_its_bridge_and_backspace_returns() {
    for log in [OURS, PYPY] {
        with(log, |session| {
            session.keys("3\t\t\t/→ bridge\n");
            let (before, at) = (session.name().to_owned(), *session.state.place());
            assert!(!session.state.prompt().failed);
            session.keys("\n");
            assert!(session.name().starts_with("bridge"), "{}", session.name());
            assert_ne!(session.name(), before);
            session.keys("\u{8}");
            assert_eq!((session.name(), *session.state.place()), (before.as_str(), at));
        });
    }
}

#[test]
fn stages_are_gone_through() {
    with(PYPY, |session| {
        session.keys("3");
        let ops =
            |session: &Session<'_>| session.state.detail().unwrap().trace.as_ref().map_or(0, |t| t.ops.len());
        let optimised = ops(session);
        session.keys("v");
        assert_eq!(session.state.stage(), Stage::Recorded);
        assert!(ops(session) > optimised);
        session.keys("v");
        // Nobody asked for it when this log was written.
        assert!(
            session
                .state
                .detail()
                .unwrap()
                .trace
                .as_ref()
                .is_err_and(|lack| lack.how().contains("rewritten"))
        );
        session.keys("v");
        assert_eq!(ops(session), optimised);
    });
}

#[test]
fn machine_code_belongs_to_operations() {
    for log in [OURS, PYPY] {
        with(log, |session| {
            session.keys("3");
            let detail = session.state.detail().unwrap();
            let (machine, trace) = (detail.machine.as_ref().unwrap(), detail.trace.as_ref().unwrap());
            let with_code = trace.ops.iter().zip(&machine.of_op).filter(|(op, _)| op.offset.is_some());
            assert!(with_code.clone().count() > 10);
            for (op, row) in with_code.filter(|(op, _)| op.kind != OpKind::Debug) {
                let row = &machine.rows[row.expect("an operation with an offset has code") as usize];
                assert!(row.offset >= op.offset.unwrap(), "{}", op.text);
            }
            let bad = machine.rows.iter().filter(|row| !row.cold && row.text.contains("(bad)")).count();
            assert_eq!(bad, 0);
        });
    }
}

#[test]
fn folding_the_column() {
    with(OURS, |session| {
        session.keys("3i\t");
        assert_eq!(session.state.pane(), Pane::Interleaved);
        let all = session.state.column().visible.len();
        session.keys("Z");
        let folded = session.state.column().visible.len();
        assert!(folded < all / 2, "{folded} of {all}");
        session.keys(" ");
        assert!(session.state.column().visible.len() > folded);
        session.keys("Z");
        assert_eq!(session.state.column().visible.len(), all);
        // What is folded away is shown again when another pane goes there.
        session.keys("Zi\tGi");
        assert!(session.state.column().visible.contains(&(session.state.place().item as u32)));
    });
}

#[test]
fn folding_the_tree() {
    with(PYPY, |session| {
        session.keys("2");
        let all = session.state.tree().rows.len();
        session.keys("Z");
        assert!(session.state.tree().rows.iter().all(|row| row.depth == 0));
        assert!(session.state.tree().rows.len() < all);
        session.keys("Z");
        assert_eq!(session.state.tree().rows.len(), all);
    });
}

#[test]
fn a_search_goes_around_the_end() {
    with(SAMPLE, |session| {
        session.keys("2/SIEVE\n");
        assert_eq!(session.name(), "loop0");
        session.keys("n");
        assert_eq!(session.name(), "loop1");
        session.keys("n");
        assert_eq!(session.name(), "loop0");
        session.keys("N");
        assert_eq!(session.name(), "loop1");
        session.keys("/zebra");
        assert!(session.state.prompt().failed);
        session.press(Key::Escape);
        assert_eq!(session.state.prompt().text, "");
    });
}

#[test]
fn a_filter_keeps_what_matches_hangs_on() {
    with(PYPY, |session| {
        session.keys("2fbridge\n");
        let rows = &session.state.tree().rows;
        assert!(rows.iter().any(|row| row.depth == 0) && rows.iter().any(|row| row.depth > 0));
        session.press(Key::Escape);
        assert_eq!(session.state.tree().filter, "");
    });
}

#[test]
fn every_order_keeps_the_loop() {
    with(OURS, |session| {
        session.keys("2j");
        let before = session.name().to_owned();
        for _ in 0..8 {
            session.keys("oO");
            assert_eq!(session.name(), before);
        }
    });
}

#[test]
fn time_is_zoomed_and_panned() {
    with(OURS, |session| {
        session.keys("4");
        let whole = session.state.span().window.clone();
        session.keys("lllllllllllllll++++");
        let near = session.state.span().window.clone();
        assert!(near.end - near.start <= (whole.end - whole.start) / 15);
        session.keys(&"l".repeat(400));
        assert!(session.state.span().window.start > near.start);
        session.keys("m");
        session.keys(&"h".repeat(5));
        let span = session.state.span().selected();
        session.keys("+");
        assert_eq!(session.state.span().window, span);
        session.keys("0");
        assert_eq!(session.state.span().window, whole);
    });
}

#[test]
fn deeds_are_left_to_others() {
    with(OURS, |session| {
        session.keys("3\tyesS");
        let deeds = session.state.take_deeds();
        assert!(matches!(&deeds[0], Deed::Copy(text) if text.contains("for i in range")), "{deeds:?}");
        assert!(matches!(&deeds[1], Deed::Edit(file, 26) if file.ends_with("shapes.py")), "{deeds:?}");
        assert_eq!(deeds[2..], [Deed::SaveText, Deed::SaveSvg]);
    });
}

#[test]
fn nothing_is_asked_for_that_is_not_shown() {
    with(OURS, |session| {
        session.state.press(Key::Char('2'));
        session.state.press(Key::Char('j'));
        assert_eq!(session.state.take_asks(), []);
        session.state.press(Key::Char('3'));
        assert!(matches!(session.state.take_asks()[..], [Ask::Detail(..)]));
        // One question at a time.
        session.state.press(Key::Char('j'));
        assert_eq!(session.state.take_asks(), []);
        session.answer();
    });
}

#[test]
fn only_scrolling_keys_keep_the_help() {
    with(SAMPLE, |session| {
        session.keys("?j");
        assert_eq!(session.state.help(), Some(1));
        session.keys("2");
        assert_eq!((session.state.help(), session.state.screen()), (None, Screen::Overview));
        session.keys("2/q");
        assert!(!session.state.is_done());
        session.press(Key::Escape);
        session.keys("q");
        assert!(session.state.is_done());
    });
}

#[test]
fn jitviewers_own_keys() {
    with(OURS, |session| {
        session.keys("3");
        session.keys("a");
        assert!(!session.state.panes().contains(&Pane::Machine));
        session.keys("b");
        assert!(!session.state.panes().contains(&Pane::Bytecode));
        session.keys("ab");
        assert_eq!(session.state.panes().len(), 5);
    });
}
