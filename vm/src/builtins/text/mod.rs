//! Strings and bytes: their methods, and how values become text.

pub(super) mod bytes;
pub(super) mod case;
pub(super) mod codec;
pub mod data;
pub(super) mod find;
pub mod format;
pub mod format_spec;
pub(super) mod operators;
pub(super) mod percent;
pub mod repr;
pub(super) mod split;
pub(super) mod string;
#[cfg(test)]
mod tests;
