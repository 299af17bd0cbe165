//! Numbers as text in the way MicroPython prints them: the fewest digits that read back as the same number.

/// `1.5`, `1e+20`, `inf`
pub(super) fn float(value: f64) -> String {
    let mut text = general(value);
    if value.is_finite() && !text.contains(['.', 'e']) {
        text.push_str(".0");
    }
    text
}

/// `(1+2j)`, or `2j` if there is no real part
pub(super) fn complex(real: f64, imag: f64) -> String {
    let imag_text = general(imag);
    if real == 0.0 {
        return format!("{imag_text}j");
    }
    let sign = if imag_text.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imag_text}j)", general(real))
}

pub(super) fn parse_complex(text: &str) -> Option<(f64, f64)> {
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let text = text.strip_suffix('j')?;
    let signs = text.char_indices().skip(1).filter(|&(_, c)| c == '+' || c == '-');
    // Not the sign of an exponent.
    let split = signs.map(|(at, _)| at).filter(|&at| !text[..at].ends_with('e')).last();
    match split {
        Some(at) => Some((text[..at].parse().ok()?, text[at..].parse().ok()?)),
        None => Some((0.0, text.parse().ok()?)),
    }
}

/// Plain notation for exponents -4 … 15, else scientific with at least two digits of exponent.
fn general(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.into();
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}
