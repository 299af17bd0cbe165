//! Memory that machine code reaches without an address of 64 bits.
//!
//! ```text
//!   program's statics │ slab: contexts, counters, slots │ …     heap
//!                     └── context, in a register ── ± 2 GB ──┘
//! ```
//!
//! An address of its own costs machine code an instruction of ten bytes and a register; a distance from the context, which
//! lies in a register anyway, costs nothing. The slab is a static, so that the other statics, above all the byte that
//! asks for a safepoint, are as near. Where the slab is full, memory comes from the heap, and code has addresses again.
#![expect(unsafe_code, reason = "hands out a static's memory")]

use std::cell::UnsafeCell;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes; the system gives those that are used.
const SIZE: usize = 1 << 20;
/// What starts there shares a cache line with nothing that starts elsewhere.
const LINE: usize = 64;

#[repr(C, align(64))]
struct Slab(UnsafeCell<MaybeUninit<[u8; SIZE]>>);

// SAFETY: no byte is handed out twice, and nobody else touches it.
unsafe impl Sync for Slab {}

static SLAB: Slab = Slab(UnsafeCell::new(MaybeUninit::uninit()));
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// A place for `value`, for good: near if there is room.
pub fn keep<T>(value: T) -> &'static mut T {
    const { assert!(align_of::<T>() <= LINE) };
    let align = align_of::<T>();
    let place = |taken: usize| {
        let start = taken.next_multiple_of(align);
        (start + size_of::<T>() <= SIZE).then_some(start + size_of::<T>())
    };
    match TAKEN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, place) {
        Err(_) => Box::leak(Box::new(value)),
        Ok(taken) => {
            let at = SLAB.0.get().cast::<u8>().wrapping_add(taken.next_multiple_of(align)).cast::<T>();
            // SAFETY: these bytes lie in the slab, are aligned, and are handed out now and never again.
            unsafe {
                at.write(value);
                &mut *at
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_apart_and_aligned() {
        let byte = keep(1u8);
        let word = keep(2u64);
        let line = keep([3u8; LINE]);
        assert_eq!((*byte, *word, *line), (1, 2, [3; LINE]));
        assert_eq!(std::ptr::from_ref(word).addr() % 8, 0);
    }
}
