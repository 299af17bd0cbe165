//! What is known of the selected loop, in few lines.

use super::block;
use super::number::{grouped, time};
use crate::state::State;
use crate::theme::Theme;
use profiler::Report;
use profiler::report::LoopReport;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

/// Lines of the pane, frame included.
pub(super) const HEIGHT: u16 = 8;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, state: &State<'_>, theme: Theme) {
    let Some(row) = state.report().loops.get(state.selected()) else { return };
    let block = block(format!("{}, {}", row.name, kind(row)), false, theme);
    let lines: Vec<Line<'_>> = facts(state.report(), row).into_iter().map(Line::from).collect();
    frame.render_widget(Paragraph::new(lines).block(block), area);
}

fn kind(row: &LoopReport) -> String {
    match &row.parent {
        Some(parent) => format!("{} of {parent}", row.kind),
        None => row.kind.to_owned(),
    }
}

fn facts(report: &Report, row: &LoopReport) -> Vec<String> {
    let mut facts = Vec::new();
    if report.has_events {
        facts.push(format!("self {} · total {}", time(report, row.ticks), time(report, row.total_ticks)));
        facts.push(format!("visits {} · back to the interpreter {}", visits(row), grouped(row.exits)));
        let [p50, p99, max] = [row.p50, row.p99, row.max].map(|ticks| time(report, ticks));
        facts.push(format!("a visit p50 {p50} · p99 {p99} · max {max}"));
    }
    if let Some(entries) = row.entries {
        let passes = row.passes.map_or_else(String::new, |passes| format!(" · passes {}", grouped(passes)));
        facts.push(format!("entries {}{passes}", grouped(entries)));
    }
    facts.push(format!("made in {} · bridges {}", time(report, row.compile.total()), row.bridges));
    let bytes = row.code_bytes.map_or_else(String::new, |bytes| format!(" · code {} bytes", grouped(bytes)));
    facts.push(format!("operations {} · guards {}{bytes}", row.ops, row.guards));
    facts
}

fn visits(row: &LoopReport) -> String {
    let about = if row.sampled.is_some() { "about " } else { "" };
    format!("{about}{}", grouped(row.visits))
}
