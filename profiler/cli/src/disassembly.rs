//! A module's bytecode in the form in which MicroPython prints it, function by function, callers before callees.
//!
//! Where MicroPython prints an address, this prints a number: a child's position among its siblings, an object's in
//! the module's table. So two listings of the same module are the same.

use std::fmt::Write;
use vm::bytecode::{
    BinaryOp, Const, Instr, Module, MpyError, Operand, Prelude, RawCode, UnaryOp, instructions, op,
};

/// The listing of a module.
pub fn module(module: &Module) -> Result<String, MpyError> {
    let mut lister = Lister { module, out: String::new() };
    lister.function(&module.root, &mut 0)?;
    Ok(lister.out)
}

struct Lister<'a> {
    module: &'a Module,
    out: String,
}

impl Lister<'_> {
    fn function(&mut self, code: &RawCode, number: &mut usize) -> Result<(), MpyError> {
        let prelude = Prelude::decode(&code.bytes)?;
        self.header(code, &prelude, *number);
        self.prelude(code, &prelude);
        for instr in instructions(&code.bytes[prelude.code_start..]) {
            let instr = instr?;
            let text = self.instruction(&instr);
            self.line(format_args!("{:02} {text}", instr.offset));
        }
        for child in &code.children {
            *number += 1;
            self.function(child, number)?;
        }
        Ok(())
    }

    fn header(&mut self, code: &RawCode, prelude: &Prelude, number: usize) {
        let (file, name) = (self.qstr(0), self.qstr(i64::from(prelude.name)));
        let size = code.bytes.len();
        let start = prelude.code_start;
        self.line(format_args!(
            "File {file}, code block '{name}' (descriptor: {number}, bytecode @{number} {size} bytes)"
        ));
        self.line(format_args!("Raw bytecode (code_info_size={start}, bytecode_size={}):", size - start));
        for row in code.bytes.chunks(16) {
            let row: String = row.iter().map(|byte| format!(" {byte:02x}")).collect();
            self.line(format_args!("{row}"));
        }
    }

    fn prelude(&mut self, code: &RawCode, prelude: &Prelude) {
        let args = prelude.arg_names.iter().map(|&name| format!(" {}", self.qstr(i64::from(name))));
        let args: String = args.collect();
        self.line(format_args!("arg names:{args}"));
        self.line(format_args!("(N_STATE {})", prelude.n_state));
        self.line(format_args!("(N_EXC_STACK {})", prelude.n_exc_stack));
        for cell in &prelude.cells {
            self.line(format_args!("(INIT_CELL {cell})"));
        }
        for (offset, line) in prelude.lines(&code.bytes) {
            self.line(format_args!("  bc={offset} line={line}"));
        }
    }

    fn instruction(&self, instr: &Instr) -> String {
        let (name, arg) = (instr.info.name, instr.arg);
        match instr.info.operand {
            Operand::None => name.to_owned(),
            Operand::Packed { .. } => packed(instr),
            Operand::Qstr if is_quoted(instr.op) => format!("{name} '{}'", self.qstr(arg)),
            Operand::Qstr => format!("{name} {}", self.qstr(arg)),
            Operand::Object => format!("{name} {arg}={}", self.object(arg)),
            Operand::Call => format!("{name} n={} nkw={}", arg & 0xff, arg >> 8 & 0xff),
            Operand::ChildPlusByte | Operand::SignedJumpPlusByte => format!("{name} {arg} {}", instr.extra),
            Operand::Child
            | Operand::Local
            | Operand::Varuint
            | Operand::SignedVarint
            | Operand::SignedJump
            | Operand::UnsignedJump => format!("{name} {arg}"),
        }
    }

    fn qstr(&self, index: i64) -> String {
        let found = usize::try_from(index).ok().and_then(|index| self.module.qstrs.get(index));
        found.map_or_else(|| "?".to_owned(), |text| text.to_string())
    }

    fn object(&self, index: i64) -> String {
        let found = usize::try_from(index).ok().and_then(|index| self.module.objects.get(index));
        found.map_or_else(|| "?".to_owned(), constant)
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{text}");
    }
}

/// Small integers and locals in the opcode, and operators with their methods' names.
fn packed(instr: &Instr) -> String {
    let (name, arg) = (instr.info.name, instr.arg);
    let operator = match instr.info.base {
        op::UNARY_OP_MULTI => UnaryOp::from_index(arg as u8).map(UnaryOp::dunder),
        op::BINARY_OP_MULTI => BinaryOp::from_index(arg as u8).map(BinaryOp::dunder),
        _ => None,
    };
    operator.map_or_else(|| format!("{name} {arg}"), |method| format!("{name} {arg} {method}"))
}

fn is_quoted(opcode: u8) -> bool {
    matches!(opcode, op::LOAD_CONST_STRING | op::IMPORT_NAME | op::IMPORT_FROM)
}

/// A constant as `repr` would show it.
fn constant(value: &Const) -> String {
    match value {
        Const::FunTable => "<native functions>".to_owned(),
        Const::None => "None".to_owned(),
        Const::False => "False".to_owned(),
        Const::True => "True".to_owned(),
        Const::Ellipsis => "Ellipsis".to_owned(),
        Const::Str(text) => quoted(&String::from_utf8_lossy(text)),
        Const::Bytes(bytes) => format!("b'{}'", bytes.escape_ascii()),
        Const::Int(number) => number.to_string(),
        Const::Float(number) => format!("{number:?}"),
        Const::Complex(real, imag) => format!("({real:?}{imag:+?}j)"),
        Const::Tuple(items) => {
            let comma = if items.len() == 1 { "," } else { "" };
            format!("({}{comma})", items.iter().map(constant).collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(source: &str) -> String {
        let compiled = vm::compile::compile(source, "t.py", &vm::compile::Options::default()).unwrap();
        module(&compiled).unwrap()
    }

    #[test]
    fn the_operand_forms() {
        let text =
            listing("def f(a, b):\n    while a < 1000: a += b\n    return not f('x', k=2.5)\nimport f\n");
        let expected = [
            "arg names: a b",
            "LOAD_FAST 0",
            "LOAD_CONST_SMALL_INT 1000",
            "BINARY_OP 0 __lt__",
            "BINARY_OP 14 __iadd__",
            "LOAD_CONST_STRING 'x'",
            "LOAD_CONST_OBJ 0=2.5",
            "CALL_FUNCTION n=1 nkw=1",
            "UNARY_OP 3 ",
            "IMPORT_NAME 'f'",
            "MAKE_FUNCTION 0",
            "RETURN_VALUE",
        ];
        for line in expected {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn constants_look_like_python() {
        let tuple = Const::Tuple(vec![Const::Str(b"it's\n"[..].into()), Const::Bytes(b"\0"[..].into())]);
        assert_eq!(constant(&tuple), "(\"it's\\n\", b'\\x00')");
        assert_eq!(constant(&Const::Complex(0.0, -1.5)), "(0.0-1.5j)");
    }
}
