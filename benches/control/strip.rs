//! Source text without hooks.
//!
//! Every call of a hook becomes the value that the plain interpreter's hook gives, the constants of `H` become `false`,
//! nobody asks whether tracing is wanted, and the trait loses its methods. So a call that was overlooked does not
//! compile: what does compile is free of hooks.

/// A hook's call and what stands in its place.
const CALLS: [(&str, &str); 8] = [
    ("vm.is_question(", "false"),
    ("vm.wants_switch(", "false"),
    ("fact!(", "()"),
    ("h.at(", "()"),
    ("h.follow(", "true"),
    ("h.instruction(", "None::<H::Exit>"),
    ("h.back_edge(", "None::<H::Exit>"),
    ("h.entered(", "None::<H::Exit>"),
];

/// A file of the interpreter, stripped.
pub fn strip(text: &str) -> String {
    let text =
        text.replace("H::OBSERVES", "false").replace("H::TRACES", "false").replace("H::FOLLOWS", "false");
    let text = text.replace("H::OBSERVES", "false").replace("H::FOLLOWS", "false");
    let text = CALLS.iter().fold(text, |text, (call, value)| replace_calls(&text, call, value));
    without_methods(&text)
}

/// Number of calls of hooks in a file.
pub fn count(text: &str) -> usize {
    CALLS.iter().map(|(call, _)| text.matches(call).count()).sum()
}

fn replace_calls(text: &str, call: &str, value: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(call) {
        out.push_str(&rest[..at]);
        let inside = &rest[at + call.len()..];
        // `path.fact(` is another's.
        if rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.') {
            out.push_str(call);
            rest = inside;
            continue;
        }
        out.push_str(value);
        rest = &inside[closing(inside, '(', ')') + 1..];
    }
    out + rest
}

/// Offset of the bracket that closes the one before `text`. Strings and comments hold no brackets of this kind that
/// are not in pairs.
fn closing(text: &str, open: char, close: char) -> usize {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == open) - i32::from(c == close);
        if depth == 0 {
            return at;
        }
    }
    panic!("no closing {close}")
}

/// What is left of the trait: nobody uses it.
const KEPT: &str = "    type Exit;
    const OBSERVES: bool;
    const TRACES: bool = false;
    fn switch() -> Self::Exit;
";

/// The trait of hooks without its hooks.
fn without_methods(text: &str) -> String {
    const TRAIT: &str = "pub trait Hooks {";
    let Some(at) = text.find(TRAIT) else { return text.to_owned() };
    let body = &text[at + TRAIT.len()..];
    let rest = &body[closing(body, '{', '}')..];
    format!("{}{TRAIT}\n{KEPT}{rest}", &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_become_values() {
        let text = "fact!(h, vm, Fact::A { n: f(1) });\nif H::OBSERVES && !h.follow(vm, code) {}\nmatch h.entered(vm, r) {}";
        assert_eq!(count(text), 3);
        assert_eq!(strip(text), "();\nif false && !true {}\nmatch None::<H::Exit> {}");
        assert_eq!(strip("artefact!(1)"), "artefact!(1)");
    }

    #[test]
    fn the_trait_loses_its_methods() {
        let text = "pub trait Hooks {\n    type Exit;\n    fn fact(&mut self) { if a { b } }\n}\nstruct S;";
        assert_eq!(strip(text), format!("pub trait Hooks {{\n{KEPT}}}\nstruct S;"));
    }
}
