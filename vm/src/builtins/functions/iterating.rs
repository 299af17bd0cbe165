//! Global functions that make or consume iterators.

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::iter::{DictView, IterKind};
use crate::object::kind::Kind;
use crate::object::sequence::List;
use crate::object::value::{SMALL_MAX, SMALL_MIN, Value};
use crate::vm::Vm;

use crate::builtins::define::MANY;
use crate::builtins::types::wide_range;

pub const FUNCTIONS: &[NativeDef] = &[
    NativeDef::any("iter", iter, 1, 2),
    NativeDef::any("next", next, 1, 2),
    NativeDef::reads("enumerate", enumerate, 0, 2).keywords(),
    NativeDef::reads("zip", zip, 0, MANY).keywords(),
    NativeDef::any("map", map, 2, MANY),
    NativeDef::any("filter", filter, 2, 2),
    NativeDef::any("reversed", reversed, 1, 1),
    NativeDef::any("sum", sum, 1, 2).keywords(),
    NativeDef::reads_scalars("min", min, 1, MANY).keywords(),
    NativeDef::reads_scalars("max", max, 1, MANY).keywords(),
    NativeDef::any("any", any, 1, 1),
    NativeDef::any("all", all, 1, 1),
    NativeDef::any("aiter", aiter, 1, 1),
    NativeDef::any("anext", anext, 1, 1),
];

fn iter(vm: &mut Vm, args: Args<'_>) -> R {
    match args.get(1) {
        Some(sentinel) => Ok(vm.iterator(IterKind::Call, args.pos[0], sentinel, 0, 0)),
        None => vm.iter(args.pos[0]),
    }
}

fn next(vm: &mut Vm, args: Args<'_>) -> R {
    let item = vm.next_or_raise(args.pos[0]);
    match (item, args.get(1)) {
        (Err(raise), Some(default)) if vm.matches(raise, vm.exceptions.StopIteration) => Ok(default),
        (item, _) => item,
    }
}

impl Vm {
    /// `next(iterator)`, raising StopIteration (with a generator's return value) at the end.
    pub(crate) fn next_or_raise(&mut self, iterator: Value) -> R {
        use crate::runtime::generator::Resumed;
        if let Some(generator) = iterator.cast() {
            return match self.resume(generator, Value::NONE, Value::NULL)? {
                Resumed::Yielded(value) => Ok(value),
                Resumed::Returned(value) => Err(self.stop_iteration(value)),
            };
        }
        if let Some(method) = self.special(iterator, self.names.next) {
            return self.call(method, &[iterator]);
        }
        self.next_of_builtin(iterator)
    }

    /// Calls `step` with each item of an iterable until it breaks with `false`.
    pub(crate) fn for_each(&mut self, iterable: Value, step: impl FnMut(&mut Vm, Value) -> R<bool>) -> R<()> {
        self.each_of(iterable, step, |_, _| Ok(()))
    }

    /// The same, asking how many items there may be, as CPython does where it makes room for them.
    pub(crate) fn for_each_hinted(
        &mut self,
        iterable: Value,
        step: impl FnMut(&mut Vm, Value) -> R<bool>,
    ) -> R<()> {
        self.each_of(iterable, step, Vm::ask_length_hint)
    }

    /// `first` gets the iterable once its iterator is there; a list needs none.
    fn each_of(
        &mut self,
        iterable: Value,
        mut step: impl FnMut(&mut Vm, Value) -> R<bool>,
        first: impl FnOnce(&mut Vm, Value) -> R<()>,
    ) -> R<()> {
        if let Some(list) = iterable.cast::<List>() {
            return self.for_each_of_list(list, step);
        }
        let iterator = self.iter(iterable)?;
        self.roots.push(iterator);
        let result = first(self, iterable).and_then(|()| self.each_next(iterator, &mut step));
        self.roots.pop();
        result
    }

    fn each_next(&mut self, iterator: Value, step: &mut impl FnMut(&mut Vm, Value) -> R<bool>) -> R<()> {
        loop {
            let item = self.next(iterator)?;
            if item == Value::STOP {
                return Ok(());
            }
            let more = step(self, item)?;
            self.checkpoint()?;
            if !more {
                return Ok(());
            }
        }
    }

    /// Without an iterator. The list may change meanwhile.
    fn for_each_of_list(&mut self, list: Gc<List>, mut step: impl FnMut(&mut Vm, Value) -> R<bool>) -> R<()> {
        self.roots.push(list.into());
        let mut n = 0;
        let result = loop {
            let Some(item) = list.items.get(n) else { break Ok(()) };
            n += 1;
            match step(self, item).and_then(|more| self.checkpoint().map(|()| more)) {
                Ok(true) => {}
                other => break other.map(|_| ()),
            }
        };
        self.roots.pop();
        result
    }
}

