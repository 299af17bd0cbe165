//! The viewer without a terminal: state, screens, and what they bear.
#![forbid(unsafe_code)]

mod common;
mod large;
mod robust;
mod screens;
mod speed;
mod state;
