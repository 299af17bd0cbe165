//! Sets and frozen sets: tables whose values are all None.

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::iter::{DictView, IterKind};
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::TypeDef;
use crate::builtins::define::MANY;

pub const TYPES: &[TypeDef] = &[
    TypeDef {
        kind: Kind::Set,
        constructor: Some(|vm, args| new(vm, Kind::Set, args)),
        methods: &[
            NativeDef::any("__init__", init, 1, 2),
            NativeDef::any("add", add, 2, 2),
            NativeDef::any("clear", clear, 1, 1),
            NativeDef::any("discard", discard, 2, 2),
            NativeDef::any("pop", pop, 1, 1),
            NativeDef::any("remove", remove, 2, 2),
            NativeDef::any("update", update, 1, MANY),
            NativeDef::any("difference_update", |vm, args| modify(vm, args, Algebra::Difference), 1, MANY),
            NativeDef::any("intersection_update", intersection_update, 1, MANY),
            NativeDef::any(
                "symmetric_difference_update",
                |vm, args| modify(vm, args, Algebra::Symmetric),
                2,
                2,
            ),
            COPY,
            UNION,
            INTERSECTION,
            DIFFERENCE,
            SYMMETRIC,
            ISDISJOINT,
            ISSUBSET,
            ISSUPERSET,
        ],
    },
    TypeDef {
        kind: Kind::Frozenset,
        constructor: Some(|vm, args| new(vm, Kind::Frozenset, args)),
        methods: &[COPY, UNION, INTERSECTION, DIFFERENCE, SYMMETRIC, ISDISJOINT, ISSUBSET, ISSUPERSET],
    },
];

const COPY: NativeDef = NativeDef::reads("copy", copy, 1, 1);
const UNION: NativeDef = NativeDef::any("union", |vm, args| combine(vm, args, Algebra::Union), 1, MANY);
const INTERSECTION: NativeDef =
    NativeDef::any("intersection", |vm, args| combine(vm, args, Algebra::Intersection), 1, MANY);
const DIFFERENCE: NativeDef =
    NativeDef::any("difference", |vm, args| combine(vm, args, Algebra::Difference), 1, MANY);
const SYMMETRIC: NativeDef =
    NativeDef::any("symmetric_difference", |vm, args| combine(vm, args, Algebra::Symmetric), 2, 2);
const ISDISJOINT: NativeDef = NativeDef::any("isdisjoint", isdisjoint, 2, 2);
const ISSUBSET: NativeDef = NativeDef::any("issubset", issubset, 2, 2);
const ISSUPERSET: NativeDef = NativeDef::any("issuperset", issuperset, 2, 2);

/// The four operations of set algebra.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Algebra {
    Union,
    Intersection,
    Difference,
    Symmetric,
}

fn new(vm: &mut Vm, kind: Kind, args: Args<'_>) -> R {
    vm.check_arity(kind.type_name(), args, 0, 1)?;
    match args.get(0) {
        Some(value) if kind == Kind::Frozenset && value.kind() == kind => Ok(value),
        Some(iterable) => vm.collect_set(kind, iterable).map(Value::from),
        None => Ok(vm.new_table(kind).into()),
    }
}

impl Vm {
    /// A new set of an iterable's items.
    pub(crate) fn collect_set(&mut self, kind: Kind, iterable: Value) -> R<Gc<Dict>> {
        let set = self.new_table(kind);
        add_all(self, set, iterable)?;
        Ok(set)
    }

    fn set_add(&mut self, set: Gc<Dict>, item: Value) -> R<()> {
        self.dict_set_default(set, item, Value::NONE).map(|_| ())
    }

    fn set_add_hashed(&mut self, set: Gc<Dict>, hash: u32, item: Value) -> R<()> {
        match self.dict_find_hashed(set, hash, item)? {
            Some(_) => Ok(()),
            None => self.dict_insert(set, hash, item, Value::NONE),
        }
    }

    fn set_remove_hashed(&mut self, set: Gc<Dict>, hash: u32, item: Value) -> R<bool> {
        let found = self.dict_find_hashed(set, hash, item)?;
        Ok(found.map(|n| set.remove(n)).is_some())
    }
}

fn add_all(vm: &mut Vm, set: Gc<Dict>, iterable: Value) -> R<()> {
    if let Some(other) = iterable.cast::<Dict>()
        && set.is_empty()
        && matches!(iterable.kind(), Kind::Set | Kind::Frozenset)
    {
        return vm.dict_copy(set, other);
    }
    each_hashed(vm, iterable, |vm, hash, item| vm.set_add_hashed(set, hash, item).map(|()| true))
}

