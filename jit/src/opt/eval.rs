//! Runs traces in tests: a machine with a frame, cells and tuples, enough to compare a trace with its optimised form.

use vm::object::kind::Kind;
use vm::object::value::{SMALL_MAX, SMALL_MIN, Value};

use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Const, Op, Ref, SnapId, Trace};

use super::fold::{arithmetic, compare};

/// Any value of a trace.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Val {
    Int(i64),
    /// Bits of a double.
    Float(u64),
    Bool(bool),
    Word(Word),
    Void,
}

/// A Python value.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Word {
    Int(i64),
    Float(u64),
    Bool(bool),
    None,
    Cell(usize),
    Tuple(usize),
}

#[derive(Clone, Default)]
pub struct Machine {
    pub frame: Vec<Option<Word>>,
    pub cells: Vec<Word>,
    pub tuples: Vec<Vec<Word>>,
}

/// How a run of a trace ended.
pub enum Stop {
    /// At a guard: its snapshot.
    Exit(SnapId),
    Jump(Vec<Val>),
    /// It has no end.
    Open,
}

/// Values by operation.
pub type Env = Vec<Val>;

pub fn value(trace: &Trace, env: &Env, r: Ref) -> Val {
    match trace.const_of(r) {
        Some(Const::Int(n)) => Val::Int(n),
        Some(Const::Float(bits)) => Val::Float(bits),
        Some(Const::Bool(b)) => Val::Bool(b),
        Some(Const::Ref(bits)) => Val::Word(constant_word(Value::from_bits(bits))),
        None => env[r.0 as usize],
    }
}

fn constant_word(value: Value) -> Word {
    match (value.as_small(), value.as_bool()) {
        (Some(n), _) => Word::Int(n),
        (_, Some(b)) => Word::Bool(b),
        _ => Word::None,
    }
}

pub fn word(value: Val) -> Word {
    match value {
        Val::Int(n) => Word::Int(n),
        Val::Float(bits) => Word::Float(bits),
        Val::Bool(b) => Word::Bool(b),
        Val::Word(w) => w,
        Val::Void => Word::None,
    }
}

impl Machine {
    pub fn run(&mut self, trace: &Trace, params: &[Val]) -> (Stop, Env) {
        let mut env = Env::new();
        for op in &trace.ops {
            if op.code == OpCode::JumpSelf {
                let args = trace.operands_of(op).iter().map(|r| value(trace, &env, *r)).collect();
                return (Stop::Jump(args), env);
            }
            match self.step(trace, &env, op, params) {
                Some(result) => env.push(result),
                None => return (Stop::Exit(op.snap), env),
            }
        }
        (Stop::Open, env)
    }

    /// `None`: it leaves the trace.
    pub fn step(&mut self, trace: &Trace, env: &Env, op: &Op, params: &[Val]) -> Option<Val> {
        use OpCode::*;
        let args: Vec<Val> = trace.operands_of(op).iter().map(|r| value(trace, env, *r)).collect();
        let void = |passes: bool| passes.then_some(Val::Void);
        match (op.code, args.as_slice()) {
            (NewTuple | NewCell | SetField, _) => self.memory(op, &args),
            (Param, _) => Some(params[op.imm as usize]),
            (SlotLoad, _) => self.frame[op.imm as usize].map(Val::Word),
            (GuardTrue, [c]) => void(*c == Val::Bool(true)),
            (GuardFalse, [c]) => void(*c == Val::Bool(false)),
            (GuardPoll, _) => void(true),
            (GuardInt, [w]) => void(matches!(word(*w), Word::Int(_))),
            (GuardKind, [w]) => void(kind(word(*w)) as u64 == op.imm),
            (BoxInt | BoxFloat | BoxBool, [x]) => Some(Val::Word(word(*x))),
            (UnboxInt, [Val::Word(Word::Int(n))]) => Some(Val::Int(*n)),
            (UnboxFloat, [Val::Word(Word::Float(bits))]) => Some(Val::Float(*bits)),
            (BoolNot, [Val::Bool(b)]) => Some(Val::Bool(!b)),
            (BoolAnd, [Val::Bool(a), Val::Bool(b)]) => Some(Val::Bool(*a && *b)),
            (IntToFloat, [Val::Int(n)]) => Some(Val::Float((*n as f64).to_bits())),
            (IntInvert, [Val::Int(n)]) => Some(Val::Int(!n)),
            (code, [Val::Int(a), Val::Int(b)]) => ints(code, *a, *b),
            (code, [Val::Float(a), Val::Float(b)]) => floats(code, f64::from_bits(*a), f64::from_bits(*b)),
            (FloatNeg, [Val::Float(a)]) => Some(Val::Float((-f64::from_bits(*a)).to_bits())),
            _ => self.memory(op, &args),
        }
    }

