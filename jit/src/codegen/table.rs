//! Strings, bytes, tables, and growing lists.

use std::mem::offset_of;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{BlockArg, InstBuilder, Value, types};
use vm::object::buffer::Buffer;
use vm::object::kind::Kind;
use vm::object::sequence::{List, Range};
use vm::object::text::Str;
use vm::object::value::Value as Word;

use super::lower::{Lower, Lowered, TRUSTED};
use super::object::{DICT_ENTRIES, ENTRY, ENTRY_KEY, ENTRY_VALUE, PLAIN_ENTRY};
use super::{CodegenError, helpers};
use crate::ir::op::OpCode;
use crate::ir::trace::{Op, Ref};

const LIST_ITEMS: i32 = offset_of!(List, items) as i32;
const LIST_LEN: i32 = LIST_ITEMS + Buffer::<Word>::LEN as i32;
const LIST_CAP: i32 = LIST_ITEMS + Buffer::<Word>::CAP as i32;

impl Lower<'_, '_, '_> {
    /// Operations on strings, and reads of tables.
    pub fn text_or_table(&mut self, op: &Op) -> Lowered {
        let ready = matches!(
            op.code,
            OpCode::StrLen
                | OpCode::StrSize
                | OpCode::StrData
                | OpCode::CharOf
                | OpCode::StrEq
                | OpCode::DictFind
                | OpCode::DictKey
                | OpCode::DictValue
        );
        if !ready {
            return Ok(None);
        }
        let object = self.value(op.args[0])?;
        Ok(Some(match op.code {
            OpCode::StrLen => {
                let chars = self.b.ins().uload32(TRUSTED, object, offset_of!(Str, chars) as i32);
                self.b.ins().ishl_imm_s(chars, 1)
            }
            OpCode::StrSize => {
                let size = self.load(object, Str::SIZE as i32);
                self.b.ins().ishl_imm_s(size, 1)
            }
            OpCode::StrData => self.load(object, Str::DATA as i32),
            OpCode::CharOf => self.char(object),
            OpCode::StrEq => {
                let other = self.value(op.args[1])?;
                self.str_eq(object, other)
            }
            OpCode::DictFind => {
                let key = self.word(op.args[1])?;
                self.call_helper(helpers::DICT_FIND, [object, key, key])
            }
            _ => {
                let address = self.entry(object, op.args[1])?;
                self.load(address, if op.code == OpCode::DictKey { ENTRY_KEY } else { ENTRY_VALUE })
            }
        }))
    }

    /// A code (an int, so held doubled) picks one of the machine's strings.
    fn char(&mut self, code: Value) -> Value {
        let table = self.address(self.job.vm.chars.as_ptr() as usize);
        let offset = self.b.ins().ishl_imm_s(code, 2);
        let address = self.b.ins().iadd(table, offset);
        self.load(address, 0)
    }

    /// The same word, or the same text.
    fn str_eq(&mut self, a: Value, b: Value) -> Value {
        let [differ, done] = [(); 2].map(|()| self.b.create_block());
        let result = self.b.append_block_param(done, types::I8);
        let same = self.b.ins().icmp(IntCC::Equal, a, b);
        self.b.ins().brif(same, done, &[BlockArg::Value(same)], differ, &[]);
        self.b.switch_to_block(differ);
        let equal = self.call_helper(helpers::STR_EQ, [a, b, b]);
        let equal = self.b.ins().ireduce(types::I8, equal);
        self.b.ins().jump(done, &[BlockArg::Value(equal)]);
        self.b.switch_to_block(done);
        result
    }

    /// Address of entry `index` (an int) of a dict.
    fn entry(&mut self, dict: Value, index: Ref) -> Result<Value, CodegenError> {
        let entries = self.load(dict, DICT_ENTRIES);
        let index = self.plain_int(index)?;
        let offset = self.b.ins().imul_imm_s(index, i64::from(ENTRY));
        Ok(self.b.ins().iadd(entries, offset))
    }

    pub fn dict_put(&mut self, op: &Op, dict: Value) -> Result<(), CodegenError> {
        let value = self.word(op.args[2])?;
        let index = self.plain_int(op.args[1])?;
        let entry = self.entry(dict, op.args[1])?;
        self.put_entry(dict, index, entry, value);
        Ok(())
    }

    /// Stores into entry `index` (at address `entry`) directly, if nobody watches it and it was changed before.
    pub fn put_entry(&mut self, dict: Value, index: Value, entry: Value, value: Value) {
        let tag = self.load(entry, 0);
        let state = self.b.ins().ushr_imm_s(tag, 62);
        let plain = self.b.ins().icmp_imm_s(IntCC::Equal, state, PLAIN_ENTRY);
        let direct = |this: &mut Self| this.store(value, entry, ENTRY_VALUE);
        let slow = |this: &mut Self| {
            this.call_helper(helpers::DICT_PUT, [dict, index, value]);
        };
        self.either(plain, direct, slow);
    }

    /// One of two ways, of which the second is rare.
    fn either(&mut self, condition: Value, direct: impl FnOnce(&mut Self), slow: impl FnOnce(&mut Self)) {
        let [yes, no, done] = [(); 3].map(|()| self.b.create_block());
        self.b.set_cold_block(no);
        self.b.ins().brif(condition, yes, &[], no, &[]);
        self.b.switch_to_block(no);
        slow(self);
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(yes);
        direct(self);
        self.b.ins().jump(done, &[]);
        self.b.switch_to_block(done);
    }

    pub fn set_byte(&mut self, op: &Op, data: Value) -> Result<(), CodegenError> {
        let index = self.plain_int(op.args[1])?;
        let value = self.plain_int(op.args[2])?;
        let byte = self.b.ins().ireduce(types::I8, value);
        let address = self.b.ins().iadd(data, index);
        self.store(byte, address, 0);
        Ok(())
    }

    pub fn append(&mut self, op: &Op, list: Value) -> Result<(), CodegenError> {
        let item = self.word(op.args[1])?;
        let len = self.load(list, LIST_LEN);
        let cap = self.load(list, LIST_CAP);
        let room = self.b.ins().icmp(IntCC::UnsignedLessThan, len, cap);
        let direct = |this: &mut Self| {
            let items = this.load(list, LIST_ITEMS);
            let offset = this.b.ins().ishl_imm_s(len, 3);
            let end = this.b.ins().iadd(items, offset);
            this.store(item, end, 0);
            let more = this.b.ins().iadd_imm_s(len, 1);
            this.store(more, list, LIST_LEN);
        };
        let slow = |this: &mut Self| {
            this.call_helper(helpers::LIST_APPEND, [list, item, item]);
        };
        self.either(room, direct, slow);
        Ok(())
    }

    pub fn new_range(&mut self, op: &Op) -> Result<Value, CodegenError> {
        let mut parts = Vec::with_capacity(op.args.len());
        for part in op.args {
            parts.push(self.plain_int(part)?);
        }
        let range = self.object(size_of::<Range>(), Kind::Range, 0)?;
        let offsets = [offset_of!(Range, start), offset_of!(Range, stop), offset_of!(Range, step)];
        for (part, offset) in parts.into_iter().zip(offsets) {
            self.store(part, range, offset as i32);
        }
        Ok(range)
    }
}
