//! Small traces built by hand, run on a real machine.

use vm::bootstrap::Config;
use vm::object::function::CellBox;
use vm::object::kind::Kind;
use vm::object::sequence::Tuple;
use vm::object::value::Value;
use vm::vm::{Host, Vm};

use super::*;
use crate::ir::op::OpCode::*;
use crate::ir::op::{OpCode, Ty};
use crate::ir::snapshot::{Resume, Snapshot};
use crate::ir::trace::{Op, Ref, SnapId, Trace};

struct Silent;

impl Host for Silent {
    fn write_stdout(&mut self, _: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
    fn flush_stdout(&mut self) -> std::io::Result<()> {
        Ok(())
    }
    fn write_stderr(&mut self, _: &[u8]) {}
    fn read_line(&mut self) -> std::io::Result<Option<String>> {
        Ok(None)
    }
    fn read_file(&mut self, _: &str) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }
    fn is_dir(&mut self, _: &str) -> bool {
        false
    }
}

/// A machine, a backend and a frame of 16 slots.
struct Bench {
    vm: Box<Vm>,
    backend: Backend,
    runner: Runner,
    frame: Box<[Value; 16]>,
}

impl Bench {
    fn new() -> Bench {
        let mut vm = Box::new(Vm::new(Box::new(Silent), Config::default()));
        let mut frame = Box::new([Value::NULL; 16]);
        let backend = Backend::new().expect("backend");
        let mut runner = backend.runner(&mut vm);
        runner.context().fp = frame.as_mut_ptr();
        Bench { vm, backend, runner, frame }
    }

    fn compile(&mut self, trace: &Trace, is_loop: bool) -> Fragment {
        self.try_compile(trace, is_loop, None).expect("compiles")
    }

    fn try_compile(
        &mut self,
        trace: &Trace,
        is_loop: bool,
        jump: Option<(CodeAddr, Vec<Ty>)>,
    ) -> Result<Fragment, CodegenError> {
        let self_loop = jump.as_ref().map(|(code, _)| *code);
        let loops = |_| jump.clone();
        let entries = |_| self_loop;
        let job = Job {
            is_loop,
            self_loop,
            loops: &loops,
            entries: &entries,
            target: &|_| None,
            follow: Follow::default(),
            stress_guards: false,
            vm: &self.vm,
        };
        self.backend.compile(trace, &job)
    }

    fn enter(&mut self, fragment: &Fragment) -> u64 {
        self.runner.enter_as_is(fragment.code)
    }

    fn at(&mut self, place: Place) -> u64 {
        match place {
            Place::Int(n) => self.runner.context().iregs[n],
            Place::Float(n) => self.runner.context().fregs[n].to_bits(),
            Place::Spill(n) => self.runner.context().spill[n],
        }
    }

    /// Sets the parameters of a fragment: ints as shifted, floats as bits.
    fn pass(&mut self, types: &[Ty], values: &[u64]) {
        for (place, value) in places(types).into_iter().zip(values) {
            match place {
                Place::Int(n) => self.runner.context().iregs[n] = *value,
                Place::Float(n) => self.runner.context().fregs[n] = f64::from_bits(*value),
                Place::Spill(n) => self.runner.context().spill[n] = *value,
            }
        }
    }
}

/// Adds operations.
#[derive(Default)]
struct Build(Trace);

impl Build {
    fn op(&mut self, code: OpCode, args: &[Ref], imm: u64) -> Ref {
        self.0.push(Op::new(code, args, imm))
    }

    fn many(&mut self, code: OpCode, args: &[Ref], imm: u64) -> Ref {
        let args = self.0.pool_args(args);
        self.0.push(Op { code, ty: code.ty(), args, imm, snap: SnapId::NONE })
    }

    /// A guard whose exit keeps these values.
    fn guard(&mut self, code: OpCode, args: &[Ref], imm: u64, live: &[Ref]) -> Ref {
        self.0.keep.extend(live);
        self.0.snapshots.push(Snapshot { frames: Vec::new(), resume: Resume::Execute });
        let snap = SnapId(self.0.snapshots.len() as u32 - 1);
        let mut op = Op::new(code, args, imm);
        op.snap = snap;
        self.0.push(op)
    }
}

