//! The module `math`: functions on floats. Those on ints are in `math_int`.

use num_bigint::BigInt as Big;
use num_traits::ToPrimitive;

use crate::builtins::ModuleDef;
use crate::builtins::numbers::math_int as int;
use crate::bytecode::BinaryOp;
use crate::error::{R, Raise};
use crate::object::dict::Dict;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::number::BigInt;
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef { name: "math", functions: FUNCTIONS, setup: Some(setup) };

const FUNCTIONS: &[NativeDef] = &[
    NativeDef::pure("acos", acos, 1, 1),
    NativeDef::pure("acosh", acosh, 1, 1),
    NativeDef::pure("asin", asin, 1, 1),
    NativeDef::pure("asinh", asinh, 1, 1),
    NativeDef::pure("atan", atan, 1, 1),
    NativeDef::pure("atan2", atan2, 2, 2),
    NativeDef::pure("atanh", atanh, 1, 1),
    NativeDef::pure("cbrt", cbrt, 1, 1),
    NativeDef::pure("ceil", ceil, 1, 1),
    NativeDef::pure("comb", int::comb, 2, 2),
    NativeDef::pure("copysign", copysign, 2, 2),
    NativeDef::pure("cos", cos, 1, 1),
    NativeDef::pure("cosh", cosh, 1, 1),
    NativeDef::pure("degrees", degrees, 1, 1),
    NativeDef::any("dist", dist, 2, 2),
    NativeDef::pure("erf", erf, 1, 1),
    NativeDef::pure("erfc", erfc, 1, 1),
    NativeDef::pure("exp", exp, 1, 1),
    NativeDef::pure("exp2", exp2, 1, 1),
    NativeDef::pure("expm1", expm1, 1, 1),
    NativeDef::pure("fabs", fabs, 1, 1),
    NativeDef::pure("factorial", int::factorial, 1, 1),
    NativeDef::pure("floor", floor, 1, 1),
    NativeDef::pure("fmod", fmod, 2, 2),
    NativeDef::pure("frexp", frexp, 1, 1),
    NativeDef::any("fsum", fsum, 1, 1),
    NativeDef::pure("gamma", gamma, 1, 1),
    NativeDef::pure("gcd", int::gcd, 0, 255),
    NativeDef::pure("hypot", hypot, 0, 255),
    NativeDef::pure("isclose", isclose, 2, 2).keywords(),
    NativeDef::pure("isfinite", isfinite, 1, 1),
    NativeDef::pure("isinf", isinf, 1, 1),
    NativeDef::pure("isnan", isnan, 1, 1),
    NativeDef::pure("isqrt", int::isqrt, 1, 1),
    NativeDef::pure("lcm", int::lcm, 0, 255),
    NativeDef::pure("ldexp", ldexp, 2, 2),
    NativeDef::pure("lgamma", lgamma, 1, 1),
    NativeDef::pure("log", log, 1, 2),
    NativeDef::pure("log10", log10, 1, 1),
    NativeDef::pure("log1p", log1p, 1, 1),
    NativeDef::pure("log2", log2, 1, 1),
    NativeDef::pure("modf", modf, 1, 1),
    NativeDef::pure("perm", int::perm, 1, 2),
    NativeDef::pure("pow", pow, 2, 2),
    NativeDef::any("prod", prod, 1, 1).keywords(),
    NativeDef::pure("radians", radians, 1, 1),
    NativeDef::pure("remainder", remainder, 2, 2),
    NativeDef::pure("sin", sin, 1, 1),
    NativeDef::pure("sinh", sinh, 1, 1),
    NativeDef::pure("sqrt", sqrt, 1, 1),
    NativeDef::pure("tan", tan, 1, 1),
    NativeDef::pure("tanh", tanh, 1, 1),
    NativeDef::pure("trunc", trunc, 1, 1),
    NativeDef::pure("ulp", ulp, 1, 1),
];

