//! Escape analysis: objects that only exits could see are made only at exits.
//!
//! An object made in the trace is *virtual* if nothing uses it but stores into itself, snapshots, and other virtual
//! objects. Its operation is marked as sunk: no code is generated for it, and an exit whose snapshot names it makes the
//! object then. Stores into it go away; instead, each snapshot names a *version* of the object, an operation of its
//! own with what the object holds at that point:
//!
//! ```text
//!   %1 = new_instance(Point)                  (nothing)
//!   addslot_instance(%1, %x, 0:8)             (nothing)
//!   guard … @7[0=%1]                          %5 = new_instance_with(Point, %x, 8) sunk ; guard … @7[0=%5]
//!   addslot_instance(%1, %y, 1:9)             (nothing)
//!   guard … @9[0=%1]                          %6 = new_instance_with(Point, %x, %y, 9) sunk ; guard … @9[0=%6]
//! ```
//!
//! The operands of a sunk operation are treated as a snapshot's values are: the exit boxes what is unboxed. Virtual
//! objects in a cycle are not made virtual.

use rustc_hash::FxHashMap;

use crate::ir::field::Field;
use crate::ir::op::OpCode;
use crate::ir::trace::{Op, Ref, Trace};

use super::compact::Rebuild;

/// An object that does not exist yet.
#[derive(Default)]
struct Virtual {
    /// What it holds now, in the old trace's terms.
    values: Vec<Ref>,
    /// Of an instance that has attributes.
    shape: Option<u64>,
    /// The newest version says all this.
    current: bool,
}

/// Sinks what can be sunk; `live` says which operations count.
pub fn sink(trace: &Trace, live: &[bool]) -> Option<Trace> {
    let virtuals = find(trace, live);
    if virtuals.is_empty() {
        return None;
    }
    let mut rebuild = Rebuild::new(trace);
    rebuild.to.params.clone_from(&trace.params);
    let mut sinker = Sinker { trace, rebuild, virtuals };
    for (n, live) in live.iter().enumerate() {
        sinker.rebuild.copy_points(n);
        if *live {
            sinker.op(n);
        }
    }
    sinker.rebuild.finish();
    Some(sinker.rebuild.to)
}

struct Sinker<'a> {
    trace: &'a Trace,
    rebuild: Rebuild<'a>,
    virtuals: FxHashMap<usize, Virtual>,
}

impl Sinker<'_> {
    fn op(&mut self, n: usize) {
        let op = self.trace.ops[n];
        if let Some(made) = self.virtuals.get_mut(&n) {
            made.values = self.trace.operands(n).to_vec();
        } else if let Some(object) = stored_into(&op).filter(|n| self.virtuals.contains_key(n)) {
            self.store(object, &op);
        } else {
            self.make_versions(&op);
            self.rebuild.copy_op(n);
        }
    }

    fn store(&mut self, object: usize, op: &Op) {
        let Some(made) = self.virtuals.get_mut(&object) else { return };
        match op.code {
            OpCode::InstanceAdd => {
                made.values.push(op.args[1]);
                made.shape = Some(op.imm >> 32);
            }
            OpCode::InstanceSet => made.values[op.imm as usize + 1] = op.args[1],
            _ => made.values[0] = op.args[1],
        }
        self.outdate(object);
        self.rebuild.forget_snapshots();
    }

    /// The versions of an object, and of all that hold it, are out of date.
    fn outdate(&mut self, object: usize) {
        let Some(made) = self.virtuals.get_mut(&object) else { return };
        made.current = false;
        let holders = self.virtuals.iter().filter(|(_, v)| v.current && v.values.contains(&Ref::op(object)));
        let holders: Vec<usize> = holders.map(|(n, _)| *n).collect();
        holders.into_iter().for_each(|n| self.outdate(n));
    }

    fn make_versions(&mut self, op: &Op) {
        let Some(snapshot) = self.trace.snapshots.get(op.snap.0 as usize) else { return };
        for n in snapshot.refs().filter_map(Ref::as_op) {
            self.make_version(n);
        }
    }

    fn make_version(&mut self, n: usize) {
        let Some(made) = self.virtuals.get(&n).filter(|made| !made.current) else { return };
        let (values, shape) = (made.values.clone(), made.shape);
        values.iter().filter_map(|r| r.as_op()).for_each(|n| self.make_version(n));
        let values: Vec<Ref> =
            values.into_iter().map(|r| self.rebuild.translate(unboxed(self.trace, r))).collect();
        let op = match shape {
            Some(shape) => Op::new(OpCode::NewInstanceWith, &[], shape),
            None => self.trace.ops[n],
        };
        let args = if op.code.operands() == "*" {
            self.rebuild.to.pool_args(&values)
        } else {
            Op::new(op.code, &values, 0).args
        };
        let version = self.rebuild.push_sunk(Op { args, ..op });
        self.rebuild.bind(Ref::op(n), version);
        if let Some(made) = self.virtuals.get_mut(&n) {
            made.current = true;
        }
    }
}

