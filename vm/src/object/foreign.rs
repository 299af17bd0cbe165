//! Objects of built-in modules behind one trait: files, StringIO, deque, array and the like.

use std::any::Any;

use super::class::Class;
use super::heap::{Gc, Header, Marker};
use crate::heap_object;

/// The Rust side of such an object.
pub trait ForeignObject: Any {
    fn trace(&self, _marker: &mut Marker) {}
    fn as_any(&self) -> &dyn Any;
}

#[repr(C)]
pub struct Foreign {
    pub header: Header,
    pub class: Gc<Class>,
    pub object: Box<dyn ForeignObject>,
}
heap_object!(Foreign, Foreign, drop: true, |this, marker| {
    marker.object(this.class);
    this.object.trace(marker);
});
