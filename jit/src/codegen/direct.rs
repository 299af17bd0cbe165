//! Calls of compiled functions, from machine code to machine code.
//!
//! ```text
//!   caller: push a frame (constants, the arguments as locals) ─► code at `target.entry` ─► Finish: result, pop
//!                 │ no room                                          └─► any exit: `finish_call` goes on
//!                 └─► `call_assembler`, which raises                          in the interpreter
//! ```
//!
//! The callee finds its frame as the interpreter would have left it, so entry bridges are entered as they are. A
//! [`Target`] is the cell through which all callers of a function go: until the function is compiled, and once its
//! code is no longer valid, it leads to a stub that leaves at once.

use std::cell::Cell;
use std::mem::offset_of;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};
use vm::interp::frame::{Frame, Ret, SLOTS};
use vm::interp::frames::Frames;
use vm::object::function::{Code, Function, python_callee};
use vm::object::heap::Gc;
use vm::object::value::Value as Word;
use vm::vm::Vm;

use super::lower::{Lower, TRUSTED};
use super::{CodegenError, context, helpers};
use crate::ir::trace::Const;

/// What a fragment that was not there returns.
pub const NOT_COMPILED: u64 = u64::MAX;

/// Where calls of a function go.
#[repr(C)]
pub struct Target {
    /// Address of its code, or of the stub.
    pub entry: Cell<usize>,
    /// Number of its entry in the log, if it is compiled.
    pub number: Cell<Option<u32>>,
}

/// A function that can be called directly.
pub struct Callee {
    function: Gc<Function>,
    /// What a closure passes before the arguments: constants, as the closure is one.
    cells: Vec<Word>,
    target: *const Target,
    /// Local variables, parameters included.
    locals: usize,
}

const FRAMES: i32 = (offset_of!(Vm, frames) + Frames::ITEMS) as i32;
const DEPTH: i32 = (offset_of!(Vm, frames) + Frames::LEN) as i32;
/// Slots that stay free for native calls, as in `Stack::has_room`.
const RESERVE: usize = 1024;

/// What is pushed.
struct NewFrame {
    /// Address of its record.
    record: Value,
    /// Address and number of its slot 0.
    fp: Value,
    base: Value,
}

