//! Where a loop is: its head, and the places its trace goes through.

use logs::Log;
use logs::location::Location;
use profiler::report::LoopReport;
use std::collections::BTreeSet;

/// A place in a program, and the lines and offsets around it that belong to the same trace.
#[derive(Clone, Debug, Default)]
pub(super) struct Extent {
    pub function: String,
    pub file: String,
    /// The line the function starts on, if the log says so.
    pub start_line: Option<u32>,
    pub line: u32,
    /// The offset of the head's bytecode, if the log says so.
    pub offset: Option<u32>,
    pub opcode: String,
    /// Lines of the same file.
    pub lines: BTreeSet<u32>,
    /// Offsets of the same function.
    pub offsets: BTreeSet<u32>,
}

impl Extent {
    /// By the loop's trace, else by what its events say.
    pub fn of(log: &Log<'_>, row: &LoopReport) -> Option<Extent> {
        let place = row.location.as_ref()?;
        let mut extent = Extent {
            function: place.function.clone(),
            file: place.file.clone(),
            line: place.line,
            opcode: place.opcode.clone(),
            ..Extent::default()
        };
        if let Some(index) = row.trace {
            extent.follow(log, index as usize);
        }
        Some(extent)
    }

    fn follow(&mut self, log: &Log<'_>, index: usize) {
        let Some(trace) = log.traces.get(index) else { return };
        if let Some(head) = trace.location {
            self.start_line = Some(head.start_line);
            self.offset = Some(head.offset);
        }
        let places = log.ops(trace).filter_map(|op| op.merge_point()?.location);
        places.for_each(|place| self.pass(&place));
    }

    fn pass(&mut self, place: &Location<'_>) {
        if place.file != self.file.as_bytes() {
            return;
        }
        self.lines.insert(place.line);
        if place.function == self.function.as_bytes()
            && self.start_line.is_none_or(|line| line == place.start_line)
        {
            self.offsets.insert(place.offset);
        }
    }
}
