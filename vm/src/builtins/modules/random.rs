//! `_random`: the generator (xorshift64*) and what is often called; `random` adds the rest in Python.

use std::cell::Cell;

use num_bigint::BigInt as Big;

use crate::builtins::ModuleDef;
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "_random",
    functions: &[
        NativeDef::any("seed", seed, 0, 1),
        NativeDef::any("getrandbits", getrandbits, 1, 1),
        NativeDef::any("random", |vm, _| Ok(vm.float(fraction())), 0, 0),
        NativeDef::any("uniform", uniform, 2, 2),
        NativeDef::any("randrange", randrange, 1, 3),
        NativeDef::any("randint", randint, 2, 2),
        NativeDef::any("choice", choice, 1, 1),
    ],
    setup: Some(|_, _| reseed(from_clock())),
};

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0x9e37_79b9_7f4a_7c15) };
}

fn next_u64() -> u64 {
    let mut x = STATE.get();
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    STATE.set(x);
    x.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

/// Uniform in 0..1, with 53 random bits.
fn fraction() -> f64 {
    (next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// Uniform in 0..n; `n` is not 0.
fn below(n: u64) -> u64 {
    ((next_u64() as u128 * n as u128) >> 64) as u64
}

fn seed(vm: &mut Vm, args: Args<'_>) -> R {
    let seed = match args.get(0).filter(|s| !s.is_none()) {
        Some(seed) => vm.hash(seed)? as u64,
        None => from_clock(),
    };
    reseed(seed);
    Ok(Value::NONE)
}

fn from_clock() -> u64 {
    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    time.map_or(1, |time| time.as_nanos() as u64)
}

fn reseed(seed: u64) {
    STATE.set(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..4 {
        next_u64();
    }
}

fn getrandbits(vm: &mut Vm, args: Args<'_>) -> R {
    let bits = vm.index_value(args.pos[0])?;
    if bits < 0 {
        return Err(vm.value_error("number of bits must be non-negative"));
    }
    if bits <= 62 {
        return Ok(Value::small(if bits == 0 { 0 } else { (next_u64() >> (64 - bits)) as i64 }));
    }
    vm.reserve_big(bits as u64)?;
    let n_words = (bits + 63) / 64;
    let words = (0..n_words).map(|_| next_u64());
    let number = words.fold(Big::from(0), |number, word| (number << 64) + word);
    let extra = n_words * 64 - bits;
    Ok(vm.big(number >> extra))
}

fn uniform(vm: &mut Vm, args: Args<'_>) -> R {
    let (a, b) = (vm.float_value(args.pos[0])?, vm.float_value(args.pos[1])?);
    Ok(vm.float(a + (b - a) * fraction()))
}

fn randrange(vm: &mut Vm, args: Args<'_>) -> R {
    let mut parts = [0, 0, 1];
    let first = if args.pos.len() == 1 { 1 } else { 0 };
    for (part, value) in parts[first..].iter_mut().zip(args.pos) {
        *part = vm.index_value(*value)?;
    }
    let [start, stop, step] = parts;
    let n = if step == 0 { 0 } else { crate::object::sequence::range_len(start, stop, step) };
    if n == 0 {
        return Err(vm.value_error("empty range for randrange()"));
    }
    Ok(vm.int(start + step * below(n as u64) as i64))
}

fn randint(vm: &mut Vm, args: Args<'_>) -> R {
    let (a, b) = (vm.index_value(args.pos[0])?, vm.index_value(args.pos[1])?);
    if a > b {
        return Err(vm.value_error("empty range for randint()"));
    }
    Ok(vm.int(a + below((b - a) as u64 + 1) as i64))
}

fn choice(vm: &mut Vm, args: Args<'_>) -> R {
    let n = vm.len(args.pos[0])?;
    if n == 0 {
        return Err(vm.index_error("cannot choose from an empty sequence"));
    }
    vm.get_item(args.pos[0], Value::small(below(n as u64) as i64))
}
