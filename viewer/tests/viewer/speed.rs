//! Keys answer however large the log is. How fast is a benchmark: `cargo bench -p loopscope-viewer`.

use crate::common::{PLAIN, with};
use crate::large::{large, script};
use loopscope_viewer::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

#[test]
fn every_key_answers() {
    let log = large();
    with(log.as_bytes(), |session| {
        session.state.resize(200, 60);
        let mut terminal = Terminal::new(TestBackend::new(200, 60)).unwrap();
        for key in script() {
            session.state.press(key);
            terminal.draw(|frame| drop(view::draw(frame, &session.state, PLAIN))).unwrap();
            session.answer();
            let drawn = terminal.draw(|frame| drop(view::draw(frame, &session.state, PLAIN))).unwrap();
            assert!(
                drawn.buffer.content().iter().any(|cell| cell.symbol() != " "),
                "{key:?} clears the screen"
            );
        }
    });
}
