//! Making objects: the only way from Rust data to Python values.

use std::cell::{Cell, RefCell};

use num_bigint::BigInt as Big;
use num_traits::ToPrimitive;

use crate::object::array::{Array, Memoryview, Window};
use crate::object::buffer::Buffer;
use crate::object::class::{Class, Instance};
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::foreign::{Foreign, ForeignObject};
use crate::object::function::{BoundMethod, CellBox, Closure, Function, Native, NativeDef};
use crate::object::heap::{Gc, Header};
use crate::object::iter::{Iter, IterKind};
use crate::object::kind::Kind;
use crate::object::number::{BigInt, Complex, Float};
use crate::object::sequence::{List, Range, Slice, Tuple, WideRange};
use crate::object::text::{Bytes, Str};
use crate::object::value::Value;
use crate::vm::Vm;

impl Vm {
    #[inline]
    pub fn float(&mut self, value: f64) -> Value {
        self.heap.alloc(Float { header: Header::new(Kind::Float), value }).into()
    }

    pub fn complex(&mut self, re: f64, im: f64) -> Value {
        self.heap.alloc(Complex { header: Header::new(Kind::Complex), re, im }).into()
    }

    /// A small int if it fits, else a big one.
    #[inline]
    pub fn int(&mut self, n: i64) -> Value {
        Value::try_small(n).unwrap_or_else(|| self.new_big(Big::from(n)))
    }

    /// A small int if it fits, else a big one.
    pub fn big(&mut self, n: Big) -> Value {
        match n.to_i64().and_then(Value::try_small) {
            Some(small) => small,
            None => self.new_big(n),
        }
    }

    fn new_big(&mut self, value: Big) -> Value {
        self.heap.alloc(BigInt { header: Header::new(Kind::BigInt), value }).into()
    }

    /// A new string object; not interned.
    pub fn str(&mut self, text: impl Into<Box<str>>) -> Value {
        self.new_str(text).into()
    }

    pub fn new_str(&mut self, text: impl Into<Box<str>>) -> Gc<Str> {
        let text = text.into();
        if let [byte] = text.as_bytes()
            && let Some(known) = self.chars[(byte & 0x7f) as usize].cast::<Str>()
        {
            // A string of one byte is ASCII.
            return known;
        }
        if text.is_empty()
            && let Some(known) = self.interned.get("")
        {
            return *known;
        }
        self.heap.alloc(Str::new(text))
    }

    /// The unique string with this text.
    pub fn intern(&mut self, text: &str) -> Gc<Str> {
        if let Some(known) = self.interned.get(text) {
            return *known;
        }
        let new = self.heap.alloc(Str::new(text.into()));
        new.interned.set(true);
        self.interned.insert(text.into(), new);
        new
    }

    /// The unique string equal to `s`.
    pub fn intern_str(&mut self, s: Gc<Str>) -> Gc<Str> {
        if s.interned.get() { s } else { self.intern(&s.text) }
    }

    pub fn bytes(&mut self, data: impl Into<Vec<u8>>) -> Value {
        self.new_bytes(Kind::Bytes, data.into())
    }

    pub fn bytearray(&mut self, data: impl Into<Vec<u8>>) -> Value {
        self.new_bytes(Kind::Bytearray, data.into())
    }

    fn new_bytes(&mut self, kind: Kind, data: Vec<u8>) -> Value {
        self.heap.alloc(Bytes { header: Header::new(kind), data: Buffer::from(data) }).into()
    }

    /// An array of items of `size` bytes, packed in `data`.
    pub fn array(&mut self, code: u8, size: usize, data: Vec<u8>) -> Value {
        let header = Header::new(Kind::Array);
        self.heap.alloc(Array { header, data: Buffer::from(data), code, size: size as u8 }).into()
    }

    pub fn memoryview(&mut self, window: Window) -> Value {
        self.heap.alloc(Memoryview { header: Header::new(Kind::Memoryview), window }).into()
    }

    pub fn tuple(&mut self, items: &[Value]) -> Value {
        self.new_tuple(items).into()
    }

    pub fn new_tuple(&mut self, items: &[Value]) -> Gc<Tuple> {
        let header = Header::with_aux(Kind::Tuple, items.len() as u32);
        let tuple =
            self.heap.alloc_with_tail(Tuple { header, class: Cell::new(Value::NULL) }, size_of_val(items));
        Tuple::fill(tuple, items.iter().copied());
        tuple
    }

    pub fn list(&mut self, items: Vec<Value>) -> Value {
        self.new_list(items).into()
    }

    pub fn new_list(&mut self, items: Vec<Value>) -> Gc<List> {
        self.heap.alloc(List { header: Header::new(Kind::List), items: Buffer::from(items) })
    }

    pub fn new_dict(&mut self) -> Gc<Dict> {
        self.heap.alloc(Dict::new(Kind::Dict))
    }

    /// An empty table of one of the dict and set kinds.
    pub fn new_table(&mut self, kind: Kind) -> Gc<Dict> {
        self.heap.alloc(Dict::new(kind))
    }

    pub fn range(&mut self, start: i64, stop: i64, step: i64) -> Value {
        self.heap.alloc(Range { header: Header::new(Kind::Range), start, stop, step }).into()
    }

    pub fn wide_range(&mut self, start: Value, stop: Value, step: Value) -> Value {
        self.heap.alloc(WideRange { header: Header::new(Kind::WideRange), start, stop, step }).into()
    }

    pub fn slice(&mut self, start: Value, stop: Value, step: Value) -> Value {
        self.heap.alloc(Slice { header: Header::new(Kind::Slice), start, stop, step }).into()
    }

    pub fn cell_box(&mut self, value: Value) -> Value {
        self.heap.alloc(CellBox { header: Header::new(Kind::Cell), value: Cell::new(value) }).into()
    }

    pub fn bound_method(&mut self, function: Value, this: Value) -> Value {
        self.heap.alloc(BoundMethod { header: Header::new(Kind::BoundMethod), function, this }).into()
    }

    pub fn native(&mut self, def: &'static NativeDef) -> Value {
        self.heap.alloc(Native { header: Header::new(Kind::Native), def }).into()
    }

    pub fn closure(&mut self, function: Gc<Function>, cells: Gc<Tuple>) -> Value {
        self.heap.alloc(Closure { header: Header::new(Kind::Closure), function, cells }).into()
    }

    /// A built-in iterator; see [`IterKind`] for what the fields mean.
    pub fn iterator(&mut self, what: IterKind, a: Value, b: Value, n: i64, end: i64) -> Value {
        let header = Header::with_aux(Kind::Iter, what as u32);
        self.heap.alloc(Iter { header, what, a, b, n: Cell::new(n), end }).into()
    }

    pub fn foreign(&mut self, class: Gc<Class>, object: Box<dyn ForeignObject>) -> Value {
        self.heap.alloc(Foreign { header: Header::new(Kind::Foreign), class, object }).into()
    }

    /// An instance of a Python class, without running `__init__`.
    pub fn new_instance(&mut self, class: Gc<Class>) -> Gc<Instance> {
        let root = class.root_shape.get();
        let cap = self.shapes.get(root).cap;
        self.heap.alloc_with_tail(Instance::new(root, cap), cap as usize * 8)
    }

    pub fn new_exception(&mut self, class: Gc<Class>, args: &[Value]) -> Gc<Exception> {
        let args = self.new_tuple(args);
        self.heap.alloc(Exception {
            header: Header::new(Kind::Exception),
            class,
            args: Cell::new(args),
            attrs: Cell::new(Value::NULL),
            traceback: RefCell::new(Vec::new()),
        })
    }
}
