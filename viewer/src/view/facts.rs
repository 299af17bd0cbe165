//! What is known of the selected loop.

use super::loops::counted;
use super::number::{bytes, grouped, percent, time};
use super::pane::{Title, rule};
use super::{Canvas, cell};
use crate::model::Loaded;
use profiler::report::LoopReport;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

/// Lines of the pane, its title included.
pub(super) const HEIGHT: u16 = 7;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    if let Some(row) = canvas.state.selected() {
        of(canvas, area, row);
    }
}

/// What is known of a row of the report.
pub(super) fn of(canvas: &mut Canvas<'_, '_>, area: Rect, row: usize) {
    let theme = canvas.theme;
    let Some(loaded) = canvas.state.loaded() else { return };
    let row_report = &loaded.report.loops[row];
    let parent = row_report.parent.as_ref().map_or_else(String::new, |parent| format!(" of {parent}"));
    let title = format!("{}, {}{parent}", row_report.name, row_report.kind);
    let inner = rule(canvas, area, &Title { text: &title, focused: false });
    let width = usize::from(inner.width);
    let lines = facts(loaded, row_report).into_iter().map(|(name, fact)| {
        Line::from(vec![
            Span::styled(format!(" {name:<10}"), theme.dim()),
            Span::raw(cell::cut(&fact, width.saturating_sub(11))),
        ])
    });
    canvas.frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), inner);
}

fn facts(loaded: &Loaded, row: &LoopReport) -> Vec<(&'static str, String)> {
    let report = &loaded.report;
    let mut facts = Vec::new();
    let place = row.location.as_ref().map_or_else(
        || row.label.clone(),
        |place| format!("{}:{} in {}, {}", place.file, place.line, place.function, place.opcode),
    );
    facts.push(("where", place));
    facts.extend(time_of(loaded, row).map(|text| ("time", text)));
    if row.visits > 0 {
        let [p50, p90, p99, max] = [row.p50, row.p90, row.p99, row.max].map(|ticks| time(report, ticks));
        let visits = counted(row.visits, "visit", "visits");
        facts.push(("visits", format!("{visits}: p50 {p50} · p90 {p90} · p99 {p99} · max {max}")));
    }
    facts.push(("ran", ran(row)));
    let cost = time(report, row.compile.total());
    let code = row.code_bytes.map_or_else(String::new, |size| format!(", {} of machine code", bytes(size)));
    let ops = counted(u64::from(row.ops), "operation", "operations");
    facts.push(("made", format!("in {cost}: {ops}, {} guards{code}, {} bridges", row.guards, row.bridges)));
    facts
}

/// How long it ran, how sure that is, and what of it was in functions of the runtime.
fn time_of(loaded: &Loaded, row: &LoopReport) -> Option<String> {
    let report = &loaded.report;
    let Some(share) = row.share else {
        return report.has_ticks().then(|| "not observed: no sample met it, and no event".to_owned());
    };
    let (own, total) = (time(report, row.ticks), time(report, row.total_ticks));
    let (low, high) = (percent(share.low / 100.0), percent(share.high / 100.0));
    let error = if share.is_exact() { String::new() } else { format!(", {low} to {high}") };
    let share = percent(share.percent / 100.0);
    let mut text = format!("{own} of its own ({share}{error}), {total} in all");
    if let Some(helper) = row.helpers.first() {
        let called = time(report, row.called_ticks.unwrap_or(0));
        let most = time(report, helper.ticks);
        text += &format!(", {called} of it in the runtime (most: {}, {most})", helper.name);
    }
    Some(text)
}

fn ran(row: &LoopReport) -> String {
    let mut words = Vec::new();
    words.extend(row.entered.map(|entries| format!("entered {} times", grouped(entries))));
    words.extend(row.passes.map(|passes| format!("{} passes", grouped(passes))));
    words.extend(row.exits.map(|exits| format!("{} exits to the interpreter", grouped(exits))));
    if words.is_empty() {
        "the log does not count (PYPYLOG=jit-backend does)".to_owned()
    } else {
        words.join(" · ")
    }
}
