//! Arithmetic on ints of any size and floats.

use num_bigint::{BigInt as Big, Sign};
use num_integer::Integer;
use num_traits::{Pow, Signed, ToPrimitive, Zero};

use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::number::{BigInt, Complex};
use crate::object::value::Value;
use crate::vm::Vm;

/// A number, unpacked.
#[derive(Clone, Debug)]
pub enum Num {
    Small(i64),
    /// The one in the object, which the caller keeps reachable.
    Big(&'static Big),
    Float(f64),
}

/// Unpacks ints, bools and floats.
pub fn number(value: Value) -> Option<Num> {
    if let Some(n) = value.as_small() {
        return Some(Num::Small(n));
    }
    if let Some(f) = value.as_float() {
        return Some(Num::Float(f));
    }
    if let Some(b) = value.as_bool() {
        return Some(Num::Small(b as i64));
    }
    value.cast::<BigInt>().map(|b| Num::Big(&Gc::get(b).value))
}

impl Num {
    pub fn to_f64(&self) -> f64 {
        match self {
            Num::Small(n) => *n as f64,
            Num::Big(n) => n.to_f64().unwrap_or(f64::INFINITY),
            Num::Float(f) => *f,
        }
    }

    pub fn into_big(self) -> Big {
        match self {
            Num::Small(n) => Big::from(n),
            Num::Big(n) => n.clone(),
            Num::Float(f) => Big::from(f as i64),
        }
    }
}

/// Python's `//` for machine ints.
pub fn floor_div(a: i64, b: i64) -> i64 {
    let q = a.wrapping_div(b);
    if (a % b != 0) && ((a < 0) != (b < 0)) { q - 1 } else { q }
}

/// Python's `%` for machine ints.
pub fn floor_mod(a: i64, b: i64) -> i64 {
    let r = a.wrapping_rem(b);
    if r != 0 && ((r < 0) != (b < 0)) { r + b } else { r }
}

/// Python's `%` for floats.
pub fn float_mod(a: f64, b: f64) -> f64 {
    let r = a % b;
    if r == 0.0 {
        return 0f64.copysign(b);
    }
    if (r < 0.0) != (b < 0.0) { r + b } else { r }
}

/// Python's `//` for floats.
pub fn float_floor_div(a: f64, b: f64) -> f64 {
    let r = a % b;
    let q = (a - r) / b;
    let q = if r != 0.0 && ((r < 0.0) != (b < 0.0)) { q - 1.0 } else { q };
    if q == 0.0 { 0f64.copysign(a / b) } else { q.round() }
}

impl Vm {
    /// Arithmetic (not comparison) on two numbers; `None` if one is not a number or the operator does not apply.
    pub fn number_binary(&mut self, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
        let (Some(x), Some(y)) = (number(a), number(b)) else {
            return self.complex_binary(op, a, b);
        };
        if let (Some(p), Some(q)) = (a.as_bool(), b.as_bool())
            && let Some(result) = bool_binary(op, p, q)
        {
            return Ok(Some(Value::bool(result)));
        }
        match (x, y) {
            (Num::Small(x), Num::Small(y)) => self.small_binary(op, x, y),
            (x, y) if matches!(x, Num::Float(_)) || matches!(y, Num::Float(_)) => {
                self.float_binary(op, x.to_f64(), y.to_f64())
            }
            (Num::Big(x), Num::Big(y)) => self.big_binary(op, x, y),
            (Num::Big(x), Num::Small(y)) => match by_word(op, x, y) {
                Some(result) => Ok(Some(self.big(result))),
                None => self.big_binary(op, x, &Big::from(y)),
            },
            (Num::Small(x), Num::Big(y)) => match word_by(op, x, y) {
                Some(result) => Ok(Some(self.big(result))),
                None => self.big_binary(op, &Big::from(x), y),
            },
            (x, y) => self.big_binary(op, &x.into_big(), &y.into_big()),
        }
    }

