//! A trace, operation by operation: where in the program each is from, how often it ran, and what of the time was its.
//!
//! ```text
//! count    counters stand at the entry and at labels; behind a guard that failed n times, n fewer came through
//! ticks    of the trace's own code: as samples of the program counter fell; where there are too few, as often as an
//!          operation ran times the bytes of its code
//!          of functions of the runtime: to the operations that call a function of that name
//! ```

use crate::build::text;
use crate::report::{LoopReport, Place};
use logs::Log;
use logs::op::{Op, TraceLine};
use logs::trace::{Trace, TraceId};
use std::collections::HashMap;

/// Samples of a trace's code below which bytes say more.
const ENOUGH: u64 = 12;

/// A trace, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Anatomy<'a> {
    /// Its index in the log.
    pub trace: u32,
    pub parts: Vec<Part<'a>>,
    /// Bytecodes, in the order of the trace.
    pub points: Vec<Point>,
    /// Do the ticks of its own code rest on samples?
    pub sampled: bool,
    helpers: Vec<String>,
}

/// An operation; merge points are none.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    pub op: Op<'a>,
    /// Index of its bytecode.
    pub point: Option<u32>,
    /// How often it ran.
    pub count: Option<u64>,
    /// Ticks in its own code.
    pub own: f64,
    /// Ticks in the function of the runtime that it calls.
    pub called: f64,
    /// That function, as an index into the anatomy's helpers.
    helper: Option<u16>,
    /// Index among the trace's guards, if it is one.
    pub guard: Option<u32>,
}

impl Part<'_> {
    pub fn ticks(&self) -> f64 {
        self.own + self.called
    }
}

/// A bytecode that was traced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Point {
    pub place: Place,
    /// The bytecode's offset in its function, and its arguments if the log lists them.
    pub offset: u32,
    pub args: String,
    /// 0 in the loop's own function.
    pub depth: u32,
}

/// File, function and line of a code.
type Key<'a> = (&'a [u8], &'a [u8], u32);

/// Bytecodes' arguments, by function and offset.
#[derive(Default)]
pub(crate) struct Listings<'a>(HashMap<Key<'a>, HashMap<u32, &'a [u8]>>);

impl<'a> Listings<'a> {
    pub(crate) fn new(log: &Log<'a>) -> Listings<'a> {
        let args = |listing| log.instructions(listing).map(|row| (row.offset, row.args)).collect();
        let all = log.listings.iter();
        Listings(all.map(|found| ((found.function, found.file, found.first_line), args(found))).collect())
    }

    fn args(&self, location: &logs::location::Location<'_>) -> String {
        let key = (location.function, location.file, location.start_line);
        self.0
            .get(&key)
            .and_then(|rows| rows.get(&location.offset))
            .map_or_else(String::new, |args| text(args))
    }
}

impl<'a> Anatomy<'a> {
    /// Takes a trace apart. `sampled` are offsets in its code, ascending, and the ticks that samples found there.
    pub(crate) fn new(
        log: &Log<'a>,
        index: u32,
        row: &LoopReport,
        sampled: &[(u64, u64)],
        listings: &Listings<'a>,
    ) -> Anatomy<'a> {
        let trace = log.trace(TraceId(index));
        let mut anatomy = Anatomy { trace: index, ..Anatomy::default() };
        anatomy.read(log, trace, listings);
        anatomy.count(log, trace);
        anatomy.divide(row, sampled);
        anatomy
    }

    /// The bytecode that an operation is from.
    pub fn point_of(&self, part: &Part<'_>) -> Option<&Point> {
        self.points.get(part.point? as usize)
    }

    /// What an operation calls, if that has ticks.
    pub fn helper_of(&self, part: &Part<'_>) -> Option<&str> {
        self.helpers.get(usize::from(part.helper?)).map(String::as_str)
    }

    /// The place in the program that an operation is from.
    pub fn place_of(&self, part: &Part<'_>) -> Option<&Place> {
        self.point_of(part).map(|point| &point.place)
    }

