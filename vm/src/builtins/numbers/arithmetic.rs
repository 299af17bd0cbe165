//! The functions abs, round, divmod and pow, and what numbers have as attributes.

use num_bigint::BigInt as Big;
use num_integer::Integer;
use num_traits::{FromPrimitive, Pow, Signed, ToPrimitive, Zero};

use crate::builtins::numbers::complex;
use crate::builtins::numbers::float;
use crate::builtins::numbers::int;
use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::runtime::number::{Num, complex_parts, floor_div, floor_mod, number};
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    NativeDef::pure("abs", abs, 1, 1),
    NativeDef::pure("divmod", divmod, 2, 2),
    NativeDef::pure("pow", pow, 2, 3).keywords(),
    NativeDef::pure("round", round, 1, 2).keywords(),
];

fn abs(vm: &mut Vm, args: Args<'_>) -> R {
    let value = args.pos[0];
    match number(value) {
        Some(Num::Small(n)) => return Ok(vm.int(n.abs())),
        Some(Num::Float(x)) => return Ok(vm.float(x.abs())),
        Some(Num::Big(n)) => return Ok(vm.big(n.abs())),
        None => {}
    }
    if let (Kind::Complex, Some((re, im))) = (value.kind(), complex_parts(value)) {
        return Ok(vm.float(re.hypot(im)));
    }
    if let Some(method) = vm.special(value, vm.names.abs) {
        return vm.call(method, &[value]);
    }
    match vm.wrapped(value) {
        Some(inner) => abs(vm, Args::positional(&[inner])),
        None => {
            let name = vm.type_name(value);
            Err(vm.type_error(format!("bad operand type for abs(): '{name}'")))
        }
    }
}

fn divmod(vm: &mut Vm, args: Args<'_>) -> R {
    let (a, b) = (args.pos[0], args.pos[1]);
    if a.both_small(b) && b != Value::small(0) {
        let (x, y) = (a.small_unchecked(), b.small_unchecked());
        let parts = [vm.int(floor_div(x, y)), Value::small(floor_mod(x, y))];
        return Ok(vm.tuple(&parts));
    }
    let (name, reverse) = (vm.intern("__divmod__"), vm.intern("__rdivmod__"));
    for (name, this, other) in [(name, a, b), (reverse, b, a)] {
        if let Some(method) = vm.special(this, name) {
            return vm.call(method, &[this, other]);
        }
    }
    if a.kind() == Kind::Complex || b.kind() == Kind::Complex {
        return Err(vm.type_error("can't truncate-divide a complex number"));
    }
    let (a, b) = (vm.unwrapped(a), vm.unwrapped(b));
    if number(a).is_none() || number(b).is_none() {
        let (a, b) = (vm.type_name(a), vm.type_name(b));
        return Err(vm.type_error(format!("unsupported operand type(s) for divmod(): '{a}' and '{b}'")));
    }
    let quotient = vm.binary(BinaryOp::FloorDivide, a, b)?;
    let rest = vm.binary(BinaryOp::Modulo, a, b)?;
    Ok(vm.tuple(&[quotient, rest]))
}

fn pow(vm: &mut Vm, args: Args<'_>) -> R {
    match args.get_or(2, "mod").filter(|m| !m.is_none()) {
        None => vm.binary(BinaryOp::Power, args.pos[0], args.pos[1]),
        Some(modulus) => modular_power(vm, args.pos[0], args.pos[1], modulus),
    }
}

fn modular_power(vm: &mut Vm, base: Value, exponent: Value, modulus: Value) -> R {
    let parts = [base, exponent, modulus].map(|v| number(vm.unwrapped(v)));
    let [Some(base), Some(exponent), Some(modulus)] = parts else {
        return Err(vm.type_error("pow() with 3 arguments requires integers"));
    };
    if [&base, &exponent, &modulus].iter().any(|n| matches!(n, Num::Float(_))) {
        return Err(vm.type_error("pow() with 3 arguments requires integers"));
    }
    if let (Num::Small(b), Num::Small(e @ 0..), Num::Small(m @ 1..)) = (&base, &exponent, &modulus) {
        return Ok(Value::small(small_modular_power(*b, *e, *m)));
    }
    let (base, exponent, modulus) = (base.into_big(), exponent.into_big(), modulus.into_big());
    if modulus.is_zero() {
        return Err(vm.value_error("divide by zero"));
    }
    if !exponent.is_negative() {
        let power = power_modulo(vm, base, exponent, modulus)?;
        return Ok(vm.big(power));
    }
    match base.modinv(&modulus) {
        Some(inverse) => {
            let power = power_modulo(vm, inverse, -exponent, modulus)?;
            Ok(vm.big(power))
        }
        None => Err(vm.value_error("base is not invertible for the given modulus")),
    }
}

