//! Which slots of a frame mean something at a point: what a snapshot must restore.

use vm::bytecode::{Instr, Operand, instructions, op};
use vm::object::function::Code;

/// Number of locals of a function.
pub fn local_count(code: &'static Code) -> usize {
    thread_local! {
        static COUNTS: std::cell::RefCell<rustc_hash::FxHashMap<u32, usize>> = Default::default();
    }
    COUNTS.with(|c| *c.borrow_mut().entry(code.id).or_insert_with(|| count_locals(code)))
}

/// One more than the largest that its parameters, cells or instructions name.
fn count_locals(code: &Code) -> usize {
    let mut n = code.n_pos + code.n_kwonly + code.has_varargs as usize + code.has_varkw as usize;
    for instr in instructions(code.ops).map_while(Result::ok) {
        let is_local = match instr.info.operand {
            Operand::Local => true,
            Operand::Packed { .. } => {
                instr.info.base == op::LOAD_FAST_MULTI || instr.info.base == op::STORE_FAST_MULTI
            }
            _ => false,
        };
        if is_local {
            n = n.max(instr.arg as usize + 1);
        }
    }
    n.max(code.cells.iter().map(|c| *c as usize + 1).max().unwrap_or(0))
}

/// Slots that are alive in a frame of `code` with this stack top and number of blocks: stack, locals, blocks.
pub fn live_slots(code: &'static Code, sp: i32, exc: u16) -> impl Iterator<Item = usize> {
    let locals = local_count(code);
    let blocks = code.n_state..code.n_state + 2 * exc as usize;
    (0..(sp + 1) as usize).chain(code.n_state.saturating_sub(locals)..code.n_state).chain(blocks)
}

/// Snapshots number the slots of a frame with 16 bits; larger functions are left to the interpreter.
pub fn fits_snapshots(code: &Code) -> bool {
    code.n_state + 2 * code.n_exc <= usize::from(u16::MAX)
}

/// The function contains a backward jump.
pub fn has_loop(code: &'static Code) -> bool {
    thread_local! {
        static LOOPS: std::cell::RefCell<rustc_hash::FxHashMap<u32, bool>> = Default::default();
    }
    let search = || instructions(code.ops).map_while(Result::ok).any(|i| is_jump_back(&i));
    LOOPS.with(|l| *l.borrow_mut().entry(code.id).or_insert_with(search))
}

/// The loop of `code` whose header is `place` contains a `yield`.
pub fn yields_in_loop(code: &'static Code, place: *const u8) -> bool {
    if !code.is_generator {
        return false;
    }
    let header = place as usize - code.ops.as_ptr() as usize;
    let jumps_back = |i: &Instr| i.offset >= header && is_jump_back(i) && i.arg == header as i64;
    let end = instructions(code.ops).map_while(Result::ok).filter(jumps_back).map(|i| i.offset).max();
    let inside = |i: &Instr| (header..end.unwrap_or(header)).contains(&i.offset);
    let yields = |i: &Instr| matches!(i.info.base, op::YIELD_VALUE | op::YIELD_FROM);
    instructions(code.ops).map_while(Result::ok).any(|i| inside(&i) && yields(&i))
}

fn is_jump_back(instr: &Instr) -> bool {
    matches!(instr.info.operand, Operand::SignedJump | Operand::SignedJumpPlusByte | Operand::FarJump)
        && instr.arg <= instr.offset as i64
}
