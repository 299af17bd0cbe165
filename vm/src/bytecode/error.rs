use std::fmt;

/// Why a byte sequence is not a module, a function or an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MpyError {
    /// The header is not that of a version 6 file for this machine.
    Header,
    /// The file wants native code.
    NativeCode,
    /// The bytes end in the middle of something.
    Truncated,
    /// A number does not fit its place.
    Overflow,
    /// A text is not UTF-8.
    Text,
    /// An unknown kind of object, or one whose text cannot be read.
    Object,
    /// Raw codes or tuples are nested too deeply.
    Depth,
    /// A function's prelude contradicts itself.
    Prelude,
    /// No instruction has this byte.
    Opcode(u8),
    /// An operand names a qstr, object, child or local which is not there.
    Index,
    /// A jump leaves the function or enters an instruction in its middle, or control runs off its end.
    Jump,
    /// An instruction finds something else on the stack, or another depth or other handlers, than it must.
    Stack,
}

impl MpyError {
    /// The text of the `ValueError` that MicroPython raises for this.
    pub fn message(self) -> &'static str {
        match self {
            MpyError::NativeCode => "native code in .mpy unsupported",
            _ => "incompatible .mpy file",
        }
    }
}

impl fmt::Display for MpyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            MpyError::Header => "bad header",
            MpyError::NativeCode => return f.write_str(self.message()),
            MpyError::Truncated => "it ends too early",
            MpyError::Overflow => "a number is too large",
            MpyError::Text => "a text is not UTF-8",
            MpyError::Object => "bad constant object",
            MpyError::Depth => "nested too deeply",
            MpyError::Prelude => "bad function prelude",
            MpyError::Opcode(byte) => return write!(f, "{}: unknown opcode {byte:#04x}", self.message()),
            MpyError::Index => "an index is out of range",
            MpyError::Jump => "bad jump target",
            MpyError::Stack => "the stack does not fit its instructions",
        };
        write!(f, "{}: {why}", self.message())
    }
}

impl std::error::Error for MpyError {}
