//! The grammar of lines: one function per production, the production in its comment.
//!
//! `~` in a production stands for "the last one in the line": names hold arbitrary bytes, separators included, so
//! whatever follows a name is found from the right.

pub(crate) mod address;
pub(crate) mod counts;
pub(crate) mod header;
pub(crate) mod location;
pub(crate) mod marker;
pub(crate) mod op;
pub(crate) mod ours;
pub(crate) mod profile;

use nom::bytes::complete::{tag, take_while1};
use nom::combinator::{all_consuming, map_opt, opt};
use nom::{IResult, Parser};

/// No production says why it does not match: the caller names the line.
pub(crate) type Parsed<'a, T> = IResult<&'a [u8], T, ()>;

/// The value, if the production matches the whole text.
pub(crate) fn whole<'a, T>(
    production: impl Parser<&'a [u8], Output = T, Error = ()>,
    text: &'a [u8],
) -> Option<T> {
    all_consuming(production).parse(text).ok().map(|(_, value)| value)
}

/// `decimal = [0-9]+`
pub(crate) fn decimal(input: &[u8]) -> Parsed<'_, u64> {
    map_opt(take_while1(|byte: u8| byte.is_ascii_digit()), |digits| number(digits, 10)).parse(input)
}

/// `signed = "-"? decimal`
pub(crate) fn signed(input: &[u8]) -> Parsed<'_, i64> {
    map_opt((opt(tag("-")), decimal), |(minus, value)| {
        let value = i64::try_from(value).ok()?;
        Some(if minus.is_some() { -value } else { value })
    })
    .parse(input)
}

/// `hex = [0-9a-fA-F]+`
pub(crate) fn hex(input: &[u8]) -> Parsed<'_, u64> {
    map_opt(take_while1(|byte: u8| byte.is_ascii_hexdigit()), |digits| number(digits, 16)).parse(input)
}

/// `address = "0x" "-"? hex` — machines of 32 bits once printed theirs with a sign.
pub(crate) fn address(input: &[u8]) -> Parsed<'_, u64> {
    let (rest, _) = tag("0x").parse(input)?;
    signed_word(rest, hex)
}

/// `word = "-"? decimal`, as an address.
pub(crate) fn word(input: &[u8]) -> Parsed<'_, u64> {
    signed_word(input, decimal)
}

/// A number that may have been printed with the sign of a machine word: of 32 bits if it fits into them.
fn signed_word(input: &[u8], digits: fn(&[u8]) -> Parsed<'_, u64>) -> Parsed<'_, u64> {
    match input.strip_prefix(b"-") {
        None => digits(input),
        Some(rest) => digits(rest).map(|(rest, value)| (rest, unsigned(value))),
    }
}

/// The word that is printed as minus `value`.
pub(crate) fn unsigned(value: u64) -> u64 {
    let bits = if value <= 1 << 31 { 1u64 << 32 } else { 0 };
    bits.wrapping_sub(value)
}

/// The value of digits that were checked to be digits; `None` if it does not fit.
pub(crate) fn number(digits: &[u8], radix: u32) -> Option<u64> {
    if radix == 16 && digits.len() <= 16 && digits.iter().all(u8::is_ascii_hexdigit) {
        return Some(
            digits.iter().fold(0, |value, &digit| value << 4 | u64::from((digit & 15) + 9 * (digit >> 6))),
        );
    }
    digits.iter().try_fold(0u64, |value, &digit| {
        let digit = (digit as char).to_digit(radix)?;
        value.checked_mul(u64::from(radix))?.checked_add(u64::from(digit))
    })
}

/// Text before and after the last `separator`.
pub(crate) fn rsplit<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (&first, _) = separator.split_first()?;
    let mut end = text.len();
    while let Some(at) = memchr::memrchr(first, &text[..end]) {
        if text[at..].starts_with(separator) {
            return Some((&text[..at], &text[at + separator.len()..]));
        }
        end = at;
    }
    None
}

/// Text before and after the first `separator`.
pub(crate) fn split(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    memchr::memchr(separator, text).map(|at| (&text[..at], &text[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(whole(hex, b"ffffffffffffffff"), Some(u64::MAX));
        assert_eq!(whole(hex, b"10000000000000000"), None);
        assert_eq!(whole(decimal, b"12x"), None);
        assert_eq!(whole(signed, b"-1"), Some(-1));
        assert_eq!(whole(address, b"0x1F"), Some(31));
        assert_eq!(whole(address, b"0x-4ab12340"), Some(0xb54e_dcc0));
        assert_eq!(whole(word, b"-1"), Some(0xffff_ffff));
    }

    #[test]
    fn splitting() {
        assert_eq!(rsplit(b"a) : b) : c", b") : "), Some((&b"a) : b"[..], &b"c"[..])));
        assert_eq!(rsplit(b"abc", b") : "), None);
        assert_eq!(split(b"a;b;c", b';'), Some((&b"a"[..], &b"b;c"[..])));
    }
}
