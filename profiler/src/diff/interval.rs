//! Is a difference more than chance?
//!
//! Each place, each part and the whole run has a number per run. How much the runs of a side differ among themselves
//! says what chance does; Student's t says how far the means of two sides may lie apart by chance alone. Both sides'
//! variances are pooled, relative to their means, because a program that takes twice as long varies twice as much; and
//! they are never taken to be less than what sampling itself makes of them.
//!
//! Runs vary in common: a machine is slower for a while, and every loop is. So where there are other loops, what these
//! do, by their median, explains a part of a loop's variation, and of its change ([`Drift`]): that part is taken away,
//! if what is left is so much smaller that more can be seen. The median, because one loop that has really changed shall
//! not move it.
//!
//! A diff asks many questions at once. All of its intervals hold *together* in 99 of 100 diffs: with m questions, each
//! is asked at 1 in 100 m (Bonferroni). So at most one diff in a hundred of a program with itself names anything.
//!
//! One run a side tells nothing of how runs vary: then [`ASSUMED`] is taken, and the diff says so.

use super::student::quantile;

/// Wrong diffs in all; a little less than one in a hundred, as no run is as normal as it should be.
const ALARMS: f64 = 0.008;
/// How much smaller an interval must become for its drift to be taken away.
const WORTH: f64 = 0.6;
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
    pub difference: f64,
    pub reach: f64,
    /// Part of the old mean by which other loops changed, which is not in the difference.
    pub shared: Option<f64>,
}

/// What other loops do in each run, relative to their means on its side, and from side to side.
#[derive(Clone, Debug)]
pub(super) struct Drift {
    runs: Vec<f64>,
    difference: f64,
}

impl Drift {
    /// Of two other loops or more; one alone may have changed itself.
    pub(super) fn new(others: &[&(Side, Side)]) -> Option<Drift> {
        let known = |sides: &&&(Side, Side)| sides.0.mean() > 0.0 && sides.1.mean() > 0.0;
        let others: Vec<&(Side, Side)> = others.iter().filter(known).copied().collect();
        if others.len() < 2 {
            return None;
        }
        let run = |side: fn(&(Side, Side)) -> &Side, index: usize| {
            median(others.iter().map(|sides| side(sides).values[index] / side(sides).mean() - 1.0).collect())
        };
        let side = |side: fn(&(Side, Side)) -> &Side| {
            let runs = side(others[0]).values.len();
            let runs: Vec<f64> = (0..runs).map(|index| run(side, index)).collect();
            let mean = runs.iter().sum::<f64>() / runs.len().max(1) as f64;
            runs.into_iter().map(move |run| run - mean).collect::<Vec<f64>>()
        };
        let mut runs = side(|sides| &sides.0);
        runs.extend(side(|sides| &sides.1));
        let difference = median(others.iter().map(|sides| sides.1.mean() / sides.0.mean() - 1.0).collect());
        Some(Drift { runs, difference })
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 }
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

    /// What each run deviates, relative to the mean.
    fn deviations(&self) -> impl Iterator<Item = f64> + '_ {
        let mean = self.mean();
        self.values.iter().map(move |value| value / mean - 1.0)
    }

    /// The mean of the variances of sampling.
    fn sampled(&self) -> f64 {
        self.sampling.iter().sum::<f64>() / self.count().max(1.0)
    }
}

/// The difference, if `questions` are asked together.
pub(super) fn interval(old: &Side, new: &Side, questions: usize, drift: Option<&Drift>) -> Interval {
    let plain = plain(old, new, questions);
    let adjusted = drift.and_then(|drift| adjusted(old, new, questions, drift));
    adjusted.filter(|adjusted| adjusted.reach < WORTH * plain.reach).unwrap_or(plain)
}

fn plain(old: &Side, new: &Side, questions: usize) -> Interval {
    let (then, now) = (old.mean(), new.mean());
    let ((squares, free), (more, others)) = (old.spread(), new.spread());
    let free = free + others;
    let relative = if free > 0.0 { (squares + more) / free } else { ASSUMED * ASSUMED };
    let variance = |side: &Side| (relative * side.mean().powi(2)).max(side.sampled()) / side.count().max(1.0);
    let error = (variance(old) + variance(new)).sqrt();
    let freedom = if free > 0.0 { free } else { f64::INFINITY };
    Interval {
        old: then,
        new: now,
        difference: now - then,
        reach: error * critical(questions, freedom),
        shared: None,
    }
}

