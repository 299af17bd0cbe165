//! The type `float`.

use num_bigint::BigInt as Big;
use num_traits::FromPrimitive;

use crate::builtins::TypeDef;
use crate::builtins::text::data::Text;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::vm::Vm;

pub const TYPES: &[TypeDef] = &[TypeDef { kind: Kind::Float, constructor: Some(new), methods: METHODS }];

const METHODS: &[NativeDef] = &[
    NativeDef::pure("as_integer_ratio", as_integer_ratio, 1, 1),
    NativeDef::pure("conjugate", |vm, args| Ok(vm.unwrapped(args.pos[0])), 1, 1),
    NativeDef::pure("hex", hex, 1, 1),
    NativeDef::pure("is_integer", is_integer, 1, 1),
];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("float", args, 0, 1)?;
    let Some(value) = args.get(0) else { return Ok(vm.float(0.0)) };
    if value.kind() == Kind::Float {
        return Ok(value);
    }
    let x = match Text::of_buffer(vm.unwrapped(value)) {
        Some(text) => match parse_float(&text) {
            Some(x) => x,
            None => {
                let shown = vm.repr(value)?;
                return Err(vm.value_error(format!("could not convert string to float: {shown}")));
            }
        },
        None => vm.float_arg(value)?,
    };
    Ok(vm.float(x))
}

/// A float as it is written, with underscores between digits and blanks around it.
pub fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?.trim();
    if text.contains('_') {
        return text.replace('_', "").parse().ok();
    }
    text.parse().ok()
}

impl Vm {
    /// A float argument; ints and what has `__float__` are converted.
    pub fn float_arg(&mut self, value: Value) -> R<f64> {
        match value.as_float() {
            Some(x) => Ok(x),
            None => match self.special(value, self.names.float) {
                Some(method) => self.float_by_method(method, value),
                None => self.float_value(self.unwrapped(value)),
            },
        }
    }

    fn float_by_method(&mut self, method: Value, value: Value) -> R<f64> {
        let result = self.call(method, &[value])?;
        match self.unwrapped(result).as_float() {
            Some(x) => Ok(x),
            None => Err(self.type_error("__float__ returned non-float")),
        }
    }
}

fn is_integer(vm: &mut Vm, args: Args<'_>) -> R {
    let x = vm.float_arg(args.pos[0])?;
    Ok(Value::bool(x.is_finite() && x.fract() == 0.0))
}

fn as_integer_ratio(vm: &mut Vm, args: Args<'_>) -> R {
    let mut x = vm.float_arg(args.pos[0])?;
    if !x.is_finite() {
        vm.float_to_int(x)?;
    }
    let mut shift = 0u32;
    while x.fract() != 0.0 {
        x *= 2.0;
        shift += 1;
    }
    let numerator = vm.big(Big::from_f64(x).unwrap_or_default());
    let denominator = vm.big(Big::from(1) << shift);
    Ok(vm.tuple(&[numerator, denominator]))
}

/// `0x1.8000000000000p+0`
fn hex(vm: &mut Vm, args: Args<'_>) -> R {
    let x = vm.float_arg(args.pos[0])?;
    if !x.is_finite() {
        return Ok(vm.str(crate::builtins::numbers::float_text::float_repr(x)));
    }
    let bits = x.to_bits();
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i64);
    if x == 0.0 {
        return Ok(vm.str(format!("{sign}0x0.0p+0")));
    }
    let (lead, exponent) = if exponent == 0 { (0, -1022) } else { (1, exponent - 1023) };
    Ok(vm.str(format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")))
}

/// `x.real` and `x.imag`.
pub fn attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    match name {
        "real" => Some(value),
        "imag" => Some(vm.float(0.0)),
        _ => None,
    }
}
