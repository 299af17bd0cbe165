//! Bytecode as text, in the form of MicroPython's own `mpy-cross -v -v`. Where that prints addresses, which mean
//! nothing to a reader, this prints the number of the child or leaves them out.

use std::fmt::{self, Display, Write};

use super::{BinaryOp, Const, Instr, Module, MpyError, Operand, Prelude, RawCode, UnaryOp, decode, info, op};

/// All functions of a module, the module's body first, then level by level as the compiler meets them.
pub fn module_text(module: &Module) -> Result<String, MpyError> {
    let mut text = String::new();
    let mut queue = vec![&module.root];
    let mut at = 0;
    while let Some(&code) = queue.get(at) {
        text.push_str(&function_text(module, code)?);
        queue.extend(&code.children);
        at += 1;
    }
    Ok(text)
}

/// One function: its header, bytes, prelude, line table and instructions.
pub fn function_text(module: &Module, code: &RawCode) -> Result<String, MpyError> {
    let prelude = Prelude::decode(&code.bytes)?;
    let mut text = String::new();
    // Writing to a string does not fail.
    _ = write_header(&mut text, module, code, &prelude);
    let instructions = &code.bytes[prelude.code_start..];
    let mut at = 0;
    while at < instructions.len() {
        let instr = decode(instructions, at)?;
        _ = writeln!(text, "{at:02} {}", Line { module, instr: &instr });
        at = instr.next;
    }
    Ok(text)
}

/// One instruction, without its offset: `LOAD_FAST 0`, `FOR_ITER 25`.
pub fn instruction_text(module: &Module, instr: &Instr) -> String {
    Line { module, instr }.to_string()
}

/// The name of the instruction that opcode byte `op` begins: `FOR_ITER`.
pub fn instruction_name(op: u8) -> &'static str {
    info(op).map_or("UNKNOWN", |info| info.name)
}

fn write_header(out: &mut String, module: &Module, code: &RawCode, prelude: &Prelude) -> fmt::Result {
    let bytes = &code.bytes;
    let name = qstr(module, prelude.name.into());
    writeln!(out, "File {}, code block '{name}' ({} bytes)", qstr(module, 0), bytes.len())?;
    let (info, rest) = (prelude.code_start, bytes.len() - prelude.code_start);
    writeln!(out, "Raw bytecode (code_info_size={info}, bytecode_size={rest}):")?;
    for line in bytes.chunks(16) {
        line.iter().try_for_each(|byte| write!(out, " {byte:02x}"))?;
        out.push('\n');
    }
    out.push_str("arg names:");
    for &name in &prelude.arg_names {
        write!(out, " {}", qstr(module, name.into()))?;
    }
    writeln!(out, "\n(N_STATE {})\n(N_EXC_STACK {})", prelude.n_state, prelude.n_exc_stack)?;
    for cell in &prelude.cells {
        writeln!(out, "(INIT_CELL {cell})")?;
    }
    prelude.lines(bytes).try_for_each(|(offset, line)| writeln!(out, "  bc={offset} line={line}"))
}

fn qstr(module: &Module, index: i64) -> &str {
    usize::try_from(index).ok().and_then(|index| module.qstrs.get(index)).map_or("?", |text| text)
}

struct Line<'a> {
    module: &'a Module,
    instr: &'a Instr,
}

impl Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Instr { op, info, arg, extra, .. } = *self.instr;
        f.write_str(info.name)?;
        match info.operand {
            Operand::None => Ok(()),
            Operand::Packed { .. } => write_packed(f, info.base, arg),
            Operand::Qstr if matches!(op, op::LOAD_CONST_STRING | op::IMPORT_NAME | op::IMPORT_FROM) => {
                write!(f, " '{}'", qstr(self.module, arg))
            }
            Operand::Qstr => write!(f, " {}", qstr(self.module, arg)),
            Operand::Object => match self.module.objects.get(arg as usize) {
                Some(object) => write!(f, " {}", Literal(object)),
                None => f.write_str(" ?"),
            },
            Operand::ChildPlusByte
            | Operand::SignedJumpPlusByte
            | Operand::ChildPlusVaruint
            | Operand::Pair => write!(f, " {arg} {extra}"),
            Operand::Call => write!(f, " n={} nkw={}", arg & 0xff, arg >> 8 & 0xff),
            Operand::Child
            | Operand::Local
            | Operand::Varuint
            | Operand::SignedVarint
            | Operand::SignedJump
            | Operand::FarJump
            | Operand::UnsignedJump => write!(f, " {arg}"),
        }
    }
}

fn write_packed(f: &mut fmt::Formatter<'_>, base: u8, arg: i64) -> fmt::Result {
    let dunder = match base {
        op::UNARY_OP_MULTI => UnaryOp::from_index(arg as u8).map(UnaryOp::dunder),
        op::BINARY_OP_MULTI => BinaryOp::from_index(arg as u8).map(BinaryOp::dunder),
        _ => return write!(f, " {arg}"),
    };
    match dunder {
        Some(dunder) if !dunder.is_empty() => write!(f, " {arg} {dunder}"),
        _ => write!(f, " {arg}"),
    }
}

/// A constant as it would be written in a program.
struct Literal<'a>(&'a Const);

impl Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Const::FunTable => f.write_str("<native functions>"),
            Const::None => f.write_str("None"),
            Const::False => f.write_str("False"),
            Const::True => f.write_str("True"),
            Const::Ellipsis => f.write_str("Ellipsis"),
            Const::Str(text) => write_quoted(f, &String::from_utf8_lossy(text)),
            Const::Bytes(bytes) => write!(f, "b'{}'", bytes.escape_ascii()),
            Const::Int(value) => write!(f, "{value}"),
            Const::Float(value) => f.write_str(&super::number::float(*value)),
            Const::Complex(real, imag) => f.write_str(&super::number::complex(*real, *imag)),
            Const::Tuple(items) => write_tuple(f, items),
        }
    }
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('\'')?;
    for c in text.chars() {
        match c {
            '"' => f.write_char(c)?,
            _ if c.is_ascii() => write!(f, "{}", c.escape_default())?,
            _ => f.write_char(c)?,
        }
    }
    f.write_char('\'')
}

fn write_tuple(f: &mut fmt::Formatter<'_>, items: &[Const]) -> fmt::Result {
    f.write_char('(')?;
    for (i, item) in items.iter().enumerate() {
        let separator = if i == 0 { "" } else { ", " };
        write!(f, "{separator}{}", Literal(item))?;
    }
    f.write_str(if items.len() == 1 { ",)" } else { ")" })
}
