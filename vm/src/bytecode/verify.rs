use super::{Module, MpyError, Operand, Prelude, RawCode, decode::instructions};

/// Checks all indices and jumps of a module that comes from a file.
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
    let n_state = usize::from(prelude.n_state);
    if prelude.n_arg_locals() > n_state || prelude.cells.iter().any(|&cell| usize::from(cell) >= n_state) {
        return Err(MpyError::Prelude);
    }
    verify_instructions(module, code, &prelude)?;
    code.children.iter().try_for_each(|child| verify_code(module, child))
}

fn verify_instructions(module: &Module, code: &RawCode, prelude: &Prelude) -> Result<(), MpyError> {
    let bytes = &code.bytes[prelude.code_start..];
    let mut starts = vec![false; bytes.len()];
    let mut targets = Vec::new();
    for instr in instructions(bytes) {
        let instr = instr?;
        starts[instr.offset] = true;
        let limit = match instr.info.operand {
            Operand::Qstr => module.qstrs.len(),
            Operand::Object => module.objects.len(),
            Operand::Child | Operand::ChildPlusByte => code.children.len(),
            Operand::Local => usize::from(prelude.n_state),
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
    Ok(())
}
