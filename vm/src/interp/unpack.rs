//! Sequence unpacking of any iterable.

use crate::error::R;
use crate::object::value::Value;
use crate::vm::Vm;

/// A tuple of exactly `n` items, or ValueError.
pub fn unpack_any(vm: &mut Vm, value: Value, n: usize) -> R {
    let list = vm.collect_list(value)?;
    let len = list.items.len();
    if len > n {
        return Err(vm.value_error(format!("too many values to unpack (expected {n})")));
    }
    if len < n {
        return Err(vm.value_error(format!("need more than {len} values to unpack")));
    }
    Ok(vm.tuple(list.items.slice()))
}

/// A tuple of `left` items, a list of the middle, and `right` items.
pub fn unpack_ex(vm: &mut Vm, value: Value, left: usize, right: usize) -> R {
    let items = vm.collect_list(value)?.items.to_vec();
    if items.len() < left + right {
        return Err(vm.value_error(format!("need more than {} values to unpack", items.len())));
    }
    let end = items.len() - right;
    let middle = vm.list(items[left..end].to_vec());
    let mut all = items[..left].to_vec();
    all.push(middle);
    all.extend_from_slice(&items[end..]);
    Ok(vm.tuple(&all))
}