fn receiver(vm: &mut Vm, value: Value) -> R<Gc<Dict>> {
    if vm.is_kind(value, &[Kind::Set, Kind::Frozenset]) {
        return vm.receiver(value);
    }
    Err(vm.type_error("argument has wrong type"))
}

fn init(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    let items = match args.get(1) {
        Some(iterable) => vm.collect_set(Kind::Set, iterable)?,
        None => vm.new_table(Kind::Set),
    };
    vm.dict_copy(set, items)?;
    Ok(Value::NONE)
}

fn add(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    vm.set_add(set, args.pos[1])?;
    Ok(Value::NONE)
}

fn clear(vm: &mut Vm, args: Args<'_>) -> R {
    receiver(vm, args.pos[0])?.clear();
    Ok(Value::NONE)
}

fn discard(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    vm.dict_remove(set, args.pos[1])?;
    Ok(Value::NONE)
}

fn remove(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    match vm.dict_remove(set, args.pos[1])? {
        Some(_) => Ok(Value::NONE),
        None => Err(vm.key_error(args.pos[1])),
    }
}

fn pop(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    match set.next_entry(0) {
        Some((n, key, _)) => {
            set.remove(n);
            Ok(key)
        }
        None => Err(vm.raise_message(vm.exceptions.KeyError, "pop from an empty set")),
    }
}

fn copy(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    duplicate(vm, set).map(Value::from)
}

fn duplicate(vm: &mut Vm, set: Gc<Dict>) -> R<Gc<Dict>> {
    let new = vm.new_table(Value::from(set).kind());
    vm.dict_copy(new, set)?;
    Ok(new)
}

fn update(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    for iterable in &args.pos[1..] {
        add_all(vm, set, *iterable)?;
    }
    Ok(Value::NONE)
}

/// A new set from the receiver and each argument in turn.
fn combine(vm: &mut Vm, args: Args<'_>, algebra: Algebra) -> R {
    let mut result = receiver(vm, args.pos[0])?;
    let Some((first, rest)) = args.pos[1..].split_first() else {
        return duplicate(vm, result).map(Value::from);
    };
    result = apply(vm, result, *first, algebra)?;
    for iterable in rest {
        result = apply(vm, result, *iterable, algebra)?;
    }
    Ok(result.into())
}

/// The same, in place.
fn modify(vm: &mut Vm, args: Args<'_>, algebra: Algebra) -> R {
    let set = receiver(vm, args.pos[0])?;
    for iterable in &args.pos[1..] {
        apply_in_place(vm, set, *iterable, algebra)?;
    }
    Ok(Value::NONE)
}

/// The set changes when all arguments have been read, so not at all if one of them raises.
fn intersection_update(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    let result = combine(vm, args, Algebra::Intersection)?;
    if let Some(result) = as_table(result) {
        vm.dict_copy(set, result)?;
    }
    Ok(Value::NONE)
}

/// Changes a set. What is taken out or put in costs what `other` has, however large the set is.
fn apply_in_place(vm: &mut Vm, set: Gc<Dict>, other: Value, algebra: Algebra) -> R<()> {
    match algebra {
        Algebra::Union => add_all(vm, set, other),
        Algebra::Difference => remove_all(vm, set, other),
        Algebra::Symmetric => {
            if other == set.into() {
                set.clear();
                return Ok(());
            }
            let other = table_of(vm, other)?;
            toggle(vm, set, other).map(|_| ())
        }
        Algebra::Intersection => {
            let result = apply(vm, set, other, algebra)?;
            vm.dict_copy(set, result)
        }
    }
}

/// The table of a set.
fn as_table(value: Value) -> Option<Gc<Dict>> {
    value.cast::<Dict>().filter(|_| matches!(value.kind(), Kind::Set | Kind::Frozenset))
}

/// The table of a set; any other iterable becomes one.
fn table_of(vm: &mut Vm, iterable: Value) -> R<Gc<Dict>> {
    match as_table(iterable) {
        Some(table) => Ok(table),
        None => vm.collect_set(Kind::Set, iterable),
    }
}

