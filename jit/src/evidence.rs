//! What the run itself shows of why: what guards saw when they left, which exceptions were caught, whose changes broke
//! assumptions. Only rare events are looked at, and of exits that are frequent one in [`STRIDE`].

use rustc_hash::FxHashMap;

use vm::object::kind::Kind;
use vm::object::value::Value;
use vm::vm::Vm;

use crate::ir::op::{OpCode, Ty};
use crate::ir::snapshot::Snapshot;
use crate::ir::trace::{Op, Ref, Trace};

/// Exits of a guard of which each is looked at.
const FIRST: u64 = 64;
/// Of those behind them, one in so many is.
const STRIDE: u64 = 32;

/// What a guard can have found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Seen {
    Kind(Kind),
    /// An instance of this shape.
    Shape(u32),
    Tuple(usize),
    /// A function, by the number of its code.
    Code(u32),
    Int(i64),
    /// The result does not fit a small int.
    Overflow,
}

/// What is known of one guard.
#[derive(Default)]
pub struct Guarded {
    /// The local variable that it is about, if it is one.
    pub variable: Option<Box<str>>,
    pub seen: FxHashMap<Seen, u64>,
}

/// See the module's description.
#[derive(Default)]
pub struct Evidence {
    /// By the guard's number.
    pub guards: FxHashMap<u32, Guarded>,
    /// A changed name, and the first instruction of code that relied on it → how often.
    pub broken: FxHashMap<(String, usize), u64>,
}

impl Evidence {
    /// A guard has left for the `left`th time, and the frames of its snapshot were rebuilt.
    pub fn guard_left(
        &mut self,
        vm: &Vm,
        id: u32,
        left: u64,
        trace: &Trace,
        guard: &Op,
        snapshot: &Snapshot,
    ) {
        if left > FIRST && !left.is_multiple_of(STRIDE) {
            return;
        }
        let Some(tested) = trace.operands_of(guard).first().copied() else { return };
        let is_overflow = guard.is_checked();
        let found = find(vm, trace, snapshot, tested);
        let seen = match (&found, is_overflow) {
            (_, true) => Seen::Overflow,
            (Some(found), false) => seen(guard.code, found.value),
            (None, false) => return,
        };
        let guarded = self.guards.entry(id).or_insert_with(|| Guarded {
            variable: found.and_then(|found| found.variable).map(Into::into),
            seen: FxHashMap::default(),
        });
        *guarded.seen.entry(seen).or_default() += if left > FIRST { STRIDE } else { 1 };
    }

    /// Code that begins at `place` relied on these names.
    pub fn broke(&mut self, names: &[String], place: *const u8) {
        for name in names {
            *self.broken.entry((name.clone(), place.addr())).or_default() += 1;
        }
    }
}

/// The value that a guard has tested, where the frames hold it.
struct Found {
    value: Value,
    variable: Option<&'static str>,
}

/// Looks for a value of the trace among the slots of a snapshot, the innermost frame first; locals before the stack.
fn find(vm: &Vm, trace: &Trace, snapshot: &Snapshot, tested: Ref) -> Option<Found> {
    let base = vm.frames.len().checked_sub(snapshot.frames.len())?;
    let mut on_stack = None;
    for (n, frame) in snapshot.frames.iter().enumerate().rev() {
        let first = vm.frames[base + n].base;
        let is_it = |r: Ref| r == tested || stands_for(trace, r, tested);
        for (slot, _) in frame.slots.iter().filter(|(_, r)| is_it(*r)) {
            let value = vm.stack.get(first + *slot as usize);
            let variable = name_of_slot(frame.code, *slot);
            if variable.is_some() {
                return Some(Found { value, variable });
            }
            on_stack.get_or_insert(value);
        }
    }
    let frame = snapshot.frames.first()?;
    let slot = loaded(trace, tested)?;
    let value = on_stack.unwrap_or_else(|| vm.stack.get(vm.frames[base].base + slot as usize));
    Some(Found { value, variable: name_of_slot(frame.code, slot) })
}

