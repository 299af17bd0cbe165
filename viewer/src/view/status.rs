//! The first line, about the run, and the last, about the keys.

use super::number::{bytes, time};
use super::{Canvas, Target, What, cell};
use crate::clerk::Progress;
use crate::keys::{BINDINGS, Screen};
use crate::model::Loaded;
use crate::model::loaded::Extent;
use crate::state::prompt::Typing;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// Columns from which on tabs stand apart.
const WIDE: u16 = 100;

/// The tabs, and the columns where each of them stands.
pub(crate) fn tab_places(screens: usize, width: u16) -> impl Iterator<Item = (Screen, Range<usize>)> {
    let gap = if width >= WIDE { 2 } else { 1 };
    let mut at = 0;
    Screen::ALL.into_iter().take(screens).map(move |screen| {
        let from = at;
        at += 2 + screen.word().len() + gap;
        (screen, from..at)
    })
}

pub(super) fn tabs(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let theme = canvas.theme;
    let mut spans = Vec::new();
    for (screen, place) in tab_places(canvas.state.screens(), area.width) {
        let is_shown = screen == canvas.state.screen();
        let style = if is_shown { theme.strong().add_modifier(Modifier::REVERSED) } else { theme.dim() };
        let text = format!("{} {}", screen as usize + 1, screen.word());
        let gap = place.len() - text.len();
        spans.push(Span::styled(format!("{text}{}", " ".repeat(gap - 1)), style));
        spans.push(Span::raw(" "));
    }
    let used: usize = spans.iter().map(Span::width).sum();
    let room = usize::from(area.width).saturating_sub(used + 1);
    let title = cell::tail(&title(canvas), room);
    if room > 8 {
        spans.push(Span::raw(" ".repeat(room - cell::width(&title))));
        spans.push(Span::styled(title, theme.strong()));
    }
    canvas.targets.push(Target { area, what: What::Tabs, first: 0, rows: 0 });
    canvas.frame.render_widget(Line::from(spans), area);
}

fn title(canvas: &Canvas<'_, '_>) -> String {
    let Some(loaded) = canvas.state.loaded() else { return String::new() };
    let named = Some(&canvas.state.name).filter(|name| !name.is_empty()).map_or("a run", String::as_str);
    let program = cell::without_directories(loaded.report.program.as_deref().unwrap_or(named));
    let live = match (canvas.state.following(), canvas.state.live()) {
        (Some(false), _) => " · paused",
        (Some(true), Some(program)) if program.ended().is_some() => " · ended",
        (Some(true), Some(_)) => " · running",
        (Some(true), None) => " · live",
        (None, _) => "",
    };
    format!("{program} · {}{live}", time(&loaded.report, loaded.report.total_ticks))
}

pub(super) fn bottom(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let (state, theme) = (canvas.state, canvas.theme);
    let prompt = state.prompt();
    let missed = if prompt.failed { " — not found" } else { "" };
    let line = match (prompt.typing, state.note()) {
        (Some(Typing::Search), _) => Line::from(format!("/{}▏{missed}", prompt.text)),
        (Some(Typing::Line), _) => Line::from(vec![
            Span::raw(format!("a line for the program: {}▏ ", prompt.text)),
            Span::styled("Enter sends, ^D ends its input, Esc", theme.dim()),
        ]),
        (Some(Typing::Filter), _) => Line::from(format!("only: {}▏{missed}", prompt.text)),
        (None, Some(note)) => Line::styled(format!(" {note}"), theme.strong()),
        (None, None) => match (state.trouble(), state.progress()) {
            (Some(trouble), _) => Line::styled(format!(" {trouble}"), theme.alarm()),
            (None, Some(progress)) => match state.loaded() {
                // Whoever follows a log knows that it is read again and again.
                Some(loaded) if state.following().is_none() || loaded.extent != Extent::Whole => {
                    loading(loaded, progress, usize::from(area.width))
                }
                _ => hints(canvas, usize::from(area.width)),
            },
            (None, None) => match state.loaded() {
                Some(loaded) if loaded.extent != Extent::Whole => {
                    loading(loaded, Progress::Indexing(0, loaded.bytes), usize::from(area.width))
                }
                _ => hints(canvas, usize::from(area.width)),
            },
        },
    };
    canvas.frame.render_widget(line, area);
}

/// How far loading has come, in words.
pub(super) fn words(progress: Progress) -> String {
    match progress {
        Progress::Reading(read, all) => of("reading", read, all),
        Progress::Indexing(read, all) => of("looking for sections:", read, all),
        Progress::Bodies(read, all) => of("reading traces:", read, all),
        Progress::Attributing => "giving ticks to their owners".to_owned(),
    }
}

fn of(what: &str, done: u64, all: u64) -> String {
    match all {
        0 => format!("{what} {}", bytes(done)),
        all => format!("{what} {} of {}", bytes(done), bytes(all)),
    }
}

/// How far loading has come, as a share.
pub(super) fn share(progress: Progress) -> Option<f64> {
    match progress {
        Progress::Reading(done, all) | Progress::Indexing(done, all) | Progress::Bodies(done, all) => {
            (all > 0).then(|| done as f64 / all as f64)
        }
        Progress::Attributing => Some(1.0),
    }
}

/// What is on the screen while a log is still being read, and how far that is.
fn loading(loaded: &Loaded, progress: Progress, width: usize) -> Line<'static> {
    let shown = match loaded.extent {
        Extent::Start => " the first part of the log so far · ",
        Extent::Outline => " all but the traces so far · ",
        Extent::Whole => " ",
    };
    let words = format!("{shown}{} ", words(progress));
    let room = width.saturating_sub(cell::width(&words) + 1).min(30);
    let bar = share(progress).filter(|_| room >= 8).map_or_else(String::new, |share| cell::bar(share, room));
    Line::from(format!("{words}{bar}"))
}

/// The keys that matter most on this screen, from the table of keys.
fn hints(canvas: &Canvas<'_, '_>, width: usize) -> Line<'static> {
    let (state, theme) = (canvas.state, canvas.theme);
    let mut spans = Vec::new();
    let prompt = state.prompt();
    if !prompt.text.is_empty() {
        spans.push(Span::raw(format!(
            " '{}'{} ",
            prompt.text,
            if prompt.failed { " — not found" } else { "" }
        )));
        spans.push(Span::styled("n N ·", theme.dim()));
    } else if !state.tree().filter.is_empty() {
        spans.push(Span::raw(format!(" only '{}' ", state.tree().filter)));
        spans.push(Span::styled("Esc ·", theme.dim()));
    }
    for binding in BINDINGS {
        let Some((word, screens)) = binding.hint else { continue };
        if !screens.contains(&state.screen()) {
            continue;
        }
        let key = binding.shown.split(' ').next().unwrap_or_default();
        let used: usize = spans.iter().map(Span::width).sum();
        if used + cell::width(key) + word.len() + 3 > width {
            break;
        }
        spans.push(Span::styled(format!(" {key}"), theme.strong()));
        spans.push(Span::styled(format!(" {word} "), theme.dim()));
    }
    Line::from(spans)
}
