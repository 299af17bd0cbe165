//! Methods that every object has, and the attributes of built-in values that are data.

use crate::error::R;
use crate::object::class::{Class, Instance, Property};
use crate::object::exception::Exception;
use crate::object::function::{Args, BoundMethod, Generator, Native, NativeDef, python_callee};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::{Range, Slice, Tuple, WideRange};
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::TypeDef;
use crate::builtins::define::MANY;

pub const TYPES: &[TypeDef] = &[TypeDef {
    kind: Kind::Object,
    constructor: None,
    methods: &[
        NativeDef::pure("__init__", |_, _| Ok(Value::NONE), 1, MANY).keywords(),
        NativeDef::any("__new__", new, 1, MANY).keywords(),
        NativeDef::any("__setattr__", setattr, 3, 3),
        NativeDef::any("__delattr__", delattr, 2, 2),
        NativeDef::any("__getattribute__", getattribute, 2, 2),
        NativeDef::any("__repr__", |vm, args| default_text(vm, args.pos[0], Vm::repr), 1, 1),
        NativeDef::any("__str__", |vm, args| default_text(vm, args.pos[0], Vm::str_of), 1, 1),
        NativeDef::pure("__init_subclass__", |_, _| Ok(Value::NONE), 0, MANY).keywords(),
    ],
}];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    let class = match args.pos[0].cast::<Class>() {
        Some(class) if class.native.is_some_and(|kind| kind != Kind::Object && kind != Kind::Exception) => {
            return Err(vm.type_error("object.__new__: use the type's own __new__"));
        }
        Some(class) => class,
        None => return Err(vm.type_error("__new__ arg must be a type")),
    };
    let rest = Args { pos: &args.pos[1..], kw: args.kw };
    match class.constructor {
        Some(constructor) => constructor(vm, rest),
        None => vm.allocate_plain(class, rest),
    }
}

/// `repr` or `str` as if the value's class had not overridden them.
fn default_text(vm: &mut Vm, value: Value, text: fn(&mut Vm, Value) -> R<String>) -> R {
    let text = match (vm.wrapped(value), value.cast::<Exception>()) {
        (Some(inner), _) => text(vm, inner)?,
        (None, Some(exception)) => {
            let class = exception.class;
            let native = class.mro.iter().find(|c| c.native.is_some()).copied().unwrap_or(class);
            let plain = vm.new_exception(native, exception.args.get().get().items());
            text(vm, plain.into())?
        }
        _ if matches!(value.kind(), Kind::Instance | Kind::Foreign) => {
            format!("<{} object at {:#x}>", vm.type_name(value), value.bits())
        }
        _ => text(vm, value)?,
    };
    Ok(vm.str(text))
}

fn setattr(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.name_arg(args.pos[1])?;
    vm.store_attr_past_class(args.pos[0], name, args.pos[2]).map(|()| Value::NONE)
}

fn delattr(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.name_arg(args.pos[1])?;
    let Some(instance) = args.pos[0].cast::<Instance>() else {
        return vm.delete_attr(args.pos[0], name).map(|()| Value::NONE);
    };
    match vm.shapes.slot(instance.shape(), name) {
        Some(slot) => {
            let shape = vm.shapes.without(instance.shape(), slot);
            instance.remove_slot(shape, slot);
            Ok(Value::NONE)
        }
        None => Err(vm.no_attribute(args.pos[0], name)),
    }
}

fn getattribute(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.name_arg(args.pos[1])?;
    match vm.find_attr(args.pos[0], name)? {
        Some(found) => Ok(found),
        None => Err(vm.no_attribute(args.pos[0], name)),
    }
}

