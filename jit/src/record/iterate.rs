//! Steps of built-in iterators.
//!
//! An iterator is an object; a step reads where it stands, checks that there is an item, and writes where it stands
//! then. Iterators over iterators (`enumerate`, `zip`) take their steps together: all checks come before the first
//! write, so a check that fails repeats the whole step in the interpreter.

use vm::interp::frame::{Slot, read};
use vm::object::array::Window;
use vm::object::class::Class;
use vm::object::dict::Dict;
use vm::object::heap::Gc;
use vm::object::iter::{Iter, IterKind};
use vm::object::kind::Kind;
use vm::object::sequence::{List, Tuple};
use vm::object::text::Str;
use vm::object::value::Value;

use super::Recorder;
use crate::ir::field::Field;
use crate::ir::op::OpCode;
use crate::ir::trace::Ref;

/// Where iterators stand after the step.
type Moves = Vec<(Ref, Ref)>;

impl Recorder<'_> {
    /// The next item of the iterator in a slot, if it is one of those that have operations, and has an item.
    pub(super) fn next_item(&mut self, slot: Slot) -> Option<Ref> {
        let iter = read(slot).cast::<Iter>().filter(|iter| has_next(*iter, &mut Vec::new()))?;
        self.kind(slot, Kind::Iter);
        let object = self.get(slot);
        let mut moves = Moves::new();
        let item = self.step(object, iter, &mut moves)?;
        self.guard_distinct(&moves);
        for (iter, next) in moves {
            self.emit(OpCode::SetFieldInt, &[iter, next], Field::IterNext as u64);
        }
        self.has_item = true;
        Some(item)
    }

    /// An iterator that takes part twice (`zip(it, it)`) would have to move in between.
    fn guard_distinct(&mut self, moves: &Moves) {
        for (n, (a, _)) in moves.iter().enumerate() {
            for (b, _) in &moves[n + 1..] {
                let same = self.emit(OpCode::RefEq, &[*a, *b], 0);
                self.guard_bool(same, false);
            }
        }
    }

    fn step(&mut self, object: Ref, iter: Gc<Iter>, moves: &mut Moves) -> Option<Ref> {
        self.guard(OpCode::GuardIter, &[object], iter.what as u64);
        let at = self.emit(OpCode::GetFieldInt, &[object], Field::IterNext as u64);
        let a = self.emit(OpCode::GetField, &[object], Field::IterA as u64);
        let item = match iter.what {
            IterKind::Range => return self.range_step(object, at, iter, moves),
            IterKind::Enumerate => self.count_step(a, at, iter, moves)?,
            IterKind::Zip => return self.zip_step(a, iter, moves),
            IterKind::Keys | IterKind::Values | IterKind::Items => self.entry_step(object, a, at, iter),
            _ => self.indexed_step(a, at, iter),
        };
        let one = self.trace.int(1);
        let next = self.emit(OpCode::IntAdd, &[at, one], 0);
        moves.push((object, next));
        Some(item)
    }

    fn guard_kind_of(&mut self, value: Ref, kind: Kind) {
        if self.kinds.get(&value) != Some(&kind) {
            self.guard(OpCode::GuardKind, &[value], kind as u64);
            self.set_kind(value, kind);
        }
    }

    fn guard_below(&mut self, at: Ref, len: Ref) {
        let more = self.emit(OpCode::UintLt, &[at, len], 0);
        self.guard_bool(more, true);
    }

    fn indexed_step(&mut self, a: Ref, at: Ref, iter: Gc<Iter>) -> Ref {
        self.guard_kind_of(a, iter.a.kind());
        match iter.what {
            IterKind::List => {
                let len = self.emit(OpCode::GetFieldInt, &[a], Field::ListLen as u64);
                self.guard_below(at, len);
                let items = self.emit(OpCode::GetFieldRaw, &[a], Field::ListItems as u64);
                self.item(OpCode::ListGet, items, at)
            }
            IterKind::Tuple => {
                let len = self.emit(OpCode::TupleLen, &[a], 0);
                self.guard_below(at, len);
                self.item(OpCode::TupleAt, a, at)
            }
            IterKind::Str => {
                let len = self.ascii_len(a);
                self.guard_below(at, len);
                let data = self.emit(OpCode::StrData, &[a], 0);
                let code = self.emit(OpCode::ByteAt, &[data, at], 0);
                self.char_of(code)
            }
            _ => {
                let len = self.emit(OpCode::GetFieldInt, &[a], Field::BytesLen as u64);
                self.guard_below(at, len);
                let data = self.emit(OpCode::GetFieldRaw, &[a], Field::BytesData as u64);
                self.emit(OpCode::ByteAt, &[data, at], 0)
            }
        }
    }

    fn item(&mut self, code: OpCode, from: Ref, at: Ref) -> Ref {
        let item = self.emit(code, &[from, at], 0);
        self.not_null.insert(item);
        item
    }

    /// The entry at `at` of a dict or set that has not changed its size.
    fn entry_step(&mut self, object: Ref, a: Ref, at: Ref, iter: Gc<Iter>) -> Ref {
        self.guard_kind_of(a, iter.a.kind());
        let len = self.emit(OpCode::GetFieldInt, &[a], Field::DictLen as u64);
        let end = self.emit(OpCode::GetFieldInt, &[object], Field::IterEnd as u64);
        let same = self.emit(OpCode::IntEq, &[len, end], 0);
        self.guard_bool(same, true);
        let entries = self.emit(OpCode::GetFieldInt, &[a], Field::DictEntries as u64);
        self.guard_below(at, entries);
        let key = self.emit(OpCode::DictKey, &[a, at], 0);
        // A hole.
        self.guard(OpCode::GuardNotNull, &[key], 0);
        self.not_null.insert(key);
        match iter.what {
            IterKind::Keys => key,
            IterKind::Values => self.item(OpCode::DictValue, a, at),
            _ => {
                let value = self.item(OpCode::DictValue, a, at);
                self.pair(key, value)
            }
        }
    }

    fn pair(&mut self, a: Ref, b: Ref) -> Ref {
        self.new_items(&[a, b])
    }

    fn new_items(&mut self, items: &[Ref]) -> Ref {
        let tuple = self.emit_pooled(OpCode::NewTuple, items, 0);
        self.set_kind(tuple, Kind::Tuple);
        tuple
    }

    fn range_step(&mut self, object: Ref, at: Ref, iter: Gc<Iter>, moves: &mut Moves) -> Option<Ref> {
        let step = iter.b.as_small()?;
        let found = self.emit(OpCode::GetField, &[object], Field::IterB as u64);
        let expected = self.trace.value(iter.b);
        self.guard(OpCode::GuardValue, &[found, expected], 0);
        let end = self.emit(OpCode::GetFieldInt, &[object], Field::IterEnd as u64);
        let code = if step > 0 { OpCode::IntLt } else { OpCode::IntGt };
        let more = self.emit(code, &[at, end], 0);
        self.guard_bool(more, true);
        let step = self.trace.int(step);
        let next = self.guard(OpCode::IntAddOvf, &[at, step], 0);
        moves.push((object, next));
        Some(at)
    }

    /// A step of an inner iterator.
    fn inner_step(&mut self, object: Ref, iter: Value, moves: &mut Moves) -> Option<Ref> {
        self.guard_kind_of(object, Kind::Iter);
        let item = self.step(object, iter.cast::<Iter>()?, moves)?;
        Some(self.boxed(item))
    }

    fn count_step(&mut self, a: Ref, at: Ref, iter: Gc<Iter>, moves: &mut Moves) -> Option<Ref> {
        let item = self.inner_step(a, iter.a, moves)?;
        let number = self.boxed(at);
        Some(self.pair(number, item))
    }

    fn zip_step(&mut self, a: Ref, iter: Gc<Iter>, moves: &mut Moves) -> Option<Ref> {
        let inner = iter.a.cast::<Tuple>()?;
        self.guard_kind_of(a, Kind::Tuple);
        self.guard(OpCode::GuardTupleLen, &[a], inner.len() as u64);
        let mut items = Vec::with_capacity(inner.len());
        for (n, iter) in inner.items().iter().enumerate() {
            let object = self.emit(OpCode::TupleGet, &[a], n as u64);
            items.push(self.inner_step(object, *iter, moves)?);
        }
        Some(self.new_items(&items))
    }

    /// `range(…)` of ints; the class is in the slot.
    pub(super) fn new_range(&mut self, first: Slot, n: usize) -> Option<Ref> {
        read(first).cast::<Class>().filter(|class| class.native == Some(Kind::Range))?;
        let given: Vec<Slot> = (1..n).map(|i| first.wrapping_add(i)).collect();
        if given.iter().any(|slot| !read(*slot).is_small()) {
            return None;
        }
        // No step is 0, and the loop over the range will ask for its direction anyway.
        let step = given.get(2).map_or(Some(1), |step| read(*step).as_small()).filter(|step| *step != 0)?;
        let parts: Vec<Ref> = given.into_iter().map(|slot| self.as_int(slot)).collect();
        let (zero, one) = (self.trace.int(0), self.trace.int(1));
        let parts = match parts[..] {
            [stop] => [zero, stop, one],
            [start, stop] => [start, stop, one],
            [start, stop, by] => {
                let direction = if step > 0 { OpCode::IntGt } else { OpCode::IntLt };
                let kept = self.emit(direction, &[by, zero], 0);
                self.guard_bool(kept, true);
                [start, stop, by]
            }
            _ => return None,
        };
        let range = self.emit(OpCode::NewRange, &parts, 0);
        self.set_kind(range, Kind::Range);
        Some(range)
    }
}

