//! Drives everything: the counting interpreter, recording, compiling, entering machine code and coming back.
//!
//! ```text
//!   run::<Counting> ── Hot::Record ──► record a root ──► compile ──┐
//!        ▲    │                                                    │
//!        │    └─ Hot::Enter ──► machine code ── exit ──► frames ───┤
//!        │                                        │ hot guard      │
//!        │                                        └► record a bridge
//!        └─────────────────────────────────────────────────────────┘
//! ```
//!
//! The engine is re-entered: machine code calls the runtime, which may run Python code. So nothing is borrowed while
//! frames run.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::atomic::Ordering;

use vm::error::{R, Raise};
use vm::interp::frame::{Frame, Ret};
use vm::interp::run::{Outcome, run};
use vm::interp::tracing::{look_below, run_traced};
use vm::object::dict::{ASSUMPTION_BROKEN, take_broken};
use vm::object::heap::{ATTENTION, Marker};
use vm::object::value::Value;
use vm::vm::{Executor, Standing, Vm};

use crate::abort::Abort;
use crate::codegen::{Backend, CodeAddr, CodegenError, FINISHED, NOT_COMPILED, Resume as ResumeCall, Runner};
use crate::counting::{Counters, Counting, Hot, Telling};
use crate::deopt::GoOn;
use crate::events::{Events, Profile};
use crate::evidence::Evidence;
use crate::ir::op::OpCode;
use crate::mode::Mode;
use crate::opt::Config;
use crate::options::Options;
use crate::perf::Registry;
use crate::sample::{Mark, is_window_open, mark, of_loop, resumed_after};
use crate::sites::Sites;
use crate::store::{ExitState, Store};

/// Bridges of one tree that are compiled at the plain threshold; each further lot waits for the square of its number.
const BRIDGES_AT_ONCE: u32 = 8;

/// The JIT of one virtual machine.
pub struct Engine {
    pub(crate) options: Options,
    pub(crate) config: Config,
    pub(crate) counters: Counters,
    /// The same while callbacks are told of calls: code is another then.
    telling_counters: OnceCell<Counters>,
    pub(crate) backend: RefCell<Backend>,
    pub(crate) store: RefCell<Store>,
    pub(crate) sites: RefCell<Sites>,
    pub(crate) events: RefCell<Events>,
    /// What profilers and debuggers are told.
    pub(crate) registry: Rc<Registry>,
    runner: Runner,
    /// Who is told of transitions.
    profile: Option<Rc<Profile>>,
    /// Somebody wants to know where the interpreter is.
    follows: bool,
    /// Somebody wants to know what runs.
    pub(crate) is_watched: bool,
    /// What they are told of why.
    pub(crate) evidence: RefCell<Evidence>,
    recording: Cell<bool>,
    /// Set by the machine: from then on, code leaves what functions have in memory while they wait.
    frames_are_read: Rc<Cell<bool>>,
    /// Code from before that is gone.
    shows_frames: Cell<bool>,
    /// The trace whose code waits for the interpreter, as the marker names it.
    caller: Cell<Option<u32>>,
    /// How often each place was given up.
    pub(crate) aborts: RefCell<rustc_hash::FxHashMap<usize, u32>>,
}

/// What the run loop does after machine code.
pub(crate) enum After {
    /// Go on interpreting the top frame.
    Continue,
    /// The frame whose caller is native code returned this.
    Return(Value),
    Raise(Raise),
}

impl Engine {
    /// Makes `vm` run with the JIT.
    pub fn install(vm: &mut Vm, options: Options, events: Events) -> Result<Rc<Engine>, String> {
        let backend = Backend::new().map_err(|e: CodegenError| e.to_string())?;
        let config = Config::parse(&options.passes)?.verifying(options.verify);
        let mut runner = backend.runner(vm);
        runner.report_to(events.profile().cloned());
        let mut events = events;
        if events.is_on() {
            runner.hold_marker();
            vm.catches = Some(Box::default());
        }
        events.program_starts(backend.code_range());
        let registry = Rc::new(Registry::default());
        backend.stubs().iter().for_each(|(name, code)| registry.add_stub(name, *code));
        let engine = Rc::new(Engine {
            config,
            profile: events.profile().cloned(),
            follows: events.samples(),
            is_watched: events.is_on(),
            evidence: RefCell::default(),
            counters: Counters::new(options.threshold),
            telling_counters: OnceCell::new(),
            runner,
            store: RefCell::new(Store::new(backend.missing_stub())),
            backend: RefCell::new(backend),
            sites: RefCell::default(),
            events: RefCell::new(events),
            registry,
            recording: Cell::new(false),
            frames_are_read: vm.tracing.frames_are_read.clone(),
            shows_frames: Cell::new(vm.tracing.frames_are_read.get()),
            caller: Cell::new(None),
            aborts: RefCell::default(),
            options,
        });
        let resume: Weak<Engine> = Rc::downgrade(&engine);
        engine.runner.resume_with(resume);
        vm.executor = engine.clone();
        Ok(engine)
    }

