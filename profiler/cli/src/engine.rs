//! The JIT as the command line sees it: put into a machine before the program starts, finished after it has ended.

use crate::failure::Failure;
use jit::events::{Events, Meta};
use jit::options::Options;
use logs::filter::Selection;
use std::io::Write;
use std::rc::Rc;
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
}

impl Engine {
    /// Puts a JIT with these limits into the machine.
    pub fn install(vm: &mut Vm, options: Options, log: Option<Sink>) -> Result<Engine, Failure> {
        let events = log.map_or_else(Events::default, |sink| {
            let meta = Meta { program: sink.program, pid: std::process::id() };
            Events::new(sink.out, sink.selection, meta)
        });
        let jit = jit::Engine::install(vm, options, events).map_err(Failure::Usage)?;
        Ok(Engine { jit })
    }

    /// Writes what is left to be logged.
    pub fn finish(self, vm: &mut Vm) {
        self.jit.finish(vm);
    }
}
