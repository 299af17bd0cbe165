//! From a log to a report: where the ticks of a run went, loop by loop.
//!
//! ```text
//! Log ─► attribute (who owned each tick) ─► build (what else the log knows of each loop) ─► Report ─► render
//! ```
#![forbid(unsafe_code)]

mod attribute;
mod build;
mod findings;
mod histogram;
pub mod render;
pub mod report;
mod study;
pub mod timeline;

pub use build::analyze;
pub use report::{Report, Sort};
pub use study::{Study, Visits, study, timeline};
