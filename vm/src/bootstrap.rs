//! A fresh virtual machine: the first types, names, exceptions and built-ins.
//!
//! The order matters: classes need names, names need strings, strings need the heap.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::builtins;
use crate::error::Exceptions;
use crate::interp::frame::Stack;
use crate::interp::frames::Frames;
use crate::interp::standard::Standard;
use crate::interp::tracing::Tracing;
use crate::names::Names;
use crate::object::class::{Class, Shapes};
use crate::object::dict::Dict;
use crate::object::heap::{Gc, Header, Heap};
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::runtime::cache::AttrCache;
use crate::vm::{Host, Types, Vm};

/// What the caller decides about a new machine.
pub struct Config {
    /// Collect at every safepoint.
    pub gc_stress: bool,
    /// Bytes of native stack that may be used below the caller's frame.
    pub native_stack: usize,
}

impl Default for Config {
    fn default() -> Self {
        Config { gc_stress: false, native_stack: 6 << 20 }
    }
}

/// The parts that exist before a `Vm` can be assembled.
struct Early {
    heap: Heap,
    shapes: Shapes,
    interned: FxHashMap<Box<str>, Gc<Str>>,
}

impl Early {
    fn intern(&mut self, text: &str) -> Gc<Str> {
        if let Some(known) = self.interned.get(text) {
            return *known;
        }
        let new = self.heap.alloc(Str::new(text.into()));
        new.interned.set(true);
        self.interned.insert(text.into(), new);
        new
    }

    fn tuple(&mut self, items: &[Value]) -> Gc<Tuple> {
        let header = Header::with_aux(Kind::Tuple, items.len() as u32);
        let class = std::cell::Cell::new(Value::NULL);
        let tuple = self.heap.alloc_with_tail(Tuple { header, class }, size_of_val(items));
        Tuple::fill(tuple, items.iter().copied());
        tuple
    }

    fn class(&mut self, name: &str, base: Option<Gc<Class>>, native: Option<Kind>) -> Gc<Class> {
        let name = self.intern(name);
        let bases: Vec<Value> = base.iter().map(|b| (*b).into()).collect();
        let class = Class {
            header: Header::new(Kind::Class),
            name,
            bases: self.tuple(&bases),
            attrs: self.heap.alloc(Dict::new(Kind::Dict)),
            mro: base.map_or(Vec::new(), |b| std::iter::once(b).chain(b.mro.iter().copied()).collect()),
            native,
            native_base: native,
            root_shape: std::cell::Cell::new(0),
            custom_access: std::cell::Cell::new(false),
            constructor: native.and_then(builtins::constructor),
        };
        self.heap.alloc(class)
    }
}

impl Vm {
    /// A machine that runs the plain interpreter; replace `executor` for another.
    pub fn new(host: Box<dyn Host>, config: Config) -> Vm {
        let mut early =
            Early { heap: Heap::new(), shapes: Shapes::default(), interned: FxHashMap::default() };
        let mut chars = Box::new([Value::NULL; 128]);
        for byte in 0..128u8 {
            chars[byte as usize] = early.intern(std::str::from_utf8(&[byte]).expect("ASCII")).into();
        }
        let names = Names::build(|text| early.intern(text));
        let object = early.class("object", None, Some(Kind::Object));
        let types = early.types(object);
        let exceptions = Exceptions::build(|name, base| {
            early.class(name, Some(base.unwrap_or(object)), Some(Kind::Exception))
        });
        let mut vm = Vm::assemble(early, names, types, exceptions, host);
        vm.chars = chars;
        vm.set_native_stack(config.native_stack);
        vm.heap.set_stress(config.gc_stress);
        vm.register_classes();
        vm.install_builtins();
        let (name, module) = (vm.intern("__builtins__"), vm.builtins_module());
        vm.builtins.set_name(name, module);
        vm.heap.set_limits(usize::MAX, usize::MAX);
        vm
    }

    fn assemble(
        mut early: Early,
        names: Names,
        types: Types,
        exceptions: Exceptions,
        host: Box<dyn Host>,
    ) -> Vm {
        let builtins = early.heap.alloc(Dict::new(Kind::Dict));
        let [modules, built_in] = [(); 2].map(|()| early.heap.alloc(Dict::new(Kind::Dict)));
        Vm {
            heap: early.heap,
            shapes: early.shapes,
            names,
            exceptions,
            types,
            builtins,
            modules,
            built_in,
            path: Value::NONE,
            argv: Value::NONE,
            stack: Stack::new(),
            frames: Frames::new(),
            executor: Rc::new(Standard),
            host,
            cache: AttrCache::default(),
            opt_level: 0,
            chars: Box::new([Value::NULL; 128]),
            interned: early.interned,
            codes: Vec::new(),
            roots: Vec::new(),
            stack_base: 0,
            stack_limit: 0,
            stop_value: Value::NONE,
            ending: false,
            native_frames: None,
            tracing: Tracing::new(),
            catches: None,
        }
    }

    /// Takes the current native stack position as the base of conservative scans; call it in the outermost function
    /// that runs Python code, and again on another thread.
    pub fn set_native_stack(&mut self, bytes: usize) {
        let here = std::hint::black_box(&bytes) as *const usize as usize;
        self.stack_base = here;
        self.stack_limit = here.saturating_sub(bytes);
    }

    fn register_classes(&mut self) {
        let builtins = self.builtins;
        let mut classes = self.exceptions.all();
        classes.extend(builtins::VISIBLE_TYPES.iter().map(|kind| self.types.of(*kind)));
        for class in classes {
            builtins.insert_new(class.name.hash(), class.name.into(), class.into());
        }
        self.path = self.list(Vec::new());
        self.argv = self.list(Vec::new());
        for (name, value) in [
            ("Ellipsis", Value::ELLIPSIS),
            ("NotImplemented", Value::NOT_IMPLEMENTED),
            ("__debug__", Value::TRUE),
            // For displays with stars, whatever the program calls `tuple`.
            ("*tuple", self.types.of(Kind::Tuple).into()),
            ("*set", self.types.of(Kind::Set).into()),
        ] {
            let name = self.intern(name);
            builtins.insert_new(name.hash(), name.into(), value);
        }
    }
}

impl Early {
    /// One class per Python type; kinds with the same type name share it.
    fn types(&mut self, object: Gc<Class>) -> Types {
        let mut by_name: Vec<(&str, Gc<Class>)> = vec![("object", object)];
        let mut by_kind: Vec<Gc<Class>> = Vec::new();
        for kind in Kind::ALL {
            let name = kind.type_name();
            let known = by_name.iter().find(|(n, _)| *n == name).map(|(_, class)| *class);
            let class = known.unwrap_or_else(|| {
                let base = if *kind == Kind::OrderedDict { by_kind[Kind::Dict as usize] } else { object };
                let class = self.class(name, Some(base), Some(*kind));
                by_name.push((name, class));
                class
            });
            by_kind.push(class);
        }
        let type_ = by_kind[Kind::Class as usize];
        Types::new(by_kind, object, type_)
    }
}
