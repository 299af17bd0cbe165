//! What an operation is to somebody who asks why a trace is slow.

use logs::op::Op;
use serde::Serialize;

/// The kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It can leave the trace.
    Guard,
    /// It makes an object.
    Allocation,
    /// It calls what is not part of the trace.
    ResidualCall,
    /// Everything else that computes, loads or stores.
    Plain,
    /// A label, a jump, an end.
    Control,
}

impl Kind {
    /// The kinds that are counted, with the words for one and for several.
    pub const COUNTED: [(Kind, &str, &str); 3] = [
        (Kind::Guard, "guard", "guards"),
        (Kind::Allocation, "allocation", "allocations"),
        (Kind::ResidualCall, "residual call", "residual calls"),
    ];

    /// What an operation is; nothing if it only counts or tells, and is no part of the program.
    pub(super) fn of(op: &Op<'_>) -> Option<Kind> {
        let name = op.own_name();
        Some(match name {
            b"increment_debug_counter"
            | b"profile_enter"
            | b"jit_debug"
            | b"enter_portal_frame"
            | b"leave_portal_frame"
            | b"debug_merge_point" => return None,
            b"label" | b"jump" | b"jump_self" | b"jump_entry" | b"finish" => Kind::Control,
            _ if name.starts_with(b"guard_") => Kind::Guard,
            _ if is_allocation(name) => Kind::Allocation,
            _ if is_call(name) => Kind::ResidualCall,
            _ => Kind::Plain,
        })
    }
}

/// In PyPy's words, in those of its backends, and in ours.
fn is_allocation(name: &[u8]) -> bool {
    let makes =
        [&b"new"[..], b"call_malloc", b"malloc", b"box_float", b"varsize_alloc", b"nursery_ptr_increment"];
    makes.iter().any(|word| name.starts_with(word))
}

/// The collector's barriers are calls in the rarest case only.
fn is_call(name: &[u8]) -> bool {
    (name.starts_with(b"call") || name.starts_with(b"cond_call")) && !name.starts_with(b"cond_call_gc_wb")
}
