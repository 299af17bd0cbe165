//! Classes and what belongs to them: `type`, `super`, `property`, method wrappers, the class statement.

use crate::error::R;
use crate::object::class::{Class, MethodWrapper, Property, Super};
use crate::object::dict::Dict;
use crate::object::function::{Args, CellBox, NativeDef};
use crate::object::heap::{Gc, Header};
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::TypeDef;
use crate::builtins::define::MANY;

pub const FUNCTIONS: &[NativeDef] = &[NativeDef::any("__build_class__", build_class, 2, MANY).keywords()];

pub const TYPES: &[TypeDef] = &[
    TypeDef { kind: Kind::Class, constructor: Some(new_type), methods: &[] },
    TypeDef { kind: Kind::Super, constructor: Some(new_super), methods: &[] },
    TypeDef { kind: Kind::StaticMethod, constructor: Some(new_static), methods: &[] },
    TypeDef { kind: Kind::ClassMethod, constructor: Some(new_classmethod), methods: &[] },
    TypeDef {
        kind: Kind::Property,
        constructor: Some(new_property),
        methods: &[
            NativeDef::reads("getter", |vm, args| with_accessor(vm, args, 0), 2, 2),
            NativeDef::reads("setter", |vm, args| with_accessor(vm, args, 1), 2, 2),
            NativeDef::reads("deleter", |vm, args| with_accessor(vm, args, 2), 2, 2),
            NativeDef::any("__get__", property_get, 2, 3),
        ],
    },
];

/// `__build_class__(body, name, *bases)`: the class statement.
///
/// The body runs with a new dict as its namespace. It returns the cell that methods using `super()` or
/// `__class__` share, or None.
fn build_class(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.name_arg(args.pos[1])?;
    let namespace = vm.new_dict();
    let cell = vm.call_with_locals(args.pos[0], namespace)?;
    vm.make_new_static(namespace);
    let class = vm.new_class(name, &args.pos[2..], namespace)?;
    if let Some(cell) = cell.cast::<CellBox>() {
        cell.value.set(class.into());
    }
    vm.announce_class(class, args.kw)?;
    Ok(class.into())
}

impl Vm {
    /// A function called `__new__` is a static method without saying so.
    fn make_new_static(&mut self, namespace: Gc<Dict>) {
        if let Some(new) = namespace.get_name(self.names.new)
            && matches!(new.kind(), Kind::Function | Kind::Closure)
        {
            let new = self.static_method(new);
            namespace.set_name(self.names.new, new);
        }
    }

    /// `__set_name__` of the attributes, then `__init_subclass__` of the bases.
    fn announce_class(&mut self, class: Gc<Class>, kw: &[Value]) -> R<()> {
        // Those of now: the methods may change the class.
        let entries = self.new_list(class.attrs.iter().flat_map(|(name, value)| [name, value]).collect());
        for n in 0..entries.items.len() / 2 {
            let (name, value) = (entries.items.at(2 * n), entries.items.at(2 * n + 1));
            if value.kind() == Kind::Instance
                && let Some(method) = self.special(value, self.names.set_name)
            {
                self.call(method, &[value, class.into(), name])?;
            }
        }
        let hook = self.intern("__init_subclass__");
        let Some(raw) = class.mro.iter().find_map(|base| base.attrs.get_name(hook)) else { return Ok(()) };
        let function = crate::runtime::attr::unwrap_method(raw);
        let metaclass = self.intern("metaclass");
        let kw: Vec<Value> =
            kw.chunks_exact(2).filter(|pair| pair[0] != metaclass.into()).flatten().copied().collect();
        self.call_args(function, Args { pos: &[class.into()], kw: &kw }).map(|_| ())
    }

    /// `staticmethod(function)`.
    pub(crate) fn static_method(&mut self, function: Value) -> Value {
        self.heap.alloc(MethodWrapper { header: Header::new(Kind::StaticMethod), function }).into()
    }

    /// `classmethod(function)`.
    pub(crate) fn class_method(&mut self, function: Value) -> Value {
        self.heap.alloc(MethodWrapper { header: Header::new(Kind::ClassMethod), function }).into()
    }
}

fn new_type(vm: &mut Vm, args: Args<'_>) -> R {
    match args.pos {
        [value] => Ok(vm.class_of(*value).into()),
        [name, bases, attrs] => {
            let name = vm.name_arg(*name)?;
            let bases = vm.receiver::<Tuple>(*bases)?;
            let attrs = vm.receiver::<Dict>(*attrs)?;
            let own = vm.new_dict();
            for (key, value) in attrs.iter() {
                let Some(key) = key.cast::<Str>() else { continue };
                own.set_name(vm.intern_str(key), value);
            }
            let class = vm.new_class(name, bases.get().items(), own)?;
            vm.announce_class(class, args.kw)?;
            Ok(class.into())
        }
        _ => Err(vm.type_error("type takes 1 or 3 arguments")),
    }
}

fn new_super(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("super", args, 2, 2)?;
    let Some(class) = args.pos[0].cast::<Class>() else {
        return Err(vm.type_error("first argument to super() must be type"));
    };
    let own = args.pos[1].cast::<Class>().is_some_and(|this| Class::is_subclass(this, class));
    if !own && !vm.is_instance(args.pos[1], class) {
        return Err(vm.type_error("super(type, obj): obj must be an instance or subtype of type"));
    }
    Ok(vm.heap.alloc(Super { header: Header::new(Kind::Super), class, this: args.pos[1] }).into())
}

fn new_static(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("staticmethod", args, 1, 1)?;
    Ok(vm.static_method(args.pos[0]))
}

fn new_classmethod(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("classmethod", args, 1, 1)?;
    Ok(vm.class_method(args.pos[0]))
}

fn new_property(vm: &mut Vm, args: Args<'_>) -> R {
    let at = |i, name| args.get_or(i, name).unwrap_or(Value::NONE);
    let (get, set, delete) = (at(0, "fget"), at(1, "fset"), at(2, "fdel"));
    Ok(vm.heap.alloc(Property { header: Header::new(Kind::Property), get, set, delete }).into())
}

/// A copy of the property with its getter, setter or deleter (0, 1, 2) replaced.
fn with_accessor(vm: &mut Vm, args: Args<'_>, which: usize) -> R {
    let old = vm.receiver::<Property>(args.pos[0])?;
    let mut parts = [old.get, old.set, old.delete];
    parts[which] = args.pos[1];
    let [get, set, delete] = parts;
    Ok(vm.heap.alloc(Property { header: Header::new(Kind::Property), get, set, delete }).into())
}

fn property_get(vm: &mut Vm, args: Args<'_>) -> R {
    let property = vm.receiver::<Property>(args.pos[0])?;
    vm.call(property.get, &[args.pos[1]])
}
