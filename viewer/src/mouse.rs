//! Clicks and the wheel, by what was drawn where.

use crate::keys::Key;
use crate::state::State;
use crate::view::{Target, What, tab_places};
use ratatui::layout::Position;

/// A click selects; the second one opens.
pub(crate) fn click(state: &mut State, targets: &[Target], (x, y): (u16, u16), again: bool) {
    if state.help().is_some() {
        return state.press(Key::Escape);
    }
    let Some(target) = find(targets, x, y) else { return };
    match target.what {
        What::Tabs => {
            let column = usize::from(x - target.area.x);
            let tab =
                tab_places(state.screens(), target.area.width).find(|(_, place)| place.contains(&column));
            if let Some((screen, _)) = tab {
                let digit = char::from_digit(screen as u32 + 1, 10).unwrap_or('1');
                state.press(Key::Char(digit));
            }
        }
        What::Time => state.point(usize::from(x - target.area.x), target.rows),
        What::List | What::Versions | What::Pane(_) => {
            focus(state, target.what);
            let row = target.first + usize::from(y - target.area.y);
            if row < target.rows {
                state.go(row);
                if again {
                    state.press(Key::Enter);
                }
            }
        }
    }
}

/// The wheel moves what it is over.
pub(crate) fn scroll(state: &mut State, targets: &[Target], (x, y): (u16, u16), by: isize) {
    let key = if by > 0 { Key::Down } else { Key::Up };
    match find(targets, x, y).map(|target| target.what) {
        Some(What::Time) => state.press(Key::Char(if by > 0 { '-' } else { '+' })),
        Some(what @ (What::Pane(_) | What::List | What::Versions)) => {
            focus(state, what);
            (0..by.unsigned_abs()).for_each(|_| state.press(key));
        }
        _ => (0..by.unsigned_abs()).for_each(|_| state.press(key)),
    }
}

/// What is pointed at has the keys.
fn focus(state: &mut State, what: What) {
    match what {
        What::Pane(pane) => state.focus(pane),
        What::List => state.focus_versions(false),
        What::Versions => state.focus_versions(true),
        What::Tabs | What::Time => {}
    }
}

fn find(targets: &[Target], x: u16, y: u16) -> Option<Target> {
    targets.iter().rev().find(|target| target.area.contains(Position { x, y })).copied()
}