    fn small_binary(&mut self, op: BinaryOp, x: i64, y: i64) -> R<Option<Value>> {
        let exact = match op {
            BinaryOp::Add => x.checked_add(y),
            BinaryOp::Subtract => x.checked_sub(y),
            BinaryOp::Multiply => x.checked_mul(y),
            BinaryOp::And => Some(x & y),
            BinaryOp::Or => Some(x | y),
            BinaryOp::Xor => Some(x ^ y),
            BinaryOp::FloorDivide if y != 0 => Some(floor_div(x, y)),
            BinaryOp::Modulo if y != 0 => Some(floor_mod(x, y)),
            BinaryOp::Rshift if y >= 0 => Some(x >> y.min(63)),
            BinaryOp::Lshift if (0..62).contains(&y) && x.unsigned_abs().leading_zeros() as i64 > y + 1 => {
                Some(x << y)
            }
            BinaryOp::TrueDivide if y != 0 => return Ok(Some(self.float(true_divide(x, y)))),
            BinaryOp::Power if y >= 0 => u32::try_from(y).ok().and_then(|y| x.checked_pow(y)),
            _ => None,
        };
        match exact {
            Some(n) => Ok(Some(self.int(n))),
            None => self.big_binary(op, &Big::from(x), &Big::from(y)),
        }
    }

    fn big_binary(&mut self, op: BinaryOp, x: &Big, y: &Big) -> R<Option<Value>> {
        self.reserve_big(x.bits() + y.bits())?;
        let result = match op {
            BinaryOp::Multiply if x.bits().min(y.bits()) > LONG_PRODUCT => {
                let (x, y) = (x.clone(), y.clone());
                self.detached(move || x * y)?
            }
            BinaryOp::FloorDivide | BinaryOp::Modulo if !y.is_zero() && is_long_division(x, y) => {
                let (x, y) = (x.clone(), y.clone());
                let floor = op == BinaryOp::FloorDivide;
                self.detached(move || if floor { x.div_floor(&y) } else { x.mod_floor(&y) })?
            }
            BinaryOp::Add => x + y,
            BinaryOp::Subtract => x - y,
            BinaryOp::Multiply => x * y,
            BinaryOp::And => x & y,
            BinaryOp::Or => x | y,
            BinaryOp::Xor => x ^ y,
            BinaryOp::FloorDivide | BinaryOp::Modulo if y.is_zero() => {
                return Err(self.divide_by_zero(op, "integer"));
            }
            BinaryOp::FloorDivide => x.div_floor(y),
            BinaryOp::Modulo => x.mod_floor(y),
            BinaryOp::TrueDivide => return self.big_true_divide(x, y),
            BinaryOp::Lshift | BinaryOp::Rshift => return self.big_shift(op, x, y),
            BinaryOp::Power => return self.big_power(x, y),
            _ => return Ok(None),
        };
        Ok(Some(self.big(result)))
    }

    /// Room for a long int of so many bits, and for what is in between while it is computed.
    pub(crate) fn reserve_big(&mut self, bits: u64) -> R<()> {
        self.reserve(usize::try_from(bits / 2).unwrap_or(usize::MAX))
    }

    fn big_true_divide(&mut self, x: &Big, y: &Big) -> R<Option<Value>> {
        if y.is_zero() {
            return Err(self.divide_by_zero(BinaryOp::TrueDivide, "integer"));
        }
        let quotient = x.to_f64().unwrap_or(f64::NAN) / y.to_f64().unwrap_or(f64::NAN);
        let quotient = if quotient.is_finite() { quotient } else { scaled_quotient(x, y) };
        if quotient.is_infinite() {
            return Err(self.overflow_error("integer division result too large for a float"));
        }
        Ok(Some(self.float(quotient)))
    }

