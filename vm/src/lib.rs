//! The MicroPython-compatible virtual machine: compiler, loader, objects, interpreter.
//!
//! ```text
//! source ─ syntax ─► compile ─► bytecode ─► runtime::load ─► interp ⇄ runtime ⇄ object, builtins
//! ```
//!
//! This crate knows nothing of machine code, logs or terminals. Whoever wants to observe a program implements
//! [`interp::hooks::Hooks`]; whoever wants to run frames in another way implements [`vm::Executor`].

pub mod alloc;
pub mod bootstrap;
pub mod builtins;
pub mod bytecode;
pub mod compile;
pub mod error;
pub mod interp;
pub mod interrupt;
pub mod memory;
pub mod names;
pub mod native_frames;
pub mod object;
pub mod runtime;
pub mod syntax;
pub mod vm;
