//! Small helpers with which the tables of natives are written and their arguments read.

use crate::error::R;
use crate::object::class::{Class, Property};
use crate::object::dict::Dict;
use crate::object::foreign::Foreign;
use crate::object::function::{Args, Effects, NativeDef, NativeFn};
use crate::object::heap::{Gc, Header, Object};
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

impl NativeDef {
    const fn with(name: &'static str, call: NativeFn, min: u8, max: u8, effects: Effects) -> NativeDef {
        NativeDef { name, call, min, max, kw: false, effects, of_frames: false }
    }

    /// A native whose result depends on immutable arguments only.
    pub const fn pure(name: &'static str, call: NativeFn, min: u8, max: u8) -> NativeDef {
        NativeDef::with(name, call, min, max, Effects::Pure)
    }

    /// A native that reads the heap and changes nothing.
    pub const fn reads(name: &'static str, call: NativeFn, min: u8, max: u8) -> NativeDef {
        NativeDef::with(name, call, min, max, Effects::Reads)
    }

    /// A native that does so if its arguments are scalars.
    pub const fn reads_scalars(name: &'static str, call: NativeFn, min: u8, max: u8) -> NativeDef {
        NativeDef::with(name, call, min, max, Effects::ReadsScalars)
    }

    /// A native that may do anything.
    pub const fn any(name: &'static str, call: NativeFn, min: u8, max: u8) -> NativeDef {
        NativeDef::with(name, call, min, max, Effects::Any)
    }

    /// The same, looking at frames.
    pub const fn of_frames(self) -> NativeDef {
        NativeDef { of_frames: true, ..self }
    }

    /// The same, accepting keyword arguments.
    pub const fn keywords(self) -> NativeDef {
        NativeDef { kw: true, ..self }
    }
}

/// Any number of arguments.
pub const MANY: u8 = 255;

impl Vm {
    /// Checks the number of positional arguments of a constructor, and that there are no keywords.
    pub(crate) fn check_arity(&mut self, name: &str, args: Args<'_>, min: usize, max: usize) -> R<()> {
        if !args.kw.is_empty() {
            return Err(self.type_error("function doesn't take keyword arguments"));
        }
        let n = args.pos.len();
        if (min..=max).contains(&n) {
            return Ok(());
        }
        let message = if min == max {
            format!("{name}() takes {min} positional arguments but {n} were given")
        } else if n < min {
            format!("function missing {} required positional arguments", min - n)
        } else {
            format!("{name}() expected at most {max} arguments, got {n}")
        };
        Err(self.type_error(message))
    }

    /// The object of Rust type `T` that a method was called on, looking into instances of Python subclasses.
    pub(crate) fn receiver<T: Object>(&mut self, value: Value) -> R<Gc<T>> {
        match value.cast::<T>().or_else(|| self.wrapped(value).and_then(Value::cast::<T>)) {
            Some(object) => Ok(object),
            None => Err(self.type_error("argument has wrong type")),
        }
    }

    /// The built-in value a method was called on: `value` itself or what an instance wraps.
    pub(crate) fn unwrapped(&self, value: Value) -> Value {
        self.wrapped(value).unwrap_or(value)
    }

    /// An argument that must be a string.
    pub(crate) fn str_arg(&mut self, value: Value) -> R<Gc<Str>> {
        match self.unwrapped(value).cast::<Str>() {
            Some(text) => Ok(text),
            None => {
                let name = self.type_name(value);
                Err(self.type_error(format!("can't convert '{name}' object to str implicitly")))
            }
        }
    }

    /// An argument that must be an attribute's name.
    pub(crate) fn name_arg(&mut self, value: Value) -> R<Gc<Str>> {
        let text = self.str_arg(value)?;
        Ok(self.intern_str(text))
    }

    /// An argument that must be a class.
    pub(crate) fn class_arg(&mut self, value: Value) -> R<Gc<Class>> {
        match value.cast::<Class>() {
            Some(class) => Ok(class),
            None => Err(self.type_error("argument must be a class")),
        }
    }

    /// Calls `value.name(args…)`.
    pub(crate) fn call_method(&mut self, value: Value, name: &str, args: &[Value]) -> R {
        let name = self.intern(name);
        let (function, this) = self.load_method(value, name)?;
        if this.is_null() {
            return self.call(function, args);
        }
        self.call_with_self(function, this, Args::positional(args))
    }

    /// A class for objects of a built-in module; `new` is its `__new__` and gets the class first.
    pub(crate) fn foreign_class(
        &mut self,
        name: &str,
        new: Option<&'static NativeDef>,
        methods: &'static [NativeDef],
    ) -> Gc<Class> {
        let attrs = self.new_dict();
        methods.iter().for_each(|def| self.install(attrs, def));
        if let Some(new) = new {
            let native = self.native(new);
            let wrapped = self.static_method(native);
            attrs.set_name(self.names.new, wrapped);
        }
        let name = self.intern(name);
        let object = self.types.object;
        match self.new_class(name, &[object.into()], attrs) {
            Ok(class) => class,
            Err(_) => object,
        }
    }

    /// Adds read-only attributes, each computed by a native that gets the object.
    pub(crate) fn install_getters(&mut self, class: Gc<Class>, getters: &'static [NativeDef]) {
        for def in getters {
            let get = self.native(def);
            let (set, delete) = (Value::NONE, Value::NONE);
            let property = Property { header: Header::new(Kind::Property), get, set, delete };
            let property = self.heap.alloc(property);
            self.define(class.attrs, def.name, property.into());
        }
    }

    /// The Rust object of type `T` behind a built-in module's object.
    pub(crate) fn foreign_object<'a, T: 'static>(&mut self, value: Value) -> R<&'a T> {
        let object = self.unwrapped(value).cast::<Foreign>();
        match object.and_then(|o| o.get().object.as_any().downcast_ref::<T>()) {
            Some(object) => Ok(object),
            None => Err(self.type_error("argument has wrong type")),
        }
    }

    /// Sets a name in a namespace.
    pub(crate) fn define(&mut self, namespace: Gc<Dict>, name: &str, value: Value) {
        let name = self.intern(name);
        namespace.set_name(name, value);
    }

    /// The value is of one of these kinds, or wraps one.
    pub(crate) fn is_kind(&self, value: Value, kinds: &[Kind]) -> bool {
        kinds.contains(&self.unwrapped(value).kind())
    }
}