    fn read(&mut self, log: &Log<'a>, trace: &Trace<'a>, listings: &Listings<'a>) {
        let mut guards = 0;
        for (_, line) in log.trace_lines(trace.section) {
            let Some(TraceLine::Op(op)) = line else { continue };
            if let Some(point) = op.merge_point() {
                let location = point.location.unwrap_or_default();
                self.points.push(Point {
                    place: crate::build::place(&location),
                    offset: location.offset,
                    args: listings.args(&location),
                    depth: point.depth,
                });
                continue;
            }
            let guard = op.guard().map(|_| {
                guards += 1;
                guards - 1
            });
            let point = (self.points.len() as u32).checked_sub(1);
            self.parts.push(Part { op, point, count: None, own: 0.0, called: 0.0, helper: None, guard });
        }
    }

    fn count(&mut self, log: &Log<'_>, trace: &Trace<'_>) {
        let mut now = trace.count;
        let mut labels = trace.labels.iter();
        for part in &mut self.parts {
            if part.op.name == b"label" {
                now = labels.next().map_or(now, |label| label.count.or(now));
            }
            part.count = now;
            if let (Some(guard), Some(count)) = (part.guard, now) {
                now = Some(count.saturating_sub(left(log, trace, guard)));
            }
        }
    }

    fn divide(&mut self, row: &LoopReport, sampled: &[(u64, u64)]) {
        let own = row.ticks.saturating_sub(row.called_ticks.unwrap_or(0)) as f64;
        self.sampled = sampled.len() as u64 >= ENOUGH || row.called_ticks.is_none();
        let offsets = || self.parts.iter().map(|part| part.op.offset);
        let by_samples = if self.sampled { divided(offsets(), sampled) } else { None };
        let weights = by_samples.unwrap_or_else(|| self.by_bytes());
        let all: f64 = weights.iter().sum();
        // Without helpers of their own, samples of what is called are part of the operations'.
        for (part, weight) in self.parts.iter_mut().zip(&weights) {
            part.own = if all > 0.0 { own * weight / all } else { 0.0 };
        }
        for helper in row.helpers.iter().filter(|helper| helper.name != INTERPRETER) {
            self.call(&helper.name, helper.ticks as f64);
        }
    }

    fn by_bytes(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.parts.len()];
        let mut behind = None;
        for (part, weight) in self.parts.iter().zip(&mut weights).rev() {
            let Some(offset) = part.op.offset else { continue };
            let bytes = behind.map_or(1, |end: u32| end.saturating_sub(offset)).min(400);
            behind = Some(offset);
            *weight = part.count.unwrap_or(1) as f64 * f64::from(bytes);
        }
        weights
    }

    /// Gives ticks of a function of the runtime to the operations that call it, as often as these ran.
    fn call(&mut self, name: &str, ticks: f64) {
        let weight = |part: &Part<'_>, point: Option<&Point>| -> f64 {
            if calls(&part.op, point, name) { part.count.unwrap_or(1).max(1) as f64 } else { 0.0 }
        };
        let mut weights: Vec<f64> = self.parts.iter().map(|part| weight(part, self.point_of(part))).collect();
        if weights.iter().all(|weight| *weight == 0.0) {
            let any = |part: &Part<'_>| if part.op.name.starts_with(b"call") { 1.0 } else { 0.0 };
            weights = self.parts.iter().map(any).collect();
        }
        let all: f64 = weights.iter().sum();
        if all == 0.0 {
            weights.iter_mut().take(1).for_each(|weight| *weight = 1.0);
        }
        let all = if all == 0.0 { 1.0 } else { all };
        let number = self.helpers.len() as u16;
        self.helpers.push(name.to_owned());
        // Helpers come in the order of their ticks, so the first that an operation calls is its main one.
        for (part, weight) in self.parts.iter_mut().zip(weights).filter(|(_, weight)| *weight > 0.0) {
            part.called += ticks * weight / all;
            part.helper.get_or_insert(number);
        }
    }
}

/// The ticks of each operation, by the offsets of their code, if samples met any: each belongs to the last operation that
/// starts before it. What lies before the first is the trace's entry, and goes to that. Operations without code share
/// their offset with the next one that has some.
pub fn divided(offsets: impl Iterator<Item = Option<u32>>, sampled: &[(u64, u64)]) -> Option<Vec<f64>> {
    let mut ticks = Vec::new();
    let mut starts = Vec::new();
    for (index, offset) in offsets.enumerate() {
        ticks.push(0.0);
        starts.extend(offset.map(|offset| (u64::from(offset), index)));
    }
    if sampled.is_empty() || starts.is_empty() {
        return None;
    }
    for &(offset, found) in sampled {
        let at = starts.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
        ticks[starts[at].1] += found as f64;
    }
    Some(ticks)
}

