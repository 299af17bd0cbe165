//! The lines PyPy writes, form by form.

use super::{Writer, push_fmt, push_text};
pub use crate::trace::TraceKind;
use std::io::{self, Write};

/// The aligned lines under an address line. Offsets in the trace count from `gc_table`, the start of the block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AddressLines {
    /// The start of the block.
    pub gc_table: u64,
    /// A loop's entry point as a function, a bridge's jump target.
    pub entry: u64,
    /// The first operation.
    pub resops: u64,
    /// The failing guards' code.
    pub failures: u64,
    /// The end of the block.
    pub end: u64,
}

/// A block of machine code, or a patch to one.
#[derive(Clone, Copy, Debug)]
pub struct CodeDump<'a> {
    /// `x86_64`, `aarch64`
    pub backend: &'a str,
    /// The program that ran.
    pub executable: &'a str,
    /// Where the block lies.
    pub address: u64,
    /// Where in the block the bytes start.
    pub offset: u64,
    /// The bytes.
    pub code: &'a [u8],
}

/// `jit-tracing`
impl<W: Write> Writer<W> {
    /// The location of a bytecode that was traced.
    pub fn traced(&mut self, name: impl AsRef<[u8]>) -> io::Result<()> {
        self.put(|line| push_text(line, name.as_ref()))
    }

    /// The trace was given up; `reason` as in `ABORT_TOO_LONG`.
    pub fn aborted(&mut self, reason: &str) -> io::Result<()> {
        self.put_fmt(format_args!("~~~ ABORTING TRACING {reason}"))
    }

    /// `compiled new loop`, `compiled new entry bridge`, `compiled new bridge`
    pub fn compiled(&mut self, what: &str) -> io::Result<()> {
        self.put_fmt(format_args!("compiled new {what}"))
    }
}

/// `jit-log-noopt`, `jit-log-opt-loop`, `jit-log-opt-bridge`
impl<W: Write> Writer<W> {
    /// Header of a recorded trace.
    pub fn traced_header(&mut self, ops: usize) -> io::Result<()> {
        self.put_fmt(format_args!("# Traced loop or bridge with {ops} ops"))
    }

    /// Header of a compiled loop.
    pub fn loop_header(
        &mut self,
        number: i64,
        name: impl AsRef<[u8]>,
        kind: TraceKind,
        ops: usize,
    ) -> io::Result<()> {
        self.put(|line| {
            push_named(line, "# ", number, name.as_ref());
            push_fmt(line, format_args!(" : {} with {ops} ops", kind.words()));
        })
    }

    /// Header of a compiled bridge.
    pub fn bridge_header(&mut self, guard: u64, ops: usize) -> io::Result<()> {
        self.put_fmt(format_args!("# bridge out of Guard 0x{guard:x} with {ops} ops"))
    }

    /// `[p0, i1]`
    pub fn input_args(&mut self, args: &[impl AsRef<str>]) -> io::Result<()> {
        self.put(|line| {
            line.push(b'[');
            push_list(line, args);
            line.push(b']');
        })
    }

    /// An operation, with its code's offset in the block where it has code.
    pub fn op(&mut self, offset: Option<u64>, text: impl AsRef<[u8]>) -> io::Result<()> {
        self.put(|line| {
            if let Some(offset) = offset {
                push_fmt(line, format_args!("+{offset}: "));
            }
            push_text(line, text.as_ref());
        })
    }

    /// The bytecode the following operations come from. Commas of the location become dots, as in PyPy.
    pub fn merge_point(&mut self, depth: u32, call: u32, name: impl AsRef<[u8]>) -> io::Result<()> {
        self.put(|line| {
            push_fmt(line, format_args!("debug_merge_point({depth}, {call}, '"));
            let start = line.len();
            push_text(line, name.as_ref());
            line[start..].iter_mut().filter(|byte| **byte == b',').for_each(|byte| *byte = b'.');
            line.extend_from_slice(b"')");
        })
    }

