//! `collections.deque`.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::builtins::types::deque_operators as operators;
use crate::error::R;
use crate::object::class::Class;
use crate::object::foreign::ForeignObject;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::{Gc, Marker};
use crate::object::iter::{Iter, IterKind};
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::vm::Vm;

/// The items, and the bound on their number. `strict` is MicroPython's flag: a full deque refuses new items.
pub(in crate::builtins) struct Deque {
    pub(in crate::builtins) items: RefCell<VecDeque<Value>>,
    pub(in crate::builtins) max: Option<usize>,
    strict: bool,
    /// Grows with every change of its length, and when it is rotated; iterators do not go on then.
    pub(in crate::builtins) version: Cell<i64>,
}

impl Deque {
    pub(in crate::builtins) fn item(&self, i: usize) -> Option<Value> {
        self.items.borrow().get(i).copied()
    }

    pub(in crate::builtins) fn len(&self) -> usize {
        self.items.borrow().len()
    }

    fn change(&self) -> std::cell::RefMut<'_, VecDeque<Value>> {
        self.version.set(self.version.get() + 1);
        self.items.borrow_mut()
    }
}

impl ForeignObject for Deque {
    fn trace(&self, marker: &mut Marker) {
        marker.values(self.items.borrow().iter().copied());
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const NEW: NativeDef = NativeDef::any("__new__", new, 1, 4).keywords();
const METHODS: &[NativeDef] = &[
    NativeDef::any("append", |vm, args| push(vm, args, false), 2, 2),
    NativeDef::any("appendleft", |vm, args| push(vm, args, true), 2, 2),
    NativeDef::any("pop", |vm, args| pop(vm, args, false), 1, 1),
    NativeDef::any("popleft", |vm, args| pop(vm, args, true), 1, 1),
    NativeDef::any("extend", |vm, args| extend(vm, args, false), 2, 2),
    NativeDef::any("extendleft", |vm, args| extend(vm, args, true), 2, 2),
    NativeDef::any("clear", clear, 1, 1),
    NativeDef::any("copy", copy, 1, 1),
    NativeDef::any("__copy__", copy, 1, 1),
    NativeDef::any("rotate", rotate, 1, 2),
    NativeDef::any("reverse", reverse, 1, 1),
    NativeDef::any("count", count, 2, 2),
    NativeDef::any("index", index, 2, 4),
    NativeDef::any("remove", remove, 2, 2),
    NativeDef::any("insert", insert, 3, 3),
    NativeDef::reads("__len__", len, 1, 1),
    NativeDef::any("__iter__", iter, 1, 1),
    NativeDef::any("__reversed__", reversed, 1, 1),
    NativeDef::any("__getitem__", get, 2, 2),
    NativeDef::any("__setitem__", set, 3, 3),
    NativeDef::any("__delitem__", delete, 2, 2),
    NativeDef::any("__eq__", operators::equal, 2, 2),
    NativeDef::any("__ne__", operators::not_equal, 2, 2),
    NativeDef::any("__lt__", operators::less, 2, 2),
    NativeDef::any("__le__", operators::less_equal, 2, 2),
    NativeDef::any("__gt__", operators::more, 2, 2),
    NativeDef::any("__ge__", operators::more_equal, 2, 2),
    NativeDef::any("__add__", operators::add, 2, 2),
    NativeDef::any("__mul__", operators::repeat, 2, 2),
    NativeDef::any("__rmul__", operators::repeat, 2, 2),
    NativeDef::any("__imul__", operators::repeat_in_place, 2, 2),
    NativeDef::any("__iadd__", iadd, 2, 2),
    NativeDef::any("__repr__", repr, 1, 1),
];
const GETTERS: &[NativeDef] = &[NativeDef::reads("maxlen", maxlen, 1, 1)];

/// The class, made anew for each machine.
pub fn class(vm: &mut Vm) -> Gc<Class> {
    let class = vm.foreign_class("deque", Some(&NEW), METHODS);
    vm.install_getters(class, GETTERS);
    // What changes has no hash.
    class.attrs.set_name(vm.names.hash, Value::NONE);
    class
}

pub(in crate::builtins) fn deque<'a>(vm: &mut Vm, value: Value) -> R<&'a Deque> {
    vm.foreign_object::<Deque>(value)
}

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    let class = vm.class_arg(args.pos[0])?;
    let max = match args.get_or(2, "maxlen").filter(|m| !m.is_none()) {
        Some(max) if !vm.is_kind(max, &[Kind::Int, Kind::Bool, Kind::BigInt]) => {
            return Err(vm.type_error("an integer is required"));
        }
        Some(max) => match usize::try_from(vm.index_value(max)?) {
            Ok(max) => Some(max),
            Err(_) => return Err(vm.value_error("maxlen must be non-negative")),
        },
        None => None,
    };
    let strict = match args.get(3) {
        Some(flags) => vm.index_value(flags)? & 1 != 0,
        None => false,
    };
    let this = vm
        .foreign(class, Box::new(Deque { items: RefCell::default(), max, strict, version: Cell::default() }));
    if let Some(iterable) = args.get_or(1, "iterable") {
        extend(vm, Args::positional(&[this, iterable]), false)?;
    }
    Ok(this)
}

fn add(vm: &mut Vm, this: Value, item: Value, left: bool) -> R<()> {
    let deque = deque(vm, this)?;
    if deque.max.is_some_and(|max| deque.items.borrow().len() >= max) {
        if deque.strict {
            return Err(vm.index_error("full"));
        }
        let mut items = deque.change();
        let dropped = if left { items.pop_back() } else { items.pop_front() };
        if dropped.is_none() {
            return Ok(());
        }
    }
    let (len, capacity) = (deque.items.borrow().len(), deque.items.borrow().capacity());
    if len == capacity {
        vm.reserve_many(2 * capacity, 8)?;
    }
    let mut items = deque.change();
    if left {
        items.push_front(item)
    } else {
        items.push_back(item)
    }
    Ok(())
}

fn push(vm: &mut Vm, args: Args<'_>, left: bool) -> R {
    add(vm, args.pos[0], args.pos[1], left).map(|()| Value::NONE)
}

fn pop(vm: &mut Vm, args: Args<'_>, left: bool) -> R {
    let deque = deque(vm, args.pos[0])?;
    if deque.len() == 0 {
        return Err(vm.index_error("empty"));
    }
    let item = if left { deque.change().pop_front() } else { deque.change().pop_back() };
    Ok(item.unwrap_or(Value::NONE))
}

pub(in crate::builtins) fn extend(vm: &mut Vm, args: Args<'_>, left: bool) -> R {
    let this = args.pos[0];
    vm.roots.push(this);
    let source = if args.pos[1] == this { vm.collect_list(this).map(Value::from) } else { Ok(args.pos[1]) };
    let result =
        source.and_then(|source| vm.for_each(source, |vm, item| add(vm, this, item, left).map(|()| true)));
    vm.roots.pop();
    result.map(|()| Value::NONE)
}

fn clear(vm: &mut Vm, args: Args<'_>) -> R {
    let deque = deque(vm, args.pos[0])?;
    if deque.len() > 0 {
        deque.change().clear();
    }
    Ok(Value::NONE)
}

pub(in crate::builtins) fn copy(vm: &mut Vm, args: Args<'_>) -> R {
    let old = deque(vm, args.pos[0])?;
    let n = old.items.borrow().len();
    vm.reserve_many(n, 8)?;
    let items = RefCell::new(old.items.borrow().clone());
    let copy = Deque { items, max: old.max, strict: old.strict, version: Cell::default() };
    Ok(vm.foreign(vm.class_of(args.pos[0]), Box::new(copy)))
}

fn rotate(vm: &mut Vm, args: Args<'_>) -> R {
    let n = match args.get(1) {
        Some(n) => vm.index_value(n)?,
        None => 1,
    };
    let deque = deque(vm, args.pos[0])?;
    if deque.len() > 1 {
        let n = n.rem_euclid(deque.len() as i64);
        deque.change().rotate_right(n as usize);
    }
    Ok(Value::NONE)
}

fn reverse(vm: &mut Vm, args: Args<'_>) -> R {
    deque(vm, args.pos[0])?.items.borrow_mut().make_contiguous().reverse();
    Ok(Value::NONE)
}

fn count(vm: &mut Vm, args: Args<'_>) -> R {
    let deque = deque(vm, args.pos[0])?;
    let (mut n, mut i) = (0, 0);
    while let Some(item) = deque.item(i) {
        n += is_equal(vm, deque, item, args.pos[1])? as i64;
        i += 1;
    }
    Ok(Value::small(n))
}

/// Compares an item; RuntimeError if that has changed the deque.
fn is_equal(vm: &mut Vm, deque: &Deque, item: Value, to: Value) -> R<bool> {
    let version = deque.version.get();
    let equal = vm.equal(item, to)?;
    if deque.version.get() == version {
        Ok(equal)
    } else {
        Err(vm.runtime_error("deque mutated during iteration"))
    }
}

fn index(vm: &mut Vm, args: Args<'_>) -> R {
    let deque = deque(vm, args.pos[0])?;
    // Of before the bounds are asked for; whether the deque is another one is looked at behind each comparison.
    let (version, len) = (deque.version.get(), deque.items.borrow().len());
    let start = bound(vm, deque, args.get(2), 0)?;
    let stop = bound(vm, deque, args.get(3), len)?.min(len);
    for at in start..stop {
        let Some(item) = deque.item(at) else { break };
        if vm.equal(item, args.pos[1])? {
            return Ok(Value::small(at as i64));
        }
        if deque.version.get() != version {
            return Err(vm.runtime_error("deque mutated during iteration"));
        }
        vm.checkpoint()?;
    }
    Err(vm.value_error("object not in sequence"))
}

/// A bound of `index`: counted from the end, as that is now, if it is negative.
fn bound(vm: &mut Vm, deque: &Deque, given: Option<Value>, default: usize) -> R<usize> {
    let Some(given) = given else { return Ok(default) };
    let n = vm.slice_index(given)?;
    let len = deque.items.borrow().len() as i64;
    Ok(if n < 0 { (n + len).max(0) } else { n } as usize)
}

fn remove(vm: &mut Vm, args: Args<'_>) -> R {
    let deque = deque(vm, args.pos[0])?;
    let mut i = 0;
    while let Some(item) = deque.item(i) {
        let version = deque.version.get();
        let equal = vm.equal(item, args.pos[1])?;
        if deque.version.get() != version {
            return Err(vm.index_error("deque mutated during remove()."));
        }
        if equal {
            deque.change().remove(i);
            return Ok(Value::NONE);
        }
        i += 1;
    }
    Err(vm.value_error("object not in sequence"))
}

fn insert(vm: &mut Vm, args: Args<'_>) -> R {
    let deque = deque(vm, args.pos[0])?;
    let at = vm.index_value(args.pos[1])?;
    let len = deque.items.borrow().len() as i64;
    if deque.max.is_some_and(|max| len as usize >= max) {
        return Err(vm.index_error("full"));
    }
    let at = if at < 0 { (at + len).max(0) } else { at.min(len) };
    deque.change().insert(at as usize, args.pos[2]);
    Ok(Value::NONE)
}

fn len(vm: &mut Vm, args: Args<'_>) -> R {
    let n = deque(vm, args.pos[0])?.items.borrow().len();
    Ok(Value::small(n as i64))
}

/// The iterator knows the version it was made for.
fn iter(vm: &mut Vm, args: Args<'_>) -> R {
    let version = deque(vm, args.pos[0])?.version.get();
    Ok(vm.iterator(IterKind::Deque, args.pos[0], Value::FALSE, 0, version))
}

fn reversed(vm: &mut Vm, args: Args<'_>) -> R {
    let version = deque(vm, args.pos[0])?.version.get();
    Ok(vm.iterator(IterKind::Deque, args.pos[0], Value::TRUE, 0, version))
}

/// The next item of such an iterator.
pub fn next_item(vm: &mut Vm, iter: Gc<Iter>) -> R {
    let deque = deque(vm, iter.a)?;
    if deque.version.get() != iter.end {
        return Err(vm.runtime_error("deque mutated during iteration"));
    }
    let n = iter.n.get() as usize;
    let at = if iter.b == Value::TRUE { deque.len().checked_sub(n + 1) } else { Some(n) };
    let item = at.and_then(|at| deque.item(at));
    iter.n.set(iter.n.get() + i64::from(item.is_some()));
    Ok(item.unwrap_or(Value::STOP))
}

fn snapshot(vm: &mut Vm, value: Value) -> R {
    let deque = deque(vm, value)?;
    let n = deque.items.borrow().len();
    vm.reserve_many(n, 8)?;
    let items = deque.items.borrow().iter().copied().collect();
    Ok(vm.list(items))
}

/// A valid index; who gave it may have changed the deque meanwhile.
fn position(vm: &mut Vm, args: Args<'_>) -> R<usize> {
    let n = vm.index_arg(args.pos[0], args.pos[1])?;
    let len = deque(vm, args.pos[0])?.items.borrow().len();
    vm.index_within(args.pos[0], n, len)
}

fn get(vm: &mut Vm, args: Args<'_>) -> R {
    let at = position(vm, args)?;
    let item = deque(vm, args.pos[0])?.items.borrow().get(at).copied();
    Ok(item.unwrap_or(Value::NONE))
}

fn set(vm: &mut Vm, args: Args<'_>) -> R {
    let at = position(vm, args)?;
    deque(vm, args.pos[0])?.items.borrow_mut()[at] = args.pos[2];
    Ok(Value::NONE)
}

fn delete(vm: &mut Vm, args: Args<'_>) -> R {
    let at = position(vm, args)?;
    deque(vm, args.pos[0])?.change().remove(at);
    Ok(Value::NONE)
}

fn iadd(vm: &mut Vm, args: Args<'_>) -> R {
    extend(vm, args, false)?;
    Ok(args.pos[0])
}

fn repr(vm: &mut Vm, args: Args<'_>) -> R {
    let items = snapshot(vm, args.pos[0])?;
    let text = vm.repr(items)?;
    let name = vm.type_name(args.pos[0]);
    let max = deque(vm, args.pos[0])?.max.map_or(String::new(), |max| format!(", maxlen={max}"));
    Ok(vm.str(format!("{name}({text}{max})")))
}

fn maxlen(vm: &mut Vm, args: Args<'_>) -> R {
    let max = deque(vm, args.pos[0])?.max;
    Ok(max.map_or(Value::NONE, |max| Value::small(max as i64)))
}