/// How often a guard was left, into a bridge or not.
pub(crate) fn left(log: &Log<'_>, trace: &Trace<'_>, guard: u32) -> u64 {
    trace.guards.get(guard as usize).and_then(|guard| log.failures(guard)).unwrap_or(0)
}

/// What logs call the interpreter where machine code has called it.
pub(crate) const INTERPRETER: &str = "interpreter";

/// Names of runtime operations in traces, and of what they do in the list of helpers, where these differ.
const SAID: &[(&str, &str)] = &[
    ("getattr", "attribute lookup"),
    ("super_method", "super lookup"),
    ("setattr", "attribute store"),
    ("next", "next item"),
    ("make_generator", "new generator"),
    ("construct_plain", "constructor"),
    ("call_method", "method call"),
    ("call_star", "call with stars"),
    ("build_set", "new set"),
    ("build_dict", "new dict"),
    ("build_slice", "new slice"),
    ("store_map", "dict store"),
    ("list_append", "list append"),
    ("set_add", "set add"),
    ("unpack_ex", "unpack with star"),
    ("raise", "new exception"),
    ("raise_plain", "new exception"),
    ("call_exit", "call of __exit__"),
    ("exit_raised", "call of __exit__"),
    ("trace_line", "traceback line"),
    ("unary", "unary operator"),
    ("dict_find", "dict lookup"),
    ("dict_insert", "dict store"),
];

/// Does the operation call what the list of helpers has under this name?
fn calls(op: &Op<'_>, point: Option<&Point>, helper: &str) -> bool {
    let own = op.own_name();
    if helper == "allocation" {
        return own.starts_with(b"new_") || own == b"box_float";
    }
    let named = callee(op);
    let called = std::str::from_utf8(named.unwrap_or(own)).unwrap_or_default();
    if SAID.iter().any(|(said, name)| *said == called && *name == helper) {
        return true;
    }
    let symbol = point.and_then(|point| point.args.split(' ').nth(1)).unwrap_or_default();
    match called {
        "binary" | "binary_plain" => operates(helper, symbol),
        "getitem" | "getitem_plain" => helper.ends_with(" item") || helper == "dict lookup",
        "setitem" => helper.ends_with(" item store") || helper == "dict store",
        "iter" | "iter_plain" => helper.starts_with("iterator of "),
        "truth" => helper.starts_with("truth of "),
        "unpack" => helper.starts_with("unpack "),
        "" => false,
        _ => called == helper || helper.rsplit('.').next() == Some(called),
    }
}

/// Does an operator do what a helper is called?
fn operates(helper: &str, symbol: &str) -> bool {
    let symbol = symbol
        .strip_suffix('=')
        .filter(|rest| !matches!(*rest, "" | "<" | ">" | "=" | "!"))
        .unwrap_or(symbol);
    let said = match helper {
        _ if helper.starts_with("search in ") => "in",
        "string format" => "%",
        "big-int add" => "+",
        "big-int subtract" => "-",
        "big-int multiply" => "*",
        "big-int modulo" => "%",
        "big-int power" => "**",
        "big-int divide" => return symbol.is_empty() || symbol.starts_with('/'),
        "big-int shift" => return symbol.is_empty() || matches!(symbol, "<<" | ">>"),
        "big-int bit operation" => return symbol.is_empty() || matches!(symbol, "&" | "|" | "^"),
        "big-int compare" => {
            return symbol.is_empty() || matches!(symbol, "<" | ">" | "<=" | ">=" | "==" | "!=");
        }
        _ if helper.ends_with(" concat") => "+",
        _ if helper.ends_with(" repeat") => "*",
        _ => return !symbol.is_empty() && helper.contains(&format!(" {symbol} ")),
    };
    symbol.is_empty() || symbol == said
}

/// `append` of `call_r(ConstClass(append), p1, …)`
pub(crate) fn callee<'a>(op: &Op<'a>) -> Option<&'a [u8]> {
    if !op.name.starts_with(b"call") {
        return None;
    }
    let first = op.arguments().next()?;
    first.strip_prefix(b"ConstClass(")?.strip_suffix(b")")
}
