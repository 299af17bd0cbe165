//! Where compiled code calls: which frames wait there, and at which instructions.
//!
//! Frames that run compiled code do not keep their place in memory, and inlined ones are not there at all. Whoever looks at
//! frames during a call gets them from the return addresses on the native stack, so the code itself does nothing for it.

use std::collections::BTreeMap;

use vm::vm::Standing;

use crate::codegen::Fragment;
use crate::ir::snapshot::SnapFrame;
use crate::ir::trace::Trace;

/// A stretch of code that calls.
struct Site {
    end: usize,
    /// The base frame, and those inlined above it.
    frames: Box<[Standing]>,
}

/// All of them, by address.
#[derive(Default)]
pub struct Sites {
    by_start: BTreeMap<usize, Site>,
}

impl Sites {
    /// Notes the calls of a trace that was compiled.
    pub fn add(&mut self, trace: &Trace, fragment: &Fragment) {
        let ends = fragment.op_offsets.iter().skip(1).map(|(_, start)| *start as usize);
        for ((op, start), end) in fragment.op_offsets.iter().zip(ends.chain([fragment.len])) {
            if trace.ops[*op as usize].code.flags().call {
                let site = Site { end: fragment.start + end, frames: frames_at(trace, *op as usize) };
                self.by_start.insert(fragment.start + *start as usize, site);
            }
        }
    }

    /// The frames that wait where a call returns to `address`, outermost first.
    pub fn find(&self, address: usize) -> Option<&[Standing]> {
        let (_, site) = self.by_start.range(..address).next_back()?;
        (address <= site.end).then_some(&*site.frames)
    }
}

/// The frames at operation `n`: those of the guard that looks at its result.
fn frames_at(trace: &Trace, n: usize) -> Box<[Standing]> {
    let snapshot = trace.ops[n..].iter().find_map(|op| trace.snapshots.get(op.snap.0 as usize));
    let standing = |frame: &SnapFrame| Standing { code: frame.code, globals: frame.globals, at: frame.ip };
    let mut frames: Vec<Standing> =
        snapshot.map_or_else(Vec::new, |snapshot| snapshot.frames.iter().map(standing).collect());
    // A guard for an exception resumes behind the instruction.
    let point = trace.merge_points.partition_point(|(at, _)| *at as usize <= n).checked_sub(1);
    if let (Some((_, point)), Some(last)) = (point.map(|n| trace.merge_points[n]), frames.last_mut())
        && std::ptr::eq(point.code, last.code)
    {
        last.at = point.ip;
    }
    frames.into()
}