fn unboxed(trace: &Trace, r: Ref) -> Ref {
    match r.as_op().map(|n| &trace.ops[n]) {
        Some(op) if matches!(op.code, OpCode::BoxInt | OpCode::BoxFloat | OpCode::BoxBool) => op.args[0],
        _ => r,
    }
}

/// The object a store changes, if versions can express it.
fn stored_into(op: &Op) -> Option<usize> {
    let expressible = match op.code {
        OpCode::InstanceAdd | OpCode::InstanceSet => true,
        OpCode::SetField => Field::from_imm(op.imm) == Field::CellValue,
        _ => false,
    };
    op.args[0].as_op().filter(|_| expressible)
}

/// The objects that can be virtual.
fn find(trace: &Trace, live: &[bool]) -> FxHashMap<usize, Virtual> {
    let mut search =
        Search { escaped: vec![true; trace.ops.len()], inside: Vec::new(), slots: FxHashMap::default() };
    for n in (0..trace.ops.len()).filter(|n| live[*n]) {
        search.visit(trace, n);
    }
    trace.keep.iter().for_each(|r| search.escape(*r));
    let found = (0..trace.ops.len()).filter(|n| !search.escaped[*n]);
    found.map(|n| (n, Virtual::default())).collect()
}

struct Search {
    /// By operation; also true of all that is no candidate.
    escaped: Vec<bool>,
    /// Container and content.
    inside: Vec<(usize, usize)>,
    /// How many attributes an instance has.
    slots: FxHashMap<usize, u64>,
}

impl Search {
    fn visit(&mut self, trace: &Trace, n: usize) {
        use OpCode::*;
        let op = &trace.ops[n];
        match op.code {
            NewTuple | NewInstance | NewCell | NewBoundMethod | NewRange | NewFunction | NewClosure
            | BoxFloat => {
                self.escaped[n] = false;
                trace.operands(n).iter().for_each(|r| self.put(n, *r));
            }
            InstanceAdd | InstanceSet | SetField => self.store(trace, op),
            // A box is what it holds, for a virtual container.
            _ => trace.operands(n).iter().for_each(|r| self.escape(*r)),
        }
    }

    fn store(&mut self, trace: &Trace, op: &Op) {
        let target = stored_into(op).filter(|n| !self.escaped[*n] && self.fits(trace, *n, op));
        match target {
            Some(object) => self.put(object, op.args[1]),
            None => {
                self.escape(op.args[0]);
                self.escape(op.args[1]);
            }
        }
    }

    /// The store goes to a slot that a version has.
    fn fits(&mut self, trace: &Trace, object: usize, op: &Op) -> bool {
        let slots = self.slots.entry(object).or_default();
        match (op.code, trace.ops[object].code) {
            (OpCode::InstanceAdd, OpCode::NewInstance) if op.imm & 0xffff_ffff == *slots => {
                *slots += 1;
                true
            }
            (OpCode::InstanceSet, OpCode::NewInstance) => op.imm < *slots,
            (OpCode::SetField, OpCode::NewCell) => true,
            _ => false,
        }
    }

    fn put(&mut self, container: usize, content: Ref) {
        let Some(content) = content.as_op().filter(|n| !self.escaped[*n]) else { return };
        self.inside.push((container, content));
        if self.escaped[container] || self.holds(content, container) {
            self.escape(Ref::op(content));
        }
    }

    /// Whether `outer` holds `inner`, at any depth, or is it.
    fn holds(&self, outer: usize, inner: usize) -> bool {
        outer == inner || self.inside.iter().any(|(c, x)| *c == outer && self.holds(*x, inner))
    }

