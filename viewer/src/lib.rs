//! The terminal jitviewer: where a run's time went, and the source, bytecode, trace and machine code of its loops.
//!
//! ```text
//! bytes ─► clerk (Log, on a thread of its own) ─► model ─► state (what is being looked at) ─► view (pixels)
//!             ▲ asks                                          │  ▲ actions
//!             └───────────────────────────────────────────────┘  └── keys ◄─ term
//! ```
//!
//! State never draws and view never changes anything, so each is tested without the other and without a terminal.
#![forbid(unsafe_code)]

pub mod clerk;
mod drive;
pub mod keys;
pub mod library;
pub mod model;
mod mouse;
pub mod state;
mod term;
pub mod theme;
pub mod view;

pub use drive::{Options, Spot, run};
