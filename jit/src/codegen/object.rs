//! Guards on objects, their fields, and new ones.
//!
//! Layouts are those of `vm::object`; where a field is private there, its offset is in that file's documentation.

use std::mem::offset_of;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};
use vm::object::class::{Class, Instance};
use vm::object::function::{CellBox, Function};
use vm::object::heap::Hole;
use vm::object::kind::Kind;
use vm::object::number::Float;
use vm::object::sequence::Tuple;
use vm::object::value::Value as Word;
use vm::vm::Vm;

use super::lower::{Lower, Lowered, TRUSTED};
use super::{CodegenError, context, helpers};
use crate::ir::field::Field;
use crate::ir::op::OpCode;
use crate::ir::trace::{Const, Op, Ref};

/// Shape or length in a header.
const AUX: i32 = 4;
const ITEMS: i32 = size_of::<Tuple>() as i32;
pub const FLOAT: i32 = offset_of!(Float, value) as i32;
/// `Instance::cap`, then `used`: two 32-bit words.
const INSTANCE_CAP: i32 = 8;
const INSTANCE_USED: i32 = 12;
/// Pointer to a dict's entries, and their form.
pub const DICT_ENTRIES: i32 = 8;
pub const ENTRY: i32 = 24;
pub const ENTRY_KEY: i32 = 8;
pub const ENTRY_VALUE: i32 = 16;
/// The top two bits of an entry's tag: changed before, not watched.
pub const PLAIN_ENTRY: i64 = 0b10;

