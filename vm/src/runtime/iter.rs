//! The iteration protocol for every value.

use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::Generator;
use crate::object::heap::Gc;
use crate::object::iter::{DictView, Iter, IterKind};
use crate::object::kind::Kind;
use crate::object::sequence::{List, Range, Tuple};
use crate::object::text::{Bytes, Str};
use crate::object::value::{SMALL_MAX, SMALL_MIN, Value};
use crate::runtime::generator::Resumed;
use crate::vm::Vm;

/// Where an iterator stands that has ended: it stays there, whatever its container gets.
const EXHAUSTED: i64 = i64::MAX;

impl Vm {
    /// `iter(value)`.
    pub fn iter(&mut self, value: Value) -> R {
        let (what, n, end) = match value.kind() {
            Kind::List => (IterKind::List, 0, 0),
            Kind::Tuple => (IterKind::Tuple, 0, 0),
            Kind::Str => (IterKind::Str, 0, 0),
            Kind::Bytes | Kind::Bytearray => (IterKind::Bytes, 0, 0),
            Kind::WideRange => (IterKind::WideRange, 0, 0),
            Kind::Array | Kind::Memoryview => (IterKind::Packed, 0, 0),
            Kind::Dict | Kind::OrderedDict | Kind::Set | Kind::Frozenset => {
                (IterKind::Keys, 0, value.cast::<Dict>().map_or(0, |d| d.len() as i64))
            }
            Kind::Iter | Kind::Generator => return Ok(value),
            Kind::Range | Kind::DictView => return Ok(self.iter_special(value)),
            _ => return self.iter_object(value),
        };
        Ok(self.iterator(what, value, Value::NULL, n, end))
    }

    fn iter_special(&mut self, value: Value) -> Value {
        if let Some(range) = value.cast::<Range>() {
            // Machine code steps ranges of small ints; others give their items one by one.
            let fits = |n: i64| (SMALL_MIN..=SMALL_MAX).contains(&n);
            if !(fits(range.start) && fits(range.stop) && fits(range.step)) {
                return self.iterator(IterKind::GetItem, value, Value::NULL, 0, 0);
            }
            return self.iterator(
                IterKind::Range,
                Value::NULL,
                Value::small(range.step),
                range.start,
                range.stop,
            );
        }
        match value.cast::<DictView>() {
            Some(view) => {
                let len = view.dict.cast::<Dict>().map_or(0, |d| d.len() as i64);
                self.iterator(view.what, view.dict, Value::NULL, 0, len)
            }
            None => value,
        }
    }

    fn iter_object(&mut self, value: Value) -> R {
        if let Some(method) = self.special(value, self.names.iter) {
            let iterator = self.call_special(method, &[value])?;
            return self.check_iterator(iterator);
        }
        if self.special(value, self.names.getitem).is_some() {
            return Ok(self.iterator(IterKind::GetItem, value, Value::NULL, 0, 0));
        }
        if let Some(inner) = self.wrapped(value) {
            return self.iter(inner);
        }
        let name = self.type_name(value);
        Err(self.type_error(format!("'{name}' object is not iterable")))
    }

    fn check_iterator(&mut self, iterator: Value) -> R {
        let is_iterator = matches!(iterator.kind(), Kind::Iter | Kind::Generator)
            || self.special(iterator, self.names.next).is_some();
        if is_iterator {
            return Ok(iterator);
        }
        let name = self.type_name(iterator);
        Err(self.type_error(format!("iter() returned non-iterator of type '{name}'")))
    }

    /// The next item of an iterator, or [`Value::STOP`].
    pub fn next(&mut self, iterator: Value) -> R {
        // So every native that goes through an iterable can be interrupted.
        self.poll()?;
        match iterator.kind() {
            Kind::Iter => match iterator.cast::<Iter>() {
                Some(iter) => self.next_builtin(iter),
                None => Ok(Value::STOP),
            },
            Kind::Generator => match iterator.cast::<Generator>() {
                Some(generator) => match self.resume(generator, Value::NONE, Value::NULL)? {
                    Resumed::Yielded(value) => Ok(value),
                    Resumed::Returned(_) => Ok(Value::STOP),
                },
                None => Ok(Value::STOP),
            },
            _ => self.next_object(iterator),
        }
    }

