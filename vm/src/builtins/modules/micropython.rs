//! `micropython`. Without `heap_lock`: our allocations are not MicroPython's, so counting them says nothing.

use crate::builtins::ModuleDef;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "micropython",
    functions: &[
        NativeDef::pure("const", |_, args| Ok(args.pos[0]), 1, 1),
        NativeDef::any("opt_level", opt_level, 0, 1),
        NativeDef::any("mem_info", |_, _| Ok(Value::NONE), 0, 1),
        NativeDef::any("qstr_info", |_, _| Ok(Value::NONE), 0, 1),
        NativeDef::any("stack_use", |_, _| Ok(Value::small(0)), 0, 0),
        NativeDef::any("alloc_emergency_exception_buf", |_, _| Ok(Value::NONE), 1, 1),
        NativeDef::any("kbd_intr", |_, _| Ok(Value::NONE), 1, 1),
    ],
    setup: None,
};

fn opt_level(vm: &mut Vm, args: Args<'_>) -> R {
    match args.get(0) {
        Some(level) => {
            vm.opt_level = vm.index_value(level)?.clamp(0, 3) as u8;
            Ok(Value::NONE)
        }
        None => Ok(Value::small(vm.opt_level as i64)),
    }
}
