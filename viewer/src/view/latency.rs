//! How long the visits of the selected loop took.

use super::number::{grouped, percent, time};
use super::pane::{Title, rule};
use super::{Canvas, What, cell, loops, missing};
use crate::model::{Lack, Loaded};
use profiler::Visits;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

/// Columns from which on the loops stand beside the histogram.
const WIDE: u16 = 100;

pub(super) fn draw(canvas: &mut Canvas<'_, '_>, area: Rect) {
    let (left, right) = if area.width >= WIDE {
        let [left, right] =
            Layout::horizontal([Constraint::Fill(2), Constraint::Fill(3)]).spacing(1).areas(area);
        (left, right)
    } else {
        let [top, below] = Layout::vertical([Constraint::Fill(1), Constraint::Fill(3)]).areas(area);
        (top, below)
    };
    loops::pane(canvas, left, What::List, true);
    let Some((loaded, row)) = canvas.state.loaded().zip(canvas.state.selected()) else { return };
    let name = &loaded.report.loops[row].name;
    let title = format!("how long visits of {name} took");
    let inner = rule(canvas, right, &Title { text: &title, focused: false });
    match loaded.visits.get(name).filter(|visits| !visits.lengths.is_empty()) {
        Some(visits) => histogram(canvas, inner, loaded, visits),
        None => missing::lack(canvas, inner, &Lack::Visits),
    }
}

fn histogram(canvas: &mut Canvas<'_, '_>, area: Rect, loaded: &Loaded, visits: &Visits) {
    let report = &loaded.report;
    let all = visits.count();
    let longest = visits.lengths.last().map_or(0, |(length, _)| *length);
    let percentiles = [50.0, 90.0, 99.0, 99.9].map(|p| (p, visits.percentile(p)));
    let words = percentiles.map(|(p, length)| format!("p{p} {}", time(report, length)));
    let head = format!(" {} visits · {} · max {}", grouped(all), words.join(" · "), time(report, longest));
    let [top, body] = Layout::vertical([Constraint::Length(2), Constraint::Min(0)]).areas(area);
    canvas.frame.render_widget(Line::from(cell::cut(&head, usize::from(top.width))), top);
    let buckets = buckets(visits, usize::from(body.height));
    let most = buckets.iter().map(|bucket| bucket.times).max().unwrap_or(1).max(1);
    let width = usize::from(body.width).saturating_sub(44).clamp(4, 80);
    for (bucket, y) in buckets.iter().zip(body.y..body.bottom()) {
        let inside = |length: u64| bucket.from <= length && length < bucket.to;
        let marks: Vec<String> =
            percentiles.iter().filter(|(_, length)| inside(*length)).map(|(p, _)| format!("p{p}")).collect();
        let share = bucket.times as f64 / most as f64;
        let line = Line::from(vec![
            Span::styled(
                format!(" {:>9} – {:>9} ", time(report, bucket.from), time(report, bucket.to)),
                canvas.theme.dim(),
            ),
            Span::styled(cell::bar(share, width), canvas.theme.label()),
            Span::raw(format!(" {:>6} ", percent(bucket.times as f64 / all.max(1) as f64))),
            Span::styled(marks.join(" "), canvas.theme.guard()),
        ]);
        canvas.frame.render_widget(line, Rect { y, height: 1, ..body });
    }
}

/// Visits from one length to another.
struct Bucket {
    from: u64,
    to: u64,
    times: u64,
}

/// Steps of the same ratio, as fine as there are lines: eight, four, two or one to a doubling.
fn buckets(visits: &Visits, lines: usize) -> Vec<Bucket> {
    let (Some((shortest, _)), Some((longest, _))) = (visits.lengths.first(), visits.lengths.last()) else {
        return Vec::new();
    };
    let (shortest, longest) = ((*shortest).max(1) as f64, (*longest).max(1) as f64);
    let doublings = (longest / shortest).log2().max(0.0);
    let fine = [8.0, 4.0, 2.0, 1.0, 0.5].into_iter().find(|fine| doublings * fine + 2.0 <= lines as f64);
    let fine = fine.unwrap_or(lines.max(1) as f64 / (doublings + 1.0));
    let first = (shortest.log2() * fine).floor();
    let count = ((longest.log2() * fine).floor() - first) as usize + 1;
    let edge = |index: usize| ((first + index as f64) / fine).exp2().round() as u64;
    let mut buckets: Vec<Bucket> = (0..count.min(512))
        .map(|index| Bucket { from: edge(index), to: edge(index + 1), times: 0 })
        .collect();
    for (length, times) in &visits.lengths {
        let behind = buckets.partition_point(|bucket| bucket.from <= *length).max(1);
        if let Some(bucket) = buckets.get_mut(behind - 1) {
            bucket.times += times;
        }
    }
    buckets.retain(|bucket| bucket.to > bucket.from || bucket.times > 0);
    buckets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_visit_is_in_a_bucket() {
        for lengths in
            [vec![(0, 3)], vec![(5, 1), (1 << 40, 2)], vec![(100, 1), (101, 1)], vec![(u64::MAX, 1)]]
        {
            let visits = Visits { lengths };
            for lines in [1, 5, 30] {
                let found = buckets(&visits, lines);
                assert_eq!(found.iter().map(|bucket| bucket.times).sum::<u64>(), visits.count());
            }
        }
    }
}
