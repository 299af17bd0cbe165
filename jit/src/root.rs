//! Recording and compiling a root: a loop from its header, or a function from its first instruction.

use std::rc::Rc;
use std::sync::atomic::AtomicU8;

use vm::interp::run::{Outcome, run};
use vm::object::dict::times_broken;
use vm::object::function::Code;
use vm::vm::Vm;

use crate::abort::Abort;
use crate::codegen::{CodeAddr, Fragment, Job};
use crate::engine::{After, Engine, has_own_globals};
use crate::events::Kind;
use crate::evidence;
use crate::ir::op::{OpCode, Ty};
use crate::ir::trace::{Op, Trace};
use crate::mode::Mode;
use crate::opt::{AliasSet, LoopEnd, LoopTraces, OptAbort, optimise_linear, optimise_loop};
use crate::record::{End, Recorder, Surroundings, fits_snapshots, local_count, yields_in_loop};
use crate::sample::{Phase, during};
use crate::store::{LoopInfo, Root, Trial};

/// Memory that a trace, its code and what was made on the way take: it is not the program's.
const TRACE_MEMORY: usize = 64 << 10;

impl Surroundings for Engine {
    fn is_given_up(&self, target: *const u8, mode: Mode) -> bool {
        self.counters_of(mode).is_dead(target)
    }

    fn loop_at(&self, target: *const u8, depth: i32, mode: Mode) -> Option<u64> {
        let store = self.store.borrow();
        let first = store.versions_at(target, depth, mode).next();
        first.map(|root| root as u64)
    }
}

/// What a recording run came back with.
pub(crate) struct Recorded<'a> {
    pub recorder: Recorder<'a>,
    pub end: End,
    /// What the engine does next; anything but `Continue` if the frames were left.
    pub after: After,
}

