//! What only the system can tell or do: a thread's CPU clock, and a timer that interrupts a thread.
//!
//! The timer runs on the thread's CPU clock, so it fires at ticks of the scheduler, only while the thread runs, and
//! never wakes a thread that sleeps. Its handler stores the program counter and the marker into a ring and returns: it
//! allocates nothing and locks nothing.
#![expect(unsafe_code, reason = "system calls, and a signal handler")]

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::marker::{Mark, here};

/// A thread's CPU clock, readable by other threads.
#[derive(Clone, Copy, Debug)]
pub struct CpuClock(libc::clockid_t);

impl CpuClock {
    /// The clock of the thread that asks.
    pub fn of_this_thread() -> Option<CpuClock> {
        let mut clock = 0;
        // SAFETY: the thread that asks is alive, and `clock` is written to.
        let error = unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &raw mut clock) };
        (error == 0).then_some(CpuClock(clock))
    }

    /// What the thread has used so far, in nanoseconds.
    pub fn nanoseconds(self) -> u64 {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: `time` is written to; a clock whose thread has ended is an error, and leaves it alone.
        unsafe { libc::clock_gettime(self.0, &raw mut time) };
        time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
    }
}

/// CPU time of the thread that asks, in nanoseconds.
pub fn own_nanoseconds() -> u64 {
    CpuClock(libc::CLOCK_THREAD_CPUTIME_ID).nanoseconds()
}

/// Processors that this process may use.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Lets the thread that asks sleep for as short as it wants to.
pub fn sleep_precisely() {
    // SAFETY: changes how exact this thread's sleep is, and nothing else.
    unsafe { libc::prctl(libc::PR_SET_TIMERSLACK, 1 as libc::c_ulong) };
}

/// The processor that the sampled thread ran on last, plus 1.
static PROCESSOR: AtomicUsize = AtomicUsize::new(0);

/// The sampled thread runs here.
pub fn note_processor() {
    // SAFETY: asks only.
    let number = unsafe { libc::sched_getcpu() };
    PROCESSOR.store(usize::try_from(number).map_or(0, |number| number + 1), Ordering::Relaxed);
}

/// Keeps the thread that asks away from the sampled one: each time it woke there it would take that thread's processor.
pub struct Apart {
    /// Where it may run at all.
    allowed: libc::cpu_set_t,
    /// What it keeps away from.
    from: usize,
}

impl Apart {
    pub fn new() -> Option<Apart> {
        // SAFETY: all zeros is the empty set, which is written to.
        unsafe {
            let mut allowed: libc::cpu_set_t = std::mem::zeroed();
            let known = libc::sched_getaffinity(0, size_of::<libc::cpu_set_t>(), &raw mut allowed) == 0;
            (known && libc::CPU_COUNT(&allowed) > 1).then_some(Apart { allowed, from: 0 })
        }
    }

    /// Moves out of the way if the sampled thread has moved.
    pub fn keep(&mut self) {
        let now = PROCESSOR.load(Ordering::Relaxed);
        if std::mem::replace(&mut self.from, now) == now || now == 0 {
            return;
        }
        let mut others = self.allowed;
        // SAFETY: the set is ours, and the number is below its size; a set that is refused changes nothing.
        unsafe {
            if now <= libc::CPU_SETSIZE as usize {
                libc::CPU_CLR(now - 1, &mut others);
            }
            libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const others);
        }
    }
}

/// What the handler has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    pub address: usize,
    pub mark: Mark,
    /// Where the interpreter was, if it ran.
    pub here: usize,
}

struct Slot {
    address: AtomicUsize,
    mark: AtomicU64,
    here: AtomicUsize,
}

/// At 250 samples a second, a quarter of a minute.
const SLOTS: usize = 1 << 12;

/// Written by the handler on the program's thread, read by whoever collects.
struct Ring {
    slots: [Slot; SLOTS],
    /// Samples ever written, and read.
    written: AtomicUsize,
    read: AtomicUsize,
    lost: AtomicU64,
}

static RING: Ring = Ring {
    slots: [const { Slot { address: AtomicUsize::new(0), mark: AtomicU64::new(0), here: AtomicUsize::new(0) } };
        SLOTS],
    written: AtomicUsize::new(0),
    read: AtomicUsize::new(0),
    lost: AtomicU64::new(0),
};

impl Ring {
    fn put(&self, sample: Sample) {
        let written = self.written.load(Ordering::Relaxed);
        if written.wrapping_sub(self.read.load(Ordering::Acquire)) >= SLOTS {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let slot = &self.slots[written % SLOTS];
        slot.address.store(sample.address, Ordering::Relaxed);
        slot.mark.store(sample.mark.0, Ordering::Relaxed);
        slot.here.store(sample.here, Ordering::Relaxed);
        self.written.store(written.wrapping_add(1), Ordering::Release);
    }

    fn take(&self) -> Option<Sample> {
        let read = self.read.load(Ordering::Relaxed);
        if read == self.written.load(Ordering::Acquire) {
            return None;
        }
        let slot = &self.slots[read % SLOTS];
        let sample = Sample {
            address: slot.address.load(Ordering::Relaxed),
            mark: Mark(slot.mark.load(Ordering::Relaxed)),
            here: slot.here.load(Ordering::Relaxed),
        };
        self.read.store(read.wrapping_add(1), Ordering::Release);
        Some(sample)
    }
}

/// The oldest sample that nobody has taken.
pub fn take_sample() -> Option<Sample> {
    RING.take()
}

/// Samples for which there was no room.
pub fn lost_samples() -> u64 {
    RING.lost.load(Ordering::Relaxed)
}

/// A timer that samples the thread that started it.
#[derive(Debug)]
pub struct Timer(usize);

impl Timer {
    /// Every so many microseconds of the thread's CPU time; no more often than the scheduler ticks.
    #[cfg(target_os = "linux")]
    pub fn start(clock: CpuClock, micros: u64) -> Option<Timer> {
        install_handler().then_some(())?;
        // SAFETY: all zeros is a valid event; the fields that count are set.
        let mut event: libc::sigevent = unsafe { std::mem::zeroed() };
        event.sigev_notify = libc::SIGEV_THREAD_ID;
        event.sigev_signo = libc::SIGPROF;
        // SAFETY: asks for the number of this thread.
        event.sigev_notify_thread_id = unsafe { libc::gettid() };
        let mut timer: libc::timer_t = std::ptr::null_mut();
        // SAFETY: both live during the call.
        let made = unsafe { libc::timer_create(clock.0, &raw mut event, &raw mut timer) };
        let timer = (made == 0).then_some(Timer(timer.addr()))?;
        timer.set(micros).then_some(timer)
    }

