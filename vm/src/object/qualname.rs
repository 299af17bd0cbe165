//! Qualified names, `Class.method` and `outer.<locals>.inner`: MicroPython's code objects do not keep them, so they
//! are put together from where each function stands.

use rustc_hash::FxHashMap;

use super::function::Code;
use crate::bytecode::op;

/// Finds the function around a function; looks at each function that was loaded once.
#[derive(Default)]
pub struct Qualnames {
    /// By the number of the inner one.
    parents: FxHashMap<u32, &'static Code>,
    seen: usize,
}

impl Qualnames {
    /// The name of one of `codes`, which are all that were loaded, in order.
    pub fn of(&mut self, code: &Code, codes: &[&'static Code]) -> String {
        for parent in codes.get(self.seen..).unwrap_or(&[]) {
            self.parents.extend(parent.children.iter().map(|child| (child.id, *parent)));
        }
        self.seen = codes.len();
        let mut name = code.name.text.to_string();
        let mut at = code.id;
        while let Some(parent) = self.parents.get(&at).filter(|parent| self.parents.contains_key(&parent.id))
        {
            let between = if is_class_body(parent) { "." } else { ".<locals>." };
            name = format!("{}{between}{name}", parent.name.text);
            at = parent.id;
        }
        name
    }
}

/// The body of a class begins with `__module__ = __name__`.
fn is_class_body(code: &Code) -> bool {
    let Some((&op::LOAD_NAME, rest)) = code.ops.split_first() else { return false };
    let Some((_, rest)) = varuint(rest) else { return false };
    let Some((&op::STORE_NAME, rest)) = rest.split_first() else { return false };
    let stored = varuint(rest).and_then(|(n, _)| code.unit.qstrs.get(n));
    stored.is_some_and(|name| &*name.text == "__module__")
}

fn varuint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0usize;
    for (n, byte) in bytes.iter().enumerate().take(4) {
        value = value << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[n + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins::testing;

    #[test]
    fn names_say_where_a_function_stands() {
        let mut vm = testing::vm();
        let main = vm.new_module("__main__");
        let text = "class A:\n  class B:\n    def m(self): return lambda: 0\ndef f():\n  class C:\n    def n(self): pass\n";
        assert!(vm.run_file("a.py", text.as_bytes(), main.globals).is_ok());
        let mut names = Qualnames::default();
        let mut found: Vec<String> = vm.codes.iter().map(|code| names.of(code, &vm.codes)).collect();
        found.retain(|name| name.starts_with(['A', 'f']));
        found.sort();
        let expected =
            ["A", "A.B", "A.B.m", "A.B.m.<locals>.<lambda>", "f", "f.<locals>.C", "f.<locals>.C.n"];
        assert_eq!(found, expected);
    }
}