/// Names and values that `math` and `cmath` share.
pub const CONSTANTS: &[(&str, f64)] = &[
    ("e", std::f64::consts::E),
    ("pi", std::f64::consts::PI),
    ("tau", std::f64::consts::TAU),
    ("inf", f64::INFINITY),
    ("nan", f64::NAN),
];

pub fn setup(vm: &mut Vm, globals: Gc<Dict>) {
    for (name, x) in CONSTANTS {
        let value = vm.float(*x);
        vm.define(globals, name, value);
    }
}

#[cold]
pub fn domain_error(vm: &mut Vm) -> Raise {
    vm.value_error("math domain error")
}

/// A result that is not a number, or infinite, although the argument was finite, is an error.
fn checked(vm: &mut Vm, argument: f64, result: f64) -> R {
    if !result.is_finite() && ((result.is_nan() && !argument.is_nan()) || argument.is_finite()) {
        return Err(domain_error(vm));
    }
    Ok(vm.float(result))
}

macro_rules! functions {
    ($($name:ident $compute:expr;)*) => {
        $(fn $name(vm: &mut Vm, args: Args<'_>) -> R {
            let x = vm.float_arg(args.pos[0])?;
            let compute: fn(f64) -> f64 = $compute;
            checked(vm, x, compute(x))
        })*
    };
}

functions! {
    acos f64::acos;
    acosh libm::acosh;
    asin f64::asin;
    asinh libm::asinh;
    atan f64::atan;
    atanh libm::atanh;
    cbrt f64::cbrt;
    cos f64::cos;
    cosh f64::cosh;
    degrees |x| x * (180.0 / std::f64::consts::PI);
    erf libm::erf;
    erfc libm::erfc;
    exp f64::exp;
    exp2 f64::exp2;
    expm1 f64::exp_m1;
    fabs f64::abs;
    gamma |x| if x == f64::NEG_INFINITY || (x <= 0.0 && x.fract() == 0.0) { f64::NAN } else { libm::tgamma(x) };
    lgamma libm::lgamma;
    log1p f64::ln_1p;
    radians |x| x * (std::f64::consts::PI / 180.0);
    sin f64::sin;
    sinh f64::sinh;
    sqrt f64::sqrt;
    tan f64::tan;
    tanh f64::tanh;
}

macro_rules! tests {
    ($($name:ident $test:expr;)*) => {
        $(fn $name(vm: &mut Vm, args: Args<'_>) -> R {
            let x = vm.float_arg(args.pos[0])?;
            let test: fn(f64) -> bool = $test;
            Ok(Value::bool(test(x)))
        })*
    };
}

tests! {
    isfinite f64::is_finite;
    isinf f64::is_infinite;
    isnan f64::is_nan;
}

fn two(vm: &mut Vm, args: Args<'_>) -> R<(f64, f64)> {
    Ok((vm.float_arg(args.pos[0])?, vm.float_arg(args.pos[1])?))
}

fn atan2(vm: &mut Vm, args: Args<'_>) -> R {
    let (y, x) = two(vm, args)?;
    Ok(vm.float(y.atan2(x)))
}

fn copysign(vm: &mut Vm, args: Args<'_>) -> R {
    let (x, y) = two(vm, args)?;
    Ok(vm.float(x.copysign(y)))
}

/// The result is an error if it is undefined or too large although both arguments are fine.
fn checked_two(vm: &mut Vm, (x, y): (f64, f64), result: f64) -> R {
    let fine = !x.is_nan() && !y.is_nan();
    if (result.is_nan() && fine) || (result.is_infinite() && x.is_finite() && y.is_finite()) {
        return Err(domain_error(vm));
    }
    Ok(vm.float(result))
}

fn fmod(vm: &mut Vm, args: Args<'_>) -> R {
    let (x, y) = two(vm, args)?;
    checked_two(vm, (x, y), x % y)
}

fn pow(vm: &mut Vm, args: Args<'_>) -> R {
    let (x, y) = two(vm, args)?;
    checked_two(vm, (x, y), x.powf(y))
}

