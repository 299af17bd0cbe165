//! The text form of traces, for tests and people.
//!
//! ```text
//! [%0:int, %1:ref]                                   parameters
//! %2 = getfield_i(%1, list.len)                      operands, then the immediate
//! %3 = uint_lt(%0, %2)
//! guard_true(%3) @12[2=%1, 3=%0] @4[0=#7]            snapshot, base frame first: @ip[slot=value, …]
//! %5 = new_tuple(%1, None) sunk
//! jump_self(%0, %1)
//! ```
//!
//! Constants: `7` int, `7.0` float, `true` bool; words are `#7` (a small int), `None`, `True`, `False`, `NULL`,
//! `ref:1f00` (an address). A snapshot that resumes by unwinding begins with `!`, behind a
//! step of an iteration with `+`, behind a test that gave `%3` with `?%3`.

use std::fmt::{self, Display, Formatter};

use vm::object::kind::Kind;
use vm::object::value::Value;

use super::field::Field;
use super::float_fn::FLOAT_FUNCTIONS;
use super::op::{OpCode, Ty};
use super::snapshot::{Resume, Snapshot};
use super::trace::{Const, Op, Ref, Trace};

/// How an operation's immediate is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Imm {
    None,
    Number,
    Kind,
    Field,
    FloatFn,
    /// Slot and new shape, `slot:shape`.
    SlotShape,
}

/// The meaning of `imm` for each operation.
pub fn immediate(code: OpCode) -> Imm {
    use OpCode::*;
    match code {
        GuardKind => Imm::Kind,
        GetField | GetFieldInt | GetFieldRaw | SetField | SetFieldInt => Imm::Field,
        FloatCall1 | FloatCall2 => Imm::FloatFn,
        InstanceAdd => Imm::SlotShape,
        SlotLoad | SlotStore | FrameAt | GuardShape | GuardIter | GuardTupleLen | GuardCode | TupleGet
        | InstanceGet | InstanceSet | NewInstanceWith | NewFunction | EntryGet | EntrySet | CallRt
        | CallNative | JumpLoop | JumpEntry => Imm::Number,
        _ => Imm::None,
    }
}

/// A type, as parameters show it.
pub const fn type_name(ty: Ty) -> &'static str {
    match ty {
        Ty::Void => "void",
        Ty::Int => "int",
        Ty::Float => "float",
        Ty::Ref => "ref",
        Ty::Bool => "bool",
        Ty::Raw => "raw",
    }
}

impl Display for Trace {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.params.is_empty() {
            let params = self.params.iter().enumerate().map(|(n, ty)| format!("%{n}:{}", type_name(*ty)));
            writeln!(f, "[{}]", params.collect::<Vec<_>>().join(", "))?;
        }
        for (n, op) in self.ops.iter().enumerate().filter(|(_, op)| op.code != OpCode::Param) {
            write_op(f, self, n, op)?;
        }
        Ok(())
    }
}

fn write_op(f: &mut Formatter<'_>, trace: &Trace, n: usize, op: &Op) -> fmt::Result {
    if op.ty != Ty::Void {
        write!(f, "%{n} = ")?;
    }
    let mut args: Vec<String> = trace.operands_of(op).iter().map(|r| reference(trace, *r)).collect();
    args.extend(immediate_text(op));
    write!(f, "{}({})", op.code.mnemonic(), args.join(", "))?;
    if let Some(snapshot) = trace.snapshots.get(op.snap.0 as usize) {
        write_snapshot(f, trace, snapshot)?;
    }
    f.write_str(if trace.sunk.get(n) == Some(&true) { " sunk\n" } else { "\n" })
}

/// The immediate, if the operation has one.
pub fn immediate_text(op: &Op) -> Option<String> {
    match immediate(op.code) {
        Imm::None => None,
        Imm::Number => Some(op.imm.to_string()),
        Imm::Kind => Some(Kind::ALL.get(op.imm as usize).map_or("?".into(), |k| format!("{k:?}"))),
        Imm::Field => Some(Field::from_imm(op.imm).name().into()),
        Imm::FloatFn => Some(FLOAT_FUNCTIONS[op.imm as usize].0.into()),
        Imm::SlotShape => Some(format!("{}:{}", op.imm & 0xffff_ffff, op.imm >> 32)),
    }
}

/// An operand.
pub fn reference(trace: &Trace, r: Ref) -> String {
    match trace.const_of(r) {
        Some(constant) => constant.to_string(),
        None => format!("{r:?}"),
    }
}

impl Display for Const {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Const::Int(n) => write!(f, "{n}"),
            Const::Float(bits) => write!(f, "{:?}", f64::from_bits(*bits)),
            Const::Bool(b) => write!(f, "{b}"),
            Const::Ref(bits) => write_word(f, Value::from_bits(*bits)),
        }
    }
}

fn write_word(f: &mut Formatter<'_>, value: Value) -> fmt::Result {
    match value {
        Value::NULL => f.write_str("NULL"),
        Value::NONE => f.write_str("None"),
        Value::TRUE => f.write_str("True"),
        Value::FALSE => f.write_str("False"),
        _ => match value.as_small() {
            Some(n) => write!(f, "#{n}"),
            None => write!(f, "ref:{:x}", value.bits()),
        },
    }
}

fn write_snapshot(f: &mut Formatter<'_>, trace: &Trace, snapshot: &Snapshot) -> fmt::Result {
    match snapshot.resume {
        Resume::Execute => {}
        Resume::Raise => f.write_str(" !")?,
        Resume::Iterated => f.write_str(" +")?,
        Resume::Tested(truth) => write!(f, " ?{}", reference(trace, truth))?,
    }
    for frame in &snapshot.frames {
        let mut slots: Vec<String> = Vec::new();
        if frame.generator != Ref::NONE {
            slots.push(format!("gen={}", reference(trace, frame.generator)));
        }
        slots.extend(frame.slots.iter().map(|(slot, r)| format!("{slot}={}", reference(trace, *r))));
        write!(f, " @{}[{}]", frame.ip, slots.join(", "))?;
    }
    Ok(())
}
