//! Frames on one contiguous stack of value slots.
//!
//! ```text
//!  base                                base + n_state        + 2·n_exc
//!   │ value stack → …        … ← locals │ exception blocks     │ next frame …
//!   │ 0  1  2  sp                 1   0 │ (word, prev) × n_exc │
//! ```
//!
//! Local `i` is slot `n_state - 1 - i`, as MicroPython's bytecode assumes; the value stack grows up from slot 0.
//! A block is two slots: a small int that packs handler, stack depth and "is finally", then the exception being
//! handled. So everything a frame holds is a value in a slot, and saving or rebuilding a frame is copying slots.
#![expect(unsafe_code, reason = "frames are raw slots; this file is the only access to them")]

use crate::object::dict::Dict;
use crate::object::function::Code;
use crate::object::heap::Gc;
use crate::object::value::Value;

/// What happens with the value a frame returns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Ret {
    /// Push it on the caller's stack.
    Push,
    /// It is None from `__init__`: drop it, the instance lies on the caller's stack already.
    Construct,
    /// The caller is native code: leave the run loop.
    Native,
    /// The frame is a generator's body, resumed by FOR_ITER in the frame below.
    ForIter,
    /// As `Push` and `Construct`; then the run loop looks whether another instantiation is to go on.
    PushAndLook,
    ConstructAndLook,
}

impl Ret {
    /// The frame is an `__init__`'s.
    pub fn constructs(self) -> bool {
        matches!(self, Ret::Construct | Ret::ConstructAndLook)
    }
}

/// One active function. `ip` and `sp` are current only while the frame is not the running one.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub code: &'static Code,
    pub globals: Gc<Dict>,
    /// Where LOAD_NAME and STORE_NAME look: the globals, or the attributes of a class being made.
    pub names: Gc<Dict>,
    /// Index of slot 0 in the stack.
    pub base: usize,
    /// Offset of the next instruction, or of the one that raised.
    pub ip: u32,
    /// Slot of the top of the value stack; -1 when empty.
    pub sp: i32,
    /// Exception blocks in use, and [`Frame::WATCHED`]; see [`Frame::blocks`].
    pub exc: u16,
    pub ret: Ret,
    /// The generator whose body this is, or NULL.
    pub generator: Value,
}

impl Frame {
    /// Flag in `exc`: there is a frame object of it, which must learn how the frame ends. Where a frame is left, a
    /// word is compared with 0 that tells of handlers to run; this makes it something else.
    pub const WATCHED: u16 = 0x8000;

    /// Exception blocks in use.
    #[inline(always)]
    pub fn blocks(&self) -> u16 {
        self.exc & (Frame::WATCHED - 1)
    }

    #[inline(always)]
    pub fn is_watched(&self) -> bool {
        self.exc & Frame::WATCHED != 0
    }

    /// First slot behind this frame.
    pub fn end(&self) -> usize {
        self.base + self.code.n_state + 2 * self.code.n_exc
    }
}

/// Slots of all frames together, and so the most frames there can be.
pub const SLOTS: usize = 1 << 20;

/// The slots of all frames.
pub struct Stack {
    slots: *mut Value,
}

impl Stack {
    pub fn new() -> Stack {
        // SAFETY: a fresh private mapping.
        let slots = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                SLOTS * 8,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        assert!(slots != libc::MAP_FAILED, "cannot reserve the frame stack");
        Stack { slots: slots as *mut Value }
    }

    /// A frame ending at slot `end` fits, with some room for native calls.
    #[inline(always)]
    pub fn has_room(&self, end: usize) -> bool {
        end < SLOTS - 1024
    }

    #[inline(always)]
    pub fn get(&self, slot: usize) -> Value {
        debug_assert!(slot < SLOTS);
        // SAFETY: frames are checked against `has_room` when pushed.
        unsafe { *self.slots.add(slot) }
    }

    #[inline(always)]
    pub fn set(&self, slot: usize, value: Value) {
        debug_assert!(slot < SLOTS);
        // SAFETY: as in `get`; no reference to slots outlives a call into Python.
        unsafe { *self.slots.add(slot) = value }
    }

    /// Slots `from..from + n`. They stay as they are while the frame that owns them waits for a call.
    #[inline(always)]
    pub fn slice<'a>(&self, from: usize, n: usize) -> &'a [Value] {
        debug_assert!(from + n <= SLOTS);
        // SAFETY: the mapping lives as long as the machine; see the contract above.
        unsafe { std::slice::from_raw_parts(self.slots.add(from), n) }
    }