/// Attributes of functions, ranges, slices, named tuples and so on.
pub fn data_attr(vm: &mut Vm, value: Value, name: Gc<Str>) -> R<Option<Value>> {
    let text = &*name.get().text;
    Ok(match value.kind() {
        Kind::Function | Kind::Closure | Kind::Native => function_attr(vm, value, text),
        Kind::BoundMethod => return method_attr(vm, value, name),
        Kind::Range => range_attr(vm, value, text),
        Kind::WideRange => value.cast::<WideRange>().and_then(|r| match text {
            "start" => Some(r.start),
            "stop" => Some(r.stop),
            "step" => Some(r.step),
            _ => None,
        }),
        Kind::Slice => slice_attr(value, text),
        Kind::Array | Kind::Memoryview => crate::builtins::types::packed::attr(vm, value, text),
        Kind::Tuple => named_field(vm, value, name),
        Kind::Property => property_attr(value, text),
        Kind::StaticMethod | Kind::ClassMethod if matches!(text, "__func__" | "__wrapped__") => {
            Some(crate::runtime::attr::unwrap_method(value))
        }
        Kind::Generator => generator_attr(vm, value, text),
        Kind::Exception => exception_attr(vm, value, text),
        Kind::Code => crate::builtins::types::code::code_attr(vm, value, text),
        Kind::Frame => crate::builtins::types::frame::frame_attr(vm, value, text),
        Kind::Traceback => crate::builtins::types::frame::traceback_attr(value, text),
        _ => None,
    })
}

fn function_attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    if let Some(native) = value.cast::<Native>() {
        let text = vm.intern(native.def.name);
        return matches!(name, "__name__" | "__qualname__").then(|| text.into());
    }
    let (function, _) = python_callee(value)?;
    match name {
        "__name__" | "__qualname__" => Some(function.code.name.into()),
        "__globals__" => Some(function.globals.into()),
        "__code__" => Some(vm.code_object(function.code)),
        "__defaults__" => Some(if function.defaults.is_null() { Value::NONE } else { function.defaults }),
        "__doc__" => {
            let doc = function.code.debug.as_ref().and_then(|debug| debug.doc.as_deref());
            Some(doc.map_or(Value::NONE, |doc| vm.str(doc)))
        }
        "__module__" => function.globals.get_name(vm.names.name),
        _ => None,
    }
}

fn method_attr(vm: &mut Vm, value: Value, name: Gc<Str>) -> R<Option<Value>> {
    let Some(method) = value.cast::<BoundMethod>() else { return Ok(None) };
    match &*name.text {
        "__self__" => Ok(Some(method.this)),
        "__func__" => Ok(Some(method.function)),
        _ => vm.find_attr(method.function, name),
    }
}

fn range_attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    let range = value.cast::<Range>()?;
    let n = match name {
        "start" => range.start,
        "stop" => range.stop,
        "step" => range.step,
        _ => return None,
    };
    Some(vm.int(n))
}

fn slice_attr(value: Value, name: &str) -> Option<Value> {
    let slice = value.cast::<Slice>()?;
    match name {
        "start" => Some(slice.start),
        "stop" => Some(slice.stop),
        "step" => Some(slice.step),
        _ => None,
    }
}

/// A field of a named tuple, by the names in its class's `_fields`.
fn named_field(vm: &mut Vm, value: Value, name: Gc<Str>) -> Option<Value> {
    let tuple = value.cast::<Tuple>()?;
    let class = tuple.class.get().cast::<Class>()?;
    let fields = vm.intern("_fields");
    let fields = vm.find_in_class(class, fields)?.cast::<Tuple>()?;
    let i = fields.items().iter().position(|field| *field == name.into())?;
    tuple.items().get(i).copied()
}

fn property_attr(value: Value, name: &str) -> Option<Value> {
    let property = value.cast::<Property>()?;
    match name {
        "fget" => Some(property.get),
        "fset" => Some(property.set),
        "fdel" => Some(property.delete),
        _ => None,
    }
}

fn generator_attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    let generator = value.cast::<Generator>()?;
    match name {
        "__name__" => Some(generator.code.name.into()),
        "gi_running" => {
            let running = generator.state() == crate::object::function::GeneratorState::Running;
            Some(Value::bool(running))
        }
        "gi_frame" => {
            let done = generator.state() == crate::object::function::GeneratorState::Finished;
            Some(if done { Value::NONE } else { vm.bound_method(Value::NONE, value) })
        }
        _ => None,
    }
}

fn exception_attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    let exception = value.cast::<Exception>()?;
    let is = |class| Class::is_subclass(exception.class, class);
    let arg = |i: usize| exception.args.get().items().get(i).copied().unwrap_or(Value::NONE);
    match name {
        "__traceback__" => Some(vm.traceback_of(exception)),
        "code" if is(vm.exceptions.SystemExit) => Some(arg(0)),
        "strerror" if is(vm.exceptions.OSError) => Some(arg(1)),
        "filename" if is(vm.exceptions.OSError) => Some(arg(2)),
        _ => None,
    }
}
