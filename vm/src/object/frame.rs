//! What Python code sees of frames, code and tracebacks.

use std::cell::Cell;

use super::dict::Dict;
use super::function::Code;
use super::heap::{Gc, Header};
use super::kind::Kind;
use super::value::Value;
use crate::heap_object;

/// `function.__code__`; one per function body.
#[repr(C)]
pub struct CodeObject {
    pub header: Header,
    pub code: &'static Code,
}
heap_object!(CodeObject, Code, drop: false, |_this, _marker| ());

/// A frame, running or not. Where its slots are now, `interp::tracing::frames` knows.
#[repr(C)]
pub struct FrameObject {
    pub header: Header,
    pub code: Cell<&'static Code>,
    pub globals: Cell<Gc<Dict>>,
    /// The namespace of a module's or class's body.
    pub names: Cell<Gc<Dict>>,
    /// The generator whose frame it is, or NULL.
    pub generator: Value,
    /// Its index on the stack, if it is no generator's.
    pub depth: Cell<usize>,
    /// It has ended, says the machine.
    pub ended: Cell<bool>,
    /// What its slots held when it ended, a tuple; before that, when the object was made. NULL if nobody can ask.
    pub kept: Cell<Value>,
    /// The frame below it, once it has ended; None or NULL if there is none.
    pub back: Cell<Value>,
    /// `f_trace`, or NULL.
    pub trace: Cell<Value>,
    /// The dict that `f_locals` gave, or NULL.
    pub locals: Cell<Value>,
    /// `f_locals` was asked for during the event that is being told.
    pub touched: Cell<bool>,
    /// `f_trace_lines` and `f_trace_opcodes`.
    pub lines: Cell<bool>,
    pub opcodes: Cell<bool>,
    /// An event of it is being told: `line` and `at` are where.
    pub telling: Cell<bool>,
    /// The line it was last seen at; 0 if it has not been at any, or only `at` is known.
    pub line: Cell<u32>,
    /// The offset it was last seen at.
    pub at: Cell<u32>,
}
heap_object!(FrameObject, Frame, drop: false, |this, marker| {
    marker.object(this.globals.get());
    marker.object(this.names.get());
    marker.values([this.generator, this.kept.get(), this.back.get(), this.trace.get(), this.locals.get()]);
});

impl FrameObject {
    /// The object of a frame that runs; `generator` is NULL if it is none's.
    pub fn new(
        code: &'static Code,
        globals: Gc<Dict>,
        names: Gc<Dict>,
        generator: Value,
        depth: usize,
    ) -> FrameObject {
        FrameObject {
            header: Header::new(Kind::Frame),
            code: Cell::new(code),
            globals: Cell::new(globals),
            names: Cell::new(names),
            generator,
            depth: Cell::new(depth),
            ended: Cell::new(false),
            kept: Cell::new(Value::NULL),
            back: Cell::new(Value::NULL),
            trace: Cell::new(Value::NULL),
            locals: Cell::new(Value::NULL),
            touched: Cell::new(false),
            lines: Cell::new(true),
            opcodes: Cell::new(false),
            telling: Cell::new(false),
            line: Cell::new(0),
            at: Cell::new(0),
        }
    }

    /// Becomes the object of another frame that runs, no generator's. Nobody has the object.
    pub fn stand_for(&self, code: &'static Code, globals: Gc<Dict>, names: Gc<Dict>, depth: usize) {
        self.code.set(code);
        self.globals.set(globals);
        self.names.set(names);
        self.depth.set(depth);
        self.ended.set(false);
        [&self.kept, &self.back, &self.trace, &self.locals].iter().for_each(|value| value.set(Value::NULL));
        self.touched.set(false);
        self.lines.set(true);
        self.opcodes.set(false);
        self.telling.set(false);
        self.line.set(0);
        self.at.set(0);
    }
}

/// One line of a traceback: outermost first, as `__traceback__` gives it.
#[repr(C)]
pub struct Traceback {
    pub header: Header,
    pub frame: Gc<FrameObject>,
    pub line: u32,
    pub at: u32,
    /// The next inner one, or None.
    pub next: Cell<Value>,
}
heap_object!(Traceback, Traceback, drop: false, |this, marker| {
    marker.object(this.frame);
    marker.value(this.next.get());
});
