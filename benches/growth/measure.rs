//! Runs a case at three sizes, each time in a new process.

use crate::case::Case;
use crate::outside::Outside;
use rustix::time::{ClockId, clock_gettime};
use std::process::Command;
use std::time::Duration;
use vm::bootstrap::Config;
use vm::error::R;
use vm::vm::Vm;

/// Arguments of the processes that measure; the program follows.
pub const RUN: &str = "--run";
pub const RUN_WITH_JIT: &str = "--run-with-jit";
/// Runs of each size; the shortest counts.
const RUNS: usize = 3;
const SMALLEST: usize = 500;
const LARGEST: usize = 1 << 17;
/// What the smallest size should take at least, in seconds.
const ENOUGH: f64 = 0.002;
/// Native stack of the thread that a case runs on.
const STACK: usize = 64 << 20;

pub struct Growth {
    pub n: usize,
    /// At n, 2n, 4n.
    pub seconds: [f64; 3],
}

impl Growth {
    /// Of either doubling.
    pub fn exponents(&self) -> [f64; 2] {
        let [a, b, c] = self.seconds;
        [(b / a).log2(), (c / b).log2()]
    }
}

pub fn measure(case: &Case, jit: bool) -> Result<Growth, String> {
    let mut n = SMALLEST;
    let mut first = best(case, n, jit)?;
    while first < ENOUGH && n < LARGEST {
        n *= 2;
        first = best(case, n, jit)?;
    }
    Ok(Growth { n, seconds: [first, best(case, 2 * n, jit)?, best(case, 4 * n, jit)?] })
}

fn best(case: &Case, n: usize, jit: bool) -> Result<f64, String> {
    (0..RUNS).try_fold(f64::INFINITY, |best, _| Ok(best.min(in_a_process(case, n, jit)?)))
}

/// In a process of its own: machines leave their code behind, and what they took from the system.
fn in_a_process(case: &Case, n: usize, jit: bool) -> Result<f64, String> {
    let measured: String = case.measured.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!("n = {n}\n{}def measured():\n{measured}", case.preparation);
    let switch = if jit { RUN_WITH_JIT } else { RUN };
    let here = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(here).args([switch, &text]).output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim().parse().map_err(|_| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        format!("{} {}", output.status, complaint.lines().last().unwrap_or_default())
    })
}

/// What such a process does: runs the text and says how long `measured` took.
pub fn run(text: String, jit: bool) -> Result<f64, String> {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || seconds(&text, jit));
    let joined = thread.map_err(|error| error.to_string())?.join();
    joined.unwrap_or_else(|_| Err("a panic".to_owned()))
}

fn seconds(text: &str, jit: bool) -> Result<f64, String> {
    let mut vm = Vm::new(Box::new(Outside), Config::default());
    vm.set_native_stack(STACK / 2);
    let engine = jit.then(|| {
        let events = jit::events::Events::default();
        jit::Engine::install(&mut vm, jit::options::Options::default(), events)
    });
    let engine = engine.transpose()?;
    let result = timed(&mut vm, text);
    if let Some(engine) = engine {
        engine.finish(&mut vm);
    }
    result.map_err(|raise| vm.traceback_text(raise).lines().last().unwrap_or_default().to_owned())
}

#[inline(never)]
fn timed(vm: &mut Vm, text: &str) -> R<f64> {
    let main = vm.new_module("__main__");
    vm.run_file("growth.py", text.as_bytes(), main.globals)?;
    let name = vm.intern("measured");
    let Some(measured) = main.globals.get_name(name) else { return Ok(0.0) };
    let start = processor_time();
    vm.call(measured, &[])?;
    Ok((processor_time() - start).as_secs_f64())
}

/// How long this thread has had a processor.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
