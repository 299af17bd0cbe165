//! The terminal: opened, read, and given back whatever happens.

use crate::keys::Key;
use crate::state::State;
use crate::theme::Theme;
use crate::view;
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use std::io;

/// A terminal in the mode for drawing. Dropping it, or a panic, puts it back.
pub(crate) struct Terminal(DefaultTerminal);

impl Terminal {
    pub fn open() -> io::Result<Terminal> {
        // This also hooks panics, so that their message is printed on a terminal that shows it.
        Ok(Terminal(ratatui::try_init()?))
    }

    pub fn draw(&mut self, state: &State<'_>, theme: Theme) -> io::Result<()> {
        self.0.draw(|frame| view::draw(frame, state, theme)).map(drop)
    }

    /// Waits for something to happen; `None` if that was no key.
    pub fn key(&mut self) -> io::Result<Option<Key>> {
        Ok(match event::read()? {
            Event::Key(pressed) if pressed.kind != KeyEventKind::Release => {
                key(pressed.code, pressed.modifiers)
            }
            _ => None,
        })
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        ratatui::restore();
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
    Some(match code {
        KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => Key::Control(c),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Tab => Key::Tab,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Backspace => Key::Backspace,
        _ => return None,
    })
}
