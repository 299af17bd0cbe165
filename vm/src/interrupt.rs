//! What may stop a program from outside, and how it notices: the only place that knows.
//!
//! Whoever hears of a signal calls [`request`] on a thread of its own. The program notices at its next safepoint, since
//! [`ATTENTION`] is set, and in natives that run for long, which ask [`Vm::poll`] every so many steps. What waits,
//! waits here or in the host, and both are woken.
//!
//! Nothing is lost: a request is written before the flag that tells of it, and the flag is taken down before the
//! request is read.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::error::R;
use crate::object::heap::ATTENTION;
use crate::vm::Vm;

/// What is asked of a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Request {
    /// To raise KeyboardInterrupt.
    Interrupt = 1,
    /// To end without running any more Python code: no handler, no `finally`.
    End = 2,
}

/// 0, or what is asked for.
static WANTED: AtomicU8 = AtomicU8::new(0);
/// Rung whenever something that is waited for has come.
static BELL: (Mutex<()>, Condvar) = (Mutex::new(()), Condvar::new());

/// Asks the running program for something. A request to end stays.
pub fn request(what: Request) {
    WANTED.fetch_max(what as u8, Ordering::SeqCst);
    ATTENTION.store(true, Ordering::SeqCst);
    ring();
}

/// A request has not been noticed yet.
pub fn is_waiting() -> bool {
    WANTED.load(Ordering::SeqCst) != 0
}

fn ring() {
    drop(lock());
    BELL.1.notify_all();
}

fn lock() -> MutexGuard<'static, ()> {
    BELL.0.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until the time, a request, or that something is there; true in the last case.
fn wait(until: Option<Instant>, is_there: impl Fn() -> bool) -> bool {
    let mut guard = lock();
    loop {
        if is_there() {
            return true;
        }
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        if is_waiting() || left == Some(Duration::ZERO) {
            return false;
        }
        guard = match left {
            Some(left) => BELL.1.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner).0,
            None => BELL.1.wait(guard).unwrap_or_else(PoisonError::into_inner),
        };
    }
}

impl Vm {
    /// Raises what was asked for. Natives whose work is not bounded by what they were given call this every so often;
    /// it is a load and a comparison.
    #[inline(always)]
    pub fn poll(&mut self) -> R<()> {
        if WANTED.load(Ordering::Relaxed) == 0 { Ok(()) } else { self.serve() }
    }

    #[cold]
    #[inline(never)]
    fn serve(&mut self) -> R<()> {
        if WANTED.compare_exchange(Request::Interrupt as u8, 0, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            return Err(self.raise_with(self.exceptions.KeyboardInterrupt, &[]));
        }
        if WANTED.load(Ordering::SeqCst) != 0 {
            self.end();
        }
        if self.ending { Err(self.raise_with(self.exceptions.SystemExit, &[])) } else { Ok(()) }
    }

    /// From here on nothing catches an exception and no `finally` is run: the program is over. Whoever polls
    /// afterwards raises again.
    pub fn end(&mut self) {
        self.ending = true;
        request(Request::End);
    }

    /// Sleeps, unless something is asked for.
    pub fn sleep(&mut self, time: Duration) -> R<()> {
        wait(Instant::now().checked_add(time), || false);
        self.poll()
    }

    /// The next line of standard input.
    pub fn read_line(&mut self) -> R<Option<String>> {
        loop {
            self.poll()?;
            match self.host.read_line() {
                Ok(line) => return Ok(line),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let number = crate::object::value::Value::small(error.raw_os_error().unwrap_or(5).into());
                    return Err(self.raise_with(self.exceptions.OSError, &[number]));
                }
            }
        }
    }

    /// The bytes of a file, with the exceptions that reading it raises.
    pub fn read_file(&mut self, path: &str) -> R<std::io::Result<Vec<u8>>> {
        loop {
            self.poll()?;
            match self.host.read_file(path) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                result => return Ok(result),
            }
        }
    }

    /// Does on another thread what cannot be asked to stop, and waits. If a request comes first, the work goes on
    /// until it is done or the process ends, and nobody wants its result.
    pub fn detached<T: Send + 'static>(&mut self, work: impl FnOnce() -> T + Send + 'static) -> R<T> {
        self.poll()?;
        let slot = Arc::new(Mutex::new(None));
        let theirs = slot.clone();
        let take = |slot: &Mutex<Option<T>>| slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        let run = move || {
            let done = work();
            *theirs.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
            ring();
        };
        let Ok(thread) = std::thread::Builder::new().name("detached".to_owned()).spawn(run) else {
            return Err(self.raise_with(self.exceptions.MemoryError, &[]));
        };
        // A thread that has panicked is finished and has left nothing.
        let there = || slot.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        while !wait(Some(Instant::now() + Duration::from_secs(1)), there) && !thread.is_finished() {
            self.poll()?;
        }
        match take(&slot) {
            Some(done) => Ok(done),
            None => match thread.join() {
                Ok(()) => Err(self.runtime_error("a long computation has no result")),
                Err(panic) => std::panic::resume_unwind(panic),
            },
        }
    }
}
