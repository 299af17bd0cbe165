//! Making classes and instances.

use std::cell::Cell;

use crate::error::R;
use crate::object::class::{Class, Instance};
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::{Args, Code, Function};
use crate::object::heap::{Gc, Header};
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

const MAX_INLINE_SLOTS: usize = 24;

impl Vm {
    /// `type(name, bases, attrs)`.
    pub fn new_class(&mut self, name: Gc<Str>, bases: &[Value], attrs: Gc<Dict>) -> R<Gc<Class>> {
        let mut mro: Vec<Gc<Class>> = Vec::new();
        let mut native_base = None;
        for base in bases {
            let Some(base) = base.cast::<Class>() else {
                return Err(self.type_error("type isn't an acceptable base type"));
            };
            if !self.is_base(base) {
                let name = &base.name.text;
                return Err(self.type_error(format!("type '{name}' isn't an acceptable base type")));
            }
            for class in std::iter::once(base).chain(base.mro.iter().copied()) {
                if !mro.contains(&class) && class != self.types.object {
                    mro.push(class);
                }
            }
            native_base = self.merge_native(native_base, base.native_base)?;
        }
        mro.push(self.types.object);
        let bases = if bases.is_empty() {
            self.new_tuple(&[self.types.object.into()])
        } else {
            self.new_tuple(bases)
        };
        let class = self.heap.alloc(Class {
            header: Header::new(Kind::Class),
            name,
            bases,
            attrs,
            mro,
            native: None,
            native_base,
            root_shape: Cell::new(0),
            custom_access: Cell::new(false),
            constructor: None,
        });
        let cap = self.guess_slots(class);
        let shape = self.shapes.new_root(class, cap as u16);
        class.root_shape.set(shape);
        self.note_custom_access(class);
        self.cache.invalidate();
        Ok(class)
    }

    /// Instances of it can be made, so they can be extended.
    fn is_base(&self, class: Gc<Class>) -> bool {
        let made_here = matches!(class.native, None | Some(Kind::Object | Kind::Exception));
        made_here || class.constructor.is_some()
    }

    fn merge_native(&mut self, a: Option<Kind>, b: Option<Kind>) -> R<Option<Kind>> {
        let plain = |k: &Kind| *k != Kind::Object;
        match (a.filter(plain), b.filter(plain)) {
            (Some(x), Some(y)) if x != y => {
                Err(self.type_error("multiple bases have instance lay-out conflict"))
            }
            (x, y) => Ok(x.or(y)),
        }
    }

    /// How many attributes instances will probably get: the distinct names that methods store to.
    fn guess_slots(&mut self, class: Gc<Class>) -> usize {
        let mut names: Vec<usize> = Vec::new();
        for part in std::iter::once(class).chain(class.mro.iter().copied()) {
            for (_, value) in part.attrs.iter() {
                if let Some(function) = value.cast::<Function>() {
                    count_stores(function.code, &mut names);
                }
            }
        }
        names.len().min(MAX_INLINE_SLOTS)
    }

    /// Remembers whether stores to instances must look at the class first.
    pub(crate) fn note_custom_access(&mut self, class: Gc<Class>) {
        let inherited = class.mro.iter().any(|c| c.custom_access.get());
        let own = class.attrs.iter().any(|(key, value)| self.customises_access(key, value));
        class.custom_access.set(inherited || own);
    }

    fn customises_access(&mut self, name: Value, value: Value) -> bool {
        name == self.names.setattr.into()
            || value.kind() == Kind::Property
            || (value.kind() == Kind::Instance && self.special(value, self.names.set).is_some())
    }

    /// The same when one attribute was set. The others need a look only if one of them may have been the reason.
    pub(crate) fn note_attr_access(&mut self, class: Gc<Class>, name: Gc<Str>, value: Value) {
        if class.custom_access.get() {
            self.note_custom_access(class);
        } else {
            let custom = self.customises_access(name.into(), value);
            class.custom_access.set(custom);
        }
    }

