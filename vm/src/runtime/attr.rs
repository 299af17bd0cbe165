//! Attributes: reading, writing and deleting them on any value.

use crate::error::{R, Raise};
use crate::object::class::{Class, Instance, MethodWrapper, Module, Property, Super};
use crate::object::exception::Exception;
use crate::object::foreign::Foreign;
use crate::object::function::Native;
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::runtime::cache::Found;
use crate::vm::Vm;

impl Vm {
    /// `type(value)`.
    pub fn class_of(&self, value: Value) -> Gc<Class> {
        match value.kind() {
            Kind::Instance => {
                let shape = value.header_aux().unwrap_or(0);
                self.shapes.get(shape).class
            }
            Kind::Exception => value.cast::<Exception>().map_or(self.types.object, |e| e.class),
            Kind::Foreign => value.cast::<Foreign>().map_or(self.types.object, |f| f.class),
            Kind::Tuple => {
                let class = value.cast::<crate::object::sequence::Tuple>().and_then(|t| t.class.get().cast());
                class.unwrap_or_else(|| self.types.of(Kind::Tuple))
            }
            kind => self.types.of(kind),
        }
    }

    /// `type(value).__name__`.
    pub fn type_name(&self, value: Value) -> String {
        self.class_of(value).name.text.to_string()
    }

    /// A method that the class of an instance defines in Python (or inherits from a class that does).
    pub fn special(&mut self, value: Value, name: Gc<Str>) -> Option<Value> {
        match value.kind() {
            Kind::Instance | Kind::Exception | Kind::Foreign => {
                self.find_in_class(self.class_of(value), name)
            }
            Kind::Tuple if self.class_of(value).native.is_none() => {
                self.find_in_class(self.class_of(value), name)
            }
            Kind::Class => self.special_of_class(value, name),
            _ => None,
        }
    }

    /// A class has no class of its own making, but it may name one in `__meta__` whose methods answer for it.
    fn special_of_class(&mut self, value: Value, name: Gc<Str>) -> Option<Value> {
        let class = value.cast::<Class>().filter(|class| class.native.is_none())?;
        let meta = self.find_in_class(class, self.names.meta)?.cast::<Class>()?;
        self.find_in_class(meta, name)
    }

    /// The built-in value inside an instance of a class that extends a built-in type.
    pub fn wrapped(&self, value: Value) -> Option<Value> {
        value.cast::<Instance>().map(|i| i.wrapped.get()).filter(|w| !w.is_null())
    }

    /// `value.name`.
    pub fn load_attr(&mut self, value: Value, name: Gc<Str>) -> R {
        match self.find_attr(value, name)? {
            Some(found) => Ok(found),
            None => self.attr_fallback(value, name),
        }
    }

    /// `getattr(value, name)` without raising when it is missing.
    pub fn find_attr(&mut self, value: Value, name: Gc<Str>) -> R<Option<Value>> {
        match value.kind() {
            Kind::Instance => self.instance_attr(value, name),
            Kind::Module => Ok(self.module_attr(value, name)),
            Kind::Class => self.class_attr(value, name),
            Kind::Super => self.super_attr(value, name),
            Kind::Exception => self.exception_attr(value, name),
            _ => self.builtin_attr(value, name),
        }
    }

    fn instance_attr(&mut self, value: Value, name: Gc<Str>) -> R<Option<Value>> {
        let Some(instance) = value.cast::<Instance>() else { return Ok(None) };
        match self.find_in_shape(instance.shape(), name) {
            Found::Slot(slot) => Ok(Some(instance.slot(slot))),
            Found::Class(raw) => self.bind(raw, value, self.class_of(value)).map(Some),
            Found::Missing => self.instance_extra(value, name),
        }
    }

    fn instance_extra(&mut self, value: Value, name: Gc<Str>) -> R<Option<Value>> {
        if name == self.names.dict {
            return self.instance_dict(value).map(Some);
        }
        match self.wrapped(value) {
            Some(inner) => self.find_attr(inner, name),
            None => Ok(self.common_attr(value, name)),
        }
    }

    /// A dict whose changes reach the instance, by a class written in Python.
    fn instance_dict(&mut self, value: Value) -> R {
        let attributes = self.attributes(value);
        let kept = self.roots.len();
        self.roots.push(attributes);
        let dict = self.call_library("_instance_dict", "dict", &[attributes]);
        self.roots.truncate(kept);
        let dict = dict?;
        let name = self.intern("_instance");
        if let Some(instance) = dict.cast() {
            self.set_instance_slot(instance, name, value);
        }
        Ok(dict)
    }

