//! Everything that can be called, and what a call needs: code, functions, closures, natives, methods, generators.
use std::cell::{Cell, OnceCell};

use super::buffer::Buffer;
use super::dict::{Dict, break_assumption};
use super::heap::{Gc, Header};
use super::sequence::Tuple;
use super::text::Str;
use super::value::Value;
use crate::bytecode::Debug;
use crate::error::R;
use crate::heap_object;
use crate::interp::lines::LineTable;
use crate::vm::Vm;

/// A function body, decoded once; never freed, so machine code and frames may point to it.
#[derive(Debug)]
pub struct Code {
    /// Unique in the process, from 0 in the order of loading.
    pub id: u32,
    /// Opcodes only; instruction offsets count from here.
    pub ops: &'static [u8],
    /// Prelude and opcodes, as in the `.mpy` file.
    pub bytes: &'static [u8],
    pub prelude: crate::bytecode::Prelude,
    pub n_state: usize,
    pub n_exc: usize,
    /// Positional parameters, free variables included.
    pub n_pos: usize,
    pub n_kwonly: usize,
    pub n_def_pos: usize,
    pub is_generator: bool,
    pub has_varargs: bool,
    pub has_varkw: bool,
    /// Plain positional call: no stars, no keyword-only parameters, no generator.
    pub is_simple: bool,
    /// A call goes on in the caller's run loop. What is simple does, unless functions have native frames of their own.
    pub enters: Cell<bool>,
    /// The same for a generator's body under FOR_ITER.
    pub resumes: Cell<bool>,
    /// Address of the native code through which it is entered while it has a frame of its own; 0 before.
    pub native_entry: Cell<usize>,
    pub name: Gc<Str>,
    /// Positional, then keyword-only.
    pub arg_names: Vec<Gc<Str>>,
    /// Locals that live in cells.
    pub cells: Vec<u32>,
    pub unit: &'static Unit,
    pub children: Vec<&'static Code>,
    /// Address of the first namespace it was made a function with; 0 before.
    pub home: Cell<usize>,
    /// It was made a function with another one too: `exec` of a code object with several dicts. What a trace knows of
    /// its globals may then be wrong.
    pub roams: Cell<bool>,
    /// What its source told, if it was compiled here.
    pub debug: Option<Box<Debug>>,
    /// Its lines as tracers see them, worked out when the first one does.
    pub lines: OnceCell<LineTable>,
    /// What `__code__` gives, once it has been asked for.
    pub object: Cell<Value>,
}

impl Code {
    /// A function with this code gets these globals.
    #[inline]
    pub fn settle(&self, globals: Gc<Dict>) {
        if self.home.get() != globals.address() {
            self.move_to(globals.address());
        }
    }

    #[cold]
    fn move_to(&self, home: usize) {
        if self.home.get() == 0 {
            self.home.set(home);
        } else if !self.roams.replace(true) {
            break_assumption();
        }
    }

    /// Its lines as tracers see them.
    pub fn line_table(&self) -> &LineTable {
        self.lines.get_or_init(|| LineTable::new(self))
    }

    /// Source line of the instruction at `offset` into `ops`.
    pub fn line(&self, offset: usize) -> u32 {
        crate::bytecode::line_of(self.bytes, &self.prelude, offset)
    }
}

/// What all functions of one source file share.
#[derive(Debug)]
pub struct Unit {
    pub file: Gc<Str>,
    pub qstrs: Vec<Gc<Str>>,
    pub consts: Vec<Value>,
}

#[repr(C)]
pub struct Function {
    pub header: Header,
    pub code: &'static Code,
    pub globals: Gc<Dict>,
    /// A tuple of the last parameters' defaults, or NULL.
    pub defaults: Value,
    /// A dict of keyword-only defaults, or NULL.
    pub kw_defaults: Value,
}
heap_object!(Function, Function, drop: false, |this, marker| {
    marker.object(this.globals);
    marker.values([this.defaults, this.kw_defaults]);
});

/// `function` at byte 8, `cells` at 16.
#[repr(C)]
pub struct Closure {
    pub header: Header,
    pub function: Gc<Function>,
    pub cells: Gc<Tuple>,
}
heap_object!(Closure, Closure, drop: false, |this, marker| {
    marker.object(this.function);
    marker.object(this.cells);
});

/// What a callee written in Python consists of: its function, and the cells it was closed over.
pub fn python_callee(callee: Value) -> Option<(Gc<Function>, Option<Gc<Tuple>>)> {
    match callee.cast::<Closure>() {
        Some(closure) => Some((closure.function, Some(closure.cells))),
        None => callee.cast::<Function>().map(|function| (function, None)),
    }
}

/// The arguments of a native call: positional ones, then name/value pairs.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    pub pos: &'a [Value],
    /// name, value, name, value, …
    pub kw: &'a [Value],
}

