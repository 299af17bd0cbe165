//! The format mini-language: what stands after the colon in `{:>+10.3f}`, and its use on numbers and text.

use std::fmt::Write;

use num_bigint::{BigInt as Big, Sign};
use num_traits::ToPrimitive;

use crate::builtins::numbers::float_text::{Digits, fixed, float_repr};

/// A parsed specifier.
#[derive(Clone, Debug)]
pub struct Spec {
    pub fill: char,
    /// `<`, `>`, `^` or `=`.
    pub align: Option<char>,
    /// `+`, `-` or space.
    pub sign: Option<char>,
    /// `#`
    pub alternate: bool,
    /// The width began with 0.
    pub zero: bool,
    pub width: usize,
    /// `,` or `_`.
    pub group: Option<char>,
    pub precision: Option<usize>,
    /// The last letter.
    pub kind: Option<char>,
}

impl Default for Spec {
    fn default() -> Self {
        Spec {
            fill: ' ',
            align: None,
            sign: None,
            alternate: false,
            zero: false,
            width: 0,
            group: None,
            precision: None,
            kind: None,
        }
    }
}

/// The most digits that a float can be given.
pub const MOST_PRECISION: usize = i32::MAX as usize;

impl Spec {
    /// `None` if `text` is not a specifier.
    pub fn parse(text: &str) -> Option<Spec> {
        let mut spec = Spec::default();
        let mut rest = spec.take_alignment(text);
        if let Some(sign) = rest.chars().next().filter(|c| "+- ".contains(*c)) {
            spec.sign = Some(sign);
            rest = &rest[1..];
        }
        spec.alternate = take(&mut rest, '#');
        if take(&mut rest, '0') {
            spec.zero = true;
            let fill_given = text.chars().nth(1).is_some_and(is_align);
            spec.fill = if fill_given { spec.fill } else { '0' };
        }
        spec.width = take_number(&mut rest)?.unwrap_or(0);
        if let Some(group) = rest.chars().next().filter(|c| ",_".contains(*c)) {
            spec.group = Some(group);
            rest = &rest[1..];
        }
        if take(&mut rest, '.') {
            spec.precision = Some(take_number(&mut rest)??);
        }
        let mut letters = rest.chars();
        spec.kind = letters.next();
        letters.next().is_none().then_some(spec)
    }

