//! Attributes of frames and tracebacks.

use std::cell::Cell;

use crate::error::R;
use crate::interp::tracing::{self, Place};
use crate::object::dict::{Dict, break_assumption};
use crate::object::exception::{Exception, TraceLine};
use crate::object::frame::{FrameObject, Traceback};
use crate::object::function::{CellBox, NativeDef};
use crate::object::heap::{Gc, Header};
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::TypeDef;

pub const TYPES: &[TypeDef] = &[TypeDef {
    kind: Kind::Frame,
    constructor: None,
    methods: &[NativeDef::any("clear", |_, _| Ok(Value::NONE), 1, 1)],
}];

/// Attributes that are read.
pub fn frame_attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    let frame = value.cast::<FrameObject>()?;
    let or_none = |value: Value| if value.is_null() { Value::NONE } else { value };
    Some(match name {
        "f_back" => vm.frame_back(frame),
        "f_code" => vm.code_object(frame.code.get()),
        "f_globals" => frame.globals.get().into(),
        "f_builtins" => vm.builtins.into(),
        "f_locals" => vm.frame_locals(frame),
        "f_lineno" => Value::small(i64::from(vm.frame_line(frame))),
        "f_lasti" => Value::small(i64::from(vm.frame_offset(frame))),
        "f_trace" => or_none(frame.trace.get()),
        "f_trace_lines" => Value::bool(frame.lines.get()),
        "f_trace_opcodes" => Value::bool(frame.opcodes.get()),
        _ => return None,
    })
}

pub fn traceback_attr(value: Value, name: &str) -> Option<Value> {
    let traceback = value.cast::<Traceback>()?;
    Some(match name {
        "tb_frame" => traceback.frame.into(),
        "tb_lineno" => Value::small(i64::from(traceback.line)),
        "tb_lasti" => Value::small(i64::from(traceback.at)),
        "tb_next" => traceback.next.get(),
        _ => return None,
    })
}

impl Vm {
    /// Sets `f_trace` and the like.
    pub(crate) fn store_frame_attr(&mut self, value: Value, name: Gc<Str>, new: Value) -> R<()> {
        let Some(frame) = value.cast::<FrameObject>() else { return Ok(()) };
        let flag = match &*name.text {
            "f_trace" => {
                self.ask_run_loop()?;
                let callback = if new.is_none() || new.is_null() { Value::NULL } else { new };
                self.set_frame_trace(frame, callback);
                return Ok(());
            }
            "f_trace_lines" => &frame.lines,
            "f_trace_opcodes" => &frame.opcodes,
            "f_lineno" if new.is_null() => return Err(self.attribute_error("cannot delete attribute")),
            "f_lineno" => return tracing::set_line(self, frame, new),
            _ => return Err(self.no_attribute(value, name)),
        };
        flag.set(self.truth(new)?);
        self.tracing.look();
        Ok(())
    }

    fn frame_back(&mut self, frame: Gc<FrameObject>) -> Value {
        match frame.place(self) {
            // Frames that are not in memory get their objects once.
            Place::Stack(_) if !frame.back.get().is_null() => frame.back.get(),
            Place::Stack(depth) => {
                let Some(below) = self.frame_below(depth) else { return Value::NONE };
                if below.ended.get() && frame.generator.is_null() {
                    frame.back.set(below.into());
                }
                below.into()
            }
            Place::Generator(_) => Value::NONE,
            Place::Gone if frame.back.get().is_null() => Value::NONE,
            Place::Gone => frame.back.get(),
        }
    }

    pub(crate) fn frame_line(&self, frame: Gc<FrameObject>) -> u32 {
        match frame.place(self) {
            _ if frame.telling.get() && frame.line.get() != 0 => frame.line.get(),
            // A call is told at the place before.
            _ if frame.telling.get() => {
                tracing::line_at(self, frame.code.get(), frame.at.get().checked_sub(1))
            }
            Place::Stack(depth) => tracing::line_at(self, frame.code.get(), self.offset_at(depth)),
            Place::Generator(generator) => {
                tracing::line_at(self, frame.code.get(), generator.status().ip.checked_sub(1))
            }
            Place::Gone if frame.line.get() == 0 => {
                tracing::line_at(self, frame.code.get(), Some(frame.at.get()))
            }
            Place::Gone => frame.line.get(),
        }
    }

