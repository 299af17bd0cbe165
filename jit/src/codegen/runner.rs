//! Enters machine code. Shared by nested activations: a copy of the frame pointer is all that has to be put back.
#![expect(unsafe_code, reason = "enters machine code with a raw context")]

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use std::arch::asm;
use std::cell::UnsafeCell;
use std::ops::Range;
use std::rc::{Rc, Weak};
use std::sync::atomic::Ordering;

use vm::error::{R, Raise};
use vm::object::heap::{ATTENTION, Marker};
use vm::object::value::Value;
use vm::vm::Vm;

use super::{CodeAddr, JitContext};
use crate::events::Profile;
use crate::sample::move_to;

/// Who goes on when machine code cannot.
pub trait Resume {
    /// The top frame of `vm` was called by machine code, whose code for it left through `exit`; runs it to its end.
    fn resume(&self, vm: &mut Vm, exit: u64) -> R;
}

/// An activation of machine code. It lies on the native stack, above what runs inside.
pub struct Activation {
    outer: *const Activation,
    /// Index of the frame that it was entered for.
    depth: usize,
}

/// The way into compiled code.
pub struct Runner {
    entry_stub: usize,
    /// Never freed: who reads the marker inside may come late.
    context: &'static UnsafeCell<JitContext>,
    /// The context points to it.
    profile: Option<Rc<Profile>>,
}

impl Runner {
    pub(super) fn new(entry_stub: usize, context: &'static UnsafeCell<JitContext>, vm: *mut Vm) -> Runner {
        // SAFETY: no machine code runs now.
        unsafe { (*context.get()).vm = vm };
        Runner { entry_stub, context, profile: None }
    }

    /// From now on machine code reports here.
    pub fn report_to(&mut self, profile: Option<Rc<Profile>>) {
        // SAFETY: no machine code runs now.
        unsafe { (*self.context.get()).profile = profile.as_ref().map_or(std::ptr::null(), Rc::as_ptr) };
        self.profile = profile;
    }

    /// From now on the marker is where machine code sets it.
    pub fn hold_marker(&self) {
        // SAFETY: the context is never freed, and the line is made of atomics.
        move_to(unsafe { &(*self.context.get()).line });
    }

    /// From now on this is who resumes.
    pub fn resume_with(&self, engine: Weak<dyn Resume>) {
        // SAFETY: no machine code runs now.
        unsafe { (*self.context.get()).resume = engine };
    }

    /// Runs a fragment for the top frame of `vm`; returns the exit's number.
    pub fn enter(&self, vm: &mut Vm, code: CodeAddr) -> u64 {
        let fp = vm.frames.last().map_or(std::ptr::null_mut(), |f| vm.stack.pointer(f.base));
        let context = self.context.get();
        // SAFETY: the stub has this signature and `code` comes from the same backend; the context is ours alone, and
        // code that runs inside puts `fp` back.
        unsafe {
            let outer = (*context).fp;
            let activation = Activation { outer: (*context).activation, depth: vm.frames.len() - 1 };
            (*context).activation = &raw const activation;
            (*context).fp = fp;
            (*context).vm = vm;
            let exit = self.call(code);
            (*context).fp = outer;
            (*context).activation = activation.outer;
            if ATTENTION.load(Ordering::Relaxed) {
                forget_frames();
            }
            exit
        }
    }

    /// Runs a fragment with the context as it is. Its parameters are taken from `iregs`, `fregs` and `spill`.
    ///
    /// # Safety
    /// The context holds what the fragment touches: a live `vm`, and `fp` if there are slots.
    unsafe fn call(&self, code: CodeAddr) -> u64 {
        // SAFETY: the stub has this signature; the rest is the caller's duty.
        unsafe {
            let enter: extern "C" fn(usize, *mut JitContext) -> u64 = std::mem::transmute(self.entry_stub);
            enter(code.0, self.context.get())
        }
    }

    /// Runs a fragment with what the test has put into the context: a frame of more slots than any has.
    #[cfg(test)]
    pub fn enter_as_is(&self, code: CodeAddr) -> u64 {
        // SAFETY: the context is complete.
        unsafe { self.call(code) }
    }

    /// What the next fragment is run with.
    #[cfg(test)]
    pub fn context(&mut self) -> &mut JitContext {
        // SAFETY: no machine code runs now.
        unsafe { &mut *self.context.get() }
    }

    /// Where machine code waits for native code, innermost activation first: the index of the frame that it was entered
    /// for, and its return addresses (all that lie within `code`), innermost first. What is missing was called through
    /// native code without frame pointers.
    pub fn waiting(&self, code: &Range<usize>) -> Vec<(usize, Vec<usize>)> {
        let mut found = Vec::new();
        // SAFETY: only whoever enters writes it, and waits for us now.
        let mut next = unsafe { (*self.context.get()).activation };
        let mut frame = frame_pointer();
        // SAFETY: an activation lies on the native stack as long as it is linked.
        while let Some(activation) = unsafe { next.as_ref() } {
            let mut returns = Vec::new();
            let see = |address| returns.extend(Some(address).filter(|address| code.contains(address)));
            frame = follow_frames(frame, next as usize, see);
            found.push((activation.depth, returns));
            next = activation.outer;
        }
        found
    }

    /// What the last `Finish` returned.
    pub fn result(&self) -> Value {
        // SAFETY: no machine code runs now.
        Value::from_bits(unsafe { (*self.context.get()).result })
    }

    /// The exception that made the last call fail.
    pub fn take_pending(&self) -> Option<Raise> {
        // SAFETY: as above.
        unsafe { (*self.context.get()).take_pending() }
    }

    /// Lets the caller look at what an exit left.
    pub fn with_context<T>(&self, look: impl FnOnce(&JitContext) -> T) -> T {
        // SAFETY: as above; the caller does not enter machine code while it looks.
        look(unsafe { &*self.context.get() })
    }

    /// The values a collection must keep.
    pub fn trace(&self, marker: &mut Marker) {
        // SAFETY: collections happen between instructions of the interpreter.
        let context = unsafe { &*self.context.get() };
        marker.value(Value::from_bits(context.pending));
    }
}

/// Shows the return addresses of the frames from `frame` up to the address `end`; gives the first frame beyond, or an
/// address above all if the chain is broken.
fn follow_frames(mut frame: usize, end: usize, mut see: impl FnMut(usize)) -> usize {
    let here = 0u8;
    let bottom = std::hint::black_box(&here) as *const u8 as usize;
    while (bottom..end).contains(&frame) {
        if !frame.is_multiple_of(align_of::<usize>()) {
            return usize::MAX;
        }
        // SAFETY: between where we are and an activation above lies our own native stack.
        let [outer, address] = unsafe { *(frame as *const [usize; 2]) };
        see(address);
        frame = if outer > frame { outer } else { usize::MAX };
    }
    if frame < bottom { usize::MAX } else { frame }
}

/// The frame pointer of this machine, where we know it.
#[inline(always)]
fn frame_pointer() -> usize {
    let mut pointer = 0;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: reads a register.
    unsafe {
        asm!("mov {}, rbp", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: reads a register.
    unsafe {
        asm!("mov {}, x29", out(reg) pointer, options(nomem, nostack, preserves_flags));
    }
    pointer
}

/// Overwrites what machine code has left below this frame. The collector takes any word on the native stack for a pointer,
/// and would find those in frames that come to lie there.
#[cold]
#[inline(never)]
fn forget_frames() {
    std::hint::black_box([0u64; 1024]);
}