/// A sum so far: unboxed as long as that says it all.
#[derive(Clone, Copy)]
enum Sum {
    Int(i64),
    Float(f64),
    Other(Value),
}

impl Sum {
    #[inline(always)]
    fn of(value: Value) -> Sum {
        match (value.as_small(), value.as_float()) {
            (Some(n), _) => Sum::Int(n),
            (_, Some(x)) => Sum::Float(x),
            _ => Sum::Other(value),
        }
    }

    fn value(self, vm: &mut Vm) -> Value {
        match self {
            Sum::Int(n) => vm.int(n),
            Sum::Float(x) => vm.float(x),
            Sum::Other(value) => value,
        }
    }

    /// The sum, if that is a number again whose type needs no thought.
    #[inline(always)]
    fn plus(self, item: Value) -> Option<Sum> {
        match (self, Sum::of(item)) {
            // Two small ints cannot overflow 64 bits.
            (Sum::Int(a), Sum::Int(b)) => {
                Some(a + b).filter(|n| (SMALL_MIN..=SMALL_MAX).contains(n)).map(Sum::Int)
            }
            (Sum::Float(a), Sum::Float(b)) => Some(Sum::Float(a + b)),
            (Sum::Float(a), Sum::Int(b)) => Some(Sum::Float(a + b as f64)),
            (Sum::Int(a), Sum::Float(b)) => Some(Sum::Float(a as f64 + b)),
            _ => None,
        }
    }

    /// Adds the ints and floats that a list begins with; gives their number too. Nothing else can happen meanwhile, so
    /// this is a loop over memory.
    fn add_numbers(self, list: Gc<List>) -> (Sum, usize) {
        let mut total = self;
        let mut n = 0;
        while let Some(sum) = list.items.get(n).and_then(|item| total.plus(item)) {
            total = sum;
            n += 1;
        }
        (total, n)
    }

    /// Keeps an object alive.
    fn keep(self, vm: &mut Vm, slot: usize) {
        if let Sum::Other(value) = self {
            vm.roots[slot] = value;
        }
    }

    fn add(self, vm: &mut Vm, item: Value) -> R<Sum> {
        if let Some(sum) = self.plus(item) {
            return Ok(sum);
        }
        let total = self.value(vm);
        Ok(Sum::Other(vm.binary(BinaryOp::Add, total, item)?))
    }
}

fn enumerate(vm: &mut Vm, args: Args<'_>) -> R {
    let Some(iterable) = args.get_or(0, "iterable") else {
        return Err(vm.type_error("function missing 1 required positional arguments"));
    };
    let start = match args.get_or(1, "start") {
        Some(start) => vm.to_index(start)?,
        None => Value::small(0),
    };
    match start.as_small().filter(|n| n.abs() <= LARGE_START) {
        Some(start) => {
            let iterator = vm.iter(iterable)?;
            Ok(vm.iterator(IterKind::Enumerate, iterator, Value::NULL, start, 0))
        }
        None => {
            let first = vm.big_arg(start)?;
            let numbers = wide_range::range_of(vm, [first.clone(), first + (1u128 << 80), 1.into()]);
            zip(vm, Args::positional(&[numbers, iterable]))
        }
    }
}

/// From here on numbers may leave the small ints: then a range that never ends gives them.
const LARGE_START: i64 = 1 << 60;

/// A tuple of iterators over the arguments.
fn iterators(vm: &mut Vm, iterables: &[Value]) -> R {
    let list = vm.new_list(Vec::with_capacity(iterables.len()));
    for iterable in iterables {
        let iterator = vm.iter(*iterable)?;
        list.items.push(iterator);
    }
    Ok(vm.tuple(&list.items.to_vec()))
}

fn zip(vm: &mut Vm, args: Args<'_>) -> R {
    let iterators = iterators(vm, args.pos)?;
    Ok(vm.iterator(IterKind::Zip, iterators, Value::NULL, 0, 0))
}

fn map(vm: &mut Vm, args: Args<'_>) -> R {
    let iterators = iterators(vm, &args.pos[1..])?;
    Ok(vm.iterator(IterKind::Map, args.pos[0], iterators, 0, 0))
}

fn filter(vm: &mut Vm, args: Args<'_>) -> R {
    let iterator = vm.iter(args.pos[1])?;
    Ok(vm.iterator(IterKind::Filter, args.pos[0], iterator, 0, 0))
}

