//! The order of lines: bridges below what they start from, and what took no time folded away.

use super::TableOptions;
use crate::report::{LoopReport, Report};
use std::collections::HashMap;

/// A line of the table.
pub(super) enum Line {
    /// A row, by index, and how far it is indented.
    Row { row: usize, depth: usize },
    /// What is not shown.
    Remark { depth: usize, text: String },
}

/// How far bridges of bridges are indented at most.
const DEPTH: usize = 4;

/// Rows hang on each other by trace; a tree stands where its first member stands in the report's order.
struct Forest<'r> {
    report: &'r Report,
    children: HashMap<usize, Vec<usize>>,
    roots: Vec<usize>,
    /// Is it, or is something below it, worth a line?
    loud: Vec<bool>,
}

/// The lines of a report's table.
pub(super) fn lines(report: &Report, options: &TableOptions) -> Vec<Line> {
    let forest = Forest::new(report, options.all);
    let shown: Vec<usize> = forest.roots.iter().copied().filter(|&root| forest.loud[root]).collect();
    let quiet = forest.roots.len() - shown.len();
    let top = options.top.unwrap_or(usize::MAX).min(shown.len());
    let mut lines = Vec::new();
    for &root in &shown[..top] {
        forest.tree(root, &mut lines);
    }
    if top < shown.len() {
        let share = report.percent(shown[top..].iter().map(|&root| forest.ticks(root)).sum());
        let share = if report.has_ticks() { format!(", {share:.2} % of the run") } else { String::new() };
        lines.push(Line::Remark { depth: 0, text: format!("… and {} more{share}", shown.len() - top) });
    }
    if quiet > 0 {
        lines.push(Line::Remark { depth: 0, text: folded(report, quiet, "loop") });
    }
    lines
}

fn folded(report: &Report, count: usize, what: &str) -> String {
    let did = if report.has_ticks() { "took no time" } else { "hardly ran" };
    format!("… and {count} {what}{} that {did}", if count == 1 { "" } else { "s" })
}

impl<'r> Forest<'r> {
    fn new(report: &'r Report, all: bool) -> Self {
        let rows = &report.loops;
        let by_trace: HashMap<u32, usize> =
            rows.iter().enumerate().filter_map(|(index, row)| Some((row.trace?, index))).collect();
        let parent = |index: usize| -> Option<usize> { by_trace.get(&rows[index].parent_trace?).copied() };
        let mut forest =
            Forest { report, children: HashMap::new(), roots: Vec::new(), loud: vec![all; rows.len()] };
        let mut placed = vec![false; rows.len()];
        for row in 0..rows.len() {
            if let Some(parent) = parent(row) {
                forest.children.entry(parent).or_default().push(row);
            }
            // Marks the way up, once.
            let mut at = row;
            while !std::mem::replace(&mut placed[at], true) {
                match parent(at) {
                    Some(above) => at = above,
                    None => forest.roots.push(at),
                }
            }
        }
        forest.mark_loud(&parent);
        forest
    }

    /// A row is loud if it is not quiet, or something below it is not.
    fn mark_loud(&mut self, parent: &dyn Fn(usize) -> Option<usize>) {
        let loud = |&row: &usize| !is_quiet(self.report, &self.report.loops[row]);
        for row in (0..self.loud.len()).filter(loud).collect::<Vec<_>>() {
            let mut at = Some(row);
            while let Some(index) = at.filter(|&index| !std::mem::replace(&mut self.loud[index], true)) {
                at = parent(index);
            }
        }
    }

    fn tree(&self, root: usize, lines: &mut Vec<Line>) {
        let mut open = vec![(root, 0)];
        while let Some((row, depth)) = open.pop() {
            lines.push(Line::Row { row, depth: depth.min(DEPTH) });
            let children = self.children.get(&row).map_or(&[][..], Vec::as_slice);
            let (loud, quiet): (Vec<usize>, Vec<usize>) =
                children.iter().partition(|&&child| self.loud[child]);
            let quiet: usize = quiet.iter().map(|&child| self.size(child)).sum();
            if quiet > 0 {
                let text = folded(self.report, quiet, "bridge");
                lines.push(Line::Remark { depth: (depth + 1).min(DEPTH), text });
            }
            open.extend(loud.iter().rev().map(|&child| (child, depth + 1)));
        }
    }

    fn members(&self, root: usize) -> Vec<usize> {
        let mut members = vec![root];
        let mut at = 0;
        while at < members.len() {
            members.extend(self.children.get(&members[at]).into_iter().flatten());
            at += 1;
        }
        members
    }

    fn size(&self, root: usize) -> usize {
        self.members(root).len()
    }

    fn ticks(&self, root: usize) -> u64 {
        self.members(root).iter().map(|&row| self.report.loops[row].ticks).sum()
    }
}

/// Took no time that anybody measured, or hardly ran if nobody did.
fn is_quiet(report: &Report, row: &LoopReport) -> bool {
    if report.has_ticks() {
        return row.ticks == 0 && row.visits == 0;
    }
    // Without counts, there is no telling.
    row.entries.is_some() && row.estimated_ticks.is_some_and(|ticks| report.percent(ticks) < 0.05)
}
