//! Lists.

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{List, Slice};
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::TypeDef;
use crate::builtins::types::slice::Span;

pub const TYPES: &[TypeDef] = &[TypeDef {
    kind: Kind::List,
    constructor: Some(new),
    methods: &[
        NativeDef::any("__init__", init, 1, 2),
        NativeDef::any("append", append, 2, 2),
        NativeDef::any("clear", clear, 1, 1),
        NativeDef::reads("copy", copy, 1, 1),
        NativeDef::any("count", count, 2, 2),
        NativeDef::any("extend", extend, 2, 2),
        NativeDef::any("index", index, 2, 4),
        NativeDef::any("insert", insert, 3, 3),
        NativeDef::any("pop", pop, 1, 2),
        NativeDef::any("remove", remove, 2, 2),
        NativeDef::any("reverse", reverse, 1, 1),
        NativeDef::any("sort", sort, 1, 1).keywords(),
    ],
}];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("list", args, 0, 1)?;
    match args.get(0) {
        Some(iterable) => vm.collect_list(iterable).map(Value::from),
        None => Ok(vm.list(Vec::new())),
    }
}

fn init(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    let items = match args.get(1) {
        Some(iterable) => vm.collect_list(iterable)?.items.to_vec(),
        None => Vec::new(),
    };
    list.items.edit(|old| *old = items);
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    vm.append(list, args.pos[1]).map(|()| Value::NONE)
}

fn clear(vm: &mut Vm, args: Args<'_>) -> R {
    vm.receiver::<List>(args.pos[0])?.items.edit(Vec::clear);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    vm.reserve_many(list.items.len(), 8)?;
    Ok(vm.list(list.items.to_vec()))
}

fn count(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    vm.count_items(args.pos[1], |i| list.items.get(i))
}

fn index(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    vm.find_item(args, None, || list.items.len(), |i| list.items.get(i)).map(|i| Value::small(i as i64))
}

impl Vm {
    /// Adds an item at the end of a list.
    #[inline]
    pub fn append(&mut self, list: Gc<List>, item: Value) -> R<()> {
        self.reserve_in(&list.items, 1)?;
        list.items.push(item);
        Ok(())
    }

    /// How many items `at(0), at(1), …` equal `item`.
    pub(crate) fn count_items(&mut self, item: Value, at: impl Fn(usize) -> Option<Value>) -> R {
        let (mut n, mut i) = (0, 0);
        while let Some(other) = at(i) {
            n += self.equal(other, item)? as i64;
            i += 1;
        }
        Ok(Value::small(n))
    }

    /// The position of the first item equal to `args[1]`, between `args[2]` and `args[3]`. Comparing may run code that
    /// changes the sequence. `missing` is what is said if there is none, where that is not a list's words.
    pub(crate) fn find_item(
        &mut self,
        args: Args<'_>,
        missing: Option<&str>,
        len: impl Fn() -> usize,
        at: impl Fn(usize) -> Option<Value>,
    ) -> R<usize> {
        let mut bounds = [0, i64::MAX];
        for (bound, value) in bounds.iter_mut().zip(args.pos.iter().skip(2)).filter(|(_, v)| !v.is_none()) {
            *bound = self.slice_index(*value)?;
        }
        let len = len() as i64;
        let [start, stop] = bounds.map(|n| if n < 0 { (n + len).max(0) } else { n });
        for i in start..stop {
            match at(i as usize) {
                Some(other) if self.equal(other, args.pos[1])? => return Ok(i as usize),
                Some(_) => {}
                None => break,
            }
        }
        match missing {
            Some(message) => Err(self.value_error(message)),
            None => {
                let item = self.repr(args.pos[1])?;
                Err(self.value_error(item + " is not in list"))
            }
        }
    }
}

fn extend(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    extend_with(vm, list, args.pos[1])?;
    Ok(Value::NONE)
}

/// Appends each item as it comes, as an iterator may look at the list meanwhile.
fn extend_with(vm: &mut Vm, list: Gc<List>, iterable: Value) -> R<()> {
    if matches!(iterable.kind(), Kind::List | Kind::Tuple) {
        let new = vm.collect_list(iterable)?;
        vm.reserve_in(&list.items, new.items.len())?;
        list.items.edit(|items| items.extend_from_slice(new.items.slice()));
        return Ok(());
    }
    let iterator = vm.iter(iterable)?;
    vm.roots.push(iterator);
    let result = vm.ask_length_hint(iterable).and_then(|()| vm.extend_list(list, iterator));
    vm.roots.pop();
    result
}

