//! How wide columns are, and which of them there is room for.

use super::columns::{Column, Item, LOCATION, NAME, columns};
use super::units::{shorten, shorten_middle, width};
use crate::report::Report;

/// Between columns.
const GAP: usize = 2;
/// The last column is never narrower than this, unless its cells are.
const LAST: usize = 32;

pub(super) struct Layout {
    columns: Vec<&'static Column>,
    widths: Vec<usize>,
}

impl Layout {
    /// For these items at their depths.
    pub(super) fn new(report: &Report, items: &[(Item<'_>, usize)], room: usize) -> Layout {
        let columns = columns(report);
        let mut widths: Vec<usize> = columns.iter().map(|column| width(column.title)).collect();
        for &(item, depth) in items {
            for (column, width_so_far) in columns.iter().zip(&mut widths) {
                let cell = cell(column, report, item, depth);
                *width_so_far = (*width_so_far).max(width(&cell));
            }
        }
        let mut layout = Layout { columns, widths };
        layout.fit(room);
        layout
    }

    /// Leaves columns out until the rest fits, then shortens the last.
    fn fit(&mut self, room: usize) {
        let needed = |layout: &Layout| {
            let (last, others) =
                layout.widths.split_last().map_or((0, &[][..]), |(last, others)| (*last, others));
            others.iter().map(|width| width + GAP).sum::<usize>() + last.min(LAST)
        };
        while needed(self) > room {
            let Some(index) = (0..self.columns.len())
                .filter(|&index| self.columns[index].rank > 0)
                .max_by_key(|&index| self.columns[index].rank)
            else {
                break;
            };
            self.columns.remove(index);
            self.widths.remove(index);
        }
        if let Some((last, others)) = self.widths.split_last_mut() {
            let taken: usize = others.iter().map(|width| width + GAP).sum();
            *last = (*last).min(room.saturating_sub(taken).max(10));
        }
    }

    pub(super) fn title(&self) -> String {
        self.line(|column| column.title.to_owned())
    }

    pub(super) fn row(&self, report: &Report, item: Item<'_>, depth: usize) -> String {
        let room = self.widths.last().copied().unwrap_or(0);
        self.line(|column| match cell(column, report, item, depth) {
            text if column.title == LOCATION && !item.is_placed() => shorten_middle(&text, room),
            text => text,
        })
    }

    /// A line that begins where names do.
    pub(super) fn remark(&self, depth: usize, text: &str) -> String {
        let before = self.columns.iter().zip(&self.widths).take_while(|(column, _)| column.title != NAME);
        let indent: usize = before.map(|(_, width)| width + GAP).sum();
        format!("{:indent$}{}{text}", "", "  ".repeat(depth))
    }

    fn line(&self, cell: impl Fn(&Column) -> String) -> String {
        let padded = self.columns.iter().zip(&self.widths).map(|(column, &room)| {
            let cell = shorten(&cell(column), room);
            let fill = " ".repeat(room.saturating_sub(width(&cell)));
            if column.right { fill + &cell } else { cell + &fill }
        });
        padded.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end().to_owned()
    }
}

fn cell(column: &Column, report: &Report, item: Item<'_>, depth: usize) -> String {
    let cell = (column.cell)(report, item);
    if column.title == NAME && depth > 0 { format!("{}└ {cell}", "  ".repeat(depth - 1)) } else { cell }
}