    fn big_shift(&mut self, op: BinaryOp, x: &Big, y: &Big) -> R<Option<Value>> {
        if y.is_negative() {
            return Err(self.value_error("negative shift count"));
        }
        let n = y.to_usize().unwrap_or(usize::MAX);
        let result = match op {
            BinaryOp::Lshift if x.is_zero() => Big::zero(),
            BinaryOp::Lshift => {
                self.reserve_many(n / 8, 2)?;
                x << n
            }
            _ => x >> n.min(1 << 40),
        };
        Ok(Some(self.big(result)))
    }

    fn big_power(&mut self, x: &Big, y: &Big) -> R<Option<Value>> {
        if y.is_negative() {
            return self.float_binary(BinaryOp::Power, x.to_f64().unwrap_or(0.0), y.to_f64().unwrap_or(0.0));
        }
        match y.to_u32() {
            Some(n) if x.bits().saturating_mul(n as u64) < 1 << 33 => {
                self.reserve_big(x.bits() * n as u64)?;
                let power = if x.bits().saturating_mul(n as u64) > 2 * LONG_PRODUCT {
                    let x = x.clone();
                    self.detached(move || Pow::pow(x, n))?
                } else {
                    Pow::pow(x, n)
                };
                Ok(Some(self.big(power)))
            }
            _ if x.magnitude().bits() <= 1 => {
                let odd = y.is_odd();
                let one = if x.sign() == Sign::Minus && !odd { Big::from(1) } else { x.clone() };
                Ok(Some(self.big(one)))
            }
            _ => Err(self.memory_error("result too large")),
        }
    }

    fn float_binary(&mut self, op: BinaryOp, x: f64, y: f64) -> R<Option<Value>> {
        let result = match op {
            BinaryOp::Add => x + y,
            BinaryOp::Subtract => x - y,
            BinaryOp::Multiply => x * y,
            BinaryOp::TrueDivide | BinaryOp::FloorDivide | BinaryOp::Modulo if y == 0.0 => {
                return Err(self.divide_by_zero(op, "float"));
            }
            BinaryOp::TrueDivide => x / y,
            BinaryOp::FloorDivide => float_floor_div(x, y),
            BinaryOp::Modulo => float_mod(x, y),
            BinaryOp::Power if x == 0.0 && y < 0.0 && y.is_finite() => {
                return Err(self.divide_by_zero(op, "float"));
            }
            BinaryOp::Power if x < 0.0 && x.is_finite() && y.is_finite() && y.fract() != 0.0 => {
                return self.complex_pow((x, 0.0), (y, 0.0)).map(Some);
            }
            BinaryOp::Power => x.powf(y),
            _ => return Ok(None),
        };
        Ok(Some(self.float(result)))
    }

    #[cold]
    pub fn divide_by_zero(&mut self, op: BinaryOp, kind: &str) -> crate::error::Raise {
        self.zero_division(match (op, kind) {
            (BinaryOp::TrueDivide, "float") => "float division by zero",
            (BinaryOp::TrueDivide, _) => "division by zero",
            (BinaryOp::FloorDivide, "float") => "float floor division by zero",
            (BinaryOp::FloorDivide, _) => "integer division or modulo by zero",
            (BinaryOp::Power, _) => "0.0 cannot be raised to a negative power",
            (_, "float") => "float modulo",
            _ => "integer modulo by zero",
        })
    }

    fn complex_binary(&mut self, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
        let (Some(x), Some(y)) = (complex_parts(a), complex_parts(b)) else { return Ok(None) };
        let (re, im) = match op {
            BinaryOp::Add => (x.0 + y.0, x.1 + y.1),
            BinaryOp::Subtract => (x.0 - y.0, x.1 - y.1),
            BinaryOp::Multiply => (x.0 * y.0 - x.1 * y.1, x.0 * y.1 + x.1 * y.0),
            BinaryOp::TrueDivide => {
                let norm = y.0 * y.0 + y.1 * y.1;
                if norm == 0.0 {
                    return Err(self.zero_division("complex divide by zero"));
                }
                ((x.0 * y.0 + x.1 * y.1) / norm, (x.1 * y.0 - x.0 * y.1) / norm)
            }
            BinaryOp::Power => return self.complex_pow(x, y).map(Some),
            BinaryOp::FloorDivide | BinaryOp::Modulo => {
                return Err(self.type_error("can't truncate-divide a complex number"));
            }
            _ => return Ok(None),
        };
        Ok(Some(self.complex(re, im)))
    }

