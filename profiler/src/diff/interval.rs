//! Is a difference more than chance?
//!
//! Each place, each part and the whole run has a number per run. How much the runs of a side differ among themselves
//! says what chance does; Student's t says how far the means of two sides may lie apart by chance alone. Both sides'
//! variances are pooled, relative to their means, because a program that takes twice as long varies twice as much; and
//! they are never taken to be less than what sampling itself makes of them.
//!
//! A diff asks many questions at once. All of its intervals hold *together* in 99 of 100 diffs: with m questions, each
//! is asked at 1 in 100 m (Bonferroni). So at most one diff in a hundred of a program with itself names anything.
//!
//! One run a side tells nothing of how runs vary: then [`ASSUMED`] is taken, and the diff says so.

use super::student::quantile;

/// Wrong diffs in all.
const ALARMS: f64 = 0.01;
/// How much the time of a loop varies from run to run, where a single one cannot tell: relative standard deviation.
pub(super) const ASSUMED: f64 = 0.05;

/// The numbers of one side.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    pub values: Vec<f64>,
    /// The variances that come of sampling.
    pub sampling: Vec<f64>,
}

/// A difference of means, and between what it lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    pub old: f64,
    pub new: f64,
    pub low: f64,
    pub high: f64,
}

impl Side {
    fn count(&self) -> f64 {
        self.values.len() as f64
    }

    fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.count().max(1.0)
    }

    /// The sum of squared deviations, relative to the mean, and how many of them are free.
    fn spread(&self) -> (f64, f64) {
        let mean = self.mean();
        if self.values.len() < 2 || mean <= 0.0 {
            return (0.0, 0.0);
        }
        let squares = self.values.iter().map(|value| (value / mean - 1.0).powi(2)).sum();
        (squares, self.count() - 1.0)
    }

    /// The mean of the variances of sampling.
    fn sampled(&self) -> f64 {
        self.sampling.iter().sum::<f64>() / self.count().max(1.0)
    }
}

/// The difference, if `questions` are asked together.
pub(super) fn interval(old: &Side, new: &Side, questions: usize) -> Interval {
    let (then, now) = (old.mean(), new.mean());
    let ((squares, free), (more, others)) = (old.spread(), new.spread());
    let free = free + others;
    let relative = if free > 0.0 { (squares + more) / free } else { ASSUMED * ASSUMED };
    let variance = |side: &Side| (relative * side.mean().powi(2)).max(side.sampled()) / side.count().max(1.0);
    let error = (variance(old) + variance(new)).sqrt();
    let alarm = ALARMS / questions.max(1) as f64;
    let reach = error * quantile(1.0 - alarm / 2.0, if free > 0.0 { free } else { f64::INFINITY });
    Interval { old: then, new: now, low: now - then - reach, high: now - then + reach }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(values: &[f64]) -> Side {
        Side { values: values.to_vec(), sampling: vec![0.0; values.len()] }
    }

    #[test]
    fn what_varies_more_must_differ_more() {
        let calm = interval(&side(&[100.0, 101.0, 99.0]), &side(&[110.0, 111.0, 109.0]), 1);
        assert!(calm.low > 0.0 && calm.high < 20.0, "{calm:?}");
        let wild = interval(&side(&[100.0, 120.0, 80.0]), &side(&[110.0, 130.0, 90.0]), 1);
        assert!(wild.low < 0.0, "{wild:?}");
        let many = interval(&side(&[100.0, 101.0, 99.0]), &side(&[110.0, 111.0, 109.0]), 100);
        assert!(many.low < calm.low);
    }

    #[test]
    fn single_runs_are_taken_to_vary() {
        let some = interval(&side(&[100.0]), &side(&[110.0]), 1);
        assert!(some.low < 0.0 && some.high > 20.0, "{some:?}");
        let much = interval(&side(&[100.0]), &side(&[200.0]), 1);
        assert!(much.low > 50.0, "{much:?}");
    }

    #[test]
    fn sampling_is_part_of_the_error() {
        let sampled = Side { values: vec![100.0; 5], sampling: vec![100.0; 5] };
        let found = interval(&sampled, &sampled, 1);
        assert!(found.high > 10.0, "{found:?}");
        assert_eq!(interval(&side(&[0.0; 3]), &side(&[0.0; 3]), 1).high, 0.0);
    }
}
