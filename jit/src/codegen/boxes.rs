//! Boxes of floats, allocated together.
//!
//! A step of a simulation writes six attributes, and each is a new box. Nothing between them can start a collection,
//! so the first one takes the cells of all:
//!
//! ```text
//!   box ─ guard ─ box ─ store ─ box ─ call ─ box ─ box ─ jump
//!    └── row of 3 ──┴────────────┘         └── 2 ──┘
//! ```
//!
//! Every cell of a row is made a float at once, with any number in it: where a guard fails in between, the rest of the
//! row is garbage like any other. A call ends a row, because the collector would find those garbage floats and free
//! them while they are still to be used.

use cranelift_codegen::ir::{InstBuilder, Value};
use vm::object::kind::Kind;
use vm::object::number::Float;

use super::CodegenError;
use super::exit::is_sunk;
use super::lower::Lower;
use super::object::FLOAT;
use crate::ir::op::OpCode;
use crate::ir::trace::Op;

/// Boxes of one row at most: what a failing guard may waste.
const ROW: usize = 8;

/// Cells that are still to be used.
#[derive(Clone, Copy)]
pub struct Row {
    next: Value,
    left: usize,
}

impl Lower<'_, '_, '_> {
    /// The box of operation `n`.
    pub fn box_float(&mut self, n: usize, op: &Op) -> Result<Value, CodegenError> {
        let value = self.value(op.args[0])?;
        let row = match self.row.filter(|row| row.left > 0) {
            Some(row) => row,
            None => self.new_row(n)?,
        };
        self.store(value, row.next, FLOAT);
        let next = self.b.ins().iadd_imm_s(row.next, size_of::<Float>() as i64);
        self.row = Some(Row { next, left: row.left - 1 });
        Ok(row.next)
    }

    /// The boxes from operation `n` on that need no call in between.
    fn new_row(&mut self, n: usize) -> Result<Row, CodegenError> {
        let ops = self.trace.ops.iter().enumerate().skip(n);
        let same_row = ops.take_while(|(_, op)| !ends_row(op));
        let left = same_row.filter(|(n, op)| op.code == OpCode::BoxFloat && !is_sunk(self.trace, *n));
        let left = left.take(ROW).count();
        let next = self.cells(size_of::<Float>(), left)?;
        for k in 0..left {
            self.store_number(Kind::Float as i64, next, (k * size_of::<Float>()) as i32);
        }
        Ok(Row { next, left })
    }
}

/// A collection may happen in this operation.
pub fn ends_row(op: &Op) -> bool {
    let flags = op.code.flags();
    flags.call || flags.end
}
