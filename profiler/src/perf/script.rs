//! The text that `perf script` prints.
//!
//! ```text
//! head  = comm WS pid [ "/" tid ] WS [ "[" cpu "]" WS ] seconds ":" WS [ period WS ] [ event ":" ] [ WS frame ]
//! frame = address [ WS symbol ] [ WS "(" object ")" ]      (call chains: one per line, behind a tab)
//! ```
//!
//! Which of these are there depends on perf's version and `-F`; what is looked for is the time, a number with a point
//! and a colon, and what stands around it. A line that is neither is counted and left out.

/// Samples, in the order of their times.
#[derive(Clone, Debug, Default)]
pub struct Samples {
    pub(super) list: Vec<Sample>,
    /// Callers' addresses, innermost first; each sample has a range of them.
    pub(super) callers: Vec<u64>,
    /// Whoever took the samples has looked for machine code among all callers.
    pub(super) knows_callers: bool,
    /// Lines that could not be read.
    pub odd_lines: usize,
    /// The first of them, from 1.
    pub first_odd_line: Option<usize>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sample {
    /// Nanoseconds.
    pub at: u64,
    pub pid: u32,
    pub tid: u32,
    /// Nanoseconds since the one before, if the event is a clock.
    pub period: Option<u64>,
    /// How long exactly its thread has run since the one before, and how long others kept it from running.
    pub ran: Option<(u64, u64)>,
    /// Where it was.
    pub address: u64,
    pub callers: (u32, u32),
}

impl Samples {
    /// Reads the text. Never fails: a text that is none has no samples.
    pub fn parse(text: &[u8]) -> Samples {
        let mut samples = Samples::default();
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() || line.starts_with(b"#") {
                continue;
            }
            if !samples.line(line) {
                samples.odd_lines += 1;
                samples.first_odd_line.get_or_insert(index + 1);
            }
        }
        samples.list.sort_by_key(|sample| sample.at);
        samples
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Were call chains recorded that lead somewhere? Frame pointers, where there are none, end soon.
    pub(super) fn has_chains(&self) -> bool {
        const LONG: u32 = 8;
        self.knows_callers || self.list.iter().any(|sample| sample.callers.1 - sample.callers.0 >= LONG)
    }

    pub(super) fn callers(&self, sample: &Sample) -> &[u64] {
        &self.callers[sample.callers.0 as usize..sample.callers.1 as usize]
    }

    fn line(&mut self, line: &[u8]) -> bool {
        if line.starts_with(b"\t") {
            return self.frame(line);
        }
        match head(line) {
            Some(mut sample) => {
                let end = self.callers.len() as u32;
                sample.callers = (end, end);
                self.list.push(sample);
                true
            }
            None => false,
        }
    }

    fn frame(&mut self, line: &[u8]) -> bool {
        let (Some(address), Some(sample)) = (words(line).next().and_then(hex), self.list.last_mut()) else {
            return false;
        };
        if sample.address == 0 {
            sample.address = address;
        } else if address != sample.address || sample.callers.0 != sample.callers.1 {
            // Inlined functions repeat the address.
            self.callers.push(address);
            sample.callers.1 = self.callers.len() as u32;
        }
        true
    }
}

/// The line a sample starts with. Names of commands may hold blanks, so it is read from its time outwards.
fn head(line: &[u8]) -> Option<Sample> {
    let words: Vec<&[u8]> = words(line).collect();
    let time = words.iter().position(|word| seconds(word).is_some())?;
    let mut before = words[..time].iter().rev().filter(|word| !word.starts_with(b"["));
    let (pid, tid) = process(before.next()?)?;
    let mut sample = Sample { at: seconds(words[time])?, pid, tid, ..Sample::default() };
    let mut rest = &words[time + 1..];
    let is_event = |word: Option<&&[u8]>| word.is_some_and(|word| word.ends_with(b":"));
    let mut period = None;
    if is_event(rest.get(1)) {
        period = decimal(rest[0]);
        rest = &rest[1..];
    }
    if is_event(rest.first()) {
        let is_clock = memchr::memmem::find(rest[0], b"clock").is_some();
        sample.period = period.filter(|period| is_clock && *period > 0);
        rest = &rest[1..];
    }
    sample.address = rest.first().and_then(|word| hex(word)).unwrap_or(0);
    Some(sample)
}

fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty())
}

/// `12` or `12/13`
fn process(word: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(word).ok()?;
    let (pid, tid) = text.split_once('/').unwrap_or((text, text));
    Some((pid.parse().ok()?, tid.parse().ok()?))
}

/// `385.886973:`, with six or nine digits behind the point, in nanoseconds.
fn seconds(word: &[u8]) -> Option<u64> {
    let (whole, fraction) = std::str::from_utf8(word).ok()?.strip_suffix(':')?.split_once('.')?;
    if fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let fraction = u64::from(digits(fraction)?) * 10u64.pow(9 - fraction.len() as u32);
    whole.parse::<u64>().ok()?.checked_mul(1_000_000_000)?.checked_add(fraction)
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn decimal(word: &[u8]) -> Option<u64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

fn hex(word: &[u8]) -> Option<u64> {
    u64::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> (Sample, Vec<u64>) {
        let samples = Samples::parse(text.as_bytes());
        assert_eq!((samples.len(), samples.odd_lines), (1, 0), "{text}");
        (samples.list[0], samples.callers(&samples.list[0]).to_vec())
    }

    #[test]
    fn one_line_each() {
        let (sample, _) = one(
            "           pypy3 10160   385.886973:     250000 cpu-clock:ppp:      7fda71e89645 f+0x2 (x.so)",
        );
        assert_eq!((sample.at, sample.pid, sample.tid), (385_886_973_000, 10160, 10160));
        assert_eq!((sample.period, sample.address), (Some(250_000), 0x7fda_71e8_9645));
    }

    #[test]
    fn other_fields() {
        let (sample, _) = one("my prog 3: 7/9 [001] 12.000000001:     1234 cycles:P:  7f [unknown] (//anon)");
        assert_eq!((sample.at, sample.pid, sample.tid), (12_000_000_001, 7, 9));
        assert_eq!((sample.period, sample.address), (None, 0x7f));
        let (sample, _) = one("pypy3 7 1.5: 7fda");
        assert_eq!((sample.at, sample.address), (1_500_000_000, 0x7fda));
        let (sample, _) = one("pypy3 7 1.5: cycles: 7fda x (y)");
        assert_eq!(sample.address, 0x7fda);
    }

    #[test]
    fn chains() {
        let (sample, callers) = one(concat!(
            "pypy3 21648   590.193921:     250000 cpu-clock:ppp: \n",
            "\t         16e0ba __memset+0x7a (libc.so.6)\n\t  16e0ba inner (inlined)\n",
            "\t    7f0a092c3577 [unknown] (/tmp/perf-21648.map)\n\t ffffffffffffffff [unknown] ([unknown])\n\n",
        ));
        assert_eq!((sample.address, callers), (0x16e0ba, vec![0x7f0a_092c_3577, u64::MAX]));
    }

    #[test]
    fn whatever_else_is_counted() {
        let samples = Samples::parse(b"# comment\nhello\n\tzz\npypy3 7 1.5: 7f\n1.5:\n\x00\xff: x\n");
        assert_eq!((samples.len(), samples.odd_lines, samples.first_odd_line), (1, 4, Some(2)));
    }
}