    fn take_alignment<'a>(&mut self, text: &'a str) -> &'a str {
        let mut chars = text.chars();
        let (first, second) = (chars.next(), chars.next());
        if let (Some(fill), Some(align)) = (first, second.filter(|c| is_align(*c))) {
            (self.fill, self.align) = (fill, Some(align));
            return chars.as_str();
        }
        self.align = first.filter(|c| is_align(*c));
        if self.align.is_some() { &text[1..] } else { text }
    }

    /// More bytes than formatting `len` bytes of text or digits needs, what is in between included.
    pub fn most_bytes(&self, len: usize) -> usize {
        let digits =
            if matches!(self.kind, None | Some('s' | 'c')) { 0 } else { self.precision.unwrap_or(0) };
        let padded =
            self.width.saturating_mul(self.fill.len_utf8()).saturating_add(digits).saturating_add(len);
        padded.saturating_mul(4)
    }

    /// The precision is more than a float can be given.
    pub fn is_too_precise(&self) -> bool {
        self.precision.is_some_and(|n| n > MOST_PRECISION)
    }

    /// Pads text; `default` is the alignment if none was given.
    pub fn pad(&self, out: &mut String, text: &str, default: char) {
        let missing = self.width.saturating_sub(text.chars().count());
        let before = match self.align.unwrap_or(default) {
            '>' | '=' => missing,
            '^' => missing / 2,
            _ => 0,
        };
        out.extend(std::iter::repeat_n(self.fill, before));
        out.push_str(text);
        out.extend(std::iter::repeat_n(self.fill, missing - before));
    }

    /// Text, cut to the precision.
    pub fn text(&self, out: &mut String, text: &str) {
        match self.precision.and_then(|n| text.char_indices().nth(n)) {
            Some((end, _)) => self.pad(out, &text[..end], '<'),
            None => self.pad(out, text, '<'),
        }
    }

    /// Sign, prefix and digits with the padding between or around them. `tail` is what grouping leaves alone.
    fn number(&self, out: &mut String, negative: bool, prefix: &str, digits: &str, tail: &str) {
        let sign = match (negative, self.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        let default = if self.zero { '=' } else { '>' };
        let inner = self.align.unwrap_or(default) == '=';
        let fixed = sign.len() + prefix.len() + tail.len();
        let mut body = digits.to_owned();
        if let Some(separator) = self.group {
            let zeros = if inner && self.fill == '0' { self.width.saturating_sub(fixed) } else { 0 };
            body = group(digits, separator, self.group_size(), zeros);
        }
        if !inner {
            return self.pad(out, &format!("{sign}{prefix}{body}{tail}"), default);
        }
        out.push_str(sign);
        out.push_str(prefix);
        let missing = self.width.saturating_sub(fixed + body.len());
        out.extend(std::iter::repeat_n(self.fill, missing));
        out.push_str(&body);
        out.push_str(tail);
    }

    fn group_size(&self) -> usize {
        if matches!(self.kind, Some('x' | 'X' | 'b' | 'o')) { 4 } else { 3 }
    }

    /// An int with one of the int letters; false if the letter is not one.
    pub fn int(&self, out: &mut String, n: &Big) -> bool {
        let (radix, prefix) = match self.kind {
            None | Some('d' | 'n' | 'i' | 'u') => (10, ""),
            Some('b') => (2, "0b"),
            Some('o') => (8, "0o"),
            Some('x') => (16, "0x"),
            Some('X') => (16, "0X"),
            _ => return false,
        };
        let mut digits = n.magnitude().to_str_radix(radix);
        if self.kind == Some('X') {
            digits.make_ascii_uppercase();
        }
        let prefix = if self.alternate { prefix } else { "" };
        self.number(out, n.sign() == Sign::Minus, prefix, &digits, "");
        true
    }

    /// An int given as a machine word.
    pub fn small(&self, out: &mut String, n: i64) -> bool {
        let decimal = matches!(self.kind, None | Some('d'));
        if !decimal {
            return self.int(out, &Big::from(n));
        }
        if self.width == 0 && self.group.is_none() && self.sign.is_none() {
            let _ = write!(out, "{n}");
        } else {
            self.number(out, n < 0, "", &n.unsigned_abs().to_string(), "");
        }
        true
    }

    /// A character code, for `c`; false if there is no such character.
    pub fn character(&self, out: &mut String, n: &Big) -> bool {
        match n.to_u32().and_then(char::from_u32) {
            Some(c) => self.pad(out, c.encode_utf8(&mut [0; 4]), '>'),
            None => return false,
        }
        true
    }

    /// A float with one of the float letters; false if the letter is not one.
    pub fn float(&self, out: &mut String, x: f64) -> bool {
        let letter = self.kind.unwrap_or('r');
        if !"reEfFgGn%".contains(letter) {
            return false;
        }
        let percent = if letter == '%' { "%" } else { "" };
        let scaled = if letter == '%' { x * 100.0 } else { x };
        let mut text = self.float_digits(letter, scaled.abs());
        if letter.is_ascii_uppercase() {
            text.make_ascii_uppercase();
        }
        text.push_str(percent);
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (whole, tail) = text.split_at(end);
        let negative = x.is_sign_negative() && !x.is_nan();
        if whole.is_empty() {
            Spec { group: None, ..self.clone() }.number(out, negative, "", tail, "");
        } else {
            self.number(out, negative, "", whole, tail);
        }
        true
    }

    /// The digits of a non-negative number.
    fn float_digits(&self, letter: char, x: f64) -> String {
        if !x.is_finite() {
            return if x.is_nan() { "nan" } else { "inf" }.to_owned();
        }
        let precision = self.precision.unwrap_or(6);
        match letter {
            'f' | 'F' | '%' => with_point(fixed(x, precision), self.alternate),
            'e' | 'E' => with_point(Digits::significant(x, precision + 1).scientific(), self.alternate),
            'r' if self.precision.is_none() => float_repr(x),
            'r' => self.general(x, precision.max(1), true),
            _ => self.general(x, precision.max(1), false),
        }
    }

    /// `g`, and the form without a letter, which always shows that it is a float.
    fn general(&self, x: f64, precision: usize, untyped: bool) -> String {
        let mut digits = Digits::significant(x, if self.alternate { precision } else { precision.min(2000) });
        let limit = precision.min(1 << 30) as i32 - untyped as i32;
        let scientific = digits.exponent < -4 || digits.exponent >= limit.max(untyped as i32);
        if !self.alternate {
            digits.strip_zeros();
        }
        if scientific {
            return with_point(digits.scientific(), self.alternate);
        }
        let text = digits.positional();
        if untyped && !text.contains('.') { text + ".0" } else { with_point(text, self.alternate) }
    }
}

