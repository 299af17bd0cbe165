//! Screens that are one list: overview, timeline's owners, aborts, the log.

use super::State;
use super::periods;
use crate::keys::Screen;
use crate::model::Loaded;
use crate::model::loaded::Key;
use profiler::timeline::Owner;

/// Loops that the overview shows.
pub const TOP: usize = 12;

/// A row of the overview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A row of the report.
    Loop(usize),
    /// A finding.
    Finding(usize),
}

/// The rows of the overview: the loops that matter most, then what stands out.
pub fn overview(loaded: &Loaded) -> Vec<Item> {
    // The report comes with the most expensive first.
    let loops = (0..loaded.report.loops.len().min(TOP)).map(Item::Loop);
    loops.chain((0..loaded.report.findings.len()).map(Item::Finding)).collect()
}

/// The lines of the log's screen.
pub fn log_lines(loaded: &Loaded) -> Vec<String> {
    let mut lines = Vec::new();
    let report = &loaded.report;
    lines.extend(report.notes.iter().map(|note| format!("note: {note}")));
    if report.diagnostics.is_empty() {
        lines.push("nothing is wrong with this log".to_owned());
    }
    for diagnostic in &report.diagnostics {
        let line = diagnostic.line.map_or_else(String::new, |line| format!("line {line}: "));
        let section = if diagnostic.section.is_empty() {
            String::new()
        } else {
            format!(" (in {})", diagnostic.section)
        };
        lines.push(format!("{line}{}{section}", diagnostic.message));
    }
    lines.extend(spot_lines(loaded));
    lines.extend(periods::collections(&loaded.report));
    lines.extend(periods::phases(&loaded.report));
    lines.push(String::new());
    lines.push("sections:".to_owned());
    lines.extend(loaded.sections.iter().map(|(name, count)| format!("{count:>10}  {name}")));
    if !loaded.summary.is_empty() {
        lines.push(String::new());
        lines.push("summary of the run, as the log has it:".to_owned());
        lines.extend(loaded.summary.iter().map(|(label, value)| format!("  {label:<28} {value}")));
    }
    lines
}

/// Where the run went while no loop ran, if anybody looked.
fn spot_lines(loaded: &Loaded) -> Vec<String> {
    /// Percent of the run.
    const LEAST: f64 = 0.5;
    let report = &loaded.report;
    let mut lines = Vec::new();
    for (row, share) in report.spots.iter().filter_map(|row| Some((row, row.share?))) {
        if share.percent < LEAST {
            continue;
        }
        if lines.is_empty() {
            lines.extend([String::new(), "where no loop ran:".to_owned()]);
        }
        let place = row.location.as_ref();
        let place = place.map_or_else(
            || row.label.clone(),
            |place| format!("{}:{} {}", place.file, place.line, place.function),
        );
        let cause =
            row.caused_by.as_ref().map_or_else(String::new, |name| format!(", after exits of {name}"));
        let (percent, error) = (share.percent, share.error());
        lines.push(format!("{percent:>6.1} % ±{error:.1}  {:<12} {place}{cause}", row.name));
    }
    lines
}

impl State {
    pub(super) fn list_cursor(&self) -> (usize, usize) {
        if self.screen == Screen::Output {
            return (self.row(Screen::Output), self.live().map_or(0, |live| live.lines().len()));
        }
        let Some(loaded) = self.loaded() else { return (0, 0) };
        match self.screen {
            Screen::Diff if self.in_versions() => self.version_cursor(),
            Screen::Timeline => (self.span.row, self.span.owners(&loaded.timeline).len()),
            screen => (self.row(screen), self.list_rows(loaded, screen)),
        }
    }

    fn list_rows(&self, loaded: &Loaded, screen: Screen) -> usize {
        match screen {
            Screen::Overview => overview(loaded).len(),
            Screen::Aborts => loaded.report.aborts.len(),
            Screen::Diff => loaded.diff.as_ref().map_or(0, |diff| diff.loops.len()),
            Screen::Log => log_lines(loaded).len(),
            _ => 0,
        }
    }

    pub(super) fn go_list(&mut self, row: usize) {
        match self.screen {
            Screen::Timeline => self.span.row = row,
            Screen::Diff if self.in_versions() => self.go_version(row),
            screen => self.rows[screen as usize] = row,
        }
    }

