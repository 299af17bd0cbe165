//! Dicts, ordered dicts and their views.

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::{Gc, Header};
use crate::object::iter::{DictView, IterKind};
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::TypeDef;

pub const TYPES: &[TypeDef] = &[
    TypeDef {
        kind: Kind::Dict,
        constructor: Some(new),
        methods: &[
            NativeDef::any("__init__", init, 1, 2).keywords(),
            NativeDef::any("clear", clear, 1, 1),
            NativeDef::reads("copy", copy, 1, 1),
            NativeDef::any("get", get, 2, 3),
            NativeDef::reads("items", |vm, args| view(vm, args, IterKind::Items), 1, 1),
            NativeDef::reads("keys", |vm, args| view(vm, args, IterKind::Keys), 1, 1),
            NativeDef::reads("values", |vm, args| view(vm, args, IterKind::Values), 1, 1),
            NativeDef::any("pop", pop, 2, 3),
            NativeDef::any("popitem", popitem, 1, 2).keywords(),
            NativeDef::any("setdefault", setdefault, 2, 3),
            NativeDef::any("update", init, 1, 2).keywords(),
        ],
    },
    TypeDef {
        kind: Kind::OrderedDict,
        constructor: Some(new_ordered),
        methods: &[NativeDef::any("move_to_end", move_to_end, 2, 3).keywords()],
    },
    TypeDef { kind: Kind::DictView, constructor: None, methods: &[] },
];

/// Class methods of dict.
pub const CLASS_METHODS: &[NativeDef] = &[NativeDef::any("fromkeys", fromkeys, 2, 3)];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    new_of_kind(vm, Kind::Dict, args)
}

fn new_ordered(vm: &mut Vm, args: Args<'_>) -> R {
    new_of_kind(vm, Kind::OrderedDict, args)
}

fn new_of_kind(vm: &mut Vm, kind: Kind, args: Args<'_>) -> R {
    vm.check_arity("dict", Args::positional(args.pos), 0, 1)?;
    let dict = vm.new_table(kind);
    fill(vm, dict, args.get(0), args.kw)?;
    Ok(dict.into())
}

fn init(vm: &mut Vm, args: Args<'_>) -> R {
    let dict = vm.receiver::<Dict>(args.pos[0])?;
    fill(vm, dict, args.get(1), args.kw)?;
    Ok(Value::NONE)
}

/// Adds a mapping or an iterable of pairs, then keywords.
fn fill(vm: &mut Vm, dict: Gc<Dict>, from: Option<Value>, kw: &[Value]) -> R<()> {
    if let Some(from) = from {
        let inner = vm.unwrapped(from);
        match inner.cast::<Dict>().filter(|_| matches!(inner.kind(), Kind::Dict | Kind::OrderedDict)) {
            Some(other) => merge(vm, dict, other)?,
            None if has_keys(vm, from)? => fill_by_keys(vm, dict, from)?,
            None => fill_by_pairs(vm, dict, from)?,
        }
    }
    for pair in kw.chunks_exact(2) {
        vm.dict_set(dict, pair[0], pair[1])?;
    }
    Ok(())
}

/// Whether it has a method `keys`, and so is a mapping.
fn has_keys(vm: &mut Vm, from: Value) -> R<bool> {
    match vm.load_attr(from, vm.names.keys) {
        Err(raise) if vm.matches(raise, vm.exceptions.AttributeError) => Ok(false),
        result => result.map(|_| true),
    }
}

/// Copies all entries of `other` into `dict`.
fn merge(vm: &mut Vm, dict: Gc<Dict>, other: Gc<Dict>) -> R<()> {
    if dict == other {
        return Ok(());
    }
    if dict.is_empty() {
        return vm.dict_copy(dict, other);
    }
    let mut n = 0;
    while let Some((at, key, value)) = other.next_entry(n) {
        vm.dict_set_hashed(dict, other.entry_hash(at), key, value)?;
        n = at + 1;
    }
    Ok(())
}

fn fill_by_keys(vm: &mut Vm, dict: Gc<Dict>, from: Value) -> R<()> {
    let keys = vm.call_method(from, "keys", &[])?;
    let keys = vm.collect_sequence(keys)?;
    vm.for_each(keys.into(), |vm, key| {
        let value = vm.get_item(from, key)?;
        vm.dict_set(dict, key, value)?;
        Ok(true)
    })
}

fn fill_by_pairs(vm: &mut Vm, dict: Gc<Dict>, from: Value) -> R<()> {
    vm.for_each(from, |vm, pair| {
        let pair = vm.collect_sequence(pair)?;
        if pair.items.len() != 2 {
            return Err(vm.value_error("dict update sequence has wrong length"));
        }
        vm.dict_set(dict, pair.items.at(0), pair.items.at(1))?;
        Ok(true)
    })
}

fn clear(vm: &mut Vm, args: Args<'_>) -> R {
    vm.receiver::<Dict>(args.pos[0])?.clear();
    Ok(Value::NONE)
}

fn copy(vm: &mut Vm, args: Args<'_>) -> R {
    let dict = vm.receiver::<Dict>(args.pos[0])?;
    let new = vm.new_table(Value::from(dict).kind());
    vm.dict_copy(new, dict)?;
    Ok(new.into())
}

fn get(vm: &mut Vm, args: Args<'_>) -> R {
    let dict = vm.receiver::<Dict>(args.pos[0])?;
    let found = vm.dict_get(dict, args.pos[1])?;
    Ok(found.or(args.get(2)).unwrap_or(Value::NONE))
}

