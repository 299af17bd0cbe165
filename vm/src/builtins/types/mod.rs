//! Types that hold other values, and those that the machine itself is made of.

pub(super) mod classes;
pub(super) mod code;
pub(super) mod containers;
pub(super) mod deque;
mod deque_operators;
pub(super) mod dict;
pub(super) mod frame;
pub(super) mod generator;
pub(super) mod list;
pub(super) mod object;
pub(super) mod packed;
pub(super) mod packing;
pub(super) mod range;
pub(super) mod set;
pub(super) mod slice;
pub(super) mod tuple;
pub(super) mod wide_range;