    /// Ends the log.
    pub fn finish(&self, vm: &mut Vm) {
        self.events.borrow_mut().finish(vm, &self.store.borrow(), &self.evidence.borrow());
    }

    fn interpret(&self, vm: &mut Vm, depth: usize) -> Outcome<Hot> {
        let counters = &self.counters;
        if self.follows {
            run(vm, &mut Counting::<true> { counters }, depth)
        } else {
            run(vm, &mut Counting::<false> { counters }, depth)
        }
    }

    fn handle(&self, vm: &mut Vm, hot: Hot, depth: usize) -> After {
        match hot {
            Hot::Enter { entry } => self.enter(vm, entry as usize, depth),
            // The loop in `go_on` looks.
            Hot::Trace => After::Continue,
            Hot::Record { place, is_function } if !self.recording.get() => {
                self.guarded_recording(|engine| engine.record_root(vm, place, is_function, depth))
            }
            Hot::Record { place, .. } => {
                self.counters_of(Mode::now(vm)).reset(place, self.options.threshold.min(50));
                After::Continue
            }
        }
    }

    /// Only one trace is recorded at a time: code that runs inside a residual call is interpreted or already compiled.
    fn guarded_recording(&self, record: impl FnOnce(&Engine) -> After) -> After {
        self.recording.set(true);
        let after = record(self);
        self.recording.set(false);
        after
    }

    /// Runs the code of a root for the top frame.
    pub(crate) fn enter(&self, vm: &mut Vm, root: usize, depth: usize) -> After {
        if let Err(raise) = self.before_entry(vm) {
            return self.unwind(vm, raise, depth);
        }
        if !has_own_globals(&vm.frames[vm.frames.len() - 1]) {
            return After::Continue;
        }
        let (code, number, valid) = {
            let store = self.store.borrow();
            let root = &store.roots[root];
            let fits = root.depth == vm.frames[vm.frames.len() - 1].sp && root.mode.suits(vm);
            (root.entry, root.entry_number, fits && root.invalid.load(Ordering::Relaxed) == 0)
        };
        if !valid {
            return After::Continue;
        }
        let marked = self.registry.visit_starts();
        let exit = self.run_code(vm, code, number);
        if let Some(start) = marked {
            self.mark(vm, root, start);
        }
        self.after_exit(vm, exit, depth)
    }

    /// As `enter`, for a function that native code has just called: the short way, if there is nothing to look after.
    #[inline]
    fn enter_function(&self, vm: &mut Vm, root: usize, depth: usize) -> After {
        let Some(code) = self.ready_code(vm, root) else { return self.enter(vm, root, depth) };
        let exit = self.runner.enter(vm, code);
        let is_plain = |frame: &Frame| frame.exc == 0 && frame.ret == Ret::Native;
        if exit == FINISHED && vm.frames.last().is_some_and(is_plain) {
            vm.frames.pop();
            return After::Return(self.runner.result());
        }
        self.after_exit(vm, exit, depth)
    }

    /// The code of a function for the top frame, if it may run without further ado.
    #[inline]
    fn ready_code(&self, vm: &Vm, root: usize) -> Option<CodeAddr> {
        let is_quiet = !ATTENTION.load(Ordering::Relaxed) && !ASSUMPTION_BROKEN.load(Ordering::Relaxed);
        let store = self.store.borrow();
        let root = &store.roots[root];
        let is_ready = is_quiet
            && !self.is_watched
            && !self.registry.is_marking()
            && root.is_function
            && root.invalid.load(Ordering::Relaxed) == 0
            && root.mode.suits(vm)
            && has_own_globals(&vm.frames[vm.frames.len() - 1]);
        is_ready.then_some(root.entry)
    }

    /// Machine code, which marks itself, but for what the interpreter's mark has beyond that; then the interpreter goes on.
    fn run_code(&self, vm: &mut Vm, code: CodeAddr, number: u32) -> u64 {
        if let Some(profile) = self.listener() {
            profile.enter(number);
        }
        mark(of_loop(number));
        let exit = self.runner.enter(vm, code);
        mark(self.after(exit));
        if let Some(profile) = self.listener() {
            profile.leave();
        }
        exit
    }

