//! The subcommands, one per file; each gives its exit code.

pub mod bench;
pub mod compile;
mod desk;
pub mod diff;
pub mod dis;
pub mod export;
pub mod input;
pub mod live;
pub mod record;
pub mod report;
pub mod run;
pub mod view;
