//! A machine with a JIT that keeps a log, in memory.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use jit::Engine;
use jit::events::{Events, Meta};
use jit::options::Options;
use logs::filter::Selection;
use vm::bootstrap::Config;
use vm::error::R;
use vm::vm::{Host, Vm};

/// The requests for attention that machines get are the process's: one machine at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// What the program is called.
const FILE: &str = "prog.py";

/// What a log is to hold.
pub struct Wanted {
    pub selection: Selection,
    /// Every transition, whatever that costs.
    pub all_events: bool,
}

impl From<Selection> for Wanted {
    fn from(selection: Selection) -> Wanted {
        Wanted { selection, all_events: false }
    }
}

/// Runs a program; its log, and what it printed, tracebacks included.
pub fn log_of(program: &str, options: Options, wanted: impl Into<Wanted>) -> (Vec<u8>, String) {
    let wanted = wanted.into();
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (log, out) = (Shared::default(), Rc::default());
    let host = Quiet { text: program.to_owned(), out: Rc::clone(&out) };
    let mut vm = Vm::new(Box::new(host), Config::default());
    let meta = Meta { program: FILE.to_owned(), pid: 7, ..Meta::default() };
    let events = Events::new(Box::new(log.clone()), wanted.selection, meta);
    let events = if wanted.all_events { events.with_all_events() } else { events };
    let engine = Engine::install(&mut vm, options, events).unwrap();
    vm.set_native_stack(1 << 20);
    if let Err(raise) = execute(&mut vm, program) {
        let text = vm.traceback_text(raise);
        vm.host.write_stderr(text.as_bytes());
    }
    engine.finish(&mut vm);
    let printed = String::from_utf8(out.borrow().clone()).unwrap();
    let written = log.0.lock().unwrap().clone();
    (written, printed)
}

#[inline(never)]
fn execute(vm: &mut Vm, program: &str) -> R {
    let main = vm.new_module("__main__");
    vm.run_file(FILE, program.as_bytes(), main.globals)
}

struct Quiet {
    text: String,
    out: Rc<RefCell<Vec<u8>>>,
}

impl Host for Quiet {
    fn write_stdout(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.out.borrow_mut().extend_from_slice(bytes);
        Ok(())
    }

    fn flush_stdout(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    fn write_stderr(&mut self, bytes: &[u8]) {
        self.out.borrow_mut().extend_from_slice(bytes);
    }

    fn read_line(&mut self) -> std::io::Result<Option<String>> {
        Ok(None)
    }

    fn read_file(&mut self, path: &str) -> std::io::Result<Vec<u8>> {
        let found = (path == FILE).then(|| self.text.clone().into_bytes());
        found.ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }

    fn is_dir(&mut self, _path: &str) -> bool {
        false
    }
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