    fn complex_pow(&mut self, x: (f64, f64), y: (f64, f64)) -> R {
        if y.1 == 0.0 && y.0.fract() == 0.0 && y.0.abs() <= 100.0 && x != (0.0, 0.0) {
            let (re, im) = complex_whole_power(x, y.0 as i32);
            return Ok(self.complex(re, im));
        }
        let abs = x.0.hypot(x.1);
        if abs == 0.0 {
            if y.1 == 0.0 && y.0 >= 0.0 {
                return Ok(self.complex(if y.0 == 0.0 { 1.0 } else { 0.0 }, 0.0));
            }
            return Err(self.zero_division("0.0 to a complex power"));
        }
        let (log, arg) = (abs.ln(), x.1.atan2(x.0));
        let (scale, angle) = ((y.0 * log - y.1 * arg).exp(), y.0 * arg + y.1 * log);
        Ok(self.complex(scale * angle.cos(), scale * angle.sin()))
    }

    /// An int that fits a machine word: list indices, shift counts, arguments.
    #[inline]
    pub fn index_value(&mut self, value: Value) -> R<i64> {
        match value.as_small() {
            Some(n) => Ok(n),
            None => self.other_index_value(value),
        }
    }

    fn other_index_value(&mut self, value: Value) -> R<i64> {
        match number(value) {
            Some(Num::Small(n)) => Ok(n),
            Some(Num::Big(n)) => match n.to_i64() {
                Some(n) => Ok(n),
                None => Err(self.overflow_error("overflow converting long int to machine word")),
            },
            _ => {
                let index = self.to_index(value)?;
                self.index_value(index)
            }
        }
    }

    /// An int that C would take as `int`.
    pub fn int32_arg(&mut self, value: Value) -> R<i32> {
        i32::try_from(self.index_value(value)?)
            .map_err(|_| self.overflow_error("signed integer does not fit 32 bits"))
    }

    /// `operator.index(value)`: an int of any size.
    pub fn to_index(&mut self, value: Value) -> R {
        match value.kind() {
            Kind::Int | Kind::BigInt => return Ok(value),
            Kind::Bool => return Ok(Value::small((value == Value::TRUE) as i64)),
            _ => {}
        }
        if let Some(method) = self.special(value, self.names.index) {
            let result = self.call_special(method, &[value])?;
            return self.int_of_method(result);
        }
        match self.wrapped(value) {
            Some(inner) => self.to_index(inner),
            None => {
                let name = self.type_name(value);
                Err(self.type_error(format!("can't convert {name} to int")))
            }
        }
    }

    /// It is an int, or has `__index__` and so counts as one.
    pub fn has_index(&mut self, value: Value) -> bool {
        match value.kind() {
            Kind::Int | Kind::Bool | Kind::BigInt => true,
            Kind::Instance => {
                self.special(value, self.names.index).is_some()
                    || self.wrapped(value).is_some_and(|inner| self.has_index(inner))
            }
            _ => false,
        }
    }

    /// What `__index__` or `__int__` returned, which has to be an int.
    pub fn int_of_method(&mut self, result: Value) -> R {
        let inner = self.wrapped(result).unwrap_or(result);
        match inner.kind() {
            Kind::Int | Kind::BigInt | Kind::Bool => self.to_index(inner),
            _ => Err(self.type_error("__index__ returned non-int")),
        }
    }