fn view(vm: &mut Vm, args: Args<'_>, what: IterKind) -> R {
    let dict = vm.receiver::<Dict>(args.pos[0])?.into();
    Ok(vm.heap.alloc(DictView { header: Header::new(Kind::DictView), what, dict }).into())
}

fn pop(vm: &mut Vm, args: Args<'_>) -> R {
    let dict = vm.receiver::<Dict>(args.pos[0])?;
    // In a dict that is empty CPython looks for nothing, and asks for no hash.
    let is_known = dict.is_empty() && Value::from(dict).kind() == Kind::Dict;
    let removed = if is_known { None } else { vm.dict_remove(dict, args.pos[1])? };
    match removed.or(args.get(2)) {
        Some(value) => Ok(value),
        None => Err(vm.key_error(args.pos[1])),
    }
}

fn popitem(vm: &mut Vm, args: Args<'_>) -> R {
    let dict = vm.receiver::<Dict>(args.pos[0])?;
    if Value::from(dict).kind() == Kind::Dict {
        vm.check_arity("popitem", args, 1, 1)?;
    }
    let last = match args.get_or(1, "last") {
        Some(last) => vm.truth(last)?,
        None => true,
    };
    let found = if last { dict.end().checked_sub(1) } else { dict.next_entry(0).map(|(n, ..)| n) };
    match found.and_then(|n| dict.entry(n).map(|entry| (n, entry))) {
        Some((n, (key, value))) => {
            dict.remove(n);
            Ok(vm.tuple(&[key, value]))
        }
        None => Err(vm.raise_message(vm.exceptions.KeyError, "popitem(): dictionary is empty")),
    }
}

fn setdefault(vm: &mut Vm, args: Args<'_>) -> R {
    let dict = vm.receiver::<Dict>(args.pos[0])?;
    vm.dict_set_default(dict, args.pos[1], args.get(2).unwrap_or(Value::NONE))
}

fn fromkeys(vm: &mut Vm, args: Args<'_>) -> R {
    let value = args.get(2).unwrap_or(Value::NONE);
    let result = vm.call(args.pos[0], &[])?;
    let kept = vm.roots.len();
    vm.roots.push(result);
    let done = vm.for_each(args.pos[1], |vm, key| vm.set_item(result, key, value).map(|()| true));
    vm.roots.truncate(kept);
    done.map(|()| result)
}

fn move_to_end(vm: &mut Vm, args: Args<'_>) -> R {
    let dict = vm.receiver::<Dict>(args.pos[0])?;
    let last = match args.get_or(2, "last") {
        Some(last) => vm.truth(last)?,
        None => true,
    };
    let Some(n) = vm.dict_find(dict, args.pos[1])? else { return Err(vm.key_error(args.pos[1])) };
    let Some((key, value)) = dict.entry(n) else { return Ok(Value::NONE) };
    let hash = dict.entry_hash(n);
    dict.remove(n);
    if last {
        dict.insert_new(hash, key, value);
    } else {
        dict.insert_first(hash, key, value);
    }
    Ok(Value::NONE)
}

/// `|` and `|=`.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    let is_dict = |v: Value| matches!(v.kind(), Kind::Dict | Kind::OrderedDict);
    let Some(dict) = a.cast::<Dict>().filter(|_| is_dict(a)) else { return Ok(None) };
    match op {
        BinaryOp::Or if is_dict(b) => {
            let result = vm.new_table(a.kind());
            vm.dict_copy(result, dict)?;
            fill(vm, result, Some(b), &[])?;
            Ok(Some(result.into()))
        }
        BinaryOp::InplaceOr => {
            fill(vm, dict, Some(b), &[])?;
            Ok(Some(a))
        }
        _ => Ok(None),
    }
}

/// Same keys with equal values; in the same order if both are ordered.
pub fn equal(vm: &mut Vm, a: Value, b: Value) -> R<bool> {
    let (Some(x), Some(y)) = (a.cast::<Dict>(), b.cast::<Dict>()) else { return Ok(false) };
    if x.len() != y.len() {
        return Ok(false);
    }
    vm.check_native_stack()?;
    let ordered = a.kind() == Kind::OrderedDict && b.kind() == Kind::OrderedDict;
    Ok(same_items(vm, x, y)? && (!ordered || same_order(vm, x, y)?))
}

/// The keys of both, which are equal as sets, come in one order.
fn same_order(vm: &mut Vm, x: Gc<Dict>, y: Gc<Dict>) -> R<bool> {
    let (mut n, mut m) = (0, 0);
    while let (Some((at, a, _)), Some((other, b, _))) = (x.next_entry(n), y.next_entry(m)) {
        vm.checkpoint()?;
        if !vm.equal(a, b)? {
            return Ok(false);
        }
        (n, m) = (at + 1, other + 1);
    }
    Ok(true)
}

fn same_items(vm: &mut Vm, x: Gc<Dict>, y: Gc<Dict>) -> R<bool> {
    let mut n = 0;
    while let Some((at, key, value)) = x.next_entry(n) {
        vm.poll()?;
        let Some(found) = vm.dict_find_hashed(y, x.entry_hash(at), key)? else { return Ok(false) };
        if !vm.equal(value, y.value_at(found))? {
            return Ok(false);
        }
        n = at + 1;
    }
    Ok(true)
}
