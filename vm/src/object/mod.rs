//! Values and the heap they live in.

pub mod array;
pub mod buffer;
pub mod class;
mod collect;
pub mod dict;
pub mod exception;
pub mod foreign;
pub mod frame;
pub mod function;
mod gc;
pub mod heap;
pub mod iter;
pub mod kind;
pub mod limits;
pub mod number;
pub mod places;
pub mod qualname;
mod reserve;
pub mod sequence;
pub mod text;
pub mod value;
