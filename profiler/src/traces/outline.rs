//! A trace as it is compared: bytecodes, and the operations that come from each.

use super::kind::Kind;
use super::operand::{Operand, is_variable};
use crate::build::place;
use crate::report::Place;
use logs::Log;
use logs::op::{MergePoint, Op};
use logs::trace::Trace;
use rustc_hash::FxHasher;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// A trace.
#[derive(Default)]
pub(super) struct Outline {
    /// The first one stands for what comes before all bytecodes.
    pub points: Vec<Point>,
    pub ops: Vec<Item>,
}

/// A bytecode.
#[derive(Clone, Default)]
pub(super) struct Point {
    pub keys: [u64; 2],
    /// 0 in the trace's own function.
    pub depth: u32,
    pub place: Option<Place>,
    /// The place as the log has it.
    pub text: String,
    /// Its first operation.
    pub first: usize,
}

/// An operation.
pub(super) struct Item {
    pub keys: [u64; 3],
    pub kind: Kind,
    /// Index among the trace's operations, bytecodes included.
    pub op: u32,
    pub text: String,
    pub result: Option<Vec<u8>>,
    pub operands: Vec<Operand>,
    pub point: usize,
    /// Index among the trace's guards.
    pub guard: Option<u32>,
    /// Does it call a loop, which goes on where the trace is?
    pub calls_loop: bool,
}

/// How an operation is shown.
pub type Words<'w> = &'w dyn Fn(&Op<'_>) -> String;

impl Outline {
    /// Takes a trace apart.
    pub fn of(log: &Log<'_>, trace: &Trace<'_>, words: Words<'_>) -> Outline {
        let mut outline = Outline { points: vec![Point::default()], ops: Vec::new() };
        let guards: HashMap<u32, u32> = trace.guards.iter().map(|guard| guard.op).zip(0..).collect();
        // What defines a variable, for the keys of those who use it.
        let mut made = HashMap::<Vec<u8>, u64>::new();
        for (op, number) in log.ops(trace).zip(0..) {
            if let Some(at) = op.merge_point() {
                outline.points.push(point(&at, outline.ops.len()));
            }
            let Some(kind) = Kind::of(&op) else { continue };
            let guard = guards.get(&number).copied();
            let mut item = item(&op, kind, &made);
            if let Some(result) = &item.result {
                made.insert(result.clone(), item.keys[2]);
            }
            (item.op, item.guard, item.point) = (number, guard, outline.points.len() - 1);
            item.text = words(&op);
            outline.ops.push(item);
        }
        outline
    }

    /// The operations that come from bytecodes of that range.
    pub fn ops_of(&self, points: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let first = |point: usize| self.points.get(point).map_or(self.ops.len(), |point| point.first);
        first(points.start)..first(points.end)
    }
}

/// The same bytecode of the same function: by its offset, else, since editing moves bytecodes, by its name.
fn point(at: &MergePoint<'_>, first: usize) -> Point {
    let text = String::from_utf8_lossy(at.name).into_owned();
    let keys = match &at.location {
        Some(it) => {
            [hash(&(at.depth, it.function, it.opcode, it.offset)), hash(&(at.depth, it.function, it.opcode))]
        }
        None => [hash(&(at.depth, at.name)); 2],
    };
    Point { keys, depth: at.depth, place: at.location.as_ref().map(place), text, first }
}

/// The same operation on what the same operations made; the same operation; one that differs in a number.
fn item(op: &Op<'_>, kind: Kind, made: &HashMap<Vec<u8>, u64>) -> Item {
    let name = op.own_name();
    let arguments: Vec<Operand> = op.arguments().map(Operand::of).collect();
    let descr = op.descr.map(Operand::of_descr).unwrap_or_default();
    // What is called is part of what is done.
    let called = arguments.first().filter(|first| first.variable().is_none() && op.name.starts_with(b"call"));
    let called = called.map(|first| &first.form[..]).unwrap_or_default();
    let from = |operand: &Operand| {
        let by = operand.variable().and_then(|name| made.get(name)).copied();
        hash(&(&operand.form, by))
    };
    let shape: Vec<u64> =
        if kind == Kind::Control { Vec::new() } else { arguments.iter().map(from).collect() };
    let without_digits =
        |text: &[u8]| -> Vec<u8> { text.iter().copied().filter(|byte| !byte.is_ascii_digit()).collect() };
    let keys = [
        hash(&(name, &descr.form, called, &shape)),
        hash(&(name, &descr.form, called, arguments.len())),
        hash(&(name, without_digits(&descr.form), called)),
    ];
    let mut operands = arguments;
    if kind != Kind::Guard && kind != Kind::Control {
        operands.push(descr);
    }
    let result = op.result.filter(|name| is_variable(name)).map(<[u8]>::to_vec);
    let calls_loop = op.name.starts_with(b"call_assembler");
    Item { keys, kind, op: 0, text: String::new(), result, operands, point: 0, guard: None, calls_loop }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}
