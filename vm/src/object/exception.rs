//! Exception instances, of built-in and of Python classes.

use std::cell::{Cell, RefCell};

use super::class::Class;
use super::frame::FrameObject;
use super::function::Code;
use super::heap::{Gc, Header};
use super::sequence::Tuple;
use super::text::Str;
use super::value::Value;
use crate::heap_object;

/// One line of a traceback. Which line that is, somebody may ask; most exceptions are caught, and nobody does.
#[derive(Clone, Copy, Debug)]
pub enum TraceLine {
    /// The compiler complains of it.
    Source { file: Gc<Str>, line: u32 },
    /// The instruction around offset `at`, and the object of the frame, if it had one.
    Code { code: &'static Code, at: u32, frame: Option<Gc<FrameObject>> },
}

impl TraceLine {
    pub fn file(&self) -> Gc<Str> {
        match self {
            TraceLine::Source { file, .. } => *file,
            TraceLine::Code { code, .. } => code.unit.file,
        }
    }

    pub fn line(&self) -> u32 {
        match self {
            TraceLine::Source { line, .. } => *line,
            TraceLine::Code { code, at, .. } => code.line(*at as usize),
        }
    }

    pub fn function(&self) -> Option<Gc<Str>> {
        match self {
            TraceLine::Source { .. } => None,
            TraceLine::Code { code, .. } => Some(code.name),
        }
    }

    /// The instruction, if there is one.
    pub fn place(&self) -> Option<(&'static Code, u32)> {
        match self {
            TraceLine::Source { .. } => None,
            TraceLine::Code { code, at, .. } => Some((code, *at)),
        }
    }
}

#[repr(C)]
pub struct Exception {
    pub header: Header,
    pub class: Gc<Class>,
    pub args: Cell<Gc<Tuple>>,
    /// A dict of further attributes, or NULL.
    pub attrs: Cell<Value>,
    /// Innermost frame first.
    pub traceback: RefCell<Vec<TraceLine>>,
}
heap_object!(Exception, Exception, drop: true, |this, marker| {
    marker.object(this.class);
    marker.object(this.args.get());
    marker.value(this.attrs.get());
    for line in this.traceback.borrow().iter() {
        match line {
            TraceLine::Source { file, .. } => marker.object(*file),
            // The machine keeps code alive.
            TraceLine::Code { frame, .. } => frame.iter().for_each(|frame| marker.object(*frame)),
        }
    }
});