    /// The float a number stands for.
    pub fn float_value(&mut self, value: Value) -> R<f64> {
        if let Some(n) = number(value) {
            return Ok(n.to_f64());
        }
        if let Some(method) = self.special(value, self.names.float) {
            let result = self.call_special(method, &[value])?;
            let inner = self.wrapped(result).unwrap_or(result);
            return match inner.as_float() {
                Some(float) => Ok(float),
                None => Err(self.type_error("__float__ returned non-float")),
            };
        }
        if self.special(value, self.names.index).is_some() {
            let index = self.to_index(value)?;
            return self.float_value(index);
        }
        if let Some(inner) = self.wrapped(value) {
            return self.float_value(inner);
        }
        let name = self.type_name(value);
        Err(self.type_error(format!("can't convert {name} to float")))
    }
}

/// Bits of the smaller factor from which on a product takes milliseconds; see `Vm::detached`.
const LONG_PRODUCT: u64 = 1 << 19;

/// The division takes milliseconds: it goes by the product of the divisor's and the quotient's length.
fn is_long_division(x: &Big, y: &Big) -> bool {
    x.bits().saturating_sub(y.bits()).saturating_mul(y.bits()) > 1 << 36
}

/// The operators that give a bool for two bools.
fn bool_binary(op: BinaryOp, p: bool, q: bool) -> Option<bool> {
    match op {
        BinaryOp::And => Some(p & q),
        BinaryOp::Or => Some(p | q),
        BinaryOp::Xor => Some(p ^ q),
        _ => None,
    }
}

/// A big int and a word, without making an object of the word; `None` if the operator is not one for that.
fn by_word(op: BinaryOp, x: &Big, y: i64) -> Option<Big> {
    Some(match op {
        BinaryOp::Add => x + y,
        BinaryOp::Subtract => x - y,
        BinaryOp::Multiply => x * y,
        // With other signs, rounding down is not rounding towards zero.
        BinaryOp::FloorDivide if y > 0 && !x.is_negative() => x / y,
        BinaryOp::Modulo if y > 0 && !x.is_negative() => x % y,
        _ => return None,
    })
}

/// A word and a big int.
fn word_by(op: BinaryOp, x: i64, y: &Big) -> Option<Big> {
    Some(match op {
        BinaryOp::Add => y + x,
        BinaryOp::Subtract => x - y,
        BinaryOp::Multiply => y * x,
        _ => return None,
    })
}

/// Correctly rounded for operands that a float holds exactly; close enough beyond.
fn true_divide(x: i64, y: i64) -> f64 {
    x as f64 / y as f64
}

fn complex_product(x: (f64, f64), y: (f64, f64)) -> (f64, f64) {
    (x.0 * y.0 - x.1 * y.1, x.0 * y.1 + x.1 * y.0)
}

/// Exact for small whole parts, unlike the way through logarithms.
fn complex_whole_power(x: (f64, f64), n: i32) -> (f64, f64) {
    let (mut result, mut square, mut rest) = ((1.0, 0.0), x, n.unsigned_abs());
    while rest > 0 {
        if rest & 1 == 1 {
            result = complex_product(result, square);
        }
        square = complex_product(square, square);
        rest >>= 1;
    }
    if n >= 0 {
        return result;
    }
    let norm = result.0 * result.0 + result.1 * result.1;
    (result.0 / norm, -result.1 / norm)
}

/// Quotient of ints too large for floats.
fn scaled_quotient(x: &Big, y: &Big) -> f64 {
    let shift = x.bits().max(y.bits()).saturating_sub(1000);
    let (x, y): (Big, Big) = (x >> shift, y >> shift);
    x.to_f64().unwrap_or(f64::INFINITY) / y.to_f64().unwrap_or(f64::NAN)
}

/// Real and imaginary part of any number.
pub fn complex_parts(value: Value) -> Option<(f64, f64)> {
    value.cast::<Complex>().map(|c| (c.re, c.im)).or_else(|| number(value).map(|n| (n.to_f64(), 0.0)))
}
