//! A log, read: sections, traces, machine code, counters, attempts, and what loopscope adds.
//!
//! Everything borrows from the bytes that were read. What can be large is not taken apart until somebody asks:
//! operations, machine code, source text.

mod blocks;

use crate::frame::{Frame, Line, SectionId};
use crate::op::{Op, TraceLine};
use crate::parse::counts::Counted as ParsedCounted;
use crate::profile::Profile;
use crate::trace::{Guard, GuardRef, Identity, Trace, TraceId};
pub(crate) use blocks::Blocks;

/// What a counter counts.
pub type Counted = ParsedCounted;

/// A log.
#[derive(Clone, Debug)]
pub struct Log<'a> {
    /// Sections, events, and their order.
    pub frame: Frame<'a>,
    /// Compiled traces, in the order of compilation.
    pub traces: Vec<Trace<'a>>,
    /// Where machine code lies.
    pub codes: Vec<Code<'a>>,
    /// Machine code, in the order of the file.
    pub dumps: Vec<Dump<'a>>,
    pub(crate) blocks: Blocks,
    /// Counters, as they stand there.
    pub counts: Vec<Count>,
    /// Totals of the run.
    pub summary: Vec<Total<'a>>,
    /// Attempts at tracing.
    pub attempts: Vec<Attempt<'a>>,
    /// What we say about the run.
    pub meta: Meta<'a>,
    /// Source files.
    pub sources: Vec<Source<'a>>,
    /// Bytecode listings.
    pub listings: Vec<Listing<'a>>,
    /// What the instruments saw of the run.
    pub profile: Profile<'a>,
    /// Does the log number its guards in decimal?
    pub decimal_guards: bool,
}

/// A range of machine code with an owner.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// Whose it is. `Loop(-1)` is a helper that belongs to no trace.
    pub id: Identity,
    /// What the log calls it.
    pub name: &'a [u8],
    /// The section that says so.
    pub section: SectionId,
    /// The operations' code.
    pub start: u64,
    /// Its end.
    pub end: u64,
    /// Where a loop is entered from outside.
    pub bootstrap: Option<u64>,
    /// The start of the block: offsets of operations count from here.
    pub block: u64,
    /// The end of the block.
    pub block_end: u64,
    /// The code of failing guards.
    pub failures: Option<u64>,
}

/// A block of machine code, or a patch.
#[derive(Clone, Copy, Debug)]
pub struct Dump<'a> {
    /// Where in the log.
    pub at: usize,
    /// Where in memory.
    pub address: u64,
    /// As hexadecimal digits.
    pub digits: &'a [u8],
}

/// A counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// What it counts.
    pub of: Counted,
    /// How often.
    pub value: u64,
}

/// A line of the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total<'a> {
    /// Before the colon.
    pub label: &'a [u8],
    /// Behind it; two numbers if it is a time.
    pub value: &'a [u8],
}

/// One attempt at tracing.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// Its section.
    pub section: SectionId,
    /// Where it started.
    pub first: &'a [u8],
    /// Where it was last.
    pub last: &'a [u8],
    /// How many bytecodes it saw.
    pub bytecodes: u32,
    /// What came of it.
    pub outcome: Outcome<'a>,
    /// Why it was given up, in words; empty in PyPy's logs.
    pub why: &'a [u8],
    /// `NAME KIND KIND`: the variable whose type changes from one iteration to the next, if that is why.
    pub unstable: &'a [u8],
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// A `loop`, `entry bridge` or `bridge` was compiled.
    Compiled(&'a [u8]),
    /// It was given up, for that reason.
    Aborted(&'a [u8]),
    /// The log does not say.
    #[default]
    Unknown,
}

/// What we say about the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meta<'a> {
    /// Who wrote the log.
    pub version: Option<&'a [u8]>,
    /// Who put it around a log of PyPy's.
    pub recorder: Option<&'a [u8]>,
    /// The process.
    pub pid: Option<u64>,
    /// Ticks per second.
    pub clock_hz: Option<u64>,
    /// What ran.
    pub program: Option<&'a [u8]>,
    /// The machine it ran on.
    pub host: Option<&'a [u8]>,
    /// When it started, in seconds since 1970.
    pub time: Option<u64>,
    /// The stamp at which the run started.
    pub start: Option<u64>,
    /// The stamp at which it ended.
    pub end: Option<u64>,
    /// The program was traced, by `sys.settrace` or `sys.setprofile`, at some time.
    pub traced: bool,
    /// Which events were asked for, `all` or `windows`.
    pub events: Option<&'a [u8]>,
}

/// A source file; [`Log::source_lines`] gives its text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its name.
    pub file: &'a [u8],
    /// Its section.
    pub section: SectionId,
}

/// The bytecode of a code object; [`Log::instructions`] gives the instructions.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// The function.
    pub function: &'a [u8],
    /// Its file.
    pub file: &'a [u8],
    /// Its first line.
    pub first_line: u32,
    /// Its section.
    pub section: SectionId,
    /// Its header's place among the section's lines.
    pub header: u32,
}

/// An instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction<'a> {
    /// Offset in the code object.
    pub offset: u32,
    /// Source line.
    pub line: u32,
    /// Name.
    pub opcode: &'a [u8],
    /// Arguments.
    pub args: &'a [u8],
}