impl Lower<'_, '_, '_> {
    /// The function that call `n` calls, if it takes these arguments as they are.
    pub fn callee(&self, n: usize) -> Option<Callee> {
        let operands = self.trace.operands(n);
        let Some(Const::Ref(bits)) = self.trace.const_of(*operands.first()?) else { return None };
        let callee = Word::from_bits(bits);
        let (function, cells) = python_callee(callee)?;
        let cells = cells.as_ref().map_or(&[][..], |cells| cells.items());
        let code = function.code;
        let plain = code.is_simple
            && code.cells.is_empty()
            && code.n_pos == cells.len() + operands.len() - 1
            && code.n_state > 0;
        self.caller().filter(|_| plain)?;
        let (target, locals) = (self.job.target)(code)?;
        Some(Callee { function, cells: cells.to_vec(), target, locals })
    }

    /// The function whose frame lies below the callee's.
    fn caller(&self) -> Option<&'static Code> {
        self.trace.snapshots.first().and_then(|s| s.frames.first()).map(|frame| frame.code)
    }

    /// See the module's description.
    pub fn call_direct(&mut self, n: usize, callee: &Callee) -> Result<Value, CodegenError> {
        let cells = callee.cells.iter().map(|cell| self.b.ins().iconst(types::I64, cell.bits() as i64));
        let mut args: Vec<Value> = cells.collect();
        for r in &self.trace.operands(n)[1..] {
            args.push(self.word(*r)?);
        }
        let [refuse, push, left, finished, done] = [(); 5].map(|()| self.b.create_block());
        [refuse, left].into_iter().for_each(|cold| self.b.set_cold_block(cold));
        let result = self.b.append_block_param(done, types::I64);
        let caller_fp = self.b.ins().load(types::I64, TRUSTED, self.ctx, context::FP);

        let frame = self.make_room(callee.function.code, caller_fp, refuse, push);
        self.b.switch_to_block(push);
        self.push_frame(callee, &frame, &args);
        let exit = self.run_callee(callee);
        self.b.ins().store(TRUSTED, caller_fp, self.ctx, context::FP);
        self.b.ins().brif(exit, left, &[], finished, &[]);

        self.b.switch_to_block(refuse);
        let value = self.call_with(n, helpers::CALL_ASSEMBLER, 0)?;
        self.b.ins().jump(done, &[BlockArg::Value(value)]);
        self.b.switch_to_block(left);
        let value = self.call_helper(helpers::FINISH_CALL, [exit; 3]);
        self.b.ins().jump(done, &[BlockArg::Value(value)]);
        self.b.switch_to_block(finished);
        self.pop_frame();
        let value = self.b.ins().load(types::I64, TRUSTED, self.ctx, context::RESULT);
        self.b.ins().jump(done, &[BlockArg::Value(value)]);
        self.b.switch_to_block(done);
        Ok(result)
    }

    /// The top frame stands at offset `next`.
    pub fn frame_at(&mut self, next: u64) {
        let vm = self.b.ins().load(types::I64, TRUSTED, self.ctx, context::VM);
        let depth = self.b.ins().load(types::I64, TRUSTED, vm, DEPTH);
        let first = self.b.ins().load(types::I64, TRUSTED, vm, FRAMES);
        let end = self.b.ins().imul_imm_s(depth, size_of::<Frame>() as i64);
        let end = self.b.ins().iadd(first, end);
        let next = self.b.ins().iconst(types::I32, next as i64);
        let place = offset_of!(Frame, ip) as i32 - size_of::<Frame>() as i32;
        self.b.ins().store(TRUSTED, next, end, place);
    }

    /// Goes to `push` if there is room for a frame and for native calls, else to `refuse`.
    fn make_room(&mut self, code: &'static Code, caller_fp: Value, refuse: Block, push: Block) -> NewFrame {
        let caller_size = self.caller().map_or(0, |c| c.n_state + 2 * c.n_exc);
        let vm = self.b.ins().load(types::I64, TRUSTED, self.ctx, context::VM);
        let depth = self.b.ins().load(types::I64, TRUSTED, vm, DEPTH);
        let first = self.b.ins().load(types::I64, TRUSTED, vm, FRAMES);
        let offset = self.b.ins().imul_imm_s(depth, size_of::<Frame>() as i64);
        let record = self.b.ins().iadd(first, offset);
        let below = offset_of!(Frame, base) as i32 - size_of::<Frame>() as i32;
        let caller_base = self.b.ins().load(types::I64, TRUSTED, record, below);
        let base = self.b.ins().iadd_imm_s(caller_base, caller_size as i64);
        let fp = self.b.ins().iadd_imm_s(caller_fp, 8 * caller_size as i64);

        let last = (SLOTS - RESERVE - code.n_state - 2 * code.n_exc) as i64;
        let fits = self.b.ins().icmp_imm_s(IntCC::UnsignedLessThan, base, last);
        let sp = self.b.ins().get_stack_pointer(types::I64);
        let limit = self.b.ins().load(types::I64, TRUSTED, vm, offset_of!(Vm, stack_limit) as i32);
        let shallow = self.b.ins().icmp(IntCC::UnsignedGreaterThan, sp, limit);
        let both = self.b.ins().band(fits, shallow);
        self.b.ins().brif(both, push, &[], refuse, &[]);
        NewFrame { record, fp, base }
    }

    fn push_frame(&mut self, callee: &Callee, frame: &NewFrame, args: &[Value]) {
        let code = callee.function.code;
        for local in 0..callee.locals.max(args.len()) {
            let slot = (code.n_state - 1 - local) as i32;
            let word = match args.get(local) {
                Some(word) => *word,
                None => self.b.ins().iconst(types::I64, Word::NULL.bits() as i64),
            };
            self.b.ins().store(TRUSTED, word, frame.fp, 8 * slot);
        }
        let globals = Word::from(callee.function.globals).bits() as i64;
        let record = frame.record;
        self.put(code as *const Code as i64, types::I64, record, offset_of!(Frame, code));
        self.put(globals, types::I64, record, offset_of!(Frame, globals));
        self.put(globals, types::I64, record, offset_of!(Frame, names));
        self.b.ins().store(TRUSTED, frame.base, record, offset_of!(Frame, base) as i32);
        self.put(0, types::I32, record, offset_of!(Frame, ip));
        self.put(-1, types::I32, record, offset_of!(Frame, sp));
        self.put(0, types::I16, record, offset_of!(Frame, exc));
        self.put(Ret::Native as i64, types::I8, record, offset_of!(Frame, ret));
        self.put(Word::NULL.bits() as i64, types::I64, record, offset_of!(Frame, generator));
        self.move_depth(1);
        self.b.ins().store(TRUSTED, frame.fp, self.ctx, context::FP);
    }

    fn put(&mut self, number: i64, ty: types::Type, object: Value, offset: usize) {
        let number = self.b.ins().iconst(ty, number);
        self.b.ins().store(TRUSTED, number, object, offset as i32);
    }

    fn pop_frame(&mut self) {
        self.move_depth(-1);
    }

    fn move_depth(&mut self, by: i64) {
        let vm = self.b.ins().load(types::I64, TRUSTED, self.ctx, context::VM);
        let depth = self.b.ins().load(types::I64, TRUSTED, vm, DEPTH);
        let depth = self.b.ins().iadd_imm_s(depth, by);
        self.b.ins().store(TRUSTED, depth, vm, DEPTH);
    }

    /// Runs the function's code; gives the exit's number.
    fn run_callee(&mut self, callee: &Callee) -> Value {
        let target = self.address(callee.target as usize);
        self.call_begins(target);
        let entry = self.b.ins().load(types::I64, TRUSTED, target, offset_of!(Target, entry) as i32);
        let signature = self.fragment_sig(0, 0);
        let call = self.b.ins().call_indirect(signature, entry, &[self.ctx]);
        let exit = self.b.inst_results(call)[0];
        self.call_ends();
        exit
    }
}
