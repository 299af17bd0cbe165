//! What to run and how: the command line, understood.

use jit::options::Options;
use jit::perf::Backend;
use logs::filter::Filter;
use vm::interp::lines::Style;

/// A program to run.
#[derive(Clone, Debug)]
pub struct Job {
    /// Where its text comes from.
    pub main: Main,
    /// `sys.argv`.
    pub argv: Vec<String>,
    /// The compiler's `-O` level.
    pub opt_level: u8,
    /// Collect garbage at every opportunity.
    pub gc_stress: bool,
    /// Bytes of memory that it may have, if not as many as there are.
    pub heap: Option<usize>,
    /// `__panic__()` exists, for the test of what happens then.
    pub self_test: bool,
    /// The JIT's limits; `None` leaves it out.
    pub jit: Option<Options>,
    /// What is logged, and where.
    pub log: Option<Filter>,
    /// The log holds every transition between loops, whatever that costs.
    pub all_events: bool,
    /// Print the table of loops at the end.
    pub profile: bool,
    /// Tell native profilers of generated code, and give Python functions native frames.
    pub perf: Option<Backend>,
    /// Write visits of loops for samply's timeline.
    pub perf_marks: bool,
    /// Write output line by line, whatever it is written to.
    pub by_line: bool,
    /// Whose habits `sys.settrace` has.
    pub style: Style,
    /// Who watches it run.
    pub watch: Option<Watch>,
    /// What `-X trace` prints is of files and functions whose name contains this.
    pub only: String,
}

/// A tool that watches the program, on the interface of `sys.settrace`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watch {
    /// `-X trace`: prints what is done, as in the module `_tracer`.
    Trace(String),
    /// `--coverage`, with the file that gets it.
    Coverage(Option<String>),
    /// `--debug`
    Debug,
}

/// Where the text of a program comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Main {
    /// A `.py` or `.mpy` file.
    File(String),
    /// `-c`
    Code(String),
    /// `-m`: searched like an import.
    Module(String),
    /// Standard input.
    Stdin,
}

impl Job {
    /// A program with nothing special about it.
    pub fn new(main: Main, argv: Vec<String>) -> Job {
        Job {
            main,
            argv,
            opt_level: 0,
            gc_stress: false,
            heap: None,
            self_test: false,
            jit: Some(Options::default()),
            log: None,
            all_events: false,
            profile: false,
            perf: None,
            perf_marks: false,
            by_line: false,
            style: Style::MicroPython,
            watch: None,
            only: String::new(),
        }
    }
}
