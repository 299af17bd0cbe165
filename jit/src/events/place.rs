//! Places in the program, as logs write them.

use logs::location::Location;
use vm::bytecode::disasm::instruction_name;
use vm::object::function::Code;

use crate::ir::trace::MergePoint;

/// `FUNCTION;FILE:START-LINE~#OFFSET OPCODE`
pub fn location(code: &Code, ip: u32) -> String {
    let (function, file) = (code.name.get(), code.unit.file.get());
    let location = Location {
        function: function.text.as_bytes(),
        file: file.text.as_bytes(),
        start_line: code.line(0),
        line: code.line(ip as usize),
        offset: ip,
        opcode: opcode(code, ip).as_bytes(),
    };
    String::from_utf8_lossy(&location.render()).into_owned()
}

/// `FILE:LINE FUNCTION OPCODE`, as the design note comments on its events.
pub fn comment(point: &MergePoint) -> String {
    let MergePoint { code, ip, .. } = *point;
    let (file, function) = (code.unit.file.get(), code.name.get());
    format!("{}:{} {} {}", file.text, code.line(ip as usize), function.text, opcode(code, ip))
}

fn opcode(code: &Code, ip: u32) -> &'static str {
    code.ops.get(ip as usize).map_or("END", |op| instruction_name(*op))
}
