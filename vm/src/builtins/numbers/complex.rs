//! The type `complex`.

use crate::builtins::TypeDef;
use crate::builtins::numbers::float::parse_float;
use crate::builtins::text::data::Text;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::runtime::number::complex_parts;
use crate::vm::Vm;

pub const TYPES: &[TypeDef] = &[TypeDef {
    kind: Kind::Complex,
    constructor: Some(new),
    methods: &[NativeDef::pure("conjugate", conjugate, 1, 1)],
}];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("complex", Args { kw: &[], ..args }, 0, 2)?;
    let real = args.get_or(0, "real");
    let Some(imaginary) = args.get_or(1, "imag") else {
        return match real {
            Some(value) if value.kind() == Kind::Complex => Ok(value),
            Some(value) => convert(vm, value),
            None => Ok(vm.complex(0.0, 0.0)),
        };
    };
    if !vm.is_like_a_number(imaginary) {
        return Err(vm.type_error("complex() second argument must be a number"));
    }
    let a = vm.complex_arg(real.unwrap_or(Value::small(0)))?;
    let b = vm.complex_arg(imaginary)?;
    Ok(vm.complex(a.0 - b.1, a.1 + b.0))
}

fn convert(vm: &mut Vm, value: Value) -> R {
    let parts = match Text::of(vm.unwrapped(value)).filter(|_| vm.unwrapped(value).kind() == Kind::Str) {
        Some(text) => match parse(&text) {
            Some(parts) => parts,
            None => return Err(vm.value_error("complex() arg is a malformed string")),
        },
        None => vm.complex_arg(value)?,
    };
    Ok(vm.complex(parts.0, parts.1))
}

impl Vm {
    fn is_like_a_number(&mut self, value: Value) -> bool {
        complex_parts(self.unwrapped(value)).is_some()
            || [self.names.complex, self.names.float, self.names.index]
                .into_iter()
                .any(|name| self.special(value, name).is_some())
    }

    /// Real and imaginary part of an argument.
    pub fn complex_arg(&mut self, value: Value) -> R<(f64, f64)> {
        if let Some(parts) = complex_parts(self.unwrapped(value)) {
            return Ok(parts);
        }
        if let Some(method) = self.special(value, self.names.complex) {
            let result = self.call(method, &[value])?;
            return match complex_parts(result).filter(|_| result.kind() == Kind::Complex) {
                Some(parts) => Ok(parts),
                None => Err(self.type_error("__complex__ returned non-complex")),
            };
        }
        if self.special(value, self.names.float).is_some() {
            return self.float_arg(value).map(|x| (x, 0.0));
        }
        let name = self.type_name(value);
        Err(self.type_error(format!("can't convert {name} to complex")))
    }
}

/// `1`, `2j`, `1+2j`, `(1+2j)`.
fn parse(text: &[u8]) -> Option<(f64, f64)> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let text = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).map_or(text, str::trim);
    let Some(body) = text.strip_suffix(['j', 'J']) else {
        return parse_float(text.as_bytes()).map(|re| (re, 0.0));
    };
    // The last sign that is not an exponent's separates the parts.
    let bytes = body.as_bytes();
    let sign = |i: &usize| matches!(bytes[*i], b'+' | b'-') && !matches!(bytes[*i - 1], b'e' | b'E');
    let (real, imaginary) = match (1..bytes.len()).rev().find(sign) {
        Some(at) => (parse_float(&bytes[..at])?, &body[at..]),
        None => (0.0, body),
    };
    let imaginary = match imaginary {
        "" | "+" => 1.0,
        "-" => -1.0,
        number => parse_float(number.as_bytes())?,
    };
    Some((real, imaginary))
}

fn conjugate(vm: &mut Vm, args: Args<'_>) -> R {
    let (re, im) = vm.complex_arg(args.pos[0])?;
    Ok(vm.complex(re, -im))
}

/// `z.real` and `z.imag`.
pub fn attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    let (re, im) = complex_parts(value)?;
    match name {
        "real" => Some(vm.float(re)),
        "imag" => Some(vm.float(im)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_forms() {
        assert_eq!(parse(b"1+2j"), Some((1.0, 2.0)));
        assert_eq!(parse(b"-j"), Some((0.0, -1.0)));
        assert_eq!(parse(b"1e-5-2e+3j"), Some((1e-5, -2e3)));
        assert_eq!(parse(b" (3) "), Some((3.0, 0.0)));
        assert_eq!(parse(b"1+"), None);
    }
}
