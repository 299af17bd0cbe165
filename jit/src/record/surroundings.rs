//! What the recorder knows of the rest of the JIT.

use crate::mode::Mode;

/// What the recorder asks about the rest of the JIT.
pub trait Surroundings {
    /// The compiled loop whose header is this bytecode address, for a stack of this depth.
    fn loop_at(&self, target: *const u8, depth: i32, mode: Mode) -> Option<u64>;

    /// No loop will ever be compiled for this header.
    fn is_given_up(&self, target: *const u8, mode: Mode) -> bool;
}
