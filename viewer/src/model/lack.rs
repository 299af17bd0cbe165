//! What a pane cannot show, and what would have provided it: one table.

use std::fmt;

/// Why there is nothing to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// No loop was compiled, or the log does not say so.
    Loops,
    /// The loop's place in the program.
    Place,
    /// The text of that file.
    Source(String),
    /// The bytecode of that function.
    Bytecode(String),
    /// The operations of a trace.
    Trace,
    /// The operations as they were recorded.
    Recorded,
    /// The operations as the collector's rewrite left them.
    Rewritten,
    /// Machine code.
    Machine,
    /// Machine code of a machine that we cannot read.
    Backend(String),
    /// When loops were entered and left.
    Visits,
    /// Attempts at tracing.
    Attempts,
    /// A second log.
    Other,
    /// A program that runs beside.
    Program,
}

impl Lack {
    /// What is missing, in a sentence.
    pub fn what(&self) -> String {
        match self {
            Lack::Loops => "The log shows no compiled loop.".to_owned(),
            Lack::Place => "The log does not say where in the program this is.".to_owned(),
            Lack::Source(file) => format!("'{file}' is not in the log, and cannot be read from the disk."),
            Lack::Bytecode(function) => format!("The log does not hold the bytecode of '{function}'."),
            Lack::Trace => "The log does not hold the operations of this trace.".to_owned(),
            Lack::Recorded => "The log does not hold this trace as it was recorded.".to_owned(),
            Lack::Rewritten => {
                "The log does not hold this trace as it was rewritten for the collector.".to_owned()
            }
            Lack::Machine => "The log does not hold the machine code of this trace.".to_owned(),
            Lack::Backend(name) => format!("Machine code for '{name}' cannot be disassembled here."),
            Lack::Visits => "The log does not say when this was entered and left.".to_owned(),
            Lack::Attempts => "No attempt at tracing was given up, or the log does not say so.".to_owned(),
            Lack::Other => "There is no second log to compare with.".to_owned(),
            Lack::Program => "No program runs beside this viewer.".to_owned(),
        }
    }

    /// What would have provided it.
    pub fn how(&self) -> &'static str {
        match self {
            Lack::Loops => {
                "A loop is compiled when it is hot; 'loopscope run --threshold N' says when that is. PyPy shows \
                 its loops with PYPYLOG=jit-log-opt,jit-backend,jit-summary:FILE"
            }
            Lack::Place | Lack::Trace => "'loopscope run --log FILE', or PYPYLOG=jit-log-opt:FILE",
            Lack::Source(_) => {
                "'loopscope run --log FILE' writes sources into the log, and so does PYPYLOG=loopscope-source:FILE. \
                 A file of that name beside the log will do too."
            }
            Lack::Bytecode(_) => {
                "'loopscope run --log FILE', or PYPYLOG=loopscope-bytecode:FILE with loopscope. PyPy shows what it \
                 traced: PYPYLOG=jit-log-opt:FILE"
            }
            Lack::Recorded => "'loopscope run --log FILE', or PYPYLOG=jit-log-noopt,jit-log-opt:FILE",
            Lack::Rewritten => {
                "PyPy: PYPYLOG=jit-log-rewritten,jit-log-opt:FILE. loopscope has no such stage: its collector \
                 asks nothing of a trace."
            }
            Lack::Machine => "'loopscope run --log FILE', or PYPYLOG=jit-backend,jit-log-opt:FILE",
            Lack::Backend(_) => "x86-64 and aarch64 are understood.",
            Lack::Visits => {
                "'loopscope run --log FILE', or PYPYLOG=jit-profile:FILE with loopscope. PyPy records no visits; \
                 'perf record' and --perf-script add ticks to its logs."
            }
            Lack::Attempts => "PYPYLOG=jit-tracing:FILE would show them.",
            Lack::Other => "'loopscope view NEW --against OLD' compares.",
            Lack::Program => "'loopscope run --live PROG' runs one, and shows here what it writes.",
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what(), self.how())
    }
}