/// One is the other, boxed or unboxed.
fn stands_for(trace: &Trace, r: Ref, tested: Ref) -> bool {
    let inner = |r: Ref| {
        let op = trace.ops.get(r.as_op()?)?;
        use OpCode::*;
        matches!(op.code, BoxInt | BoxFloat | BoxBool | UnboxInt | UnboxFloat).then(|| op.args[0])
    };
    inner(r) == Some(tested) || inner(tested) == Some(r)
}

/// The slot of the base frame that a value was read from.
fn loaded(trace: &Trace, r: Ref) -> Option<u16> {
    let op = trace.ops.get(r.as_op()?)?;
    match op.code {
        OpCode::SlotLoad => u16::try_from(op.imm).ok(),
        OpCode::UnboxInt | OpCode::UnboxFloat => loaded(trace, op.args[0]),
        _ => None,
    }
}

/// The local variable in a slot of this function's frames.
fn name_of_slot(code: &'static vm::object::function::Code, slot: u16) -> Option<&'static str> {
    let local = (code.n_state - 1).checked_sub(slot as usize)?;
    let name = code.debug.as_ref()?.locals.get(local)?;
    (!name.is_empty()).then_some(&**name)
}

fn seen(code: OpCode, value: Value) -> Seen {
    if let Some(n) = value.as_small().filter(|_| code == OpCode::GuardValue) {
        return Seen::Int(n);
    }
    match value.kind() {
        Kind::Instance => Seen::Shape(value.header_aux().unwrap_or(0)),
        Kind::Tuple if code == OpCode::GuardTupleLen => {
            Seen::Tuple(value.cast::<vm::object::sequence::Tuple>().map_or(0, |tuple| tuple.get().len()))
        }
        Kind::Function | Kind::Closure => {
            let callee = vm::object::function::python_callee(value);
            callee.map_or(Seen::Kind(value.kind()), |(function, _)| Seen::Code(function.get().code.id))
        }
        kind => Seen::Kind(kind),
    }
}

/// `NAME KIND KIND` of the variable that is why this guard, an operation of a recorded loop, fails in the second iteration:
/// its kind at the beginning of the first, and at its end.
pub fn unstable(raw: &Trace, guard: u32, ends: &[(u16, Ref)]) -> Option<String> {
    let op = raw.ops.get(guard as usize)?;
    let slot = loaded(raw, raw.operands_of(op).first().copied()?)?;
    let code = raw.merge_points.first().map(|(_, point)| point.code)?;
    let first = match op.code {
        OpCode::GuardInt => Kind::Int.type_name(),
        OpCode::GuardKind => Kind::ALL.get(op.imm as usize)?.type_name(),
        _ => return None,
    };
    let (_, end) = ends.iter().find(|(other, _)| *other == slot)?;
    let last = match raw.ty(*end) {
        Ty::Int => "int",
        Ty::Float => "float",
        Ty::Bool => "bool",
        _ => "other",
    };
    Some(format!("{} {first} {last}", name_of_slot(code, slot)?))
}

/// The same for people.
pub fn words(vm: &Vm, seen: Seen) -> String {
    match seen {
        Seen::Kind(kind) => kind.type_name().to_owned(),
        Seen::Shape(0) => "instance".to_owned(),
        Seen::Shape(shape) => {
            let names: Vec<&str> = vm.shapes.names(shape).iter().map(|name| &*name.get().text).collect();
            format!("{}({})", vm.shapes.get(shape).class.get().name.get().text, names.join(" "))
        }
        Seen::Tuple(len) => format!("tuple of {len}"),
        Seen::Code(id) => {
            let name = vm.codes.get(id as usize).map(|code| code.name.get().text.to_string());
            format!("function {}", name.unwrap_or_default())
        }
        Seen::Int(n) => format!("value {n}"),
        Seen::Overflow => "large int".to_owned(),
    }
}
