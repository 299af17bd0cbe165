//! Tests of str and bytes: methods, operators, formatting.

use crate::builtins::testing::Lit::*;
use crate::builtins::testing::{Lit, function, method, operator, slice};
use crate::bytecode::BinaryOp;

#[track_caller]
fn check(this: &'static str, name: &str, args: &[Lit], expected: &str) {
    assert_eq!(method(Str(this), name, args), expected, "{this:?}.{name}");
}

#[test]
fn searching() {
    check("hello", "find", &[Str("l")], "2");
    check("hello", "rfind", &[Str("l")], "3");
    check("äöü", "find", &[Str("ü")], "2");
    check("hello", "find", &[Str("h"), Int(1)], "-1");
    check("hello", "find", &[Str(""), Int(9)], "-1");
    check("hello", "index", &[Str("z")], "ValueError: substring not found");
    check("aaaa", "count", &[Str("aa")], "2");
    check("abc", "count", &[Str("")], "4");
    check("hello", "startswith", &[Tuple(&[Str("x"), Str("he")])], "True");
    check("hello", "endswith", &[Str("l"), Int(0), Int(-1)], "True");
    check("aXbX", "replace", &[Str("X"), Str("-"), Int(1)], "'a-bX'");
    check("äb", "replace", &[Str(""), Str(".")], "'.ä.b.'");
    check("a=b=c", "partition", &[Str("=")], "('a', '=', 'b=c')");
    check("a=b=c", "rpartition", &[Str("=")], "('a=b', '=', 'c')");
    check("abc", "rpartition", &[Str("=")], "('', '', 'abc')");
    check("abc", "find", &[Int(1)], "TypeError: can't convert 'int' object to str implicitly");
}

#[test]
fn splitting() {
    check("  a b  c ", "split", &[], "['a', 'b', 'c']");
    check("  a b  c ", "split", &[None, Int(1)], "['a', 'b  c ']");
    check(" a b c ", "rsplit", &[None, Int(1)], "[' a b', 'c']");
    check("a,b,,c", "split", &[Str(",")], "['a', 'b', '', 'c']");
    check("a,b,c", "split", &[Str(","), Int(1)], "['a', 'b,c']");
    check("a,b,c", "rsplit", &[Str(","), Int(1)], "['a,b', 'c']");
    check("", "split", &[Str(",")], "['']");
    check("", "split", &[], "[]");
    check("a", "split", &[Str("")], "ValueError: empty separator");
    check("a\nb\r\nc\r", "splitlines", &[], "['a', 'b', 'c']");
    check("a\nb", "splitlines", &[Bool(true)], "['a\\n', 'b']");
    check(", ", "join", &[List(&[Str("a"), Str("b")])], "'a, b'");
    check(" a ", "strip", &[], "'a'");
    check("xxaxx", "lstrip", &[Str("x")], "'axx'");
    check("äöä", "strip", &[Str("ä")], "'ö'");
    assert_eq!(method(Bytes(b"0"), "find", &[Int(256)]), "ValueError: bytes value out of range");
    assert_eq!(method(Bytes(b" a b "), "split", &[]), "[b'a', b'b']");
    assert_eq!(method(Array(b" a "), "strip", &[]), "bytearray(b'a')");
}

#[test]
fn letters_and_layout() {
    check("hello world", "title", &[], "'Hello World'");
    check("hELLO", "capitalize", &[], "'Hello'");
    check("äÖ", "swapcase", &[], "'Äö'");
    check("ab", "center", &[Int(5)], "'  ab '");
    check("abc", "center", &[Int(6), Str("*")], "'*abc**'");
    check("-5", "zfill", &[Int(4)], "'-005'");
    check("ab", "ljust", &[Int(4)], "'ab  '");
    check("a\tb", "expandtabs", &[Int(4)], "'a   b'");
    check("abc1", "isalnum", &[], "True");
    check("", "isdigit", &[], "False");
    check("a1", "islower", &[], "True");
    check("_x1", "isidentifier", &[], "True");
    check("Abc De", "istitle", &[], "True");
    check("prefix", "removeprefix", &[Str("pre")], "'fix'");
    check("straße", "upper", &[], "'STRASSE'");
}

