//! Tuples.

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{Slice, Tuple};
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::TypeDef;
use crate::builtins::types::list::repeatable;

pub const TYPES: &[TypeDef] = &[TypeDef {
    kind: Kind::Tuple,
    constructor: Some(new),
    methods: &[NativeDef::any("count", count, 2, 2), NativeDef::any("index", index, 2, 4)],
}];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("tuple", args, 0, 1)?;
    match args.get(0) {
        Some(value) if value.cast::<Tuple>().is_some_and(|t| t.class.get().is_null()) => Ok(value),
        Some(iterable) => {
            let list = vm.collect_list(iterable)?;
            vm.reserve_many(list.items.len(), 8)?;
            Ok(vm.tuple(list.items.slice()))
        }
        None => Ok(vm.tuple(&[])),
    }
}

fn count(vm: &mut Vm, args: Args<'_>) -> R {
    let tuple = vm.receiver::<Tuple>(args.pos[0])?;
    vm.count_items(args.pos[1], |i| tuple.items().get(i).copied())
}

fn index(vm: &mut Vm, args: Args<'_>) -> R {
    let tuple = vm.receiver::<Tuple>(args.pos[0])?;
    let at = vm.find_item(
        args,
        Some("tuple.index(x): x not in tuple"),
        || tuple.len(),
        |i| tuple.items().get(i).copied(),
    )?;
    Ok(Value::small(at as i64))
}

/// `tuple[slice]`.
pub fn get_slice(vm: &mut Vm, tuple: Gc<Tuple>, slice: Gc<Slice>) -> R {
    let span = vm.slice_parts(slice)?.fit(tuple.len());
    vm.reserve_many(span.len(), 16)?;
    Ok(vm.tuple(&span.select(tuple.items())))
}

/// `+` and `*`.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    let (tuple, times) = match (op.without_assignment(), a.cast::<Tuple>(), b.cast::<Tuple>()) {
        (BinaryOp::Add, Some(x), Some(y)) => {
            vm.reserve_many(x.len() + y.len(), 16)?;
            return Ok(Some(vm.tuple(&[x.items(), y.items()].concat())));
        }
        (BinaryOp::Multiply, Some(tuple), _) if repeatable(b) => (tuple, b),
        (BinaryOp::Multiply, None, Some(tuple)) if repeatable(a) => (tuple, a),
        _ => return Ok(None),
    };
    let items = vm.repeat(tuple.items(), times)?;
    vm.reserve_many(items.len(), 8)?;
    Ok(Some(vm.tuple(&items)))
}