/// Adds the decimal point that `#` demands.
fn with_point(mut text: String, wanted: bool) -> String {
    if wanted && !text.contains('.') {
        let at = text.find('e').unwrap_or(text.len());
        text.insert(at, '.');
    }
    text
}

/// Puts a separator between groups of `size` digits, after adding zeros up to a total length of `width`.
fn group(digits: &str, separator: char, size: usize, width: usize) -> String {
    // One digit less than fills the width with its separators, then as many as are needed.
    let mut count = digits.len().max((width * size / (size + 1)).saturating_sub(1));
    while count + count.saturating_sub(1) / size < width {
        count += 1;
    }
    let mut out = String::with_capacity(count + count / size);
    let padded = std::iter::repeat_n('0', count - digits.len()).chain(digits.chars());
    for (i, digit) in padded.enumerate() {
        if i > 0 && (count - i).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

fn is_align(c: char) -> bool {
    "<>^=".contains(c)
}

fn take(rest: &mut &str, c: char) -> bool {
    match rest.strip_prefix(c) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

/// A decimal number if there is one; the outer `None` if it is too large.
fn take_number(rest: &mut &str) -> Option<Option<usize>> {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, after) = rest.split_at(end);
    *rest = after;
    if digits.is_empty() {
        return Some(None);
    }
    digits.parse().ok().filter(|n| *n <= i64::MAX as usize).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(spec: &str, n: i64) -> String {
        let mut out = String::new();
        assert!(Spec::parse(spec).expect("valid").small(&mut out, n));
        out
    }

    fn float(spec: &str, x: f64) -> String {
        let mut out = String::new();
        assert!(Spec::parse(spec).expect("valid").float(&mut out, x));
        out
    }

    #[test]
    fn ints() {
        for (spec, n, text) in [
            ("", 5, "5"),
            ("5", -5, "   -5"),
            ("05", -5, "-0005"),
            ("<5", 5, "5    "),
            ("*^5", 5, "**5**"),
            ("+", 5, "+5"),
            ("#x", 255, "0xff"),
            ("#010b", 5, "0b00000101"),
            ("X", 255, "FF"),
            (",", 1234567, "1,234,567"),
            ("010,", 1234, "00,001,234"),
            ("_x", 0x12345, "1_2345"),
            ("=+6", 42, "+   42"),
        ] {
            assert_eq!(int(spec, n), text, "{spec}");
        }
    }

    #[test]
    fn floats() {
        for (spec, x, text) in [
            ("", 3.0, "3.0"),
            (".2f", 2.675, "2.67"),
            ("8.3f", -1.5, "  -1.500"),
            ("08.3f", -1.5, "-001.500"),
            ("e", 12345.678, "1.234568e+04"),
            (".0e", 15000.0, "2e+04"),
            ("g", 1e6, "1e+06"),
            ("g", 100000.0, "100000"),
            ("g", 0.0001, "0.0001"),
            (".3g", 0.00001234, "1.23e-05"),
            (".3", 123.0, "1.23e+02"),
            (".4", 123.0, "123.0"),
            ("%", 0.25, "25.000000%"),
            (",.2f", 1234567.891, "1,234,567.89"),
            ("#.3g", 1.0, "1.00"),
            ("#.0f", 1.0, "1."),
            ("F", f64::INFINITY, "INF"),
            ("6", f64::NAN, "   nan"),
            (".1f", -0.04, "-0.0"),
        ] {
            assert_eq!(float(spec, x), text, "{spec}");
        }
    }

    #[test]
    fn nonsense_is_no_specifier() {
        assert!(Spec::parse("5xx").is_none());
        assert!(Spec::parse(".f").is_none());
        assert!(Spec::parse("99999999999999999999").is_none());
    }
}
