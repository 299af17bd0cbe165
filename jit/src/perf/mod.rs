//! What native profilers and debuggers are told: names, code, lines and frames of everything that is generated.
//!
//! ```text
//!   stubs, compiled traces ─┐                       ┌─► perf-PID.map      perf report
//!   trampolines ────────────┴─► Registry ─► writer ─┼─► jit-PID.dump      perf inject --jit, samply
//!     ▲                           │                 └─► an embedder's own
//!     │                           └─► gdb's interface
//!     └─ Nested, an executor that enters each Python function through a stub of its own
//! ```
//!
//! * Everything generated is registered whether or not anybody looks: who begins to look later is told all of it.
//! * Without trampolines nothing recurses natively and the run loop does not know of them; see `vm::native_frames`.
//! * Nothing here may end a run: what cannot be written or mapped costs a warning, and the program goes on without.

mod eh_frame;
mod elf;
mod gdb;
mod jitdump;
mod map;
mod marker;
mod page;
mod registry;
mod symbol;
mod trampoline;

use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::AsFd;
use std::rc::Rc;

use vm::error::R;
use vm::native_frames::NativeFrames;
use vm::object::function::Code;
use vm::object::heap::Marker;
use vm::object::value::Value;
use vm::vm::{Executor, Standing, Vm};

use crate::engine::Engine;
pub use jitdump::JitDump;
pub use map::PerfMap;
use marker::Marks;
pub use registry::Registry;
pub use symbol::{Line, Symbol, SymbolWriter};
use trampoline::Trampolines;

/// A file that profilers look for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// `perf-PID.map`
    Map,
    /// `jit-PID.dump`
    Dump,
    /// `marker-PID.txt`
    Marker,
}

/// An open one of them: written to, and mapped so that profilers notice it.
pub trait Output: io::Write + AsFd {}

impl<T: io::Write + AsFd> Output for T {}

/// The world outside: where the files are made, and who is told when that fails.
pub trait Outside {
    /// Makes the file of this process, empty, and of nobody else's making.
    fn create(&self, sort: Sort) -> io::Result<Box<dyn Output>>;
    /// Tells the user.
    fn warn(&self, message: &str);
}

/// How symbols are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Backend {
    /// `"perf"`: a map.
    Map,
    /// `"perf_jit"`: code, lines and frames as well.
    Dump,
}

impl Backend {
    /// Every backend, by its name in Python.
    pub const ALL: [(&'static str, Backend); 2] = [("perf", Backend::Map), ("perf_jit", Backend::Dump)];

    /// The backend of a name.
    pub fn from_name(name: &str) -> Option<Backend> {
        Backend::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, backend)| backend)
    }
}