    fn attributes(&mut self, value: Value) -> Value {
        let dict = self.new_dict();
        if let Some(instance) = value.cast::<Instance>() {
            let names = self.shapes.names(instance.shape()).to_vec();
            for (i, name) in names.into_iter().enumerate() {
                dict.set_name(name, instance.slot(i));
            }
        }
        dict.into()
    }

    /// `__class__` and the like, which every value has.
    fn common_attr(&mut self, value: Value, name: Gc<Str>) -> Option<Value> {
        (name == self.names.class).then(|| self.class_of(value).into())
    }

    fn module_attr(&mut self, value: Value, name: Gc<Str>) -> Option<Value> {
        let module = value.cast::<Module>()?;
        if name == self.names.dict {
            return Some(module.globals.into());
        }
        module.globals.get_name(name).or_else(|| self.common_attr(value, name))
    }

    fn class_attr(&mut self, value: Value, name: Gc<Str>) -> R<Option<Value>> {
        let Some(class) = value.cast::<Class>() else { return Ok(None) };
        if name == self.names.name || name == self.names.qualname {
            return Ok(Some(class.name.into()));
        }
        if name == self.names.bases {
            return Ok(Some(class.bases.into()));
        }
        if name == self.names.dict {
            return Ok(Some(class.attrs.into()));
        }
        match self.find_in_class(class, name) {
            Some(raw) => self.bind_to_class(raw, class).map(Some),
            None => Ok(self.common_attr(value, name)),
        }
    }

    fn super_attr(&mut self, value: Value, name: Gc<Str>) -> R<Option<Value>> {
        let Some(sup) = value.cast::<Super>() else { return Ok(None) };
        match self.find_in_super(sup, name) {
            Some(raw) => match sup.this.cast::<Class>() {
                Some(class) => self.bind_to_class(raw, class).map(Some),
                None => self.bind(raw, sup.this, self.class_of(sup.this)).map(Some),
            },
            None => match self.wrapped(sup.this) {
                Some(inner) => self.find_attr(inner, name),
                None => Ok(self.object_method(name, sup.this)),
            },
        }
    }

    /// The raw attribute that `super()` finds: in the bases, after the class it was called in.
    pub fn find_in_super(&mut self, sup: Gc<Super>, name: Gc<Str>) -> Option<Value> {
        sup.class.mro.clone().into_iter().find_map(|base| base.attrs.get_name(name))
    }

    /// `super().__init__` and friends where no base defines them.
    fn object_method(&mut self, name: Gc<Str>, this: Value) -> Option<Value> {
        let raw = self.find_in_class(self.types.object, name)?;
        Some(self.bound_method(raw, this))
    }

    fn exception_attr(&mut self, value: Value, name: Gc<Str>) -> R<Option<Value>> {
        let Some(exception) = value.cast::<Exception>() else { return Ok(None) };
        if let Some(own) =
            exception.attrs.get().cast::<crate::object::dict::Dict>().and_then(|d| d.get_name(name))
        {
            return Ok(Some(own));
        }
        let args = exception.args.get();
        if name == self.names.args {
            return Ok(Some(args.into()));
        }
        if name == self.names.value
            || (name == self.names.errno && Class::is_subclass(exception.class, self.exceptions.OSError))
        {
            return Ok(Some(args.items().first().copied().unwrap_or(Value::NONE)));
        }
        self.builtin_attr(value, name)
    }

    fn builtin_attr(&mut self, value: Value, name: Gc<Str>) -> R<Option<Value>> {
        let class = self.class_of(value);
        match self.find_in_class(class, name) {
            Some(raw) => self.bind(raw, value, class).map(Some),
            None => match crate::builtins::data_attr(self, value, name)? {
                Some(found) => Ok(Some(found)),
                None => Ok(self.common_attr(value, name)),
            },
        }
    }

    /// What a class attribute becomes when read through an instance.
    pub fn bind(&mut self, raw: Value, this: Value, class: Gc<Class>) -> R {
        match raw.kind() {
            Kind::Function | Kind::Closure => Ok(self.bound_method(raw, this)),
            Kind::Native if is_method(raw) => Ok(self.bound_method(raw, this)),
            Kind::StaticMethod => Ok(unwrap_method(raw)),
            Kind::ClassMethod => Ok(self.bound_method(unwrap_method(raw), class.into())),
            Kind::Property => self.property_get(raw, this),
            Kind::Instance => self.descriptor_get(raw, this, class),
            _ => Ok(raw),
        }
    }