/// The same without what the others explain: a regression, whose slope costs one degree of freedom.
fn adjusted(old: &Side, new: &Side, questions: usize, drift: &Drift) -> Option<Interval> {
    let (then, now) = (old.mean(), new.mean());
    let freedom = old.count() + new.count() - 3.0;
    let squares: f64 = drift.runs.iter().map(|run| run * run).sum();
    if then <= 0.0 || now <= 0.0 || freedom < 2.0 || squares <= 0.0 {
        return None;
    }
    let deviations: Vec<f64> = old.deviations().chain(new.deviations()).collect();
    let pairs = || deviations.iter().zip(&drift.runs);
    // Others explain no more than all of their own change.
    let slope = (pairs().map(|(own, run)| own * run).sum::<f64>() / squares).clamp(0.0, 1.0);
    let left = pairs().map(|(own, run)| (own - slope * run).powi(2)).sum::<f64>() / freedom;
    let sampled = (old.sampled() / (then * then)).max(new.sampled() / (now * now));
    let runs = 1.0 / old.count() + 1.0 / new.count() + drift.difference.powi(2) / squares;
    let shared = slope * drift.difference;
    let reach = (left.max(sampled) * runs).sqrt() * critical(questions, freedom) * then.max(now);
    Some(Interval {
        old: then,
        new: now,
        difference: now - then - shared * then,
        reach,
        shared: Some(shared),
    })
}

fn critical(questions: usize, freedom: f64) -> f64 {
    quantile(1.0 - ALARMS / questions.max(1) as f64 / 2.0, freedom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(values: &[f64]) -> Side {
        Side { values: values.to_vec(), sampling: vec![0.0; values.len()] }
    }

    #[test]
    fn what_varies_more_must_differ_more() {
        let calm = interval(&side(&[100.0, 101.0, 99.0]), &side(&[110.0, 111.0, 109.0]), 1, None);
        assert!(calm.difference == 10.0 && calm.reach < 10.0, "{calm:?}");
        let wild = interval(&side(&[100.0, 120.0, 80.0]), &side(&[110.0, 130.0, 90.0]), 1, None);
        assert!(wild.reach > 10.0, "{wild:?}");
        let many = interval(&side(&[100.0, 101.0, 99.0]), &side(&[110.0, 111.0, 109.0]), 100, None);
        assert!(many.reach > calm.reach);
    }

    #[test]
    fn single_runs_are_taken_to_vary() {
        let some = interval(&side(&[100.0]), &side(&[110.0]), 1, None);
        assert!(some.reach > 10.0, "{some:?}");
        let much = interval(&side(&[100.0]), &side(&[200.0]), 1, None);
        assert!(much.reach < 50.0, "{much:?}");
    }

    #[test]
    fn sampling_is_part_of_the_error() {
        let sampled = Side { values: vec![100.0; 5], sampling: vec![100.0; 5] };
        let found = interval(&sampled, &sampled, 1, None);
        assert!(found.reach > 10.0, "{found:?}");
        assert_eq!(interval(&side(&[0.0; 3]), &side(&[0.0; 3]), 1, None).reach, 0.0);
    }

    #[test]
    fn what_all_loops_do_is_the_machines() {
        let speeds = [1.0, 1.3, 0.8, 1.1, 0.9];
        let noise = [0.003, -0.002, 0.001, 0.002, -0.004];
        let of = |size: f64, turn: usize, by: f64| {
            let value = |index: usize| by * size * speeds[index] * (1.0 + noise[(index + turn) % 5]);
            side(&(0..5).map(value).collect::<Vec<_>>())
        };
        let others: Vec<(Side, Side)> =
            (0..3).map(|turn| (of(50.0, turn, 1.0), of(50.0, turn + 1, 1.2))).collect();
        let drift = Drift::new(&others.iter().collect::<Vec<_>>());
        let (old, new) = (of(100.0, 3, 1.0), of(100.0, 4, 1.2 * 1.1));
        let alone = interval(&old, &new, 5, None);
        assert!(alone.reach > 32.0, "{alone:?}");
        let found = interval(&old, &new, 5, drift.as_ref());
        assert!((found.difference - 12.0).abs() < 3.0 && found.reach < 8.0, "{found:?}");
        assert!((found.shared.unwrap() - 0.2).abs() < 0.02, "{found:?}");
        assert!(Drift::new(&[&others[0]]).is_none());
    }
}
