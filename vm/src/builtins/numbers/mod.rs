//! Numbers and what is calculated with them.

pub(super) mod arithmetic;
pub(super) mod cmath;
pub(super) mod complex;
pub(super) mod float;
pub mod float_text;
pub(super) mod int;
pub(super) mod math;
mod math_int;
#[cfg(test)]
mod tests;
