//! What operations mean for every value: the slow, complete paths behind the interpreter's fast ones.

pub mod attr;
pub mod cache;
pub mod call;
pub mod class;
pub mod generator;
pub mod hash;
pub mod import;
pub mod iter;
pub mod load;
pub mod lookup;
pub mod number;
pub mod operators;
pub mod ops;
pub mod subscript;
pub mod traceback;
