//! The module `cmath`.

use crate::builtins::ModuleDef;
use crate::builtins::numbers::math::{domain_error, setup};
use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "cmath",
    functions: &[
        NativeDef::pure("cos", cos, 1, 1),
        NativeDef::pure("exp", exp, 1, 1),
        NativeDef::pure("isfinite", isfinite, 1, 1),
        NativeDef::pure("isinf", isinf, 1, 1),
        NativeDef::pure("isnan", isnan, 1, 1),
        NativeDef::pure("log", log, 1, 2),
        NativeDef::pure("log10", log10, 1, 1),
        NativeDef::pure("phase", phase, 1, 1),
        NativeDef::pure("polar", polar, 1, 1),
        NativeDef::pure("rect", rect, 2, 2),
        NativeDef::pure("sin", sin, 1, 1),
        NativeDef::pure("sqrt", sqrt, 1, 1),
    ],
    setup: Some(setup),
};

type Parts = (f64, f64);

fn with(vm: &mut Vm, args: Args<'_>, compute: fn(Parts) -> Parts) -> R {
    let z = vm.complex_arg(args.pos[0])?;
    let (re, im) = compute(z);
    Ok(vm.complex(re, im))
}

fn cos(vm: &mut Vm, args: Args<'_>) -> R {
    with(vm, args, |(x, y)| (x.cos() * y.cosh(), -x.sin() * y.sinh()))
}

fn sin(vm: &mut Vm, args: Args<'_>) -> R {
    with(vm, args, |(x, y)| (x.sin() * y.cosh(), x.cos() * y.sinh()))
}

fn exp(vm: &mut Vm, args: Args<'_>) -> R {
    with(vm, args, |(x, y)| (x.exp() * y.cos(), x.exp() * y.sin()))
}

/// The root with a non-negative real part.
fn sqrt(vm: &mut Vm, args: Args<'_>) -> R {
    with(vm, args, |(x, y)| {
        let size = x.hypot(y);
        let (re, im) = (((size + x.abs()) / 2.0).sqrt(), y.abs());
        if re == 0.0 {
            return (0.0, y);
        }
        let other = im / (2.0 * re);
        if x >= 0.0 { (re, other.copysign(y)) } else { (other, re.copysign(y)) }
    })
}

fn natural_log(vm: &mut Vm, value: Value) -> R<Parts> {
    let (x, y) = vm.complex_arg(value)?;
    let size = x.hypot(y);
    if size == 0.0 {
        return Err(domain_error(vm));
    }
    Ok((size.ln(), y.atan2(x)))
}

fn log(vm: &mut Vm, args: Args<'_>) -> R {
    let (re, im) = natural_log(vm, args.pos[0])?;
    let z = vm.complex(re, im);
    let Some(base) = args.get(1) else { return Ok(z) };
    let (re, im) = natural_log(vm, base)?;
    let base = vm.complex(re, im);
    vm.binary(crate::bytecode::BinaryOp::TrueDivide, z, base)
}

fn log10(vm: &mut Vm, args: Args<'_>) -> R {
    let (re, im) = natural_log(vm, args.pos[0])?;
    let scale = std::f64::consts::LN_10;
    Ok(vm.complex(re / scale, im / scale))
}

fn phase(vm: &mut Vm, args: Args<'_>) -> R {
    let (x, y) = vm.complex_arg(args.pos[0])?;
    Ok(vm.float(y.atan2(x)))
}

fn polar(vm: &mut Vm, args: Args<'_>) -> R {
    let (x, y) = vm.complex_arg(args.pos[0])?;
    let parts = [vm.float(x.hypot(y)), vm.float(y.atan2(x))];
    Ok(vm.tuple(&parts))
}

fn rect(vm: &mut Vm, args: Args<'_>) -> R {
    let (r, phi) = (vm.float_arg(args.pos[0])?, vm.float_arg(args.pos[1])?);
    Ok(vm.complex(r * phi.cos(), r * phi.sin()))
}

fn test(vm: &mut Vm, args: Args<'_>, holds: fn(Parts) -> bool) -> R {
    vm.complex_arg(args.pos[0]).map(|z| Value::bool(holds(z)))
}

fn isfinite(vm: &mut Vm, args: Args<'_>) -> R {
    test(vm, args, |(x, y)| x.is_finite() && y.is_finite())
}

fn isinf(vm: &mut Vm, args: Args<'_>) -> R {
    test(vm, args, |(x, y)| x.is_infinite() || y.is_infinite())
}

fn isnan(vm: &mut Vm, args: Args<'_>) -> R {
    test(vm, args, |(x, y)| x.is_nan() || y.is_nan())
}
