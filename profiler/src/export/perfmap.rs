//! `/tmp/perf-PID.map`: lines `START SIZE NAME`, numbers in hexadecimal, as perf's jit-interface document has it.
//!
//! The form knows no time. Where memory was given to new code, the code that was there last has it.

use crate::perf::Space;
use logs::Log;
use logs::location::Location;
use logs::log::Code;
use logs::trace::Trace;
use std::collections::HashMap;
use std::io::{self, Write};

pub(super) fn write(log: &Log<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut space = Space::default();
    for (index, code) in log.codes.iter().enumerate() {
        space.insert(code, index as u32);
    }
    let symbols = Symbols::new(log);
    for (start, end, code) in space.ranges() {
        writeln!(out, "{start:x} {:x} {}", end - start, symbols.name(code))?;
    }
    Ok(())
}

/// Names of machine code.
pub(super) struct Symbols<'l, 'a> {
    log: &'l Log<'a>,
    traces: HashMap<u32, usize>,
}

impl<'l, 'a> Symbols<'l, 'a> {
    pub(super) fn new(log: &'l Log<'a>) -> Self {
        Symbols { log, traces: crate::build::traces_of_codes(log) }
    }

    /// `loop3 sieve (sieve.py:7)`; no control characters, which would end the line.
    pub(super) fn name(&self, code: u32) -> String {
        let (log, trace) = (self.log, self.traces.get(&code));
        let code: &Code<'_> = &log.codes[code as usize];
        let of_trace = trace.and_then(|&trace| -> Option<Location<'a>> {
            let trace: &Trace<'a> = &log.traces[trace];
            trace.location
        });
        let name = match of_trace.or_else(|| Location::parse(code.name)) {
            Some(place) => {
                let (function, file) =
                    (String::from_utf8_lossy(place.function), String::from_utf8_lossy(place.file));
                let file = file.rsplit('/').next().unwrap_or_default();
                format!("{} {function} ({file}:{})", log.name(code.id), place.line)
            }
            None => {
                format!("{} {}", log.name(code.id), String::from_utf8_lossy(code.name)).trim_end().to_owned()
            }
        };
        name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}
