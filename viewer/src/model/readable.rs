//! Operations as people would write them: `i15 = i10 < 2000`, `guard i15 is true`.
//!
//! PyPy's operations and ours, from tables; what is in no table looks like a call.

use super::printable;
use logs::op::Op;

/// Two operands and what stands between them.
const INFIX: &[(&str, &str)] = &[
    ("int_add", "+"),
    ("int_sub", "-"),
    ("int_mul", "*"),
    ("int_add_ovf", "+"),
    ("int_sub_ovf", "-"),
    ("int_mul_ovf", "*"),
    ("int_floordiv", "//"),
    ("int_mod", "%"),
    ("int_and", "&"),
    ("int_or", "|"),
    ("int_xor", "^"),
    ("int_lshift", "<<"),
    ("int_lshift_ovf", "<<"),
    ("int_rshift", ">>"),
    ("uint_rshift", ">>>"),
    ("int_lt", "<"),
    ("int_le", "<="),
    ("int_gt", ">"),
    ("int_ge", ">="),
    ("int_eq", "=="),
    ("int_ne", "!="),
    ("uint_lt", "<u"),
    ("uint_le", "<=u"),
    ("uint_gt", ">u"),
    ("uint_ge", ">=u"),
    ("uint_mul_high", "*high"),
    ("float_add", "+"),
    ("float_sub", "-"),
    ("float_mul", "*"),
    ("float_truediv", "/"),
    ("float_lt", "<"),
    ("float_le", "<="),
    ("float_gt", ">"),
    ("float_ge", ">="),
    ("float_eq", "=="),
    ("float_ne", "!="),
    ("ptr_eq", "is"),
    ("ptr_ne", "is not"),
    ("instance_ptr_eq", "is"),
    ("instance_ptr_ne", "is not"),
    ("bool_and", "and"),
];

/// One operand, `0`, in a phrase.
const PHRASES: &[(&str, &str)] = &[
    ("int_neg", "-0"),
    ("int_invert", "~0"),
    ("int_is_true", "0 != zero"),
    ("int_is_zero", "0 == zero"),
    ("int_force_ge_zero", "max(0, zero)"),
    ("float_neg", "-0"),
    ("float_abs", "abs(0)"),
    ("float_sqrt", "sqrt(0)"),
    ("bool_not", "not 0"),
    ("cast_int_to_float", "float(0)"),
    ("cast_float_to_int", "int(0)"),
    ("cast_float_to_int_ovf", "int(0)"),
    ("box_int", "box 0"),
    ("box_float", "box 0"),
    ("box_bool", "box 0"),
    ("unbox_int", "unbox 0"),
    ("unbox_float", "unbox 0"),
    ("arraylen_gc", "len(0)"),
    ("strlen", "len(0)"),
    ("unicodelen", "len(0)"),
    ("tuple_len", "len(0)"),
    ("getslot", "slot 0"),
    ("finish", "return 0"),
    ("guard_true", "guard 0 is true"),
    ("guard_false", "guard 0 is false"),
    ("guard_isnull", "guard 0 is null"),
    ("guard_nonnull", "guard 0 is not null"),
    ("guard_int", "guard 0 is an int"),
    ("guard_no_exception", "guard 0 did not raise"),
    ("guard_poll", "guard nobody asks for attention"),
];

/// Nothing but a phrase.
const WORDS: &[(&str, &str)] = &[
    ("guard_no_exception", "guard no exception"),
    ("guard_no_overflow", "guard no overflow"),
    ("guard_overflow", "guard overflow"),
    ("guard_not_forced", "guard not forced"),
    ("guard_not_forced_2", "guard not forced"),
    ("guard_not_invalidated", "guard nothing was invalidated"),
    ("guard_poll", "guard nobody asks for attention"),
    ("guard_always_fails", "leave in any case"),
    ("finish", "return"),
    ("force_token", "the frame"),
    ("save_exception", "the exception"),
    ("save_exc_class", "the exception's class"),
];