    /// Who is told of transitions now.
    fn listener(&self) -> Option<&Profile> {
        self.profile.as_deref().filter(|_| is_window_open())
    }

    #[cold]
    fn mark(&self, vm: &Vm, root: usize, start: u64) {
        let store = self.store.borrow();
        let root = &store.roots[root];
        self.registry.visit_ends(root.loop_number, start, root.place, &vm.codes);
    }

    /// What machine code must not meet at its first poll; and assumptions broken meanwhile.
    fn before_entry(&self, vm: &mut Vm) -> R<()> {
        if ATTENTION.load(Ordering::Relaxed) {
            vm.attend()?;
            // Under stress it is set again at once; let the code run all the same.
            vm.attended();
        }
        self.check_assumptions();
        Ok(())
    }

    /// Invalidates code whose assumptions were broken.
    #[inline(always)]
    pub(crate) fn check_assumptions(&self) {
        // Only then: exchanging costs more than the rest of an entry.
        if ASSUMPTION_BROKEN.load(Ordering::Relaxed) {
            self.invalidate();
        }
    }

    #[cold]
    #[inline(never)]
    fn invalidate(&self) {
        ASSUMPTION_BROKEN.store(false, Ordering::Relaxed);
        let mut store = self.store.borrow_mut();
        let names = take_broken();
        let is_all = self.frames_are_read.get() && !self.shows_frames.replace(true);
        for root in store.invalidate(is_all) {
            let (place, mode) = (store.roots[root].place, store.roots[root].mode);
            if self.is_watched {
                self.evidence.borrow_mut().broke(&names, place);
            }
            let given_up = self.give_up(place, mode);
            if !given_up {
                self.counters_of(mode).reset(place, self.options.threshold.max(1));
            }
        }
    }

    /// Counts a failure of a place; true if it is left to the interpreter from now on.
    pub(crate) fn give_up(&self, place: *const u8, mode: Mode) -> bool {
        let mut aborts = self.aborts.borrow_mut();
        let count = aborts.entry(place as usize).or_insert(0);
        *count += 1;
        let dead = *count >= self.options.abort_limit;
        if dead {
            self.counters_of(mode).kill(place);
        }
        dead
    }

    /// Back-edges until the next attempt at a place: half the threshold at first, then twice as many each time. A loop
    /// may have been recorded in an unusual iteration; one that cannot be compiled should cost little.
    pub(crate) fn penalty(&self, place: *const u8) -> u32 {
        let aborts = self.aborts.borrow().get(&(place as usize)).copied().unwrap_or(0);
        let first = (self.options.threshold / 2).max(1);
        first.saturating_mul(1 << aborts.saturating_sub(1).min(20))
    }

    fn after_exit(&self, vm: &mut Vm, exit: u64, depth: usize) -> After {
        if exit == FINISHED {
            let value = self.runner.result();
            let constructs = vm.frames.last().is_some_and(|f| f.ret.constructs());
            if constructs && !value.is_none() {
                let raise = vm.type_error("__init__() should return None");
                return self.unwind(vm, raise, depth);
            }
            return match vm::interp::finish_frame(vm, value) {
                Some(value) => After::Return(value),
                None => After::Continue,
            };
        }
        let (go_on, hot) = self.leave(vm, exit as u32);
        match go_on {
            GoOn::Execute => {}
            GoOn::Iterated => vm::interp::finish_iteration(vm),
            GoOn::Tested(truth) => vm::interp::finish_test(vm, truth),
            GoOn::Raise => {
                return match self.runner.take_pending() {
                    Some(raise) => self.unwind(vm, raise, depth),
                    None => After::Continue,
                };
            }
        }
        if hot && !self.recording.get() {
            return self.guarded_recording(|engine| engine.record_bridge(vm, exit as u32, depth));
        }
        After::Continue
    }

