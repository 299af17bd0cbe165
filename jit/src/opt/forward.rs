//! Memory: loads are answered by earlier loads and stores.
//!
//! The pass knows the value of some locations. A store changes what is known of every location that it may touch
//! ([`Emitter::may_alias`]); a call forgets all but what is immutable or private to the trace. A store of the value that
//! is there already goes; so does a store that is overwritten before anything can look (every guard can: it may leave
//! the trace).

use crate::ir::field::{Alias, Field};
use crate::ir::op::OpCode;
use crate::ir::trace::{Op, Ref, Trace};

use super::effects;
use super::emit::{Emitter, Step};

/// One word of memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Location {
    alias: Alias,
    /// Field or slot number.
    imm: u64,
    object: Ref,
    /// `NONE` where `imm` says it all.
    index: Ref,
}

#[derive(Clone, Copy)]
struct Known {
    at: Location,
    value: Ref,
    /// Established by the loop's entry.
    from_entry: bool,
    /// The store that put it there, and the number of exits before it.
    store: Option<(usize, u32)>,
}

/// What is known of memory.
#[derive(Default)]
pub struct Memory {
    known: Vec<Known>,
    /// How many operations have passed at which the trace can be left.
    exits: u32,
}

pub fn before(emitter: &mut Emitter, op: Op) -> Step {
    let Some(at) = location(emitter, &op) else { return Step::Next(op) };
    let Some(known) = emitter.memory.known.iter().find(|known| known.at == at).copied() else {
        return Step::Next(op);
    };
    let value = emitter.resolve(known.value);
    match stored(&op) {
        Some(new) if new == value && op.code != OpCode::InstanceAdd => answer(emitter, known, Step::Gone),
        None if emitter.ty(value) == op.ty => answer(emitter, known, Step::Is(value)),
        _ => Step::Next(op),
    }
}

fn answer(emitter: &mut Emitter, known: Known, step: Step) -> Step {
    if known.from_entry && known.at.alias != Alias::Immutable {
        emitter.hoisted.insert(known.at.alias);
    }
    step
}

pub fn after(emitter: &mut Emitter, op: &Op, result: Ref) {
    let flags = op.code.flags();
    if flags.guard || flags.call {
        emitter.memory.exits += 1;
    }
    if flags.call {
        let kept = |e: &Emitter, known: &Known| {
            !effects::call_effects(op).contains(known.at.alias) || e.is_private(known.at.object)
        };
        retain(emitter, kept);
    }
    if let Some(objects) = wide(op) {
        let written = effects::writes(op);
        retain(emitter, |e, k| !(written.contains(k.at.alias) && e.may_alias(k.at.object, objects)));
        if op.code == OpCode::DictPut {
            let at = Location { alias: Alias::TableValues, imm: 0, object: op.args[0], index: op.args[1] };
            learn(emitter, at, op.args[2]);
        }
        return;
    }
    if op.code == OpCode::EntrySet {
        retain(emitter, |_, k| k.at.alias != Alias::TableValues);
    }
    match (location(emitter, op), stored(op)) {
        (Some(at), Some(value)) => store(emitter, op, at, value, result),
        (Some(at), None) => {
            observe(emitter, at);
            learn(emitter, at, result);
        }
        _ => made(emitter, op, result),
    }
}

/// The object that a store changes in more places than one.
fn wide(op: &Op) -> Option<Ref> {
    use OpCode::*;
    matches!(op.code, ListAppend | DictInsert | DictPut).then_some(op.args[0])
}

fn retain(emitter: &mut Emitter, keep: impl Fn(&Emitter, &Known) -> bool) {
    let mut known = std::mem::take(&mut emitter.memory.known);
    known.retain(|k| keep(emitter, k));
    emitter.memory.known = known;
}

fn learn(emitter: &mut Emitter, at: Location, value: Ref) {
    emitter.memory.known.push(Known { at, value, from_entry: false, store: None });
}

