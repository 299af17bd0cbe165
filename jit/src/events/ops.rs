//! Operations as logs write them.
//!
//! ```text
//! [p0, i1]
//! label(p0, i1, descr=TargetToken(3))
//! debug_merge_point(0, 0, 'f;x.py:1-2~#3 FOR_ITER')
//! +12: i5 = int_add_ovf(i1, 1)
//! guard_no_overflow(descr=<Guard0x7>) [p0, i1]
//! jump(p0, i5, descr=TargetToken(3))
//! +80: --end of the loop--
//! ```
//!
//! In PyPy's words, as the table of operations has them: its tools know no others. What they do not tell is a remark
//! behind the operation, which those tools skip.

use std::fmt::Write;
use std::io;

use logs::write::Writer;
use rustc_hash::FxHashMap;
use vm::interp::residual::Rt;
use vm::object::class::Class;
use vm::object::function::{Function, Native};
use vm::object::value::Value;

use super::place;
use super::words::{Parts, Said, letter, say};
use crate::codegen::{ExitLayout, Fragment};
use crate::ir::field::Field;
use crate::ir::op::{OpCode, Ty};
use crate::ir::print::{Imm, immediate, immediate_text};
use crate::ir::trace::{Const, MergePoint, Op, Ref, Trace};

/// A line of a trace.
enum Line {
    MergePoint { depth: u32, call: u32, name: String },
    Op { offset: Option<u64>, text: String },
}

/// A trace and what is known of its code.
pub struct Listing<'a> {
    trace: &'a Trace,
    exits: FxHashMap<u32, &'a ExitLayout>,
    offsets: FxHashMap<u32, u32>,
    /// Where a jump leads.
    target: Option<u32>,
    lines: Vec<Line>,
}

impl<'a> Listing<'a> {
    /// Lists a trace. `label` is its own label, `target` the one it jumps to.
    pub fn new(
        trace: &'a Trace,
        code: Option<&'a Fragment>,
        label: Option<u32>,
        target: Option<u32>,
    ) -> Listing<'a> {
        let exits = code.into_iter().flat_map(|code| &code.exits).map(|exit| (exit.op, exit)).collect();
        let mut offsets = FxHashMap::default();
        for (op, offset) in code.into_iter().flat_map(|code| &code.op_offsets) {
            offsets.entry(*op).or_insert(*offset);
        }
        let mut listing = Listing { trace, exits, offsets, target, lines: Vec::new() };
        if let Some(label) = label {
            listing.label(label);
        }
        listing.ops();
        listing
    }

    /// How many operations it has, merge points included.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Writes everything behind the header.
    pub fn write<W: io::Write>(&self, writer: &mut Writer<W>) -> io::Result<()> {
        writer.input_args(&self.params())?;
        self.lines.iter().try_for_each(|line| match line {
            Line::MergePoint { depth, call, name } => writer.merge_point(*depth, *call, name),
            Line::Op { offset, text } => writer.op(*offset, text),
        })
    }

    fn params(&self) -> Vec<String> {
        let ops = self.trace.ops.iter().enumerate();
        ops.filter(|(_, op)| op.code == OpCode::Param).map(|(n, op)| name(op.ty, n)).collect()
    }

    fn label(&mut self, token: u32) {
        let mut args = self.params();
        args.push(format!("descr=TargetToken({token})"));
        self.lines.push(Line::Op { offset: None, text: format!("label({})", args.join(", ")) });
    }

    fn ops(&mut self) {
        let mut points = self.trace.merge_points.iter().peekable();
        let mut calls = Calls::default();
        for n in 0..self.trace.ops.len() {
            while let Some((_, point)) = points.next_if(|(at, _)| *at as usize <= n) {
                self.lines.push(calls.line(point));
            }
            let gone = self.trace.sunk.get(n) == Some(&true);
            if !gone && self.trace.ops[n].code != OpCode::Param {
                self.op(n);
            }
        }
    }

    fn op(&mut self, n: usize) {
        let op = &self.trace.ops[n];
        let offset = self.offsets.get(&(n as u32)).map(|offset| u64::from(*offset));
        let exit = self.exits.get(&(n as u32)).copied();
        let guard = exit.filter(|_| op.code.flags().guard && op.ty == Ty::Void);
        let Said { name: word, mut args, remark } = self.said(op);
        args.extend(guard.map(guard_descr));
        let mut text = if op.ty == Ty::Void { String::new() } else { format!("{} = ", name(op.ty, n)) };
        // Writing to a string cannot fail.
        let _ = write!(text, "{word}({})", args.join(", "));
        text.extend(guard.map(|exit| self.fail_args(exit)));
        text.extend(remark.map(|remark| format!(" # {remark}")));
        self.lines.push(Line::Op { offset, text });
        if let Some(exit) = exit.filter(|_| guard.is_none()) {
            let text = format!("guard_no_overflow({}){}", guard_descr(exit), self.fail_args(exit));
            self.lines.push(Line::Op { offset: None, text });
        }
    }

    fn fail_args(&self, exit: &ExitLayout) -> String {
        let live: Vec<String> = exit.live.iter().map(|(r, ..)| self.reference(*r)).collect();
        format!(" [{}]", live.join(", "))
    }

    fn said(&self, op: &Op) -> Said {
        let operands: Vec<(char, String)> =
            self.trace.operands_of(op).iter().map(|r| self.operand(*r)).collect();
        let types = operands.iter().map(|(letter, _)| letter).collect();
        let operands = operands.into_iter().map(|(_, text)| text).collect();
        say(op.code, &Parts { operands, types, imm: imm(op), target: self.target })
    }

    fn operand(&self, r: Ref) -> (char, String) {
        (letter(self.trace.ty(r)), self.reference(r))
    }

    fn reference(&self, r: Ref) -> String {
        match (self.trace.const_of(r), r.as_op()) {
            (Some(constant), _) => constant_text(constant),
            (None, Some(n)) => name(self.trace.ty(r), n),
            _ => "None".to_owned(),
        }
    }
}

