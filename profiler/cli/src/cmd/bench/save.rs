//! Measurements as a file.
//!
//! ```json
//! {"schema": "loopscope-bench/1", "n": 1000, "m": 1000,
//!  "series": [{"program": "bm_chaos", "engine": "jit", "norm": 1000.0, "result": "…",
//!              "samples": [[first, second, …], …], "problem": null}]}
//! ```
//!
//! A sample is one process: the microseconds of each of its runs. `norm` is the work that a run does, in the program's
//! own units.

use super::stats;
use crate::failure::{self, Failure};
use anyhow::Context;
use serde::{Deserialize, Serialize};

/// The version of the format.
pub const SCHEMA: &str = "loopscope-bench/1";

/// A file's contents.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Saved {
    pub schema: String,
    pub n: u64,
    pub m: u64,
    pub series: Vec<Series>,
}

/// All that was measured of one program on one engine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Series {
    pub program: String,
    pub engine: String,
    pub norm: f64,
    pub result: String,
    /// Microseconds of each run of each process.
    pub samples: Vec<Vec<f64>>,
    /// Why there is nothing, or no more.
    pub problem: Option<String>,
}

/// One process.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    pub times: Vec<f64>,
    pub norm: f64,
    pub result: String,
}

impl Saved {
    /// Reads a file that `--save` wrote.
    pub fn read(path: &str) -> Result<Saved, Failure> {
        let bytes = failure::read(path)?;
        let wrong = |error| Failure::Unreadable(format!("'{path}' holds no measurements: {error}"));
        let saved: Saved = serde_json::from_slice(&bytes).map_err(wrong)?;
        if saved.schema != SCHEMA {
            let found = &saved.schema;
            return Err(Failure::Unreadable(format!("'{path}' has schema '{found}', not '{SCHEMA}'")));
        }
        Ok(saved)
    }

    pub fn write(&self, path: &str) -> anyhow::Result<()> {
        std::fs::write(path, serde_json::to_vec(self)?).with_context(|| format!("can't write '{path}'"))
    }
}

impl Series {
    pub fn new(program: &str, engine: &str) -> Series {
        let (program, engine) = (program.to_owned(), engine.to_owned());
        Series { program, engine, norm: 0.0, result: String::new(), samples: Vec::new(), problem: None }
    }

    /// Adds a process; its result must be that of the others.
    pub fn add(&mut self, sample: Sample) {
        if !self.samples.is_empty() && self.result != sample.result {
            self.problem = Some("results differ between processes".to_owned());
            return;
        }
        (self.norm, self.result) = (sample.norm, sample.result);
        self.samples.push(sample.times);
    }

    /// Median of the first runs, in microseconds.
    pub fn first(&self) -> Option<f64> {
        stats::median(self.samples.iter().filter_map(|times| times.first().copied()).collect())
    }

    /// Each process's median of the later half of its runs, in microseconds.
    pub fn steady_each(&self) -> Vec<f64> {
        let late = |times: &Vec<f64>| stats::median(times[times.len() / 2..].to_vec());
        self.samples.iter().filter_map(late).collect()
    }

    /// The median of these.
    pub fn steady(&self) -> Option<f64> {
        stats::median(self.steady_each())
    }

    /// Work done in a second, and its standard deviation over the processes.
    pub fn score(&self) -> Option<(f64, f64)> {
        let scores: Vec<f64> = self.steady_each().into_iter().map(|time| 1e6 * self.norm / time).collect();
        Some((stats::median(scores.clone())?, stats::deviation(&scores)))
    }
}
