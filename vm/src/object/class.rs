//! Classes, shapes and instances.
//!
//! An instance's attributes live in numbered slots. Which name is in which slot is its *shape* (hidden class), a
//! small number in the header; instances of one class that got the same attributes in the same order share it.
//! The shape also determines the class. Shapes form a tree per class: adding an attribute follows an edge.
//!
//! ```text
//!   class Point ─ root shape 7 {} ── x ──► 8 {x:0} ── y ──► 9 {x:0, y:1}
//!   instance:  [kind, shape | overflow | slot 0 | slot 1 | … cap ]
//! ```
//!
//! The first `cap` slots are inline; `cap` is guessed from the attribute stores in the class's methods. Slots
//! beyond it are in the overflow buffer.
#![expect(unsafe_code, reason = "instances hold their slots inline")]

use std::cell::Cell;

use rustc_hash::FxHashMap;

use super::buffer::Buffer;
use super::dict::Dict;
use super::heap::{Gc, Header, Marker};
use super::kind::Kind;
use super::sequence::Tuple;
use super::text::Str;
use super::value::Value;
use crate::heap_object;

/// A type. Built-in ones have `native`: the kind of their values.
#[repr(C)]
pub struct Class {
    pub header: Header,
    pub name: Gc<Str>,
    pub bases: Gc<Tuple>,
    pub attrs: Gc<Dict>,
    /// This class, then its bases, depth first.
    pub mro: Vec<Gc<Class>>,
    pub native: Option<Kind>,
    /// The built-in type whose values instances wrap or are (list, Exception, …), if any base is one.
    pub native_base: Option<Kind>,
    pub root_shape: Cell<u32>,
    /// `__getattr__`, `__setattr__`, `__delattr__` or a data descriptor may be involved.
    pub custom_access: Cell<bool>,
    pub constructor: Option<super::function::NativeFn>,
}
impl Class {
    /// `other` is this class or one of its bases.
    pub fn is_subclass(this: Gc<Class>, other: Gc<Class>) -> bool {
        this == other || this.mro.contains(&other)
    }
}
heap_object!(Class, Class, drop: true, |this, marker| {
    marker.object(this.name);
    marker.object(this.bases);
    marker.object(this.attrs);
    this.mro.iter().filter(|c| c.address() != (&raw const *this) as usize).for_each(|c| marker.object(*c));
});

/// Number of a shape in [`Shapes`].
pub type ShapeId = u32;

pub struct Shape {
    pub class: Gc<Class>,
    /// Inline slots of instances with this shape.
    pub cap: u16,
    /// Slot names in order.
    pub names: Vec<Gc<Str>>,
    next: FxHashMap<usize, ShapeId>,
}

/// All shapes, by number. Shape 0 is unused.
#[derive(Default)]
pub struct Shapes {
    all: Vec<Shape>,
}

impl Shapes {
    /// The empty shape of a new class.
    pub fn new_root(&mut self, class: Gc<Class>, cap: u16) -> ShapeId {
        self.all.push(Shape { class, cap, names: Vec::new(), next: FxHashMap::default() });
        self.all.len() as ShapeId
    }

    #[inline(always)]
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.all[id as usize - 1]
    }

    /// Slot of `name` in shape `id`. Names are interned: pointers decide.
    pub fn slot(&self, id: ShapeId, name: Gc<Str>) -> Option<usize> {
        self.get(id).names.iter().position(|n| *n == name)
    }

    /// The shape after adding `name`.
    pub fn extend(&mut self, id: ShapeId, name: Gc<Str>) -> ShapeId {
        let shape = self.get(id);
        if let Some(next) = shape.next.get(&name.address()) {
            return *next;
        }
        let mut names = shape.names.clone();
        names.push(name);
        let new = Shape { class: shape.class, cap: shape.cap, names, next: FxHashMap::default() };
        self.all.push(new);
        let next = self.all.len() as ShapeId;
        self.all[id as usize - 1].next.insert(name.address(), next);
        next
    }

    /// The shape with the same names but `slot`.
    pub fn without(&mut self, id: ShapeId, slot: usize) -> ShapeId {
        let names = self.get(id).names.clone();
        let mut shape = self.get(id).class.root_shape.get();
        for (_, name) in names.into_iter().enumerate().filter(|(i, _)| *i != slot) {
            shape = self.extend(shape, name);
        }
        shape
    }

    pub fn trace(&self, marker: &mut Marker) {
        for shape in &self.all {
            marker.object(shape.class);
            shape.names.iter().for_each(|n| marker.object(*n));
        }
    }
}

