//! The JIT as the command line sees it: put into a machine before the program starts, finished after it has ended.

use crate::failure::Failure;
use jit::events::Events;
use jit::options::Options;
use logs::filter::Selection;
use logs::section::Section;
use logs::write::Writer;
use std::io::{self, Write};
use std::rc::Rc;
use std::time::Instant;
use vm::vm::Vm;

/// Where the log goes, and which sections are in it.
pub struct Sink {
    pub out: Box<dyn Write + Send>,
    pub selection: Selection,
    /// What the log says ran.
    pub program: String,
}

/// A JIT at work in a machine.
pub struct Engine {
    jit: Rc<jit::Engine>,
    log: Option<Sink>,
    start: Instant,
}

impl Engine {
    /// Puts a JIT with these limits into the machine.
    pub fn install(vm: &mut Vm, options: Options, log: Option<Sink>) -> Result<Engine, Failure> {
        let jit = jit::Engine::install(vm, options, Events::default()).map_err(Failure::Usage)?;
        Ok(Engine { jit, log, start: Instant::now() })
    }

    /// Writes what is left to be logged.
    pub fn finish(self) {
        self.jit.finish();
        let end = self.start.elapsed().as_nanos() as u64;
        if let Some(sink) = self.log {
            // A log that cannot be written does not change what the program did.
            let _ = meta(sink, end);
        }
    }
}

fn meta(sink: Sink, end: u64) -> io::Result<()> {
    const NANOSECONDS: u64 = 1_000_000_000;
    let mut log = Writer::new(sink.out, sink.selection);
    log.start(end, Section::LoopscopeMeta)?;
    log.meta("version", env!("CARGO_PKG_VERSION"))?;
    log.meta("pid", std::process::id())?;
    log.meta("clock-hz", NANOSECONDS)?;
    log.meta("program", sink.program)?;
    log.meta_stamp("start", 0)?;
    log.meta_stamp("end", end)?;
    log.stop(end, Section::LoopscopeMeta)?;
    log.flush()
}