#[test]
fn str_format() {
    check(
        "{} {1}",
        "format",
        &[Int(1)],
        "ValueError: can't switch from automatic field numbering to manual field specification",
    );
    check("{1}-{0}", "format", &[Int(1), Str("a")], "'a-1'");
    check("{!r:>5}|{:<3}|", "format", &[Str("a"), Int(7)], "\"  'a'|7  |\"");
    check("{:{}.{}f}", "format", &[Float(1.2345), Int(8), Int(2)], "'    1.23'");
    check("{{}}{}", "format", &[None], "'{}None'");
    check("{0[1]}", "format", &[List(&[Int(5), Int(6)])], "'6'");
    check("{0.real}", "format", &[Int(5)], "'5'");
    check("{:d}", "format", &[Float(1.0)], "ValueError: unknown format code 'd' for object of type 'float'");
    check("{:x}", "format", &[Int(255)], "'ff'");
    check("{:c}", "format", &[Int(97)], "'a'");
    check("{:4c}", "format", &[Int(48)], "'   0'");
    check("{", "format", &[], "ValueError: unmatched '{' in format");
    check("}", "format", &[], "ValueError: single '}' encountered in format string");
    check("{:06s}", "format", &[Str("ab")], "'ab0000'");
    check("{:06}", "format", &[Bool(true)], "'000001'");
    check("{}", "format", &[], "IndexError: Replacement index 0 out of range for positional args tuple");
}

#[test]
fn percent_format() {
    let check = |template, values, expected: &str| {
        assert_eq!(operator(BinaryOp::Modulo, Str(template), values), expected, "{template}");
    };
    check("%d %s", Tuple(&[Int(1), Str("x")]), "'1 x'");
    check("%5.1f|%-5d|%05d", Tuple(&[Float(2.25), Int(3), Int(-4)]), "'  2.2|3    |-0004'");
    check("%x %X %#x %o", Tuple(&[Int(255), Int(255), Int(255), Int(8)]), "'ff FF 0xff 10'");
    check("%r %c %c%%", Tuple(&[Str("a"), Int(98), Str("c")]), "\"'a' b c%\"");
    check("%*d", Tuple(&[Int(4), Int(7)]), "'   7'");
    check("%s", List(&[Int(1)]), "'[1]'");
    check("%d", Str("x"), "TypeError: can't convert str to int");
    check("%s %s", Int(1), "TypeError: not enough arguments for format string");
    check("x", Int(1), "TypeError: not all arguments converted during string formatting");
    check("%", Tuple(&[]), "ValueError: incomplete format");
    check("%.3d|%+d|% d", Tuple(&[Int(5), Int(5), Int(5)]), "'005|+5| 5'");
    check("%08.4d|", Int(-12), "'-0000012|'");
    check("%4c|", Int(48), "'   0|'");
    check("%.2s|%5s|%-5s|", Tuple(&[Str("abc"), Str("a"), Str("b")]), "'ab|    a|b    |'");
    assert_eq!(operator(BinaryOp::Modulo, Bytes(b"%s-%d"), Tuple(&[Bytes(b"a"), Int(1)])), "b'a-1'");
}

#[test]
fn operators_and_slices() {
    assert_eq!(operator(BinaryOp::Add, Str("a"), Str("b")), "'ab'");
    assert_eq!(operator(BinaryOp::Multiply, Int(3), Str("ab")), "'ababab'");
    assert_eq!(operator(BinaryOp::Multiply, Str("ab"), Int(-1)), "''");
    assert_eq!(operator(BinaryOp::Add, Bytes(b"a"), Array(b"b")), "b'ab'");
    assert_eq!(
        operator(BinaryOp::Add, Str("a"), Int(1)),
        "TypeError: can only concatenate str (not \"int\") to str"
    );
    assert_eq!(operator(BinaryOp::In, Str("ell"), Str("hello")), "True");
    assert_eq!(operator(BinaryOp::In, Int(104), Bytes(b"hello")), "True");
    assert_eq!(slice(Str("hello"), [Int(1), Int(-1), None]), "'ell'");
    assert_eq!(slice(Str("hällo"), [None, None, Int(-1)]), "'olläh'");
    assert_eq!(slice(Bytes(b"hello"), [None, None, Int(2)]), "b'hlo'");
}

#[test]
fn byte_strings() {
    assert_eq!(function("bytes", &[Int(3)]), "b'\\x00\\x00\\x00'");
    assert_eq!(function("bytes", &[List(&[Int(1), Int(256)])]), "ValueError: bytes value out of range");
    assert_eq!(function("bytes", &[Str("x")]), "TypeError: string argument without an encoding");
    assert_eq!(function("bytes", &[Str("ä"), Str("utf-8")]), "b'\\xc3\\xa4'");
    assert_eq!(function("bytearray", &[Bytes(b"x")]), "bytearray(b'x')");
    assert_eq!(function("str", &[Bytes(b"x"), Str("utf-8")]), "'x'");
    assert_eq!(method(Bytes(b"\xff"), "decode", &[]), "UnicodeError: ");
    assert_eq!(method(Bytes(b"\x01\xab"), "hex", &[Str(":")]), "'01:ab'");
    assert_eq!(method(Array(b"abc"), "pop", &[]), "99");
    assert_eq!(method(Str("aä"), "encode", &[]), "b'a\\xc3\\xa4'");
}
