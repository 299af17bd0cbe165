//! Built-in functions and methods that have operations of their own.

use vm::bytecode::BinaryOp;
use vm::interp::frame::{Slot, read};
use vm::object::class::Class;
use vm::object::dict::Dict;
use vm::object::function::{Args, Effects, NativeDef};
use vm::object::kind::Kind;
use vm::object::sequence::{List, Tuple};
use vm::object::text::Str;
use vm::object::value::Value;
use vm::runtime::lookup::Lookup;
use vm::vm::Vm;

use super::Recorder;
use crate::ir::field::Field;
use crate::ir::float_fn::float_function;
use crate::ir::op::OpCode;
use crate::ir::trace::Ref;

impl Recorder<'_> {
    /// The result, if the call needs no call.
    pub(super) fn intrinsic(
        &mut self,
        vm: &mut Vm,
        def: &'static NativeDef,
        first: Slot,
        n: usize,
    ) -> Option<Ref> {
        let kind = if n > 0 { read(first).kind() } else { Kind::Null };
        match kind {
            _ if def.name == "isinstance" && n == 2 => self.isinstance(vm, def, kind, first),
            Kind::Float => self.of_float(def.name, first, n),
            Kind::Int if n == 1 => self.of_int(def.name, first),
            Kind::Int if n == 2 => self.extreme(def.name, first),
            Kind::List => self.of_list(def.name, first, n),
            Kind::Str if def.name == "ord" => self.ord(first),
            Kind::Dict | Kind::OrderedDict | Kind::Set => self.of_table(vm, def.name, kind, first, n),
            _ if n == 1 && def.name == "len" => self.len(kind, first),
            _ => None,
        }
    }

    /// A constant, once the kind or the shape of the object is known.
    fn isinstance(&mut self, vm: &mut Vm, def: &'static NativeDef, kind: Kind, first: Slot) -> Option<Ref> {
        let class = first.wrapping_add(1);
        let decided = match kind {
            Kind::Instance => true,
            Kind::Bool | Kind::Tuple | Kind::Exception | Kind::Foreign | Kind::Class => false,
            _ => true,
        };
        if read(class).cast::<Class>().is_none_or(|class| vm.is_abstract(class)) {
            return None;
        }
        if kind == Kind::Tuple {
            // It may have fields with names, and so a class of its own. But asking changes nothing.
            self.kind(first, kind);
            self.is(class, read(class));
        }
        if !decided {
            return None;
        }
        let result = (def.call)(vm, Args::positional(&[read(first), read(class)])).ok()?;
        match read(first).header_aux().filter(|_| kind == Kind::Instance) {
            Some(shape) => self.shape(first, shape),
            None => self.kind(first, kind),
        }
        self.is(class, read(class));
        Some(self.trace.value(result))
    }

    /// The length of a built-in container.
    pub(super) fn len(&mut self, kind: Kind, first: Slot) -> Option<Ref> {
        let (code, field) = match kind {
            Kind::List => (OpCode::GetFieldInt, Field::ListLen as u64),
            Kind::Bytes | Kind::Bytearray => (OpCode::GetFieldInt, Field::BytesLen as u64),
            Kind::Dict | Kind::OrderedDict | Kind::Set => (OpCode::GetFieldInt, Field::DictLen as u64),
            Kind::Tuple => (OpCode::TupleLen, 0),
            Kind::Str => (OpCode::StrLen, 0),
            _ => return None,
        };
        self.kind(first, kind);
        let object = self.get(first);
        Some(self.emit(code, &[object], field))
    }

    fn of_float(&mut self, name: &str, first: Slot, n: usize) -> Option<Ref> {
        let known = n == 1 && matches!(name, "abs" | "sqrt" | "sin" | "cos" | "atan");
        if !known {
            return None;
        }
        self.kind(first, Kind::Float);
        let x = self.as_float(first);
        match name {
            "abs" => Some(self.emit(OpCode::FloatAbs, &[x], 0)),
            "sqrt" => {
                let zero = self.trace.float(0.0);
                let valid = self.emit(OpCode::FloatGe, &[x, zero], 0);
                self.guard_bool(valid, true);
                Some(self.emit(OpCode::FloatSqrt, &[x], 0))
            }
            _ => {
                float_function(name)?;
                Some(self.float_call(name, &[x]))
            }
        }
    }

    fn of_int(&mut self, name: &str, first: Slot) -> Option<Ref> {
        let value = read(first).as_small()?;
        match name {
            "abs" => {
                self.kind(first, Kind::Int);
                let (x, zero) = (self.as_int(first), self.trace.int(0));
                let negative = self.emit(OpCode::IntLt, &[x, zero], 0);
                self.guard_bool(negative, value < 0);
                Some(if value < 0 { self.guard(OpCode::IntSubOvf, &[zero, x], 0) } else { x })
            }
            "chr" if (0..128).contains(&value) => {
                self.kind(first, Kind::Int);
                let (code, limit) = (self.as_int(first), self.trace.int(128));
                let ascii = self.emit(OpCode::UintLt, &[code, limit], 0);
                self.guard_bool(ascii, true);
                Some(self.char_of(code))
            }
            _ => None,
        }
    }

    /// The smaller or larger of two ints.
    fn extreme(&mut self, name: &str, first: Slot) -> Option<Ref> {
        let second = first.wrapping_add(1);
        let (a, b) = (read(first).as_small()?, read(second).as_small()?);
        let (code, takes_second) = match name {
            "min" => (OpCode::IntLt, b < a),
            "max" => (OpCode::IntGt, b > a),
            _ => return None,
        };
        self.kind(first, Kind::Int);
        self.kind(second, Kind::Int);
        let (x, y) = (self.as_int(first), self.as_int(second));
        let test = self.emit(code, &[y, x], 0);
        self.guard_bool(test, takes_second);
        Some(if takes_second { y } else { x })
    }

    /// The code of an ASCII character.
    fn ord(&mut self, first: Slot) -> Option<Ref> {
        read(first).cast::<Str>().filter(|s| s.chars == 1 && s.is_ascii())?;
        self.kind(first, Kind::Str);
        let text = self.get(first);
        let (len, one, zero) = (self.ascii_len(text), self.trace.int(1), self.trace.int(0));
        let single = self.emit(OpCode::IntEq, &[len, one], 0);
        self.guard_bool(single, true);
        let data = self.emit(OpCode::StrData, &[text], 0);
        Some(self.emit(OpCode::ByteAt, &[data, zero], 0))
    }

    fn of_list(&mut self, name: &str, first: Slot, n: usize) -> Option<Ref> {
        match (name, n) {
            ("len", 1) => self.len(Kind::List, first),
            ("append", 2) => {
                self.kind(first, Kind::List);
                let (list, item) = (self.get(first), self.as_ref(first.wrapping_add(1)));
                self.emit(OpCode::ListAppend, &[list, item], 0);
                Some(self.trace.value(Value::NONE))
            }
            ("pop", 1) => self.pop(first),
            _ => None,
        }
    }

    fn pop(&mut self, first: Slot) -> Option<Ref> {
        read(first).cast::<List>().filter(|list| !list.items.is_empty())?;
        self.kind(first, Kind::List);
        let (list, zero, one) = (self.get(first), self.trace.int(0), self.trace.int(1));
        let len = self.emit(OpCode::GetFieldInt, &[list], Field::ListLen as u64);
        let some = self.emit(OpCode::IntGt, &[len, zero], 0);
        self.guard_bool(some, true);
        let last = self.emit(OpCode::IntSub, &[len, one], 0);
        let items = self.emit(OpCode::GetFieldRaw, &[list], Field::ListItems as u64);
        let value = self.emit(OpCode::ListGet, &[items, last], 0);
        self.not_null.insert(value);
        self.emit(OpCode::SetFieldInt, &[list, last], Field::ListLen as u64);
        Some(value)
    }

    fn of_table(&mut self, vm: &mut Vm, name: &str, kind: Kind, first: Slot, n: usize) -> Option<Ref> {
        if name == "len" && n == 1 {
            return self.len(kind, first);
        }
        let table = read(first).cast::<Dict>()?;
        let key_slot = first.wrapping_add(1);
        let wanted = match kind {
            Kind::Set => name == "add" && n == 2,
            _ => name == "get" && matches!(n, 2 | 3),
        };
        if !wanted {
            return None;
        }
        let found = match vm.lookup(table, read(key_slot)) {
            Lookup::Unsure => return None,
            at => at != Lookup::Missing,
        };
        self.kind(first, kind);
        let (table, key) = (self.get(first), self.as_ref(key_slot));
        if kind == Kind::Set {
            self.add_member(table, key, found);
            return Some(self.trace.value(Value::NONE));
        }
        if found {
            return Some(self.dict_value(table, key));
        }
        self.find_key(table, key, false);
        Some(if n == 3 { self.get(first.wrapping_add(2)) } else { self.trace.value(Value::NONE) })
    }

    /// What a call of a built-in function with these arguments may do: what its table says, as long as they are
    /// built-in data. The kinds become guards.
    pub(super) fn native_effects(&mut self, def: &'static NativeDef, first: Slot, n: usize) -> Effects {
        let slots = || (0..n).map(|i| first.wrapping_add(i));
        let promised = |slot: Slot| match def.effects {
            Effects::Any => false,
            Effects::ReadsScalars => is_guarded_scalar(read(slot).kind()),
            Effects::Pure | Effects::Reads => is_data(read(slot).kind()),
        };
        if !slots().all(promised) || def.effects == Effects::Any {
            return Effects::Any;
        }
        slots().for_each(|slot| self.kind(slot, read(slot).kind()));
        if def.effects == Effects::Pure { Effects::Pure } else { Effects::Reads }
    }

    /// `item in (…)` on a constant tuple of scalars runs no Python code on a scalar.
    pub(super) fn is_plain_search(&mut self, op: u64, item: Slot, tuple: Ref) -> bool {
        let scalars = |value: Value| {
            value.cast::<Tuple>().is_some_and(|t| t.items().iter().all(|item| item.kind().is_scalar()))
        };
        let plain = op == BinaryOp::In as u64
            && is_guarded_scalar(read(item).kind())
            && self.const_value(tuple).is_some_and(scalars);
        if plain {
            self.kind(item, read(item).kind());
        }
        plain
    }
}

/// A built-in function that only reads does not run Python code on these.
fn is_data(kind: Kind) -> bool {
    let container = matches!(
        kind,
        Kind::List | Kind::Tuple | Kind::Dict | Kind::OrderedDict | Kind::Set | Kind::Frozenset
    );
    container || is_guarded_scalar(kind)
}

/// Scalars, but bools: that a word is one is nobody's guard.
fn is_guarded_scalar(kind: Kind) -> bool {
    kind.is_scalar() && kind != Kind::Bool
}
