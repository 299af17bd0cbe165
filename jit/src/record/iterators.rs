//! Steps of iterator objects: those over lists, tuples and ranges, counted (`enumerate`) and side by side (`zip`).
//!
//! An iterator that lies in a variable, or was made by a generator expression, is an object with a position. All that
//! can fail is guarded before the first position moves, because a guard resumes at the start of the instruction; so no
//! two iterators of one step may be the same object, which is guarded too.

use vm::interp::frame::{Slot, read};
use vm::object::heap::Gc;
use vm::object::iter::{Iter, IterKind};
use vm::object::kind::Kind;
use vm::object::sequence::Tuple;
use vm::object::value::Value;

use super::Recorder;
use crate::ir::field::Field;
use crate::ir::op::OpCode;
use crate::ir::trace::Ref;

/// Iterators that move, and where to.
type Moves = Vec<(Ref, Ref)>;

impl Recorder<'_> {
    pub(super) fn iter_next(&mut self, to: Slot, slot: Slot) {
        let Some(object) = read(slot).cast::<Iter>() else { return };
        let iter = self.get(slot);
        let mut moves = Moves::new();
        let item = self.step(iter, object, &mut moves);
        self.guard_distinct(&moves);
        for (iter, next) in moves {
            self.emit(OpCode::SetFieldInt, &[iter, next], Field::IterNext as u64);
        }
        self.set(to, item);
    }

    /// The next item of one iterator.
    fn step(&mut self, iter: Ref, object: Gc<Iter>, moves: &mut Moves) -> Ref {
        self.guard(OpCode::GuardIterKind, &[iter], object.what as u64);
        match object.what {
            IterKind::List | IterKind::Tuple => self.step_sequence(iter, object.what, moves),
            IterKind::Range => self.step_range(iter, object, moves),
            IterKind::Enumerate => self.step_enumerate(iter, object, moves),
            _ => self.step_zip(iter, object, moves),
        }
    }

    fn iter_field(&mut self, iter: Ref, field: Field) -> Ref {
        let code = if field.ty() == crate::ir::op::Ty::Int { OpCode::GetFieldInt } else { OpCode::GetField };
        self.emit(code, &[iter], field as u64)
    }

    fn step_sequence(&mut self, iter: Ref, what: IterKind, moves: &mut Moves) -> Ref {
        let sequence = self.iter_field(iter, Field::IterInner);
        let n = self.iter_field(iter, Field::IterNext);
        let len = match what {
            IterKind::List => self.iter_field(sequence, Field::ListLen),
            _ => self.emit(OpCode::TupleLen, &[sequence], 0),
        };
        let more = self.emit(OpCode::UintLt, &[n, len], 0);
        self.guard_bool(more, true);
        let item = match what {
            IterKind::List => {
                let items = self.emit(OpCode::GetFieldRaw, &[sequence], Field::ListItems as u64);
                self.emit(OpCode::ListGet, &[items, n], 0)
            }
            _ => self.emit(OpCode::TupleAt, &[sequence, n], 0),
        };
        self.not_null.insert(item);
        let one = self.trace.int(1);
        let next = self.emit(OpCode::IntAdd, &[n, one], 0);
        moves.push((iter, next));
        item
    }

    fn step_range(&mut self, iter: Ref, object: Gc<Iter>, moves: &mut Moves) -> Ref {
        let step = self.iter_field(iter, Field::IterStep);
        let expected = self.trace.value(object.b);
        self.guard(OpCode::GuardValue, &[step, expected], 0);
        let by = object.b.as_small().unwrap_or(1);
        let n = self.iter_field(iter, Field::IterNext);
        let end = self.iter_field(iter, Field::IterEnd);
        let more = self.emit(if by > 0 { OpCode::IntLt } else { OpCode::IntGt }, &[n, end], 0);
        self.guard_bool(more, true);
        let by = self.trace.int(by);
        let next = self.guard(OpCode::IntAddOvf, &[n, by], 0);
        moves.push((iter, next));
        n
    }

    fn step_enumerate(&mut self, iter: Ref, object: Gc<Iter>, moves: &mut Moves) -> Ref {
        let inner = self.iter_field(iter, Field::IterInner);
        let item = self.step_inner(inner, object.a, moves);
        let n = self.iter_field(iter, Field::IterNext);
        let one = self.trace.int(1);
        let next = self.guard(OpCode::IntAddOvf, &[n, one], 0);
        moves.push((iter, next));
        self.tuple_of(&[n, item])
    }

    fn step_zip(&mut self, iter: Ref, object: Gc<Iter>, moves: &mut Moves) -> Ref {
        let inner = self.iter_field(iter, Field::IterInner);
        let iterators = object.a.cast::<Tuple>().map_or(Vec::new(), |t| t.items().to_vec());
        self.guard(OpCode::GuardTupleLen, &[inner], iterators.len() as u64);
        let mut items = Vec::with_capacity(iterators.len());
        for (i, iterator) in iterators.into_iter().enumerate() {
            let inner = self.emit(OpCode::TupleGet, &[inner], i as u64);
            items.push(self.step_inner(inner, iterator, moves));
        }
        self.tuple_of(&items)
    }

    /// A step of an iterator inside another one.
    fn step_inner(&mut self, inner: Ref, value: Value, moves: &mut Moves) -> Ref {
        self.guard(OpCode::GuardKind, &[inner], Kind::Iter as u64);
        match value.cast::<Iter>() {
            Some(object) => self.step(inner, object, moves),
            None => self.trace.value(Value::NONE),
        }
    }

    fn tuple_of(&mut self, items: &[Ref]) -> Ref {
        let words: Vec<Ref> = items.iter().map(|item| self.boxed(*item)).collect();
        let tuple = self.emit_pooled(OpCode::NewTuple, &words, 0);
        self.set_kind(tuple, Kind::Tuple);
        tuple
    }

    fn guard_distinct(&mut self, moves: &Moves) {
        for (i, (a, _)) in moves.iter().enumerate() {
            for (b, _) in &moves[i + 1..] {
                let same = self.emit(OpCode::RefEq, &[*a, *b], 0);
                self.guard_bool(same, false);
            }
        }
    }
}
