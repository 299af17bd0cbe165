//! Numbers as text in the way MicroPython prints them: 16 digits if they read back as the same number, else 17;
//! without zeros at the end.

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
    let scientific = scientific(value);
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        return plain(digits, exponent);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

fn scientific(value: f64) -> String {
    // Powers of ten may lie just below what they are taken for, which 16 digits would show.
    let power = Some(format!("{value:.0e}")).filter(|text| text.trim_start_matches('-').starts_with("1e"));
    let mut candidates = power.into_iter().chain([sixteen(value)]);
    let exact = candidates.find(|text| text.parse() == Ok(value));
    exact.unwrap_or_else(|| format!("{value:.16e}"))
}

/// Sixteen digits. What lies in the middle of two such numbers is rounded away from zero.
fn sixteen(value: f64) -> String {
    let (exact, even) = (format!("{value:.60e}"), format!("{value:.15e}"));
    let digits = exact.split_once('e').map_or("", |(digits, _)| digits).trim_end_matches('0');
    let (below, exponent) = even.split_once('e').unwrap_or((&even, "0"));
    // The last digit is even, if it was rounded towards zero.
    match (digits.strip_suffix('5') == Some(below), below.bytes().last()) {
        (true, Some(last)) => {
            format!("{}{}e{exponent}", &below[..below.len() - 1], char::from(last + 1))
        }
        _ => even,
    }
}

/// `d.ddd` times a small power of ten, written out.
fn plain(digits: &str, exponent: i32) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let digits = digits.replace('.', "");
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(-exponent as usize - 1));
    }
    let n_whole = exponent as usize + 1;
    if digits.len() <= n_whole {
        return format!("{sign}{digits:0<n_whole$}");
    }
    let (whole, fraction) = digits.split_at(n_whole);
    format!("{sign}{whole}.{fraction}")
}
