//! What of an operand is the program's, and what only this run's.
//!
//! `p12`, `ConstPtr(ptr31)`, `shape 17` and addresses are names that a run gives: two runs, or two versions of a trace,
//! give others. An operand is split into its form, in which each such name is a `$`, and the names in their order, which
//! are matched by where they are used first.

/// A form, and the names in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Operand {
    pub form: Vec<u8>,
    pub names: Vec<Vec<u8>>,
}

/// Words behind which a run's own number stands, in our logs' constants.
const NUMBERED: [&[u8]; 3] = [b"ptr", b"shape ", b"code "];
/// Digits from which on a decimal number is taken for an address.
const ADDRESS: usize = 10;

impl Operand {
    /// Takes an argument apart.
    pub fn of(text: &[u8]) -> Operand {
        if is_variable(text) {
            return Operand { form: vec![text[0], b'$'], names: vec![text.to_vec()] };
        }
        split(text)
    }

    /// A description; a guard's, a label's and a loop's are names.
    pub fn of_descr(text: &[u8]) -> Operand {
        for (begin, form) in [("<Guard", "guard"), ("TargetToken(", "label"), ("<Loop", "loop")] {
            if text.starts_with(begin.as_bytes()) {
                return Operand { form: form.into(), names: vec![text.to_vec()] };
            }
        }
        split(text)
    }

    /// Is it a variable alone?
    pub fn variable(&self) -> Option<&[u8]> {
        match (&self.form[..], &self.names[..]) {
            ([_, b'$'], [name]) => Some(name),
            _ => None,
        }
    }
}

/// `p12`, `i5`, `v9[4xi32]`: a letter or two and a number.
pub(super) fn is_variable(text: &[u8]) -> bool {
    let letters = text.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    let rest = &text[letters..];
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let behind = &rest[digits..];
    (1..=2).contains(&letters) && digits > 0 && (behind.is_empty() || behind.starts_with(b"["))
}

fn split(text: &[u8]) -> Operand {
    let mut operand = Operand::default();
    let mut at = 0;
    while at < text.len() {
        let length = name_at(text, at);
        if length == 0 {
            operand.form.push(text[at]);
            at += 1;
        } else {
            operand.form.push(b'$');
            operand.names.push(text[at..at + length].to_vec());
            at += length;
        }
    }
    operand
}

/// How long the name is that begins there; 0 if none does.
fn name_at(text: &[u8], at: usize) -> usize {
    let rest = &text[at..];
    let before = &text[..at];
    let is_inside = before.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if !is_inside && rest.starts_with(b"0x") {
        return 2 + rest[2..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    }
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || before.last().is_some_and(u8::is_ascii_digit) {
        return 0;
    }
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let numbered = NUMBERED
        .iter()
        .any(|word| before.strip_suffix(*word).is_some_and(|text| !text.last().is_some_and(is_letter)));
    // `slot2:17` is slot 2 of a shape with that number.
    let of_shape = before.ends_with(b":") && memchr::memmem::find(before, b".slot").is_some();
    if numbered || of_shape || (digits >= ADDRESS && !is_inside) { digits } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> String {
        String::from_utf8(Operand::of(text.as_bytes()).form).unwrap()
    }

    #[test]
    fn what_a_run_names_is_left_out() {
        assert_eq!(form("p12"), "p$");
        assert_eq!(form("v9[4xi32]"), "v$");
        assert_eq!(form("ConstPtr(ptr31)"), "ConstPtr(ptr$)");
        assert_eq!(form("ConstClass(shape 12)"), "ConstClass(shape $)");
        assert_eq!(form("140217896223456"), "$");
        assert_eq!(form("ConstClass(0x7f0912)"), "ConstClass($)");
    }

    #[test]
    fn what_a_program_names_stays() {
        for text in
            ["2000", "-1", "3.5", "ConstClass(W_IntObject)", "None", "ConstClass(tuple of 2)", "f.inst_x64"]
        {
            assert_eq!(form(text), text);
        }
    }

    #[test]
    fn descriptions() {
        let of = |text: &str| Operand::of_descr(text.as_bytes());
        assert_eq!(of("<Guard0x7f12>").form, b"guard");
        assert_eq!(of("TargetToken(139764799862752)").form, b"label");
        assert_eq!(of("<FieldP pypy.PyFrame.inst_pycode 64>").names, Vec::<Vec<u8>>::new());
        assert_eq!(of("<FieldP instance.slot2:17>").form, b"<FieldP instance.slot2:$>");
    }
}
