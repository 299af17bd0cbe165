//! The virtual machine: heap, types, modules and the frame stack, in one value that every operation borrows.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use rustc_hash::FxHashMap;

use crate::error::{Exceptions, R, Raise};
use crate::interp::frame::{Frame, Stack};
use crate::interp::frames::Frames;
use crate::interp::tracing::{Tracing, run_traced};
use crate::memory;
use crate::names::Names;
use crate::native_frames::NativeFrames;
use crate::object::buffer::Buffer;
use crate::object::class::{Class, Shapes};
use crate::object::dict::Dict;
use crate::object::function::Code;
use crate::object::heap::{ATTENTION, Gc, Heap, Marker};
use crate::object::kind::Kind;
use crate::object::sequence::List;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::runtime::cache::AttrCache;

/// Fewer bytes than that need not be reserved: safepoints come often enough.
const LARGE: usize = 32 << 10;
/// No object is larger: lengths of strings are 32 bits.
const MOST: usize = u32::MAX as usize;
/// Of so many bytes the system is asked whether they can be had.
const PROBED: usize = 1 << 20;

/// Where a frame stands that waits for a call.
#[derive(Clone, Copy)]
pub struct Standing {
    pub code: &'static Code,
    pub globals: Gc<Dict>,
    /// The instruction's offset.
    pub at: u32,
}

/// Runs frames. The plain interpreter is one; a JIT is another.
pub trait Executor {
    /// Runs until the frame at index `depth` of `vm.frames` has returned, and gives its result.
    fn run(&self, vm: &mut Vm, depth: usize) -> R;
    /// As [`Executor::run`], for a frame that runs already.
    fn go_on(&self, vm: &mut Vm, depth: usize) -> R {
        self.run(vm, depth)
    }
    /// As [`Executor::go_on`], while callbacks are to be told what happens; `begins` if the frame stands at its first
    /// instruction. `None` if they are not any more, and the rest is for `go_on`.
    fn run_traced(&self, vm: &mut Vm, depth: usize, begins: bool) -> Option<R> {
        let _ = begins;
        run_traced(vm, depth)
    }
    /// Calls a Python function (or anything else) with positional arguments.
    fn call(&self, vm: &mut Vm, callee: Value, args: &[Value]) -> R {
        vm.call(callee, args)
    }
    /// The frames that wait in code which does not write down where they stand, by their index: where that is, and then
    /// the frames inlined above, innermost last.
    fn standing(&self) -> Vec<(usize, Vec<Standing>)> {
        Vec::new()
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
    /// Takes the bytes in any case; what cannot be written before a request comes, waits.
    fn write_stdout(&mut self, bytes: &[u8]) -> std::io::Result<()>;
    /// Lets nothing wait that was written. Fails with `Interrupted` as soon as a request is waiting
    /// (`crate::interrupt`); what is left then is for the next call.
    fn flush_stdout(&mut self) -> std::io::Result<()>;
    /// The same when the program is over.
    fn finish_stdout(&mut self) -> std::io::Result<()> {
        self.flush_stdout()
    }
    fn write_stderr(&mut self, bytes: &[u8]);
    /// The next line of standard input, and `None` at its end. Fails with `Interrupted` as soon as a request is
    /// waiting (`crate::interrupt`), and has lost nothing then.
    fn read_line(&mut self) -> std::io::Result<Option<String>>;
    /// Source or `.mpy` bytes of a file, for imports. May fail as `read_line` does.
    fn read_file(&mut self, path: &str) -> std::io::Result<Vec<u8>>;
    fn is_dir(&mut self, path: &str) -> bool;
    /// The machine itself has failed, where nothing can be unwound: writes what was printed, and ends the process.
    fn give_up(&mut self) -> ! {
        std::process::abort()
    }
}

/// By code and offset: the classes of the exceptions that came from there, and how often.
pub type Catches = FxHashMap<(u32, u32), Vec<(Box<str>, u64)>>;

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
    /// The program is over, and nothing catches an exception any more; see `interrupt`.
    pub ending: bool,
    /// Gives functions native frames of their own when the program or its user asks for it.
    pub native_frames: Option<Rc<dyn NativeFrames>>,
    /// Callbacks of `sys.settrace` and `sys.setprofile`.
    pub tracing: Tracing,
    /// How often an exception was caught, by the handling function's number, where in it the exception came from, and the
    /// exception's class; if somebody wants to know.
    pub catches: Option<Box<Catches>>,
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

    /// What [`ATTENTION`] asked for: a collection, or something from outside.
    #[cold]
    pub fn attend(&mut self) -> R<()> {
        ATTENTION.store(false, Ordering::SeqCst);
        let due = self.heap.wants_collection();
        if due {
            self.collect();
        }
        let memory = self.check_memory(due);
        self.heap.rearm();
        let served = self.poll();
        if self.ending {
            ATTENTION.store(true, Ordering::Relaxed);
        }
        served.and(memory)
    }

