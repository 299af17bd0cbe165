//! Signals: Ctrl-C, and what asks the process to end.
//!
//! They are heard on a thread of their own, which passes them on (`vm::interrupt`) and wakes whoever waits for input. A
//! program that was ended by a signal dies of that signal in the end, so that a shell sees what happened.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;
use std::fs::File;
use std::io::{Error, ErrorKind, IsTerminal, PipeReader, PipeWriter, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use vm::interrupt::{Request, is_waiting, request};

/// How long a program may take to notice a request.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a program may take to end when it is asked to: its log is completed meanwhile.
const GRACE: Duration = Duration::from_secs(10);

/// A byte is written to it with every signal.
static WAKE: OnceLock<(PipeReader, PipeWriter)> = OnceLock::new();
/// The signal that asked the program to end; 0 if none did.
static ENDED_BY: AtomicI32 = AtomicI32::new(0);
/// The signal that the process is to die of; 0 for none.
static DIE_OF: AtomicI32 = AtomicI32::new(0);

/// Listens from now on.
pub fn listen() {
    // `nohup` wants a hang-up to be ignored. That shells let background jobs ignore Ctrl-C is no reason to ignore one
    // that was sent to us.
    let wanted =
        [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| *signal != SIGHUP || !ignores_hangup());
    // Without all this a signal ends the process at once, which will do.
    let Ok(signals) = Signals::new(wanted) else { return };
    if let Ok(pipe) = std::io::pipe() {
        let _ = WAKE.set(pipe);
    }
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(move || pass_on(signals));
}

/// Whoever started the process wants SIGHUP to be ignored.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (SIGHUP - 1) & 1 == 1)
}

fn pass_on(mut signals: Signals) {
    let mut asked: Option<Instant> = None;
    for signal in signals.forever() {
        // Who does not notice a Ctrl-C for that long is ended by the second.
        if signal == SIGINT && is_waiting() && asked.is_some_and(|asked| asked.elapsed() >= PATIENCE) {
            let _ = emulate_default_handler(SIGINT);
        }
        if !is_waiting() {
            asked = Some(Instant::now());
        }
        if signal == SIGINT {
            request(Request::Interrupt);
        } else {
            ENDED_BY.store(signal, Ordering::SeqCst);
            request(Request::End);
            let _ = std::thread::Builder::new().spawn(move || end_in_time(signal));
        }
        if let Some((_, writer)) = WAKE.get() {
            let mut writer = writer;
            let _ = writer.write_all(&[0]);
        }
    }
}

/// If the program does not end, the process does.
fn end_in_time(signal: i32) {
    std::thread::sleep(GRACE);
    let _ = emulate_default_handler(signal);
}

/// The signal that asked the program to end.
pub fn ended_by() -> Option<i32> {
    Some(ENDED_BY.load(Ordering::SeqCst)).filter(|signal| *signal != 0)
}

/// The process is to die of a signal when all is done.
pub fn die_of(signal: i32) {
    DIE_OF.store(signal, Ordering::SeqCst);
}

/// The signal of an uncaught KeyboardInterrupt.
pub const INTERRUPT: i32 = SIGINT;

/// Ends the process: with a code, or by the signal that it is to die of.
pub fn exit(code: i32) -> ! {
    let signal = DIE_OF.load(Ordering::SeqCst);
    if signal != 0 {
        let _ = emulate_default_handler(signal);
    }
    std::process::exit(code)
}

/// Is it a signal that asks programs to end?
pub fn ends_programs(signal: i32) -> bool {
    [SIGINT, SIGTERM, SIGHUP].contains(&signal)
}

/// Signals that come while another program runs for us are that program's. Those of the terminal it has already; the
/// others are handed on.
pub struct HandOn {
    to: Arc<AtomicI32>,
    handle: Option<Handle>,
}

