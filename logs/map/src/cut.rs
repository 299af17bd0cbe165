//! A mapped file that somebody cuts off: what is gone reads as zeros, instead of ending the process.
//!
//! A look at a page behind the file's end raises SIGBUS. If the page is one of ours, the rest of that map becomes memory
//! that holds zeros, and the look is repeated; the reader finds nonsense there, which readers of logs can take. Any
//! other SIGBUS goes to whoever handled it before. As in Wayland's shared memory, which has the same problem.

#![expect(unsafe_code, reason = "signal handlers and maps are the system's")]

use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError};

/// Files mapped at once. What is beyond is not guarded.
const MAPS: usize = 32;

/// Start and length of each map; 0 is a free place. Read in the handler, which must not wait for anybody.
static PLACES: [(AtomicUsize, AtomicUsize); MAPS] =
    [const { (AtomicUsize::new(0), AtomicUsize::new(0)) }; MAPS];

/// Who handled SIGBUS before: leaked, because a handler may need it at any time.
static BEFORE: AtomicPtr<libc::sigaction> = AtomicPtr::new(ptr::null_mut());

/// Held by whoever changes [`PLACES`].
static CHANGING: Mutex<()> = Mutex::new(());

/// Guards a map while it lives.
#[derive(Debug)]
pub(crate) struct Guard(Option<usize>);

impl Guard {
    /// Guards so many bytes at that address.
    pub(crate) fn new(start: usize, length: usize) -> Guard {
        install();
        let _changing = CHANGING.lock().unwrap_or_else(PoisonError::into_inner);
        let free = PLACES.iter().position(|(known, _)| known.load(Ordering::Relaxed) == 0);
        if let Some(place) = free.filter(|_| length > 0) {
            PLACES[place].1.store(length, Ordering::Relaxed);
            PLACES[place].0.store(start, Ordering::Release);
            return Guard(Some(place));
        }
        Guard(None)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(place) = self.0 {
            PLACES[place].0.store(0, Ordering::Release);
        }
    }
}

fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let mut before = MaybeUninit::<libc::sigaction>::zeroed();
        // SAFETY: zeros are a valid sigaction; the handler has the signature that SA_SIGINFO asks for, does nothing but
        // system calls and atomic loads, and finds BEFORE null until it is set.
        unsafe {
            let mut action = MaybeUninit::<libc::sigaction>::zeroed().assume_init();
            let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = on_sigbus;
            action.sa_sigaction = handler as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            if libc::sigaction(libc::SIGBUS, &raw const action, before.as_mut_ptr()) == 0 {
                BEFORE.store(Box::into_raw(Box::new(before.assume_init())), Ordering::Release);
            }
        }
    });
}

extern "C" fn on_sigbus(_: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the kernel hands a valid siginfo to a handler that was installed with SA_SIGINFO.
    let address = unsafe { (*info).si_addr() } as usize;
    if !PLACES.iter().any(|place| fill(place, address)) {
        give_back();
    }
}

/// Puts zeros from that address to the end of a map, if it lies in it.
fn fill((start, length): &(AtomicUsize, AtomicUsize), address: usize) -> bool {
    const PAGE: usize = 4096;
    let (start, length) = (start.load(Ordering::Acquire), length.load(Ordering::Relaxed));
    if start == 0 || address < start || address - start >= length {
        return false;
    }
    let from = address & !(PAGE - 1);
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
    // SAFETY: the range lies in a map that is registered, so it lives; nobody writes to it; what replaces it can be
    // read just as well. Where pages are larger, the kernel refuses, and the signal goes where it would have gone.
    let filled = unsafe {
        libc::mmap(from as *mut libc::c_void, start + length - from, libc::PROT_READ, flags, -1, 0)
    };
    filled != libc::MAP_FAILED
}

/// Leaves the signal to whoever handled it before: it comes again at once.
fn give_back() {
    let before = BEFORE.load(Ordering::Acquire);
    // SAFETY: what BEFORE points to is never freed; null, which says nothing, stands for the default.
    unsafe {
        if before.is_null() {
            libc::signal(libc::SIGBUS, libc::SIG_DFL);
        } else {
            libc::sigaction(libc::SIGBUS, before, ptr::null_mut());
        }
    }
}