    /// Lets machine code pass its next poll although a collection is wanted all the time, as under stress.
    #[cold]
    pub fn attended(&mut self) {
        ATTENTION.store(false, Ordering::SeqCst);
        if crate::interrupt::is_waiting() {
            ATTENTION.store(true, Ordering::SeqCst);
        }
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

    /// MemoryError if the system has refused memory, or a collection was due and complete, and has left no room. The next
    /// one is due only when the program has taken some more: a handler has that to go on with.
    fn check_memory(&mut self, collected: bool) -> R<()> {
        let refused = memory::take_exhausted();
        if !(refused || collected && self.heap.is_full()) {
            return Ok(());
        }
        if !collected {
            self.collect();
        }
        self.heap.sweep_all();
        if refused {
            memory::keep_spare();
        }
        if refused || self.heap.is_full() { Err(self.out_of_memory()) } else { Ok(()) }
    }

    #[cold]
    fn out_of_memory(&mut self) -> Raise {
        self.memory_error("memory allocation failed")
    }

    /// Between two steps of a native that may take long, and that could run Python code there: what a safepoint is for
    /// the interpreter.
    #[inline(always)]
    pub fn checkpoint(&mut self) -> R<()> {
        if ATTENTION.load(Ordering::Relaxed) && !self.heap.is_stress() { self.attend() } else { Ok(()) }
    }

    /// The same as [`Vm::append`] for who can neither raise nor bear a collection: compiled code.
    pub fn append_quietly(&mut self, list: Gc<List>, item: Value) {
        let full = list.items.len() == list.items.capacity();
        if !full || self.goes_on_with(2 * list.items.capacity() * size_of::<Value>()) {
            list.items.push(item);
        }
    }

    /// The same as [`Vm::dict_insert`].
    pub fn dict_insert_quietly(&mut self, dict: Gc<Dict>, hash: u32, key: Value, value: Value) {
        if self.goes_on_with(dict.wants()) {
            dict.insert_new(hash, key, value);
        }
    }

    /// So many bytes can be had, if need be beyond the limit: the next safepoint looks. If not, it raises.
    fn goes_on_with(&mut self, bytes: usize) -> bool {
        if bytes < LARGE || self.has(bytes) {
            return true;
        }
        self.heap.collect_soon();
        let possible = bytes <= MOST && memory::can_have(bytes);
        if !possible {
            memory::note_exhausted();
        }
        possible
    }

    /// The caller is about to ask for so many bytes, for something that the program makes. MemoryError if the program may
    /// not have them or the system does not; before that the garbage is collected. So the caller holds no values but in
    /// local variables and roots, as if it called Python code.
    #[inline(always)]
    pub fn reserve(&mut self, bytes: usize) -> R<()> {
        if bytes < LARGE { Ok(()) } else { self.reserve_large(bytes) }
    }

    /// `None` if so many bytes would have to be asked for; who knows better how many they are can ask for fewer.
    #[inline(always)]
    pub fn reserve_quickly(&self, bytes: usize) -> Option<()> {
        (bytes < LARGE).then_some(())
    }

    /// The same for `n` things of `each` bytes.
    #[inline(always)]
    pub fn reserve_many(&mut self, n: usize, each: usize) -> R<()> {
        self.reserve(n.saturating_mul(each))
    }

    /// The same for `more` items that a buffer is going to get.
    #[inline(always)]
    pub fn reserve_in<T: Copy>(&mut self, buffer: &Buffer<T>, more: usize) -> R<()> {
        if buffer.capacity() - buffer.len() >= more {
            return Ok(());
        }
        let all = (buffer.capacity() * 2).max(buffer.len().saturating_add(more));
        self.reserve_many(all, size_of::<T>())
    }

    #[cold]
    #[inline(never)]
    fn reserve_large(&mut self, bytes: usize) -> R<()> {
        if self.has(bytes) {
            return Ok(());
        }
        self.collect();
        self.heap.sweep_all();
        if self.has(bytes) {
            return Ok(());
        }
        Err(self.memory_error(format!("memory allocation failed, allocating {bytes} bytes")))
    }

    fn has(&self, bytes: usize) -> bool {
        bytes <= MOST && bytes <= self.heap.room() && (bytes < PROBED || memory::can_have(bytes))
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
        self.tracing.mark(marker);
        self.shapes.trace(marker);
        self.cache.trace(marker);
        for code in &self.codes {
            marker.value(code.object.get());
            marker.object(code.name);
            code.arg_names.iter().for_each(|n| marker.object(*n));
            marker.object(code.unit.file);
            code.unit.qstrs.iter().for_each(|n| marker.object(*n));
            marker.values(code.unit.consts.iter().copied());
        }
    }
}