    /// Rebuilds the frames of an exit; tells how to resume and whether the guard has become hot.
    fn leave(&self, vm: &mut Vm, exit: u32) -> (GoOn, bool) {
        let mut store = self.store.borrow_mut();
        let store = &mut *store;
        let Some(exit) = store.exits.get_mut(&exit) else { return (GoOn::Execute, false) };
        // A tree that keeps growing must earn each further bridge: compiling costs more than leaving a few times.
        let grown = store.roots[exit.root].bridges / BRIDGES_AT_ONCE;
        let threshold = self.options.bridge_threshold.max(1);
        let needed = threshold.saturating_mul(1 + grown * grown);
        exit.left += 1;
        let root = &mut store.roots[exit.root];
        if root.trial.as_mut().is_some_and(|trial| trial.fails(exit.part == root.entry_number, threshold)) {
            self.counters_of(root.mode).kill(root.place);
        }
        let mode = root.mode;
        let guard = exit.trace.ops[exit.layout.op as usize];
        let snapshot = &exit.trace.snapshots[exit.layout.snap.0 as usize];
        let go_on = self.runner.with_context(|ctx| exit.recipe.rebuild(vm, ctx, &exit.trace, snapshot));
        if self.is_watched {
            let mut evidence = self.evidence.borrow_mut();
            evidence.guard_left(vm, exit.layout.id.0, exit.left, &exit.trace, &guard, snapshot);
        }
        let may_bridge = exit.state == ExitState::Counting
            && mode == Mode::now(vm)
            && !matches!(
                guard.code,
                OpCode::GuardPoll
                    | OpCode::GuardNotInvalidated
                    | OpCode::GuardNoException
                    | OpCode::GuardAlways
            );
        if may_bridge {
            exit.count += 1;
        }
        (go_on, may_bridge && exit.count >= needed)
    }

    /// Runs the top frame, beginning with what is `hot` there, until the frame at `depth` is done.
    #[inline(always)]
    fn run_from(&self, vm: &mut Vm, mut hot: Option<Hot>, depth: usize) -> R {
        loop {
            if vm.tracing.is_on()
                && let Some(result) = self.run_traced(vm, depth, false)
            {
                look_below();
                return result;
            }
            let hot = match hot.take() {
                Some(hot) => hot,
                None => match self.interpret(vm, depth) {
                    Outcome::Done(value) => return Ok(value),
                    Outcome::Raised(raise) => return Err(raise),
                    Outcome::Exit(hot) => hot,
                },
            };
            match self.handle(vm, hot, depth) {
                After::Continue => {}
                After::Return(value) => return Ok(value),
                After::Raise(raise) => return Err(raise),
            }
        }
    }

    /// The counters of compiled places, and of those to be compiled.
    pub(crate) fn counters_of(&self, mode: Mode) -> &Counters {
        match mode {
            Mode::Plain => &self.counters,
            Mode::Telling => self.telling_counters.get_or_init(|| Counters::new(self.options.threshold)),
        }
    }

    /// As `run_from`, for who wants to know what runs.
    #[cold]
    fn run_watched(&self, vm: &mut Vm, hot: Option<Hot>, depth: usize) -> R {
        let before = self.interrupted();
        if !before.mark.is_interpreter() {
            mark(self.after(FINISHED));
        }
        self.run_from(vm, hot, depth)
    }

    /// What runs now waits until the value is dropped. If it is machine code, it is what the interpreter works for.
    #[inline(always)]
    fn interrupted(&self) -> Interrupted<'_> {
        let mark = Mark::now();
        let caller = self.caller.replace(mark.trace().or(self.caller.get()));
        let called = self.profile.as_deref().filter(|_| mark.is_code());
        if let Some(profile) = called {
            profile.calls_out(mark);
        }
        Interrupted { engine: self, mark, caller, called }
    }

    /// What runs behind an exit.
    fn after(&self, exit: u64) -> Mark {
        let left = if exit == FINISHED || exit == NOT_COMPILED { 0 } else { exit as u32 };
        resumed_after(left, self.caller.get())
    }

    fn unwind(&self, vm: &mut Vm, raise: Raise, depth: usize) -> After {
        let at = vm.frames.last().map_or(0, |f| f.ip);
        match vm::interp::unwind(vm, raise, at, depth) {
            Ok(()) => After::Continue,
            Err(raise) => After::Raise(raise),
        }
    }

    pub(crate) fn log_abort(&self, reason: Abort) {
        self.events.borrow_mut().abort(reason);
    }
}

/// What compiled code knows of a function's globals holds for this frame: they are the only ones its code has, and
/// names are looked up in them first.
pub(crate) fn has_own_globals(frame: &Frame) -> bool {
    frame.names == frame.globals && !frame.code.roams.get()
}

/// The first instruction of the frame at `depth`, if that is what comes next.
fn entry_of(vm: &Vm, depth: usize) -> Option<*const u8> {
    let frame = &vm.frames[depth];
    let is_entry = frame.ip == 0 && vm.frames.len() == depth + 1 && frame.generator.is_null();
    is_entry.then_some(frame.code.ops.as_ptr())
}

/// See [`Engine::interrupted`].
struct Interrupted<'a> {
    engine: &'a Engine,
    mark: Mark,
    caller: Option<u32>,
    called: Option<&'a Profile>,
}

