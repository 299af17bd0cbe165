//! Numbers as bytes: the type codes that `struct` and `array` share.

use half::f16;
use num_bigint::BigInt as Big;
use num_traits::ToPrimitive;

use crate::error::R;
use crate::object::number::BigInt;
use crate::object::value::Value;
use crate::vm::Vm;

/// Bytes of one item of type `code`; `standard` sizes are those of explicit byte orders.
pub fn item_size(code: u8, standard: bool) -> Option<usize> {
    Some(match code {
        b'b' | b'B' | b'c' | b'?' | b'x' | b's' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' if standard => 4,
        b'l' | b'L' | b'q' | b'Q' | b'd' | b'P' | b'O' | b'S' => 8,
        _ => return None,
    })
}

/// The value in `bytes` (little-endian) as type `code`.
pub fn unpack(vm: &mut Vm, code: u8, bytes: &[u8]) -> Value {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    let raw = u64::from_le_bytes(word);
    let unused = 64 - 8 * bytes.len() as u32;
    match code {
        b'f' => vm.float(f32::from_bits(raw as u32) as f64),
        b'd' => vm.float(f64::from_bits(raw)),
        b'e' => vm.float(f16::from_bits(raw as u16).to_f64()),
        // Only arrays get here with these: what they hold is kept alive.
        b'O' | b'S' => Value::from_bits(raw),
        b'c' => vm.bytes(bytes.to_vec()),
        b'?' => Value::bool(raw != 0),
        b'b' | b'h' | b'i' | b'l' | b'q' => vm.int((raw << unused) as i64 >> unused),
        _ => vm.big(Big::from(raw)),
    }
}

/// The nearest half-precision float; OverflowError beyond the greatest.
fn half(vm: &mut Vm, value: Value) -> R<u64> {
    let x = vm.float_value(value)?;
    let half = f16::from_f64(x);
    if half.is_infinite() && x.is_finite() {
        return Err(vm.overflow_error("float too large to pack with e format"));
    }
    Ok(half.to_bits() as u64)
}

/// `value` as `size` bytes (little-endian) of type `code`. Ints that do not fit lose their high bits.
pub fn pack(vm: &mut Vm, code: u8, size: usize, value: Value) -> R<Vec<u8>> {
    let raw = match code {
        b'f' => (vm.float_value(value)? as f32).to_bits() as u64,
        b'd' => vm.float_value(value)?.to_bits(),
        b'e' => half(vm, value)?,
        b'O' | b'S' => value.bits(),
        b'?' => vm.truth(value)? as u64,
        b'c' => match value.cast::<crate::object::text::Bytes>() {
            Some(bytes) => bytes.data.get(0).unwrap_or(0) as u64,
            None => return Err(vm.type_error("a bytes object of length 1 is required")),
        },
        _ => match value.cast::<BigInt>() {
            Some(big) => {
                let low: Big = &big.value & Big::from(u64::MAX);
                low.to_u64().unwrap_or(0)
            }
            None => vm.index_value(value)? as u64,
        },
    };
    Ok(raw.to_le_bytes()[..size].to_vec())
}
