//! The type `int` and the functions about ints: bin, hex, oct, chr, ord.

use num_bigint::{BigInt as Big, Sign};
use num_traits::{FromPrimitive, Signed, Zero};

use crate::builtins::TypeDef;
use crate::builtins::text::bytes::bytes_of;
use crate::builtins::text::data::Text;
use crate::error::{R, Raise};
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::number::BigInt;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::runtime::number::{Num, number};
use crate::vm::Vm;

pub const TYPES: &[TypeDef] = &[
    TypeDef { kind: Kind::Int, constructor: Some(new), methods: METHODS },
    TypeDef { kind: Kind::Bool, constructor: Some(new_bool), methods: &[] },
];

const METHODS: &[NativeDef] = &[
    NativeDef::pure("bit_count", bit_count, 1, 1),
    NativeDef::pure("bit_length", bit_length, 1, 1),
    NativeDef::pure("conjugate", itself, 1, 1),
    NativeDef::pure("is_integer", is_integer, 1, 1),
    NativeDef::pure("to_bytes", to_bytes, 1, 4).keywords(),
];

pub const CLASS_METHODS: &[NativeDef] = &[NativeDef::any("from_bytes", from_bytes, 2, 4).keywords()];

pub const FUNCTIONS: &[NativeDef] = &[
    NativeDef::pure("bin", bin, 1, 1),
    NativeDef::pure("hex", hex, 1, 1),
    NativeDef::pure("oct", oct, 1, 1),
    NativeDef::pure("chr", chr, 1, 1),
    NativeDef::reads("ord", ord, 1, 1),
];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("int", Args { kw: &[], ..args }, 0, 2)?;
    match (args.get(0), args.get_or(1, "base")) {
        (None, _) => Ok(Value::small(0)),
        (Some(value), None) => to_int(vm, value),
        (Some(value), Some(base)) => {
            let base = vm.slice_index(base)?;
            check_base(vm, base)?;
            match Text::of_buffer(vm.unwrapped(value)) {
                Some(text) => parse(vm, &text, base),
                None => Err(vm.type_error("int() can't convert non-string with explicit base")),
            }
        }
    }
}

/// `int(value)`.
pub fn to_int(vm: &mut Vm, value: Value) -> R {
    match value.kind() {
        Kind::Int | Kind::BigInt => Ok(value),
        Kind::Float => {
            let big = vm.float_to_int(value.as_float().unwrap_or(0.0))?;
            Ok(vm.big(big))
        }
        Kind::Str | Kind::Bytes | Kind::Bytearray | Kind::Memoryview => {
            let text = vm.text(value)?;
            parse(vm, &text, 10)
        }
        Kind::Bool => Ok(Value::small((value == Value::TRUE) as i64)),
        _ => to_int_by_method(vm, value),
    }
}

fn to_int_by_method(vm: &mut Vm, value: Value) -> R {
    let trunc = vm.intern("__trunc__");
    for name in [vm.names.int, vm.names.index, trunc] {
        if let Some(method) = vm.special(value, name) {
            let result = vm.call_special(method, &[value])?;
            return vm.int_of_method(result);
        }
    }
    match vm.wrapped(value) {
        Some(inner) => to_int(vm, inner),
        None => {
            let name = vm.type_name(value);
            Err(vm.type_error(format!(
                "int() argument must be a string, a bytes-like object or a real number, not '{name}'"
            )))
        }
    }
}

impl Vm {
    /// A float without its fraction.
    pub fn float_to_int(&mut self, x: f64) -> R<Big> {
        match Big::from_f64(x) {
            Some(n) => Ok(n),
            None if x.is_nan() => Err(self.value_error("cannot convert float NaN to integer")),
            None => Err(self.overflow_error("cannot convert float infinity to integer")),
        }
    }

    /// An int argument of any size.
    pub fn big_arg(&mut self, value: Value) -> R<Big> {
        match number(self.unwrapped(value)) {
            Some(Num::Float(_)) => {}
            Some(n) => return Ok(n.into_big()),
            None => {
                let index = self.to_index(value)?;
                return self.big_arg(index);
            }
        }
        let name = self.type_name(value);
        Err(self.type_error(format!("can't convert {name} to int")))
    }
}

fn new_bool(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("bool", args, 0, 1)?;
    match args.get(0) {
        Some(value) => vm.truth(value).map(Value::bool),
        None => Ok(Value::FALSE),
    }
}