/// Native frames and symbols of one machine.
///
/// An embedder that wants the symbols for itself gives a writer of its own:
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
///
/// use loopscope_jit::perf::{Output, Outside, Perf, Sort, Symbol, SymbolWriter};
/// use vm::{bootstrap::Config, vm::Host, vm::Vm};
/// # struct Nowhere;
/// # impl Host for Nowhere {
/// #     fn write_stdout(&mut self, _: &[u8]) -> std::io::Result<()> { Ok(()) }
/// #     fn flush_stdout(&mut self) -> std::io::Result<()> { Ok(()) }
/// #     fn write_stderr(&mut self, _: &[u8]) {}
/// #     fn read_line(&mut self) -> std::io::Result<Option<String>> { Ok(None) }
/// #     fn read_file(&mut self, _: &str) -> std::io::Result<Vec<u8>> { Err(std::io::ErrorKind::NotFound.into()) }
/// #     fn is_dir(&mut self, _: &str) -> bool { false }
/// # }
/// # struct NoFiles;
/// # impl Outside for NoFiles {
/// #     fn create(&self, _: Sort) -> std::io::Result<Box<dyn Output>> { Err(std::io::ErrorKind::NotFound.into()) }
/// #     fn warn(&self, message: &str) { panic!("{message}") }
/// # }
///
/// struct Names(Rc<RefCell<Vec<String>>>);
///
/// impl SymbolWriter for Names {
///     fn init(&mut self) -> std::io::Result<()> {
///         Ok(())
///     }
///
///     fn write(&mut self, symbol: &Symbol<'_>) -> std::io::Result<()> {
///         self.0.borrow_mut().push(symbol.name.to_owned());
///         Ok(())
///     }
/// }
///
/// let mut vm = Vm::new(Box::new(Nowhere), Config::default());
/// let perf = Perf::install(&mut vm, None, Rc::new(NoFiles));
/// let names = Rc::new(RefCell::new(Vec::new()));
/// perf.activate_with(&mut vm, Box::new(Names(names.clone())));
/// let main = vm.new_module("__main__");
/// vm.run_file("a.py", b"def f(): pass\nf()\n", main.globals).unwrap();
/// # if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
/// assert_eq!(*names.borrow(), ["py::<module>:a.py", "py::f:a.py"]);
/// # }
/// ```
pub struct Perf {
    registry: Rc<Registry>,
    trampolines: RefCell<Trampolines>,
    active: Cell<bool>,
    persist: Cell<bool>,
    outside: Rc<dyn Outside>,
    /// What is in front of the executor while frames are on; kept, to be recognised.
    nested: RefCell<Option<Rc<dyn Executor>>>,
    this: std::rc::Weak<Perf>,
}

impl Perf {
    /// Makes native frames available to `vm`, which runs with `engine` or without JIT.
    pub fn install(vm: &mut Vm, engine: Option<&Rc<Engine>>, outside: Rc<dyn Outside>) -> Rc<Perf> {
        let registry = engine.map_or_else(Rc::default, |engine| engine.registry.clone());
        let perf = Rc::new_cyclic(|this| Perf {
            registry,
            trampolines: RefCell::default(),
            active: Cell::new(false),
            persist: Cell::new(false),
            outside,
            nested: RefCell::new(None),
            this: this.clone(),
        });
        if trampoline::AVAILABLE {
            vm.native_frames = Some(perf.clone());
        }
        perf
    }

    /// From now on functions have frames, and symbols are written as `backend` says.
    pub fn activate(&self, vm: &mut Vm, backend: Backend) {
        let outside = self.outside.clone();
        match backend {
            Backend::Map => self.activate_with(vm, Box::new(PerfMap::new(outside))),
            Backend::Dump => self.activate_with(vm, Box::new(JitDump::new(outside))),
        }
    }

    /// From now on functions have frames, and symbols go to `writer`; it is told of those that exist already. A writer
    /// of the same kind that is at work goes on instead.
    pub fn activate_with(&self, vm: &mut Vm, writer: Box<dyn SymbolWriter>) {
        let result = self.registry.write_to(writer, &vm.codes);
        self.warn_of("symbols for profilers are not written", result);
        if self.active.replace(true) {
            return;
        }
        let Some(this) = self.this.upgrade() else { return };
        let nested: Rc<dyn Executor> = Rc::new(Nested { inner: vm.executor.clone(), perf: this });
        vm.executor = nested.clone();
        *self.nested.borrow_mut() = Some(nested);
        vm.nest_calls(true);
    }

    /// From now on visits of loops are written to the marker file.
    pub fn mark_visits(&self) {
        let marks = Marks::new(&*self.outside);
        if let Some(marks) = self.warn_of("no visits of loops on a timeline", marks) {
            self.registry.mark_with(marks);
        }
    }

    /// The run has ended.
    pub fn finish(&self) {
        self.registry.finish();
    }

