//! The subcommands, one per file; each gives its exit code.

pub mod bench;
pub mod compile;
mod dataset;
mod desk;
pub mod diff;
pub mod dis;
pub mod export;
mod fleet;
pub mod input;
pub mod live;
pub mod record;
pub mod report;
pub mod run;
pub mod traces;
pub mod view;