    /// `next(iterator)`: the end raises StopIteration, with the value the iterator gave it.
    pub fn next_or_stop(&mut self, iterator: Value) -> R {
        if matches!(iterator.kind(), Kind::Iter | Kind::Generator) {
            if let Some(generator) = iterator.cast::<Generator>() {
                return match self.resume(generator, Value::NONE, Value::NULL)? {
                    Resumed::Yielded(value) => Ok(value),
                    Resumed::Returned(value) => Err(self.stop_iteration(value)),
                };
            }
            return self.next_of_builtin(iterator);
        }
        match self.special(iterator, self.names.next) {
            Some(method) => self.call_special(method, &[iterator]),
            None => {
                let item = self.next(iterator)?;
                if item == Value::STOP { Err(self.stop_iteration(Value::NONE)) } else { Ok(item) }
            }
        }
    }

    fn next_object(&mut self, iterator: Value) -> R {
        let Some(method) = self.special(iterator, self.names.next) else {
            let name = self.type_name(iterator);
            return Err(self.type_error(format!("'{name}' object is not an iterator")));
        };
        match self.call_special(method, &[iterator]) {
            Err(raise) if self.matches(raise, self.exceptions.StopIteration) => {
                if self.tracing.is_on() {
                    self.tracing.note_stop(raise);
                }
                self.stop_value = raise.0.args.get().items().first().copied().unwrap_or(Value::NONE);
                Ok(Value::STOP)
            }
            result => result,
        }
    }

    /// The next item of a built-in iterator. If it ends because one under it did, it passes on what that one said.
    pub(crate) fn next_of_builtin(&mut self, iterator: Value) -> R {
        self.stop_value = Value::NONE;
        let item = self.next(iterator)?;
        if item != Value::STOP {
            return Ok(item);
        }
        use IterKind::{Enumerate, Filter, Map, Zip};
        let passes =
            iterator.cast::<Iter>().is_some_and(|i| matches!(i.what, Enumerate | Filter | Map | Zip));
        Err(self.stop_iteration(if passes { self.stop_value } else { Value::NONE }))
    }

    fn next_builtin(&mut self, iter: Gc<Iter>) -> R {
        let n = iter.n.get();
        let item = match iter.what {
            IterKind::List => iter.a.cast::<List>().and_then(|l| l.items.get(n as usize)),
            IterKind::Tuple => iter.a.cast::<Tuple>().and_then(|t| t.items().get(n as usize).copied()),
            IterKind::Range => return Ok(next_in_range(iter)),
            IterKind::Str => return Ok(self.next_char(iter)),
            IterKind::Bytes => {
                let byte = iter.a.cast::<Bytes>().and_then(|b| b.data.get(n as usize));
                byte.map(|b| Value::small(b as i64))
            }
            IterKind::WideRange => iter.a.cast().and_then(|r| crate::builtins::wide_nth(self, r, n)),
            IterKind::Packed => crate::builtins::packed_item(self, iter.a, n as usize)?,
            IterKind::Keys | IterKind::Values | IterKind::Items => return self.next_entry(iter),
            IterKind::Deque => return crate::builtins::deque_item(self, iter),
            _ => return self.next_composed(iter),
        };
        // An exhausted iterator stays exhausted, even if its list grows.
        iter.n.set(if item.is_some() { n + 1 } else { EXHAUSTED });
        Ok(item.unwrap_or(Value::STOP))
    }

