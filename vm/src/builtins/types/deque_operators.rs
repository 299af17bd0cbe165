//! Operators of `collections.deque`: comparing, joining, repeating.

use crate::builtins::types::deque::{copy, deque, extend};
use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::function::Args;
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::vm::Vm;

pub fn equal(vm: &mut Vm, args: Args<'_>) -> R {
    compare(vm, args, BinaryOp::Equal)
}

pub fn not_equal(vm: &mut Vm, args: Args<'_>) -> R {
    compare(vm, args, BinaryOp::NotEqual)
}

pub fn less(vm: &mut Vm, args: Args<'_>) -> R {
    compare(vm, args, BinaryOp::Less)
}

pub fn less_equal(vm: &mut Vm, args: Args<'_>) -> R {
    compare(vm, args, BinaryOp::LessEqual)
}

pub fn more(vm: &mut Vm, args: Args<'_>) -> R {
    compare(vm, args, BinaryOp::More)
}

pub fn more_equal(vm: &mut Vm, args: Args<'_>) -> R {
    compare(vm, args, BinaryOp::MoreEqual)
}

/// The first items that are not equal decide; if there are none, the lengths.
fn compare(vm: &mut Vm, args: Args<'_>, op: BinaryOp) -> R {
    let (Ok(a), Ok(b)) = (deque(vm, args.pos[0]), deque(vm, args.pos[1])) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let tests_equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
    if tests_equality && (std::ptr::eq(a, b) || a.len() != b.len()) {
        return Ok(Value::bool(std::ptr::eq(a, b) == (op == BinaryOp::Equal)));
    }
    vm.check_native_stack()?;
    let kept = vm.roots.len();
    let result = compare_items(vm, args, op);
    vm.roots.truncate(kept);
    result.map(Value::bool)
}

fn compare_items(vm: &mut Vm, args: Args<'_>, op: BinaryOp) -> R<bool> {
    let iterators = [vm.iter(args.pos[0])?, vm.iter(args.pos[1])?];
    vm.roots.extend(iterators);
    loop {
        let [x, y] = [vm.next(iterators[0])?, vm.next(iterators[1])?];
        if x == Value::STOP || y == Value::STOP {
            let lengths = [x, y].map(|item| Value::small((item != Value::STOP) as i64));
            let result = vm.binary(op, lengths[0], lengths[1])?;
            return vm.truth(result);
        }
        if !vm.equal(x, y)? {
            let result = vm.binary(op, x, y)?;
            return vm.truth(result);
        }
        vm.checkpoint()?;
    }
}

pub fn add(vm: &mut Vm, args: Args<'_>) -> R {
    if deque(vm, args.pos[1]).is_err() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let sum = copy(vm, Args::positional(&args.pos[..1]))?;
    extend(vm, Args::positional(&[sum, args.pos[1]]), false)?;
    Ok(sum)
}

/// How often to repeat; `None` if that is no number.
fn count(vm: &mut Vm, value: Value) -> R<Option<usize>> {
    let is_number = vm.is_kind(value, &[Kind::Int, Kind::Bool, Kind::BigInt]);
    let rmul = vm.intern("__rmul__");
    let has_own_way = value.kind() == Kind::Instance && vm.special(value, rmul).is_some();
    if !is_number && (has_own_way || vm.special(value, vm.names.index).is_none()) {
        return Ok(None);
    }
    vm.index_value(value).map(|n| Some(usize::try_from(n).unwrap_or(0)))
}

pub fn repeat(vm: &mut Vm, args: Args<'_>) -> R {
    let Some(times) = count(vm, args.pos[1])? else { return Ok(Value::NOT_IMPLEMENTED) };
    let product = copy(vm, Args::positional(&args.pos[..1]))?;
    multiply(vm, product, times)?;
    Ok(product)
}

pub fn repeat_in_place(vm: &mut Vm, args: Args<'_>) -> R {
    let Some(times) = count(vm, args.pos[1])? else { return Ok(Value::NOT_IMPLEMENTED) };
    multiply(vm, args.pos[0], times)?;
    Ok(args.pos[0])
}

/// Of a deque with a bound only the last repetitions are made.
fn multiply(vm: &mut Vm, this: Value, times: usize) -> R<()> {
    let deque = deque(vm, this)?;
    let len = deque.len();
    if len == 0 || times == 1 {
        return Ok(());
    }
    if times == 0 {
        deque.version.set(deque.version.get() + 1);
        deque.items.borrow_mut().clear();
        return Ok(());
    }
    let times = times.min(deque.max.map_or(usize::MAX, |max| max.div_ceil(len)).max(1));
    vm.reserve_many(len.saturating_mul(times), 2 * size_of::<Value>())?;
    let items = vm.collect_list(this)?;
    for _ in 1..times {
        vm.checkpoint()?;
        extend(vm, Args::positional(&[this, items.into()]), false)?;
    }
    Ok(())
}