fn apply(vm: &mut Vm, set: Gc<Dict>, other: Value, algebra: Algebra) -> R<Gc<Dict>> {
    let kind = Value::from(set).kind();
    if algebra == Algebra::Union {
        let result = duplicate(vm, set)?;
        add_all(vm, result, other)?;
        return Ok(result);
    }
    let result = vm.new_table(kind);
    match (algebra, as_table(other)) {
        // Of equal items those of the smaller set stay, or of what is no set.
        (Algebra::Intersection, Some(many)) if many.len() > set.len() => {
            copy_if(vm, set.into(), many, result, true)?;
        }
        (Algebra::Intersection, Some(few)) => copy_if(vm, few.into(), set, result, true)?,
        (Algebra::Intersection, None) => copy_until_full(vm, other, set, result)?,
        (Algebra::Difference, _) => match as_table_or_dict(other) {
            Some(few) if set.len() / 4 <= few.len() => copy_if(vm, set.into(), few, result, false)?,
            _ => {
                vm.dict_copy(result, set)?;
                remove_all(vm, result, other)?;
            }
        },
        _ => {
            add_all(vm, result, other)?;
            let added = toggle(vm, result, set)?;
            return turned(vm, kind, result, added);
        }
    }
    Ok(result)
}

/// With the last `n` items first: the first set's come before the other's, whichever were put in first.
fn turned(vm: &mut Vm, kind: Kind, set: Gc<Dict>, n: usize) -> R<Gc<Dict>> {
    vm.reserve(Dict::bytes_for(2 * set.len()))?;
    let result = vm.new_table(kind);
    let others = set.len() - n;
    let places: Vec<usize> = (0..set.end()).filter(|at| set.entry(*at).is_some()).collect();
    for at in places[others..].iter().chain(&places[..others]) {
        if let Some((key, value)) = set.entry(*at) {
            result.insert_new(set.entry_hash(*at), key, value);
        }
    }
    Ok(result)
}

fn as_table_or_dict(value: Value) -> Option<Gc<Dict>> {
    as_table(value).or_else(|| value.cast::<Dict>().filter(|_| value.kind() == Kind::Dict))
}

/// Takes out of `set` what it has of `items`, and puts in what it has not: so many.
fn toggle(vm: &mut Vm, set: Gc<Dict>, items: Gc<Dict>) -> R<usize> {
    let mut added = 0;
    each_hashed(vm, items.into(), |vm, hash, item| {
        // What is added is looked for once more, as CPython does it.
        if !vm.set_remove_hashed(set, hash, item)? {
            let before = set.len();
            vm.set_add_hashed(set, hash, item)?;
            added += set.len().saturating_sub(before);
        }
        Ok(true)
    })?;
    Ok(added.min(set.len()))
}

/// Adds to `result` the items of `from` whose being in `other` is `wanted`.
fn copy_if(vm: &mut Vm, from: Value, other: Gc<Dict>, result: Gc<Dict>, wanted: bool) -> R<()> {
    each_hashed(vm, from, |vm, hash, item| {
        if vm.dict_find_hashed(other, hash, item)?.is_some() == wanted {
            vm.set_add_hashed(result, hash, item)?;
        }
        Ok(true)
    })
}

/// Adds to `result` the items of `from` that `set` has, until they cannot become more.
fn copy_until_full(vm: &mut Vm, from: Value, set: Gc<Dict>, result: Gc<Dict>) -> R<()> {
    each_hashed(vm, from, |vm, hash, item| {
        let found = vm.dict_find_hashed(set, hash, item)?.is_some();
        if found {
            vm.set_add_hashed(result, hash, item)?;
        }
        Ok(!found || result.len() < set.len())
    })
}

/// Calls `step` with hash and each item until it breaks with `false`. Programs can see hashes being asked for, so what
/// is in a table is not hashed again. What `step` does may change a table that is walked through.
fn each_hashed(vm: &mut Vm, items: Value, mut step: impl FnMut(&mut Vm, u32, Value) -> R<bool>) -> R<()> {
    let is_table = matches!(items.kind(), Kind::Set | Kind::Frozenset | Kind::Dict);
    let Some(table) = items.cast::<Dict>().filter(|_| is_table) else {
        return vm.for_each(items, |vm, item| {
            let hash = vm.hash(item)?;
            step(vm, hash, item)
        });
    };
    let mut n = 0;
    while let Some((at, key, _)) = table.next_entry(n) {
        vm.poll()?;
        if !step(vm, table.entry_hash(at), key)? {
            break;
        }
        n = at + 1;
    }
    Ok(())
}

/// Removes what `items` has.
fn remove_all(vm: &mut Vm, set: Gc<Dict>, items: Value) -> R<()> {
    if items == set.into() {
        set.clear();
        return Ok(());
    }
    let items = match as_table(items) {
        // Of many only those are looked for that are there.
        Some(many) if many.len() / 8 > set.len() => apply(vm, set, items, Algebra::Intersection)?.into(),
        _ => items,
    };
    each_hashed(vm, items, |vm, hash, item| vm.set_remove_hashed(set, hash, item).map(|_| true))
}

