//! Namespaces, cells, attributes, lists, tuples, ranges.

use vm::interp::frame::{Slot, read};
use vm::interp::residual::{Rt, name_imm};
use vm::object::class::{Class, ShapeId};
use vm::object::dict::Dict;
use vm::object::heap::Gc;
use vm::object::kind::Kind;
use vm::object::value::Value;
use vm::vm::Vm;

use super::Recorder;
use crate::ir::field::Field;
use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Const, Ref};

impl Recorder<'_> {
    fn depend(&mut self, dict: Gc<Dict>) {
        if !self.deps.dicts.contains(&dict) {
            self.deps.dicts.push(dict);
        }
    }

    pub(super) fn depend_on_keys(&mut self, dict: Gc<Dict>) {
        dict.watch_keys();
        self.depend(dict);
    }

    pub(super) fn entry(&mut self, to: Slot, dict: Gc<Dict>, entry: usize, value: Value) {
        if dict.is_changed(entry) {
            self.depend_on_keys(dict);
            let dict = self.trace.value(dict.into());
            let loaded = self.emit(OpCode::EntryGet, &[dict], entry as u64);
            self.not_null.insert(loaded);
            self.set(to, loaded);
            return;
        }
        dict.watch(entry);
        self.depend(dict);
        self.set_const(to, value);
    }

    pub(super) fn set_entry(&mut self, dict: Gc<Dict>, entry: usize, from: Slot) {
        self.depend_on_keys(dict);
        let value = self.as_ref(from);
        let dict = self.trace.value(dict.into());
        self.emit(OpCode::EntrySet, &[dict, value], entry as u64);
    }

    /// The trace relies on what it found in this class and its bases.
    pub(super) fn depend_on_class(&mut self, class: Gc<Class>) {
        for part in std::iter::once(class).chain(class.mro.iter().copied()).filter(|c| c.native.is_none()) {
            part.attrs.watch_all();
            self.depend(part.attrs);
        }
    }

    pub(super) fn class_attr(&mut self, to: Slot, class: Gc<Class>, value: Value) {
        self.depend_on_class(class);
        self.set_const(to, value);
    }

    pub(super) fn cell_get(&mut self, to: Slot, cell: Slot) {
        self.kind(cell, Kind::Cell);
        let cell = self.get(cell);
        let value = self.emit(OpCode::GetField, &[cell], Field::CellValue as u64);
        self.set(to, value);
    }

    pub(super) fn cell_set(&mut self, cell: Slot, from: Slot) {
        self.kind(cell, Kind::Cell);
        let (cell, value) = (self.get(cell), self.as_ref(from));
        self.emit(OpCode::SetField, &[cell, value], Field::CellValue as u64);
    }

    pub(super) fn new_cell(&mut self, to: Slot, from: Slot) {
        let value = self.as_ref(from);
        let cell = self.emit(OpCode::NewCell, &[value], 0);
        self.kinds.insert(cell, Kind::Cell);
        self.set(to, cell);
    }

    pub(super) fn shape(&mut self, slot: Slot, shape: ShapeId) {
        self.kind(slot, Kind::Instance);
        let value = self.get(slot);
        if self.shapes.get(&value) == Some(&shape) {
            return;
        }
        // A constant instance may change its shape: guard it like any other.
        self.guard(OpCode::GuardShape, &[value], shape as u64);
        self.shapes.insert(value, shape);
    }

    /// The slot's number among the inline ones, or among those beyond.
    fn place(vm: &Vm, object: Slot, index: usize) -> Result<usize, usize> {
        let cap = vm.shapes.get(read(object).header_aux().unwrap_or(1)).cap as usize;
        if index < cap { Ok(index) } else { Err(index - cap) }
    }

    /// Slots beyond the inline ones are read and written like list items.
    fn overflow(&mut self, object: Ref, index: usize) -> (Ref, Ref) {
        let items = self.emit(OpCode::GetFieldRaw, &[object], Field::InstanceOverflow as u64);
        (items, self.trace.int(index as i64))
    }

    pub(super) fn attr_get(&mut self, vm: &Vm, to: Slot, object: Slot, index: usize) {
        let place = Self::place(vm, object, index);
        let object = self.get(object);
        let value = match place {
            Ok(index) => self.emit(OpCode::InstanceGet, &[object], index as u64),
            Err(beyond) => {
                let (items, index) = self.overflow(object, beyond);
                self.emit(OpCode::ListGet, &[items, index], 0)
            }
        };
        self.not_null.insert(value);
        self.set(to, value);
    }

    pub(super) fn attr_set(&mut self, vm: &Vm, object: Slot, index: usize, from: Slot) {
        let place = Self::place(vm, object, index);
        let (object, value) = (self.get(object), self.as_ref(from));
        match place {
            Ok(index) => {
                self.emit(OpCode::InstanceSet, &[object, value], index as u64);
            }
            Err(beyond) => {
                let (items, index) = self.overflow(object, beyond);
                self.emit(OpCode::ListSet, &[items, index, value], 0);
            }
        }
    }

    pub(super) fn attr_add(&mut self, vm: &Vm, object: Slot, index: usize, shape: ShapeId, from: Slot) {
        let place = Self::place(vm, object, index);
        let (object, value) = (self.get(object), self.as_ref(from));
        // Another name for the same object may be known under its old shape.
        self.shapes.clear();
        if place.is_ok() {
            self.emit(OpCode::InstanceAdd, &[object, value], index as u64 | (shape as u64) << 32);
        } else {
            let name = name_imm(vm.shapes.names(shape)[index]);
            self.call_rt(Rt::SetAttr, name, &[value, object]);
        }
        self.shapes.insert(object, shape);
    }

    /// A bounds-checked index: counted from the end if it is negative.
    pub(super) fn checked_index(&mut self, index: Slot, len: Ref, negative: bool) -> Ref {
        let mut index = self.as_int(index);
        if negative {
            if self.trace.const_of(index).is_none() {
                let zero = self.trace.int(0);
                let is_negative = self.emit(OpCode::IntLt, &[index, zero], 0);
                self.guard_bool(is_negative, true);
            }
            index = self.emit(OpCode::IntAdd, &[index, len], 0);
        }
        let in_bounds = self.emit(OpCode::UintLt, &[index, len], 0);
        self.guard_bool(in_bounds, true);
        index
    }

    fn list_parts(&mut self, list: Slot) -> (Ref, Ref, Ref) {
        let list = self.get(list);
        let len = self.emit(OpCode::GetFieldInt, &[list], Field::ListLen as u64);
        (list, len, Ref::NONE)
    }

    fn list_items(&mut self, list: Ref) -> Ref {
        self.emit(OpCode::GetFieldRaw, &[list], Field::ListItems as u64)
    }

    pub(super) fn list_get(&mut self, to: Slot, list: Slot, index: Slot, negative: bool) {
        let (list, len, _) = self.list_parts(list);
        let index = self.checked_index(index, len, negative);
        let items = self.list_items(list);
        let value = self.emit(OpCode::ListGet, &[items, index], 0);
        self.not_null.insert(value);
        self.set(to, value);
    }

    pub(super) fn list_set(&mut self, list: Slot, index: Slot, negative: bool, from: Slot) {
        let (list, len, _) = self.list_parts(list);
        let index = self.checked_index(index, len, negative);
        let items = self.list_items(list);
        let value = self.as_ref(from);
        self.emit(OpCode::ListSet, &[items, index, value], 0);
    }

    pub(super) fn tuple_get(&mut self, to: Slot, tuple: Slot, index: Slot, negative: bool) {
        let tuple = self.get(tuple);
        let len = self.emit(OpCode::TupleLen, &[tuple], 0);
        let index = self.checked_index(index, len, negative);
        let value = match self.trace.const_of(index) {
            Some(Const::Int(n)) => self.emit(OpCode::TupleGet, &[tuple], n as u64),
            _ => self.emit(OpCode::TupleAt, &[tuple, index], 0),
        };
        self.not_null.insert(value);
        self.set(to, value);
    }

    pub(super) fn tuple_len(&mut self, tuple: Slot, len: usize) {
        let value = self.get(tuple);
        if !value.is_const() {
            self.guard(OpCode::GuardTupleLen, &[value], len as u64);
        }
    }

    /// `to` may be the tuple's own slot, for the item that is stated last.
    pub(super) fn tuple_item(&mut self, to: Slot, tuple: Slot, index: usize) {
        let tuple = self.get(tuple);
        let value = self.emit(OpCode::TupleGet, &[tuple], index as u64);
        self.not_null.insert(value);
        self.set(to, value);
    }

    pub(super) fn list_len(&mut self, list: Slot, len: usize) {
        let (_, actual, _) = self.list_parts(list);
        let expected = self.trace.int(len as i64);
        let same = self.emit(OpCode::IntEq, &[actual, expected], 0);
        self.guard_bool(same, true);
    }

    pub(super) fn list_item(&mut self, to: Slot, list: Slot, index: usize) {
        let list = self.get(list);
        let items = self.list_items(list);
        let index = self.trace.int(index as i64);
        let value = self.emit(OpCode::ListGet, &[items, index], 0);
        self.not_null.insert(value);
        self.set(to, value);
    }

    pub(super) fn new_sequence(&mut self, code: OpCode, kind: Kind, to: Slot, first: Slot, n: usize) {
        let items: Vec<Ref> = (0..n).map(|i| self.as_ref(first.wrapping_add(i))).collect();
        let sequence = self.emit_pooled(code, &items, 0);
        self.kinds.insert(sequence, kind);
        self.set(to, sequence);
    }

    fn in_bounds(&mut self, state: Slot, len: Ref) -> (Ref, Ref) {
        let index = self.as_int(state);
        (index, self.emit(OpCode::UintLt, &[index, len], 0))
    }

    fn advance(&mut self, state: Slot, index: Ref) {
        let one = self.trace.int(1);
        let next = self.emit(OpCode::IntAdd, &[index, one], 0);
        self.set(state, next);
    }

    pub(super) fn list_next(&mut self, to: Slot, list: Slot, state: Slot) {
        let (list, len, _) = self.list_parts(list);
        let (index, more) = self.in_bounds(state, len);
        self.guard_bool(more, true);
        let items = self.list_items(list);
        let value = self.emit(OpCode::ListGet, &[items, index], 0);
        self.not_null.insert(value);
        self.set(to, value);
        self.advance(state, index);
    }

    pub(super) fn list_end(&mut self, list: Slot, state: Slot) {
        let (_, len, _) = self.list_parts(list);
        let (_, more) = self.in_bounds(state, len);
        self.guard_bool(more, false);
    }

    pub(super) fn tuple_next(&mut self, to: Slot, tuple: Slot, state: Slot) {
        let tuple = self.get(tuple);
        let len = self.emit(OpCode::TupleLen, &[tuple], 0);
        let (index, more) = self.in_bounds(state, len);
        self.guard_bool(more, true);
        let value = self.emit(OpCode::TupleAt, &[tuple, index], 0);
        self.not_null.insert(value);
        self.set(to, value);
        self.advance(state, index);
    }

    pub(super) fn tuple_end(&mut self, tuple: Slot, state: Slot) {
        let tuple = self.get(tuple);
        let len = self.emit(OpCode::TupleLen, &[tuple], 0);
        let (_, more) = self.in_bounds(state, len);
        self.guard_bool(more, false);
    }

    pub(super) fn range_init(&mut self, state: Slot, range: Slot) {
        let range = self.get(range);
        for (i, field) in [Field::RangeStart, Field::RangeStop, Field::RangeStep].into_iter().enumerate() {
            let value = self.emit(OpCode::GetFieldInt, &[range], field as u64);
            self.set(state.wrapping_add(i), value);
        }
    }

    /// Guards the sign of the step, and gives the condition "there is a next item".
    fn range_more(&mut self, state: Slot, step: i64) -> Ref {
        let next = self.as_int(state);
        let step_slot = state.wrapping_add(2);
        self.kind(step_slot, Kind::Int);
        self.kind(state.wrapping_add(1), Kind::Int);
        let stop = self.as_int(state.wrapping_add(1));
        self.sign_of_step(step_slot, step);
        self.emit(if step > 0 { OpCode::IntLt } else { OpCode::IntGt }, &[next, stop], 0)
    }

    fn sign_of_step(&mut self, slot: Slot, step: i64) {
        let actual = self.as_int(slot);
        if self.trace.const_of(actual).is_none() {
            let zero = self.trace.int(0);
            let code = if step > 0 { OpCode::IntGt } else { OpCode::IntLt };
            let holds = self.emit(code, &[actual, zero], 0);
            self.guard_bool(holds, true);
        }
    }

    pub(super) fn range_next(&mut self, to: Slot, state: Slot, step: i64) {
        let more = self.range_more(state, step);
        self.guard_bool(more, true);
        let next = self.as_int(state);
        debug_assert_eq!(self.ty(next), Ty::Int);
        self.set(to, next);
        let step = self.as_int(state.wrapping_add(2));
        let after = self.guard(OpCode::IntAddOvf, &[next, step], 0);
        self.set(state, after);
    }

    pub(super) fn range_end(&mut self, state: Slot, step: i64) {
        let more = self.range_more(state, step);
        self.guard_bool(more, false);
    }
}
