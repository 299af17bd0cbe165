//! Random recorded iterations: optimised or not, they must do the same.
//!
//! The generator runs what it generates, as the recorder does, so each guard holds in the first iteration. Every value
//! is named by a last snapshot, so that nothing is dead.

use vm::object::kind::Kind;

use crate::ir::field::Field;
use crate::ir::op::{OpCode, Ty};
use crate::ir::parse::place;
use crate::ir::snapshot::{Resume, SnapFrame, Snapshot};
use crate::ir::trace::{Op, Ref, SnapId, Trace};

use super::eval::{Env, Machine, Stop, Val, Word, value, word};
use super::{Config, LoopEnd, LoopTraces, OptAbort, PASSES, ParamSource, optimise_loop};

const SLOTS: usize = 8;
const ITERATIONS: usize = 6;

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

struct Generator {
    random: Random,
    trace: Trace,
    machine: Machine,
    env: Env,
    slots: Vec<(u16, Ref)>,
}

const INTS: &[i64] = &[-3, -1, 0, 1, 2, 7, 8, 255, 1 << 40, (1 << 62) - 2];
const FLOATS: &[f64] = &[-0.0, 0.0, 1.0, -1.0, 0.5, 3.0, f64::INFINITY];

fn machine(random: &mut Random) -> Machine {
    let mut machine = Machine { cells: vec![Word::Int(5), Word::None], ..Machine::default() };
    for slot in 0..SLOTS {
        machine.frame.push(Some(match slot {
            0..4 => Word::Int(random.of(INTS)),
            4..6 => Word::Float(random.of(FLOATS).to_bits()),
            _ => Word::Cell(random.below(2)),
        }));
    }
    machine
}

impl Generator {
    fn new(seed: u64) -> Generator {
        let mut random = Random(seed * 0x9e37_79b9 + 88_172_645);
        let machine = machine(&mut random);
        let mut g =
            Generator { random, trace: Trace::default(), machine, env: Vec::new(), slots: Vec::new() };
        for slot in 0..SLOTS {
            g.load(slot);
        }
        g
    }

    fn load(&mut self, slot: usize) {
        let r = self.push(OpCode::SlotLoad, &[], slot as u64).expect("a slot");
        let (guard, imm, unbox) = match slot {
            0..4 => (OpCode::GuardInt, 0, Some(OpCode::UnboxInt)),
            4..6 => (OpCode::GuardKind, Kind::Float as u64, Some(OpCode::UnboxFloat)),
            _ => (OpCode::GuardKind, Kind::Cell as u64, None),
        };
        // Slots hold what they held at first, unless a store has changed it: then this guard fails in a later iteration.
        self.push(guard, &[r], imm);
        unbox.map(|code| self.push(code, &[r], 0));
    }

    /// Appends an operation unless it would leave the trace.
    fn push(&mut self, code: OpCode, args: &[Ref], imm: u64) -> Option<Ref> {
        let mut op = Op::new(code, &[], imm);
        if code.operands() == "*" {
            op.args = self.trace.pool_args(args);
        } else {
            op.args[..args.len()].copy_from_slice(args);
        }
        let result = self.machine.step(&self.trace, &self.env, &op, &[])?;
        if code.flags().guard {
            op.snap = self.snapshot();
        }
        self.env.push(result);
        Some(self.trace.push(op))
    }

    fn snapshot(&mut self) -> SnapId {
        let ip = self.trace.snapshots.len() as u32;
        let frame = frame(ip, self.slots.clone());
        self.trace.snapshots.push(Snapshot { frames: vec![frame], resume: Resume::Execute });
        SnapId(ip)
    }

    fn pick(&mut self, ty: Ty) -> Ref {
        let all: Vec<Ref> =
            (0..self.trace.ops.len()).map(Ref::op).filter(|r| self.trace.ty(*r) == ty).collect();
        match (ty, self.random.below(4)) {
            (Ty::Int, 0) => {
                let n = self.random.of(INTS);
                self.trace.int(n)
            }
            (Ty::Float, 0) => {
                let f = self.random.of(FLOATS);
                self.trace.float(f)
            }
            _ if all.is_empty() => self.trace.boolean(true),
            _ => self.random.of(&all),
        }
    }

    fn cell(&mut self) -> Ref {
        let is_cell = |v: &Val| matches!(v, Val::Word(Word::Cell(_)));
        let all: Vec<usize> = (0..self.env.len()).filter(|n| is_cell(&self.env[*n])).collect();
        Ref::op(self.random.of(&all))
    }

