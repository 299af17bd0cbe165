//! MicroPython's bytecode: the instructions, the functions and modules made of them, and the `.mpy` file.

mod debug;
mod decode;
pub mod disasm;
mod error;
mod module;
pub mod mpy;
mod number;
mod opcode;
mod prelude;
mod read;
mod statics;
mod verify;

pub use debug::{Debug, Mark, MarkKind};
pub use decode::{Instr, decode, instructions};
pub use error::MpyError;
pub use module::{Const, Module, RawCode};
pub use opcode::{BASE, BinaryOp, OpInfo, Operand, UnaryOp, info, op};
pub use prelude::{Lines, Prelude, ScopeFlags, line_of};
pub(crate) use prelude::{Signature, encode_line, encode_sizes};
pub(crate) use verify::{Jump, Layouts};
