//! Several runs in one file: appended to each other, a child beside its parent, or processes that wrote in turns.
//!
//! The file's outermost sections are told apart by what only another process can do: start anew (the collector's first
//! section, `JIT starting`), give a loop a number that is given already, go on after its own end, or have stamps before
//! all others. Where several blocks of counters say whose label is whose, they overrule the order in the file: a process
//! may write between another one's lines.

use crate::frame::{Frame, SectionId};
use crate::parse::counts;
use crate::parse::header::{Identity, header};
use crate::parse::number;
use crate::section::Section;
use rustc_hash::FxHashSet as HashSet;
use std::ops::Range;

/// The bytes of one run.
pub type Run = Vec<Range<usize>>;

/// An outermost section, with all that lies in it.
#[derive(Default)]
struct Piece {
    range: Range<usize>,
    stamps: (u64, u64),
    process: u16,
    first: Option<First>,
    /// Does `record` say there that what follows is of another process?
    is_recorded: bool,
    /// Was anything compiled in it?
    is_jit: bool,
    /// Minor collections in it.
    minors: usize,
    loops: Vec<u64>,
    /// What counters can count of it.
    counted: HashSet<u64>,
    /// What the counters in it count.
    counters: HashSet<u64>,
}

/// What a process does first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum First {
    Gc,
    Jit,
}

/// Minor collections that a process may make while it sets its collector up.
const SETTING_UP: usize = 8;

