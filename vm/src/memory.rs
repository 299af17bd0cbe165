//! What the program holds of malloc memory, counted where it is asked for.
//!
//! [`Counted`] wraps the process's allocator. Each thread has a balance: what it asked for, less what it gave back. That of
//! the program's thread is lists, tables, texts and long ints, so the heap need not be told of them, and a limit holds for
//! all of them. Two things happen in the allocator:
//!
//! * The balance reaches the thread's *alarm*: [`ATTENTION`] asks for a look at the next safepoint.
//! * The system refuses. Then a mapping that was [kept aside](keep_spare) is given back and the request repeated: Rust code
//!   that cannot deal with a refusal does not meet one before the next safepoint has raised MemoryError.
//!
//! Whatever may be large is asked for with [`Vm::reserve`](crate::vm::Vm::reserve) first, which raises MemoryError.
#![expect(unsafe_code, reason = "an allocator")]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::object::heap::ATTENTION;

/// An allocator that counts.
#[derive(Debug)]
pub struct Counted<A>(pub A);

struct Account {
    balance: Cell<isize>,
    alarm: Cell<isize>,
}

thread_local! {
    static ACCOUNT: Account = const { Account { balance: Cell::new(0), alarm: Cell::new(isize::MAX) } };
}

/// Address of what is kept aside, or 0.
static SPARE: AtomicUsize = AtomicUsize::new(0);
const SPARE_BYTES: usize = 96 << 20;
/// Requests beyond this are refused even if the spare mapping is still there: who makes them can deal with that.
const SMALL_REQUEST: usize = 16 << 20;
/// The system has refused memory since somebody asked last.
static EXHAUSTED: AtomicBool = AtomicBool::new(false);

/// Bytes that this thread has asked for and not given back. What another thread gives back is that thread's.
pub fn balance() -> usize {
    ACCOUNT.with(|account| account.balance.get()).max(0) as usize
}

/// Sets [`ATTENTION`] once this thread's balance is so much.
pub fn set_alarm(at: usize) {
    ACCOUNT.with(|account| account.alarm.set(isize::try_from(at).unwrap_or(isize::MAX)));
}

/// Keeps address space aside for the time when there is no other.
pub fn keep_spare() {
    if SPARE.load(Ordering::Relaxed) == 0 {
        // SAFETY: asks for addresses that nobody uses, and for no access to them.
        let spare = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                SPARE_BYTES,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if spare != libc::MAP_FAILED {
            SPARE.store(spare as usize, Ordering::Relaxed);
        }
    }
}

/// Somebody could not get memory, and cannot say so itself.
pub fn note_exhausted() {
    EXHAUSTED.store(true, Ordering::Relaxed);
    ATTENTION.store(true, Ordering::Relaxed);
}

/// The system has refused memory since the last call.
pub fn take_exhausted() -> bool {
    EXHAUSTED.load(Ordering::Relaxed) && EXHAUSTED.swap(false, Ordering::Relaxed)
}

/// A block of so many bytes can be had now: the system has been asked.
pub fn can_have(bytes: usize) -> bool {
    Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

#[inline(always)]
fn count(change: isize) {
    ACCOUNT.with(|account| {
        let balance = account.balance.get().wrapping_add(change);
        account.balance.set(balance);
        if balance >= account.alarm.get() {
            ring(account);
        }
    });
}

#[cold]
fn ring(account: &Account) {
    account.alarm.set(isize::MAX);
    ATTENTION.store(true, Ordering::Relaxed);
}

/// Gives back what was kept aside; false if nothing was, or the request is too large to be helped.
#[cold]
fn give_spare(size: usize) -> bool {
    // Who asks for more can deal with a refusal, and may have asked only to know.
    if size > SMALL_REQUEST {
        return false;
    }
    note_exhausted();
    let spare = SPARE.swap(0, Ordering::Relaxed);
    // SAFETY: the mapping of `keep_spare`, which nobody can touch; whoever swapped it out is the only one to free it.
    spare != 0 && unsafe { libc::munmap(spare as *mut libc::c_void, SPARE_BYTES) } == 0
}

// SAFETY: passes everything on to an allocator; what it adds allocates nothing and cannot panic.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Counted<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller's promise, passed on.
        let block = unsafe { self.0.alloc(layout) };
        // SAFETY: as above.
        if block.is_null() { self.again(layout, |all| unsafe { all.alloc(layout) }) } else { block }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as above.
        let block = unsafe { self.0.alloc_zeroed(layout) };
        // SAFETY: as above.
        if block.is_null() { self.again(layout, |all| unsafe { all.alloc_zeroed(layout) }) } else { block }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { self.0.dealloc(block, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        // SAFETY: as above.
        let new = unsafe { self.0.realloc(block, layout, size) };
        if !new.is_null() {
            return new;
        }
        count(layout.size() as isize - size as isize);
        if !give_spare(size) {
            return new;
        }
        count(size as isize - layout.size() as isize);
        // SAFETY: the old block is still there, as the request was refused.
        unsafe { self.0.realloc(block, layout, size) }
    }
}

impl<A: GlobalAlloc> Counted<A> {
    /// Once more, with what was kept aside.
    #[cold]
    fn again(&self, layout: Layout, ask: impl Fn(&A) -> *mut u8) -> *mut u8 {
        let block = if give_spare(layout.size()) { ask(&self.0) } else { std::ptr::null_mut() };
        if block.is_null() {
            count(-(layout.size() as isize));
        }
        block
    }
}