impl HandOn {
    /// Listens from now on; until there is a program, nothing is done.
    pub fn listen() -> HandOn {
        let to = Arc::new(AtomicI32::new(0));
        let wanted = [SIGINT, SIGQUIT, SIGTERM, SIGHUP];
        let wanted = wanted.into_iter().filter(|signal| *signal != SIGHUP || !ignores_hangup());
        let signals = Signals::new(wanted).ok();
        let handle = signals.as_ref().map(Signals::handle);
        if let Some(mut signals) = signals {
            let to = to.clone();
            let work =
                move || signals.forever().for_each(|signal| hand_on(signal, to.load(Ordering::SeqCst)));
            let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(work);
        }
        HandOn { to, handle }
    }

    /// The program, from now on.
    pub fn to(&self, process: u32) {
        self.to.store(process as i32, Ordering::SeqCst);
    }

    /// It has ended: signals are ours again.
    pub fn end(self) {
        self.to.store(-1, Ordering::SeqCst);
        drop(self.handle);
    }
}

fn hand_on(signal: i32, to: i32) {
    let by_terminal = [SIGINT, SIGQUIT].contains(&signal) && std::io::stdin().is_terminal();
    match Pid::from_raw(to.max(0)).zip(Signal::from_named_raw(signal)) {
        // It may have ended already.
        Some((process, signal)) if !by_terminal => drop(kill_process(process, signal)),
        Some(_) => {}
        None if to < 0 => drop(emulate_default_handler(signal)),
        None => {}
    }
}

/// Waits until somebody takes what is written, or fails with `Interrupted` as soon as the program is asked for something.
pub fn wait_for_reader(output: &File) -> Result<(), Error> {
    wait_for(output.as_fd(), PollFlags::OUT)
}

/// The same when the program has ended. If a signal has ended it, a reader who takes nothing for so long as a request may
/// go unnoticed gets no more; a signal that comes now is such a one.
pub fn wait_for_last_reader(output: &File) -> Result<(), Error> {
    while !takes_more(output)? {
        if is_ended() {
            return Err(ErrorKind::TimedOut.into());
        }
    }
    Ok(())
}

/// The same for a while; then it fails with `WouldBlock`.
pub fn wait_shortly_for_reader(output: &File) -> Result<(), Error> {
    if takes_more(output)? { Ok(()) } else { Err(ErrorKind::WouldBlock.into()) }
}

/// Somebody takes what is written, within a second.
fn takes_more(output: &File) -> Result<bool, Error> {
    let patience = Timespec { tv_sec: PATIENCE.as_secs() as i64, tv_nsec: 0 };
    loop {
        match poll(&mut [PollFd::new(output, PollFlags::OUT)], Some(&patience)) {
            Err(rustix::io::Errno::INTR) => {}
            result => return Ok(result? > 0),
        }
    }
}

/// A signal has ended the program, or one has come that nobody will notice any more.
fn is_ended() -> bool {
    DIE_OF.load(Ordering::SeqCst) != 0 || ended_by().is_some() || is_waiting()
}

/// Waits until there is something to read, or fails with `Interrupted` as soon as the program is asked for something.
pub fn wait_for_input(input: BorrowedFd<'_>) -> Result<(), Error> {
    wait_for(input, PollFlags::IN)
}

fn wait_for(file: BorrowedFd<'_>, what: PollFlags) -> Result<(), Error> {
    loop {
        if is_waiting() {
            return Err(ErrorKind::Interrupted.into());
        }
        let Some((reader, _)) = WAKE.get() else { return Ok(()) };
        let mut fds = [PollFd::from_borrowed_fd(reader.as_fd(), PollFlags::IN), PollFd::new(&file, what)];
        match poll(&mut fds, None) {
            Err(rustix::io::Errno::INTR) => continue,
            result => result?,
        };
        let [woken, ready] = fds.map(|fd| !fd.revents().is_empty());
        if woken {
            let mut reader = reader;
            let _ = reader.read(&mut [0; 64])?;
        } else if ready {
            return Ok(());
        }
    }
}
