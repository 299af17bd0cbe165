/// Appends the value of one string literal, as written, to `out`. `None` if it is not a plain literal.
///
/// Only strings with lone surrogates come here; those are encoded as three bytes, as MicroPython does.
pub(super) fn decode_literal(literal: &str, out: &mut Vec<u8>) -> Option<()> {
    let quote_at = literal.find(['"', '\''])?;
    let (prefix, quoted) = literal.split_at(quote_at);
    let n_quotes = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") { 3 } else { 1 };
    let body = quoted.get(n_quotes..quoted.len().checked_sub(n_quotes)?)?;
    if prefix.contains(['r', 'R']) {
        out.extend(body.bytes());
        return Some(());
    }
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        out.extend(rest[..at].bytes());
        rest = decode_escape(&rest[at + 1..], out)?;
    }
    out.extend(rest.bytes());
    Some(())
}

/// Decodes what follows a backslash; returns what follows that.
fn decode_escape<'a>(text: &'a str, out: &mut Vec<u8>) -> Option<&'a str> {
    let mut chars = text.chars();
    let c = chars.next()?;
    let rest = chars.as_str();
    let simple = match c {
        '\n' => return Some(rest),
        '\\' | '\'' | '"' => c,
        'a' => '\x07',
        'b' => '\x08',
        't' => '\t',
        'n' => '\n',
        'v' => '\x0b',
        'f' => '\x0c',
        'r' => '\r',
        'x' => return decode_hex(rest, 2, out),
        'u' => return decode_hex(rest, 4, out),
        'U' => return decode_hex(rest, 8, out),
        '0'..='7' => return decode_octal(text, out),
        _ => {
            out.push(b'\\');
            c
        }
    };
    push(u32::from(simple), out);
    Some(rest)
}

fn decode_hex<'a>(text: &'a str, digits: usize, out: &mut Vec<u8>) -> Option<&'a str> {
    push(u32::from_str_radix(text.get(..digits)?, 16).ok()?, out);
    text.get(digits..)
}

fn decode_octal<'a>(text: &'a str, out: &mut Vec<u8>) -> Option<&'a str> {
    let digits = text.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    push(u32::from_str_radix(text.get(..digits)?, 8).ok()?, out);
    text.get(digits..)
}

fn push(code: u32, out: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(c) => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
        None => out.extend([
            0xe0 | (code >> 12 & 0xf) as u8,
            0x80 | (code >> 6 & 0x3f) as u8,
            0x80 | (code & 0x3f) as u8,
        ]),
    }
}
