//! `_loopscope`: what the tools written in Python (`-X trace`, `--coverage`, `--debug`) cannot get elsewhere.

use crate::builtins::ModuleDef;
use crate::builtins::types::frame::local_name;
use crate::bytecode::{Instr, Operand, decode, op};
use crate::error::R;
use crate::object::frame::CodeObject;
use crate::object::function::{Args, Code, NativeDef};
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "_loopscope",
    functions: &[NativeDef::any("instruction", instruction, 2, 2)],
    setup: None,
};

/// `instruction(code, offset)`: its name and operand, names instead of numbers.
fn instruction(vm: &mut Vm, args: Args<'_>) -> R {
    let Some(object) = args.pos[0].cast::<CodeObject>() else {
        return Err(vm.type_error("argument should be a code object"));
    };
    let offset = vm.index_value(args.pos[1])?;
    match decode(object.code.ops, usize::try_from(offset).unwrap_or(usize::MAX)) {
        Ok(instr) => {
            let operand = operand(vm, object.code, &instr)?;
            Ok(vm.str(format!("{}{operand}", instr.info.name)))
        }
        Err(error) => Err(vm.value_error(error.message())),
    }
}

fn operand(vm: &mut Vm, code: &Code, instr: &Instr) -> R<String> {
    let arg = instr.arg;
    let local = |at: i64| code.debug.as_ref().and_then(|d| d.locals.get(at as usize)).map(|n| local_name(n));
    let qstr = |at: i64| code.unit.qstrs.get(at as usize).map_or("?", |text| &*text.text);
    Ok(match instr.info.operand {
        Operand::None => String::new(),
        Operand::Qstr if instr.op == op::LOAD_CONST_STRING => format!(" '{}'", qstr(arg)),
        Operand::Qstr => format!(" {}", qstr(arg)),
        Operand::Object => {
            let value = code.unit.consts.get(arg as usize).copied().unwrap_or(Value::NONE);
            format!(" {}", vm.repr(value)?)
        }
        Operand::Packed { .. } | Operand::Local if is_local(instr) => match local(arg) {
            Some(name) => format!(" {arg} {name}"),
            None => format!(" {arg}"),
        },
        Operand::Call => format!(" n={} nkw={}", arg & 0xff, arg >> 8 & 0xff),
        Operand::ChildPlusByte | Operand::ChildPlusVaruint | Operand::Pair | Operand::SignedJumpPlusByte => {
            format!(" {arg} {}", instr.extra)
        }
        Operand::Packed { .. }
        | Operand::Local
        | Operand::Child
        | Operand::Varuint
        | Operand::SignedVarint
        | Operand::SignedJump
        | Operand::FarJump
        | Operand::UnsignedJump => format!(" {arg}"),
    })
}

fn is_local(instr: &Instr) -> bool {
    instr.info.name.contains("_FAST") || instr.info.name.contains("_DEREF")
}