fn reversed(vm: &mut Vm, args: Args<'_>) -> R {
    let mut value = args.pos[0];
    if let Some(method) = vm.special(value, vm.names.reversed) {
        return vm.call_special(method, &[value]);
    }
    if value.kind() == Kind::Instance
        && vm.wrapped(value).is_none()
        && vm.special(value, vm.names.getitem).is_none()
    {
        let name = vm.type_name(value);
        return Err(vm.type_error(format!("'{name}' object isn't reversible")));
    }
    if matches!(value.kind(), Kind::Range | Kind::WideRange) {
        // Counting down, because there may be more items than a position can say.
        let (none, step) = (Value::NONE, Value::small(-1));
        let backwards = vm.slice(none, none, step);
        let backwards = vm.get_item(value, backwards)?;
        return vm.iter(backwards);
    }
    let table = value.cast::<DictView>().map_or(value, |view| view.dict);
    if table.cast::<Dict>().is_some() && !vm.is_kind(value, &[Kind::Set, Kind::Frozenset]) {
        value = vm.collect_list(value)?.into();
    }
    let len = vm.len(value)? as i64;
    Ok(vm.iterator(IterKind::Reversed, value, Value::NULL, len, 0))
}

fn sum(vm: &mut Vm, args: Args<'_>) -> R {
    let start = args.get_or(1, "start").unwrap_or(Value::small(0));
    let mut total = Sum::of(start);
    let slot = vm.roots.len();
    vm.roots.push(start);
    let result = match args.pos[0].cast::<List>() {
        Some(list) => {
            let (plain, added) = total.add_numbers(list);
            total = plain;
            sum_rest(vm, list, added, &mut total, slot)
        }
        None => vm.for_each(args.pos[0], |vm, item| {
            total = total.add(vm, item)?;
            total.keep(vm, slot);
            Ok(true)
        }),
    };
    vm.roots.truncate(slot);
    result.map(|()| total.value(vm))
}

/// The items of a list from `n` on, whatever they are. Adding may run Python code, which may change the list.
fn sum_rest(vm: &mut Vm, list: Gc<List>, mut n: usize, total: &mut Sum, slot: usize) -> R<()> {
    while let Some(item) = list.items.get(n) {
        *total = total.add(vm, item)?;
        total.keep(vm, slot);
        n += 1;
    }
    Ok(())
}

fn min(vm: &mut Vm, args: Args<'_>) -> R {
    extreme(vm, "min", args, |vm, item, best| vm.less(item, best))
}

fn max(vm: &mut Vm, args: Args<'_>) -> R {
    extreme(vm, "max", args, |vm, item, best| vm.more(item, best))
}

/// The item that is `better` than all before it. Best item and its key lie in a rooted pair.
fn extreme(vm: &mut Vm, name: &str, args: Args<'_>, better: fn(&mut Vm, Value, Value) -> R<bool>) -> R {
    let key = args.keyword("key").filter(|k| !k.is_none());
    let items = if args.pos.len() == 1 { args.pos[0] } else { vm.tuple(args.pos) };
    let best = vm.new_list(vec![Value::NULL, Value::NULL]);
    vm.roots.extend([best.into(), items]);
    let result = vm.for_each(items, |vm, item| {
        let rank = match key {
            Some(key) => {
                vm.roots.push(item);
                let rank = vm.call(key, &[item]);
                vm.roots.pop();
                rank?
            }
            None => item,
        };
        if best.items.at(0).is_null() || better(vm, rank, best.items.at(1))? {
            best.items.set(0, item);
            best.items.set(1, rank);
        }
        Ok(true)
    });
    vm.roots.truncate(vm.roots.len() - 2);
    result?;
    match (best.items.at(0), args.keyword("default")) {
        (Value::NULL, Some(default)) => Ok(default),
        (Value::NULL, None) => Err(vm.value_error(format!("{name}() arg is an empty sequence"))),
        (item, _) => Ok(item),
    }
}

fn any(vm: &mut Vm, args: Args<'_>) -> R {
    let mut found = false;
    vm.for_each(args.pos[0], |vm, item| {
        found = vm.truth(item)?;
        Ok(!found)
    })?;
    Ok(Value::bool(found))
}

fn all(vm: &mut Vm, args: Args<'_>) -> R {
    let mut good = true;
    vm.for_each(args.pos[0], |vm, item| {
        good = vm.truth(item)?;
        Ok(good)
    })?;
    Ok(Value::bool(good))
}

fn aiter(vm: &mut Vm, args: Args<'_>) -> R {
    vm.call_method(args.pos[0], "__aiter__", &[])
}

fn anext(vm: &mut Vm, args: Args<'_>) -> R {
    vm.call_method(args.pos[0], "__anext__", &[])
}
