//! Numbers that do not fit into a value word.

use num_bigint::BigInt as Big;

use super::heap::Header;
use crate::heap_object;

/// `value` at byte 8.
#[repr(C)]
pub struct Float {
    pub header: Header,
    pub value: f64,
}
heap_object!(Float, Float, drop: false, |_this, _marker| ());

/// An int beyond 63 bits.
#[repr(C)]
pub struct BigInt {
    pub header: Header,
    pub value: Big,
}
heap_object!(BigInt, BigInt, drop: true, |_this, _marker| ());

#[repr(C)]
pub struct Complex {
    pub header: Header,
    pub re: f64,
    pub im: f64,
}
heap_object!(Complex, Complex, drop: false, |_this, _marker| ());
