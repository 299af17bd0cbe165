//! What only the operating system knows, by calls for which there is no safe function: the processor's clock, the
//! kernel's events and their rings, and stopped threads.

use crate::record::{REGISTERS, SAMPLE};
use crate::{STACK, record::User};
use rustix::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::io;
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};

/// The processor's clock, as logs have it for stamps.
pub(crate) fn ticks() -> u64 {
    #[expect(unsafe_code, reason = "an intrinsic of the processor")]
    // SAFETY: reads a register; every x86-64 processor has it.
    unsafe {
        std::arch::x86_64::_rdtsc()
    }
}

/// What the kernel is asked for, as far as it is asked: `struct perf_event_attr`, version 4.
#[repr(C)]
#[derive(Default)]
struct Attributes {
    kind: u32,
    size: u32,
    config: u64,
    period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup: u32,
    breakpoint: u32,
    config1: u64,
    config2: u64,
    branches: u64,
    registers: u64,
    stack: u32,
    clock: i32,
    registers_of_interrupt: u64,
}

/// Bits of [`Attributes::flags`].
mod flag {
    pub const DISABLED: u64 = 1;
    pub const INHERIT: u64 = 1 << 1;
    pub const EXCLUDE_KERNEL: u64 = 1 << 5;
    pub const EXCLUDE_HYPERVISOR: u64 = 1 << 6;
    pub const MAPS: u64 = 1 << 8 | 1 << 23;
    pub const NAMES: u64 = 1 << 9 | 1 << 24;
    pub const ENABLE_ON_EXEC: u64 = 1 << 12;
    pub const TASKS: u64 = 1 << 13;
    pub const WATERMARK: u64 = 1 << 14;
    pub const SAMPLE_ID_ALL: u64 = 1 << 18;
    pub const CLOCK: u64 = 1 << 25;
    pub const SWITCHES: u64 = 1 << 26;
}

/// The event of a processor, and the ring that it writes.
#[derive(Debug)]
pub(crate) struct Ring {
    file: OwnedFd,
    memory: *mut u8,
    /// Of the ring itself, a power of two; a page with its head lies before it.
    length: usize,
}

impl Ring {
    /// A clock that ticks while a program runs that this thread will start: every so many nanoseconds of its running, on
    /// this processor, for all its threads and children. Without `kernel`, only outside of it.
    pub(crate) fn open(processor: usize, period: u64, kernel: bool) -> io::Result<Ring> {
        const SOFTWARE: u32 = 1;
        const CPU_CLOCK: u64 = 0;
        let flags = flag::DISABLED
            | flag::INHERIT
            | flag::EXCLUDE_HYPERVISOR
            | flag::MAPS
            | flag::NAMES
            | flag::ENABLE_ON_EXEC
            | flag::TASKS
            | flag::WATERMARK
            | flag::SAMPLE_ID_ALL
            | flag::CLOCK
            | flag::SWITCHES;
        let attributes = Attributes {
            kind: SOFTWARE,
            size: size_of::<Attributes>() as u32,
            config: CPU_CLOCK,
            period,
            sample_type: SAMPLE,
            flags: if kernel { flags } else { flags | flag::EXCLUDE_KERNEL },
            wakeup: 64 << 10,
            registers: REGISTERS,
            stack: STACK as u32,
            clock: libc::CLOCK_MONOTONIC_RAW,
            ..Attributes::default()
        };
        let file = event(&attributes, processor)?;
        // Who is not privileged may lock half a megabyte for each processor, less what others have taken of it.
        let sizes = [2048, 512, 256, 128, 64].map(|kilobytes| kilobytes << 10);
        let mut failed = io::Error::from(io::ErrorKind::OutOfMemory);
        for length in sizes {
            match map(&file, length + PAGE) {
                Ok(memory) => return Ok(Ring { file, memory, length }),
                Err(error) => failed = error,
            }
        }
        Err(failed)
    }

    /// Becomes readable when there is a good deal to take.
    pub(crate) fn file(&self) -> &OwnedFd {
        &self.file
    }

