//! Slots and the values they shadow; kinds and truth.

use vm::interp::frame::Slot;
use vm::object::kind::Kind;
use vm::object::value::Value;

use super::Recorder;
use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Const, Ref};

impl Recorder<'_> {
    /// The slot's distance from the base frame's slot 0.
    pub(super) fn offset(&self, slot: Slot) -> usize {
        (slot as usize - self.base as usize) / 8
    }

    /// The value in a slot, read from memory if the trace has not touched it; in the best form known (a constant,
    /// an unboxed int). The slot itself keeps what it has: it has not changed.
    pub(super) fn get(&mut self, slot: Slot) -> Ref {
        let value = self.held(slot);
        self.better.get(&value).copied().unwrap_or(value)
    }

    /// The value in a slot as it was put there.
    pub(super) fn get_raw(&mut self, slot: Slot) -> Ref {
        self.held(slot)
    }

    fn held(&mut self, slot: Slot) -> Ref {
        let offset = self.offset(slot);
        match self.shadow.get(offset).copied() {
            Some(Ref::NONE) if offset < self.initial.len() => self.load_slot(offset),
            Some(r) if r != Ref::NONE => r,
            // A slot of an inlined frame that nobody has set is NULL.
            _ => self.trace.value(Value::NULL),
        }
    }

    fn load_slot(&mut self, offset: usize) -> Ref {
        if self.initial[offset] == Ref::NONE {
            self.initial[offset] = self.emit(OpCode::SlotLoad, &[], offset as u64);
        }
        self.shadow[offset] = self.initial[offset];
        self.initial[offset]
    }

    pub(super) fn set(&mut self, slot: Slot, value: Ref) {
        let offset = self.offset(slot);
        if offset >= self.shadow.len() {
            self.shadow.resize(offset + 1, Ref::NONE);
        }
        self.shadow[offset] = value;
    }

    pub(super) fn copy(&mut self, to: Slot, from: Slot) {
        let value = self.get(from);
        self.set(to, value);
    }

    pub(super) fn swap(&mut self, a: Slot, b: Slot) {
        let (x, y) = (self.get(a), self.get(b));
        self.set(a, y);
        self.set(b, x);
    }

    pub(super) fn set_const(&mut self, to: Slot, value: Value) {
        let constant = self.constant(value);
        self.set(to, constant);
    }

    /// A constant, unboxed if it is a small int or float.
    pub(super) fn constant(&mut self, value: Value) -> Ref {
        match (value.as_small(), value.as_float()) {
            (Some(n), _) => self.trace.int(n),
            (_, Some(f)) => self.trace.float(f),
            _ => self.trace.value(value),
        }
    }

    /// The value word a constant stands for, if it is a constant `Ref`.
    pub(super) fn const_value(&self, r: Ref) -> Option<Value> {
        match self.trace.const_of(r) {
            Some(Const::Ref(bits)) => Some(Value::from_bits(bits)),
            _ => None,
        }
    }

    /// The slot's value as a value word.
    pub(super) fn as_ref(&mut self, slot: Slot) -> Ref {
        let value = self.get(slot);
        self.boxed(value)
    }

    /// Boxes a value of any type.
    pub fn boxed(&mut self, value: Ref) -> Ref {
        match self.trace.ty(value) {
            Ty::Int => match self.trace.const_of(value) {
                Some(Const::Int(n)) => self.trace.value(Value::small(n)),
                _ => self.emit(OpCode::BoxInt, &[value], 0),
            },
            Ty::Float => {
                let boxed = self.emit(OpCode::BoxFloat, &[value], 0);
                self.kinds.insert(boxed, Kind::Float);
                boxed
            }
            Ty::Bool => self.emit(OpCode::BoxBool, &[value], 0),
            _ => value,
        }
    }

    /// The slot's value as an int; it was stated to be one.
    pub(super) fn as_int(&mut self, slot: Slot) -> Ref {
        let value = self.get(slot);
        match self.trace.ty(value) {
            Ty::Int => value,
            _ => {
                let int = self.emit(OpCode::UnboxInt, &[value], 0);
                self.better.insert(value, int);
                int
            }
        }
    }

    /// The slot's value as a float; it was stated to be a float or an int.
    pub(super) fn as_float(&mut self, slot: Slot) -> Ref {
        let value = self.get(slot);
        match self.trace.ty(value) {
            Ty::Float => value,
            Ty::Int => self.int_to_float(value),
            _ if self.kinds.get(&value) == Some(&Kind::Int) => {
                let int = self.as_int(slot);
                self.int_to_float(int)
            }
            _ => self.emit(OpCode::UnboxFloat, &[value], 0),
        }
    }

    fn int_to_float(&mut self, value: Ref) -> Ref {
        match self.trace.const_of(value) {
            Some(Const::Int(n)) => self.trace.float(n as f64),
            _ => self.emit(OpCode::IntToFloat, &[value], 0),
        }
    }

    /// States the kind of a slot's value.
    pub(super) fn kind(&mut self, slot: Slot, kind: Kind) {
        let value = self.get(slot);
        let typed = self.trace.ty(value) != Ty::Ref;
        if typed || value.is_const() || self.kinds.get(&value) == Some(&kind) {
            return;
        }
        match kind {
            Kind::Int => {
                self.guard(OpCode::GuardInt, &[value], 0);
            }
            // Their values are guarded by whoever states them.
            Kind::Bool => return,
            Kind::None => {
                self.is(slot, Value::NONE);
                return;
            }
            Kind::Ellipsis => return self.is(slot, Value::ELLIPSIS),
            Kind::NotImplemented => return self.is(slot, Value::NOT_IMPLEMENTED),
            _ => {
                self.guard(OpCode::GuardKind, &[value], kind as u64);
            }
        }
        self.kinds.insert(value, kind);
        self.not_null.insert(value);
    }

    /// States that a slot holds exactly this value.
    pub(super) fn is(&mut self, slot: Slot, value: Value) {
        let held = self.get(slot);
        if held.is_const() || self.trace.ty(held) != Ty::Ref {
            return;
        }
        let constant = self.trace.value(value);
        self.guard(OpCode::GuardValue, &[held, constant], 0);
        self.better.insert(held, constant);
    }

    pub(super) fn bound(&mut self, slot: Slot) {
        let value = self.get(slot);
        let known = value.is_const()
            || self.trace.ty(value) != Ty::Ref
            || self.kinds.contains_key(&value)
            || !self.not_null.insert(value);
        if !known {
            self.guard(OpCode::GuardNotNull, &[value], 0);
        }
    }

    pub(super) fn truth(&mut self, slot: Slot, kind: Kind, result: bool) {
        let value = self.get(slot);
        if value.is_const() && !kind.is_mutable() {
            return;
        }
        match (kind, self.trace.ty(value)) {
            (Kind::Bool, Ty::Bool) => {
                self.guard_bool(value, result);
                let constant = self.trace.value(Value::bool(result));
                self.better.insert(value, constant);
            }
            (Kind::Bool, _) => self.is(slot, Value::bool(result)),
            (Kind::Int, _) => {
                let int = self.as_int(slot);
                let zero = self.trace.int(0);
                let test = self.emit(OpCode::IntNe, &[int, zero], 0);
                self.guard_bool(test, result);
            }
            (Kind::Float, _) => {
                let (float, zero) = (self.as_float(slot), self.trace.float(0.0));
                let test = self.emit(OpCode::FloatNe, &[float, zero], 0);
                self.guard_bool(test, result);
            }
            _ => {
                if let Some(len) = self.len(kind, slot) {
                    let zero = self.trace.int(0);
                    let test = self.emit(OpCode::IntNe, &[len, zero], 0);
                    self.guard_bool(test, result);
                }
            }
        }
    }

    pub(super) fn guard_bool(&mut self, condition: Ref, expected: bool) {
        self.guard(if expected { OpCode::GuardTrue } else { OpCode::GuardFalse }, &[condition], 0);
    }
}
