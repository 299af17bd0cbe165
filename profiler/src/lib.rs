//! From a log to a report: where the ticks of a run went, loop by loop.
//!
//! ```text
//! Log ─► attribute (who owned each tick) ─► build (what else the log knows of each loop) ─► Report ─► render
//!           ▲                 │                                                              ├─────► diff
//! perf (samples of the run)   └─► export (who called whom, when: for other tools)            └─────► findings
//! ```
#![forbid(unsafe_code)]

mod attribute;
mod build;
pub mod diff;
mod estimate;
pub mod export;
mod findings;
mod histogram;
pub mod perf;
mod places;
pub mod render;
pub mod report;
mod study;
pub mod timeline;
pub mod together;
mod warmup;

pub use build::{Options, analyze, analyze_with};
pub use diff::diff;
pub use report::{Report, Sort};
pub use study::{Study, Visits, study, timeline};
