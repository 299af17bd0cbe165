//! A share of the run, and between what it lies.

use serde::Serialize;

/// Percent of the run. Where it rests on samples, the true share lies between `low` and `high` in 95 of 100 cases; what
/// is exact lies between itself and itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    pub percent: f64,
    pub low: f64,
    pub high: f64,
}

impl Share {
    /// What is known exactly.
    pub fn exact(percent: f64) -> Share {
        Share { percent, low: percent, high: percent }
    }

    /// Of `whole` percent of the run, in which `samples` samples were taken, the part `part`: Wilson's interval, which
    /// holds for few samples too.
    pub fn sampled(part: f64, whole: f64, samples: f64) -> Share {
        let (part, samples) = (part.clamp(0.0, 1.0), samples.max(1.0));
        let square = Z * Z / samples;
        let middle = (part + square / 2.0) / (1.0 + square);
        let reach = Z / (1.0 + square) * (part * (1.0 - part) / samples + square / (4.0 * samples)).sqrt();
        let (low, high) = ((middle - reach).clamp(0.0, part), (middle + reach).clamp(part, 1.0));
        Share { percent: part * whole, low: low * whole, high: high * whole }
    }

    /// The larger of the two distances, in points.
    pub fn error(&self) -> f64 {
        (self.percent - self.low).max(self.high - self.percent)
    }

    /// Of what it is a share of, a part.
    pub fn part(&self, scale: f64) -> Share {
        Share { percent: self.percent * scale, low: self.low * scale, high: self.high * scale }
    }

    /// Does it rest on nothing that could err?
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    /// Does it lie in there?
    pub fn holds(&self, percent: f64) -> bool {
        (self.low..=self.high).contains(&percent)
    }
}

/// 95 of 100 values of a normal distribution lie so many standard deviations around its mean.
const Z: f64 = 1.96;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        let half = Share::sampled(0.5, 100.0, 10_000.0);
        assert!((half.error() - 0.98).abs() < 0.01 && half.percent == 50.0, "{half:?}");
        let none = Share::sampled(0.0, 100.0, 100.0);
        assert!(none.low == 0.0 && (none.high - 3.7).abs() < 0.1, "{none:?}");
        let all = Share::sampled(1.0, 50.0, 100.0);
        assert!(all.high == 50.0 && all.low > 48.0, "{all:?}");
        assert!(Share::exact(3.0).is_exact() && !half.is_exact() && half.holds(50.9) && !half.holds(51.1));
    }

    #[test]
    fn it_holds_in_95_of_100_cases() {
        // A generator of Lehmer's; its numbers are below 2^31 - 1.
        let mut state = 1u64;
        let mut next = || {
            state = state * 48271 % 0x7fff_ffff;
            state as f64 / 0x7fff_ffff as f64
        };
        for (part, samples) in [(0.3, 400), (0.02, 2000), (0.9, 150)] {
            let held = (0..2000).filter(|_| {
                let found = (0..samples).filter(|_| next() < part).count() as f64 / f64::from(samples);
                Share::sampled(found, 100.0, f64::from(samples)).holds(part * 100.0)
            });
            let held = held.count();
            assert!((1850..=1960).contains(&held), "{part} of {samples}: {held} of 2000");
        }
    }
}
