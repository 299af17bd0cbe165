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

/// One line of a traceback.
#[derive(Clone, Copy, Debug)]
pub struct TraceLine {
    pub file: Gc<Str>,
    pub line: u32,
    pub function: Option<Gc<Str>>,
    /// The instruction, if there is one.
    pub place: Option<(&'static Code, u32)>,
    /// The object of the frame, if it had one.
    pub frame: Option<Gc<FrameObject>>,
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
        marker.object(line.file);
        line.function.iter().for_each(|f| marker.object(*f));
        line.frame.iter().for_each(|f| marker.object(*f));
    }
});