    fn bind_to_class(&mut self, raw: Value, class: Gc<Class>) -> R {
        match raw.kind() {
            Kind::StaticMethod => Ok(unwrap_method(raw)),
            Kind::ClassMethod => Ok(self.bound_method(unwrap_method(raw), class.into())),
            Kind::Instance => self.descriptor_get(raw, Value::NONE, class),
            _ => Ok(raw),
        }
    }

    fn property_get(&mut self, raw: Value, this: Value) -> R {
        match raw.cast::<Property>() {
            Some(property) if !property.get.is_none() => self.call(property.get, &[this]),
            _ => Err(self.attribute_error("unreadable attribute")),
        }
    }

    fn descriptor_get(&mut self, raw: Value, this: Value, class: Gc<Class>) -> R {
        match self.special(raw, self.names.get) {
            Some(getter) => self.call(getter, &[raw, this, class.into()]),
            None => Ok(raw),
        }
    }

    fn attr_fallback(&mut self, value: Value, name: Gc<Str>) -> R {
        let getter = match value.kind() {
            Kind::Module => value.cast::<Module>().and_then(|m| m.globals.get_name(self.names.getattr)),
            _ => self.special(value, self.names.getattr),
        };
        match getter {
            Some(getter) if value.kind() == Kind::Module => self.call(getter, &[name.into()]),
            Some(getter) => self.call(getter, &[value, name.into()]),
            None => Err(self.no_attribute(value, name)),
        }
    }

    #[cold]
    pub fn no_attribute(&mut self, value: Value, name: Gc<Str>) -> Raise {
        let message = match value.cast::<Class>() {
            Some(class) => format!("type object '{}' has no attribute '{}'", class.name.text, name.text),
            None => format!("'{}' object has no attribute '{}'", self.type_name(value), name.text),
        };
        self.attribute_error(message)
    }

    /// `value.name(…)`: the function and the `self` to pass, or NULL for none.
    pub fn load_method(&mut self, value: Value, name: Gc<Str>) -> R<(Value, Value)> {
        let raw = match value.kind() {
            Kind::Instance => match self.find_in_shape(value.header_aux().unwrap_or(0), name) {
                Found::Class(raw) => Some(raw),
                _ => None,
            },
            Kind::Module | Kind::Class | Kind::Super | Kind::Exception => None,
            _ => self.find_in_class(self.class_of(value), name),
        };
        match raw {
            Some(raw) if is_method(raw) => Ok((raw, value)),
            _ => Ok((self.load_attr(value, name)?, Value::NULL)),
        }
    }

    /// `value.name = new`.
    pub fn store_attr(&mut self, value: Value, name: Gc<Str>, new: Value) -> R<()> {
        match value.kind() {
            Kind::Instance => self.store_instance_attr(value, name, new),
            Kind::Module => self.store_module_attr(value, name, new),
            Kind::Class => self.store_class_attr(value, name, new),
            Kind::Exception => self.store_exception_attr(value, name, new),
            Kind::Frame => self.store_frame_attr(value, name, new),
            _ => Err(self.no_attribute(value, name)),
        }
    }

    fn store_module_attr(&mut self, value: Value, name: Gc<Str>, new: Value) -> R<()> {
        let Some(module) = value.cast::<Module>() else { return Ok(()) };
        if module.is_closed() && module.globals.get_name(name).is_none() {
            return Err(self.no_attribute(value, name));
        }
        module.globals.set_name(name, new);
        Ok(())
    }

    fn store_instance_attr(&mut self, value: Value, name: Gc<Str>, new: Value) -> R<()> {
        let Some(instance) = value.cast::<Instance>() else { return Ok(()) };
        if self.class_of(value).custom_access.get() && self.store_through_class(value, name, new)? {
            return Ok(());
        }
        self.set_instance_slot(instance, name, new);
        Ok(())
    }

    /// Sets an attribute in the instance itself, past properties and `__setattr__`.
    pub fn set_instance_slot(&mut self, instance: Gc<Instance>, name: Gc<Str>, new: Value) {
        match self.find_in_shape(instance.shape(), name) {
            Found::Slot(slot) => instance.set_slot(slot, new),
            _ => {
                let shape = self.shapes.extend(instance.shape(), name);
                instance.push_slot(shape, new);
            }
        }
    }

    /// `__setattr__`, properties and descriptors; false if none took the value.
    fn store_through_class(&mut self, value: Value, name: Gc<Str>, new: Value) -> R<bool> {
        if let Some(setter) = self.special(value, self.names.setattr).filter(|s| s.kind() != Kind::Native) {
            self.call(setter, &[value, name.into(), new])?;
            return Ok(true);
        }
        self.store_through_descriptor(value, name, new)
    }