#[cold]
fn bad_syntax(vm: &mut Vm, text: &[u8], base: i64) -> Raise {
    let text = vm.str(String::from_utf8_lossy(text).into_owned());
    match vm.repr(text) {
        Ok(text) => vm.value_error(format!("invalid literal for int() with base {base}: {text}")),
        Err(raise) => raise,
    }
}

fn check_base(vm: &mut Vm, base: i64) -> R<()> {
    if base == 0 || (2..=36).contains(&base) {
        return Ok(());
    }
    Err(vm.value_error("int() arg 2 must be >= 2 and <= 36"))
}

/// Digits of `base`, with sign, prefix, underscores and blanks around.
fn parse(vm: &mut Vm, text: &[u8], base: i64) -> R {
    let trimmed = text.trim_ascii();
    let (negative, digits) = match trimmed {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, trimmed),
    };
    let (radix, digits) = without_prefix(digits, base as u32);
    if base == 0 && radix == 10 && has_useless_zero(digits) {
        return Err(bad_syntax(vm, text, base));
    }
    if let Some(n) = parse_short(digits, radix) {
        return Ok(Value::small(if negative { -n } else { n }));
    }
    vm.reserve_many(digits.len(), 2)?;
    let plain: Vec<u8> = digits.iter().copied().filter(|b| *b != b'_').collect();
    let valid =
        digits.first().is_some_and(|b| *b != b'_') && plain.iter().all(|b| (*b as char).is_digit(radix));
    // Digits from which on it takes milliseconds.
    const LONG: usize = 100_000;
    let parsed = if valid && plain.len() > LONG && !radix.is_power_of_two() {
        vm.detached(move || number_of(&plain, radix))?
    } else {
        number_of(&plain, radix).filter(|_| valid)
    };
    match parsed {
        Some(n) => Ok(vm.big(if negative { -n } else { n })),
        None => Err(bad_syntax(vm, text, base)),
    }
}

/// So many digits are read one after the other, which takes time that grows with their square.
const FEW_DIGITS: usize = 2000;

/// The number of these digits. Many are read by halves, so that it costs a few multiplications of long numbers.
fn number_of(digits: &[u8], radix: u32) -> Option<Big> {
    if digits.len() <= FEW_DIGITS || radix.is_power_of_two() {
        return Big::parse_bytes(digits, radix);
    }
    let mut power = Big::from(radix).pow(FEW_DIGITS as u32);
    let mut numbers: Vec<Big> =
        digits.rchunks(FEW_DIGITS).map(|part| Big::parse_bytes(part, radix)).collect::<Option<_>>()?;
    while numbers.len() > 1 {
        let join = |pair: &[Big]| match pair {
            [low, high] => high * &power + low,
            _ => pair.iter().sum(),
        };
        numbers = numbers.chunks(2).map(join).collect();
        power = &power * &power;
    }
    numbers.pop()
}

/// The base, from the prefix if it is 0, and the digits after the prefix.
fn without_prefix(digits: &[u8], base: u32) -> (u32, &[u8]) {
    let prefixed = match digits {
        [b'0', b'x' | b'X', rest @ ..] => Some((16, rest)),
        [b'0', b'o' | b'O', rest @ ..] => Some((8, rest)),
        [b'0', b'b' | b'B', rest @ ..] => Some((2, rest)),
        _ => None,
    };
    match prefixed {
        Some((radix, rest)) if base == 0 || base == radix => (radix, rest.strip_prefix(b"_").unwrap_or(rest)),
        _ => (if base == 0 { 10 } else { base }, digits),
    }
}

/// `012`, which is no literal.
fn has_useless_zero(digits: &[u8]) -> bool {
    digits.first() == Some(&b'0') && digits.iter().any(|b| !matches!(b, b'0' | b'_'))
}

/// The common case: few enough digits for a machine word.
fn parse_short(digits: &[u8], radix: u32) -> Option<i64> {
    if digits.is_empty() || digits.len() > 11 {
        return None;
    }
    digits.iter().try_fold(0i64, |n, b| Some(n * radix as i64 + (*b as char).to_digit(radix)? as i64))
}

fn itself(vm: &mut Vm, args: Args<'_>) -> R {
    Ok(vm.unwrapped(args.pos[0]))
}

fn is_integer(_vm: &mut Vm, _args: Args<'_>) -> R {
    Ok(Value::TRUE)
}

fn bit_length(vm: &mut Vm, args: Args<'_>) -> R {
    if let Some(big) = vm.unwrapped(args.pos[0]).cast::<BigInt>() {
        return Ok(Value::small(big.value.bits() as i64));
    }
    let n = vm.big_arg(args.pos[0])?;
    Ok(Value::small(n.bits() as i64))
}