const MAX: i64 = (1 << 62) - 1;
const MIN: i64 = -(1 << 62);

fn shifted(n: i64) -> u64 {
    (n << 1) as u64
}

fn plain(word: u64) -> i64 {
    word as i64 >> 1
}

/// `op` on two parameters, or on one and a constant; `None` when its guard left.
fn binary(
    bench: &mut Bench,
    code: OpCode,
    constant: Option<i64>,
) -> impl FnMut(&mut Bench, i64, i64) -> Option<i64> + use<> {
    let mut b = Build::default();
    let (x, y) = (b.0.param(Ty::Int), b.0.param(Ty::Int));
    let y = constant.map_or(y, |k| b.0.int(k));
    let value = if code.flags().guard { b.guard(code, &[x, y], 0, &[]) } else { b.op(code, &[x, y], 0) };
    let word = b.op(BoxInt, &[value], 0);
    b.op(Finish, &[word], 0);
    let fragment = bench.compile(&b.0, false);
    move |bench, x, y| {
        bench.pass(&[Ty::Int, Ty::Int], &[shifted(x), shifted(y)]);
        (bench.enter(&fragment) == FINISHED).then(|| plain(bench.runner.context().result))
    }
}

const SAMPLES: [i64; 19] =
    [0, 1, -1, 2, -2, 3, -3, 7, -7, 8, 10, -10, 1_000_003, -1_000_003, 1 << 40, MAX, MAX - 1, MIN, MIN + 1];

#[test]
fn overflow_leaves() {
    let mut bench = Bench::new();
    type Reference = fn(i128, i128) -> i128;
    let ops: [(OpCode, Reference); 3] =
        [(IntAddOvf, |a, b| a + b), (IntSubOvf, |a, b| a - b), (IntMulOvf, |a, b| a * b)];
    for (code, reference) in ops {
        let mut run = binary(&mut bench, code, None);
        for x in SAMPLES {
            for y in SAMPLES {
                let exact = reference(x as i128, y as i128);
                let fits = (MIN as i128..=MAX as i128).contains(&exact);
                assert_eq!(run(&mut bench, x, y), fits.then_some(exact as i64), "{code:?} {x} {y}");
            }
        }
    }
}

fn floor(x: i64, y: i64) -> (i128, i128) {
    let (x, y) = (x as i128, y as i128);
    let q = x.div_euclid(y);
    let q = if y < 0 && x.rem_euclid(y) != 0 { q - 1 } else { q };
    (q, x - q * y)
}

#[test]
fn division_floors() {
    let mut bench = Bench::new();
    let (mut div, mut rem) = (binary(&mut bench, IntFloorDiv, None), binary(&mut bench, IntMod, None));
    for x in SAMPLES {
        for y in SAMPLES.into_iter().filter(|y| *y != 0 && !(*y == -1 && x == MIN)) {
            let (q, r) = floor(x, y);
            assert_eq!(div(&mut bench, x, y), Some(q as i64), "{x} // {y}");
            assert_eq!(rem(&mut bench, x, y), Some(r as i64), "{x} % {y}");
        }
    }
}

#[test]
fn division_by_constants_floors() {
    let mut bench = Bench::new();
    for y in SAMPLES.into_iter().filter(|y| *y != 0) {
        let mut div = binary(&mut bench, IntFloorDiv, Some(y));
        let mut rem = binary(&mut bench, IntMod, Some(y));
        for x in SAMPLES.into_iter().filter(|x| !(y == -1 && *x == MIN)) {
            let (q, r) = floor(x, y);
            assert_eq!(div(&mut bench, x, 0), Some(q as i64), "{x} // {y}");
            assert_eq!(rem(&mut bench, x, 0), Some(r as i64), "{x} % {y}");
        }
    }
}

