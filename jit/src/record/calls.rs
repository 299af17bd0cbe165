//! Calls: followed ones become nothing but moves, all others operations of the runtime.

use vm::bytecode::BinaryOp;
use vm::interp::frame::Slot;
use vm::interp::residual::Rt;
use vm::object::class::Class;
use vm::object::dict::Dict;
use vm::object::function::{Code, Effects, NativeDef, python_callee};
use vm::object::heap::Gc;
use vm::object::kind::Kind;
use vm::object::sequence::Tuple;
use vm::object::text::Str;
use vm::object::value::Value;
use vm::vm::Vm;

use super::Recorder;
use super::raise::LastCall;
use crate::abort::Abort;
use crate::ir::field::Field;
use crate::ir::op::{OpCode, Ty};
use crate::ir::snapshot::{Resume, Snapshot};
use crate::ir::trace::Ref;

impl Recorder<'_> {
    fn operands(&mut self, first: Slot, n: usize) -> Vec<Ref> {
        (0..n).map(|i| self.as_ref(first.wrapping_add(i))).collect()
    }

    pub(super) fn call(&mut self, rt: Rt, imm: u64, to: Slot, first: Slot, n: usize) {
        if let Some(result) = self.known_call(rt, first, n) {
            self.set(to, result);
            return;
        }
        let mut args = self.operands(first, n);
        let rt = match rt {
            Rt::Binary if self.is_plain_search(imm, first, args[1]) => Rt::BinaryPlain,
            rt => rt,
        };
        let rt = match rt {
            Rt::CallMethod if self.const_value(args[1]) == Some(Value::NULL) => {
                args.remove(1);
                Rt::Call
            }
            Rt::CallMethod if self.not_null.contains(&args[1]) => Rt::Call,
            rt => rt,
        };
        let arranged = if rt == Rt::Call { self.arranged(&args, imm as usize) } else { None };
        let result = match arranged {
            Some(args) => self.call_function(&args),
            None if rt == Rt::Call && imm == 0 => self.call_function(&args),
            None => self.call_rt(rt, imm, &args),
        };
        self.note_call(result, to);
        self.set(to, result);
    }

    /// The function and its arguments, of which the last are `pairs` of name and value, in the order of its parameters
    /// and with its defaults: if it is known, and has plain parameters that these arguments fit.
    fn arranged(&mut self, args: &[Ref], pairs: usize) -> Option<Vec<Ref>> {
        let callee = self.const_value(*args.first()?)?;
        let (function, cells) = python_callee(callee)?;
        let n_cells = cells.map_or(0, |cells| cells.len());
        let code = function.code;
        let wanted = code.n_pos.checked_sub(n_cells).filter(|_| code.is_simple)?;
        let (given, named) = args[1..].split_at((args.len() - 1).checked_sub(2 * pairs)?);
        if given.len() > wanted || (pairs > 0 && n_cells > 0) {
            return None;
        }
        let mut places: Vec<Option<Ref>> = given.iter().copied().map(Some).collect();
        places.resize(wanted, None);
        for pair in named.chunks_exact(2) {
            let name = self.const_value(pair[0])?.cast::<Str>()?;
            let place = code.arg_names.iter().position(|known| *known == name)?;
            let place = places.get_mut(place).filter(|place| place.is_none())?;
            *place = Some(pair[1]);
        }
        let defaults = function.defaults.cast::<Tuple>().map_or(Vec::new(), |t| t.items().to_vec());
        let first_default = wanted.checked_sub(defaults.len())?;
        let mut arranged = vec![args[0]];
        for (n, place) in places.into_iter().enumerate() {
            let default = || n.checked_sub(first_default).map(|n| defaults[n]);
            arranged.push(match place {
                Some(value) => value,
                None => self.trace.value(default()?),
            });
        }
        Some(arranged)
    }

    /// A call with positional arguments only, of anything: the engine has a short way for Python functions.
    fn call_function(&mut self, args: &[Ref]) -> Ref {
        self.show_frame();
        let result = self.emit_pooled(OpCode::CallAssembler, args, 0);
        self.after_call(result, Effects::Any);
        result
    }

    /// Runtime operations that have operations of their own.
    fn known_call(&mut self, rt: Rt, first: Slot, n: usize) -> Option<Ref> {
        match rt {
            Rt::Next => self.next_item(first),
            Rt::ConstructPlain => self.new_range(first, n),
            _ => None,
        }
    }

    pub(super) fn call_rt(&mut self, rt: Rt, imm: u64, args: &[Ref]) -> Ref {
        self.show_frame_to(rt.effects());
        let result = self.emit_pooled(OpCode::CallRt, args, rt as u64 | imm << 8);
        self.after_call(result, rt.effects());
        match rt {
            Rt::Truth => {}
            Rt::Unpack | Rt::UnpackEx => self.set_kind(result, Kind::Tuple),
            Rt::BuildDict => self.set_kind(result, Kind::Dict),
            Rt::BuildSet => self.set_kind(result, Kind::Set),
            Rt::Raise | Rt::RaisePlain => self.set_kind(result, Kind::Exception),
            Rt::BinaryPlain if imm == BinaryOp::Add as u64 => {
                if let Some(Kind::Str) =
                    args.iter().map(|r| self.kinds.get(r).copied()).reduce(same).flatten()
                {
                    self.set_kind(result, Kind::Str);
                }
            }
            Rt::MakeGenerator => self.set_kind(result, Kind::Generator),
            Rt::IterPlain => self.set_kind(result, Kind::Iter),
            Rt::BuildSlice => self.set_kind(result, Kind::Slice),
            _ => {}
        }
        result
    }

    /// The frame is seen by what a call with these effects may run.
    fn show_frame_to(&mut self, effects: Effects) {
        match effects {
            Effects::Pure | Effects::Reads => {}
            Effects::ReadsScalars | Effects::Any => self.show_frame(),
        }
    }

    fn after_call(&mut self, result: Ref, effects: Effects) {
        self.not_null.insert(result);
        let snapshot = self.unwinding();
        self.guard_with(OpCode::GuardNoException, &[result], 0, snapshot);
        if effects == Effects::Any {
            self.check_assumptions = true;
            self.shapes.clear();
        }
    }

    pub(super) fn store_comp(&mut self, rt: Rt, collection: Slot, first: Slot, n: usize) {
        if rt == Rt::ListAppend {
            self.kind(collection, Kind::List);
            let (list, item) = (self.get(collection), self.as_ref(first));
            self.emit(OpCode::ListAppend, &[list, item], 0);
            return;
        }
        let mut args = vec![self.as_ref(collection)];
        args.extend(self.operands(first, n));
        self.call_rt(rt, 0, &args);
    }

    pub(super) fn stopped(&mut self, slot: Slot, stopped: bool) {
        if std::mem::take(&mut self.has_item) {
            return;
        }
        let item = self.get(slot);
        let stop = self.trace.value(Value::STOP);
        let is_stop = self.emit(OpCode::RefEq, &[item, stop], 0);
        let snapshot = self.iterated(item);
        let code = if stopped { OpCode::GuardTrue } else { OpCode::GuardFalse };
        self.guard_with(code, &[is_stop], 0, snapshot);
    }

    pub(super) fn truth_of(&mut self, slot: Slot) {
        let value = self.as_ref(slot);
        let result = self.call_rt(Rt::Truth, 0, &[value]);
        self.pending_truth = Some(result);
    }

    pub(super) fn tested(&mut self, result: bool) {
        if let Some(truth) = self.pending_truth.take() {
            let expected = self.trace.value(Value::bool(result));
            let snapshot = Snapshot { resume: Resume::Tested(truth), ..self.snapshot.clone() };
            self.guard_with(OpCode::GuardValue, &[truth, expected], 0, snapshot);
        }
    }

    pub(super) fn native(
        &mut self,
        vm: &mut Vm,
        def: &'static NativeDef,
        to: Slot,
        function: Slot,
        first: Slot,
        n: usize,
    ) {
        if def.of_frames {
            // What it looks at does not exist while machine code runs.
            self.end.get_or_insert(super::End::Exit);
            return;
        }
        if let Some(result) = self.intrinsic(vm, def, first, n) {
            self.set(to, result);
            return;
        }
        let callee =
            if function.is_null() { self.unbound.unwrap_or(Ref::NONE) } else { self.as_ref(function) };
        let mut args = vec![callee];
        args.extend(self.operands(first, n));
        let effects = self.native_effects(def, first, n);
        self.show_frame_to(effects);
        let result = self.emit_pooled(OpCode::CallNative, &args, effects as u64);
        self.after_call(result, effects);
        self.note_call(result, to);
        self.set(to, result);
    }

    fn note_call(&mut self, result: Ref, to: Slot) {
        self.last_call = Some(LastCall { result, to, ops: self.trace.ops.len() });
    }

    pub(super) fn function(&mut self, slot: Slot, code: &'static Code, closure: bool) {
        let value = self.get(slot);
        if value.is_const() {
            return;
        }
        if closure {
            self.kind(slot, Kind::Closure);
            let function = self.emit(OpCode::GetField, &[value], Field::ClosureFunction as u64);
            self.guard(OpCode::GuardCode, &[function], code as *const Code as u64);
        } else {
            self.kind(slot, Kind::Function);
            self.guard(OpCode::GuardCode, &[value], code as *const Code as u64);
        }
    }

    pub(super) fn closure_cell(&mut self, to: Slot, closure: Slot, index: usize) {
        let closure = self.get(closure);
        let cells = self.emit(OpCode::GetField, &[closure], Field::ClosureCells as u64);
        self.kinds.insert(cells, Kind::Tuple);
        let cell = self.emit(OpCode::TupleGet, &[cells], index as u64);
        self.kinds.insert(cell, Kind::Cell);
        self.set(to, cell);
    }

    pub(super) fn default(&mut self, to: Slot, function: Slot, closure: bool, index: usize, value: Value) {
        let mut function = self.get(function);
        if function.is_const() {
            return self.set_const(to, value);
        }
        if closure {
            function = self.emit(OpCode::GetField, &[function], Field::ClosureFunction as u64);
        }
        let defaults = self.emit(OpCode::GetField, &[function], Field::FunctionDefaults as u64);
        let value = self.emit(OpCode::TupleGet, &[defaults], index as u64);
        self.not_null.insert(value);
        self.set(to, value);
    }

    pub(super) fn make_function(
        &mut self,
        to: Slot,
        code: &'static Code,
        globals: Gc<Dict>,
        defaults: Slot,
        (cells, n_cells): (Slot, usize),
    ) {
        let globals = self.trace.value(globals.into());
        let null = self.trace.value(Value::NULL);
        let [defaults, kw] = match defaults.is_null() {
            true => [null, null],
            false => [self.as_ref(defaults), self.as_ref(defaults.wrapping_add(1))],
        };
        let address = std::ptr::from_ref(code) as u64;
        let mut function = self.emit(OpCode::NewFunction, &[globals, defaults, kw], address);
        self.set_kind(function, Kind::Function);
        if n_cells > 0 {
            let cells = self.operands(cells, n_cells);
            let cells = self.emit_pooled(OpCode::NewTuple, &cells, 0);
            self.set_kind(cells, Kind::Tuple);
            function = self.emit(OpCode::NewClosure, &[function, cells], 0);
            self.set_kind(function, Kind::Closure);
        }
        self.set(to, function);
    }

    pub(super) fn bound_method(&mut self, to: Slot, function: Value, this: Slot) {
        let (function, this) = (self.trace.value(function), self.as_ref(this));
        let method = self.emit(OpCode::NewBoundMethod, &[function, this], 0);
        self.kinds.insert(method, Kind::BoundMethod);
        self.set(to, method);
    }

    pub(super) fn unbind(&mut self, slot: Slot, function: Value) {
        self.kind(slot, Kind::BoundMethod);
        let method = self.get(slot);
        let expected = self.trace.value(function);
        let actual = self.emit(OpCode::GetField, &[method], Field::MethodFunction as u64);
        self.guard(OpCode::GuardValue, &[actual, expected], 0);
        let this = self.emit(OpCode::GetField, &[method], Field::MethodSelf as u64);
        self.not_null.insert(this);
        self.unbound = Some(expected);
        self.set(slot, this);
    }

    pub(super) fn new_instance(&mut self, to: Slot, class: Gc<Class>) {
        let constant = self.trace.value(class.into());
        let instance = self.emit(OpCode::NewInstance, &[constant], 0);
        self.kinds.insert(instance, Kind::Instance);
        self.shapes.insert(instance, class.root_shape.get());
        self.set(to, instance);
    }

    /// A new frame: all its slots are NULL.
    pub(super) fn enter(&mut self, code: &'static Code, base: Slot) {
        if !self.deps.codes.iter().any(|known| std::ptr::eq(*known, code)) {
            self.deps.codes.push(code);
        }
        let from = self.offset(base);
        let end = from + code.n_state + 2 * code.n_exc;
        if self.shadow.len() < end {
            self.shadow.resize(end, Ref::NONE);
        }
        self.shadow[from..end].fill(Ref::NONE);
    }

    pub(super) fn leave(&mut self, vm: &Vm, from: Slot, to: Slot) {
        if vm.frames.len() <= self.base_depth {
            return self.abort(Abort::LeftFrame);
        }
        if !to.is_null() {
            return self.copy(to, from);
        }
        // A constructor must return None.
        let value = self.get(from);
        if !value.is_const() && self.ty(value) == Ty::Ref {
            self.is(from, Value::NONE);
        }
    }
}

/// The kind of both, if it is one.
fn same(a: Option<Kind>, b: Option<Kind>) -> Option<Kind> {
    a.filter(|_| a == b)
}