impl Drop for Interrupted<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        mark(self.mark);
        self.engine.caller.set(self.caller);
        if let Some(profile) = self.called {
            profile.called_out();
        }
    }
}

impl ResumeCall for Engine {
    fn resume(&self, vm: &mut Vm, exit: u64) -> R {
        let _before = self.is_watched.then(|| {
            let before = self.interrupted();
            mark(self.after(exit));
            before
        });
        let depth = vm.frames.len() - 1;
        if exit == NOT_COMPILED {
            // A call like any other: it is counted and, by whom it concerns, seen.
            return vm.executor.clone().run(vm, depth);
        }
        match self.after_exit(vm, exit, depth) {
            After::Continue => vm.executor.clone().go_on(vm, depth),
            After::Return(value) => Ok(value),
            After::Raise(raise) => Err(raise),
        }
    }
}

impl Executor for Engine {
    fn run(&self, vm: &mut Vm, depth: usize) -> R {
        let mut hot = entry_of(vm, depth).and_then(|place| self.counters.function_entry(place));
        if let Some(Hot::Enter { entry }) = hot.filter(|_| !self.is_watched) {
            match self.enter_function(vm, entry as usize, depth) {
                After::Continue => hot = None,
                After::Return(value) => return Ok(value),
                After::Raise(raise) => return Err(raise),
            }
        }
        if self.is_watched { self.run_watched(vm, hot, depth) } else { self.run_from(vm, hot, depth) }
    }

    fn go_on(&self, vm: &mut Vm, depth: usize) -> R {
        self.run_from(vm, None, depth)
    }

    /// While callbacks are told: what has nothing to tell but calls is compiled, see [`Mode::Telling`].
    fn run_traced(&self, vm: &mut Vm, depth: usize, begins: bool) -> Option<R> {
        if vm.is_native_stack_low() {
            // Calls that code tells of recurse; the interpreter's do not.
            return run_traced(vm, depth);
        }
        let _before = self.is_watched.then(|| self.interrupted());
        let counters = self.counters_of(Mode::Telling);
        let place = entry_of(vm, depth).filter(|_| begins && Mode::Telling.suits(vm));
        let mut hot = place.and_then(|place| counters.function_entry(place));
        let result = loop {
            vm.tracing.look();
            let after = match hot.take() {
                Some(Hot::Enter { entry }) => self.enter_function(vm, entry as usize, depth),
                Some(hot) => self.handle(vm, hot, depth),
                None => match run(vm, &mut Telling { counters }, depth) {
                    Outcome::Done(value) => break Ok(value),
                    Outcome::Raised(raise) => break Err(raise),
                    Outcome::Exit(hot) => self.handle(vm, hot, depth),
                },
            };
            match after {
                After::Continue if vm.tracing.is_on() => {}
                After::Continue => return None,
                After::Return(value) => break Ok(value),
                After::Raise(raise) => break Err(raise),
            }
        };
        vm.tracing.look();
        Some(result)
    }

    fn call(&self, vm: &mut Vm, callee: Value, args: &[Value]) -> R {
        let Some(pushed) = vm.push_plain_call(callee, args) else { return vm.call(callee, args) };
        let depth = pushed?;
        let entry = self.counters.entry(vm.frames[depth].code.ops.as_ptr());
        match entry.filter(|_| !self.is_watched) {
            Some(entry) => match self.enter_function(vm, entry as usize, depth) {
                After::Continue => self.run_from(vm, None, depth),
                After::Return(value) => Ok(value),
                After::Raise(raise) => Err(raise),
            },
            None => self.run(vm, depth),
        }
    }

    fn standing(&self) -> Vec<(usize, Vec<Standing>)> {
        let (code, sites) = (self.backend.borrow().code_range(), self.sites.borrow());
        let mut found = Vec::new();
        for (depth, returns) in self.runner.waiting(&code) {
            // Outermost first: what is called directly is one frame above its caller.
            let sites = returns.iter().rev().filter_map(|address| sites.find(*address));
            found.extend(sites.enumerate().map(|(n, frames)| (depth + n, frames.to_vec())));
        }
        found
    }

    fn trace(&self, marker: &mut Marker) {
        self.store.borrow().trace(marker);
        self.runner.trace(marker);
    }

    fn namespace_changed(&self) {
        self.check_assumptions();
    }

    fn collecting(&self, starts: bool) {
        self.events.borrow_mut().collecting(starts);
    }

    fn before_fork(&self) {
        self.registry.before_fork();
    }

    /// The log and whoever writes it belong to the parent.
    fn after_fork_in_child(&self) {
        self.events.borrow_mut().abandon();
    }
}