    /// The last line of a trace.
    pub fn end_of_loop(&mut self, offset: u64) -> io::Result<()> {
        self.put_fmt(format_args!("+{offset}: --end of the loop--"))
    }
}

/// `jit-backend-addr`, `jit-backend-dump`
impl<W: Write> Writer<W> {
    /// Where a loop's code lies.
    pub fn loop_address(
        &mut self,
        number: i64,
        name: impl AsRef<[u8]>,
        range: std::ops::Range<u64>,
        bootstrap: u64,
    ) -> io::Result<()> {
        self.put(|line| {
            push_named(line, "", number, name.as_ref());
            let (start, end) = (range.start, range.end);
            push_fmt(line, format_args!(" has address 0x{start:x} to 0x{end:x} (bootstrap 0x{bootstrap:x})"));
        })
    }

    /// Where a bridge's code lies.
    pub fn bridge_address(&mut self, guard: u64, range: std::ops::Range<u64>) -> io::Result<()> {
        let (start, end) = (range.start, range.end);
        self.put_fmt(format_args!("bridge out of Guard 0x{guard:x} has address 0x{start:x} to 0x{end:x}"))
    }

    /// The parts of a loop's block.
    pub fn loop_address_lines(&mut self, lines: AddressLines) -> io::Result<()> {
        self.address_lines("function", lines)
    }

    /// The parts of a bridge's block.
    pub fn bridge_address_lines(&mut self, lines: AddressLines) -> io::Result<()> {
        self.address_lines("jump target", lines)
    }

    fn address_lines(&mut self, entry: &str, lines: AddressLines) -> io::Result<()> {
        let AddressLines { gc_table, entry: address, resops, failures, end } = lines;
        let rows = [
            ("gc table", gc_table),
            (entry, address),
            ("resops", resops),
            ("failures", failures),
            ("end", end),
        ];
        rows.iter().try_for_each(|(label, address)| self.put_fmt(format_args!("{label:>15}: 0x{address:x}")))
    }

    /// A block of machine code: its three lines.
    pub fn code_dump(&mut self, dump: CodeDump<'_>) -> io::Result<()> {
        self.put_fmt(format_args!("BACKEND {}", dump.backend))?;
        self.put_fmt(format_args!("SYS_EXECUTABLE {}", dump.executable))?;
        self.put(|line| {
            push_fmt(line, format_args!("CODE_DUMP @{:x} +{}  ", dump.address, dump.offset));
            dump.code.iter().for_each(|byte| push_fmt(line, format_args!("{byte:02X}")));
        })
    }
}

/// `jit-backend-counts`, `jit-summary`
impl<W: Write> Writer<W> {
    /// How often a loop was entered.
    pub fn entry_count(&mut self, number: i64, count: u64) -> io::Result<()> {
        self.put_fmt(format_args!("entry {number}:{count}"))
    }

    /// How often a label was passed.
    pub fn label_count(&mut self, token: u64, count: u64) -> io::Result<()> {
        self.put_fmt(format_args!("TargetToken({token}):{count}"))
    }

    /// How often a bridge was taken. The guard is decimal here, and only here.
    pub fn bridge_count(&mut self, guard: u64, count: u64) -> io::Result<()> {
        self.put_fmt(format_args!("bridge {guard}:{count}"))
    }

    /// A phase of the summary: how often, how many seconds.
    pub fn summary_time(&mut self, label: &str, times: u64, seconds: f64) -> io::Result<()> {
        self.put_fmt(format_args!("{label}:      \t{times}\t{seconds:.6}"))
    }

    /// The whole run's seconds.
    pub fn summary_total(&mut self, seconds: f64) -> io::Result<()> {
        self.put_fmt(format_args!("TOTAL:      \t\t{seconds:.6}"))
    }

    /// A number of the summary, `label` without its colon.
    pub fn summary_count(&mut self, label: &str, value: u64) -> io::Result<()> {
        self.put_fmt(format_args!("{:<17}\t{value}", format!("{label}:")))
    }
}