fn store(emitter: &mut Emitter, op: &Op, at: Location, value: Ref, result: Ref) {
    let exits = emitter.memory.exits;
    let previous = emitter.memory.known.iter().find(|k| k.at == at).and_then(|k| k.store);
    if let Some((n, _)) = previous.filter(|(_, then)| *then == exits) {
        emitter.dead[n] = true;
    }
    retain(emitter, |e, k| !overlap(e, at, k.at));
    let removable = op.code != OpCode::InstanceAdd;
    let store = result.as_op().filter(|_| removable).map(|n| (n, exits));
    emitter.memory.known.push(Known { at, value, from_entry: false, store });
}

/// A load that was not answered: the stores it may see are needed.
fn observe(emitter: &mut Emitter, at: Location) {
    let mut known = std::mem::take(&mut emitter.memory.known);
    known.iter_mut().filter(|k| overlap(emitter, at, k.at)).for_each(|k| k.store = None);
    emitter.memory.known = known;
}

/// What a new object holds.
fn made(emitter: &mut Emitter, op: &Op, result: Ref) {
    let field = |field: Field| field_of(result, field);
    match op.code {
        OpCode::NewCell => learn(emitter, field(Field::CellValue), op.args[0]),
        OpCode::NewBoundMethod => {
            learn(emitter, field(Field::MethodFunction), op.args[0]);
            learn(emitter, field(Field::MethodSelf), op.args[1]);
        }
        OpCode::NewFunction => learn(emitter, field(Field::FunctionDefaults), op.args[1]),
        OpCode::NewClosure => {
            learn(emitter, field(Field::ClosureFunction), op.args[0]);
            learn(emitter, field(Field::ClosureCells), op.args[1]);
        }
        OpCode::NewRange => {
            let parts = [Field::RangeStart, Field::RangeStop, Field::RangeStep];
            parts.into_iter().zip(op.args).for_each(|(part, value)| learn(emitter, field(part), value));
        }
        OpCode::NewList => {
            let items: Vec<Ref> = emitter.out.operands_of(op).to_vec();
            let len = emitter.out.int(items.len() as i64);
            learn(emitter, field(Field::ListLen), len);
            for (n, item) in items.into_iter().enumerate() {
                let index = emitter.out.int(n as i64);
                learn(emitter, Location { alias: Alias::ListItem, imm: 0, object: result, index }, item);
            }
        }
        _ => {}
    }
}

fn field_of(object: Ref, field: Field) -> Location {
    Location { alias: field.alias(), imm: field as u64, object, index: Ref::NONE }
}

/// The location an operation reads or writes.
fn location(emitter: &Emitter, op: &Op) -> Option<Location> {
    let [object, index, _] = op.args;
    let whole = |alias, imm| Some(Location { alias, imm, object, index: Ref::NONE });
    match op.code {
        OpCode::GetField
        | OpCode::GetFieldInt
        | OpCode::GetFieldRaw
        | OpCode::SetField
        | OpCode::SetFieldInt => Some(field_of(object, Field::from_imm(op.imm))),
        OpCode::ListGet | OpCode::ListSet => {
            Some(Location { alias: Alias::ListItem, imm: 0, object: emitter.list_of(object), index })
        }
        OpCode::InstanceGet | OpCode::InstanceSet | OpCode::InstanceAdd => {
            whole(Alias::InstanceSlot, op.imm & 0xffff_ffff)
        }
        OpCode::EntryGet | OpCode::EntrySet => whole(Alias::Entry, op.imm),
        OpCode::ByteAt | OpCode::ByteSet => Some(Location { alias: Alias::Bytes, imm: 0, object, index }),
        OpCode::DictFind => Some(Location { alias: Alias::TableKeys, imm: 0, object, index }),
        OpCode::DictKey => Some(Location { alias: Alias::TableKeys, imm: 1, object, index }),
        OpCode::DictValue => Some(Location { alias: Alias::TableValues, imm: 0, object, index }),
        _ => None,
    }
}