#[test]
fn shifts() {
    let mut bench = Bench::new();
    let mut left = binary(&mut bench, IntLshiftOvf, None);
    let mut right = binary(&mut bench, IntRshift, None);
    for x in SAMPLES {
        for count in [0, 1, 5, 61, 62] {
            let exact = (x as i128) << count;
            let fits = (MIN as i128..=MAX as i128).contains(&exact);
            assert_eq!(left(&mut bench, x, count), fits.then_some(exact as i64), "{x} << {count}");
            assert_eq!(right(&mut bench, x, count), Some(x >> count), "{x} >> {count}");
        }
    }
    assert_eq!(left(&mut bench, 1, 64), None);
    assert_eq!(left(&mut bench, 1, -1), None);
}

/// A loop with more parameters than registers: each goes up by one until the first reaches 1000.
fn wide_loop() -> (Trace, Vec<Ty>) {
    let mut b = Build::default();
    let types: Vec<Ty> = [Ty::Int; 8].into_iter().chain([Ty::Float; 10]).collect();
    let params: Vec<Ref> = types.iter().map(|ty| b.0.param(*ty)).collect();
    let end = b.0.int(1000);
    let less = b.op(IntLt, &[params[0], end], 0);
    b.guard(GuardTrue, &[less], 0, &params);
    let (one, one_f) = (b.0.int(1), b.0.float(1.0));
    let mut next = Vec::new();
    for (p, ty) in params.iter().zip(&types) {
        next.push(match ty {
            Ty::Int => b.op(IntAdd, &[*p, one], 0),
            _ => b.op(FloatAdd, &[*p, one_f], 0),
        });
    }
    b.many(JumpSelf, &next, 0);
    (b.0, types)
}

#[test]
fn loops_carry_more_than_registers() {
    let mut bench = Bench::new();
    let (trace, types) = wide_loop();
    let fragment = bench.compile(&trace, true);
    let start: Vec<u64> = (0..18).map(|n| if n < 8 { shifted(n) } else { (n as f64).to_bits() }).collect();
    bench.pass(&types, &start);
    let exit = bench.enter(&fragment);
    let layout = fragment.exits[0].clone();
    assert_eq!((exit, layout.live.len()), (layout.id.0 as u64, 18));
    for (n, (_, ty, place)) in layout.live.iter().enumerate() {
        let expected = 1000 + n as i64;
        let bits = if *ty == Ty::Int { shifted(expected) } else { (expected as f64).to_bits() };
        assert_eq!(bench.at(*place), bits, "value {n}");
    }
}

#[test]
fn bridges_take_over() {
    let mut bench = Bench::new();
    let (trace, types) = wide_loop();
    let body = bench.compile(&trace, true);
    // The bridge sets the counter back once (the second value tells), then finishes with the last float.
    let mut b = Build::default();
    let params: Vec<Ref> = types.iter().map(|ty| b.0.param(*ty)).collect();
    let limit = b.0.int(1500);
    let less = b.op(IntLt, &[params[1], limit], 0);
    b.guard(GuardTrue, &[less], 0, &params);
    let mut args = params.clone();
    args[0] = b.0.int(0);
    b.many(JumpLoop, &args, 0);
    let bridge = bench.try_compile(&b.0, false, Some((body.code, types.clone()))).expect("compiles");
    bench.backend.attach(body.exits[0].id, bridge.code);
    bench.pass(&types, &[0; 18]);
    let exit = bench.enter(&body);
    assert_eq!(exit, bridge.exits[0].id.0 as u64);
    assert_eq!(bench.at(bridge.exits[0].live[1].2), shifted(2000));
    assert_eq!(bench.at(bridge.exits[0].live[17].2), 2000f64.to_bits());
    bench.backend.detach(body.exits[0].id);
    bench.pass(&types, &[0; 18]);
    assert_eq!(bench.enter(&body), body.exits[0].id.0 as u64);
}