fn insert(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    let at = vm.index_value(args.pos[1])?;
    let len = list.items.len() as i64;
    let at = if at < 0 { (at + len).max(0) } else { at.min(len) };
    vm.reserve_in(&list.items, 1)?;
    list.items.edit(|items| items.insert(at as usize, args.pos[2]));
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    let at = match args.get(1) {
        Some(at) => Some(vm.index_value(at)?),
        None => None,
    };
    match (list.items.len(), at) {
        (0, _) => Err(vm.index_error("pop from empty list")),
        (len, Some(at)) => {
            let at = vm.index_within(list.into(), at, len)?;
            Ok(list.items.edit(|items| items.remove(at)))
        }
        (_, None) => Ok(list.items.pop().unwrap_or(Value::NONE)),
    }
}

fn remove(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    let at = vm.find_item(
        Args::positional(&args.pos[..2]),
        Some("list.remove(x): x not in list"),
        || list.items.len(),
        |i| list.items.get(i),
    )?;
    if at < list.items.len() {
        list.items.edit(|items| items.remove(at));
    }
    Ok(Value::NONE)
}

fn reverse(vm: &mut Vm, args: Args<'_>) -> R {
    vm.receiver::<List>(args.pos[0])?.items.edit(|items| items.reverse());
    Ok(Value::NONE)
}

fn sort(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    vm.sort_list(list, args)?;
    Ok(Value::NONE)
}

/// `list[slice]`.
pub fn get_slice(vm: &mut Vm, list: Gc<List>, slice: Gc<Slice>) -> R {
    let parts = vm.slice_parts(slice)?;
    let span = parts.fit(list.items.len());
    vm.reserve_many(span.len(), 8)?;
    let items = span.select(list.items.slice());
    Ok(vm.list(items))
}

/// `list[slice] = value`, or `del list[slice]` for NULL.
pub fn set_slice(vm: &mut Vm, list: Gc<List>, slice: Gc<Slice>, value: Value) -> R<()> {
    let parts = vm.slice_parts(slice)?;
    if value.is_null() {
        delete_span(list, parts.fit(list.items.len()));
        return Ok(());
    }
    // Another list is taken as it is. The items of anything else may come from code that changes this one.
    let span = parts.fit(list.items.len());
    let new = match value.cast::<List>().filter(|other| *other != list) {
        Some(other) => other,
        None => vm.collect_sequence(value)?,
    };
    let span = if span.step == 1 { span.clamp(list.items.len()) } else { parts.fit(list.items.len()) };
    match span.contiguous() {
        Some(range) if range.len() == new.items.len() => {
            list.items.edit(|items| items[range].copy_from_slice(new.items.slice()));
        }
        Some(range) => {
            vm.reserve_in(&list.items, new.items.len())?;
            list.items.edit(|items| drop(items.splice(range, new.items.slice().iter().copied())));
        }
        None if span.len() == new.items.len() => {
            span.indices().zip(new.items.iter()).for_each(|(i, item)| list.items.set(i, item));
        }
        None => return Err(vm.value_error("slice assignment of a different length")),
    }
    Ok(())
}

fn delete_span(list: Gc<List>, span: Span) {
    if let Some(range) = span.contiguous() {
        list.items.edit(|items| drop(items.drain(range)));
        return;
    }
    let mut gone = vec![false; list.items.len()];
    span.indices().for_each(|i| gone[i] = true);
    let mut flags = gone.into_iter();
    list.items.edit(|items| items.retain(|_| !flags.next().unwrap_or(false)));
}

/// `+`, `*` and their in-place forms, with a list on the left (or on the right of `*`).
pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    match (op, a.cast::<List>(), b.cast::<List>()) {
        (BinaryOp::Add, Some(x), Some(y)) => {
            vm.reserve_many(x.items.len() + y.items.len(), 8)?;
            let items = [x.items.slice(), y.items.slice()].concat();
            Ok(Some(vm.list(items)))
        }
        (BinaryOp::InplaceAdd, Some(list), _) => {
            extend_with(vm, list, b)?;
            Ok(Some(a))
        }
        (BinaryOp::InplaceMultiply, Some(list), _) if repeatable(b) => {
            let items = vm.repeat(list.items.slice(), b)?;
            list.items.edit(|old| *old = items);
            Ok(Some(a))
        }
        (BinaryOp::Multiply, Some(list), _) if repeatable(b) => {
            let items = vm.repeat(list.items.slice(), b)?;
            Ok(Some(vm.list(items)))
        }
        (BinaryOp::Multiply | BinaryOp::InplaceMultiply, None, Some(list)) if repeatable(a) => {
            let items = vm.repeat(list.items.slice(), a)?;
            Ok(Some(vm.list(items)))
        }
        _ => Ok(None),
    }
}

/// The value can count repetitions of a sequence.
pub fn repeatable(value: Value) -> bool {
    matches!(value.kind(), Kind::Int | Kind::Bool | Kind::BigInt)
}

impl Vm {
    /// `items * times`.
    pub(crate) fn repeat<T: Copy>(&mut self, items: &[T], times: Value) -> R<Vec<T>> {
        let times = self.index_value(times)?.max(0) as usize;
        self.reserve_many(items.len().saturating_mul(times), size_of::<T>())?;
        Ok(items.repeat(times))
    }
}