/// Where the code of a fragment's failing guards begins: behind the code of its last operation.
pub fn failures(trace: &Trace, code: &Fragment) -> u64 {
    let last = trace.ops.len() as u32 - 1;
    let end = code.op_offsets.iter().find(|(op, _)| *op == last).map_or(0, |(_, offset)| *offset);
    let behind = code.op_offsets.iter().find(|(op, offset)| *op != last && *offset > end);
    behind.map_or(code.len as u64, |(_, offset)| u64::from(*offset))
}

/// Numbers the calls that a trace has inlined.
#[derive(Default)]
struct Calls {
    /// The call of every depth but the first.
    open: Vec<u32>,
    last: u32,
}

impl Calls {
    fn line(&mut self, point: &MergePoint) -> Line {
        self.open.truncate(point.depth as usize);
        while self.open.len() < point.depth as usize {
            self.last += 1;
            self.open.push(self.last);
        }
        let call = self.open.last().copied().unwrap_or(0);
        Line::MergePoint { depth: point.depth, call, name: place::location(point.code, point.ip) }
    }
}

fn guard_descr(exit: &ExitLayout) -> String {
    format!("descr=<Guard0x{:x}>", exit.id.0)
}

/// The immediate, as far as the operation shows it.
fn imm(op: &Op) -> Option<String> {
    match (op.code, immediate(op.code)) {
        (OpCode::CallRt, _) => {
            Some(format!("ConstClass({})", Rt::from_index(op.imm as u8).map_or("?", Rt::name)))
        }
        (OpCode::CallNative, _) => None,
        (OpCode::Count, _) => Some(format!("0x{:x}", op.imm)),
        (_, Imm::Field) => Some(field(Field::from_imm(op.imm))),
        (_, Imm::Kind | Imm::FloatFn) => immediate_text(op).map(|text| format!("ConstClass({text})")),
        _ => immediate_text(op),
    }
}

fn field(field: Field) -> String {
    let letter = if field.ty() == Ty::Int { 'S' } else { 'P' };
    format!("<Field{letter} {} {}>", field.name(), field.offset())
}

fn name(ty: Ty, n: usize) -> String {
    let letter = if ty == Ty::Ref { 'p' } else { letter(ty) };
    format!("{letter}{n}")
}

fn constant_text(constant: Const) -> String {
    match constant {
        Const::Bool(b) => u8::from(b).to_string(),
        Const::Ref(bits) => word_text(Value::from_bits(bits)),
        _ => constant.to_string(),
    }
}

fn word_text(value: Value) -> String {
    if value == Value::NULL {
        return "ConstPtr(null)".to_owned();
    }
    if let Some(n) = value.as_small() {
        return format!("ConstPtr({n})");
    }
    if let Some(class) = value.cast::<Class>() {
        return format!("ConstClass({})", class.get().name.get().text);
    }
    if let Some(native) = value.cast::<Native>() {
        return format!("ConstClass({})", native.get().def.name);
    }
    if let Some(function) = value.cast::<Function>() {
        return format!("ConstPtr({})", function.get().code.name.get().text);
    }
    match value {
        Value::NONE => "ConstPtr(None)".to_owned(),
        Value::TRUE => "ConstPtr(True)".to_owned(),
        Value::FALSE => "ConstPtr(False)".to_owned(),
        _ => format!("ConstPtr(0x{:x})", value.bits()),
    }
}
