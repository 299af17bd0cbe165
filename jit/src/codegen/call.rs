//! Calls out of machine code.

use cranelift_codegen::ir::{
    AbiParam, InstBuilder, SigRef, Signature, StackSlot, StackSlotData, StackSlotKind, Type, Value, types,
};
use cranelift_codegen::isa::CallConv;
use vm::interp::residual::Rt;
use vm::object::function::Native;
use vm::object::value::Value as Word;

use super::helpers::{self, Helper, Named};
use super::lower::{Lower, TRUSTED};
use super::{ARGS, CodegenError, context};
use crate::ir::float_fn::{FLOAT_FUNCTIONS, FloatFn};
use crate::ir::op::OpCode;
use crate::ir::trace::{Const, Op};
use crate::sample::{DETAIL, is_named_by_operands, name_of_native, number_of_operation};

impl Lower<'_, '_, '_> {
    pub fn call(&mut self, n: usize, op: &Op) -> Result<Value, CodegenError> {
        match op.code {
            OpCode::CallRt => self.call_rt(n, op.imm),
            OpCode::CallNative => {
                let name = self.native_name(n);
                self.call_with(n, (&name, helpers::call_native), 0)
            }
            OpCode::CallAssembler => match self.callee(n) {
                Some(callee) => self.call_direct(n, &callee),
                None => self.call_with(n, helpers::CALL_ASSEMBLER, 0),
            },
            OpCode::TakeException => {
                let exception = self.load(self.ctx, context::PENDING);
                self.store_number(0, self.ctx, context::PENDING);
                Ok(exception)
            }
            _ => Err(CodegenError::Malformed("unknown call")),
        }
    }

    /// Calls a helper with the operands of operation `n` as arguments.
    pub fn call_with(&mut self, n: usize, helper: Named<'_>, what: u64) -> Result<Value, CodegenError> {
        let (count, address) = self.store_args(n)?;
        let what = self.b.ins().iconst(types::I64, what as i64);
        Ok(self.call_helper(helper, [what, count, address]))
    }

    /// Calls a runtime operation, which marks itself if what it is called depends on its operands.
    fn call_rt(&mut self, n: usize, what_number: u64) -> Result<Value, CodegenError> {
        let (count, address) = self.store_args(n)?;
        let what = self.b.ins().iconst(types::I64, what_number as i64);
        let helper = match Rt::from_index(what_number as u8).filter(|_| self.job.follow.marks.is_some()) {
            Some(rt) if is_named_by_operands(rt) => helpers::call_marked_rt,
            Some(rt) => {
                self.mark_half(number_of_operation(rt, what_number >> 8, &[]), DETAIL);
                helpers::call_rt
            }
            None => helpers::call_rt,
        };
        let result = self.call_unmarked(helper, [what, count, address]);
        self.unmark_helper();
        Ok(result)
    }

    /// What the built-in function that call `n` calls is called.
    fn native_name(&self, n: usize) -> String {
        let function = self.trace.operands(n).first().and_then(|r| self.trace.const_of(*r));
        let native = match function {
            Some(Const::Ref(bits)) => Word::from_bits(bits).cast::<Native>(),
            _ => None,
        };
        native.map_or_else(|| "built-in function".to_owned(), |native| name_of_native(native.def))
    }

    pub fn call_helper(&mut self, (name, helper): Named<'_>, words: [Value; 3]) -> Value {
        self.mark_helper(name);
        let result = self.call_unmarked(helper, words);
        self.unmark_helper();
        result
    }

    fn call_unmarked(&mut self, helper: Helper, words: [Value; 3]) -> Value {
        let signature = self.helper_signature();
        let target = self.address(helper as usize);
        let [a, b, c] = words;
        let call = self.b.ins().call_indirect(signature, target, &[self.ctx, a, b, c]);
        self.b.inst_results(call)[0]
    }

    fn helper_signature(&mut self) -> SigRef {
        if let Some(known) = self.helper_signature {
            return known;
        }
        let signature = self.b.import_signature(c_signature(&[types::I64; 4], types::I64));
        self.helper_signature = Some(signature);
        signature
    }

    /// Puts the operands into the native frame; gives their number and address.
    fn store_args(&mut self, n: usize) -> Result<(Value, Value), CodegenError> {
        let operands = self.trace.operands(n);
        if operands.len() > ARGS {
            return Err(CodegenError::TooManyArguments);
        }
        let mut words = Vec::with_capacity(operands.len());
        for r in operands {
            words.push(self.word(*r)?);
        }
        let room = self.arg_room();
        for (k, word) in words.into_iter().enumerate() {
            self.b.ins().stack_store(types::I64, word, room, 8 * k as i32);
        }
        let address = self.b.ins().stack_addr(types::I64, room, 0);
        Ok((self.b.ins().iconst(types::I64, operands.len() as i64), address))
    }

    /// The part of the native frame that calls pass their arguments in, large enough for all calls of the trace.
    fn arg_room(&mut self) -> StackSlot {
        if let Some(room) = self.arg_room {
            return room;
        }
        let most = (0..self.trace.ops.len()).map(|n| self.trace.operands(n).len()).max().unwrap_or(0);
        let size = 8 * most.clamp(1, ARGS) as u32;
        let room = self.b.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, size, 3));
        self.arg_room = Some(room);
        room
    }

    /// Adds to the word at an address.
    pub fn count(&mut self, address: u64, more: Value) {
        let (base, offset) = self.reach(address as usize);
        let count = self.b.ins().load(types::I64, TRUSTED, base, offset);
        let sum = self.b.ins().iadd(count, more);
        self.b.ins().store(TRUSTED, sum, base, offset);
    }

    pub fn float_call(&mut self, op: &Op) -> Result<Value, CodegenError> {
        if let Some(stub) = self.root_stub(op) {
            return self.root(op, stub);
        }
        let (name, address, args) = match FLOAT_FUNCTIONS.get(op.imm as usize) {
            Some((name, FloatFn::One(f))) => (name, *f as usize, vec![self.value(op.args[0])?]),
            Some((name, FloatFn::Two(f))) => {
                let (a, b) = self.pair(op)?;
                (name, *f as usize, vec![a, b])
            }
            None => return Err(CodegenError::Malformed("no such float function")),
        };
        let signature = self.b.import_signature(c_signature(&vec![types::F64; args.len()], types::F64));
        let target = self.address(address);
        self.mark_helper(name);
        let call = self.b.ins().call_indirect(signature, target, &args);
        self.unmark_helper();
        Ok(self.b.inst_results(call)[0])
    }
}

fn c_signature(params: &[Type], result: Type) -> Signature {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.extend(params.iter().copied().map(AbiParam::new));
    signature.returns.push(AbiParam::new(result));
    signature
}