impl<'a> Meta<'a> {
    /// What it says, and what `later` says of the same log.
    pub(crate) fn or(self, later: Meta<'a>) -> Meta<'a> {
        Meta {
            version: later.version.or(self.version),
            recorder: later.recorder.or(self.recorder),
            pid: later.pid.or(self.pid),
            clock_hz: later.clock_hz.or(self.clock_hz),
            program: later.program.or(self.program),
            host: later.host.or(self.host),
            time: later.time.or(self.time),
            start: later.start.or(self.start),
            end: later.end.or(self.end),
            traced: later.traced || self.traced,
            events: later.events.or(self.events),
        }
    }
}

impl<'a> Log<'a> {
    /// How often a guard was left, to the interpreter or into its bridge, if the log says so.
    pub fn failures(&self, guard: &Guard) -> Option<u64> {
        let through = guard.bridge.and_then(|bridge| self.trace(bridge).count);
        match (guard.exits, through) {
            (None, None) => None,
            (out, through) => Some(out.unwrap_or(0).saturating_add(through.unwrap_or(0))),
        }
    }

    /// A log of which nothing was read but where its sections are.
    pub(crate) fn new(frame: Frame<'a>) -> Log<'a> {
        Log {
            frame,
            traces: Vec::new(),
            codes: Vec::new(),
            dumps: Vec::new(),
            blocks: Blocks::default(),
            counts: Vec::new(),
            summary: Vec::new(),
            attempts: Vec::new(),
            meta: Meta::default(),
            sources: Vec::new(),
            listings: Vec::new(),
            profile: Profile::default(),
            decimal_guards: false,
        }
    }

    /// Adds what later sections of the same log say.
    pub(crate) fn append(&mut self, later: Log<'a>) {
        self.traces.extend(later.traces);
        self.codes.extend(later.codes);
        self.dumps.extend(later.dumps);
        self.counts.extend(later.counts);
        self.summary.extend(later.summary);
        self.attempts.extend(later.attempts);
        self.meta = self.meta.or(later.meta);
        self.sources.extend(later.sources);
        self.listings.extend(later.listings);
        self.profile.append(later.profile);
        self.decimal_guards |= later.decimal_guards;
    }

    /// The trace of that index.
    pub fn trace(&self, id: TraceId) -> &Trace<'a> {
        &self.traces[id.index()]
    }

    /// The guard of that index.
    pub fn guard(&self, guard: GuardRef) -> &Guard {
        &self.trace(guard.trace).guards[guard.guard as usize]
    }

    /// The lines of a trace, taken apart; with `None` for what is no line of a trace. A line whose name holds line ends
    /// is one line.
    pub fn trace_lines(
        &self,
        section: SectionId,
    ) -> impl Iterator<Item = (Line<'a>, Option<TraceLine<'a>>)> + use<'a, '_> {
        let lines = self.frame.joined(section, crate::parse::op::is_continued);
        lines.map(|line| (line, TraceLine::parse(line.text)))
    }

    /// The operations of a trace.
    pub fn ops(&self, trace: &Trace<'a>) -> impl Iterator<Item = Op<'a>> + use<'a, '_> {
        self.trace_lines(trace.section).filter_map(|(_, line)| match line {
            Some(TraceLine::Op(op)) => Some(op),
            _ => None,
        })
    }

    /// The lines of a source file.
    pub fn source_lines(&self, source: &Source<'a>) -> impl Iterator<Item = &'a [u8]> + use<'a, '_> {
        let lines = self.frame.lines(source.section).skip(1);
        lines.map(|line| line.text.strip_prefix(b" ").unwrap_or(line.text))
    }

    /// The instructions of a code object.
    pub fn instructions(&self, listing: &Listing<'a>) -> impl Iterator<Item = Instruction<'a>> + use<'a, '_> {
        let lines = self.frame.lines(listing.section).skip(listing.header as usize + 1);
        lines.map_while(|line| {
            let (offset, line, opcode, args) = crate::parse::ours::instruction(line.text)?;
            Some(Instruction { offset, line, opcode, args })
        })
    }

    /// The machine code of a block, patches applied, as it was when its memory was given to something else or the log
    /// ended. Nothing if the log holds none.
    pub fn machine_code(&self, code: &Code<'a>) -> Option<Vec<u8>> {
        self.blocks.machine_code(&self.dumps, code.block, self.frame.section(code.section).offset)
    }

    /// A trace's name: `loop3`, as events call it, or `bridge 0x7f97`, with the guard's number as the log spells it.
    pub fn name(&self, id: Identity) -> String {
        match id {
            Identity::Loop(number) => format!("loop{number}"),
            Identity::Bridge(guard) if self.decimal_guards => format!("bridge {guard}"),
            Identity::Bridge(guard) => format!("bridge 0x{guard:x}"),
        }
    }

    /// A total of the summary.
    pub fn total(&self, label: &str) -> Option<&'a [u8]> {
        self.summary.iter().find(|total| total.label == label.as_bytes()).map(|total| total.value)
    }

    /// The seconds the run took, by the summary.
    pub fn total_seconds(&self) -> Option<f64> {
        std::str::from_utf8(self.total("TOTAL")?).ok()?.parse().ok()
    }
}