    /// Appends all that was written since the last time.
    pub(crate) fn take(&mut self, into: &mut Vec<u8>) {
        const HEAD: usize = 1024;
        const TAIL: usize = 1032;
        #[expect(unsafe_code, reason = "memory that the kernel writes")]
        // SAFETY: the mapping is one page longer than the ring and lives as long as `self`. The kernel writes the ring
        // only outside of what lies between tail and head, which is what is copied here: the head is read with acquire
        // before, the tail written with release behind. Both numbers are aligned, and both sides take them as atomic.
        unsafe {
            let (head, tail) = (self.memory.add(HEAD).cast(), self.memory.add(TAIL).cast());
            let (head, tail) = (AtomicU64::from_ptr(head), AtomicU64::from_ptr(tail));
            let (until, from) = (head.load(Ordering::Acquire), tail.load(Ordering::Relaxed));
            let count = (until.wrapping_sub(from) as usize).min(self.length);
            let start = from as usize & (self.length - 1);
            let first = count.min(self.length - start);
            let ring = self.memory.add(PAGE);
            into.extend_from_slice(std::slice::from_raw_parts(ring.add(start), first));
            into.extend_from_slice(std::slice::from_raw_parts(ring, count - first));
            tail.store(until, Ordering::Release);
        }
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        #[expect(unsafe_code, reason = "the system's own call")]
        // SAFETY: it is the mapping that `open` made, and nobody else has its address.
        unsafe {
            libc::munmap(self.memory.cast(), self.length + PAGE);
        }
    }
}

/// Of every x86-64 system.
const PAGE: usize = 4096;

fn event(attributes: &Attributes, processor: usize) -> io::Result<OwnedFd> {
    const CLOSE_ON_EXEC: libc::c_ulong = 8;
    const THIS_THREAD: libc::pid_t = 0;
    const NO_GROUP: libc::c_int = -1;
    #[expect(unsafe_code, reason = "the system's own call")]
    // SAFETY: the kernel reads as many bytes of the attributes as they say they are long; what it returns is a file of
    // ours, or less than 0.
    unsafe {
        let processor = processor as libc::c_int;
        let number = libc::syscall(
            libc::SYS_perf_event_open,
            ptr::from_ref(attributes),
            THIS_THREAD,
            processor,
            NO_GROUP,
            CLOSE_ON_EXEC,
        );
        if number < 0 { Err(io::Error::last_os_error()) } else { Ok(OwnedFd::from_raw_fd(number as i32)) }
    }
}

fn map(file: &OwnedFd, length: usize) -> io::Result<*mut u8> {
    #[expect(unsafe_code, reason = "the system's own call")]
    // SAFETY: a new mapping, at an address that the system chooses.
    let memory = unsafe {
        let access = libc::PROT_READ | libc::PROT_WRITE;
        libc::mmap(ptr::null_mut(), length, access, libc::MAP_SHARED, file.as_raw_fd(), 0)
    };
    if memory == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(memory.cast()) }
}

/// What became of a thread that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// It has ended, or its process has; with the status as `wait` has it.
    Ended(i32),
    /// A signal is about to reach it.
    Signal(i32),
    /// It stands still, because it was asked to or has just begun.
    Stands,
    /// Its process was stopped, by that signal.
    Stopped,
    /// It has made that thread or process.
    Began(u32),
    /// Its process runs another program.
    Exec,
    /// Something else, of which nothing follows.
    Other,
}

/// Begins to watch a thread and all that it will start, without stopping it.
pub(crate) fn seize(thread: u32) -> io::Result<()> {
    let events = libc::PTRACE_O_TRACECLONE
        | libc::PTRACE_O_TRACEFORK
        | libc::PTRACE_O_TRACEVFORK
        | libc::PTRACE_O_TRACEEXEC;
    request(libc::PTRACE_SEIZE, thread, events as usize)
}

/// Asks it to stand still.
pub(crate) fn interrupt(thread: u32) -> io::Result<()> {
    request(libc::PTRACE_INTERRUPT, thread, 0)
}

/// Lets it go on, with a signal or, for 0, without.
pub(crate) fn go_on(thread: u32, signal: i32) -> io::Result<()> {
    request(libc::PTRACE_CONT, thread, signal as usize)
}

/// Leaves it stopped, as its process is.
pub(crate) fn stay(thread: u32) -> io::Result<()> {
    request(libc::PTRACE_LISTEN, thread, 0)
}

/// Watches it no longer; it must stand still.
pub(crate) fn release(thread: u32) -> io::Result<()> {
    request(libc::PTRACE_DETACH, thread, 0)
}