    #[cfg(not(target_os = "linux"))]
    pub fn start(_: CpuClock, _: u64) -> Option<Timer> {
        None
    }

    #[cfg(target_os = "linux")]
    fn set(&self, micros: u64) -> bool {
        let period = libc::timespec {
            tv_sec: (micros / 1_000_000) as i64,
            tv_nsec: (micros % 1_000_000 * 1000) as i64,
        };
        let setting = libc::itimerspec { it_interval: period, it_value: period };
        // SAFETY: the timer exists; the setting is only read.
        unsafe { libc::timer_settime(self.id(), 0, &raw const setting, std::ptr::null_mut()) == 0 }
    }

    #[cfg(target_os = "linux")]
    fn id(&self) -> libc::timer_t {
        std::ptr::without_provenance_mut(self.0)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        // SAFETY: the timer exists. A signal that is under way finds its handler, which stays.
        #[cfg(target_os = "linux")]
        unsafe {
            libc::timer_delete(self.id());
        }
    }
}

/// What a signal takes from the thread that gets it, in nanoseconds: as measured now, without the timer's interrupt.
pub fn cost_of_signal() -> f64 {
    const TIMES: u32 = 16;
    if !install_handler() {
        return 0.0;
    }
    let start = std::time::Instant::now();
    for _ in 0..TIMES {
        // SAFETY: the handler is installed.
        unsafe { libc::raise(libc::SIGPROF) };
    }
    let taken = start.elapsed().as_nanos() as f64 / f64::from(TIMES);
    while take_sample().is_some() {}
    taken
}

fn install_handler() -> bool {
    // SAFETY: all zeros is a valid action without flags; the handler does only what is allowed to one.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = on_timer as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART | libc::SA_ONSTACK;
        libc::sigemptyset(&raw mut action.sa_mask);
        libc::sigaction(libc::SIGPROF, &raw const action, std::ptr::null_mut()) == 0
    }
}

extern "C" fn on_timer(_: libc::c_int, _: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the system passes the interrupted thread's state.
    let address = unsafe { program_counter(context.cast()) };
    note_processor();
    RING.put(Sample { address, mark: Mark::now(), here: here() });
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
unsafe fn program_counter(context: *const libc::ucontext_t) -> usize {
    // SAFETY: by contract.
    unsafe { (*context).uc_mcontext.gregs[libc::REG_RIP as usize] as usize }
}

#[cfg(all(target_os = "linux", target_arch = "aarch64"))]
unsafe fn program_counter(context: *const libc::ucontext_t) -> usize {
    // SAFETY: by contract.
    unsafe { (*context).uc_mcontext.pc as usize }
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
unsafe fn program_counter(_: *const libc::ucontext_t) -> usize {
    0
}

/// What lies at an address that is not ours: a function of the C library that we know, or the file it was loaded from.
pub fn name_at(address: usize) -> String {
    /// Bytes of one of these functions at most.
    const LENGTH: usize = 2048;
    let known: [(&str, usize); 6] = [
        ("memmove", libc::memmove as *const () as usize),
        ("memcpy", libc::memcpy as *const () as usize),
        ("memset", libc::memset as *const () as usize),
        ("memcmp", libc::memcmp as *const () as usize),
        ("malloc", libc::malloc as *const () as usize),
        ("free", libc::free as *const () as usize),
    ];
    let near = known.into_iter().filter(|(_, start)| (*start..start + LENGTH).contains(&address));
    match near.max_by_key(|(_, start)| *start) {
        Some((name, _)) => name.to_owned(),
        None => file_at(address).unwrap_or_else(|| "?".to_owned()),
    }
}

fn file_at(address: usize) -> Option<String> {
    // SAFETY: all zeros is a valid answer; only the file's name is used, and only if there is one.
    let name = unsafe {
        let mut found: libc::Dl_info = std::mem::zeroed();
        let known = libc::dladdr(std::ptr::without_provenance(address), &raw mut found) != 0;
        (known && !found.dli_fname.is_null()).then(|| std::ffi::CStr::from_ptr(found.dli_fname))?
    };
    let name = name.to_string_lossy();
    Some(name.rsplit('/').next().unwrap_or(&name).replace(' ', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_runs_while_the_thread_does() {
        let clock = CpuClock::of_this_thread().unwrap();
        let before = clock.nanoseconds();
        let sum: u64 = (0..100_000u64).map(std::hint::black_box).sum();
        assert!(std::hint::black_box(sum) > 0 && clock.nanoseconds() > before);
    }

    #[test]
    fn a_function_of_the_c_library_is_known_by_name() {
        assert_eq!(name_at(libc::memset as *const () as usize + 5), "memset");
    }
}
