//! The virtual machine: heap, types, modules and the frame stack, in one value that every operation borrows.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use rustc_hash::FxHashMap;

use crate::error::{Exceptions, R};
use crate::interp::frame::{Frame, Stack};
use crate::interp::frames::Frames;
use crate::names::Names;
use crate::native_frames::NativeFrames;
use crate::object::class::{Class, Shapes};
use crate::object::dict::Dict;
use crate::object::function::Code;
use crate::object::heap::{ATTENTION, Gc, Heap, Marker};
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::runtime::cache::AttrCache;

/// Runs frames. The plain interpreter is one; a JIT is another.
pub trait Executor {
    /// Runs until the frame at index `depth` of `vm.frames` has returned, and gives its result.
    fn run(&self, vm: &mut Vm, depth: usize) -> R;
    /// Calls a Python function (or anything else) with positional arguments.
    fn call(&self, vm: &mut Vm, callee: Value, args: &[Value]) -> R {
        vm.call(callee, args)
    }
    /// Reports values that the executor keeps alive.
    fn trace(&self, _marker: &mut Marker) {}
    /// A watched namespace has changed; see `object::dict`.
    fn namespace_changed(&self) {}
    /// Called when a collection starts (`true`) and ends.
    fn collecting(&self, _starts: bool) {}
    /// The process is about to be copied: nothing may be left in a buffer that both would write.
    fn before_fork(&self) {}
    /// This is the copy.
    fn after_fork_in_child(&self) {}
    /// The executor behind this one, if it only stands in front of another.
    fn behind(&self) -> Option<Rc<dyn Executor>> {
        None
    }
}

/// Where the program's own output goes and where modules come from; replaced in tests.
pub trait Host {
    fn write_stdout(&mut self, bytes: &[u8]) -> std::io::Result<()>;
    /// Lets nothing wait that was written.
    fn flush_stdout(&mut self) -> std::io::Result<()>;
    fn write_stderr(&mut self, bytes: &[u8]);
    fn read_line(&mut self) -> Option<String>;
    /// Source or `.mpy` bytes of a file, for imports.
    fn read_file(&mut self, path: &str) -> std::io::Result<Vec<u8>>;
    fn is_dir(&mut self, path: &str) -> bool;
}

pub struct Vm {
    pub heap: Heap,
    pub shapes: Shapes,
    pub names: Names,
    pub exceptions: Exceptions,
    pub types: Types,
    /// `builtins` module's names.
    pub builtins: Gc<Dict>,
    /// `sys.modules`.
    pub modules: Gc<Dict>,
    /// Our own modules that were imported, whatever the program has put in their places.
    pub(crate) built_in: Gc<Dict>,
    /// `sys.path`, `sys.argv`.
    pub path: Value,
    pub argv: Value,
    pub stack: Stack,
    pub frames: Frames,
    pub executor: Rc<dyn Executor>,
    pub host: Box<dyn Host>,
    pub cache: AttrCache,
    /// Compiler optimisation level, as `-O` sets it.
    pub opt_level: u8,
    /// The strings of one ASCII character, by its code.
    pub chars: Box<[Value; 128]>,
    pub(crate) interned: FxHashMap<Box<str>, Gc<Str>>,
    /// Every loaded function, by id.
    pub codes: Vec<&'static Code>,
    /// Values that native code must keep while it calls back into Python.
    pub roots: Vec<Value>,
    /// Highest native stack address of this run; the conservative scan stops there.
    pub stack_base: usize,
    /// Native recursion is refused below this stack address.
    pub stack_limit: usize,
    /// What the last iterator that ended gave as its value.
    pub stop_value: Value,
    /// A signal handler asks for KeyboardInterrupt.
    pub interrupt: &'static std::sync::atomic::AtomicBool,
    /// Gives functions native frames of their own when the program or its user asks for it.
    pub native_frames: Option<Rc<dyn NativeFrames>>,
}

/// The class of each kind of value.
pub struct Types {
    by_kind: Vec<Gc<Class>>,
    pub object: Gc<Class>,
    pub type_: Gc<Class>,
}

impl Types {
    pub(crate) fn new(by_kind: Vec<Gc<Class>>, object: Gc<Class>, type_: Gc<Class>) -> Types {
        Types { by_kind, object, type_ }
    }

    /// The built-in class for values of `kind`.
    pub fn of(&self, kind: Kind) -> Gc<Class> {
        self.by_kind[kind as usize]
    }
}

impl Vm {
    /// Collects if it is time. Only the interpreter calls this, between instructions; see `object::heap`.
    #[inline(always)]
    pub fn safepoint(&mut self) {
        if self.heap.wants_collection() {
            self.collect();
        }
    }

    /// What [`ATTENTION`] asked for: a collection, or KeyboardInterrupt.
    #[cold]
    pub fn attend(&mut self) -> R<()> {
        ATTENTION.store(false, Ordering::Relaxed);
        self.safepoint();
        self.heap.rearm();
        if self.interrupt.swap(false, Ordering::Relaxed) {
            return Err(self.raise_with(self.exceptions.KeyboardInterrupt, &[]));
        }
        Ok(())
    }

    /// Collects now.
    #[cold]
    #[inline(never)]
    pub fn collect(&mut self) {
        let executor = self.executor.clone();
        executor.collecting(true);
        let mut marker = self.heap.begin_collection();
        self.trace(&mut marker);
        executor.trace(&mut marker);
        self.heap.finish_collection(marker, self.stack_base);
        executor.collecting(false);
    }

    fn trace(&self, marker: &mut Marker) {
        let end = self.frames.last().map_or(0, Frame::end);
        for slot in self.stack.slice(0, end) {
            self.heap.mark_conservatively(slot.bits() as usize, marker);
        }
        for frame in self.frames.iter() {
            marker.object(frame.globals);
            marker.object(frame.names);
            marker.value(frame.generator);
        }
        self.interned.values().for_each(|s| marker.object(*s));
        self.exceptions.all().into_iter().for_each(|c| marker.object(c));
        self.types.by_kind.iter().for_each(|c| marker.object(*c));
        marker.object(self.types.object);
        marker.object(self.types.type_);
        marker.object(self.builtins);
        marker.object(self.modules);
        marker.object(self.built_in);
        marker.values([self.path, self.argv, self.stop_value]);
        marker.values(self.roots.iter().copied());
        self.shapes.trace(marker);
        self.cache.trace(marker);
        for code in &self.codes {
            marker.object(code.name);
            code.arg_names.iter().for_each(|n| marker.object(*n));
            marker.object(code.unit.file);
            code.unit.qstrs.iter().for_each(|n| marker.object(*n));
            marker.values(code.unit.consts.iter().copied());
        }
    }
}
