//! Tests of numbers: constructors, methods, functions, `math`.

use crate::builtins::testing::Lit::*;
use crate::builtins::testing::{Lit, function, method};

#[track_caller]
fn check(name: &str, args: &[Lit], expected: &str) {
    assert_eq!(function(name, args), expected, "{name}{args:?}");
}

#[test]
fn parsing() {
    check("int", &[], "0");
    check("int", &[Str(" -0042 ")], "-42");
    check("int", &[Str("ff"), Int(16)], "255");
    check("int", &[Str("0b_11"), Int(0)], "3");
    check("int", &[Str("1_000")], "1000");
    check("int", &[Str("123456789012345678901234567890")], "123456789012345678901234567890");
    check("int", &[Str("")], "ValueError: invalid literal for int() with base 10: ''");
    check("int", &[Str("9"), Int(8)], "ValueError: invalid literal for int() with base 8: '9'");
    check("int", &[Str("1"), Int(37)], "ValueError: int() arg 2 must be >= 2 and <= 36");
    check("int", &[Float(-2.9)], "-2");
    check("int", &[Float(1e20)], "100000000000000000000");
    check("int", &[Float(f64::INFINITY)], "OverflowError: cannot convert float infinity to integer");
    check(
        "int",
        &[None],
        "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
    );
    check("float", &[Str(" 1e3 ")], "1000.0");
    check("float", &[Str("-inf")], "-inf");
    check("float", &[Str("x")], "ValueError: could not convert string to float: 'x'");
    check("complex", &[Str("1+2j")], "(1+2j)");
    check("complex", &[Int(1), Float(-2.0)], "(1-2j)");
    check("bool", &[Str("")], "False");
    check("int", &[Str("01"), Int(0)], "ValueError: invalid literal for int() with base 0: '01'");
}

#[test]
fn int_functions() {
    check("bin", &[Int(-5)], "'-0b101'");
    check("hex", &[Int(255)], "'0xff'");
    check("oct", &[Int(8)], "'0o10'");
    check("chr", &[Int(228)], "'ä'");
    check("chr", &[Int(0x110000)], "ValueError: chr() arg not in range(0x110000)");
    check("ord", &[Str("ä")], "228");
    check("ord", &[Str("ab")], "TypeError: ord() expected a character, but string of length 2 found");
    assert_eq!(method(Int(1000), "to_bytes", &[Int(2), Str("little")]), "b'\\xe8\\x03'");
    assert_eq!(
        method(Int(-1), "to_bytes", &[Int(2), Str("big")]),
        "OverflowError: can't convert negative int to unsigned"
    );
    assert_eq!(method(Int(256), "to_bytes", &[Int(1), Str("big")]), "OverflowError: int too big to convert");
    assert_eq!(method(Int(5), "from_bytes", &[Bytes(b"\x01\x00"), Str("big")]), "256");
    assert_eq!(method(Int(255), "bit_length", &[]), "8");
}

#[test]
fn arithmetic_functions() {
    check("abs", &[Int(-(1 << 62))], "4611686018427387904");
    check("abs", &[Float(-0.0)], "0.0");
    check("abs", &[Str("x")], "TypeError: bad operand type for abs(): 'str'");
    check("round", &[Float(2.5)], "2");
    check("round", &[Float(2.675), Int(2)], "2.67");
    check("round", &[Int(15), Int(-1)], "20");
    check("round", &[Int(25), Int(-1)], "20");
    check("round", &[Float(1234.5), Int(-2)], "1200.0");
    check("divmod", &[Int(-7), Int(2)], "(-4, 1)");
    check("divmod", &[Float(7.5), Int(2)], "(3.0, 1.5)");
    check("divmod", &[Int(1), Int(0)], "ZeroDivisionError: integer division or modulo by zero");
    check("pow", &[Int(2), Int(100)], "1267650600228229401496703205376");
    check("pow", &[Int(3), Int(200), Int(13)], "9");
    check("pow", &[Int(3), Int(-1), Int(7)], "5");
    check("pow", &[Int(2), Float(1.0), Int(3)], "TypeError: pow() with 3 arguments requires integers");
}

#[test]
fn math() {
    check("math.sqrt", &[Int(2)], "1.4142135623730951");
    check("math.sqrt", &[Int(-1)], "ValueError: math domain error");
    check("math.floor", &[Float(-1.5)], "-2");
    check("math.log", &[Int(8), Int(2)], "3.0");
    check("math.log", &[Int(0)], "ValueError: math domain error");
    check("math.factorial", &[Int(20)], "2432902008176640000");
    check("math.gcd", &[Int(12), Int(-18)], "6");
    check("math.isqrt", &[Int(99)], "9");
    check("math.comb", &[Int(10), Int(3)], "120");
    check("math.frexp", &[Float(8.0)], "(0.5, 4)");
    check("math.modf", &[Float(-1.25)], "(-0.25, -1.0)");
    check("math.hypot", &[Int(3), Int(4)], "5.0");
    check("math.fsum", &[List(&[Float(0.1), Float(0.2), Float(0.3), Float(0.4)])], "1.0");
    check("math.isclose", &[Float(1.0), Float(1.0000000001)], "True");
    check("math.log2", &[Float(f64::INFINITY)], "inf");
    check("cmath.sqrt", &[Int(-4)], "2j");
}