/// The operation for people, without its exit.
pub(super) fn readable(op: &Op<'_>) -> String {
    let name = String::from_utf8_lossy(op.name);
    let args: Vec<String> = op.arguments().map(argument).collect();
    let right = own(op, &args).unwrap_or_else(|| right_side(op, &name, &args));
    match op.result {
        Some(result) => format!("{} = {right}", printable(result)),
        None => right,
    }
}

/// Where our logs say with PyPy's words what PyPy does not have, the operation's own name is known as well.
fn own(op: &Op<'_>, args: &[String]) -> Option<String> {
    let name = printable(op.remark?);
    // What PyPy could only call is called by its name.
    let args = args.strip_prefix(&[name.to_string()][..]).unwrap_or(args);
    known(op, &name, args)
        .or_else(|| op.name.starts_with(b"call_").then(|| format!("{name}({})", args.join(", "))))
}

fn right_side(op: &Op<'_>, name: &str, args: &[String]) -> String {
    known(op, name, args).unwrap_or_else(|| plain(op, name, args))
}

fn known(op: &Op<'_>, name: &str, args: &[String]) -> Option<String> {
    phrase(name, args).or_else(|| memory(op, name, args)).or_else(|| control(op, name, args))
}

fn phrase(name: &str, args: &[String]) -> Option<String> {
    let look = |table: &[(&str, &'static str)]| {
        table.iter().find(|(known, _)| *known == name).map(|(_, words)| *words)
    };
    match args {
        [] => look(WORDS).map(str::to_owned),
        [one] => look(PHRASES).map(|words| words.replacen('0', one, 1).replace("zero", "0")),
        [a, b] => look(INFIX).map(|sign| format!("{a} {sign} {b}")),
        _ => None,
    }
}

/// Fields, items and new objects. PyPy adds the type of the result to a name: `getfield_gc_i`.
fn memory(op: &Op<'_>, name: &str, args: &[String]) -> Option<String> {
    let stem =
        name.strip_suffix("_i").or(name.strip_suffix("_r")).or(name.strip_suffix("_f")).unwrap_or(name);
    let field = || op.descr.map(field);
    Some(match (stem, args) {
        ("same_as", [a]) => a.clone(),
        ("getfield_gc" | "getfield" | "getfield_raw" | "getfield_gc_pure", [a]) => {
            format!("{a}.{}", field()?)
        }
        ("setfield_gc" | "setfield" | "setfield_raw", [a, value]) => format!("{a}.{} = {value}", field()?),
        ("getarrayitem_gc" | "getarrayitem_raw" | "getarrayitem_gc_pure", [a, index]) => {
            format!("{a}[{index}]")
        }
        ("setarrayitem_gc" | "setarrayitem_raw", [a, index, value]) => format!("{a}[{index}] = {value}"),
        ("getinteriorfield_gc", [a, index]) => format!("{a}[{index}].{}", field()?),
        ("setinteriorfield_gc", [a, index, value]) => format!("{a}[{index}].{} = {value}", field()?),
        (
            "strgetitem" | "unicodegetitem" | "getlistitem" | "gettupleitem" | "gettupleat" | "getbyte",
            [a, index],
        ) => {
            format!("{a}[{index}]")
        }
        ("setlistitem" | "strsetitem" | "unicodesetitem", [a, index, value]) => {
            format!("{a}[{index}] = {value}")
        }
        ("getfield" | "getfield_raw", [a, field]) => format!("{a}.{}", last(field)),
        ("setfield" | "setfield_raw", [a, value, field]) => format!("{a}.{} = {value}", last(field)),
        ("getslot_instance" | "getentry", [a, slot]) => format!("{a}.slot{slot}"),
        ("setslot_instance" | "setentry", [a, value, slot]) => format!("{a}.slot{slot} = {value}"),
        ("new_with_vtable" | "new", []) => format!("new {}", op.descr.map_or_else(String::new, kind)),
        ("new_array" | "new_array_clear", [length]) => format!("new array of {length}"),
        ("newstr" | "newunicode", [length]) => format!("new string of {length}"),
        ("setslot", [value, slot]) => format!("slot {slot} = {value}"),
        _ => return None,
    })
}

/// Guards with more than one operand, calls and jumps.
fn control(op: &Op<'_>, name: &str, args: &[String]) -> Option<String> {
    Some(match (name, args) {
        ("guard_value", [a, b]) => format!("guard {a} is {b}"),
        ("guard_class", [a, class]) => format!("guard {a} is a {class}"),
        ("guard_nonnull_class", [a, class]) => format!("guard {a} is a {class}, not null"),
        ("guard_subclass", [a, class]) => format!("guard {a} is some {class}"),
        ("guard_exception", [class]) => format!("guard exception {class}"),
        ("guard_int", [a, _]) => format!("guard {a} is an int"),
        // In PyPy's words, what is checked stands where the class does: `ConstClass(shape 12)`.
        ("guard_shape", [a, shape]) => format!("guard {a} has shape {}", behind(shape, "shape ")),
        ("guard_tuple_len", [a, length]) => format!("guard len({a}) is {}", behind(length, "tuple of ")),
        ("guard_code", [a, code]) => format!("guard {a} runs code {}", behind(code, "code ")),
        ("label", _) => format!("label {}({})", target(op), args.join(", ")),
        ("jump", _) => format!("jump to {}({})", target(op), args.join(", ")),
        _ if name.starts_with("call_assembler") => {
            let callee = op.called_loop().map_or_else(|| "loop".to_owned(), |number| format!("loop{number}"));
            format!("{callee}({})", args.join(", "))
        }
        _ if name.starts_with("call_") && op.descr.is_some() => {
            let (function, rest) = args.split_first()?;
            format!("{function}({})", rest.join(", "))
        }
        _ => return None,
    })
}

fn plain(op: &Op<'_>, name: &str, args: &[String]) -> String {
    let descr = op.descr.filter(|_| op.guard().is_none()).map(|descr| format!(" <{}>", kind(descr)));
    format!("{name}({}){}", args.join(", "), descr.unwrap_or_default())
}

/// The last four digits tell labels of a trace apart; all of them are noise.
fn target(op: &Op<'_>) -> String {
    let Some(token) = op.target_token() else { return String::new() };
    let digits = token.to_string();
    match digits.len() {
        0..=6 => format!("L{digits}"),
        length => format!("L…{}", &digits[length - 4..]),
    }
}

/// `ConstClass(W_IntObject)` is `W_IntObject`, `ConstPtr(ptr31)` is `ptr31`.
fn argument(text: &[u8]) -> String {
    let text = printable(text);
    let inner = |prefix| text.strip_prefix(prefix).and_then(|rest: &str| rest.strip_suffix(')'));
    inner("ConstClass(").or(inner("ConstPtr(")).unwrap_or(&text).to_owned()
}

/// `<FieldP pypy.interpreter.pyframe.PyFrame.inst_pycode 64>` is `pycode`.
fn field(descr: &[u8]) -> String {
    let text = printable(descr);
    let words = text.trim_matches(['<', '>']).split_whitespace();
    let path = words.into_iter().find(|word| word.contains('.')).unwrap_or("?");
    let name = last(path);
    name.strip_prefix("inst_").unwrap_or(name).to_owned()
}

/// `<SizeDescr 16>` is `SizeDescr 16`.
fn kind(descr: &[u8]) -> String {
    let text = printable(descr);
    text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(&text).to_owned()
}

fn behind<'t>(text: &'t str, word: &str) -> &'t str {
    text.strip_prefix(word).unwrap_or(text)
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::readable;
    use logs::op::TraceLine;

    fn check(line: &str, expected: &str) {
        let Some(TraceLine::Op(op)) = TraceLine::parse(line.as_bytes()) else { panic!("{line}") };
        assert_eq!(readable(&op), expected);
    }

    #[test]
    fn arithmetic() {
        check("+1: i15 = int_lt(i10, 2000)", "i15 = i10 < 2000");
        check("f3 = float_mul(f1, f1)", "f3 = f1 * f1");
        check("i3 = int_is_true(i10)", "i3 = i10 != 0");
        check("i4 = int_neg(i3)", "i4 = -i3");
        check("i64 = same_as_i(i30)", "i64 = i30");
    }

    #[test]
    fn memory() {
        let field = "descr=<FieldP pypy.interpreter.pyframe.PyFrame.inst_pycode 64>";
        check(&format!("+280: p2 = getfield_gc_r(p0, {field})"), "p2 = p0.pycode");
        check(&format!("setfield_gc(p0, p2, {field})"), "p0.pycode = p2");
        check("p9 = getarrayitem_gc_r(p7, 0, descr=<ArrayP 8>)", "p9 = p7[0]");
        check("i2 = getfield_i(p1, list.len)", "i2 = p1.len");
    }

    #[test]
    fn control() {
        check("guard_true(i15, descr=<Guard0x7f>) [p0]", "guard i15 is true");
        check("guard_class(p1, ConstClass(W_IntObject), descr=<Guard0x7f>) []", "guard p1 is a W_IntObject");
        check("guard_no_exception(p13, descr=<Guard0x1>) []", "guard p13 did not raise");
        check("i9 = getfield_i(p6, descr=<FieldS list.len 16>)", "i9 = p6.len");
        check("guard_poll(descr=<Guard0x1>) []", "guard nobody asks for attention");
        check("jump(p0, i1, descr=TargetToken(139764799862752))", "jump to L…2752(p0, i1)");
        check("p5 = call_assembler_r(p4, p1, descr=<Loop3>)", "p5 = loop3(p4, p1)");
        check("p5 = call_r(ConstClass(f), p1, descr=<Callr 8 r EF=4>)", "p5 = f(p1)");
        check("x = strange(p1)", "x = strange(p1)");
    }

    #[test]
    fn our_operations_in_pypys_words() {
        check(
            "guard_false(ConstClass(attention), descr=<Guard0x1>) [] # guard_poll",
            "guard nobody asks for attention",
        );
        check("guard_class(p1, ConstClass(int), descr=<Guard0x7f>) [] # guard_int", "guard p1 is an int");
        check(
            "guard_class(p1, ConstClass(shape 12), descr=<Guard0x7f>) [] # guard_shape",
            "guard p1 has shape 12",
        );
        check(
            "guard_class(p1, ConstClass(tuple of 2), descr=<Guard0x7f>) [] # guard_tuple_len",
            "guard len(p1) is 2",
        );
        check("i5 = cast_ptr_to_int(p1) # unbox_int", "i5 = unbox p1");
        check("f5 = getfield_gc_f(p1, descr=<FieldF float.value 8 pure>) # unbox_float", "f5 = unbox p1");
        check(
            "i5 = call_i(ConstClass(int_mod), i1, 7, descr=<Calli 8 ii EF=0 OS=0>) # int_mod",
            "i5 = i1 % 7",
        );
        check(
            "p5 = call_r(ConstClass(new_tuple), p1, p2, descr=<Callr 8 rr EF=2 OS=0>) # new_tuple",
            "p5 = new_tuple(p1, p2)",
        );
        check("setfield_gc(p1, p2, descr=<FieldP instance.slot2:17>) # addslot_instance", "p1.slot2:17 = p2");
        check("p3 = getarrayitem_gc_r(ConstPtr(frame), 2, descr=<ArrayP 8>)", "p3 = frame[2]");
    }
}