/// Inline slots start at [`Instance::SLOTS`]; `wrapped` is the value of a built-in base class, or NULL.
#[repr(C)]
pub struct Instance {
    pub header: Header,
    /// Inline capacity.
    cap: u32,
    used: Cell<u32>,
    pub wrapped: Cell<Value>,
    pub overflow: Buffer<Value>,
}
heap_object!(Instance, Instance, drop: true, |this, marker| {
    marker.value(this.wrapped.get());
    marker.values((0..this.used.get() as usize).map(|i| this.slot(i)));
});

impl Instance {
    /// Byte offset of inline slot 0.
    pub const SLOTS: usize = size_of::<Instance>();

    pub fn new(shape: ShapeId, cap: u16) -> Instance {
        Instance {
            header: Header::with_aux(Kind::Instance, shape),
            cap: cap as u32,
            used: Cell::new(0),
            wrapped: Cell::new(Value::NULL),
            overflow: Buffer::default(),
        }
    }

    #[inline(always)]
    pub fn shape(&self) -> ShapeId {
        self.header.aux()
    }

    fn inline(&self, i: usize) -> *mut Value {
        // SAFETY: callers keep `i` below `cap`, for which `Vm::new_instance` made room.
        unsafe { ((&raw const *self).add(1) as *mut Value).add(i) }
    }

    #[inline(always)]
    pub fn slot(&self, i: usize) -> Value {
        if i < self.cap as usize {
            // SAFETY: inline slots below `used` are initialised; the rest are zeroed.
            unsafe { *self.inline(i) }
        } else {
            self.overflow.at(i - self.cap as usize)
        }
    }

    #[inline(always)]
    pub fn set_slot(&self, i: usize, value: Value) {
        if i < self.cap as usize {
            // SAFETY: in the inline part; no reference to slots is ever handed out.
            unsafe { *self.inline(i) = value }
        } else {
            self.overflow.set(i - self.cap as usize, value);
        }
    }

    /// Adds slot number `used` under the new `shape`.
    pub fn push_slot(&self, shape: ShapeId, value: Value) {
        let i = self.used.get() as usize;
        self.used.set(i as u32 + 1);
        if i >= self.cap as usize {
            self.overflow.push(Value::NULL);
        }
        self.set_slot(i, value);
        self.header.set_aux(shape);
    }

    /// Removes slot `i`; those behind it move up.
    pub fn remove_slot(&self, shape: ShapeId, i: usize) {
        let last = self.used.get() as usize - 1;
        (i..last).for_each(|k| self.set_slot(k, self.slot(k + 1)));
        if last >= self.cap as usize {
            self.overflow.pop();
        }
        self.used.set(last as u32);
        self.header.set_aux(shape);
    }
}

#[repr(C)]
pub struct Property {
    pub header: Header,
    pub get: Value,
    pub set: Value,
    pub delete: Value,
}
heap_object!(Property, Property, drop: false, |this, marker| marker.values([this.get, this.set, this.delete]));

/// `staticmethod` or `classmethod`, by the header's kind.
#[repr(C)]
pub struct MethodWrapper {
    pub header: Header,
    pub function: Value,
}
heap_object!(MethodWrapper, StaticMethod | ClassMethod, drop: false, |this, marker| marker.value(this.function));

/// `super(class, this)`.
#[repr(C)]
pub struct Super {
    pub header: Header,
    pub class: Gc<Class>,
    pub this: Value,
}
heap_object!(Super, Super, drop: false, |this, marker| {
    marker.object(this.class);
    marker.value(this.this);
});

#[repr(C)]
pub struct Module {
    pub header: Header,
    pub name: Gc<Str>,
    pub globals: Gc<Dict>,
}

/// Flag of built-in modules: what they have can be replaced, but nothing can be added.
const CLOSED: u16 = 1;

impl Module {
    pub fn close(&self) {
        self.header.flags.set(CLOSED);
    }

    pub fn is_closed(&self) -> bool {
        self.header.flags.get() & CLOSED != 0
    }
}
heap_object!(Module, Module, drop: false, |this, marker| {
    marker.object(this.name);
    marker.object(this.globals);
});

/// `object()`: nothing but an identity.
#[repr(C)]
pub struct Plain {
    pub header: Header,
}
heap_object!(Plain, Object, drop: false, |_this, _marker| ());