    fn stop(&self, vm: &mut Vm) {
        if !self.active.replace(false) {
            return;
        }
        vm.nest_calls(false);
        // Whoever put itself in front meanwhile stays; ours then only passes on.
        let nested = self.nested.borrow_mut().take();
        if let Some(nested) = nested.filter(|nested| Rc::ptr_eq(nested, &vm.executor)) {
            vm.executor = nested.behind().unwrap_or(vm.executor.clone());
        }
    }

    /// The native code of a function, made if there is none yet; 0 if there can be none.
    fn entry(&self, vm: &mut Vm, code: &'static Code) -> usize {
        if code.native_entry.get() != 0 {
            return code.native_entry.get();
        }
        let added = self.trampolines.borrow_mut().add(self.registry.gap());
        let Some((address, len)) = self.warn_of("Python functions have no native frames", added) else {
            self.stop(vm);
            return 0;
        };
        code.native_entry.set(address);
        let result = self.registry.add_function(code, (address, len), &vm.codes);
        self.warn_of("symbols for profilers are not written", result);
        address
    }

    fn warn_of<T>(&self, what: &str, result: io::Result<T>) -> Option<T> {
        result.inspect_err(|error| self.outside.warn(&format!("{what}: {error}"))).ok()
    }
}

impl NativeFrames for Perf {
    fn activate(&self, vm: &mut Vm, backend: &str) -> R<()> {
        match Backend::from_name(backend) {
            Some(backend) => {
                self.activate(vm, backend);
                Ok(())
            }
            None => Err(vm.value_error(format!("invalid backend: {backend}"))),
        }
    }

    fn deactivate(&self, vm: &mut Vm) {
        self.stop(vm);
    }

    fn is_active(&self) -> bool {
        self.active.get()
    }

    fn prepare(&self, vm: &mut Vm, code: &'static Code) -> bool {
        self.entry(vm, code) != 0
    }

    fn persist_after_fork(&self, persist: bool) {
        self.persist.set(persist);
    }

    /// Machine code was copied too, and so were trampolines: those keep their symbols if that is wanted, else they are
    /// made anew when their functions run.
    fn after_fork_in_child(&self, vm: &mut Vm) {
        if !self.persist.get() {
            vm.codes.iter().for_each(|code| code.native_entry.set(0));
            self.registry.forget_functions();
        }
        let result = self.registry.start_again(&vm.codes);
        self.warn_of("symbols for profilers are not written", result);
    }
}

/// Enters every function through its trampoline.
struct Nested {
    inner: Rc<dyn Executor>,
    perf: Rc<Perf>,
}

impl Executor for Nested {
    fn run(&self, vm: &mut Vm, depth: usize) -> R {
        let code = vm.frames[depth].code;
        let entry = if self.perf.active.get() { self.perf.entry(vm, code) } else { 0 };
        if entry == 0 { self.inner.run(vm, depth) } else { trampoline::run(entry, &*self.inner, vm, depth) }
    }

    fn go_on(&self, vm: &mut Vm, depth: usize) -> R {
        self.inner.go_on(vm, depth)
    }

    fn run_traced(&self, vm: &mut Vm, depth: usize, begins: bool) -> Option<R> {
        self.inner.run_traced(vm, depth, begins)
    }

    fn standing(&self) -> Vec<(usize, Vec<Standing>)> {
        self.inner.standing()
    }

    fn call(&self, vm: &mut Vm, callee: Value, args: &[Value]) -> R {
        if self.perf.active.get() { vm.call(callee, args) } else { self.inner.call(vm, callee, args) }
    }

    fn trace(&self, marker: &mut Marker) {
        self.inner.trace(marker);
    }

    fn namespace_changed(&self) {
        self.inner.namespace_changed();
    }

    fn collecting(&self, starts: bool) {
        self.inner.collecting(starts);
    }

    fn before_fork(&self) {
        self.inner.before_fork();
    }

    fn after_fork_in_child(&self) {
        self.inner.after_fork_in_child();
    }

    fn behind(&self) -> Option<Rc<dyn Executor>> {
        Some(self.inner.clone())
    }
}