    #[inline(always)]
    pub fn pointer(&self, slot: usize) -> *mut Value {
        // SAFETY: within the mapping.
        unsafe { self.slots.add(slot) }
    }

    /// The slot a pointer into the stack points to.
    pub fn index_of(&self, pointer: *const Value) -> usize {
        (pointer as usize - self.slots as usize) / 8
    }

    /// Writes `values` to the slots from `from` on.
    #[inline(always)]
    pub fn write(&self, from: usize, values: &[Value]) {
        debug_assert!(from + values.len() <= SLOTS);
        // SAFETY: as in `set`; the values may be slots themselves.
        unsafe { std::ptr::copy(values.as_ptr(), self.slots.add(from), values.len()) }
    }

    pub fn clear(&self, from: usize, n: usize) {
        (from..from + n).for_each(|slot| self.set(slot, Value::NULL));
    }
}

impl Default for Stack {
    fn default() -> Self {
        Stack::new()
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`.
        unsafe { libc::munmap(self.slots as *mut libc::c_void, SLOTS * 8) };
    }
}

/// An exception block, packed into a small int so that it can live in a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Block {
    /// Offset of the handler.
    pub handler: u32,
    /// Value stack depth (slot of its top) to restore.
    pub sp: i32,
    /// `finally` or `with`, which also run on a return or jump.
    pub is_finally: bool,
}

impl Block {
    pub fn pack(self) -> Value {
        Value::small((self.handler as i64) << 24 | ((self.sp + 1) as i64) << 1 | self.is_finally as i64)
    }

    pub fn unpack(value: Value) -> Block {
        let word = value.small_unchecked();
        Block {
            handler: (word >> 24) as u32,
            sp: ((word >> 1) & 0x7f_ffff) as i32 - 1,
            is_finally: word & 1 != 0,
        }
    }
}

/// The registers of the running frame: what the run loop keeps in machine registers.
#[derive(Clone, Copy)]
pub struct Regs {
    /// Next byte of bytecode.
    pub ip: *const u8,
    /// Top of the value stack.
    pub sp: *mut Value,
    /// Slot 0.
    pub fp: *mut Value,
    /// Local 0; local `i` lies `i` slots below.
    pub locals: *mut Value,
    pub code: &'static Code,
}

/// A place on the frame stack, as observers name operands.
pub type Slot = *mut Value;

impl Regs {
    #[inline(always)]
    pub fn load(stack: &Stack, frame: &Frame) -> Regs {
        let fp = stack.pointer(frame.base);
        // SAFETY: offsets of a verified frame within its own slots and code.
        unsafe {
            Regs {
                ip: frame.code.ops.as_ptr().add(frame.ip as usize),
                sp: fp.offset(frame.sp as isize),
                fp,
                locals: fp.add(frame.code.n_state - 1),
                code: frame.code,
            }
        }
    }

    /// Lends a copy to a function that is not inlined. A reference to the run loop's own registers would force all of
    /// them into memory for good.
    #[inline(always)]
    pub fn aside<T>(&mut self, f: impl FnOnce(&mut Regs) -> T) -> T {
        let mut copy = *self;
        let result = f(&mut copy);
        *self = copy;
        result
    }

    /// Writes `ip` and `sp` back.
    #[inline(always)]
    pub fn save(&self, frame: &mut Frame) {
        frame.ip = self.offset_of(self.ip);
        frame.sp = self.depth() as i32;
    }

    /// Slot number of the top of the stack; -1 when empty.
    #[inline(always)]
    pub fn depth(&self) -> isize {
        // SAFETY: both point into the same frame.
        unsafe { self.sp.offset_from(self.fp) }
    }

    #[inline(always)]
    pub fn byte(&mut self) -> u8 {
        // SAFETY: verified code ends with an instruction that does not fall through.
        unsafe {
            let byte = *self.ip;
            self.ip = self.ip.add(1);
            byte
        }
    }

    /// The byte at `ip + ahead`, not consumed.
    #[inline(always)]
    pub fn peek_byte(&self, ahead: isize) -> u8 {
        // SAFETY: as in `byte`.
        unsafe { *self.ip.offset(ahead) }
    }

    #[inline(always)]
    pub fn varuint(&mut self) -> usize {
        let first = self.byte() as usize;
        if first < 0x80 { first } else { self.aside(|r| r.varuint_rest(first & 0x7f)) }
    }

    #[inline(never)]
    fn varuint_rest(&mut self, mut value: usize) -> usize {
        loop {
            let byte = self.byte() as usize;
            value = value << 7 | (byte & 0x7f);
            if byte < 0x80 {
                return value;
            }
        }
    }

    #[inline(always)]
    pub fn signed_varint(&mut self) -> i64 {
        let mut value: i64 = if self.peek_byte(0) & 0x40 != 0 { -1 } else { 0 };
        loop {
            let byte = self.byte();
            value = value << 7 | (byte & 0x7f) as i64;
            if byte < 0x80 {
                return value;
            }
        }
    }

    /// Reads a forward jump offset and returns its target.
    #[inline(always)]
    pub fn forward_label(&mut self) -> *const u8 {
        let low = self.byte() as isize;
        let offset = if low < 0x80 { low } else { low & 0x7f | (self.byte() as isize) << 7 };
        self.at(offset)
    }

    /// Reads a signed jump offset and returns its target.
    #[inline(always)]
    pub fn label(&mut self) -> *const u8 {
        let low = self.byte() as isize;
        let offset =
            if low < 0x80 { low - 0x40 } else { (low & 0x7f | (self.byte() as isize) << 7) - 0x4000 };
        self.at(offset)
    }

    /// Reads the four bytes of a far jump and returns its target.
    #[inline(always)]
    pub fn far_label(&mut self) -> *const u8 {
        let distance = [self.byte(), self.byte(), self.byte(), self.byte()];
        self.at(i32::from_le_bytes(distance) as isize)
    }

    #[inline(always)]
    fn at(&self, offset: isize) -> *const u8 {
        self.ip.wrapping_offset(offset)
    }

    /// The name operand of an instruction.
    #[inline(always)]
    pub fn qstr(&mut self) -> Gc<crate::object::text::Str> {
        let n = self.varuint();
        self.code.unit.qstrs[n]
    }

    /// The offset of `ip` in the function's instructions.
    #[inline(always)]
    pub fn offset_of(&self, ip: *const u8) -> u32 {
        (ip as usize - self.code.ops.as_ptr() as usize) as u32
    }

    /// The slot `n` below the top (0 is the top).
    #[inline(always)]
    pub fn slot(&self, n: usize) -> Slot {
        self.sp.wrapping_sub(n)
    }

    #[inline(always)]
    pub fn peek(&self, n: usize) -> Value {
        // SAFETY: the compiler's stack depth is within the frame.
        unsafe { *self.sp.sub(n) }
    }

    #[inline(always)]
    pub fn poke(&mut self, n: usize, value: Value) {
        // SAFETY: as in `peek`.
        unsafe { *self.sp.sub(n) = value }
    }

    #[inline(always)]
    pub fn push(&mut self, value: Value) {
        // SAFETY: `n_state` includes the deepest stack.
        unsafe {
            self.sp = self.sp.add(1);
            *self.sp = value;
        }
    }

    #[inline(always)]
    pub fn pop(&mut self) -> Value {
        // SAFETY: as in `peek`.
        unsafe {
            let value = *self.sp;
            self.sp = self.sp.sub(1);
            value
        }
    }

    #[inline(always)]
    pub fn drop(&mut self, n: usize) {
        self.sp = self.sp.wrapping_sub(n);
    }

    #[inline(always)]
    pub fn grow(&mut self, n: usize) {
        self.sp = self.sp.wrapping_add(n);
    }

    #[inline(always)]
    pub fn local_slot(&self, i: usize) -> Slot {
        self.locals.wrapping_sub(i)
    }

    #[inline(always)]
    pub fn local(&self, i: usize) -> Value {
        // SAFETY: the compiler numbers locals below `n_state`.
        unsafe { *self.locals.sub(i) }
    }

    #[inline(always)]
    pub fn set_local(&mut self, i: usize, value: Value) {
        // SAFETY: as in `local`.
        unsafe { *self.locals.sub(i) = value }
    }

    /// The top `n` values, deepest first. Valid until the next push.
    #[inline(always)]
    pub fn top<'a>(&self, n: usize) -> &'a [Value] {
        // SAFETY: the compiler's stack depth is within the frame; see `Stack::slice` for the lifetime.
        unsafe { std::slice::from_raw_parts(self.sp.sub(n).add(1), n) }
    }
}

/// Reads any slot.
#[inline(always)]
#[expect(clippy::not_unsafe_ptr_arg_deref, reason = "slots are only made from live frames")]
pub fn read(slot: Slot) -> Value {
    // SAFETY: slots are only made from live frames.
    unsafe { *slot }
}

/// The interned string at an address that was taken from one; interned strings are never freed.
pub fn name_from_address(address: u64) -> Gc<crate::object::text::Str> {
    // SAFETY: by contract; see `residual::name_imm`.
    unsafe { Gc::from_raw(address as *const crate::object::text::Str) }
}
