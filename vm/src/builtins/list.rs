//! Lists.

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{List, Slice};
use crate::object::value::Value;
use crate::vm::Vm;

use super::TypeDef;
use super::slice::Span;

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
    vm.receiver::<List>(args.pos[0])?.items.push(args.pos[1]);
    vm.heap.note_external(8);
    Ok(Value::NONE)
}

fn clear(vm: &mut Vm, args: Args<'_>) -> R {
    vm.receiver::<List>(args.pos[0])?.items.edit(Vec::clear);
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, args: Args<'_>) -> R {
    let items = vm.receiver::<List>(args.pos[0])?.items.to_vec();
    Ok(vm.list(items))
}

fn count(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    vm.count_items(args.pos[1], |i| list.items.get(i))
}

fn index(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    vm.find_item(args, list.items.len(), |i| list.items.get(i)).map(|i| Value::small(i as i64))
}

impl Vm {
    /// How many items `at(0), at(1), …` equal `item`.
    pub(crate) fn count_items(&mut self, item: Value, at: impl Fn(usize) -> Option<Value>) -> R {
        let (mut n, mut i) = (0, 0);
        while let Some(other) = at(i) {
            n += self.equal(other, item)? as i64;
            i += 1;
        }
        Ok(Value::small(n))
    }

    /// The position of the first item equal to `args[1]`, between `args[2]` and `args[3]`.
    pub(crate) fn find_item(
        &mut self,
        args: Args<'_>,
        len: usize,
        at: impl Fn(usize) -> Option<Value>,
    ) -> R<usize> {
        let start = args.get(2).unwrap_or(Value::NONE);
        let stop = args.get(3).unwrap_or(Value::NONE);
        let slice = self.slice(start, stop, Value::NONE);
        let slice = self.receiver::<Slice>(slice)?;
        let span = self.span(slice, len)?;
        for i in span.indices() {
            match at(i) {
                Some(other) if self.equal(other, args.pos[1])? => return Ok(i),
                _ => {}
            }
        }
        Err(self.value_error("object not in sequence"))
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
        vm.heap.note_external(new.items.len() * 8);
        list.items.edit(|items| items.extend_from_slice(new.items.slice()));
        return Ok(());
    }
    vm.for_each(iterable, |vm, item| {
        list.items.push(item);
        vm.heap.note_external(8);
        Ok(true)
    })
}

fn insert(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    let at = vm.index_value(args.pos[1])?;
    let len = list.items.len() as i64;
    let at = if at < 0 { (at + len).max(0) } else { at.min(len) };
    list.items.edit(|items| items.insert(at as usize, args.pos[2]));
    vm.heap.note_external(8);
    Ok(Value::NONE)
}

fn pop(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    if list.items.is_empty() {
        return Err(vm.index_error("pop from empty list"));
    }
    match args.get(1) {
        Some(at) => {
            let at = vm.sequence_index(list.into(), at, list.items.len())?;
            Ok(list.items.edit(|items| items.remove(at)))
        }
        None => Ok(list.items.pop().unwrap_or(Value::NONE)),
    }
}

fn remove(vm: &mut Vm, args: Args<'_>) -> R {
    let list = vm.receiver::<List>(args.pos[0])?;
    let at = vm.find_item(args, list.items.len(), |i| list.items.get(i))?;
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
    let span = vm.span(slice, list.items.len())?;
    let items = span.select(list.items.slice());
    Ok(vm.list(items))
}

/// `list[slice] = value`, or `del list[slice]` for NULL.
pub fn set_slice(vm: &mut Vm, list: Gc<List>, slice: Gc<Slice>, value: Value) -> R<()> {
    if value.is_null() {
        let span = vm.span(slice, list.items.len())?;
        delete_span(list, span);
        return Ok(());
    }
    // Another list is taken as it is, unless finding out the bounds may run code that changes it.
    let new = match value.cast::<List>().filter(|other| *other != list && slice.is_plain()) {
        Some(other) => other,
        None => vm.collect_list(value)?,
    };
    let span = vm.span(slice, list.items.len())?;
    match span.contiguous() {
        Some(range) if range.len() == new.items.len() => {
            list.items.edit(|items| items[range].copy_from_slice(new.items.slice()));
        }
        Some(range) => {
            vm.heap.note_external(new.items.len() * 8);
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
        const MOST: usize = 1 << 32;
        let times = self.index_value(times)?.max(0) as usize;
        if items.len().checked_mul(times).is_none_or(|n| n > MOST) {
            return Err(self.memory_error("memory allocation failed"));
        }
        Ok(items.repeat(times))
    }
}