fn remainder(vm: &mut Vm, args: Args<'_>) -> R {
    let (x, y) = two(vm, args)?;
    checked_two(vm, (x, y), libm::remainder(x, y))
}

fn ldexp(vm: &mut Vm, args: Args<'_>) -> R {
    let x = vm.float_arg(args.pos[0])?;
    let n = vm.index_value(args.pos[1])?.clamp(-100_000, 100_000);
    checked(vm, x, libm::ldexp(x, n as i32))
}

fn frexp(vm: &mut Vm, args: Args<'_>) -> R {
    let x = vm.float_arg(args.pos[0])?;
    let (mantissa, exponent) = if x.is_finite() { libm::frexp(x) } else { (x, 0) };
    let mantissa = vm.float(mantissa);
    Ok(vm.tuple(&[mantissa, Value::small(exponent as i64)]))
}

fn modf(vm: &mut Vm, args: Args<'_>) -> R {
    let x = vm.float_arg(args.pos[0])?;
    let fraction = if x.is_infinite() { 0.0 } else { x.fract() };
    let parts = [vm.float(fraction.copysign(x)), vm.float(x.trunc())];
    Ok(vm.tuple(&parts))
}

/// Distance to the next larger float.
fn ulp(vm: &mut Vm, args: Args<'_>) -> R {
    let x = vm.float_arg(args.pos[0])?.abs();
    let step = if x.is_finite() { x.next_up() - x } else { x };
    let step = if step.is_infinite() && x.is_finite() { x - x.next_down() } else { step };
    Ok(vm.float(step))
}

fn whole(vm: &mut Vm, args: Args<'_>, method: &str, compute: fn(f64) -> f64) -> R {
    let value = args.pos[0];
    if matches!(value.kind(), Kind::Int | Kind::BigInt) {
        return Ok(value);
    }
    let name = vm.intern(method);
    if let Some(method) = vm.special(value, name) {
        return vm.call(method, &[value]);
    }
    let x = vm.float_arg(value)?;
    let n = vm.float_to_int(compute(x))?;
    Ok(vm.big(n))
}

fn floor(vm: &mut Vm, args: Args<'_>) -> R {
    whole(vm, args, "__floor__", f64::floor)
}

fn ceil(vm: &mut Vm, args: Args<'_>) -> R {
    whole(vm, args, "__ceil__", f64::ceil)
}

fn trunc(vm: &mut Vm, args: Args<'_>) -> R {
    whole(vm, args, "__trunc__", f64::trunc)
}

/// A logarithm. Ints too large for a float are split into a fraction and a power of two.
fn logarithm(vm: &mut Vm, value: Value, compute: fn(f64) -> f64) -> R<f64> {
    if let Some(n) = value.cast::<BigInt>().filter(|n| n.value.bits() > 1023 && n.value > Big::ZERO) {
        let bits = n.value.bits();
        let head = (&n.value >> (bits - 64)).to_f64().unwrap_or(1.0) / 2f64.powi(64);
        return Ok(compute(head) + bits as f64 * compute(2.0));
    }
    let x = vm.float_arg(value)?;
    if x <= 0.0 { Err(domain_error(vm)) } else { Ok(compute(x)) }
}

fn log(vm: &mut Vm, args: Args<'_>) -> R {
    let x = logarithm(vm, args.pos[0], f64::ln)?;
    let Some(base) = args.get(1) else { return Ok(vm.float(x)) };
    let base = logarithm(vm, base, f64::ln)?;
    if base == 0.0 {
        return Err(vm.divide_by_zero(BinaryOp::TrueDivide, "float"));
    }
    Ok(vm.float(x / base))
}

fn log2(vm: &mut Vm, args: Args<'_>) -> R {
    let x = logarithm(vm, args.pos[0], f64::log2)?;
    Ok(vm.float(x))
}

fn log10(vm: &mut Vm, args: Args<'_>) -> R {
    let x = logarithm(vm, args.pos[0], f64::log10)?;
    Ok(vm.float(x))
}

