//! Bytes, strings, and keys of dicts and sets.

use vm::bytecode::BinaryOp;
use vm::interp::frame::Slot;
use vm::object::kind::Kind;
use vm::object::value::Value;

use super::Recorder;
use crate::ir::field::Field;
use crate::ir::op::OpCode;
use crate::ir::trace::Ref;

impl Recorder<'_> {
    fn byte_place(&mut self, bytes: Slot, index: Slot, negative: bool) -> (Ref, Ref) {
        let bytes = self.get(bytes);
        let len = self.emit(OpCode::GetFieldInt, &[bytes], Field::BytesLen as u64);
        let index = self.checked_index(index, len, negative);
        (self.emit(OpCode::GetFieldRaw, &[bytes], Field::BytesData as u64), index)
    }

    pub(super) fn byte_get(&mut self, to: Slot, bytes: Slot, index: Slot, negative: bool) {
        let (data, index) = self.byte_place(bytes, index, negative);
        let byte = self.emit(OpCode::ByteAt, &[data, index], 0);
        self.set(to, byte);
    }

    pub(super) fn byte_set(&mut self, bytes: Slot, index: Slot, negative: bool, from: Slot) {
        let value = self.as_int(from);
        let limit = self.trace.int(256);
        let fits = self.emit(OpCode::UintLt, &[value, limit], 0);
        self.guard_bool(fits, true);
        let (data, index) = self.byte_place(bytes, index, negative);
        self.emit(OpCode::ByteSet, &[data, index, value], 0);
    }

    /// Guards that a string is ASCII; gives its length.
    pub(super) fn ascii_len(&mut self, text: Ref) -> Ref {
        let len = self.emit(OpCode::StrLen, &[text], 0);
        let size = self.emit(OpCode::StrSize, &[text], 0);
        let ascii = self.emit(OpCode::IntEq, &[len, size], 0);
        self.guard_bool(ascii, true);
        len
    }

    pub(super) fn char_get(&mut self, to: Slot, text: Slot, index: Slot, negative: bool) {
        let text = self.get(text);
        let len = self.ascii_len(text);
        let index = self.checked_index(index, len, negative);
        let data = self.emit(OpCode::StrData, &[text], 0);
        let code = self.emit(OpCode::ByteAt, &[data, index], 0);
        let char = self.char_of(code);
        self.set(to, char);
    }

    pub(super) fn char_of(&mut self, code: Ref) -> Ref {
        let char = self.emit(OpCode::CharOf, &[code], 0);
        self.set_kind(char, Kind::Str);
        self.not_null.insert(char);
        char
    }

    pub(super) fn str_compare(&mut self, op: BinaryOp, to: Slot, a: Slot, b: Slot) {
        let (a, b) = (self.as_ref(a), self.as_ref(b));
        let mut result = self.emit(OpCode::StrEq, &[a, b], 0);
        if op == BinaryOp::NotEqual {
            result = self.emit(OpCode::BoolNot, &[result], 0);
        }
        self.set(to, result);
    }

    /// The entry of a key, guarded to be there or not.
    pub(super) fn find_key(&mut self, table: Ref, key: Ref, found: bool) -> Ref {
        let at = self.emit(OpCode::DictFind, &[table, key], 0);
        let (code, bound) = if found { (OpCode::IntGe, 0) } else { (OpCode::IntEq, -1) };
        let bound = self.trace.int(bound);
        let holds = self.emit(code, &[at, bound], 0);
        self.guard_bool(holds, true);
        at
    }

    pub(super) fn dict_get(&mut self, to: Slot, dict: Slot, key: Slot) {
        let (dict, key) = (self.get(dict), self.as_ref(key));
        let value = self.dict_value(dict, key);
        self.set(to, value);
    }

    /// The value of a key that is there.
    pub(super) fn dict_value(&mut self, dict: Ref, key: Ref) -> Ref {
        let at = self.find_key(dict, key, true);
        let value = self.emit(OpCode::DictValue, &[dict, at], 0);
        self.not_null.insert(value);
        value
    }

    pub(super) fn dict_has(&mut self, to: Slot, table: Slot, key: Slot) {
        let (table, key) = (self.get(table), self.as_ref(key));
        let at = self.emit(OpCode::DictFind, &[table, key], 0);
        let (unsure, zero) = (self.trace.int(-2), self.trace.int(0));
        let sure = self.emit(OpCode::IntNe, &[at, unsure], 0);
        self.guard_bool(sure, true);
        let found = self.emit(OpCode::IntGe, &[at, zero], 0);
        self.set(to, found);
    }

    pub(super) fn dict_set(&mut self, dict: Slot, key: Slot, from: Slot, found: bool) {
        let (dict, key, value) = (self.get(dict), self.as_ref(key), self.as_ref(from));
        self.put_key(dict, key, value, found);
    }

    pub(super) fn put_key(&mut self, dict: Ref, key: Ref, value: Ref, found: bool) {
        let at = self.find_key(dict, key, found);
        if found {
            self.emit(OpCode::DictPut, &[dict, at, value], 0);
        } else {
            self.emit(OpCode::DictInsert, &[dict, key, value], 0);
        }
        // The dict may be a namespace that something takes for constant.
        self.check_assumptions = true;
    }

    /// A new member of a set, or an old one.
    pub(super) fn add_member(&mut self, set: Ref, member: Ref, found: bool) {
        if found {
            self.find_key(set, member, true);
        } else {
            let none = self.trace.value(Value::NONE);
            self.put_key(set, member, none, false);
        }
    }
}
