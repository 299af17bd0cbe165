//! Calls with `*args` and `**kwargs` at the call site.

use rustc_hash::FxHashSet;

use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::Args;
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

/// Operands: function, [self], positional…, (name, value)…, star map. A NULL name marks `**value`; bit `i` of the map
/// marks positional argument `i` as `*value`. `imm` is the number of pairs, plus `1 << 32` for a method call.
pub fn call_star(vm: &mut Vm, a: &[Value], imm: u64) -> R {
    let pairs = (imm & 0xffff_ffff) as usize;
    let method = imm >> 32 != 0;
    let map = a[a.len() - 1].as_small().unwrap_or(0);
    let args = &a[1 + method as usize..a.len() - 1];
    let (pos, kw) = args.split_at(args.len() - 2 * pairs);
    let kept = vm.roots.len();
    let result = expand_and_call(vm, a, method, map, pos, kw, kept);
    vm.roots.truncate(kept);
    result
}

fn expand_and_call(
    vm: &mut Vm,
    a: &[Value],
    method: bool,
    map: i64,
    pos: &[Value],
    kw: &[Value],
    kept: usize,
) -> R {
    if method && !a[1].is_null() {
        vm.roots.push(a[1]);
    }
    for (i, value) in pos.iter().enumerate() {
        if map >> i & 1 == 0 {
            vm.roots.push(*value);
        } else {
            let list = vm.collect_list(*value)?;
            vm.roots.extend(list.items.iter());
        }
    }
    let n_pos = vm.roots.len() - kept;
    for pair in kw.chunks_exact(2) {
        if pair[0].is_null() {
            expand_mapping(vm, pair[1])?;
        } else {
            vm.roots.extend_from_slice(pair);
        }
    }
    let all = vm.roots[kept..].to_vec();
    let (pos, kw) = all.split_at(n_pos);
    check_repeated(vm, kw)?;
    vm.call_args(a[0], Args { pos, kw })
}

fn expand_mapping(vm: &mut Vm, mapping: Value) -> R<()> {
    let inner = vm.wrapped(mapping).unwrap_or(mapping);
    if let Some(dict) =
        inner.cast::<Dict>().filter(|_| matches!(inner.kind(), Kind::Dict | Kind::OrderedDict))
    {
        vm.roots.extend(dict.iter().flat_map(|(k, v)| [k, v]));
        return Ok(());
    }
    match push_entries(vm, mapping) {
        Err(raise) if vm.matches(raise, vm.exceptions.AttributeError) => {
            let name = vm.type_name(mapping);
            Err(vm.type_error(format!("argument after ** must be a mapping, not {name}")))
        }
        result => result,
    }
}

fn push_entries(vm: &mut Vm, mapping: Value) -> R<()> {
    let keys = vm.load_attr(mapping, vm.names.keys)?;
    let keys = vm.call(keys, &[])?;
    let keys = vm.collect_sequence(keys)?;
    vm.roots.push(keys.into());
    let at = vm.roots.len() - 1;
    for key in keys.items.iter() {
        let value = vm.get_item(mapping, key)?;
        vm.roots.extend([key, value]);
    }
    vm.roots.remove(at);
    Ok(())
}

fn check_repeated(vm: &mut Vm, kw: &[Value]) -> R<()> {
    match repeated(kw) {
        Some(name) => {
            let message = format!("function got multiple values for argument '{}'", name.text);
            Err(vm.type_error(message))
        }
        None => Ok(()),
    }
}

/// The first name that stands there a second time; names and values take turns.
fn repeated(kw: &[Value]) -> Option<Gc<Str>> {
    /// So many are compared with one another; a table costs more.
    const FEW: usize = 8;
    let name = |n: usize| kw[n].cast::<Str>();
    let mut places = (0..kw.len()).step_by(2);
    if kw.len() > 2 * FEW {
        let mut seen = FxHashSet::default();
        return places.find_map(|n| name(n).filter(|name| !seen.insert(name.text.to_string())));
    }
    let is_known =
        |n, text: &Str| (0..n).step_by(2).any(|m| name(m).is_some_and(|other| other.text == text.text));
    places.find_map(|n| name(n).filter(|found| is_known(n, found)))
}
