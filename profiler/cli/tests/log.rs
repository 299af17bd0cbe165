//! Logs of our own JIT, read by our own profiler.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use jit::events::{Events, Meta};
use jit::options::Options;
use logs::Radix;
use logs::filter::Selection;
use profiler::Report;
use vm::bootstrap::Config;
use vm::error::R;
use vm::vm::{Host, Vm};

/// The requests for attention that machines get are the process's: one machine at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

struct Silent;

impl Host for Silent {
    fn write_stdout(&mut self, _bytes: &[u8]) {}

    fn write_stderr(&mut self, bytes: &[u8]) {
        panic!("{}", String::from_utf8_lossy(bytes));
    }

    fn read_line(&mut self) -> Option<String> {
        None
    }

    fn read_file(&mut self, _path: &str) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
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

fn report(program: &str, options: Options) -> Report {
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let out = Shared::default();
    let mut vm = Vm::new(Box::new(Silent), Config::default());
    let meta = Meta { program: "prog.py".to_owned(), pid: std::process::id() };
    let events = Events::new(Box::new(out.clone()), Selection::everything(), meta);
    let engine = jit::Engine::install(&mut vm, options, events).unwrap();
    vm.set_native_stack(1 << 20);
    if let Err(raise) = execute(&mut vm, program) {
        panic!("{}", vm.traceback_text(raise));
    }
    engine.finish(&mut vm);
    let bytes = out.0.lock().unwrap().clone();
    let (log, diagnostics) = logs::parse(&bytes, Radix::Sixteen);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let report = profiler::analyze(&log);
    assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    report
}

#[inline(never)]
fn execute(vm: &mut Vm, program: &str) -> R {
    let main = vm.new_module("__main__");
    vm.run_file("prog.py", program.as_bytes(), main.globals)
}

fn in_loops(report: &Report) -> u64 {
    report.loops.iter().map(|row| row.ticks).sum()
}

fn assert_all_is_there(report: &Report) {
    let other = &report.other;
    let rest = other.interpreter + other.tracing + other.optimize + other.backend + other.gc;
    assert_eq!(in_loops(report) + rest, report.total_ticks);
}

#[test]
fn a_loop_gets_the_ticks_it_used() {
    let program = "
def f(n):
    x = 0.5
    for i in range(n):
        x = x * 3.0 - x * x * 3.0
    return x
f(10000000)
";
    let report = report(program, Options::default());
    assert_all_is_there(&report);
    assert!(in_loops(&report) * 10 > report.total_ticks * 8, "{report:?}");
    let row = &report.loops[0];
    assert_eq!((row.name.as_str(), row.visits, row.exits), ("loop0", 1, 1));
    assert!(row.passes.is_some_and(|passes| (9_990_000..10_000_000).contains(&passes)), "{row:?}");
    assert!(row.compile.total() > 0);
}

#[test]
fn mandel_is_spent_in_loops() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/programs/mandel.py");
    let report = report(&std::fs::read_to_string(path).unwrap(), Options::default());
    assert_all_is_there(&report);
    let compiling = report.other.tracing + report.other.optimize + report.other.backend;
    let running = report.total_ticks - compiling;
    assert!(in_loops(&report) * 10 > running * 7, "{report:?}");
}

#[test]
fn collections_are_nobody_elses() {
    let program = "
import gc
def f(n):
    kept = []
    for i in range(n):
        kept.append((i, [i]))
    gc.collect()
    return len(kept)
f(100000)
";
    let report = report(program, Options::default());
    assert_all_is_there(&report);
    assert!(report.other.gc > 0, "{report:?}");
}