    fn next_char(&mut self, iter: Gc<Iter>) -> Value {
        let Some(text) = iter.a.cast::<Str>() else { return Value::STOP };
        let at = iter.n.get() as usize;
        match text.text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(c) => {
                iter.n.set((at + c.len_utf8()) as i64);
                self.char(c)
            }
            None => Value::STOP,
        }
    }

    /// A string of one character.
    pub fn char(&mut self, c: char) -> Value {
        match self.chars.get(c as usize) {
            Some(known) => *known,
            None => self.str(c.encode_utf8(&mut [0; 4]).to_owned()),
        }
    }

    fn next_entry(&mut self, iter: Gc<Iter>) -> R {
        let Some(dict) = iter.a.cast::<Dict>() else { return Ok(Value::STOP) };
        if iter.n.get() == EXHAUSTED {
            return Ok(Value::STOP);
        }
        if dict.len() as i64 != iter.end {
            return Err(self.runtime_error("dictionary changed size during iteration"));
        }
        let Some((n, key, value)) = dict.next_entry(iter.n.get() as usize) else {
            iter.n.set(EXHAUSTED);
            return Ok(Value::STOP);
        };
        iter.n.set(n as i64 + 1);
        Ok(match iter.what {
            IterKind::Values => value,
            IterKind::Items => self.tuple(&[key, value]),
            _ => key,
        })
    }

    fn next_composed(&mut self, iter: Gc<Iter>) -> R {
        self.check_native_stack()?;
        match iter.what {
            IterKind::Enumerate => {
                let item = self.next(iter.a)?;
                let n = iter.n.replace(iter.n.get() + 1);
                if item == Value::STOP { Ok(item) } else { Ok(self.tuple(&[Value::small(n), item])) }
            }
            IterKind::Zip => self.next_zip(iter),
            IterKind::Map => self.next_map(iter),
            IterKind::Filter => self.next_filter(iter),
            IterKind::Reversed => {
                let n = iter.n.get() - 1;
                // A sequence that has become too short ends it for good.
                let gone = self.builtin_len(iter.a).is_some_and(|len| n >= len as i64);
                iter.n.set(if gone { 0 } else { n.max(0) });
                if n < 0 || gone { Ok(Value::STOP) } else { self.item_or_stop(iter, n, 0) }
            }
            IterKind::GetItem => {
                let n = iter.n.get();
                iter.n.set(n.saturating_add(1));
                if n == EXHAUSTED { Ok(Value::STOP) } else { self.item_or_stop(iter, n, EXHAUSTED) }
            }
            _ => self.next_call(iter),
        }
    }

    /// One item of each iterator in a tuple; `None` when one has ended. The items are kept in `roots`.
    fn next_of_each(&mut self, iterators: Value) -> R<Option<Vec<Value>>> {
        let Some(tuple) = iterators.cast::<Tuple>() else { return Ok(None) };
        let kept = self.roots.len();
        for iterator in tuple.items() {
            let item = self.next(*iterator);
            match item {
                Ok(item) if item != Value::STOP => self.roots.push(item),
                other => {
                    self.roots.truncate(kept);
                    return other.map(|_| None);
                }
            }
        }
        Ok(Some(self.roots.split_off(kept)))
    }

    fn next_zip(&mut self, iter: Gc<Iter>) -> R {
        match self.next_of_each(iter.a)? {
            Some(items) if !items.is_empty() => Ok(self.tuple(&items)),
            _ => Ok(Value::STOP),
        }
    }

    fn next_map(&mut self, iter: Gc<Iter>) -> R {
        match self.next_of_each(iter.b)? {
            Some(items) => {
                let kept = self.roots.len();
                self.roots.extend_from_slice(&items);
                let result = self.call(iter.a, &items);
                self.roots.truncate(kept);
                result
            }
            None => Ok(Value::STOP),
        }
    }

    fn next_filter(&mut self, iter: Gc<Iter>) -> R {
        loop {
            let item = self.next(iter.b)?;
            if item == Value::STOP {
                return Ok(item);
            }
            let keep = if iter.a.is_none() { item } else { self.call(iter.a, &[item])? };
            if self.truth(keep)? {
                return Ok(item);
            }
        }
    }

    /// Item `n` of the sequence; where it has none the iterator stays at `end`.
    fn item_or_stop(&mut self, iter: Gc<Iter>, n: i64, end: i64) -> R {
        match self.get_item(iter.a, Value::small(n)) {
            Err(raise)
                if self.matches(raise, self.exceptions.IndexError)
                    || self.matches(raise, self.exceptions.StopIteration) =>
            {
                iter.n.set(end);
                Ok(Value::STOP)
            }
            result => result,
        }
    }

    fn next_call(&mut self, iter: Gc<Iter>) -> R {
        if iter.n.get() == EXHAUSTED {
            return Ok(Value::STOP);
        }
        let value = self.call(iter.a, &[])?;
        if self.equal(value, iter.b)? {
            iter.n.set(EXHAUSTED);
            return Ok(Value::STOP);
        }
        Ok(value)
    }

    /// All items of an iterable, in a list object (so that they survive calls into Python).
    pub fn collect_list(&mut self, iterable: Value) -> R<Gc<List>> {
        if let Some(n) = self.builtin_len(iterable) {
            self.reserve_many(n, 8)?;
        }
        if let Some(list) = iterable.cast::<List>() {
            return Ok(self.new_list(list.items.to_vec()));
        }
        if let Some(tuple) = iterable.cast::<Tuple>() {
            return Ok(self.new_list(tuple.items().to_vec()));
        }
        let kept = self.roots.len();
        let iterator = self.iter(iterable)?;
        let list = self.new_list(Vec::new());
        self.roots.extend([iterator, list.into()]);
        let result = self.ask_length_hint(iterable).and_then(|()| self.extend_list(list, iterator));
        self.roots.truncate(kept);
        result.map(|()| list)
    }

    /// The same for those who make an iterator first and take its items then, which asks it for an iterator again.
    pub(crate) fn collect_sequence(&mut self, value: Value) -> R<Gc<List>> {
        if value.kind() != Kind::Instance {
            return self.collect_list(value);
        }
        let iterator = self.iter(value)?;
        self.roots.push(iterator);
        let result = self.collect_list(iterator);
        self.roots.pop();
        result
    }

    /// `operator.length_hint(iterable)`. Nobody here needs the answer, but a program sees that it is asked.
    pub(crate) fn ask_length_hint(&mut self, iterable: Value) -> R<()> {
        // Iterators that index a sequence pass the question on.
        let inner =
            iterable.cast::<Iter>().filter(|i| matches!(i.what, IterKind::GetItem | IterKind::Reversed));
        let iterable = inner.map_or(iterable, |iter| iter.a);
        if iterable.kind() != Kind::Instance {
            return Ok(());
        }
        match self.len_by_method(iterable) {
            Ok(Some(_)) => return Ok(()),
            Ok(None) if inner.is_some() => return Ok(()),
            Ok(None) => {}
            Err(raise) if self.matches(raise, self.exceptions.TypeError) => {}
            Err(raise) => return Err(raise),
        }
        let name = self.intern("__length_hint__");
        match self.special(iterable, name) {
            Some(method) => self.check_length_hint(method, iterable),
            None => Ok(()),
        }
    }

    fn check_length_hint(&mut self, method: Value, iterable: Value) -> R<()> {
        let hint = match self.call_special(method, &[iterable]) {
            Ok(Value::NOT_IMPLEMENTED) => return Ok(()),
            Err(raise) if self.matches(raise, self.exceptions.TypeError) => return Ok(()),
            hint => hint?,
        };
        let inner = self.wrapped(hint).unwrap_or(hint);
        if !matches!(inner.kind(), Kind::Int | Kind::Bool | Kind::BigInt) {
            return Err(self.type_error("__length_hint__ must be an integer"));
        }
        match self.index_value(inner)? {
            0.. => Ok(()),
            _ => Err(self.value_error("__length_hint__() should return >= 0")),
        }
    }

    /// Appends what the iterator still gives, item by item, as it may look at the list meanwhile.
    pub(crate) fn extend_list(&mut self, list: Gc<List>, iterator: Value) -> R<()> {
        loop {
            let item = self.next(iterator)?;
            if item == Value::STOP {
                return Ok(());
            }
            self.append(list, item)?;
            self.checkpoint()?;
        }
    }
}

fn next_in_range(iter: Gc<Iter>) -> Value {
    let (n, step) = (iter.n.get(), iter.b.small_unchecked());
    if (step > 0 && n >= iter.end) || (step < 0 && n <= iter.end) {
        return Value::STOP;
    }
    iter.n.set(n.saturating_add(step));
    Value::small(n)
}