    fn step(&mut self) {
        use OpCode::*;
        const ARITHMETIC: &[OpCode] = &[IntAddOvf, IntSubOvf, IntMulOvf, IntAnd, IntOr, IntXor];
        const COMPARISONS: &[OpCode] = &[IntLt, IntLe, IntGt, IntGe, IntEq, IntNe, UintLt];
        const FLOAT: &[OpCode] = &[FloatAdd, FloatSub, FloatMul, FloatLt, FloatEq];
        let (a, b) = (self.pick(Ty::Int), self.pick(Ty::Int));
        match self.random.below(14) {
            0..4 => {
                self.random_binary(ARITHMETIC, a, b);
            }
            4 => self.modulo(a),
            5 | 6 => self.compare_and_guard(COMPARISONS, a, b),
            7 => {
                let (a, b) = (self.pick(Ty::Float), self.pick(Ty::Float));
                self.random_binary(FLOAT, a, b);
            }
            8 => {
                self.push(IntToFloat, &[a], 0);
            }
            9 => self.store_cell(),
            10 => self.load_cell(),
            11 => self.make_object(),
            _ => self.set_slot(),
        }
    }

    fn random_binary(&mut self, codes: &[OpCode], a: Ref, b: Ref) -> Option<Ref> {
        let code = self.random.of(codes);
        self.push(code, &[a, b], 0)
    }

    fn modulo(&mut self, a: Ref) {
        let divisor = self.random.of(&[1, 2, 7, 8, 1000, -5]);
        let (divisor, code) =
            (self.trace.int(divisor), self.random.of(&[OpCode::IntMod, OpCode::IntFloorDiv]));
        self.push(code, &[a, divisor], 0);
    }

    fn compare_and_guard(&mut self, codes: &[OpCode], a: Ref, b: Ref) {
        let Some(c) = self.random_binary(codes, a, b) else { return };
        let c = if self.random.below(3) == 0 { self.push(OpCode::BoolNot, &[c], 0).unwrap_or(c) } else { c };
        let holds = value(&self.trace, &self.env, c) == Val::Bool(true);
        self.push(if holds { OpCode::GuardTrue } else { OpCode::GuardFalse }, &[c], 0);
    }

    fn boxed(&mut self) -> Ref {
        let (ty, code) = self.random.of(&[(Ty::Int, OpCode::BoxInt), (Ty::Float, OpCode::BoxFloat)]);
        let inner = self.pick(ty);
        self.push(code, &[inner], 0).expect("a box")
    }

    fn store_cell(&mut self) {
        let (cell, content) = (self.cell(), self.boxed());
        self.push(OpCode::SetField, &[cell, content], Field::CellValue as u64);
    }

    fn load_cell(&mut self) {
        let cell = self.cell();
        let Some(r) = self.push(OpCode::GetField, &[cell], Field::CellValue as u64) else { return };
        if let Val::Word(Word::Int(_)) = self.env[r.0 as usize] {
            self.push(OpCode::GuardInt, &[r], 0);
            self.push(OpCode::UnboxInt, &[r], 0);
        }
    }

    fn make_object(&mut self) {
        let (a, b) = (self.boxed(), self.pick(Ty::Ref));
        if self.random.below(2) == 0 {
            self.push(OpCode::NewCell, &[a], 0);
        } else if let Some(t) = self.push(OpCode::NewTuple, &[a, b], 0) {
            self.push(OpCode::TupleGet, &[t], 1);
        }
    }

    fn set_slot(&mut self) {
        let slot = self.random.below(SLOTS) as u16;
        let value = match (slot, self.random.below(8)) {
            (0..4, 1..) => self.pick(Ty::Int),
            (4..6, 1..) => self.pick(Ty::Float),
            (6.., 1..) => self.cell(),
            _ => self.pick(Ty::Ref),
        };
        self.slots.retain(|(s, _)| *s != slot);
        self.slots.push((slot, value));
    }

    /// Adds a guard that names everything.
    fn finish(mut self) -> (Trace, LoopEnd) {
        let all = (0..self.trace.ops.len()).map(Ref::op).filter(|r| self.trace.ty(*r) != Ty::Void);
        let inner = frame(0, all.enumerate().map(|(n, r)| (n as u16, r)).collect());
        let poll = self.push(OpCode::GuardPoll, &[], 0).expect("a guard");
        let snap = self.trace.ops[poll.0 as usize].snap;
        self.trace.snapshots[snap.0 as usize].frames.push(inner);
        (self.trace, LoopEnd { slots: self.slots })
    }
}

