//! How long keys take until their screen is drawn: `cargo bench -p loopscope-viewer`. A frame is 16 ms.

#[path = "../tests/viewer/common.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod common;
#[path = "../tests/viewer/large.rs"]
mod large;

use common::{PLAIN, Session, with};
use loopscope_viewer::keys::Key;
use loopscope_viewer::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::time::{Duration, Instant};

/// How long each key takes until its screen is drawn. What the clerk does meanwhile is not a key's.
fn times(session: &mut Session<'_>, terminal: &mut Terminal<TestBackend>) -> Vec<(Key, Duration)> {
    let mut times = Vec::new();
    for key in large::script() {
        let start = Instant::now();
        session.state.press(key);
        terminal.draw(|frame| drop(view::draw(frame, &session.state, PLAIN))).unwrap();
        let mut taken = start.elapsed();
        let asked = Instant::now();
        session.answer();
        if asked.elapsed() > Duration::from_millis(1) {
            let start = Instant::now();
            terminal.draw(|frame| drop(view::draw(frame, &session.state, PLAIN))).unwrap();
            taken = taken.max(start.elapsed());
        }
        times.push((key, taken));
    }
    times
}

fn main() {
    let log = large::large();
    with(log.as_bytes(), |session| {
        session.state.resize(200, 60);
        let mut terminal = Terminal::new(TestBackend::new(200, 60)).unwrap();
        // The best of three: the machine does other things too.
        let mut best = times(session, &mut terminal);
        for _ in 0..2 {
            session.press(Key::Char('1'));
            for (best, (_, taken)) in best.iter_mut().zip(times(session, &mut terminal)) {
                best.1 = best.1.min(taken);
            }
        }
        best.sort_by_key(|(_, taken)| *taken);
        let at = |percent: usize| best[(best.len() - 1) * percent / 100].1;
        println!("{} keys, p50 {:?}, p99 {:?}", best.len(), at(50), at(99));
        best.iter().rev().take(5).for_each(|(key, taken)| println!("  {key:?}: {taken:?}"));
    });
}
