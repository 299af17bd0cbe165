//! From a log to a report: where the ticks of a run went, loop by loop.
//!
//! ```text
//! Log ─► attribute (who owned each tick) ─► build (what else the log knows of each loop) ─► Report ─► render
//!           ▲                 │                                                              ├─────► diff
//! looks, perf (samples)       └─► export (who called whom, when: for other tools)            └─────► findings
//! ```
#![forbid(unsafe_code)]

mod aborts;
pub mod anatomy;
mod attribute;
mod build;
pub mod diff;
pub mod export;
mod findings;
pub mod fleet;
mod gc;
pub mod heat;
mod histogram;
mod lack;
mod looks;
pub mod perf;
pub mod phases;
mod places;
mod recording;
pub mod render;
pub mod report;
mod shares;
mod spots;
mod study;
pub mod timeline;
pub mod together;
pub mod traces;
mod warmup;

pub use build::{Options, analyze, analyze_with};
pub use diff::{diff, diff_sets};
pub use report::{Report, Sort};
pub use study::{Study, Visits, study, timeline};
