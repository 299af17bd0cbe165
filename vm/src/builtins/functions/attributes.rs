//! Global functions about objects in general: attributes, identity, types, namespaces.

use crate::error::R;
use crate::object::class::{Class, Instance, Module};
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::iter::{DictView, IterKind};
use crate::object::kind::Kind;
use crate::object::number::BigInt;
use crate::object::sequence::{List, Tuple};
use crate::object::text::Str;
use crate::object::value::Value;
use crate::runtime::number::{Num, complex_parts, number};
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    NativeDef::reads("len", len, 1, 1),
    NativeDef::reads("isinstance", isinstance, 2, 2),
    NativeDef::reads("issubclass", issubclass, 2, 2),
    NativeDef::reads("callable", callable, 1, 1),
    NativeDef::any("getattr", getattr, 2, 3),
    NativeDef::any("setattr", setattr, 3, 3),
    NativeDef::any("hasattr", hasattr, 2, 2),
    NativeDef::any("delattr", delattr, 2, 2),
    NativeDef::pure("id", id, 1, 1),
    NativeDef::reads_scalars("hash", hash, 1, 1),
    NativeDef::any("dir", dir, 0, 1),
    NativeDef::reads("globals", globals, 0, 0),
    NativeDef::reads("locals", locals, 0, 0),
    NativeDef::any("vars", vars, 0, 1),
];

fn len(vm: &mut Vm, args: Args<'_>) -> R {
    let n = vm.len(args.pos[0])?;
    if n >= i64::MAX as usize {
        return Err(vm.overflow_error("overflow converting long int to machine word"));
    }
    Ok(vm.int(n as i64))
}

fn isinstance(vm: &mut Vm, args: Args<'_>) -> R {
    let class = vm.class_of(args.pos[0]);
    vm.subclass_of_any(class, args.pos[1]).map(Value::bool)
}

fn issubclass(vm: &mut Vm, args: Args<'_>) -> R {
    match args.pos[0].cast::<Class>() {
        Some(class) => vm.subclass_of_any(class, args.pos[1]).map(Value::bool),
        None => Err(vm.type_error("issubclass() arg 1 must be a class")),
    }
}