/// Every item of `a` is in `b`.
fn is_subset(vm: &mut Vm, a: Gc<Dict>, b: Gc<Dict>) -> R<bool> {
    let mut all = a.len() <= b.len();
    if all {
        each_hashed(vm, a.into(), |vm, hash, item| {
            all = vm.dict_find_hashed(b, hash, item)?.is_some();
            Ok(all)
        })?;
    }
    Ok(all)
}

fn isdisjoint(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    let (few, many) = match as_table(args.pos[1]) {
        Some(other) if other.len() > set.len() => (set.into(), other),
        _ => (args.pos[1], set),
    };
    let mut apart = true;
    each_hashed(vm, few, |vm, hash, item| {
        apart = vm.dict_find_hashed(many, hash, item)?.is_none();
        Ok(apart)
    })?;
    Ok(Value::bool(apart))
}

fn issubset(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    let other = table_of(vm, args.pos[1])?;
    is_subset(vm, set, other).map(Value::bool)
}

fn issuperset(vm: &mut Vm, args: Args<'_>) -> R {
    let set = receiver(vm, args.pos[0])?;
    if let Some(other) = as_table(args.pos[1]) {
        return is_subset(vm, other, set).map(Value::bool);
    }
    let mut all = true;
    each_hashed(vm, args.pos[1], |vm, hash, item| {
        all = vm.dict_find_hashed(set, hash, item)?.is_some();
        Ok(all)
    })?;
    Ok(Value::bool(all))
}

/// The table of a set, or of the keys or items a dict view shows.
fn as_set(vm: &mut Vm, value: Value) -> R<Option<Gc<Dict>>> {
    match value.kind() {
        Kind::Set | Kind::Frozenset => Ok(value.cast()),
        Kind::DictView if value.cast::<DictView>().is_some_and(|v| v.what != IterKind::Values) => {
            vm.collect_set(Kind::Set, value).map(Some)
        }
        _ => Ok(None),
    }
}

/// `&`, `|`, `-`, `^` and their in-place forms, on sets and dict views.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    let algebra = match op.without_assignment() {
        BinaryOp::Or => Algebra::Union,
        BinaryOp::And => Algebra::Intersection,
        BinaryOp::Subtract => Algebra::Difference,
        BinaryOp::Xor => Algebra::Symmetric,
        _ => return Ok(None),
    };
    if let Some(common) = common_with_view(vm, algebra, a, b)? {
        return Ok(Some(common));
    }
    let (Some(x), Some(y)) = (as_set(vm, a)?, as_set(vm, b)?) else { return Ok(None) };
    if op != op.without_assignment() && a.kind() == Kind::Set {
        apply_in_place(vm, x, y.into(), algebra)?;
        return Ok(Some(a));
    }
    apply(vm, x, y.into(), algebra).map(|result| Some(result.into()))
}

/// `keys & set` looks up what the set has instead of copying the keys.
fn common_with_view(vm: &mut Vm, algebra: Algebra, a: Value, b: Value) -> R<Option<Value>> {
    let (Some(view), Some(other)) = (a.cast::<DictView>(), as_table(b)) else { return Ok(None) };
    if algebra != Algebra::Intersection || view.what == IterKind::Values {
        return Ok(None);
    }
    let result = vm.new_table(Kind::Set);
    vm.for_each(other.into(), |vm, item| {
        if vm.contains(a, item)? {
            vm.set_add(result, item)?;
        }
        Ok(true)
    })?;
    Ok(Some(result.into()))
}

/// The same items.
pub fn equal(vm: &mut Vm, a: Value, b: Value) -> R<Option<bool>> {
    match (as_set(vm, a)?, as_set(vm, b)?) {
        (Some(x), Some(y)) => Ok(Some(x.len() == y.len() && is_subset(vm, x, y)?)),
        _ => Ok(None),
    }
}

/// Subset and superset tests.
pub fn order(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<bool>> {
    let (Some(x), Some(y)) = (as_set(vm, a)?, as_set(vm, b)?) else { return Ok(None) };
    let proper = x.len() != y.len();
    Ok(Some(match op {
        BinaryOp::Less => proper && is_subset(vm, x, y)?,
        BinaryOp::LessEqual => is_subset(vm, x, y)?,
        BinaryOp::More => proper && is_subset(vm, y, x)?,
        _ => is_subset(vm, y, x)?,
    }))
}
