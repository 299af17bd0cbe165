//! Sequence unpacking of any iterable.

use crate::error::R;
use crate::object::value::Value;
use crate::vm::Vm;

/// A tuple of exactly `n` items, or ValueError. One item more is asked for, no further one.
pub fn unpack_any(vm: &mut Vm, value: Value, n: usize) -> R {
    let kept = vm.roots.len();
    let result = take_exactly(vm, value, n);
    vm.roots.truncate(kept);
    result
}

fn take_exactly(vm: &mut Vm, value: Value, n: usize) -> R {
    let iterator = vm.iter(value)?;
    let items = take(vm, iterator, n)?;
    if vm.next(iterator)? != Value::STOP {
        return Err(vm.value_error(format!("too many values to unpack (expected {n})")));
    }
    let items = vm.roots[items..].to_vec();
    Ok(vm.tuple(&items))
}

/// Pushes the iterator and its next `n` items to the roots; where in the roots the items begin.
fn take(vm: &mut Vm, iterator: Value, n: usize) -> R<usize> {
    vm.roots.push(iterator);
    let first = vm.roots.len();
    for got in 0..n {
        let item = vm.next(iterator)?;
        if item == Value::STOP {
            return Err(vm.value_error(format!("need more than {got} values to unpack")));
        }
        vm.roots.push(item);
    }
    Ok(first)
}

/// A tuple of `left` items, a list of the middle, and `right` items.
pub fn unpack_ex(vm: &mut Vm, value: Value, left: usize, right: usize) -> R {
    let kept = vm.roots.len();
    let result = take_around(vm, value, left, right);
    vm.roots.truncate(kept);
    result
}

fn take_around(vm: &mut Vm, value: Value, left: usize, right: usize) -> R {
    let iterator = vm.iter(value)?;
    let first = take(vm, iterator, left)?;
    let rest = vm.collect_list(iterator)?.items.to_vec();
    let Some(end) = rest.len().checked_sub(right) else {
        return Err(vm.value_error(format!("need more than {} values to unpack", left + rest.len())));
    };
    let middle = vm.list(rest[..end].to_vec());
    let mut all = vm.roots[first..].to_vec();
    all.push(middle);
    all.extend_from_slice(&rest[end..]);
    Ok(vm.tuple(&all))
}
