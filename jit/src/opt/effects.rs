//! Which memory operations touch.

use vm::interp::residual::Rt;
use vm::object::function::Effects;

use crate::ir::field::{Alias, Field};
use crate::ir::op::OpCode;
use crate::ir::trace::{Op, Trace};

/// A set of memory classes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AliasSet(u16);

impl AliasSet {
    pub const NONE: AliasSet = AliasSet(0);
    /// All that a call can change.
    pub const ANY: AliasSet = AliasSet(!(1 << Alias::Immutable as u16));

    pub const fn of(alias: Alias) -> AliasSet {
        AliasSet(1 << alias as u16)
    }

    pub fn insert(&mut self, alias: Alias) {
        self.0 |= AliasSet::of(alias).0;
    }

    pub const fn union(self, other: AliasSet) -> AliasSet {
        AliasSet(self.0 | other.0)
    }

    pub const fn contains(self, alias: Alias) -> bool {
        self.0 & AliasSet::of(alias).0 != 0
    }

    pub const fn intersects(self, other: AliasSet) -> bool {
        self.0 & other.0 != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a bridge did to memory, to decide whether it may jump directly to a loop body.
pub fn effects(trace: &Trace) -> AliasSet {
    let not_sunk = |n: &usize| !trace.sunk.get(*n).copied().unwrap_or(false);
    (0..trace.ops.len()).filter(not_sunk).fold(AliasSet::NONE, |set, n| set.union(writes(&trace.ops[n])))
}

/// The classes an operation may write.
pub fn writes(op: &Op) -> AliasSet {
    match op.code {
        OpCode::SlotStore => AliasSet::of(Alias::Frame),
        OpCode::SetField | OpCode::SetFieldInt => AliasSet::of(Field::from_imm(op.imm).alias()),
        OpCode::ListSet => AliasSet::of(Alias::ListItem),
        OpCode::InstanceSet => AliasSet::of(Alias::InstanceSlot),
        OpCode::ByteSet => AliasSet::of(Alias::Bytes),
        OpCode::ListAppend => AliasSet::of(Alias::ListHeader),
        // Any dict can be a namespace.
        OpCode::DictPut => AliasSet::of(Alias::TableValues).union(AliasSet::of(Alias::Entry)),
        OpCode::DictInsert => AliasSet::of(Alias::TableKeys)
            .union(AliasSet::of(Alias::TableValues))
            .union(AliasSet::of(Alias::Entry)),
        OpCode::InstanceAdd => AliasSet::of(Alias::InstanceSlot).union(AliasSet::of(Alias::Shape)),
        OpCode::EntrySet => AliasSet::of(Alias::Entry).union(AliasSet::of(Alias::TableValues)),
        _ if op.code.flags().call => call_effects(op),
        _ => AliasSet::NONE,
    }
}

/// What a call may write. Also: its arguments may become reachable from anywhere.
pub fn call_effects(op: &Op) -> AliasSet {
    match stated(op) {
        Effects::Pure | Effects::Reads => AliasSet::NONE,
        Effects::ReadsScalars | Effects::Any => AliasSet::ANY,
    }
}

/// What the table of runtime operations says of a call, or the recorder of a call of a built-in function with these
/// arguments.
fn stated(op: &Op) -> Effects {
    match op.code {
        OpCode::CallRt => Rt::from_index(op.imm as u8).map_or(Effects::Any, Rt::effects),
        OpCode::TakeException => Effects::Reads,
        OpCode::CallNative if op.imm == Effects::Pure as u64 => Effects::Pure,
        OpCode::CallNative if op.imm == Effects::Reads as u64 => Effects::Reads,
        _ => Effects::Any,
    }
}

/// The operation may run Python code.
pub fn runs_anything(op: &Op) -> bool {
    op.code.flags().call && !call_effects(op).is_empty()
}

/// The class an operation reads, if it reads changeable memory at all.
pub fn reads(op: &Op) -> Option<Alias> {
    match op.code {
        OpCode::GetField | OpCode::GetFieldInt | OpCode::GetFieldRaw => Some(Field::from_imm(op.imm).alias()),
        OpCode::ListGet => Some(Alias::ListItem),
        OpCode::InstanceGet => Some(Alias::InstanceSlot),
        OpCode::EntryGet => Some(Alias::Entry),
        OpCode::ByteAt => Some(Alias::Bytes),
        OpCode::DictFind | OpCode::DictKey => Some(Alias::TableKeys),
        OpCode::DictValue => Some(Alias::TableValues),
        OpCode::GuardShape => Some(Alias::Shape),
        _ => None,
    }
}