impl<'a> Args<'a> {
    pub const fn positional(pos: &'a [Value]) -> Args<'a> {
        Args { pos, kw: &[] }
    }

    /// Positional argument `i`, if given.
    pub fn get(&self, i: usize) -> Option<Value> {
        self.pos.get(i).copied()
    }

    /// The value of keyword `name`, if given.
    pub fn keyword(&self, name: &str) -> Option<Value> {
        self.kw
            .chunks_exact(2)
            .find(|pair| pair[0].cast::<Str>().is_some_and(|s| *s.text == *name))
            .map(|p| p[1])
    }

    /// Argument by position or by name.
    pub fn get_or(&self, i: usize, name: &str) -> Option<Value> {
        self.get(i).or_else(|| self.keyword(name))
    }
}

pub type NativeFn = fn(&mut Vm, Args<'_>) -> R;

/// What an operation may do, for those who keep what they know of memory across it, reorder or drop it.
///
/// Of a native this is promised for arguments that are built-in data: scalars (`Kind::is_scalar`) and built-in
/// containers, whatever those hold. With any other argument (instances, iterators, functions) it may do anything. So
/// a native that compares, hashes, prints or calls what a container holds is one of the last two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effects {
    /// Result depends on immutable arguments only.
    Pure,
    /// May read the heap, changes nothing that existed.
    Reads,
    /// The same, but promised for scalars only: it compares, hashes, prints or walks through what containers hold.
    ReadsScalars,
    /// Anything, calling back into Python included.
    Any,
}

/// The static description of a native function.
#[derive(Debug)]
pub struct NativeDef {
    pub name: &'static str,
    pub call: NativeFn,
    /// Least number of positional arguments.
    pub min: u8,
    /// Most positional arguments; 255 for any number.
    pub max: u8,
    /// Accepts keyword arguments.
    pub kw: bool,
    pub effects: Effects,
    /// It looks at frames, or at who runs them: only the interpreter calls it.
    pub of_frames: bool,
}

#[repr(C)]
pub struct Native {
    pub header: Header,
    pub def: &'static NativeDef,
}

/// Flag of natives that are functions of a module: as attributes of a class they do not become methods.
const FREE: u16 = 1;

impl Native {
    /// A function of a module, or of `builtins`.
    pub fn free(def: &'static NativeDef) -> Native {
        let header = Header::new(super::kind::Kind::Native);
        header.flags.set(FREE);
        Native { header, def }
    }

    /// It gets the instance first when it is found in a class.
    pub fn is_method(&self) -> bool {
        self.header.flags.get() & FREE == 0
    }
}
heap_object!(Native, Native, drop: false, |_this, _marker| ());

#[repr(C)]
pub struct BoundMethod {
    pub header: Header,
    pub function: Value,
    pub this: Value,
}
heap_object!(BoundMethod, BoundMethod, drop: false, |this, marker| marker.values([this.function, this.this]));

/// `value` at byte 8; NULL while unbound.
#[repr(C)]
pub struct CellBox {
    pub header: Header,
    pub value: Cell<Value>,
}
heap_object!(CellBox, Cell, drop: false, |this, marker| marker.value(this.value.get()));

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum GeneratorState {
    /// Not started, or suspended at a yield.
    Suspended,
    Running,
    Finished,
}

/// A suspended frame. While it runs, its slots live on the VM stack.
///
/// `code` at byte 8, `status` at 24, the address of the slots at 32.
#[repr(C)]
pub struct Generator {
    pub header: Header,
    pub code: &'static Code,
    pub globals: Gc<Dict>,
    /// A packed [`Status`]: one word, so that one comparison tells where a generator stands.
    pub status: Cell<Value>,
    /// `n_state` slots and the exception blocks.
    pub slots: Buffer<Value>,
    /// Its frame object, or NULL.
    pub frame: Cell<Value>,
}
heap_object!(Generator, Generator, drop: true, |this, marker| {
    marker.object(this.globals);
    marker.value(this.frame.get());
    marker.values(this.slots.iter());
});

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Status {
    pub state: GeneratorState,
    pub started: bool,
    pub ip: u32,
    pub sp: i32,
    pub exc: u16,
}

impl Status {
    /// As a small int.
    pub fn pack(self) -> Value {
        let word = (self.ip as i64) << 34
            | ((self.sp + 1) as i64) << 13
            | (self.exc as i64) << 3
            | (self.started as i64) << 2
            | self.state as i64;
        Value::small(word)
    }

    pub fn unpack(value: Value) -> Status {
        let word = value.small_unchecked();
        let state = match word & 3 {
            0 => GeneratorState::Suspended,
            1 => GeneratorState::Running,
            _ => GeneratorState::Finished,
        };
        Status {
            state,
            started: word & 4 != 0,
            ip: (word >> 34) as u32,
            sp: (word >> 13 & 0x1f_ffff) as i32 - 1,
            exc: (word >> 3 & 0x3ff) as u16,
        }
    }
}

impl Generator {
    pub fn status(&self) -> Status {
        Status::unpack(self.status.get())
    }

    pub fn state(&self) -> GeneratorState {
        self.status().state
    }

    pub fn set_state(&self, state: GeneratorState) {
        self.status.set(Status { state, ..self.status() }.pack());
    }

    /// It has been resumed at least once.
    pub fn started(&self) -> bool {
        self.status().started
    }
}