/// What a store writes.
fn stored(op: &Op) -> Option<Ref> {
    match op.code {
        OpCode::ListSet | OpCode::ByteSet => Some(op.args[2]),
        _ if wide(op).is_some() => None,
        OpCode::SlotStore | OpCode::FrameAt => None,
        code if code.flags().store && !code.flags().alloc => Some(op.args[1]),
        _ => None,
    }
}

fn overlap(emitter: &Emitter, a: Location, b: Location) -> bool {
    a.alias == b.alias
        && a.imm == b.imm
        && emitter.may_alias(a.object, b.object)
        && !emitter.differ(a.index, b.index)
}

/// What the loop's body may take over from the entry: what no iteration writes. An object that the iteration itself
/// makes is a new one each time, so stores to it do not count.
pub fn begin_body(emitter: &mut Emitter) {
    let raw = emitter.raw;
    let is_wide = |op: &&Op| op.code.flags().call || (wide(op).is_some() && !to_new_object(raw, op));
    for op in raw.ops.iter().filter(is_wide) {
        let written = effects::writes(op);
        emitter.memory.known.retain(|k| !written.contains(k.at.alias));
        if written.contains(Alias::Shape) {
            emitter.facts.forget_shapes(|_| false);
        }
    }
    for op in raw.ops.iter().filter(|op| stored(op).is_some() && !to_new_object(raw, op)) {
        let written = effects::writes(op);
        let slot = if op.code == OpCode::InstanceAdd { op.imm & 0xffff_ffff } else { op.imm };
        let same = |k: &Known| k.at.imm == slot || k.at.alias == Alias::TableValues;
        emitter.memory.known.retain(|k| !(written.contains(k.at.alias) && same(k)));
        if written.contains(Alias::Shape) {
            emitter.facts.forget_shapes(|_| false);
        }
    }
    for known in &mut emitter.memory.known {
        (known.from_entry, known.store) = (true, None);
    }
}

fn to_new_object(raw: &Trace, op: &Op) -> bool {
    let def = |r: Ref| r.as_op().map(|n| &raw.ops[n]);
    let object = match def(op.args[0]) {
        Some(p) if p.code == OpCode::GetFieldRaw => p.args[0],
        _ => op.args[0],
    };
    def(object).is_some_and(|op| op.code.flags().alloc)
}

#[cfg(test)]
mod tests {
    use crate::opt::testing::check_linear;

    #[test]
    fn stores_reach_loads() {
        check_linear(
            "fold,cse,forward,dce",
            "[%o:ref, %p:ref, %v:ref, %w:ref]
            setslot_instance(%o, %v, 0)
            setslot_instance(%p, %w, 1)
            %1 = getslot_instance(%o, 0)
            %2 = getslot_instance(%o, 1)
            setslot_instance(%p, %w, 0)
            %3 = getslot_instance(%o, 0)
            guard_poll() @0[0=%1, 1=%2, 2=%3]
            finish(None)",
            "[%o:ref, %p:ref, %v:ref, %w:ref]
            setslot_instance(%o, %v, 0)
            setslot_instance(%p, %w, 1)
            %2 = getslot_instance(%o, 1)
            setslot_instance(%p, %w, 0)
            %3 = getslot_instance(%o, 0)
            guard_poll() @0[0=%v, 1=%2, 2=%3]
            finish(None)",
        );
    }

    #[test]
    fn calls_do_not_touch_private_objects() {
        check_linear(
            "fold,guards,cse,forward,dce",
            "[%v:ref, %o:ref]
            %c = new_cell(%v)
            %d = new_cell(%o)
            %1 = getfield(%o, cell.value)
            %r = call(%d, 7)
            guard_no_exception(%r) !@0[]
            %2 = getfield(%c, cell.value)
            %3 = getfield(%d, cell.value)
            %4 = getfield(%o, cell.value)
            guard_poll() @0[0=%1, 1=%2, 2=%3, 3=%4]
            finish(None)",
            "[%v:ref, %o:ref]
            %d = new_cell(%o)
            %1 = getfield(%o, cell.value)
            %r = call(%d, 7)
            guard_no_exception(%r) !@0[]
            %3 = getfield(%d, cell.value)
            %4 = getfield(%o, cell.value)
            guard_poll() @0[0=%1, 1=%v, 2=%3, 3=%4]
            finish(None)",
        );
    }