    pub(super) fn list_text(&self, row: usize) -> String {
        if self.screen == Screen::Output {
            let line = self.live().and_then(|live| live.lines().get(row));
            return line.map_or_else(String::new, |line| line.text.clone());
        }
        let Some(loaded) = self.loaded() else { return String::new() };
        match self.screen {
            Screen::Overview => match overview(loaded).get(row) {
                Some(Item::Loop(row)) => {
                    let row = &loaded.report.loops[*row];
                    let place = row.location.as_ref();
                    let place = place.map_or_else(
                        || row.label.clone(),
                        |place| format!("{}:{} {}", place.file, place.line, place.function),
                    );
                    format!("{} {place}", row.name)
                }
                Some(Item::Finding(finding)) => loaded.report.findings[*finding].message.clone(),
                None => String::new(),
            },
            Screen::Aborts => loaded
                .report
                .aborts
                .get(row)
                .map_or_else(String::new, |abort| format!("{} {}", abort.reason, abort.label)),
            Screen::Diff if self.in_versions() => self.version_text(row),
            Screen::Diff => {
                let row = loaded.diff.as_ref().and_then(|diff| diff.loops.get(row));
                row.map_or_else(String::new, |row| format!("{} {}", row.status.word(), row.label))
            }
            Screen::Log => log_lines(loaded).swap_remove(row),
            Screen::Timeline => self.owner_at(row).map_or_else(String::new, |owner| self.owner_name(owner)),
            _ => String::new(),
        }
    }

    pub(super) fn open_list(&mut self) {
        let Some(loaded) = self.loaded.clone() else { return };
        let row = match self.screen {
            Screen::Overview => match overview(&loaded).get(self.row(Screen::Overview)) {
                Some(Item::Loop(row)) => Some(*row),
                Some(Item::Finding(finding)) => {
                    let name = loaded.report.findings[*finding].name.as_ref();
                    name.and_then(|name| loaded.row_named(name))
                }
                None => None,
            },
            Screen::Timeline => {
                let name = self.owner_at(self.span.row).map(|owner| self.owner_name(owner));
                name.and_then(|name| loaded.row_named(&name))
            }
            Screen::Aborts => {
                let abort = loaded.report.aborts.get(self.row(Screen::Aborts));
                let place = abort.and_then(|abort| abort.location.as_ref());
                loaded.report.loops.iter().position(|row| place.is_some() && row.location.as_ref() == place)
            }
            Screen::Diff => {
                let row = loaded.diff.as_ref().and_then(|diff| diff.loops.get(self.row(Screen::Diff)));
                row.and_then(|row| loaded.row_named(row.new_name.as_ref()?))
            }
            _ => return,
        };
        match row {
            Some(row) => {
                let key: Key = loaded.nodes[row].key.clone();
                self.jump(&key);
            }
            None => self.say("there is no compiled loop to open here".to_owned()),
        }
    }

    /// Points at a column of the timeline.
    pub fn point(&mut self, column: usize, columns: usize) {
        let window = &self.span.window;
        let length = u128::from(window.end - window.start);
        self.span.at = window.start + (length * column as u128 / columns.max(1) as u128) as u64;
        self.span.row = 0;
    }

    fn owner_at(&self, row: usize) -> Option<Owner> {
        let owners = self.span.owners(&self.loaded()?.timeline);
        owners.get(row).map(|(owner, _)| *owner)
    }

    /// What the timeline calls an owner.
    pub fn owner_name(&self, owner: Owner) -> String {
        match owner {
            Owner::Interpreter => "interpreter".to_owned(),
            Owner::Tracing => "tracing".to_owned(),
            Owner::Optimize => "optimize".to_owned(),
            Owner::Backend => "backend".to_owned(),
            Owner::Gc => "gc".to_owned(),
            Owner::Recording => "recording".to_owned(),
            Owner::Waiting => "waiting".to_owned(),
            Owner::OtherLoops => "other loops".to_owned(),
            Owner::Loop(index) => {
                // Finer slices number their loops in the same way: by first appearance.
                let names = self.loaded().map(|loaded| &loaded.timeline.loops);
                names.and_then(|names| names.get(index as usize).cloned()).unwrap_or_default()
            }
        }
    }
}