    fn memory(&mut self, op: &Op, args: &[Val]) -> Option<Val> {
        match (op.code, args) {
            (OpCode::NewCell, [x]) => {
                self.cells.push(word(*x));
                Some(Val::Word(Word::Cell(self.cells.len() - 1)))
            }
            (OpCode::NewTuple, items) => {
                self.tuples.push(items.iter().map(|x| word(*x)).collect());
                Some(Val::Word(Word::Tuple(self.tuples.len() - 1)))
            }
            (OpCode::TupleGet, [Val::Word(Word::Tuple(t))]) => {
                Some(Val::Word(self.tuples[*t][op.imm as usize]))
            }
            (OpCode::GetField, [Val::Word(Word::Cell(c))]) => Some(Val::Word(self.cells[*c])),
            (OpCode::SetField, [Val::Word(Word::Cell(c)), x]) => {
                self.cells[*c] = word(*x);
                Some(Val::Void)
            }
            _ => panic!("{:?} on {args:?}", op.code),
        }
    }

    /// The frame's slots, changed as a snapshot or the end of a loop says.
    pub fn restore(&mut self, slots: impl Iterator<Item = (u16, Val)>) {
        slots.for_each(|(slot, value)| self.frame[slot as usize] = Some(word(value)));
    }

    /// All that Python code could see from the frame.
    pub fn describe(&self) -> String {
        let slots: Vec<String> = self.frame.iter().flatten().map(|w| self.show(*w, 4)).collect();
        slots.join(" ")
    }

    pub fn show(&self, word: Word, depth: usize) -> String {
        match word {
            Word::Float(bits) if f64::from_bits(bits).is_nan() => "nan".into(),
            Word::Cell(_) | Word::Tuple(_) if depth == 0 => "…".into(),
            Word::Cell(c) => format!("cell({})", self.show(self.cells[c], depth - 1)),
            Word::Tuple(t) => {
                let items: Vec<String> = self.tuples[t].iter().map(|w| self.show(*w, depth - 1)).collect();
                format!("({})", items.join(","))
            }
            other => format!("{other:?}"),
        }
    }
}

fn kind(word: Word) -> Kind {
    match word {
        Word::Int(_) => Kind::Int,
        Word::Float(_) => Kind::Float,
        Word::Bool(_) => Kind::Bool,
        Word::None => Kind::None,
        Word::Cell(_) => Kind::Cell,
        Word::Tuple(_) => Kind::Tuple,
    }
}

fn ints(code: OpCode, a: i64, b: i64) -> Option<Val> {
    if code.ty() == Ty::Bool {
        return compare(code, a, b).map(Val::Bool);
    }
    let exact = arithmetic(code, a, b).filter(|n| (SMALL_MIN..=SMALL_MAX).contains(n));
    assert!(exact.is_some() || code.flags().guard, "{code:?} {a} {b} is not defined");
    exact.map(Val::Int)
}

fn floats(code: OpCode, a: f64, b: f64) -> Option<Val> {
    use OpCode::*;
    let result = match code {
        FloatAdd => a + b,
        FloatSub => a - b,
        FloatMul => a * b,
        FloatDiv => a / b,
        FloatLt => return Some(Val::Bool(a < b)),
        FloatEq => return Some(Val::Bool(a == b)),
        _ => panic!("{code:?}"),
    };
    Some(Val::Float(result.to_bits()))
}