    #[test]
    fn overwritten_before_anyone_looks() {
        check_linear(
            "forward,dce",
            "[%o:ref, %v:ref, %w:ref]
            setslot_instance(%o, %v, 0)
            setslot_instance(%o, %w, 0)
            guard_poll() @0[]
            setslot_instance(%o, %v, 0)
            setslot_instance(%o, %v, 0)
            finish(None)",
            "[%o:ref, %v:ref, %w:ref]
            setslot_instance(%o, %w, 0)
            guard_poll() @0[]
            setslot_instance(%o, %v, 0)
            finish(None)",
        );
    }

    /// The last operand of a native's call is what it may do: 1 reads, 3 anything.
    #[test]
    fn calls_that_only_read_change_nothing() {
        check_linear(
            "fold,guards,cse,forward,dce",
            "[%o:ref, %l:ref]
            %1 = getslot_instance(%o, 0)
            %r = call_native(%o, %l, 1)
            guard_no_exception(%r) !@0[]
            %2 = getslot_instance(%o, 0)
            %s = call_native(%o, %l, 3)
            guard_no_exception(%s) !@0[]
            %3 = getslot_instance(%o, 0)
            guard_poll() @0[0=%1, 1=%2, 2=%3]
            finish(None)",
            "[%o:ref, %l:ref]
            %1 = getslot_instance(%o, 0)
            %r = call_native(%o, %l, 1)
            guard_no_exception(%r) !@0[]
            %s = call_native(%o, %l, 3)
            guard_no_exception(%s) !@0[]
            %3 = getslot_instance(%o, 0)
            guard_poll() @0[0=%1, 1=%1, 2=%3]
            finish(None)",
        );
    }

    #[test]
    fn a_key_is_looked_up_once() {
        check_linear(
            "fold,ranges,guards,cse,forward,dce",
            "[%d:ref, %e:ref, %k:ref, %v:ref]
            %1 = dict_find(%d, %k)
            %2 = int_ge(%1, 0)
            guard_true(%2) @0[]
            %3 = getdictvalue(%d, %1)
            %4 = dict_find(%d, %k)
            %5 = int_ge(%4, 0)
            guard_true(%5) @0[]
            setdictvalue(%d, %4, %v)
            %6 = getdictvalue(%d, %1)
            dict_insert(%e, %v, %v)
            %7 = dict_find(%d, %k)
            guard_poll() @1[0=%3, 1=%6, 2=%7]
            finish(None)",
            "[%d:ref, %e:ref, %k:ref, %v:ref]
            %1 = dict_find(%d, %k)
            %2 = int_ge(%1, 0)
            guard_true(%2) @0[]
            %3 = getdictvalue(%d, %1)
            setdictvalue(%d, %1, %v)
            dict_insert(%e, %v, %v)
            %7 = dict_find(%d, %k)
            guard_poll() @1[0=%3, 1=%v, 2=%7]
            finish(None)",
        );
    }

    #[test]
    fn appending_keeps_items_and_other_lists() {
        check_linear(
            "fold,guards,cse,forward,dce",
            "[%l:ref, %v:ref]
            %m = new_list(%v)
            %p = getfield_raw(%l, list.items)
            %1 = getlistitem(%p, 0)
            list_append(%l, %v)
            %2 = getfield_i(%m, list.len)
            %q = getfield_raw(%l, list.items)
            %3 = getlistitem(%q, 0)
            guard_poll() @1[0=%1, 1=%2, 2=%3]
            finish(None)",
            "[%l:ref, %v:ref]
            %p = getfield_raw(%l, list.items)
            %1 = getlistitem(%p, 0)
            list_append(%l, %v)
            guard_poll() @1[0=%1, 1=1, 2=%1]
            finish(None)",
        );
    }
}