    fn escape(&mut self, r: Ref) {
        let Some(n) = r.as_op().filter(|n| !self.escaped[*n]) else { return };
        self.escaped[n] = true;
        let contents: Vec<usize> = self.inside.iter().filter(|(c, _)| *c == n).map(|(_, x)| *x).collect();
        contents.into_iter().for_each(|x| self.escape(Ref::op(x)));
    }
}

#[cfg(test)]
mod tests {
    use crate::opt::testing::check_linear;

    #[test]
    fn instances_have_versions() {
        check_linear(
            "all",
            "[%x:ref, %y:ref]
            %p = new_instance(ref:1f00)
            addslot_instance(%p, %x, 0:8)
            guard_int(%y) @1[] @2[0=%p, 1=%y]
            addslot_instance(%p, %y, 1:9)
            guard_class(%p, Instance) @3[0=%p]
            guard_shape(%p, 9) @3[0=%p]
            %1 = getslot_instance(%p, 1)
            %2 = unbox_int(%1)
            %3 = int_add_ovf(%2, 1) @4[0=%p]
            %4 = box_int(%3)
            setslot_instance(%p, %4, 0)
            guard_int(%x) @5[0=%p, 1=%p]
            finish(None)",
            "[%x:ref, %y:ref]
            %v = new_instance_with(ref:1f00, %x, 8) sunk
            guard_int(%y) @1[] @2[0=%v, 1=%y]
            %2 = unbox_int(%y)
            %w = new_instance_with(ref:1f00, %x, %y, 9) sunk
            %3 = int_add_ovf(%2, 1) @4[0=%w]
            %u = new_instance_with(ref:1f00, %3, %y, 9) sunk
            guard_int(%x) @5[0=%u, 1=%u]
            finish(None)",
        );
    }

    #[test]
    fn what_is_inside_sinks_and_escapes_with_its_container() {
        check_linear(
            "all",
            "[%x:ref, %f:float]
            %a = box_float(%f)
            %b = new_tuple(%a, %x)
            %c = new_tuple(%b, %b)
            %d = new_cell(%x)
            %e = new_tuple(%d)
            guard_poll() @1[0=%c, 1=%e]
            %r = call(%e, 7)
            guard_no_exception(%r) !@1[0=%c]
            finish(None)",
            "[%x:ref, %f:float]
            %d = new_cell(%x)
            %e = new_tuple(%d)
            %b = new_tuple(%f, %x) sunk
            %c = new_tuple(%b, %b) sunk
            guard_poll() @1[0=%c, 1=%e]
            %r = call(%e, 7)
            guard_no_exception(%r) !@1[0=%c]
            finish(None)",
        );
    }

    #[test]
    fn cells_change_inside_their_holders() {
        check_linear(
            "all",
            "[%x:ref, %y:ref]
            %c = new_cell(%x)
            %t = new_tuple(%c)
            guard_poll() @1[0=%t]
            setfield(%c, %y, cell.value)
            guard_int(%x) @2[0=%t, 1=%c]
            finish(None)",
            "[%x:ref, %y:ref]
            %c = new_cell(%x) sunk
            %t = new_tuple(%c) sunk
            guard_poll() @1[0=%t]
            %d = new_cell(%y) sunk
            %u = new_tuple(%d) sunk
            guard_int(%x) @2[0=%u, 1=%d]
            finish(None)",
        );
    }

    #[test]
    fn functions_and_ranges_are_made_at_exits() {
        check_linear(
            "all",
            "[%g:ref, %x:ref, %n:int]
            %f = new_function(%g, NULL, NULL, 4096)
            %c = new_cell(%x)
            %t = new_tuple(%c)
            %k = new_closure(%f, %t)
            %1 = getfield(%k, closure.function)
            guard_code(%1, 4096) @1[]
            %r = new_range(0, %n, 1)
            %2 = getfield_i(%r, range.stop)
            guard_poll() @2[0=%k, 1=%r, 2=%2]
            finish(None)",
            "[%g:ref, %x:ref, %n:int]
            %f = new_function(%g, NULL, NULL, 4096) sunk
            %c = new_cell(%x) sunk
            %t = new_tuple(%c) sunk
            %k = new_closure(%f, %t) sunk
            %r = new_range(0, %n, 1) sunk
            guard_poll() @2[0=%k, 1=%r, 2=%n]
            finish(None)",
        );
    }
}