    fn frame_offset(&self, frame: Gc<FrameObject>) -> u32 {
        match frame.place(self) {
            _ if frame.telling.get() => frame.at.get(),
            Place::Stack(depth) => self.offset_at(depth).unwrap_or(0),
            Place::Generator(generator) => generator.status().ip.saturating_sub(1),
            Place::Gone => frame.at.get(),
        }
    }

    /// A body's namespace; of a function, a dict made anew from its locals.
    /// Code is loaded, or runs, that looks at locals of functions that wait for it.
    pub(crate) fn expect_frames_read(&self) {
        if !self.tracing.frames_are_read.replace(true) {
            break_assumption();
        }
    }

    fn frame_locals(&mut self, frame: Gc<FrameObject>) -> Value {
        self.expect_frames_read();
        let (code, names) = (frame.code.get(), frame.names.get());
        let is_body = match &code.debug {
            Some(debug) => debug.is_body,
            None => names != frame.globals.get() || code.name == self.names.module,
        };
        if is_body {
            return names.into();
        }
        let dict = match frame.locals.get().cast::<Dict>() {
            Some(dict) => dict,
            None => {
                let dict = self.new_dict();
                frame.locals.set(dict.into());
                dict
            }
        };
        let slots = self.slots_of(&frame);
        for (name, local) in self.local_names(frame) {
            match slots.get(local).map(|slot| unboxed(*slot)) {
                Some(value) if !value.is_null() => dict.set_name(name, value),
                _ => {
                    dict.remove_name(name);
                }
            }
        }
        frame.touched.set(true);
        dict.into()
    }

    /// Names and numbers of a function's locals, those of outer functions last.
    fn local_names(&mut self, frame: Gc<FrameObject>) -> Vec<(Gc<Str>, usize)> {
        let code = frame.code.get();
        let Some(debug) = &code.debug else {
            return code.arg_names.iter().copied().zip(0..).collect();
        };
        let own = (debug.n_free..debug.locals.len()).chain(0..debug.n_free);
        own.map(|local| (self.intern(local_name(&debug.locals[local])), local)).collect()
    }

    /// What a callback has changed in the dict of locals becomes so in the frame.
    pub(crate) fn write_back_locals(&mut self, frame: Gc<FrameObject>) {
        let Some(dict) = frame.locals.get().cast::<Dict>() else { return };
        let Place::Stack(depth) = frame.place(self) else { return };
        let first = self.frames[depth].base + frame.code.get().n_state - 1;
        for (name, local) in self.local_names(frame) {
            let slot = first - local;
            let new = dict.get_name(name).unwrap_or(Value::NULL);
            match self.stack.get(slot).cast::<CellBox>() {
                Some(cell) => cell.value.set(new),
                None => self.stack.set(slot, new),
            }
        }
    }

    /// The traceback of an exception, outermost frame first, or None.
    pub fn traceback_of(&mut self, exception: Gc<Exception>) -> Value {
        let lines = exception.traceback.borrow().clone();
        let mut next = Value::NONE;
        for line in lines {
            let TraceLine::Code { code, at, frame } = line else { continue };
            let shown = tracing::line_at(self, code, Some(at));
            let frame = frame.unwrap_or_else(|| self.past_frame(code, at, shown));
            let header = Header::new(Kind::Traceback);
            let next_one = Traceback { header, frame, line: shown, at, next: Cell::new(next) };
            next = self.heap.alloc(next_one).into();
        }
        next
    }
}

/// A comprehension's iterable has no name in the source.
pub fn local_name(name: &str) -> &str {
    if name.is_empty() { ".0" } else { name }
}

fn unboxed(slot: Value) -> Value {
    slot.cast::<CellBox>().map_or(slot, |cell| cell.value.get())
}