fn bit_count(vm: &mut Vm, args: Args<'_>) -> R {
    let n = vm.big_arg(args.pos[0])?;
    let ones: u32 = n.magnitude().iter_u64_digits().map(u64::count_ones).sum();
    Ok(Value::small(ones as i64))
}

/// `byteorder` is "little".
fn is_little(vm: &mut Vm, order: Option<Value>) -> R<bool> {
    let Some(order) = order else { return Ok(false) };
    match &*vm.str_arg(order)?.get().text {
        "little" => Ok(true),
        "big" => Ok(false),
        _ => Err(vm.value_error("byteorder must be either 'little' or 'big'")),
    }
}

fn flag(vm: &mut Vm, value: Option<Value>) -> R<bool> {
    value.map_or(Ok(false), |value| vm.truth(value))
}

fn to_bytes(vm: &mut Vm, args: Args<'_>) -> R {
    let n = vm.big_arg(args.pos[0])?;
    let len = match args.get_or(1, "length") {
        Some(len) => vm.index_value(len)?,
        None => 1,
    };
    let Ok(len) = usize::try_from(len) else {
        return Err(vm.value_error("length argument must be non-negative"));
    };
    let little = is_little(vm, args.get_or(2, "byteorder"))?;
    let signed = flag(vm, args.get_or(3, "signed"))?;
    if n.is_negative() && !signed {
        return Err(vm.overflow_error("can't convert negative int to unsigned"));
    }
    let mut data = if n.is_zero() { Vec::new() } else { n.to_signed_bytes_le() };
    if !signed && data.last() == Some(&0) {
        data.pop();
    }
    if data.len() > len {
        return Err(vm.overflow_error("int too big to convert"));
    }
    vm.reserve(len)?;
    data.resize(len, if n.is_negative() { 0xff } else { 0 });
    if !little {
        data.reverse();
    }
    Ok(vm.bytes(data))
}

fn from_bytes(vm: &mut Vm, args: Args<'_>) -> R {
    let little = is_little(vm, args.get_or(2, "byteorder"))?;
    let signed = flag(vm, args.get_or(3, "signed"))?;
    let mut data = bytes_of(vm, args.pos[1])?;
    if !little {
        data.reverse();
    }
    let n = if signed { Big::from_signed_bytes_le(&data) } else { Big::from_bytes_le(Sign::Plus, &data) };
    Ok(vm.big(n))
}

fn in_radix(vm: &mut Vm, value: Value, prefix: &str, radix: u32) -> R {
    let n = vm.big_arg(value)?;
    vm.reserve_many(n.bits() as usize, 2)?;
    let sign = if n.is_negative() { "-" } else { "" };
    Ok(vm.str(format!("{sign}{prefix}{}", n.magnitude().to_str_radix(radix))))
}

fn bin(vm: &mut Vm, args: Args<'_>) -> R {
    in_radix(vm, args.pos[0], "0b", 2)
}

fn hex(vm: &mut Vm, args: Args<'_>) -> R {
    in_radix(vm, args.pos[0], "0x", 16)
}

fn oct(vm: &mut Vm, args: Args<'_>) -> R {
    in_radix(vm, args.pos[0], "0o", 8)
}

fn chr(vm: &mut Vm, args: Args<'_>) -> R {
    let code = vm.index_value(args.pos[0])?;
    match u32::try_from(code).ok().and_then(char::from_u32) {
        Some(c) => Ok(vm.char(c)),
        None => Err(vm.value_error("chr() arg not in range(0x110000)")),
    }
}

fn ord(vm: &mut Vm, args: Args<'_>) -> R {
    if let Some(s) = args.pos[0].cast::<Str>()
        && s.chars == 1
    {
        return Ok(Value::small(s.text.chars().next().map_or(0, |c| c as i64)));
    }
    let Some(text) = Text::of(vm.unwrapped(args.pos[0])) else {
        return Err(vm.type_error("ord expects a character"));
    };
    match (text.count(), text.is_str()) {
        (1, true) => Ok(Value::small(text.as_str().chars().next().map_or(0, |c| c as i64))),
        (1, false) => Ok(Value::small(text[0] as i64)),
        (n, _) => Err(vm.type_error(format!("ord() expected a character, but string of length {n} found"))),
    }
}

/// `n.real` and the like.
pub fn attr(value: Value, name: &str) -> Option<Value> {
    match name {
        "real" | "numerator" => Some(value),
        "imag" => Some(Value::small(0)),
        "denominator" => Some(Value::small(1)),
        _ => None,
    }
}
