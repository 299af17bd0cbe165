//! A trace: operations, constants, snapshots.
//!
//! ```text
//!   [p0:Int, p1:Ref]                       params
//!   %2 = getfield_raw(p1)                  ops: index = name
//!   %3 = uint_lt(p0, %1)
//!   guard_true(%3)  → snapshot 0
//! ```
//!
//! Operations are fixed-width; the few with many operands keep them in a pool.

use rustc_hash::FxHashMap;
use vm::object::value::Value;

use super::op::{OpCode, Ty};
use super::snapshot::Snapshot;

/// The result of an operation, or a constant.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref(pub u32);

const CONST: u32 = 1 << 31;

impl Ref {
    /// No operand.
    pub const NONE: Ref = Ref(u32::MAX);

    pub const fn op(index: usize) -> Ref {
        Ref(index as u32)
    }

    /// Index of the operation, unless it is a constant.
    pub fn as_op(self) -> Option<usize> {
        (self.0 & CONST == 0).then_some(self.0 as usize)
    }

    /// Index of the constant.
    pub fn as_const(self) -> Option<usize> {
        (self.0 & CONST != 0 && self != Ref::NONE).then_some((self.0 & !CONST) as usize)
    }

    pub fn is_const(self) -> bool {
        self.as_const().is_some()
    }
}

impl std::fmt::Debug for Ref {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.as_op(), self.as_const()) {
            (Some(n), _) => write!(f, "%{n}"),
            (_, Some(n)) => write!(f, "k{n}"),
            _ => f.write_str("-"),
        }
    }
}

/// A constant of the trace. Refs are kept alive by the owner of the trace.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Const {
    Int(i64),
    /// Bits of a double.
    Float(u64),
    Ref(u64),
    Bool(bool),
}

impl Const {
    pub fn ty(self) -> Ty {
        match self {
            Const::Int(_) => Ty::Int,
            Const::Float(_) => Ty::Float,
            Const::Ref(_) => Ty::Ref,
            Const::Bool(_) => Ty::Bool,
        }
    }
}

/// Index into `Trace::snapshots`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SnapId(pub u32);

impl SnapId {
    pub const NONE: SnapId = SnapId(u32::MAX);
}

/// One operation. `imm` is what the table says; operands not used are [`Ref::NONE`].
/// For operations with `*` operands, `args[0].0` is the start in the pool and `args[1].0` the count.
#[derive(Clone, Copy, Debug)]
pub struct Op {
    pub code: OpCode,
    /// Result type (differs from the table's only for `Param`).
    pub ty: Ty,
    pub args: [Ref; 3],
    pub imm: u64,
    pub snap: SnapId,
}

impl Op {
    /// `imm` of an operation that leaves on overflow, where something else was decided because it has not: it stays even
    /// if nothing uses its result.
    pub const RELIED_ON: u64 = 1;

    /// It computes, and leaves if the result is none.
    pub fn is_checked(&self) -> bool {
        let flags = self.code.flags();
        flags.guard && flags.pure
    }
}

/// A straight line of operations with one entry.
#[derive(Clone, Default)]
pub struct Trace {
    /// Types of the parameters; `Param` operation `n` has the type `params[n]`.
    pub params: Vec<Ty>,
    pub ops: Vec<Op>,
    pub consts: Vec<Const>,
    /// Operands of operations with any number of them.
    pub pool: Vec<Ref>,
    pub snapshots: Vec<Snapshot>,
    /// Operations that the escape analysis took out: allocated only when a guard fails (index = operation).
    pub sunk: Vec<bool>,
    /// Where in the program each stretch of operations comes from, for logs: before operation `.0`.
    pub merge_points: Vec<(u32, MergePoint)>,
    /// Values that must stay live up to every exit although no snapshot names them: the loop's invariants, which a
    /// bridge needs to jump back.
    pub keep: Vec<Ref>,
    known: FxHashMap<Const, Ref>,
}

/// A bytecode position inside a trace.
#[derive(Clone, Copy, Debug)]
pub struct MergePoint {
    pub code: &'static vm::object::function::Code,
    /// Offset of the instruction.
    pub ip: u32,
    /// 0 in the loop's own function, deeper in inlined calls.
    pub depth: u32,
}

impl Trace {
    pub fn constant(&mut self, constant: Const) -> Ref {
        let next = Ref(self.consts.len() as u32 | CONST);
        let known = *self.known.entry(constant).or_insert(next);
        if known == next {
            self.consts.push(constant);
        }
        known
    }

    pub fn int(&mut self, n: i64) -> Ref {
        self.constant(Const::Int(n))
    }

    pub fn float(&mut self, f: f64) -> Ref {
        self.constant(Const::Float(f.to_bits()))
    }

    pub fn value(&mut self, value: Value) -> Ref {
        self.constant(Const::Ref(value.bits()))
    }

    pub fn boolean(&mut self, b: bool) -> Ref {
        self.constant(Const::Bool(b))
    }

    /// The constant behind a reference.
    pub fn const_of(&self, r: Ref) -> Option<Const> {
        r.as_const().map(|n| self.consts[n])
    }

    pub fn ty(&self, r: Ref) -> Ty {
        match (r.as_op(), r.as_const()) {
            (Some(n), _) => self.ops[n].ty,
            (_, Some(n)) => self.consts[n].ty(),
            _ => Ty::Void,
        }
    }

    /// Appends an operation and returns its result.
    pub fn push(&mut self, op: Op) -> Ref {
        self.ops.push(op);
        Ref::op(self.ops.len() - 1)
    }

    /// Appends a parameter of this type (all `Param` operations come first).
    pub fn param(&mut self, ty: Ty) -> Ref {
        let imm = self.params.len() as u64;
        self.params.push(ty);
        self.push(Op { code: OpCode::Param, ty, args: [Ref::NONE; 3], imm, snap: SnapId::NONE })
    }

    /// Puts operands into the pool and returns them as an operation's `args`.
    pub fn pool_args(&mut self, args: &[Ref]) -> [Ref; 3] {
        let start = self.pool.len() as u32;
        self.pool.extend_from_slice(args);
        [Ref(start), Ref(args.len() as u32), Ref::NONE]
    }

    /// The operands of operation `n`, whatever their form.
    pub fn operands(&self, n: usize) -> &[Ref] {
        self.operands_of(&self.ops[n])
    }

    pub fn operands_of<'a>(&'a self, op: &'a Op) -> &'a [Ref] {
        if op.code.operands() == "*" {
            let (start, count) = (op.args[0].0 as usize, op.args[1].0 as usize);
            &self.pool[start..start + count]
        } else {
            &op.args[..op.code.operands().len()]
        }
    }
}

impl Op {
    /// An operation without snapshot.
    pub fn new(code: OpCode, args: &[Ref], imm: u64) -> Op {
        let mut all = [Ref::NONE; 3];
        all[..args.len()].copy_from_slice(args);
        Op { code, ty: code.ty(), args: all, imm, snap: SnapId::NONE }
    }
}