impl Lower<'_, '_, '_> {
    pub fn check_small(&mut self, n: usize, value: Value) -> Result<(), CodegenError> {
        let tag = self.b.ins().band_imm_s(value, 1);
        self.guard(n, tag, true)
    }

    pub fn check_kind(
        &mut self,
        n: usize,
        value: Value,
        kind: u64,
        may_be_null: bool,
    ) -> Result<(), CodegenError> {
        let kind = *Kind::ALL.get(kind as usize).ok_or(CodegenError::Malformed("no such kind"))?;
        match kind {
            Kind::Int => self.check_small(n, value),
            Kind::Null => self.check_word(n, value, Word::NULL),
            Kind::None => self.check_word(n, value, Word::NONE),
            Kind::Ellipsis => self.check_word(n, value, Word::ELLIPSIS),
            Kind::NotImplemented => self.check_word(n, value, Word::NOT_IMPLEMENTED),
            Kind::Bool => {
                let bit = (Word::TRUE.bits() ^ Word::FALSE.bits()) as i64;
                let value = self.b.ins().band_imm_s(value, !bit);
                self.check_word(n, value, Word::from_bits(Word::FALSE.bits() & !bit as u64))
            }
            _ => self.check_heap_kind(n, value, kind, may_be_null),
        }
    }

    fn check_word(&mut self, n: usize, value: Value, expected: Word) -> Result<(), CodegenError> {
        let same = self.b.ins().icmp_imm_s(IntCC::Equal, value, expected.bits() as i64);
        self.guard(n, same, true)
    }

    fn check_heap_kind(
        &mut self,
        n: usize,
        value: Value,
        kind: Kind,
        may_be_null: bool,
    ) -> Result<(), CodegenError> {
        let tag = self.b.ins().band_imm_s(value, 7);
        self.guard(n, tag, false)?;
        if may_be_null {
            self.guard(n, value, true)?;
        }
        let found = self.b.ins().load(types::I8, TRUSTED, value, 0);
        let same = self.b.ins().icmp_imm_s(IntCC::Equal, found, kind as i64);
        self.guard(n, same, true)
    }

    pub fn check_aux(&mut self, n: usize, value: Value, expected: u64) -> Result<(), CodegenError> {
        let aux = self.b.ins().load(types::I32, TRUSTED, value, AUX);
        let same = self.b.ins().icmp_imm_s(IntCC::Equal, aux, expected as u32 as i32 as i64);
        self.guard(n, same, true)
    }

    pub fn check_code(&mut self, n: usize, value: Value, code: u64) -> Result<(), CodegenError> {
        let found = self.b.ins().load(types::I64, TRUSTED, value, offset_of!(Function, code) as i32);
        let same = self.b.ins().icmp_imm_s(IntCC::Equal, found, code as i64);
        self.guard(n, same, true)
    }

    /// Loads and stores.
    pub fn memory(&mut self, op: &Op) -> Lowered {
        let object = self.value(op.args[0])?;
        let imm = op.imm as i32;
        Ok(Some(match op.code {
            OpCode::UnboxFloat => self.b.ins().load(types::F64, TRUSTED, object, FLOAT),
            OpCode::GetField | OpCode::GetFieldRaw => self.load(object, Field::from_imm(op.imm).offset()),
            OpCode::GetFieldInt => {
                let plain = self.load(object, Field::from_imm(op.imm).offset());
                self.b.ins().ishl_imm_s(plain, 1)
            }
            OpCode::ListGet => {
                let (address, offset) = self.item(object, op.args[1], 0)?;
                self.load(address, offset)
            }
            OpCode::TupleGet => self.load(object, ITEMS + 8 * imm),
            OpCode::TupleAt => {
                let (address, offset) = self.item(object, op.args[1], ITEMS)?;
                self.load(address, offset)
            }
            OpCode::TupleLen => {
                let aux = self.b.ins().uload32(TRUSTED, object, AUX);
                self.b.ins().ishl_imm_s(aux, 1)
            }
            OpCode::InstanceGet => self.load(object, Instance::SLOTS as i32 + 8 * imm),
            OpCode::EntryGet => {
                let entries = self.load(object, DICT_ENTRIES);
                self.load(entries, ENTRY * imm + ENTRY_VALUE)
            }
            OpCode::ByteAt => self.byte(object, op.args[1])?,
            _ => return self.write(op, object).map(|()| None),
        }))
    }

    fn write(&mut self, op: &Op, object: Value) -> Result<(), CodegenError> {
        match op.code {
            OpCode::SetField => {
                let value = self.word(op.args[1])?;
                self.store(value, object, Field::from_imm(op.imm).offset());
            }
            OpCode::SetFieldInt => {
                let value = self.plain_int(op.args[1])?;
                self.store(value, object, Field::from_imm(op.imm).offset());
            }
            OpCode::ListSet => {
                let value = self.word(op.args[2])?;
                let (address, offset) = self.item(object, op.args[1], 0)?;
                self.store(value, address, offset);
            }
            OpCode::InstanceSet => {
                let value = self.word(op.args[1])?;
                self.store(value, object, Instance::SLOTS as i32 + 8 * op.imm as i32);
            }
            OpCode::InstanceAdd => self.add_slot(op, object)?,
            OpCode::EntrySet => self.set_entry(op, object)?,
            OpCode::ByteSet => self.set_byte(op, object)?,
            OpCode::ListAppend => self.append(op, object)?,
            OpCode::DictPut => self.dict_put(op, object)?,
            OpCode::DictInsert => {
                let (key, value) = (self.word(op.args[1])?, self.word(op.args[2])?);
                self.call_helper(helpers::DICT_INSERT, [object, key, value]);
            }
            _ => return Err(CodegenError::Malformed("operation without code")),
        }
        Ok(())
    }

    pub fn load(&mut self, object: Value, offset: i32) -> Value {
        self.b.ins().load(types::I64, TRUSTED, object, offset)
    }

    pub fn store(&mut self, value: Value, object: Value, offset: i32) {
        self.b.ins().store(TRUSTED, value, object, offset);
    }

    /// Address and offset of the value word number `index` (an int) behind `base + offset`.
    fn item(&mut self, base: Value, index: Ref, offset: i32) -> Result<(Value, i32), CodegenError> {
        if let Some(at) = self.const_int(index).and_then(|k| i32::try_from(k * 8 + offset as i64).ok()) {
            return Ok((base, at));
        }
        // A shifted index is twice the number.
        let index = self.value(index)?;
        let bytes = self.b.ins().ishl_imm_s(index, 2);
        Ok((self.b.ins().iadd(base, bytes), offset))
    }

    pub fn byte(&mut self, base: Value, index: Ref) -> Result<Value, CodegenError> {
        let index = self.plain_int(index)?;
        let address = self.b.ins().iadd(base, index);
        let byte = self.b.ins().uload8(types::I64, TRUSTED, address, 0);
        Ok(self.b.ins().ishl_imm_s(byte, 1))
    }

    fn add_slot(&mut self, op: &Op, object: Value) -> Result<(), CodegenError> {
        let (slot, shape) = (op.imm as u32, (op.imm >> 32) as u32);
        let value = self.word(op.args[1])?;
        self.store(value, object, Instance::SLOTS as i32 + 8 * slot as i32);
        let used = self.b.ins().iconst(types::I32, slot as i64 + 1);
        self.store(used, object, INSTANCE_USED);
        let shape = self.b.ins().iconst(types::I32, shape as i64);
        self.store(shape, object, AUX);
        Ok(())
    }

    fn set_entry(&mut self, op: &Op, dict: Value) -> Result<(), CodegenError> {
        let value = self.word(op.args[1])?;
        let entries = self.load(dict, DICT_ENTRIES);
        let entry = self.b.ins().iadd_imm_s(entries, i64::from(ENTRY) * op.imm as i64);
        let index = self.b.ins().iconst(types::I64, op.imm as i64);
        self.put_entry(dict, index, entry, value);
        Ok(())
    }

    /// New objects.
    pub fn allocate(&mut self, n: usize, op: &Op) -> Result<Value, CodegenError> {
        match op.code {
            OpCode::BoxFloat => self.box_float(n, op),
            OpCode::NewTuple => self.new_tuple(n),
            OpCode::NewCell => {
                let value = self.word(op.args[0])?;
                let cell = self.object(size_of::<CellBox>(), Kind::Cell, 0)?;
                self.store(value, cell, offset_of!(CellBox, value) as i32);
                Ok(cell)
            }
            OpCode::NewInstance => self.new_instance(n, op),
            OpCode::NewRange => self.new_range(op),
            OpCode::NewFunction => self.call_with(n, helpers::NEW_FUNCTION, op.imm),
            OpCode::NewClosure => self.call_with(n, helpers::NEW_CLOSURE, 0),
            OpCode::NewList => self.call_with(n, helpers::NEW_LIST, 0),
            OpCode::NewBoundMethod => self.call_with(n, helpers::NEW_BOUND_METHOD, 0),
            _ => Err(CodegenError::Malformed("unknown allocation")),
        }
    }

    fn new_tuple(&mut self, n: usize) -> Result<Value, CodegenError> {
        let items = self.trace.operands(n);
        let size = size_of::<Tuple>() + 8 * items.len();
        if self.job.vm.heap.hole(size).is_none() {
            return self.call_with(n, helpers::NEW_TUPLE, 0);
        }
        let mut words = Vec::with_capacity(items.len());
        for item in items {
            words.push(self.word(*item)?);
        }
        let tuple = self.object(size, Kind::Tuple, items.len() as u32)?;
        self.store_number(0, tuple, offset_of!(Tuple, class) as i32);
        for (k, word) in words.into_iter().enumerate() {
            self.store(word, tuple, ITEMS + 8 * k as i32);
        }
        Ok(tuple)
    }

    fn new_instance(&mut self, n: usize, op: &Op) -> Result<Value, CodegenError> {
        let class = match self.trace.const_of(op.args[0]) {
            Some(Const::Ref(bits)) => Word::from_bits(bits).cast::<Class>(),
            _ => None,
        };
        let Some(class) = class else { return self.call_with(n, helpers::NEW_INSTANCE, 0) };
        let shape = class.root_shape.get();
        let cap = self.job.vm.shapes.get(shape).cap as usize;
        let size = Instance::SLOTS + 8 * cap;
        if self.job.vm.heap.hole(size).is_none() {
            return self.call_with(n, helpers::NEW_INSTANCE, 0);
        }
        let instance = self.object(size, Kind::Instance, shape)?;
        // Capacity, no slot in use, nothing wrapped, an empty overflow buffer (whose pointer is not NULL).
        self.store_number(cap as i64, instance, INSTANCE_CAP);
        self.store_number(0, instance, offset_of!(Instance, wrapped) as i32);
        let overflow = offset_of!(Instance, overflow) as i32;
        for (k, word) in [align_of::<Word>() as i64, 0, 0].into_iter().enumerate() {
            self.store_number(word, instance, overflow + 8 * k as i32);
        }
        for k in 0..cap as i32 {
            self.store_number(0, instance, Instance::SLOTS as i32 + 8 * k);
        }
        Ok(instance)
    }

    pub fn store_number(&mut self, number: i64, object: Value, offset: i32) {
        let number = self.b.ins().iconst(types::I64, number);
        self.store(number, object, offset);
    }

    /// A new object with its header; the rest is to be written before anything else happens.
    pub fn object(&mut self, size: usize, kind: Kind, aux: u32) -> Result<Value, CodegenError> {
        let object = self.cells(size, 1)?;
        self.store_number(kind as i64 | (aux as i64) << 32, object, 0);
        Ok(object)
    }

    /// Address of `count` free cells in a row, which are to become objects before anything else happens.
    pub fn cells(&mut self, size: usize, count: usize) -> Result<Value, CodegenError> {
        let (hole, cell) = self.job.vm.heap.hole(size).ok_or(CodegenError::Malformed("object too large"))?;
        let hole = (hole as usize).wrapping_sub(self.job.vm as *const Vm as usize) as i32;
        let vm = self.load(self.ctx, context::VM);
        let cursor = self.load(vm, hole + offset_of!(Hole, cursor) as i32);
        let limit = self.load(vm, hole + offset_of!(Hole, limit) as i32);
        let next = self.b.ins().iadd_imm_s(cursor, (count * cell) as i64);
        let full = self.b.ins().icmp(IntCC::UnsignedGreaterThan, next, limit);
        let [fast, slow, done] = [(); 3].map(|()| self.b.create_block());
        self.b.set_cold_block(slow);
        let first = self.b.append_block_param(done, types::I64);
        self.b.ins().brif(full, slow, &[], fast, &[]);
        self.b.switch_to_block(slow);
        let fresh = self.cells_from_stub(size, count);
        self.b.ins().jump(done, &[BlockArg::Value(fresh)]);
        self.b.switch_to_block(fast);
        self.store(next, vm, hole + offset_of!(Hole, cursor) as i32);
        self.b.ins().jump(done, &[BlockArg::Value(cursor)]);
        self.b.switch_to_block(done);
        Ok(first)
    }

    fn cells_from_stub(&mut self, size: usize, count: usize) -> Value {
        self.mark_helper("allocation");
        let args = [size, count].map(|n| self.b.ins().iconst(types::I64, n as i64));
        let stub = self.address(self.stubs.alloc);
        let signature = self.alloc_sig();
        self.b.ins().call_indirect(signature, stub, &[self.ctx, args[0], args[1]]);
        self.unmark_helper();
        self.load(self.ctx, context::FRESH)
    }
}