impl Engine {
    /// Runs the recorder until the trace ends.
    pub(crate) fn run_recorder<'a>(
        &self,
        vm: &mut Vm,
        mut recorder: Recorder<'a>,
        depth: usize,
    ) -> Recorded<'a> {
        // Code that runs inside of a call may take the flag down.
        let before = times_broken();
        let (end, after) = match run(vm, &mut recorder, depth) {
            Outcome::Exit(end) => (end, After::Continue),
            Outcome::Done(value) => (End::Abort(Abort::LeftFrame), After::Return(value)),
            Outcome::Raised(raise) => (End::Abort(Abort::Exception), After::Raise(raise)),
        };
        let broken = times_broken() != before;
        let end = if broken && !matches!(end, End::Abort(_)) { End::Abort(Abort::Invalidated) } else { end };
        Recorded { recorder, end, after }
    }

    pub(crate) fn record_root(
        &self,
        vm: &mut Vm,
        place: *const u8,
        is_function: bool,
        depth: usize,
    ) -> After {
        self.check_assumptions();
        let frame = vm.frames[vm.frames.len() - 1];
        let mode = Mode::now(vm);
        if !has_own_globals(&frame) || !fits_snapshots(frame.code) {
            self.give_up(place, mode);
            return After::Continue;
        }
        let _mark = during(Phase::Tracing);
        let invalid = Box::new(AtomicU8::new(0));
        let flag = &raw const *invalid as u64;
        let base = vm.frames.len() - 1;
        self.events.borrow_mut().tracing_starts();
        let mut recorder = Recorder::new(vm, base, place, is_function, &self.options, self, flag);
        recorder.mode = mode;
        let recorded = self.run_recorder(vm, recorder, depth);
        self.events.borrow_mut().tracing_ends(&recorded.recorder.trace);
        self.registry.recorded(&recorded.recorder.trace);
        self.prefer_inner(recorded.end, &recorded.recorder);
        let result = self.compile_root(vm, recorded.recorder, recorded.end, place, is_function, invalid);
        if let Err(reason) = result {
            self.log_abort(reason);
            let has_code = !self.store.borrow().versions(place, mode).is_empty();
            if !has_code && (reason == Abort::InnerLoop || !self.give_up(place, mode)) {
                self.counters_of(mode).reset(place, self.penalty(place));
            }
        }
        self.events.borrow_mut().attempt_ends(vm);
        recorded.after
    }

    /// A trace that ran round in a loop inside: that loop is recorded as soon as it comes round again.
    pub(crate) fn prefer_inner(&self, end: End, recorder: &Recorder<'_>) {
        if end == End::Abort(Abort::InnerLoop)
            && let Some(header) = recorder.passed.last()
        {
            self.counters_of(recorder.mode).reset(*header, 1);
        }
    }

    fn compile_root(
        &self,
        vm: &Vm,
        mut recorder: Recorder<'_>,
        end: End,
        place: *const u8,
        is_function: bool,
        invalid: Box<AtomicU8>,
    ) -> Result<(), Abort> {
        let (depth, mode) = (recorder.header_depth, recorder.mode);
        match end {
            End::Closed => {
                let slots = recorder.dirty_slots();
                recorder.show_frame();
                let (raw, deps) = (recorder.trace, recorder.deps);
                let end = LoopEnd { slots };
                let mut failed = None;
                let optimised = self.optimise(|config| {
                    optimise_loop(&raw, &end, config).inspect_err(|abort| failed = Some(*abort))
                });
                if let Some(OptAbort::TypeUnstable { op }) = failed.filter(|_| self.is_watched) {
                    let unstable = evidence::unstable(&raw, op, &end.slots);
                    self.events.borrow_mut().unstable(unstable.as_deref());
                }
                let traces = optimised?;
                let root = self.compile_loop(vm, traces, (place, is_function, depth, mode), invalid)?;
                self.store.borrow_mut().add_dependencies(&deps, root);
                self.publish(root);
                return Ok(());
            }
            End::Reached(root) => {
                recorder.flush_dirty();
                recorder.trace.push(Op::new(OpCode::JumpEntry, &[], root));
            }
            End::Return(value) => {
                recorder.show_frame();
                recorder.trace.push(Op::new(OpCode::Finish, &[value], 0));
            }
            End::Exit => return Err(Abort::LeftFrame),
            End::Abort(reason) => return Err(reason),
        }
        let (raw, deps) = (recorder.trace, recorder.deps);
        let trace = self.optimise(|config| optimise_linear(raw, config))?;
        let root = self.compile_linear(vm, trace, (place, is_function, depth, mode), invalid)?;
        self.store.borrow_mut().add_dependencies(&deps, root);
        self.publish(root);
        Ok(())
    }

    pub(crate) fn optimise<T>(
        &self,
        run: impl FnOnce(&crate::opt::Config) -> Result<T, OptAbort>,
    ) -> Result<T, Abort> {
        let _mark = during(Phase::Optimize);
        self.events.borrow_mut().optimize_starts();
        let result = run(&self.config);
        self.events.borrow_mut().optimize_ends();
        result.map_err(|abort| match abort {
            OptAbort::TypeUnstable { .. } => Abort::TypeUnstable,
            OptAbort::AlwaysFails { .. } => Abort::AlwaysFails,
        })
    }

    fn compile_loop(
        &self,
        vm: &Vm,
        traces: LoopTraces,
        (place, is_function, depth, mode): (*const u8, bool, i32, Mode),
        invalid: Box<AtomicU8>,
    ) -> Result<usize, Abort> {
        let (loop_number, entry_number) = {
            let mut store = self.store.borrow_mut();
            (store.number(), store.number())
        };
        let (mut entry, mut loop_body) = (traces.entry, traces.body);
        let body = self.compile(vm, &mut loop_body, mode, true, None, Kind::Loop(loop_number), None)?;
        let kind = Kind::Entry { number: entry_number, to: Some(loop_number) };
        let entry_code = self.compile(vm, &mut entry, mode, false, Some(body.code), kind, None)?;
        let info = LoopInfo {
            code: body.code,
            types: loop_body.params.clone(),
            params: traces.params,
            ranges: traces.ranges,
            clean_reads: traces.clean_reads,
            hoisted: traces.hoisted,
        };
        let code = vm.frames[vm.frames.len() - 1].code;
        let mut store = self.store.borrow_mut();
        let root = store.roots.len();
        store.roots.push(Root {
            place,
            is_function,
            mode,
            depth,
            entry: entry_code.code,
            entry_number,
            loop_number,
            body: Some(info),
            invalid,
            bridges: 0,
            retraces: 0,
            trial: yields_in_loop(code, place).then(Trial::default),
        });
        store.add_exits(&Rc::new(entry), entry_code.exits, root, entry_number, AliasSet::NONE);
        store.add_exits(&Rc::new(loop_body), body.exits, root, loop_number, AliasSet::NONE);
        store.add_version(root);
        Ok(root)
    }

    fn compile_linear(
        &self,
        vm: &Vm,
        mut trace: Trace,
        (place, is_function, depth, mode): (*const u8, bool, i32, Mode),
        invalid: Box<AtomicU8>,
    ) -> Result<usize, Abort> {
        let number = self.store.borrow_mut().number();
        let kind = Kind::Entry { number, to: None };
        let code = self.compile(vm, &mut trace, mode, false, None, kind, None)?;
        let mut store = self.store.borrow_mut();
        let root = store.roots.len();
        store.roots.push(Root {
            place,
            is_function,
            mode,
            depth,
            entry: code.code,
            entry_number: number,
            loop_number: number,
            body: None,
            invalid,
            bridges: 0,
            retraces: 0,
            trial: None,
        });
        store.add_exits(&Rc::new(trace), code.exits, root, number, AliasSet::ANY);
        Ok(root)
    }

    /// From now on the place runs its compiled code.
    fn publish(&self, root: usize) {
        let store = self.store.borrow();
        let Root { place, mode, is_function, .. } = store.roots[root];
        if store.versions(place, mode).len() > 1 {
            // The interpreter goes on entering the first version, whose guards lead to the others.
            return;
        }
        self.counters_of(mode).set_entry(place, root as u32);
        if is_function && mode == Mode::Plain {
            store.lead_calls(place, Some(root));
        }
    }

    /// Compiles one trace. `part` is the entry or loop that a bridge belongs to.
    pub(crate) fn compile(
        &self,
        vm: &Vm,
        trace: &mut Trace,
        mode: Mode,
        is_loop: bool,
        self_loop: Option<CodeAddr>,
        kind: Kind,
        part: Option<u32>,
    ) -> Result<Fragment, Abort> {
        let _mark = during(Phase::Backend);
        self.events.borrow_mut().instrument(trace);
        self.events.borrow_mut().backend_starts();
        let result = {
            let store = self.store.borrow();
            let loops = |n: u64| -> Option<(CodeAddr, Vec<Ty>)> {
                store.roots.get(n as usize).and_then(|r| r.body.as_ref()).map(|b| (b.code, b.types.clone()))
            };
            let entries = |n: u64| store.roots.get(n as usize).map(|r| r.entry);
            let target = |code: &'static Code| {
                // Calls that are told go through the runtime.
                (mode == Mode::Plain).then(|| (store.target(code.ops.as_ptr()), local_count(code)))
            };
            let events = self.events.borrow();
            let follow = events.follow(trace, kind, part, &store);
            let stress_guards = self.options.stress_guards;
            let job = Job {
                is_loop,
                self_loop,
                loops: &loops,
                entries: &entries,
                target: &target,
                follow,
                stress_guards,
                vm,
            };
            let mut backend = self.backend.borrow_mut();
            backend.leave_gap(self.registry.gap());
            backend.compile(trace, &job)
        };
        vm.heap.allow(TRACE_MEMORY);
        let backend = self.backend.borrow();
        let bytes = result.as_ref().ok().map(|fragment| (fragment, backend.code_bytes(fragment)));
        self.events.borrow_mut().backend_ends(kind, part, trace, bytes, &self.store.borrow());
        if let Ok(fragment) = &result {
            self.sites.borrow_mut().add(trace, fragment);
            self.registry.add_compiled(kind, trace, fragment, &vm.codes);
        }
        result.map_err(|_| Abort::Backend)
    }
}
