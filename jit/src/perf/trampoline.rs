//! Trampolines: for each Python function a stub of its own, which calls the executor and keeps a frame meanwhile.
//!
//! The stubs are alike; what tells them apart is where they are. They lie in arenas that are filled with copies of the
//! template once, made executable, and never written to again.
#![expect(unsafe_code, reason = "maps and enters generated code")]

use std::io;

use vm::error::R;
use vm::vm::{Executor, Vm};

/// `fn(call, evaluate)`: calls `evaluate(call)` and returns. With a frame pointer of its own, or what unwinds by frame
/// pointers would miss the function that `evaluate` is called from.
#[cfg(target_arch = "x86_64")]
const TEMPLATE: [u8; 8] = [
    0x55, // push rbp
    0x48, 0x89, 0xe5, // mov rbp, rsp
    0xff, 0xd6, // call rsi
    0x5d, // pop rbp
    0xc3, // ret
];
#[cfg(target_arch = "aarch64")]
const TEMPLATE: [u8; 20] = [
    0xfd, 0x7b, 0xbf, 0xa9, // stp x29, x30, [sp, #-16]!
    0xfd, 0x03, 0x00, 0x91, // mov x29, sp
    0x20, 0x00, 0x3f, 0xd6, // blr x1
    0xfd, 0x7b, 0xc1, 0xa8, // ldp x29, x30, [sp], #16
    0xc0, 0x03, 0x5f, 0xd6, // ret
];
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
const TEMPLATE: [u8; 0] = [];

/// There is a template for this machine.
pub const AVAILABLE: bool = !TEMPLATE.is_empty();

const ARENA: usize = 64 << 10;
const STRIDE: usize = (TEMPLATE.len() + 15) & !15;

/// All arenas. Those of functions that were forgotten stay, as code may run in them.
#[derive(Default)]
pub struct Trampolines {
    arenas: Vec<usize>,
    /// What is left of the last one.
    free: std::ops::Range<usize>,
}

impl Trampolines {
    /// Address and length of a trampoline that nobody else has, with as many free bytes behind it.
    pub fn add(&mut self, gap: fn(&[u8]) -> usize) -> io::Result<(usize, usize)> {
        let stride = STRIDE + gap(&TEMPLATE).next_multiple_of(STRIDE);
        if self.free.len() < stride {
            let arena = map_arena()?;
            self.arenas.push(arena);
            self.free = arena..arena + ARENA;
        }
        let address = self.free.start;
        self.free.start += stride;
        Ok((address, TEMPLATE.len()))
    }
}

impl Drop for Trampolines {
    fn drop(&mut self) {
        for arena in &self.arenas {
            // SAFETY: a mapping of `map_arena`. Functions run through the executor that owns us: none does now.
            unsafe { libc::munmap(*arena as *mut libc::c_void, ARENA) };
        }
    }
}

/// Maps an arena, fills it, and makes it executable.
fn map_arena() -> io::Result<usize> {
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a fresh private mapping.
    let arena = unsafe { libc::mmap(std::ptr::null_mut(), ARENA, protection, flags, -1, 0) };
    if arena == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the mapping is ours and writable.
    let bytes = unsafe { std::slice::from_raw_parts_mut(arena.cast::<u8>(), ARENA) };
    for slot in bytes.chunks_exact_mut(STRIDE) {
        slot[..TEMPLATE.len()].copy_from_slice(&TEMPLATE);
    }
    // SAFETY: as above; nobody has its address yet.
    if unsafe { libc::mprotect(arena, ARENA, libc::PROT_READ | libc::PROT_EXEC) } != 0 {
        let error = io::Error::last_os_error();
        // SAFETY: as above.
        unsafe { libc::munmap(arena, ARENA) };
        return Err(error);
    }
    crate::codegen::flush_instructions(arena as usize, ARENA);
    Ok(arena as usize)
}

/// What goes through a trampoline.
struct Call<'a> {
    executor: &'a dyn Executor,
    vm: &'a mut Vm,
    depth: usize,
    result: Option<std::thread::Result<R>>,
}

/// Runs the frame at `depth` through the trampoline at `entry`.
pub fn run(entry: usize, executor: &dyn Executor, vm: &mut Vm, depth: usize) -> R {
    let mut call = Call { executor, vm, depth, result: None };
    // SAFETY: `entry` is a copy of the template, which has this signature and passes `call` on.
    unsafe {
        let through: extern "C" fn(*mut Call<'_>, extern "C" fn(*mut Call<'_>)) = std::mem::transmute(entry);
        through(&raw mut call, evaluate);
    }
    match call.result {
        Some(Ok(result)) => result,
        Some(Err(panic)) => std::panic::resume_unwind(panic),
        None => Err(call.vm.runtime_error("a trampoline without result")),
    }
}

extern "C" fn evaluate(call: *mut Call<'_>) {
    // SAFETY: `run` waits for us with it.
    let call = unsafe { &mut *call };
    // There are no tables to unwind a trampoline with, so a panic goes round it.
    let run = std::panic::AssertUnwindSafe(|| call.executor.run(call.vm, call.depth));
    call.result = Some(std::panic::catch_unwind(run));
}