    /// `object.__setattr__`: like [`Vm::store_attr`], but does not ask the class's `__setattr__`.
    pub fn store_attr_past_class(&mut self, value: Value, name: Gc<Str>, new: Value) -> R<()> {
        let Some(instance) = value.cast::<Instance>() else { return self.store_attr(value, name, new) };
        if !self.store_through_descriptor(value, name, new)? {
            self.set_instance_slot(instance, name, new);
        }
        Ok(())
    }

    /// Properties and descriptors; false if the class has none of this name.
    fn store_through_descriptor(&mut self, value: Value, name: Gc<Str>, new: Value) -> R<bool> {
        let Some(raw) = self.find_in_class(self.class_of(value), name) else { return Ok(false) };
        if let Some(property) = raw.cast::<Property>() {
            if property.set.is_none() {
                return Err(self.no_attribute(value, name));
            }
            self.call(property.set, &[value, new])?;
            return Ok(true);
        }
        match self.special(raw, self.names.set) {
            Some(setter) => self.call(setter, &[raw, value, new]).map(|_| true),
            None => Ok(false),
        }
    }

    fn store_class_attr(&mut self, value: Value, name: Gc<Str>, new: Value) -> R<()> {
        let Some(class) = value.cast::<Class>() else { return Ok(()) };
        if class.native.is_some() {
            return Err(self.no_attribute(value, name));
        }
        let volatile =
            |class: Gc<Class>| class.attrs.find_name(name).is_some_and(|n| class.attrs.is_volatile(n));
        let was_volatile = volatile(class);
        class.attrs.set_name(name, new);
        self.note_attr_access(class, name, new);
        if !(was_volatile && volatile(class)) {
            self.cache.invalidate();
        }
        Ok(())
    }

    fn store_exception_attr(&mut self, value: Value, name: Gc<Str>, new: Value) -> R<()> {
        let Some(exception) = value.cast::<Exception>() else { return Ok(()) };
        if let (true, Some(args)) = (name == self.names.args, new.cast()) {
            exception.args.set(args);
            return Ok(());
        }
        if exception.attrs.get().is_null() {
            exception.attrs.set(self.new_dict().into());
        }
        exception.attrs.get().cast::<crate::object::dict::Dict>().iter().for_each(|d| d.set_name(name, new));
        Ok(())
    }

    /// `del value.name`.
    pub fn delete_attr(&mut self, value: Value, name: Gc<Str>) -> R<()> {
        match value.kind() {
            Kind::Instance => self.delete_instance_attr(value, name),
            Kind::Module if value.cast::<Module>().is_some_and(|m| m.globals.remove_name(name)) => Ok(()),
            Kind::Class
                if value.cast::<Class>().is_some_and(|c| c.native.is_none() && c.attrs.remove_name(name)) =>
            {
                self.cache.invalidate();
                Ok(())
            }
            _ => Err(self.no_attribute(value, name)),
        }
    }

    fn delete_instance_attr(&mut self, value: Value, name: Gc<Str>) -> R<()> {
        if let Some(method) = self.special(value, self.names.delattr).filter(|m| m.kind() != Kind::Native) {
            return self.call_special(method, &[value, name.into()]).map(|_| ());
        }
        if let Some(raw) = self.find_in_class(self.class_of(value), name) {
            if let Some(property) = raw.cast::<Property>().filter(|p| !p.delete.is_none()) {
                return self.call(property.delete, &[value]).map(|_| ());
            }
            if let Some(method) = self.special(raw, self.names.delete) {
                return self.call_special(method, &[raw, value]).map(|_| ());
            }
        }
        let instance = value.cast::<Instance>();
        match instance.map(|i| (i, self.shapes.slot(i.shape(), name))) {
            Some((instance, Some(slot))) => {
                let shape = self.shapes.without(instance.shape(), slot);
                instance.remove_slot(shape, slot);
                Ok(())
            }
            _ => Err(self.no_attribute(value, name)),
        }
    }
}

/// A function that gets the instance first when it is found in a class.
pub fn is_method(raw: Value) -> bool {
    match raw.kind() {
        Kind::Function | Kind::Closure => true,
        _ => raw.cast::<Native>().is_some_and(|native| native.is_method()),
    }
}

/// The function in a `staticmethod` or `classmethod`.
pub fn unwrap_method(raw: Value) -> Value {
    raw.cast::<MethodWrapper>().map_or(raw, |m| m.function)
}
