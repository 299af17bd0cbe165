//! Whose machine code lies at an address, as time goes by.

use logs::Log;
use logs::log::Code;
use std::collections::BTreeMap;

/// Addresses at one moment.
#[derive(Debug, Default)]
pub(crate) struct Space {
    /// From where, to where, whose.
    ranges: BTreeMap<u64, (u64, u32)>,
}

impl Space {
    /// New code takes the place of all that lay there.
    pub(crate) fn insert(&mut self, code: &Code<'_>, index: u32) {
        let (start, end) = extent(code);
        if start >= end {
            return;
        }
        while let Some((&from, _)) = self.ranges.range(..end).next_back().filter(|(_, (to, _))| *to > start) {
            self.ranges.remove(&from);
        }
        self.ranges.insert(start, (end, index));
    }

    /// From where, to where, whose; in the order of addresses.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (u64, u64, u32)> + '_ {
        self.ranges.iter().map(|(&start, &(end, code))| (start, end, code))
    }

    pub(crate) fn at(&self, address: u64) -> Option<u32> {
        let (_, &(end, index)) = self.ranges.range(..=address).next_back()?;
        (address < end).then_some(index)
    }
}

/// From the block's start to its end: code that leaves a loop, and that enters it, is the loop's too.
pub(crate) fn extent(code: &Code<'_>) -> (u64, u64) {
    (code.block.min(code.start), code.block_end.max(code.end))
}

/// Which codes have their addresses for themselves, all the time.
pub(super) fn alone(codes: &[Code<'_>]) -> Vec<bool> {
    let mut order: Vec<usize> = (0..codes.len()).collect();
    order.sort_by_key(|&index| extent(&codes[index]));
    let mut alone = vec![true; codes.len()];
    let mut widest: Option<usize> = None;
    for index in order {
        let (start, end) = extent(&codes[index]);
        if let Some(other) = widest.filter(|&other| extent(&codes[other]).1 > start) {
            (alone[index], alone[other]) = (false, false);
        }
        if widest.is_none_or(|other| extent(&codes[other]).1 < end) {
            widest = Some(index);
        }
    }
    alone
}

/// Machine code in the log that is no trace's: what the JIT makes for all of them when it starts.
pub(super) struct Stubs {
    /// From where, to where, in order.
    ranges: Vec<(u64, u64)>,
}

impl Stubs {
    /// Shorter dumps are patches.
    const SHORTEST: usize = 16;

    pub(super) fn new(log: &Log<'_>) -> Stubs {
        let mut codes: Vec<(u64, u64)> =
            log.codes.iter().map(extent).filter(|(start, end)| start < end).collect();
        codes.sort_unstable();
        let widest = codes.iter().scan(0, |widest, (_, end)| {
            *widest = (*widest).max(*end);
            Some(*widest)
        });
        let widest: Vec<u64> = widest.collect();
        let is_code = |start: u64, end: u64| {
            let before = codes.partition_point(|code| code.0 < end);
            before > 0 && widest[before - 1] > start
        };
        let dumps = log.dumps.iter().filter(|dump| dump.digits.len() >= 2 * Stubs::SHORTEST);
        let ranges =
            dumps.map(|dump| (dump.address, dump.address.saturating_add(dump.digits.len() as u64 / 2)));
        let mut ranges: Vec<(u64, u64)> = ranges.filter(|&(start, end)| !is_code(start, end)).collect();
        ranges.sort_unstable();
        Stubs { ranges }
    }

    pub(super) fn hold(&self, address: u64) -> bool {
        let before = self.ranges.partition_point(|range| range.0 <= address);
        before > 0 && address < self.ranges[before - 1].1
    }
}

/// Which machine code a bridge's starts from.
#[derive(Debug, Default)]
pub(crate) struct CodeParents {
    parents: Vec<Option<u32>>,
}

impl CodeParents {
    pub(crate) fn new(log: &Log<'_>) -> CodeParents {
        let mut parents = vec![None; log.codes.len()];
        for trace in &log.traces {
            let parent = trace.parent.and_then(|parent| log.trace(parent.trace).code);
            // A trace is compiled after what it starts from, and so is its code; all else is a misunderstanding.
            if let Some((code, parent)) = trace.code.zip(parent).filter(|(code, parent)| parent < code) {
                parents[code as usize] = Some(parent);
            }
        }
        CodeParents { parents }
    }

    /// A piece of code, what it starts from, and so on.
    pub(crate) fn path(&self, code: u32) -> Vec<u32> {
        std::iter::successors(Some(code), |code| self.parents.get(*code as usize).copied().flatten())
            .collect()
    }

    /// The last of these.
    pub(crate) fn root(&self, code: u32) -> u32 {
        self.path(code).last().copied().unwrap_or(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(ranges: &[(u64, u64)]) -> String {
        let line = |(index, (start, end)): (usize, &(u64, u64))| {
            format!(
                "Loop {index} (f;x.py:1-2~#3 X) has address 0x{start:x} to 0x{end:x} (bootstrap 0x{start:x})\n"
            )
        };
        let lines: String = ranges.iter().enumerate().map(line).collect();
        format!("[1] {{jit-backend-addr\n{lines}[2] jit-backend-addr}}\n")
    }

    #[test]
    fn the_last_one_owns_an_address() {
        let text = codes(&[(0x100, 0x200), (0x200, 0x300), (0x180, 0x220), (0x10, 0x20), (0x50, 0x40)]);
        let (log, _) = logs::parse(text.as_bytes(), logs::Radix::Sixteen);
        let mut space = Space::default();
        (0..2).for_each(|index| space.insert(&log.codes[index], index as u32));
        assert_eq!(
            [0xff, 0x100, 0x1ff, 0x200, 0x300].map(|at| space.at(at)),
            [None, Some(0), Some(0), Some(1), None]
        );
        (2..5).for_each(|index| space.insert(&log.codes[index], index as u32));
        assert_eq!(
            [0x100, 0x180, 0x21f, 0x220, 0x10].map(|at| space.at(at)),
            [None, Some(2), Some(2), None, Some(3)]
        );
        assert_eq!(alone(&log.codes)[..4], [false, false, false, true]);
    }

    #[test]
    fn dumps_of_no_trace_are_stubs() {
        let mut text = codes(&[(0x1000, 0x1100)]);
        for (address, bytes) in [(0x500, 20), (0x1000, 20), (0x10f0, 40), (0x2000, 4)] {
            let digits = "90".repeat(bytes);
            text += &format!(
                "[3] {{jit-backend-dump\nCODE_DUMP @{address:x} +0  {digits}\n[3] jit-backend-dump}}\n"
            );
        }
        let (log, _) = logs::parse(text.as_bytes(), logs::Radix::Sixteen);
        let stubs = Stubs::new(&log);
        let held = [0x4ff, 0x500, 0x513, 0x514, 0x1000, 0x1105, 0x2001].map(|address| stubs.hold(address));
        assert_eq!(held, [false, true, true, false, false, false, false]);
    }
}