/// The runs of a file, in the order of their beginnings; nothing if it holds only one.
pub fn runs(frame: &Frame<'_>) -> Vec<Run> {
    if !may_be_several(frame) {
        return Vec::new();
    }
    let pieces = pieces(frame);
    let owners = by_recorder(&pieces).unwrap_or_else(|| by_their_doing(&pieces));
    let count = owners.iter().max().map_or(0, |last| last + 1);
    if count < 2 {
        return Vec::new();
    }
    let mut runs: Vec<Run> = vec![Vec::new(); count];
    for (piece, owner) in pieces.iter().zip(owners) {
        match runs[owner].last_mut() {
            Some(last) if last.end == piece.range.start => last.end = piece.range.end,
            _ => runs[owner].push(piece.range.clone()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs.sort_by_key(|run| run[0].start);
    runs
}

/// A long log is not read for this, unless its sections give reason to.
fn may_be_several(frame: &Frame<'_>) -> bool {
    const SHORT: usize = 32 << 20;
    if frame.bytes().len() < SHORT {
        return true;
    }
    let (mut summaries, mut set_up, mut recorded) = (0, 0, 0);
    for (_, node) in frame.sections() {
        match node.kind {
            _ if node.process > 0 => return true,
            Some(Section::JitSummary) => summaries += 1,
            Some(Section::GcSetNurserySize) => set_up += 1,
            Some(Section::LoopscopeRecorded) => recorded += 1,
            _ => {}
        }
    }
    // Setting the collector up takes two sections.
    summaries > 1 || set_up > 2 || recorded > 1
}

fn pieces(frame: &Frame<'_>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let blocks = |kind: Option<Section>| kind == Some(Section::JitBackendCounts);
    let several =
        frame.sections().filter(|(id, node)| blocks(node.kind) && frame.text_len(*id) > 0).count() > 1;
    for (id, node) in frame.sections() {
        if node.parent == SectionId::ROOT {
            let (range, stamps) = (node.offset..node.end, (node.start, node.stop));
            pieces.push(Piece { range, stamps, process: node.process, ..Piece::default() });
        }
        let Some(piece) = pieces.last_mut() else { continue };
        if let Some(kind) = node.kind {
            piece.add(frame, id, kind, several);
        }
    }
    // What stands between two belongs to the first.
    for index in 1..pieces.len() {
        pieces[index - 1].range.end = pieces[index].range.start.max(pieces[index - 1].range.start);
    }
    if let Some(last) = pieces.last_mut() {
        last.range.end = frame.bytes().len();
    }
    pieces
}

impl Piece {
    fn add(&mut self, frame: &Frame<'_>, id: SectionId, kind: Section, several: bool) {
        self.is_jit |= matches!(kind, Section::JitTracing | Section::JitBackend | Section::JitLogOptLoop);
        match kind {
            Section::GcHardware | Section::GcSetNurserySize => self.first = Some(First::Gc),
            Section::GcMinor => self.minors += 1,
            Section::LoopscopeMeta => {
                self.is_recorded |= frame.lines(id).any(|line| line.text.starts_with(b"recorder "));
            }
            Section::JitTracing if starts_jit(frame, id) => self.first = Some(First::Jit),
            Section::JitLogOptLoop | Section::JitLogOptBridge => self.trace(frame, id, several),
            Section::JitBackendCounts if several => {
                let found = frame.lines(id).filter_map(|line| counts::count(line.text));
                self.counters.extend(found.filter_map(|(of, _)| match of {
                    counts::Counted::Label(token) => Some(token),
                    counts::Counted::Entry(Identity::Bridge(guard)) => Some(guard),
                    counts::Counted::Entry(Identity::Loop(_)) | counts::Counted::Nth(_) => None,
                }));
            }
            _ => {}
        }
    }

    fn trace(&mut self, frame: &Frame<'_>, id: SectionId, several: bool) {
        let Some(first) = frame.first_line(id) else { return };
        if let Some(rest) = first.text.strip_prefix(b"# Loop ") {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            self.loops.extend(number(&rest[..digits], 10).filter(|_| digits > 0));
        } else if several && let Some(Identity::Bridge(guard)) = header(first.text).map(|header| header.id) {
            self.counted.insert(guard);
        }
        if several {
            let ops = frame.lines(id).filter_map(|line| crate::op::TraceLine::parse(line.text));
            self.counted.extend(ops.filter_map(|line| match line {
                crate::op::TraceLine::Op(op) if op.name == b"label" => op.target_token(),
                _ => None,
            }));
        }
    }
}

fn starts_jit(frame: &Frame<'_>, id: SectionId) -> bool {
    frame.first_line(id).is_some_and(|line| line.text.starts_with(b"JIT starting"))
}

/// What is known of the run that goes on.
#[derive(Default)]
struct Going {
    is_jit: bool,
    minors: usize,
    loops: HashSet<u64>,
    stamps: Option<(u64, u64)>,
    process: u16,
}

/// Whoever recorded processes has put a section before each.
fn by_recorder(pieces: &[Piece]) -> Option<Vec<usize>> {
    let mut number = 0;
    let mut count = |piece: &Piece| {
        number += usize::from(piece.is_recorded);
        number
    };
    let numbers: Vec<usize> = pieces.iter().map(&mut count).collect();
    // What stands before the first belongs to it.
    (number > 0).then(|| numbers.iter().map(|number| number.saturating_sub(1)).collect())
}

fn by_their_doing(pieces: &[Piece]) -> Vec<usize> {
    let (order, is_sure) = by_order(pieces);
    let is_sure = is_sure || are_reruns(pieces, &order);
    by_counters(pieces, &order, is_sure).unwrap_or(order)
}

/// Runs that follow one another; and whether each begins with what only a new process does.
fn by_order(pieces: &[Piece]) -> (Vec<usize>, bool) {
    let mut going = Going::default();
    let (mut number, mut is_sure) = (0, true);
    let mut owners = Vec::new();
    for piece in pieces {
        let is_new = going.is_new(piece);
        if is_new || going.has_ended(piece) {
            is_sure &= is_new;
            number += 1;
            going = Going::default();
        }
        going.take(piece);
        owners.push(number);
    }
    (owners, is_sure)
}

impl Going {
    /// A process has written what it writes last.
    fn has_ended(&self, piece: &Piece) -> bool {
        self.stamps.is_some() && piece.process != self.process
    }

    /// Is it what only another process can have written?
    fn is_new(&self, piece: &Piece) -> bool {
        let Some((first, last)) = self.stamps else { return false };
        let starts = match piece.first {
            Some(First::Jit) => self.is_jit,
            // The collector is set up in several sections, between which it may have run already.
            Some(First::Gc) => self.is_jit || self.minors > SETTING_UP,
            None => false,
        };
        let is_again = piece.loops.iter().any(|number| self.loops.contains(number));
        // A clock that was set back: more than threads of one process differ by.
        let is_earlier = piece.stamps.0 < first && last - piece.stamps.0 > 1 << 32;
        starts || is_again || is_earlier
    }

    fn take(&mut self, piece: &Piece) {
        self.minors += piece.minors;
        self.is_jit |= piece.is_jit;
        self.loops.extend(&piece.loops);
        let (first, last) = self.stamps.unwrap_or(piece.stamps);
        self.stamps = Some((first.min(piece.stamps.0), last.max(piece.stamps.1)));
        self.process = piece.process;
    }
}

/// Is each run a program that ran once more and had the same addresses, as without their randomisation? Then loops have
/// the same numbers, and the later counters know all labels of the run before.
fn are_reruns(pieces: &[Piece], order: &[usize]) -> bool {
    let run = |number: usize| {
        pieces.iter().zip(order).filter(move |(_, owner)| **owner == number).map(|(piece, _)| piece)
    };
    let is_rerun = |number: usize| {
        let loops: HashSet<u64> = run(number).flat_map(|piece| piece.loops.iter().copied()).collect();
        let counters: HashSet<u64> = run(number).flat_map(|piece| piece.counters.iter().copied()).collect();
        let known = |piece: &Piece| {
            piece.counted.is_empty() || piece.counted.iter().any(|token| counters.contains(token))
        };
        run(number - 1).flat_map(|piece| &piece.loops).any(|number| loops.contains(number))
            && run(number - 1).all(known)
    };
    let count = order.iter().max().map_or(0, |last| last + 1);
    // More are not looked at so closely.
    count < 16 && (1..count).all(is_rerun)
}

/// Runs that wrote in turns, by what their counters count; nothing if there are not several blocks of these, or they do
/// not speak against the order.
fn by_counters(pieces: &[Piece], order: &[usize], is_sure: bool) -> Option<Vec<usize>> {
    let blocks: Vec<usize> = (0..pieces.len()).filter(|&index| !pieces[index].counters.is_empty()).collect();
    if blocks.len() < 2 {
        return None;
    }
    let counting = |index: usize| -> Vec<usize> {
        let counts =
            |block: usize| pieces[index].counted.iter().any(|token| pieces[block].counters.contains(token));
        (0..blocks.len()).filter(|&block| blocks[block] > index && counts(blocks[block])).collect()
    };
    // A child counts what its parent had before; the parent ends last.
    let owner = |index: usize| {
        let own = blocks.iter().position(|&block| block == index);
        own.or_else(|| counting(index).last().copied())
    };
    let speaks_against = |index: usize| match counting(index)[..] {
        [] => false,
        [only] => order[blocks[only]] != order[index],
        [.., last] => !is_sure && order[blocks[last]] != order[index],
    };
    if !(0..pieces.len()).any(speaks_against) {
        return None;
    }
    let known: Vec<Option<usize>> = (0..pieces.len()).map(owner).collect();
    let mut last = known.iter().flatten().copied().next()?;
    let mut owners = Vec::new();
    for owner in known {
        last = owner.unwrap_or(last);
        owners.push(last);
    }
    Some(owners)
}