/// `Loop N (NAME)`
fn push_named(line: &mut Vec<u8>, prefix: &str, number: i64, name: &[u8]) {
    push_fmt(line, format_args!("{prefix}Loop {number} ("));
    push_text(line, name);
    line.push(b')');
}

fn push_list(line: &mut Vec<u8>, items: &[impl AsRef<str>]) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            line.extend_from_slice(b", ");
        }
        line.extend_from_slice(item.as_ref().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Selection;

    fn lines(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> Vec<String> {
        let mut writer = Writer::new(Vec::new(), Selection::everything());
        writer.start(0, "x").unwrap();
        write(&mut writer).unwrap();
        let text = String::from_utf8(writer.into_inner()).unwrap();
        text.lines().skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn traces() {
        let written = lines(|w| {
            w.loop_header(12, "f;x.py:1-2~#3 LOAD,FAST", TraceKind::EntryBridge, 66)?;
            w.bridge_header(0x7f97, 3)?;
            w.input_args(&["p0", "i1"])?;
            w.op(Some(280), "i2 = int_add(i1, 1)")?;
            w.merge_point(0, 1, "f;x,y.py:1-2~#3 LOAD_FAST")?;
            w.end_of_loop(608)
        });
        let expected = [
            "# Loop 12 (f;x.py:1-2~#3 LOAD,FAST) : entry bridge with 66 ops",
            "# bridge out of Guard 0x7f97 with 3 ops",
            "[p0, i1]",
            "+280: i2 = int_add(i1, 1)",
            "debug_merge_point(0, 1, 'f;x.y.py:1-2~#3 LOAD_FAST')",
            "+608: --end of the loop--",
        ];
        assert_eq!(written, expected);
    }

    #[test]
    fn addresses_and_code() {
        let rows = AddressLines { gc_table: 0x10, entry: 0x20, resops: 0x30, failures: 0x40, end: 0x50 };
        let code =
            CodeDump { backend: "x86_64", executable: "p", address: 0xff, offset: 0, code: &[0x48, 0xa] };
        let written = lines(|w| {
            w.loop_address(1, "n", 0x30..0x40, 0x20)?;
            w.loop_address_lines(rows)?;
            w.bridge_address(0xab, 0x30..0x40)?;
            w.bridge_address_lines(rows)?;
            w.code_dump(code)
        });
        assert_eq!(written[0], "Loop 1 (n) has address 0x30 to 0x40 (bootstrap 0x20)");
        assert_eq!(written[1..3], ["       gc table: 0x10", "       function: 0x20"]);
        assert_eq!(
            written[3..6],
            ["         resops: 0x30", "       failures: 0x40", "            end: 0x50"]
        );
        assert_eq!(written[6], "bridge out of Guard 0xab has address 0x30 to 0x40");
        assert_eq!(written[8], "    jump target: 0x20");
        assert_eq!(written[12..], ["BACKEND x86_64", "SYS_EXECUTABLE p", "CODE_DUMP @ff +0  480A"]);
    }

    #[test]
    fn counts_and_summary() {
        let written = lines(|w| {
            w.entry_count(-1, 3)?;
            w.label_count(139, 4)?;
            w.bridge_count(140, 5)?;
            w.summary_time("Tracing", 10, 0.008923)?;
            w.summary_total(0.0215906)?;
            w.summary_count("ops", 2381)?;
            w.summary_count("  calls", 109)?;
            w.summary_count("abort: trace too long", 0)
        });
        let expected = [
            "entry -1:3",
            "TargetToken(139):4",
            "bridge 140:5",
            "Tracing:      \t10\t0.008923",
            "TOTAL:      \t\t0.021591",
            "ops:             \t2381",
            "  calls:         \t109",
            "abort: trace too long:\t0",
        ];
        assert_eq!(written, expected);
    }
}
