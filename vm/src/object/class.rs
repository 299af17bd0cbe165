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
    line: u32,
    /// Number of slots.
    len: u32,
    next: FxHashMap<usize, ShapeId>,
}

/// Names that were added one after the other, and the slot of each. The shapes along the way share it, each with as
/// much of it as it has slots: a shape of its own list would make a thousand attributes half a million names.
#[derive(Default)]
struct Line {
    names: Vec<Gc<Str>>,
    slots: FxHashMap<usize, u32>,
}

/// All shapes, by number. Shape 0 is unused.
#[derive(Default)]
pub struct Shapes {
    all: Vec<Shape>,
    lines: Vec<Line>,
}

/// So many names are compared one by one.
const SCAN_MAX: usize = 8;

impl Shapes {
    /// The empty shape of a new class.
    pub fn new_root(&mut self, class: Gc<Class>, cap: u16) -> ShapeId {
        self.lines.push(Line::default());
        let line = self.lines.len() as u32 - 1;
        self.all.push(Shape { class, cap, line, len: 0, next: FxHashMap::default() });
        self.all.len() as ShapeId
    }

    #[inline(always)]
    pub fn get(&self, id: ShapeId) -> &Shape {
        &self.all[id as usize - 1]
    }

    /// Slot names in order.
    pub fn names(&self, id: ShapeId) -> &[Gc<Str>] {
        let shape = self.get(id);
        &self.lines[shape.line as usize].names[..shape.len as usize]
    }

    /// Slot of `name` in shape `id`. Names are interned: pointers decide.
    pub fn slot(&self, id: ShapeId, name: Gc<Str>) -> Option<usize> {
        let names = self.names(id);
        if names.len() <= SCAN_MAX {
            return names.iter().position(|n| *n == name);
        }
        let slot = self.lines[self.get(id).line as usize].slots.get(&name.address());
        slot.map(|n| *n as usize).filter(|n| *n < names.len())
    }

    /// The shape after adding `name`.
    pub fn extend(&mut self, id: ShapeId, name: Gc<Str>) -> ShapeId {
        let Shape { class, cap, line, len, ref next } = *self.get(id);
        if let Some(next) = next.get(&name.address()) {
            return *next;
        }
        let line = self.line_after(line, len as usize);
        self.lines[line as usize].names.push(name);
        self.lines[line as usize].slots.insert(name.address(), len);
        self.all.push(Shape { class, cap, line, len: len + 1, next: FxHashMap::default() });
        let next = self.all.len() as ShapeId;
        self.all[id as usize - 1].next.insert(name.address(), next);
        next
    }

    /// A line that ends after `len` names: this one, or a copy of its beginning.
    fn line_after(&mut self, line: u32, len: usize) -> u32 {
        let names = &self.lines[line as usize].names;
        if names.len() == len {
            return line;
        }
        let names = names[..len].to_vec();
        let slots = names.iter().enumerate().map(|(n, name)| (name.address(), n as u32)).collect();
        self.lines.push(Line { names, slots });
        self.lines.len() as u32 - 1
    }

    /// The shape with the same names but `slot`.
    pub fn without(&mut self, id: ShapeId, slot: usize) -> ShapeId {
        let names = self.names(id).to_vec();
        let mut shape = self.get(id).class.root_shape.get();
        for (_, name) in names.into_iter().enumerate().filter(|(i, _)| *i != slot) {
            shape = self.extend(shape, name);
        }
        shape
    }

    pub fn trace(&self, marker: &mut Marker) {
        self.all.iter().for_each(|shape| marker.object(shape.class));
        self.lines.iter().flat_map(|line| &line.names).for_each(|name| marker.object(*name));
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
