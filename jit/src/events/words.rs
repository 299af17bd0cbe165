//! Operations in PyPy's words, from the templates in the table of operations.
//!
//! ```text
//! GuardShape  "guard_class({0}, ConstClass(shape {imm})) #"   guard_class(p1, ConstClass(shape 12)) # guard_shape
//! NewTuple    "call #"                                        call_r(ConstClass(new_tuple), p1, p2, descr=…) # new_tuple
//! IntAdd      none                                            int_add(i1, i2)
//! ```

use crate::ir::op::{OpCode, Ty};

/// What a template is filled with.
pub struct Parts {
    pub operands: Vec<String>,
    /// A letter per operand.
    pub types: String,
    pub imm: Option<String>,
    /// Where a jump leads.
    pub target: Option<u32>,
}

/// An operation in PyPy's words.
pub struct Said {
    pub name: String,
    pub args: Vec<String>,
    /// What PyPy's words do not tell.
    pub remark: Option<&'static str>,
}

/// Says an operation.
pub fn say(code: OpCode, parts: &Parts) -> Said {
    let template = code.in_pypys_words().unwrap_or("");
    let (words, remark) = match template.strip_suffix(" #") {
        Some(words) => (words, Some(code.mnemonic())),
        None => (template, None),
    };
    let (name, args) = match words {
        "" => (code.mnemonic().to_owned(), parts.plain()),
        "call" => (format!("call_{}", result(code.ty())), parts.call(code)),
        _ => parts.filled(words),
    };
    Said { name, args, remark }
}

/// The letter of a type in a call's description.
pub fn letter(ty: Ty) -> char {
    match ty {
        Ty::Int | Ty::Bool | Ty::Raw | Ty::Void => 'i',
        Ty::Float => 'f',
        Ty::Ref => 'r',
    }
}

/// The letter of a result in a call's name.
fn result(ty: Ty) -> char {
    if ty == Ty::Void { 'n' } else { letter(ty) }
}

impl Parts {
    /// Operands, then the immediate.
    fn plain(&self) -> Vec<String> {
        self.operands.iter().chain(&self.imm).cloned().collect()
    }

    /// A call of a function with the operation's name.
    fn call(&self, code: OpCode) -> Vec<String> {
        // PyPy's numbers for what a callee may do: it depends on its arguments only, or it cannot raise.
        let effect = if code.flags().pure { 0 } else { 2 };
        let descr = format!("descr=<Call{} 8 {} EF={effect} OS=0>", result(code.ty()), self.types);
        let mut args = vec![format!("ConstClass({})", code.mnemonic())];
        args.extend(self.plain());
        args.push(descr);
        args
    }

    fn filled(&self, words: &str) -> (String, Vec<String>) {
        let (name, args) =
            words.strip_suffix(')').and_then(|words| words.split_once('(')).unwrap_or((words, ""));
        (name.to_owned(), args.split(", ").flat_map(|arg| self.argument(arg)).collect())
    }

    fn argument(&self, template: &str) -> Vec<String> {
        match template {
            "{*}" => self.operands.clone(),
            "descr={target}" => {
                self.target.map(|token| format!("descr=TargetToken({token})")).into_iter().collect()
            }
            _ => {
                let mut text = template.replace("{types}", &self.types);
                for (n, operand) in self.operands.iter().enumerate() {
                    text = text.replace(&format!("{{{n}}}"), operand);
                }
                vec![text.replace("{imm}", self.imm.as_deref().unwrap_or("?"))]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Those of PyPy's operations that logs of ours can hold (`rpython/jit/metainterp/resoperation.py`).
    const PYPYS: &[&str] = &[
        "arraylen_gc",
        "call_assembler_r",
        "call_f",
        "call_i",
        "call_n",
        "call_r",
        "cast_int_to_float",
        "cast_int_to_ptr",
        "cast_ptr_to_int",
        "finish",
        "float_abs",
        "float_add",
        "float_eq",
        "float_ge",
        "float_gt",
        "float_le",
        "float_lt",
        "float_mul",
        "float_ne",
        "float_neg",
        "float_sub",
        "float_truediv",
        "getarrayitem_gc_i",
        "getarrayitem_gc_pure_r",
        "getarrayitem_gc_r",
        "getfield_gc_f",
        "getfield_gc_i",
        "getfield_gc_r",
        "getinteriorfield_gc_r",
        "guard_always_fails",
        "guard_class",
        "guard_exception",
        "guard_false",
        "guard_no_exception",
        "guard_nonnull",
        "guard_not_invalidated",
        "guard_true",
        "guard_value",
        "increment_debug_counter",
        "int_add",
        "int_add_ovf",
        "int_and",
        "int_eq",
        "int_ge",
        "int_gt",
        "int_invert",
        "int_is_zero",
        "int_le",
        "int_lt",
        "int_mul",
        "int_mul_ovf",
        "int_ne",
        "int_or",
        "int_rshift",
        "int_sub",
        "int_sub_ovf",
        "int_xor",
        "jump",
        "ptr_eq",
        "save_exception",
        "setarrayitem_gc",
        "setfield_gc",
        "setinteriorfield_gc",
        "strlen",
        "uint_lt",
        "unicodelen",
    ];

    fn said(code: OpCode) -> Said {
        let operands = (0..3).map(|n| format!("x{n}")).collect();
        say(code, &Parts { operands, types: "rrr".to_owned(), imm: Some("7".to_owned()), target: Some(4) })
    }

    #[test]
    fn pypys_tools_know_every_word() {
        let written = OpCode::ALL.iter().filter(|code| **code != OpCode::Param);
        let unknown: Vec<_> = written.filter(|code| !PYPYS.contains(&said(**code).name.as_str())).collect();
        assert!(unknown.is_empty(), "PyPy has no such operations, so say them in its words: {unknown:?}");
    }

    #[test]
    fn templates_are_filled() {
        for code in OpCode::ALL {
            let args = said(*code).args.join(", ");
            assert!(!args.contains(['{', '}', '?']), "{code:?}: {args}");
        }
        let said = said(OpCode::GuardShape);
        assert_eq!(
            (said.name.as_str(), said.args.join(", ").as_str()),
            ("guard_class", "x0, ConstClass(shape 7)")
        );
        assert_eq!(said.remark, Some("guard_shape"));
    }
}