    /// Calls a class: makes an instance and initialises it.
    pub fn construct(&mut self, class: Gc<Class>, args: Args<'_>) -> R {
        if let Some(constructor) = class.constructor {
            return constructor(self, args);
        }
        if class.native.is_some()
            && class.native != Some(Kind::Exception)
            && class.native != Some(Kind::Object)
        {
            return Err(self.type_error(format!("cannot create '{}' instances", class.name.text)));
        }
        let instance = self.allocate(class, args)?;
        if !self.is_instance(instance, class) {
            return Ok(instance);
        }
        if let Some(init) = self.find_in_class(class, self.names.init)
            && init.kind() != Kind::Native
        {
            self.check_init(init, instance, args)?;
        } else if instance.kind() == Kind::Instance
            && class.native_base.is_none()
            && !args.pos.is_empty()
            && self.find_in_class(class, self.names.new).is_none_or(|new| new.kind() == Kind::Native)
        {
            let name = class.name.text.to_string();
            return Err(self.type_error(name + "() takes no arguments"));
        }
        Ok(instance)
    }

    fn check_init(&mut self, init: Value, instance: Value, args: Args<'_>) -> R<()> {
        let mut all = Vec::with_capacity(args.pos.len() + 1);
        all.push(instance);
        all.extend_from_slice(args.pos);
        let result = self.call_args(init, Args { pos: &all, kw: args.kw })?;
        if result.is_none() { Ok(()) } else { Err(self.type_error("__init__() should return None")) }
    }

    /// `__new__`: the bare object.
    fn allocate(&mut self, class: Gc<Class>, args: Args<'_>) -> R {
        if let Some(new) = self.find_in_class(class, self.names.new)
            && matches!(new.kind(), Kind::Function | Kind::Closure | Kind::StaticMethod)
        {
            let mut all = vec![Value::from(class)];
            all.extend_from_slice(args.pos);
            return self.call_args(super::attr::unwrap_method(new), Args { pos: &all, kw: args.kw });
        }
        self.allocate_plain(class, args)
    }

    /// The bare object, without asking the class's `__new__`.
    pub fn allocate_plain(&mut self, class: Gc<Class>, args: Args<'_>) -> R {
        match class.native_base.filter(|k| *k != Kind::Object) {
            Some(Kind::Exception) => Ok(self.new_exception(class, args.pos).into()),
            Some(kind) => self.allocate_wrapping(class, kind, args),
            None if class.native.is_some() => {
                Ok(self.heap.alloc(crate::object::class::Plain { header: Header::new(Kind::Object) }).into())
            }
            None => Ok(self.new_instance(class).into()),
        }
    }

    fn allocate_wrapping(&mut self, class: Gc<Class>, kind: Kind, args: Args<'_>) -> R {
        let base = self.types.of(kind);
        let inner = match base.constructor {
            Some(constructor)
                if self.find_in_class(class, self.names.init).is_none_or(|i| i.kind() == Kind::Native) =>
            {
                constructor(self, args)?
            }
            // What cannot change later gets its value now, whatever `__init__` does.
            Some(constructor) if is_immutable(kind) => {
                constructor(self, args).or_else(|_| constructor(self, Args::positional(&[])))?
            }
            Some(constructor) => {
                constructor(self, Args::positional(&[])).or_else(|_| constructor(self, args))?
            }
            None => Value::NULL,
        };
        let instance: Gc<Instance> = self.new_instance(class);
        instance.wrapped.set(inner);
        Ok(instance.into())
    }

    /// `isinstance(value, class)`.
    pub fn is_instance(&self, value: Value, class: Gc<Class>) -> bool {
        Class::is_subclass(self.class_of(value), class)
    }

    /// The exception to raise for `raise value`: an instance, or a class that is called first.
    pub fn make_exception(&mut self, value: Value) -> R<Gc<Exception>> {
        let value = match value.cast::<Class>() {
            Some(class) if Class::is_subclass(class, self.exceptions.BaseException) => {
                self.construct(class, Args::positional(&[]))?
            }
            _ => value,
        };
        match value.cast::<Exception>() {
            Some(exception) => Ok(exception),
            None => Err(self.type_error("exceptions must derive from BaseException")),
        }
    }
}

fn is_immutable(kind: Kind) -> bool {
    use Kind::{Bytes, Complex, Float, Frozenset, Int, Str, Tuple};
    matches!(kind, Tuple | Str | Bytes | Frozenset | Int | Float | Complex)
}

/// Adds the names of all STORE_ATTR instructions of `code`.
fn count_stores(code: &'static Code, names: &mut Vec<usize>) {
    use crate::bytecode::{decode, op};
    let mut at = 0;
    while let Ok(instr) = decode(code.ops, at) {
        if instr.op == op::STORE_ATTR
            && let Some(name) = code.unit.qstrs.get(instr.arg as usize)
            && names.len() < MAX_INLINE_SLOTS
            && !names.contains(&name.address())
        {
            names.push(name.address());
        }
        at = instr.next;
    }
}