#[test]
fn exits_list_what_boxes_hold() {
    let mut bench = Bench::new();
    let mut b = Build::default();
    let (x, f, flag) = (b.0.param(Ty::Int), b.0.param(Ty::Float), b.0.param(Ty::Bool));
    let boxed = b.op(BoxInt, &[x], 0);
    let float = b.op(BoxFloat, &[f], 0);
    let truth = b.op(BoxBool, &[flag], 0);
    let sum = b.op(IntAdd, &[x, x], 0);
    b.guard(GuardAlways, &[], 0, &[boxed, float, truth, sum]);
    b.0.sunk = vec![false; b.0.ops.len()];
    b.0.sunk[float.as_op().expect("an operation")] = true;
    let fragment = bench.compile(&b.0, false);
    bench.pass(&[Ty::Int, Ty::Float, Ty::Bool], &[shifted(21), 2.5f64.to_bits(), 1]);
    bench.enter(&fragment);
    let live = fragment.exits[0].live.clone();
    assert_eq!(live.iter().map(|l| l.0).collect::<Vec<_>>(), [x, flag, sum, f]);
    let found: Vec<u64> = live.iter().map(|l| bench.at(l.2)).collect();
    assert_eq!(found, [shifted(21), 1, shifted(42), 2.5f64.to_bits()]);
}

#[test]
fn objects_are_made_inline() {
    let mut bench = Bench::new();
    let mut b = Build::default();
    let (x, f) = (b.0.param(Ty::Int), b.0.param(Ty::Float));
    let float = b.op(BoxFloat, &[f], 0);
    let int = b.op(BoxInt, &[x], 0);
    let tuple = b.many(NewTuple, &[float, int], 0);
    let cell = b.op(NewCell, &[tuple], 0);
    let list = b.many(NewList, &[cell, int], 0);
    b.op(SlotStore, &[list], 3);
    b.op(Finish, &[cell], 0);
    let fragment = bench.compile(&b.0, false);
    for round in 0..10_000 {
        bench.pass(&[Ty::Int, Ty::Float], &[shifted(round), (round as f64).to_bits()]);
        assert_eq!(bench.enter(&fragment), FINISHED);
        let cell = Value::from_bits(bench.runner.context().result).cast::<CellBox>().expect("a cell");
        let tuple = cell.value.get().cast::<Tuple>().expect("a tuple");
        assert_eq!(tuple.items()[0].as_float(), Some(round as f64));
        assert_eq!(tuple.items()[1].as_small(), Some(round));
        assert!(!bench.frame[3].is_null());
    }
}

#[test]
fn kinds_are_checked() {
    let mut bench = Bench::new();
    let float = bench.vm.float(1.0);
    let values = [Value::NONE, Value::TRUE, Value::FALSE, Value::small(3), float, Value::NULL];
    for kind in [Kind::None, Kind::Bool, Kind::Int, Kind::Float, Kind::List] {
        let mut b = Build::default();
        let x = b.0.param(Ty::Ref);
        b.guard(GuardKind, &[x], kind as u64, &[]);
        b.op(Finish, &[x], 0);
        let fragment = bench.compile(&b.0, false);
        for value in values {
            bench.pass(&[Ty::Ref], &[value.bits()]);
            let stays = bench.enter(&fragment) == FINISHED;
            assert_eq!(stays, !value.is_null() && value.kind() == kind, "{value:?} {kind:?}");
        }
    }
}

/// Compile time and code of a long trace; printed with `--nocapture`.
#[test]
fn long_traces_compile() {
    let mut bench = Bench::new();
    let mut b = Build::default();
    let params: Vec<Ref> = (0..6).map(|_| b.0.param(Ty::Int)).collect();
    let mut last = params.clone();
    for n in 0..70 {
        let (x, y) = (last[n % 6], last[(n + 1) % 6]);
        let sum = b.guard(IntAddOvf, &[x, y], 0, &[]);
        let less = b.op(IntLt, &[sum, params[n % 6]], 0);
        b.guard(GuardFalse, &[less], 0, &[sum]);
        last[n % 6] = sum;
        let keep = b.0.keep.len().saturating_sub(7);
        b.0.keep.drain(..keep);
    }
    b.many(JumpSelf, &last, 0);
    let fragment = bench.compile(&b.0, true);
    let start = std::time::Instant::now();
    let again = bench.compile(&b.0, true);
    let time = start.elapsed();
    assert_eq!(fragment.len, again.len);
    assert_eq!(bench.backend.code_bytes(&again).len(), again.len);
    assert!(again.op_offsets.iter().any(|(op, _)| *op as usize == b.0.ops.len() - 1));
    eprintln!("{} operations: {time:?}, {} bytes", b.0.ops.len(), again.len);
}