fn small_modular_power(base: i64, mut exponent: i64, modulus: i64) -> i64 {
    let m = modulus as i128;
    let (mut result, mut square) = (1 % m, floor_mod(base, modulus) as i128);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * square % m;
        }
        square = square * square % m;
        exponent >>= 1;
    }
    result as i64
}

fn round(vm: &mut Vm, args: Args<'_>) -> R {
    let value = args.pos[0];
    if number(vm.unwrapped(value)).is_none() {
        return round_object(vm, args);
    }
    let digits = match args.get_or(1, "ndigits").filter(|n| !n.is_none()) {
        Some(n) if matches!(number(vm.unwrapped(value)), Some(Num::Float(_))) => Some(vm.index_value(n)?),
        Some(n) => Some(vm.slice_index(n)?),
        None => None,
    };
    match number(vm.unwrapped(value)) {
        Some(Num::Float(x)) => match digits {
            None => {
                let n = vm.float_to_int(x.round_ties_even())?;
                Ok(vm.big(n))
            }
            Some(digits) => Ok(vm.float(round_float(x, digits))),
        },
        Some(n) => match digits {
            Some(digits @ ..0) => {
                let rounded = round_int(n.into_big(), digits.unsigned_abs());
                Ok(vm.big(rounded))
            }
            _ => Ok(vm.big(n.into_big())),
        },
        None => Ok(value),
    }
}

fn round_object(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.intern("__round__");
    match vm.special(args.pos[0], name) {
        Some(method) => vm.call_with_self(method, args.pos[0], Args { pos: &args.pos[1..], kw: args.kw }),
        None => {
            let name = vm.type_name(args.pos[0]);
            Err(vm.type_error(format!("can't convert {name} to float")))
        }
    }
}

/// To so many decimal places, ties to even, by the exact decimal value.
fn round_float(x: f64, digits: i64) -> f64 {
    if !x.is_finite() || digits > 400 {
        return x;
    }
    if digits >= 0 {
        return format!("{x:.*}", digits as usize).parse().unwrap_or(x);
    }
    if digits < -308 {
        return 0f64.copysign(x);
    }
    let unit: Big = Pow::pow(Big::from(10), digits.unsigned_abs() as u32);
    let whole = Big::from_f64(x.abs().trunc()).unwrap_or_default();
    let (quotient, rest) = whole.div_mod_floor(&unit);
    // With the fraction counted in, which a tie must not have.
    let twice: Big = rest * 2 + i32::from(x.fract() != 0.0);
    let half = twice.cmp(&unit);
    let up = half.is_gt() || (half.is_eq() && quotient.is_odd());
    let rounded: f64 = ((quotient + i32::from(up)) * unit).to_string().parse().unwrap_or(x);
    rounded.copysign(x)
}

/// `base ** exponent % modulus`, on another thread if it takes milliseconds.
fn power_modulo(vm: &mut Vm, base: Big, exponent: Big, modulus: Big) -> R<Big> {
    let work = modulus.bits().saturating_mul(modulus.bits()).saturating_mul(exponent.bits());
    if work < 1 << 36 {
        return Ok(base.modpow(&exponent, &modulus));
    }
    vm.detached(move || base.modpow(&exponent, &modulus))
}

/// To a multiple of a power of ten, ties to even.
fn round_int(n: Big, zeros: u64) -> Big {
    if zeros > n.bits() {
        return Big::ZERO;
    }
    let unit: Big = Pow::pow(Big::from(10), zeros as u32);
    let (quotient, rest) = n.div_mod_floor(&unit);
    let twice = rest * 2;
    let up = twice > unit || (twice == unit && quotient.is_odd());
    (quotient + up as i32) * unit
}

/// Data attributes of numbers.
pub fn data_attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    match value.kind() {
        Kind::Int | Kind::BigInt => int::attr(value, name),
        Kind::Float => float::attr(vm, value, name),
        Kind::Complex => complex::attr(vm, value, name),
        _ => None,
    }
}

/// An int argument that counts something.
pub fn count_arg(vm: &mut Vm, value: Value, what: &str) -> R<u64> {
    let n = vm.big_arg(value)?;
    if n.is_negative() {
        return Err(vm.value_error(format!("{what} must be non-negative")));
    }
    match n.to_u64() {
        Some(n) => Ok(n),
        None => Err(vm.overflow_error(format!("{what} is too large"))),
    }
}
