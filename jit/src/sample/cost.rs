//! What recording costs the program, measured where it is done: before the program begins.

use std::hint::black_box;
use std::time::Instant;

use super::marker::{Mark, mark, mark_detail};
use super::os::cost_of_signal;

/// Nanoseconds that each takes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Calibration {
    pub mark: f64,
    pub event: f64,
    pub signal: f64,
}

impl Calibration {
    /// Takes some 100 microseconds. `event` records one.
    pub fn measure(event: impl FnMut(u32)) -> Calibration {
        Calibration { mark: cost_of_mark(), event: each(1 << 8, event), signal: cost_of_signal() }
    }
}

/// Nanoseconds of one of so many times: the best of three rounds, since something else may run in one.
fn each(times: u32, mut act: impl FnMut(u32)) -> f64 {
    let round = |_| {
        let start = Instant::now();
        (0..times).for_each(&mut act);
        start.elapsed().as_nanos() as f64 / f64::from(times)
    };
    [(); 3].map(round).into_iter().fold(f64::MAX, f64::min)
}

/// A helper's two marks, halved.
fn cost_of_mark() -> f64 {
    let before = Mark::now();
    let bare = each(1 << 12, |n| {
        black_box(n);
    });
    let marking = each(1 << 12, |n| mark_detail(black_box(n)));
    mark(before);
    (marking - bare).max(0.0)
}
