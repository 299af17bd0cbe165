//! `jit-PID.dump`: machine code with names and times, for `perf inject --jit`.
//! <https://github.com/torvalds/linux/blob/master/tools/perf/Documentation/jitdump-specification.txt>
//!
//! ```text
//! header  magic 'JiTD'  version 1  size 40  machine  0  pid  time  flags
//! record  id 0  size  time │ pid  tid  address  address  length  index │ name 0 │ code
//! ```
//!
//! Times must be perf's. Samples of the same run tell how its clock lies to the log's; without them, where stamps are
//! cycles since the machine started, they are nearly nanoseconds since then once divided by the clock's rate, which is
//! what `perf record -k mono` counts.

use super::Exporter;
use super::perfmap::Symbols;
use crate::perf::extent;
use std::io::{self, Write};

const HEADER: u32 = 40;
/// A record's length without its name and code.
const LOAD: u32 = 16 + 40;
const X86_64: u32 = 62;

pub(super) fn write(exporter: &Exporter<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let pid = exporter.report.pid.and_then(|pid| u32::try_from(pid).ok()).unwrap_or(0);
    let start = exporter.clock_time(exporter.span().0);
    let words = [0x4A69_5444, 1, HEADER, X86_64, 0, pid];
    words.iter().try_for_each(|word| out.write_all(&word.to_le_bytes()))?;
    [start, 0].iter().try_for_each(|word: &u64| out.write_all(&word.to_le_bytes()))?;
    let symbols = Symbols::new(exporter.log);
    for (index, code) in exporter.log.codes.iter().enumerate() {
        let (from, to) = extent(code);
        // Code that the log does not show is there all the same.
        let mut bytes = exporter.log.machine_code(code).unwrap_or_default();
        let size = usize::try_from(to.saturating_sub(from)).unwrap_or(usize::MAX);
        bytes.resize(size.min(LARGEST.max(bytes.len())), 0x90);
        let made = exporter.clock_time(exporter.log.frame.section(code.section).start);
        let load =
            Load { pid, address: from, index: index as u64, time: made, name: symbols.name(index as u32) };
        load.write(&bytes, out)?;
    }
    Ok(())
}

/// No trace is that long; what claims to be is a damaged log.
const LARGEST: usize = 1 << 20;

struct Load {
    pid: u32,
    address: u64,
    index: u64,
    time: u64,
    name: String,
}

impl Load {
    fn write(&self, code: &[u8], out: &mut dyn Write) -> io::Result<()> {
        let size = LOAD + self.name.len() as u32 + 1 + code.len() as u32;
        out.write_all(&0u32.to_le_bytes())?;
        out.write_all(&size.to_le_bytes())?;
        out.write_all(&self.time.to_le_bytes())?;
        out.write_all(&self.pid.to_le_bytes())?;
        out.write_all(&self.pid.to_le_bytes())?;
        let words = [self.address, self.address, code.len() as u64, self.index];
        words.iter().try_for_each(|word| out.write_all(&word.to_le_bytes()))?;
        out.write_all(self.name.as_bytes())?;
        out.write_all(&[0])?;
        out.write_all(code)
    }
}