fn hypot(vm: &mut Vm, args: Args<'_>) -> R {
    let mut parts = Vec::with_capacity(args.pos.len());
    for value in args.pos {
        parts.push(vm.float_arg(*value)?);
    }
    Ok(vm.float(norm(&parts)))
}

fn norm(parts: &[f64]) -> f64 {
    if let [x, y] = parts {
        return x.hypot(*y);
    }
    let largest = parts.iter().fold(0f64, |m, x| m.max(x.abs()));
    if largest == 0.0 || largest.is_infinite() {
        return largest;
    }
    largest * parts.iter().map(|x| (x / largest).powi(2)).sum::<f64>().sqrt()
}

fn floats(vm: &mut Vm, iterable: Value) -> R<Vec<f64>> {
    let items = vm.collect_list(iterable)?;
    let mut numbers = Vec::with_capacity(items.items.len());
    for i in 0..items.items.len() {
        numbers.push(vm.float_arg(items.items.at(i))?);
    }
    Ok(numbers)
}

fn dist(vm: &mut Vm, args: Args<'_>) -> R {
    let (p, q) = (floats(vm, args.pos[0])?, floats(vm, args.pos[1])?);
    if p.len() != q.len() {
        return Err(vm.value_error("both points must have the same number of dimensions"));
    }
    let parts: Vec<f64> = p.iter().zip(&q).map(|(x, y)| x - y).collect();
    Ok(vm.float(norm(&parts)))
}

/// Sums without losing digits: keeps the partial sums that do not overlap (Shewchuk's method).
fn fsum(vm: &mut Vm, args: Args<'_>) -> R {
    let numbers = floats(vm, args.pos[0])?;
    let plain: f64 = numbers.iter().sum();
    if !plain.is_finite() {
        return Ok(vm.float(plain));
    }
    let mut partials: Vec<f64> = Vec::new();
    for mut x in numbers {
        let mut kept = 0;
        for i in 0..partials.len() {
            let y = partials[i];
            let (large, small) = if x.abs() < y.abs() { (y, x) } else { (x, y) };
            let sum = large + small;
            let lost = small - (sum - large);
            if lost != 0.0 {
                partials[kept] = lost;
                kept += 1;
            }
            x = sum;
        }
        partials.truncate(kept);
        partials.push(x);
    }
    Ok(vm.float(rounded_sum(&partials)))
}

/// The sum of non-overlapping parts in growing order, with a tie decided by what lies below it.
fn rounded_sum(partials: &[f64]) -> f64 {
    let mut parts = partials.iter().rev();
    let mut high = parts.next().copied().unwrap_or(0.0);
    while let Some(part) = parts.next() {
        let sum = high + part;
        let lost = part - (sum - high);
        high = sum;
        if lost != 0.0 {
            let below = parts.next().copied().unwrap_or(0.0);
            let doubled = lost * 2.0;
            let up = high + doubled;
            let tie = (lost < 0.0) == (below < 0.0) && below != 0.0 && doubled == up - high;
            return if tie { up } else { high };
        }
    }
    high
}

fn prod(vm: &mut Vm, args: Args<'_>) -> R {
    let items = vm.collect_list(args.pos[0])?;
    let mut product = args.keyword("start").unwrap_or(Value::small(1));
    for i in 0..items.items.len() {
        product = vm.binary(BinaryOp::Multiply, product, items.items.at(i))?;
    }
    Ok(product)
}

fn isclose(vm: &mut Vm, args: Args<'_>) -> R {
    let (a, b) = two(vm, args)?;
    let mut tolerance = |name: &str, default: f64| match args.keyword(name) {
        Some(value) => vm.float_arg(value),
        None => Ok(default),
    };
    let (relative, absolute) = (tolerance("rel_tol", 1e-9)?, tolerance("abs_tol", 0.0)?);
    if relative < 0.0 || absolute < 0.0 {
        return Err(domain_error(vm));
    }
    let difference = (a - b).abs();
    let close = difference <= absolute || difference <= relative * a.abs().max(b.abs());
    Ok(Value::bool(a == b || (close && a.is_finite() && b.is_finite())))
}
