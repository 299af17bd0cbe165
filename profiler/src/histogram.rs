//! How long visits took.

use hdrhistogram::Histogram;

/// Significant decimal digits of a percentile: below 2048 ticks they are exact.
const DIGITS: u8 = 3;

/// Lengths of visits. Costs nothing until the first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lengths {
    histogram: Option<Histogram<u64>>,
    count: u64,
    max: u64,
}

impl Lengths {
    /// Adds `times` visits of that length.
    pub(crate) fn record(&mut self, ticks: u64, times: u64) {
        self.count = self.count.saturating_add(times);
        self.max = self.max.max(ticks);
        let histogram = self.histogram.get_or_insert_with(new);
        // It grows by itself, up to lengths of 2^63, where recording fails: such a visit is only counted.
        let _ = histogram.record_n(ticks, times);
    }

    /// How many.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Every length that occurred, and how often; the shortest first.
    pub(crate) fn recorded(&self) -> Vec<(u64, u64)> {
        let iterated = self.histogram.iter().flat_map(|histogram| histogram.iter_recorded());
        iterated.map(|step| (step.value_iterated_to().min(self.max), step.count_at_value())).collect()
    }

    /// The longest.
    pub(crate) fn max(&self) -> u64 {
        self.max
    }

    /// The length that `percent` of the visits do not exceed.
    pub(crate) fn percentile(&self, percent: f64) -> u64 {
        let value = self.histogram.as_ref().map_or(0, |histogram| histogram.value_at_percentile(percent));
        value.min(self.max)
    }
}

fn new() -> Histogram<u64> {
    // The only way to fail is a number of digits above five.
    Histogram::new(DIGITS).expect("the number of digits is small")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles() {
        let mut lengths = Lengths::default();
        assert_eq!((lengths.percentile(50.0), lengths.max()), (0, 0));
        (1..=100).for_each(|ticks| lengths.record(ticks, 1));
        assert_eq!(
            (lengths.percentile(50.0), lengths.percentile(90.0), lengths.percentile(99.0)),
            (50, 90, 99)
        );
        lengths.record(1_000_003, 3);
        assert_eq!((lengths.count(), lengths.max(), lengths.percentile(100.0)), (103, 1_000_003, 1_000_003));
        lengths.record(u64::MAX, 1);
        assert_eq!(lengths.max(), u64::MAX);
    }
}
