//! The terminal: opened, read, and given back whatever happens.
//!
//! It is given back when the viewer ends, when it panics on whichever thread, when a signal ends it, and for as long
//! as it is suspended.

use crate::keys::Key;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::crossterm::cursor;
use ratatui::crossterm::event::{
    self, Event, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{self, BeginSynchronizedUpdate, EndSynchronizedUpdate};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use std::io::{self, Stdout};
use std::sync::Arc;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Something that happened at the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Key(Key),
    Click(u16, u16),
    /// The wheel, at a place, by so many rows.
    Scroll(u16, u16, isize),
    Resize,
}

/// A terminal in the mode for drawing.
pub(crate) struct Terminal {
    inner: ratatui::Terminal<CrosstermBackend<Stdout>>,
    signals: Signals,
}

/// Signals that came.
struct Signals {
    suspend: Arc<AtomicBool>,
    woken: Arc<AtomicBool>,
    /// The number of one that ends us.
    end: Arc<AtomicUsize>,
}

impl Terminal {
    pub fn open() -> io::Result<Terminal> {
        restore_on_panic();
        let signals = Signals::new()?;
        raise_curtain()?;
        let inner = ratatui::Terminal::new(CrosstermBackend::new(io::stdout()));
        Ok(Terminal { inner: inner.inspect_err(|_| lower_curtain())?, signals })
    }

    /// Draws; the terminal shows it at once or not at all.
    pub fn draw(&mut self, draw: impl FnOnce(&mut ratatui::Frame<'_>)) -> io::Result<Buffer> {
        execute!(io::stdout(), BeginSynchronizedUpdate)?;
        let drawn = self.inner.draw(draw).map(|frame| frame.buffer.clone());
        execute!(io::stdout(), EndSynchronizedUpdate)?;
        drawn
    }

    /// Columns and lines.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.inner.size().map(|size| (size.width, size.height))
    }

    /// The next thing that happens within that time.
    pub fn input(&mut self, wait: Duration) -> io::Result<Option<Input>> {
        if !event::poll(wait)? {
            return Ok(None);
        }
        Ok(input(event::read()?))
    }

    /// Draws everything anew next time, onto an empty screen.
    pub fn clear(&mut self) -> io::Result<()> {
        // Ratatui's own clearing asks the terminal where its cursor is, and some never answer.
        execute!(io::stdout(), terminal::Clear(terminal::ClearType::All))?;
        self.inner = ratatui::Terminal::new(CrosstermBackend::new(io::stdout()))?;
        Ok(())
    }

    /// The terminal is somebody else's meanwhile.
    pub fn lend<T>(&mut self, during: impl FnOnce() -> T) -> io::Result<T> {
        lower_curtain();
        let done = during();
        raise_curtain()?;
        self.clear()?;
        Ok(done)
    }

    /// Stops the process, as the shell's job control wants it; comes back when it goes on.
    pub fn suspend(&mut self) -> io::Result<()> {
        self.lend(|| signal_hook::low_level::emulate_default_handler(SIGTSTP))?
    }

    /// Somebody else wants us to stop for a while.
    pub fn is_to_suspend(&self) -> bool {
        self.signals.suspend.swap(false, Ordering::Relaxed)
    }

    /// We were stopped and go on.
    pub fn was_woken(&self) -> bool {
        self.signals.woken.swap(false, Ordering::Relaxed)
    }

    /// The signal that ends us, if one came.
    pub fn ending(&self) -> Option<i32> {
        match self.signals.end.load(Ordering::Relaxed) {
            0 => None,
            signal => i32::try_from(signal).ok(),
        }
    }

    /// Puts a text into the clipboard of whoever sits at the terminal, however far away (OSC 52).
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout(), crossterm::clipboard::CopyToClipboard::to_clipboard_from(text))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        lower_curtain();
    }
}

impl Signals {
    fn new() -> io::Result<Signals> {
        let signals =
            Signals { suspend: Arc::default(), woken: Arc::default(), end: Arc::new(AtomicUsize::new(0)) };
        signal_hook::flag::register(SIGTSTP, signals.suspend.clone())?;
        signal_hook::flag::register(SIGCONT, signals.woken.clone())?;
        let ending = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT])?;
        let end = signals.end.clone();
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || wait_for_end(ending, &end))?;
        Ok(signals)
    }
}

/// Waits for a signal that ends us. Where the terminal is gone, reading from it may never return, and nobody would
/// look whether a signal came: so whoever does not end soon is ended.
fn wait_for_end(mut ending: signal_hook::iterator::Signals, end: &AtomicUsize) {
    const SOON: Duration = Duration::from_millis(500);
    for signal in ending.forever() {
        end.store(usize::try_from(signal).unwrap_or(0), Ordering::Relaxed);
        std::thread::sleep(SOON);
        lower_curtain();
        // The only failure is a signal without a default, which none of these is.
        let _ = die_of(signal);
    }
}

/// Ends the process as the signal would have, had we not given the terminal back first.
pub(crate) fn die_of(signal: i32) -> io::Result<()> {
    signal_hook::low_level::emulate_default_handler(signal)
}

fn raise_curtain() -> io::Result<()> {
    terminal::enable_raw_mode()?;
    execute!(io::stdout(), terminal::EnterAlternateScreen, event::EnableMouseCapture, cursor::Hide)
}

/// Nothing can be done about a terminal that does not take this.
fn lower_curtain() {
    let _ = execute!(io::stdout(), event::DisableMouseCapture, terminal::LeaveAlternateScreen, cursor::Show);
    let _ = terminal::disable_raw_mode();
}

/// A panic's message belongs on a terminal that shows it.
fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            lower_curtain();
            before(panic);
        }));
    });
}

fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(pressed) if pressed.kind != KeyEventKind::Release => {
            key(pressed.code, pressed.modifiers).map(Input::Key)
        }
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Input::Click(mouse.column, mouse.row)),
            MouseEventKind::ScrollDown => Some(Input::Scroll(mouse.column, mouse.row, 3)),
            MouseEventKind::ScrollUp => Some(Input::Scroll(mouse.column, mouse.row, -3)),
            _ => None,
        },
        Event::Resize(..) => Some(Input::Resize),
        _ => None,
    }
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
    Some(match code {
        KeyCode::Char(c) if modifiers.contains(KeyModifiers::CONTROL) => Key::Control(c.to_ascii_lowercase()),
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
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Backspace => Key::Backspace,
        _ => return None,
    })
}
