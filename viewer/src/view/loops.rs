//! The loops, each with a bar for its share of the run.

use super::{block, first_line};
use crate::state::{Focus, State};
use crate::theme::Theme;
use profiler::report::LoopReport;
use profiler::{Report, Sort};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Columns of a bar.
const BAR: usize = 8;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, state: &State<'_>, theme: Theme) {
    let report = state.report();
    let order = match state.sort() {
        Sort::Ticks => "ticks",
        Sort::Visits => "visits",
        Sort::Name => "name",
    };
    let block =
        block(format!("{} loops by {order}", report.loops.len()), state.focus() == Focus::Loops, theme);
    let inner = block.inner(area);
    let height = usize::from(inner.height);
    let first = first_line(state.selected(), report.loops.len(), height);
    let shown = &report.loops[first..report.loops.len().min(first + height)];
    let names = shown.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
    let columns = Columns { names, width: usize::from(inner.width) };
    let lines: Vec<Line<'_>> = (first..)
        .zip(shown)
        .map(|(index, row)| {
            let line = line(report, row, columns, theme);
            if index == state.selected() { line.style(theme.selected()) } else { line }
        })
        .collect();
    let text = if lines.is_empty() { Paragraph::new("no loop was compiled") } else { Paragraph::new(lines) };
    frame.render_widget(text.block(block), area);
}

/// Columns of the names, and of all.
#[derive(Clone, Copy)]
struct Columns {
    names: usize,
    width: usize,
}

fn line(report: &Report, row: &LoopReport, columns: Columns, theme: Theme) -> Line<'static> {
    let measure = measure(report, row);
    let name = format!(" {:<1$} ", row.name, columns.names);
    let taken = BAR + measure.chars().count() + name.chars().count();
    let place = shortened(&place(row), columns.width.saturating_sub(taken));
    let share_style = theme.share(report.percent(row.ticks));
    Line::from(vec![
        Span::styled(bar(share(report, row)), share_style),
        Span::styled(measure, share_style),
        Span::raw(name),
        Span::styled(place, theme.dim()),
    ])
}

/// Of the run; where the log has no ticks, of the most frequent loop.
fn share(report: &Report, row: &LoopReport) -> f64 {
    if report.has_events {
        return report.percent(row.ticks) / 100.0;
    }
    let most = report.loops.iter().filter_map(often).max().unwrap_or(0);
    often(row).map_or(0.0, |count| count as f64 / most.max(1) as f64)
}

fn often(row: &LoopReport) -> Option<u64> {
    row.entries.max(row.passes)
}

fn measure(report: &Report, row: &LoopReport) -> String {
    if report.has_events {
        return format!("{:>6.2}%", report.percent(row.ticks));
    }
    format!("{:>11}", often(row).map_or_else(|| "?".to_owned(), super::number::grouped))
}

/// The whole path is the title of the source.
fn place(row: &LoopReport) -> String {
    match &row.location {
        Some(place) => {
            let file = place.file.rsplit('/').next().unwrap_or(&place.file);
            format!("{file}:{} {}", place.line, place.function)
        }
        None => row.label.clone(),
    }
}

/// A bar of eighths of columns.
fn bar(share: f64) -> String {
    const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
    let eighths = (share.clamp(0.0, 1.0) * (BAR * 8) as f64).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8 - 1]);
    }
    format!("{bar:<BAR$}")
}

/// Loses its beginning, which says least.
fn shortened(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().skip(length + 1 - width.max(1)).collect();
    format!("…{kept}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(1.0), "████████");
        assert_eq!(bar(0.5), "████    ");
        assert_eq!(bar(0.02), "▏       ");
        assert_eq!(bar(0.0), "        ");
        assert_eq!(bar(f64::NAN).chars().count(), BAR);
    }

    #[test]
    fn places_lose_their_beginning() {
        assert_eq!(shortened("some/long/path.py:3 f", 10), "…th.py:3 f");
        assert_eq!(shortened("x", 0), "…");
    }
}