/// It is of a form that [`Recorder::step`] knows, has another item, and is not among those met before.
fn has_next(iter: Gc<Iter>, met: &mut Vec<Gc<Iter>>) -> bool {
    if met.contains(&iter) {
        return false;
    }
    met.push(iter);
    let mut inner = |value: Value| value.cast::<Iter>().is_some_and(|iter| has_next(iter, met));
    let n = iter.n.get();
    let at = usize::try_from(n).unwrap_or(usize::MAX);
    match iter.what {
        IterKind::List => iter.a.cast::<List>().is_some_and(|list| at < list.items.len()),
        IterKind::Tuple => iter.a.cast::<Tuple>().is_some_and(|tuple| at < tuple.len()),
        IterKind::Str => iter.a.cast::<Str>().is_some_and(|text| text.is_ascii() && at < text.text.len()),
        IterKind::Bytes => Window::of(iter.a).is_some_and(|bytes| at < bytes.len),
        IterKind::Keys | IterKind::Values | IterKind::Items => iter
            .a
            .cast::<Dict>()
            .is_some_and(|dict| dict.len() as i64 == iter.end && dict.entry(at).is_some()),
        IterKind::Range => match iter.b.as_small() {
            Some(step) => (step > 0 && n < iter.end) || (step < 0 && n > iter.end),
            None => false,
        },
        IterKind::Enumerate => inner(iter.a),
        IterKind::Zip => {
            iter.a.cast::<Tuple>().is_some_and(|t| !t.is_empty() && t.items().iter().all(|i| inner(*i)))
        }
        _ => false,
    }
}
