//! What guards have shown about words: small int, kind, not NULL, length, code, shape.
//!
//! All but the shape are facts about a value and hold for ever. The shape is memory: adding an attribute changes it,
//! so [`super::forward`] takes shapes back when something may have written them.

use rustc_hash::FxHashMap;
use vm::object::kind::Kind;
use vm::object::value::Value;

use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Const, Op, Ref};

use super::effects::runs_anything;
use super::emit::{Emitter, Step};

/// Facts about one word.
#[derive(Clone, Copy, Default, Debug)]
pub struct Fact {
    pub kind: Option<Kind>,
    pub not_null: bool,
    /// Length of a tuple; sort of an iterator. Both stand in the header.
    pub tuple_len: Option<u64>,
    pub code: Option<u64>,
    pub shape: Option<Shape>,
}

/// A shape, and whether the loop's entry found it (not the body).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shape {
    pub id: u64,
    pub from_entry: bool,
}

/// Facts by reference.
#[derive(Default)]
pub struct Facts {
    known: FxHashMap<Ref, Fact>,
}

impl Facts {
    pub fn of(&self, r: Ref) -> Fact {
        self.known.get(&r).copied().unwrap_or_default()
    }

    pub fn change(&mut self, r: Ref, change: impl FnOnce(&mut Fact)) {
        change(self.known.entry(r).or_default());
    }

    /// Forgets the shapes of objects for which `keep` does not hold.
    pub fn forget_shapes(&mut self, mut keep: impl FnMut(Ref) -> bool) {
        for (r, fact) in &mut self.known {
            fact.shape = fact.shape.filter(|_| keep(*r));
        }
    }

    /// The loop's body begins: the shapes that are left come from the entry.
    pub fn mark_entry(&mut self) {
        let shapes = self.known.values_mut().filter_map(|fact| fact.shape.as_mut());
        shapes.for_each(|shape| shape.from_entry = true);
    }
}

impl Emitter<'_> {
    /// The kind of a word, if it is known.
    pub fn kind(&self, r: Ref) -> Option<Kind> {
        if let Some(Const::Ref(bits)) = self.out.const_of(r) {
            return Some(Value::from_bits(bits).kind());
        }
        self.facts.of(r).kind.or_else(|| self.def(r).and_then(made_kind))
    }
}

/// The kind of what an operation makes.
fn made_kind(op: &Op) -> Option<Kind> {
    match op.code {
        OpCode::BoxInt => Some(Kind::Int),
        OpCode::BoxFloat => Some(Kind::Float),
        OpCode::BoxBool => Some(Kind::Bool),
        OpCode::NewTuple => Some(Kind::Tuple),
        OpCode::NewList => Some(Kind::List),
        OpCode::NewInstance | OpCode::NewInstanceWith => Some(Kind::Instance),
        OpCode::NewCell => Some(Kind::Cell),
        OpCode::NewBoundMethod => Some(Kind::BoundMethod),
        OpCode::NewRange => Some(Kind::Range),
        OpCode::NewFunction => Some(Kind::Function),
        OpCode::NewClosure => Some(Kind::Closure),
        OpCode::CharOf => Some(Kind::Str),
        _ => None,
    }
}

/// The code of a function made in the trace.
fn made_code(emitter: &Emitter, r: Ref) -> Option<u64> {
    emitter.def(r).filter(|op| op.code == OpCode::NewFunction).map(|op| op.imm)
}

fn verdict(holds: bool) -> Step {
    if holds { Step::Gone } else { Step::Fails }
}

/// Drops guards whose outcome is known.
pub fn before(emitter: &mut Emitter, op: Op) -> Step {
    let r = op.args[0];
    let fact = || emitter.facts.of(r);
    match op.code {
        OpCode::GuardInt => emitter.kind(r).map_or(Step::Next(op), |k| verdict(k == Kind::Int)),
        OpCode::GuardKind => emitter.kind(r).map_or(Step::Next(op), |k| verdict(k as u64 == op.imm)),
        OpCode::GuardNotNull | OpCode::GuardNoException => match (emitter.out.const_of(r), emitter.kind(r)) {
            (Some(constant), _) => verdict(constant != Const::Ref(Value::NULL.bits())),
            (None, Some(_)) => Step::Gone,
            (None, None) if fact().not_null => Step::Gone,
            (None, None) => Step::Next(op),
        },
        OpCode::GuardTupleLen | OpCode::GuardIter => {
            fact().tuple_len.map_or(Step::Next(op), |n| verdict(n == op.imm))
        }
        OpCode::GuardCode => {
            made_code(emitter, r).or(fact().code).map_or(Step::Next(op), |code| verdict(code == op.imm))
        }
        OpCode::GuardShape => shape(emitter, op),
        _ => Step::Next(op),
    }
}

fn shape(emitter: &mut Emitter, op: Op) -> Step {
    match emitter.facts.of(op.args[0]).shape {
        Some(shape) if shape.id == op.imm => {
            if shape.from_entry {
                emitter.hoisted.insert(crate::ir::field::Alias::Shape);
            }
            Step::Gone
        }
        Some(_) => Step::Fails,
        None => Step::Next(op),
    }
}

/// Learns from a guard that is passed, or from an object that is made; forgets shapes that may have changed.
pub fn after(emitter: &mut Emitter, op: &Op, result: Ref) {
    match op.code {
        OpCode::InstanceAdd => grow(emitter, op),
        _ if runs_anything(op) => retain_shapes(emitter, |e, r| e.is_private(r)),
        _ => learn(emitter, op, result),
    }
}

fn retain_shapes(emitter: &mut Emitter, keep: impl Fn(&Emitter, Ref) -> bool) {
    let mut facts = std::mem::take(&mut emitter.facts);
    facts.forget_shapes(|r| keep(emitter, r));
    emitter.facts = facts;
}

/// An attribute is added to an object.
fn grow(emitter: &mut Emitter, op: &Op) {
    let object = op.args[0];
    retain_shapes(emitter, |e, r| !e.may_alias(r, object));
    emitter.facts.change(object, |f| f.shape = Some(Shape { id: op.imm >> 32, from_entry: false }));
}

fn learn(emitter: &mut Emitter, op: &Op, result: Ref) {
    let r = op.args[0];
    let facts = &mut emitter.facts;
    match op.code {
        OpCode::GuardInt => facts.change(r, |f| f.kind = Some(Kind::Int)),
        OpCode::GuardKind => facts.change(r, |f| f.kind = Kind::ALL.get(op.imm as usize).copied()),
        OpCode::GuardNotNull | OpCode::GuardNoException => facts.change(r, |f| f.not_null = true),
        OpCode::GuardTupleLen | OpCode::GuardIter => facts.change(r, |f| f.tuple_len = Some(op.imm)),
        OpCode::GuardCode => facts.change(r, |f| f.code = Some(op.imm)),
        OpCode::GuardShape => facts.change(r, |f| f.shape = Some(Shape { id: op.imm, from_entry: false })),
        OpCode::GuardValue => emitter.equate(r, op.args[1]),
        OpCode::GuardTrue | OpCode::GuardFalse => {
            let outcome = emitter.out.boolean(op.code == OpCode::GuardTrue);
            emitter.equate(r, outcome);
        }
        OpCode::NewTuple => {
            let len = u64::from(op.args[1].0);
            facts.change(result, |f| f.tuple_len = Some(len));
        }
        _ => {}
    }
    if op.ty == Ty::Ref && op.code.flags().alloc {
        emitter.facts.change(result, |f| f.not_null = true);
    }
}
