//! The whole run, line by line: loops, helpers, the interpreter and waiting together.

use crate::anatomy::{Anatomy, INTERPRETER};
use crate::report::{Place, Report};
use serde::Serialize;
use std::collections::BTreeMap;

/// Lines of all files, and what of the run was theirs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heat {
    /// By file and line.
    pub lines: BTreeMap<(String, u32), LineHeat>,
}

/// What of the run was a line's.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LineHeat {
    pub function: String,
    /// Ticks in machine code of its own.
    pub code: f64,
    /// Ticks in functions of the runtime that this code called, by name.
    pub helpers: BTreeMap<String, f64>,
    /// Ticks in which it was interpreted.
    pub interpreter: f64,
    /// Ticks in which the program waited there.
    pub waiting: f64,
}

impl LineHeat {
    /// All of it.
    pub fn ticks(&self) -> f64 {
        self.code + self.helpers.values().sum::<f64>() + self.interpreter + self.waiting
    }
}

impl Heat {
    /// Adds everything up.
    pub(crate) fn new(report: &Report, anatomies: &[Anatomy<'_>]) -> Heat {
        let mut heat = Heat::default();
        for anatomy in anatomies {
            heat.trace(report, anatomy);
        }
        for spot in &report.spots {
            let Some(place) = &spot.location else { continue };
            let ticks = spot.ticks as f64;
            match spot.kind {
                "interpreter" => heat.at(place).interpreter += ticks,
                "waiting" => heat.at(place).waiting += ticks,
                _ => {}
            }
        }
        heat
    }

    fn trace(&mut self, report: &Report, anatomy: &Anatomy<'_>) {
        let row = report.loops.iter().find(|row| row.trace == Some(anatomy.trace));
        let head = row.and_then(|row| row.location.as_ref());
        for part in &anatomy.parts {
            let Some(place) = anatomy.place_of(part).or(head).filter(|_| part.ticks() > 0.0) else {
                continue;
            };
            let line = self.at(place);
            line.code += part.own;
            if part.called > 0.0 {
                let name = anatomy.helper_of(part).unwrap_or("a call").to_owned();
                *line.helpers.entry(name).or_default() += part.called;
            }
        }
        // The interpreter that code has called has lines of its own; what of it has none is the caller's.
        let called = row.and_then(|row| row.helpers.iter().find(|helper| helper.name == INTERPRETER));
        let placed: u64 = match row {
            Some(row) => report
                .spots
                .iter()
                .filter(|spot| spot.called_by.as_deref() == Some(&row.name))
                .map(|spot| spot.ticks)
                .sum(),
            None => 0,
        };
        if let (Some(helper), Some(head)) = (called, head)
            && placed == 0
        {
            self.at(head).interpreter += helper.ticks as f64;
        }
    }

    fn at(&mut self, place: &Place) -> &mut LineHeat {
        let line = self.lines.entry((place.file.clone(), place.line)).or_default();
        if line.function.is_empty() {
            line.function.clone_from(&place.function);
        }
        line
    }

    /// Ticks of a line.
    pub fn ticks(&self, file: &str, line: u32) -> f64 {
        self.lines.get(&(file.to_owned(), line)).map_or(0.0, LineHeat::ticks)
    }

    /// The hottest lines first.
    pub fn hottest(&self) -> Vec<(&(String, u32), &LineHeat)> {
        let mut lines: Vec<_> = self.lines.iter().collect();
        lines.sort_by(|a, b| b.1.ticks().total_cmp(&a.1.ticks()));
        lines
    }
}