fn request(what: libc::c_uint, thread: u32, data: usize) -> io::Result<()> {
    #[expect(unsafe_code, reason = "the system's own call")]
    // SAFETY: none of these requests has an address that the kernel would write to.
    let result = unsafe { libc::ptrace(what, thread as libc::pid_t, ptr::null_mut::<u8>(), data) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// The next news of any thread that is watched, and of children; nothing if there are none at the moment.
pub(crate) fn news() -> io::Result<Option<(u32, News)>> {
    let mut status = 0;
    #[expect(unsafe_code, reason = "the system's own call")]
    // SAFETY: the kernel writes a number where there is one.
    let thread = unsafe { libc::waitpid(-1, &raw mut status, libc::__WALL | libc::WNOHANG) };
    match thread {
        0 => Ok(None),
        1.. => Ok(Some((thread as u32, what_became(thread as u32, status)))),
        _ => Err(io::Error::last_os_error()),
    }
}

fn what_became(thread: u32, status: i32) -> News {
    const STOPS: [i32; 4] = [libc::SIGSTOP, libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU];
    if !libc::WIFSTOPPED(status) {
        return News::Ended(status);
    }
    let signal = libc::WSTOPSIG(status);
    match status >> 16 {
        0 => News::Signal(signal),
        libc::PTRACE_EVENT_STOP if STOPS.contains(&signal) => News::Stopped,
        libc::PTRACE_EVENT_STOP => News::Stands,
        libc::PTRACE_EVENT_CLONE | libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK => {
            began(thread).map_or(News::Other, News::Began)
        }
        libc::PTRACE_EVENT_EXEC => News::Exec,
        _ => News::Other,
    }
}

fn began(thread: u32) -> Option<u32> {
    let mut number: libc::c_ulong = 0;
    #[expect(unsafe_code, reason = "the system's own call")]
    // SAFETY: the kernel writes a number where there is one.
    let result = unsafe {
        let (request, thread) = (libc::PTRACE_GETEVENTMSG, thread as libc::pid_t);
        libc::ptrace(request, thread, ptr::null_mut::<u8>(), &raw mut number)
    };
    (result >= 0).then_some(number as u32)
}

/// Where a thread stands.
pub(crate) fn user(process: u32, thread: u32) -> Option<User> {
    let registers = registers(thread)?;
    let mut stack = vec![0; STACK];
    let read = read_memory(process, registers.rsp, &mut stack);
    stack.truncate(read);
    Some(User { ip: registers.rip, sp: registers.rsp, bp: registers.rbp, stack })
}

fn registers(thread: u32) -> Option<libc::user_regs_struct> {
    let mut registers = std::mem::MaybeUninit::<libc::user_regs_struct>::uninit();
    #[expect(unsafe_code, reason = "the system's own call")]
    // SAFETY: the kernel writes the whole structure, or returns an error.
    unsafe {
        let (request, thread) = (libc::PTRACE_GETREGS, thread as libc::pid_t);
        let result = libc::ptrace(request, thread, ptr::null_mut::<u8>(), registers.as_mut_ptr());
        (result >= 0).then(|| registers.assume_init())
    }
}

/// Copies memory of a process, up to where it can be read; gives how much. A page that cannot be read ends it.
fn read_memory(process: u32, address: u64, into: &mut [u8]) -> usize {
    let local = libc::iovec { iov_base: into.as_mut_ptr().cast(), iov_len: into.len() };
    let mut remote = Vec::new();
    let (mut at, mut rest) = (address as usize, into.len());
    while rest > 0 {
        let length = (PAGE - at % PAGE).min(rest);
        remote.push(libc::iovec { iov_base: at as *mut libc::c_void, iov_len: length });
        (at, rest) = (at.wrapping_add(length), rest - length);
    }
    #[expect(unsafe_code, reason = "the system's own call")]
    // SAFETY: the kernel writes at most as many bytes as the slice is long, and checks the other process's addresses.
    let read = unsafe {
        let (process, pages) = (process as libc::pid_t, remote.len() as libc::c_ulong);
        libc::process_vm_readv(process, &raw const local, 1, remote.as_ptr(), pages, 0)
    };
    usize::try_from(read).unwrap_or(0)
}
