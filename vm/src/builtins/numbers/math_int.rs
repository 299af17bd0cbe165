//! The functions of `math` on ints: factorial, gcd, isqrt, comb …

use num_bigint::BigInt as Big;
use num_integer::Integer;
use num_traits::Signed;

use crate::builtins::numbers::arithmetic::count_arg;
use crate::error::R;
use crate::object::function::Args;
use crate::object::value::Value;
use crate::vm::Vm;

/// The product of `low..=high`, by halves so that the factors stay of one size.
fn product(low: u64, high: u64) -> Big {
    if low > high {
        return Big::from(1);
    }
    if high - low < 8 {
        return (low..=high).map(Big::from).product();
    }
    let middle = low + (high - low) / 2;
    product(low, middle) * product(middle + 1, high)
}

/// Room for the product of `low..=high`.
fn reserve_product(vm: &mut Vm, low: u64, high: u64) -> R<()> {
    let factors = (high.saturating_sub(low)).saturating_add(1);
    vm.reserve_big(factors.saturating_mul(u64::from(high.checked_ilog2().unwrap_or(0) + 1)))
}

pub fn factorial(vm: &mut Vm, args: Args<'_>) -> R {
    let n = vm.big_arg(args.pos[0])?;
    if n.is_negative() {
        return Err(vm.value_error("factorial() not defined for negative values"));
    }
    let n = count_arg(vm, args.pos[0], "factorial() argument")?;
    reserve_product(vm, 1, n)?;
    long_product(vm, n, move || product(1, n))
}

/// A product of so many factors; thousands of digits take no time worth a thread.
fn long_product(vm: &mut Vm, factors: u64, product: impl FnOnce() -> Big + Send + 'static) -> R {
    let result = if factors > 10_000 { vm.detached(product)? } else { product() };
    Ok(vm.big(result))
}

pub fn gcd(vm: &mut Vm, args: Args<'_>) -> R {
    if let [a, b] = args.pos
        && let (Some(a), Some(b)) = (a.as_small(), b.as_small())
    {
        return Ok(vm.int(a.gcd(&b)));
    }
    fold(vm, args, Big::ZERO, |a, b| a.gcd(b))
}

/// From so many bits on a greatest common divisor takes milliseconds.
const LONG: u64 = 1 << 14;

fn fold(vm: &mut Vm, args: Args<'_>, first: Big, combine: fn(&Big, &Big) -> Big) -> R {
    let mut result = first;
    for value in args.pos {
        let (a, b) = (result, vm.big_arg(*value)?);
        let is_long = a.bits().min(b.bits()) > LONG;
        result = if is_long { vm.detached(move || combine(&a, &b))? } else { combine(&a, &b) };
    }
    Ok(vm.big(result))
}

pub fn lcm(vm: &mut Vm, args: Args<'_>) -> R {
    fold(vm, args, Big::from(1), |a, b| a.lcm(b))
}

pub fn isqrt(vm: &mut Vm, args: Args<'_>) -> R {
    if let Some(n @ 0..) = args.pos[0].as_small() {
        return Ok(Value::small(n.isqrt()));
    }
    let n = vm.big_arg(args.pos[0])?;
    if n.is_negative() {
        return Err(vm.value_error("isqrt() argument must be nonnegative"));
    }
    let root = if n.bits() > 1 << 18 { vm.detached(move || n.sqrt())? } else { n.sqrt() };
    Ok(vm.big(root))
}

pub fn comb(vm: &mut Vm, args: Args<'_>) -> R {
    let n = count_arg(vm, args.pos[0], "n")?;
    let k = count_arg(vm, args.pos[1], "k")?;
    if k > n {
        return Ok(Value::small(0));
    }
    let k = k.min(n - k);
    reserve_product(vm, n - k + 1, n)?;
    long_product(vm, k, move || product(n - k + 1, n) / product(1, k))
}

pub fn perm(vm: &mut Vm, args: Args<'_>) -> R {
    let n = count_arg(vm, args.pos[0], "n")?;
    let k = match args.get(1).filter(|k| !k.is_none()) {
        Some(k) => count_arg(vm, k, "k")?,
        None => n,
    };
    if k > n {
        return Ok(Value::small(0));
    }
    reserve_product(vm, n - k + 1, n)?;
    long_product(vm, k, move || product(n - k + 1, n))
}
