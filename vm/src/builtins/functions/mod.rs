//! Global functions.

pub(super) mod attributes;
pub(super) mod evaluating;
pub(super) mod iterating;
pub(super) mod printing;
mod self_test;
pub(super) mod sorting;
mod timsort;