fn frame(ip: u32, slots: Vec<(u16, Ref)>) -> SnapFrame {
    let (code, globals) = place();
    SnapFrame {
        code,
        globals,
        ip,
        sp: -1,
        exc: 0,
        ret: vm::interp::frame::Ret::Push,
        generator: Ref::NONE,
        slots,
    }
}

/// Where a run ends, and everything that can be seen there.
fn exit(machine: &mut Machine, trace: &Trace, env: &Env, snap: SnapId) -> String {
    let frames = &trace.snapshots[snap.0 as usize].frames;
    machine.restore(frames[0].slots.iter().map(|(slot, r)| (*slot, value(trace, env, *r))));
    format!("{} {}", frames[0].ip, machine.describe())
}

fn interpret(machine: &mut Machine, raw: &Trace, end: &LoopEnd) -> String {
    for _ in 0..ITERATIONS {
        match machine.run(raw, &[]) {
            (Stop::Exit(snap), env) => return exit(machine, raw, &env, snap),
            (_, env) => machine.restore(end.slots.iter().map(|(slot, r)| (*slot, value(raw, &env, *r)))),
        }
    }
    machine.describe()
}

fn execute(machine: &mut Machine, traces: &LoopTraces) -> String {
    let (mut trace, mut params) = (&traces.entry, Vec::new());
    for _ in 0..ITERATIONS {
        match machine.run(trace, &params) {
            (Stop::Exit(snap), env) => return exit(machine, trace, &env, snap),
            (Stop::Jump(args), env) => {
                see_all(machine, trace, &env);
                (trace, params) = (&traces.body, args);
            }
            (Stop::Open, _) => panic!("a loop ends with a jump"),
        }
    }
    let slots = traces.params.iter().zip(&params).filter_map(|(source, value)| match source {
        ParamSource::Slot(slot) => Some((*slot, *value)),
        ParamSource::Invariant => None,
    });
    machine.restore(slots);
    machine.describe()
}

/// The last guard names everything: all of it can be shown.
fn see_all(machine: &Machine, trace: &Trace, env: &Env) {
    for r in trace.snapshots.iter().flat_map(|s| s.refs()) {
        machine.show(word(value(trace, env, r)), 4);
    }
}

fn check(seed: u64, config: Config) -> bool {
    let mut generator = Generator::new(seed);
    let mut start = Random(seed * 0x9e37_79b9 + 88_172_645);
    let start = machine(&mut start);
    let length = 4 + generator.random.below(24);
    (0..length).for_each(|_| generator.step());
    let (raw, end) = generator.finish();
    let traces = match optimise_loop(&raw, &end, &config) {
        Ok(traces) => traces,
        Err(OptAbort::TypeUnstable { .. }) => return false,
        Err(abort) => panic!("seed {seed}: {abort:?}\n{raw}"),
    };
    let (mut a, mut b) = (start.clone(), start);
    let (expected, found) = (interpret(&mut a, &raw, &end), execute(&mut b, &traces));
    let cells = |m: &Machine| [m.show(Word::Cell(0), 4), m.show(Word::Cell(1), 4)];
    let same = expected == found && cells(&a) == cells(&b);
    let what = || format!("{:?}\n{raw}\nentry\n{}\nbody\n{}", end, traces.entry, traces.body);
    assert!(same, "seed {seed}\n{expected}\n{found}\n{:?}\n{:?}\n{}", cells(&a), cells(&b), what());
    true
}

#[test]
fn optimised_loops_do_the_same() {
    let compiled = (1..3000).filter(|seed| check(*seed, Config::all())).count();
    assert!(compiled > 500, "only {compiled} loops were compiled");
}

#[test]
fn each_pass_alone_and_all_but_each() {
    for pass in PASSES {
        let alone = Config::parse(pass.name).expect("a pass");
        let without = Config::parse(&format!("-{}", pass.name)).expect("a pass");
        (1..400).for_each(|seed| {
            check(seed, alone);
            check(seed, without);
        });
    }
    for seed in 1..400 {
        check(seed, Config::none());
    }
}

/// A long trace of the usual mixture; the time is printed, and only what looks like hanging fails.
#[test]
fn optimising_comes_to_an_end() {
    let mut generator = Generator::new(77);
    while generator.trace.ops.len() < 200 {
        generator.step();
    }
    let (raw, end) = generator.finish();
    let traces: Vec<Trace> = (0..20).map(|_| raw.clone()).collect();
    let start = std::time::Instant::now();
    for raw in traces {
        drop(optimise_loop(&raw, &end, &Config::all()));
    }
    let all = start.elapsed();
    println!("{} operations: {:?}", raw.ops.len(), all / 20);
    assert!(all.as_secs() < 120);
}