impl Vm {
    /// `class` is a subclass of a class or of any in a tuple.
    pub(crate) fn subclass_of_any(&mut self, class: Gc<Class>, of: Value) -> R<bool> {
        if let Some(of) = of.cast::<Class>() {
            return Ok(of == self.types.object || Class::is_subclass(class, of) || self.fits(class, of));
        }
        self.check_native_stack()?;
        let is_union = of.kind() == Kind::Instance;
        match if is_union { self.union_parts(of)? } else { of.cast::<Tuple>() } {
            Some(tuple) => {
                for item in tuple.get().items() {
                    let is_none = is_union && item.is_none();
                    let fits = if is_none {
                        class == self.types.of(Kind::None)
                    } else {
                        self.subclass_of_any(class, *item)?
                    };
                    if fits {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            None => Err(self.type_error("issubclass() arg 2 must be a class or a tuple of classes")),
        }
    }

    /// The alternatives of `int | str`.
    fn union_parts(&mut self, of: Value) -> R<Option<Gc<Tuple>>> {
        let name = self.intern("__args__");
        Ok(self.find_attr(of, name)?.and_then(Value::cast::<Tuple>))
    }

    /// `of` is an abstract class of `collections.abc`, and `class` has the methods it names, or is registered with it.
    /// No Python code is asked.
    fn fits(&mut self, class: Gc<Class>, of: Gc<Class>) -> bool {
        let (registered, methods) = (self.intern("_registered"), self.intern("_methods"));
        let Some(known) = of.attrs.get_name(registered).and_then(Value::cast::<List>) else { return false };
        if known.items.iter().filter_map(|known| known.cast()).any(|known| Class::is_subclass(class, known)) {
            return true;
        }
        let Some(methods) = of.attrs.get_name(methods).and_then(Value::cast::<Tuple>) else { return false };
        let names = methods.items().iter().filter_map(|name| name.cast::<Str>());
        let has = |name: Gc<Str>| self.find_in_class(class, name).is_some_and(|found| !found.is_none());
        !methods.items().is_empty() && names.into_iter().all(has)
    }

    /// `isinstance` of it may have another answer tomorrow.
    pub fn is_abstract(&mut self, class: Gc<Class>) -> bool {
        let registered = self.intern("_registered");
        class.attrs.get_name(registered).is_some()
    }

    /// `callable(value)`.
    pub(crate) fn is_callable(&mut self, value: Value) -> bool {
        matches!(
            value.kind(),
            Kind::Function
                | Kind::Closure
                | Kind::Native
                | Kind::BoundMethod
                | Kind::Class
                | Kind::StaticMethod
        ) || self.special(value, self.names.call).is_some()
    }
}

fn callable(vm: &mut Vm, args: Args<'_>) -> R {
    Ok(Value::bool(vm.is_callable(args.pos[0])))
}

fn getattr(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.name_arg(args.pos[1])?;
    match (vm.load_attr(args.pos[0], name), args.get(2)) {
        (Err(raise), Some(default)) if vm.matches(raise, vm.exceptions.AttributeError) => Ok(default),
        (result, _) => result,
    }
}

fn setattr(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.name_arg(args.pos[1])?;
    vm.store_attr(args.pos[0], name, args.pos[2]).map(|()| Value::NONE)
}

fn hasattr(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.name_arg(args.pos[1])?;
    match vm.load_attr(args.pos[0], name) {
        Ok(_) => Ok(Value::TRUE),
        Err(raise) if vm.matches(raise, vm.exceptions.AttributeError) => Ok(Value::FALSE),
        Err(raise) => Err(raise),
    }
}

fn delattr(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.name_arg(args.pos[1])?;
    vm.delete_attr(args.pos[0], name).map(|()| Value::NONE)
}

fn id(vm: &mut Vm, args: Args<'_>) -> R {
    Ok(vm.int(args.pos[0].bits() as i64))
}

/// Ints hash as themselves, as in MicroPython; what dicts use internally is mixed and narrower.
fn hash(vm: &mut Vm, args: Args<'_>) -> R {
    let value = args.pos[0];
    if value.kind() == Kind::Instance
        && let Some(result) = vm.hash_by_method(value)?
    {
        return match result.cast::<BigInt>() {
            Some(big) => Ok(low_bits(&big.value)),
            None => vm.index_value(result).map(Value::small),
        };
    }
    let is_set = |view: Gc<DictView>| view.what != IterKind::Values;
    if value.cast::<DictView>().is_some_and(is_set) {
        return Err(vm.type_error("unhashable type: 'dict_keys'"));
    }
    match number(value) {
        Some(Num::Small(n)) => Ok(vm.int(n)),
        Some(Num::Big(n)) => Ok(low_bits(n)),
        Some(Num::Float(f)) if f.fract() == 0.0 && f.abs() < 4e18 => Ok(vm.int(f as i64)),
        // A complex number that is real hashes as the real one.
        None if complex_parts(value).is_some_and(|(_, im)| im == 0.0) => {
            let re = complex_parts(value).map_or(0.0, |(re, _)| re);
            let re = vm.float(re);
            hash(vm, Args::positional(&[re]))
        }
        _ => vm.hash(value).map(|h| Value::small(h as i64)),
    }
}

fn low_bits(n: &num_bigint::BigInt) -> Value {
    let low = n.iter_u64_digits().next().unwrap_or(0);
    Value::small((low & 0x3fff_ffff_ffff_ffff) as i64)
}

fn globals(vm: &mut Vm, _args: Args<'_>) -> R {
    Ok(vm.frames.last().map_or(Value::from(vm.builtins), |frame| frame.globals.into()))
}

/// In a class body its namespace; in a function, as in MicroPython, the globals.
fn locals(vm: &mut Vm, _args: Args<'_>) -> R {
    Ok(vm.frames.last().map_or(Value::from(vm.builtins), |frame| frame.names.into()))
}

fn vars(vm: &mut Vm, args: Args<'_>) -> R {
    match args.get(0) {
        Some(value) => vm.load_attr(value, vm.names.dict),
        None => locals(vm, args),
    }
}

fn dir(vm: &mut Vm, args: Args<'_>) -> R {
    if let Some(value) = args.get(0)
        && let Some(method) = vm.special(value, vm.names.dir)
    {
        let names = vm.call(method, &[value])?;
        let list = vm.collect_list(names)?;
        vm.sort_list(list, Args::positional(&[]))?;
        return Ok(list.into());
    }
    let names = vm.new_dict();
    match args.get(0) {
        Some(value) => collect_names(vm, value, names),
        None => {
            let frame_globals = globals(vm, args)?;
            frame_globals.cast().iter().for_each(|globals| add_keys(names, *globals));
        }
    }
    let list = vm.new_list(names.iter().map(|(name, _)| name).collect());
    vm.sort_list(list, Args::positional(&[]))?;
    Ok(list.into())
}

fn add_keys(names: Gc<Dict>, from: Gc<Dict>) {
    for (key, _) in from.iter() {
        key.cast().iter().for_each(|name| names.set_name(*name, Value::NONE));
    }
}

fn collect_names(vm: &mut Vm, value: Value, names: Gc<Dict>) {
    if let Some(module) = value.cast::<Module>() {
        return add_keys(names, module.globals);
    }
    if let Some(instance) = value.cast::<Instance>() {
        vm.shapes.names(instance.shape()).iter().for_each(|name| names.set_name(*name, Value::NONE));
    }
    if let Some(own) = value.cast::<Exception>().and_then(|e| e.attrs.get().cast()) {
        add_keys(names, own);
    }
    let class = value.cast::<Class>().unwrap_or_else(|| vm.class_of(value));
    add_keys(names, class.attrs);
    class.mro.iter().for_each(|base| add_keys(names, base.attrs));
    names.set_name(vm.names.class, Value::NONE);
}
