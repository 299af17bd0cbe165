//! Floats as decimal digits: the shortest form that reads back equal, and a given number of digits.

/// The digits of a finite, non-negative number and the power of ten of the first one.
pub struct Digits {
    pub digits: String,
    pub exponent: i32,
}

/// No float has more digits that are not 0, counted from the point or from the first one.
const MOST_DIGITS: usize = 1100;

/// `x` with so many digits behind the point, correctly rounded.
pub fn fixed(x: f64, n: usize) -> String {
    let known = n.min(MOST_DIGITS);
    let mut text = format!("{x:.known$}");
    text.extend(std::iter::repeat_n('0', n - known));
    text
}

impl Digits {
    /// As few digits as identify `x`.
    /// Of two such forms that are equally near, the even one.
    pub fn shortest(x: f64) -> Digits {
        let shortest = Digits::split(&format!("{x:e}"));
        let n = shortest.digits.len();
        if n < FEWEST_OF_TIE || !is_dyadic(x) {
            return shortest;
        }
        let rounded = format!("{x:.*e}", n - 1);
        if rounded.parse() == Ok(x) { Digits::split(&rounded) } else { shortest }
    }

    /// `n` significant digits (at least one), correctly rounded.
    pub fn significant(x: f64, n: usize) -> Digits {
        let known = n.clamp(1, MOST_DIGITS);
        let mut digits = Digits::split(&format!("{x:.*e}", known - 1));
        digits.digits.extend(std::iter::repeat_n('0', n.saturating_sub(known)));
        digits
    }

    fn split(scientific: &str) -> Digits {
        let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
        let digits = mantissa.chars().filter(char::is_ascii_digit).collect();
        Digits { digits, exponent: exponent.parse().unwrap_or(0) }
    }

    pub fn strip_zeros(&mut self) {
        let kept = self.digits.trim_end_matches('0').len().max(1);
        self.digits.truncate(kept);
    }

    /// `123.45`; `0.00012`; no point without a fraction.
    pub fn positional(&self) -> String {
        let digits = &self.digits;
        if self.exponent < 0 {
            return format!("0.{}{digits}", "0".repeat((-self.exponent - 1) as usize));
        }
        let whole = self.exponent as usize + 1;
        match digits.len().checked_sub(whole) {
            Some(0) => digits.clone(),
            Some(_) => format!("{}.{}", &digits[..whole], &digits[whole..]),
            None => format!("{digits}{}", "0".repeat(whole - digits.len())),
        }
    }

    /// `1.2345e+02`.
    pub fn scientific(&self) -> String {
        let (first, rest) = self.digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if self.exponent < 0 { '-' } else { '+' };
        format!("{first}{point}{rest}e{sign}{:02}", self.exponent.abs())
    }
}

/// A number lies amid two decimals that both read back as it only if these have at least so many digits.
const FEWEST_OF_TIE: usize = 15;

/// It has few enough binary places that its decimal expansion could end right after the shortest form.
fn is_dyadic(x: f64) -> bool {
    let scaled = x * (1u64 << 26) as f64;
    scaled == scaled.trunc()
}

/// `repr(x)`.
pub fn float_repr(x: f64) -> String {
    let text = float_short(x);
    if x.is_finite() && !text.contains(['.', 'e']) { text + ".0" } else { text }
}

/// `repr(x)` without the `.0` of whole numbers, as parts of complex numbers are printed.
pub fn float_short(x: f64) -> String {
    if x.is_nan() {
        return "nan".to_owned();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    let digits = Digits::shortest(x.abs());
    let body = if (-4..16).contains(&digits.exponent) { digits.positional() } else { digits.scientific() };
    format!("{sign}{body}")
}

/// `repr` of a complex number.
pub fn complex_repr(re: f64, im: f64) -> String {
    let imaginary = float_short(im);
    if re == 0.0 && !re.is_sign_negative() {
        return format!("{imaginary}j");
    }
    let plus = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{imaginary}j)", float_short(re))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_is_the_shortest_form() {
        for (x, text) in [
            (0.1, "0.1"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (1.5e300, "1.5e+300"),
            (123.456, "123.456"),
            (2f64.powi(49) + 0.25, "562949953421312.2"),
            (2f64.powi(49) + 0.75, "562949953421312.8"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(float_repr(x), text);
        }
    }

    #[test]
    fn complex_numbers() {
        assert_eq!(complex_repr(1.0, 2.0), "(1+2j)");
        assert_eq!(complex_repr(0.0, -1.5), "-1.5j");
        assert_eq!(complex_repr(-1.0, f64::NAN), "(-1+nanj)");
    }
}
