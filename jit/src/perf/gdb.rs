//! GDB's interface for generated code: a list of object files in memory, and a function that is called when it changes,
//! on which a debugger has a breakpoint.
//!
//! Both have fixed names, because debuggers look for them. One list serves all machines of the process.
#![expect(unsafe_code, reason = "a list that debuggers read")]

use std::ptr::null_mut;
use std::sync::Mutex;

use super::{Symbol, elf};

/// An object file in the list.
#[repr(C)]
struct Entry {
    next: *mut Entry,
    prev: *mut Entry,
    file: *const u8,
    size: u64,
}

#[repr(C)]
struct Descriptor {
    version: u32,
    action: u32,
    relevant: *mut Entry,
    first: *mut Entry,
}

const NOTHING: u32 = 0;
const REGISTER: u32 = 1;
const UNREGISTER: u32 = 2;

#[unsafe(no_mangle)]
static mut __jit_debug_descriptor: Descriptor =
    Descriptor { version: 1, action: NOTHING, relevant: null_mut(), first: null_mut() };

#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn __jit_debug_register_code() {
    // Something that the optimiser must keep, so that there is a function to break in.
    std::hint::black_box(());
}

/// Files of one machine. A kilobyte each, and debuggers take their time with each.
const MOST: usize = 10_000;

/// Who changes the list.
static CHANGING: Mutex<()> = Mutex::new(());

/// The object files of one machine.
#[derive(Default)]
pub struct Debugger {
    /// Each with its contents. Neither moves.
    files: Vec<(*mut Entry, Box<[u8]>)>,
}

impl Debugger {
    /// From now on debuggers know this code, unless they know a lot already.
    pub fn add(&mut self, symbol: &Symbol<'_>) {
        if self.files.len() == MOST {
            return;
        }
        let file = elf::object(symbol).into_boxed_slice();
        let entry =
            Entry { next: null_mut(), prev: null_mut(), file: file.as_ptr(), size: file.len() as u64 };
        let entry = Box::into_raw(Box::new(entry));
        self.files.push((entry, file));
        let _changing = CHANGING.lock();
        // SAFETY: nobody else touches the list while we hold the lock; its entries are live.
        unsafe {
            let descriptor = &raw mut __jit_debug_descriptor;
            (*entry).next = (*descriptor).first;
            if let Some(next) = (*entry).next.as_mut() {
                next.prev = entry;
            }
            (*descriptor).first = entry;
            tell(descriptor, REGISTER, entry);
        }
    }
}

impl Drop for Debugger {
    fn drop(&mut self) {
        let _changing = CHANGING.lock();
        for (entry, _) in self.files.drain(..) {
            // SAFETY: as above; the entry is one of ours, and freed once it is out of the list.
            unsafe {
                let descriptor = &raw mut __jit_debug_descriptor;
                let (next, prev) = ((*entry).next, (*entry).prev);
                match prev.as_mut() {
                    Some(prev) => prev.next = next,
                    None => (*descriptor).first = next,
                }
                if let Some(next) = next.as_mut() {
                    next.prev = prev;
                }
                tell(descriptor, UNREGISTER, entry);
                drop(Box::from_raw(entry));
            }
        }
    }
}

/// # Safety
/// The caller holds the lock, and `entry` is live.
unsafe fn tell(descriptor: *mut Descriptor, action: u32, entry: *mut Entry) {
    // SAFETY: by contract.
    unsafe {
        (*descriptor).relevant = entry;
        (*descriptor).action = action;
        __jit_debug_register_code();
        (*descriptor).action = NOTHING;
        (*descriptor).relevant = null_mut();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_leaves_the_list_again() {
        let symbol = Symbol { address: 0x1000, code: &[0xc3], name: "a", lines: &[] };
        let mut debugger = Debugger::default();
        (0..3).for_each(|_| debugger.add(&symbol));
        let entries: Vec<*mut Entry> = debugger.files.iter().map(|(entry, _)| *entry).collect();
        drop(debugger);
        let _changing = CHANGING.lock();
        // SAFETY: we hold the lock.
        let mut at = unsafe { __jit_debug_descriptor.first };
        while !at.is_null() {
            assert!(!entries.contains(&at));
            // SAFETY: as above.
            at = unsafe { (*at).next };
        }
    }
}
