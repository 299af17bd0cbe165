//! Is a module that comes from a file one that can be run without looking?
//!
//! First each function's numbers: prelude, indices, jump targets. Then, in [`flow`], its paths: what is on the stack at
//! each instruction, and which handlers are set up.

mod blocks;
mod flow;
mod layout;
mod stack;

pub use layout::{Jump, Layouts};

use super::{Module, MpyError, OpInfo, Operand, Prelude, RawCode, decode::instructions, op};

/// Checks everything in a module that running it relies on.
pub(super) fn verify(module: &Module) -> Result<(), MpyError> {
    if module.qstrs.is_empty() {
        return Err(MpyError::Index);
    }
    verify_code(module, &module.root)
}

fn verify_code(module: &Module, code: &RawCode) -> Result<(), MpyError> {
    let prelude = Prelude::decode(&code.bytes)?;
    let n_qstrs = module.qstrs.len();
    let names = prelude.arg_names.iter().chain([&prelude.name]);
    if names.into_iter().any(|&name| name as usize >= n_qstrs) {
        return Err(MpyError::Index);
    }
    let n_state = prelude.n_state as usize;
    let in_order = prelude.n_def_pos_args <= prelude.n_pos_args && prelude.flags.0 < 16;
    if !in_order
        || prelude.n_arg_locals() > n_state
        || prelude.cells.iter().any(|&cell| cell as usize >= n_state)
    {
        return Err(MpyError::Prelude);
    }
    let n_locals = verify_instructions(module, code, &prelude)?;
    flow::verify_flow(code, &prelude, n_locals)?;
    code.children.iter().try_for_each(|child| verify_code(module, child))
}

/// Checks indices and jump targets; gives the number of locals that the function names.
fn verify_instructions(module: &Module, code: &RawCode, prelude: &Prelude) -> Result<usize, MpyError> {
    let bytes = &code.bytes[prelude.code_start..];
    let mut starts = vec![false; bytes.len()];
    let mut targets = Vec::new();
    let cells = prelude.cells.iter().map(|&cell| cell as usize + 1).max().unwrap_or(0);
    let mut n_locals = prelude.n_arg_locals().max(cells);
    for instr in instructions(bytes) {
        let instr = instr?;
        starts[instr.offset] = true;
        if instr.info.operand.is_ours() {
            return Err(MpyError::Opcode(instr.op));
        }
        if names_local(instr.info) {
            n_locals = n_locals.max(instr.arg as usize + 1);
        }
        let limit = match instr.info.operand {
            Operand::Qstr => module.qstrs.len(),
            Operand::Object => module.objects.len(),
            Operand::Child | Operand::ChildPlusByte => code.children.len(),
            Operand::SignedJump | Operand::SignedJumpPlusByte | Operand::UnsignedJump => {
                targets.push(instr.arg);
                continue;
            }
            _ => continue,
        };
        if instr.arg as usize >= limit {
            return Err(MpyError::Index);
        }
    }
    let is_start = |&target: &i64| usize::try_from(target).ok().and_then(|at| starts.get(at)) == Some(&true);
    if starts.is_empty() || !targets.iter().all(is_start) {
        return Err(MpyError::Jump);
    }
    if n_locals > prelude.n_state as usize { Err(MpyError::Index) } else { Ok(n_locals) }
}

/// The operand is the number of a local.
fn names_local(info: &OpInfo) -> bool {
    info.operand == Operand::Local || matches!(info.base, op::LOAD_FAST_MULTI | op::STORE_FAST_MULTI)
}
