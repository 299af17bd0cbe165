//! `gc`.

use std::cell::Cell;

use crate::builtins::ModuleDef;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "gc",
    functions: &[
        NativeDef::any("collect", collect, 0, 1),
        NativeDef::any("enable", |_, _| set_enabled(true), 0, 0),
        NativeDef::any("disable", |_, _| set_enabled(false), 0, 0),
        NativeDef::any("isenabled", |_, _| Ok(Value::bool(ENABLED.get())), 0, 0),
        NativeDef::any("mem_alloc", |vm, _| Ok(Value::small(vm.heap.held_bytes() as i64)), 0, 0),
        NativeDef::any("mem_free", |vm, _| Ok(Value::small(vm.heap.room().min(MOST_FREE) as i64)), 0, 0),
        NativeDef::any("threshold", threshold, 0, 1),
    ],
    setup: None,
};

/// What is free if nothing bounds it.
const MOST_FREE: usize = 1 << 46;
/// The threshold is kept in whole blocks, as MicroPython does.
const BLOCK: i64 = 32;

thread_local! {
    static ENABLED: Cell<bool> = const { Cell::new(true) };
    static THRESHOLD: Cell<i64> = const { Cell::new(-1) };
}

fn collect(vm: &mut Vm, _args: Args<'_>) -> R {
    vm.collect();
    Ok(Value::small(0))
}

/// Only remembered: the collector itself decides when to run.
fn set_enabled(enabled: bool) -> R {
    ENABLED.set(enabled);
    Ok(Value::NONE)
}

fn threshold(vm: &mut Vm, args: Args<'_>) -> R {
    match args.get(0) {
        Some(amount) => {
            let amount = vm.index_value(amount)?;
            THRESHOLD.set(if amount < 0 { -1 } else { amount / BLOCK * BLOCK });
            Ok(Value::NONE)
        }
        None => Ok(Value::small(THRESHOLD.get())),
    }
}
