//! Table of the runtime operations that the interpreter falls back on, callable by number.
//!
//! Each takes the operands in their stack order and gives a value (None where there is nothing to give). An
//! observer can call the same operation later with other operands: it is right for every type.

use crate::bytecode::{BinaryOp, UnaryOp};
use crate::error::{R, Raise};
use crate::object::exception::Exception;
use crate::object::function::{Args, Code, Effects};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::sequence::List;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

macro_rules! operations {
    ($( $(#[doc = $doc:literal])* $name:ident $text:literal $effects:ident |$vm:ident, $a:ident, $imm:ident| $body:expr; )*) => {
        /// A runtime operation.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum Rt { $( $(#[doc = $doc])* $name ),* }

        impl Rt {
            pub const ALL: &'static [Rt] = &[$(Rt::$name),*];

            pub fn from_index(n: u8) -> Option<Rt> {
                Rt::ALL.get(n as usize).copied()
            }

            /// As logged.
            pub const fn name(self) -> &'static str {
                match self { $(Rt::$name => $text),* }
            }

            pub const fn effects(self) -> Effects {
                match self { $(Rt::$name => Effects::$effects),* }
            }
        }

        /// Runs an operation.
        pub fn call(vm: &mut Vm, rt: Rt, args: &[Value], imm: u64) -> R {
            match rt {
                $(Rt::$name => { let ($vm, $a, $imm) = (vm, args, imm); let _ = (&$vm, $a, $imm); $body })*
            }
        }
    };
}

operations! {
    /// `a op b`; `imm` is the operator.
    Binary "binary" Any |vm, a, imm| vm.binary(binary_op(imm), a[0], a[1]);
    /// The same for operands of scalar kinds, or lists that are joined or repeated.
    BinaryPlain "binary_plain" Reads |vm, a, imm| vm.binary(binary_op(imm), a[0], a[1]);
    Unary "unary" Any |vm, a, imm| vm.unary(UnaryOp::from_index(imm as u8).unwrap_or(UnaryOp::Not), a[0]);
    /// True or False.
    Truth "truth" Any |vm, a, imm| vm.truth(a[0]).map(Value::bool);
    GetItem "getitem" Any |vm, a, imm| vm.get_item(a[0], a[1]);
    /// The same for a built-in sequence and an int.
    GetItemPlain "getitem_plain" Reads |vm, a, imm| vm.get_item(a[0], a[1]);
    /// value, object, index
    SetItem "setitem" Any |vm, a, imm| vm.set_item(a[1], a[2], a[0]).map(|()| Value::NONE);
    /// `imm` is the address of the name, an interned string that lives for ever.
    GetAttr "getattr" Any |vm, a, imm| vm.load_attr(a[0], name(imm));
    /// super, class, self: the bound method.
    SuperMethod "super_method" Any |vm, a, imm| super_method(vm, a, name(imm));
    /// value, object
    SetAttr "setattr" Any |vm, a, imm| set_attr(vm, a, name(imm));
    Iter "iter" Any |vm, a, imm| vm.iter(a[0]);
    /// The same for a built-in container.
    IterPlain "iter_plain" Reads |vm, a, imm| vm.iter(a[0]);
    /// The next item or STOP.
    Next "next" Any |vm, a, imm| vm.next(a[0]);
    /// function, positional…, then name/value pairs; `imm` is the number of pairs.
    Call "call" Any |vm, a, imm| call_any(vm, a, imm as usize);
    /// A generator function and arguments: nothing of it runs yet; `imm` is the number of pairs.
    MakeGenerator "make_generator" Reads |vm, a, imm| call_any(vm, a, imm as usize);
    /// A built-in type and arguments on which its constructor runs no Python code.
    ConstructPlain "construct_plain" Reads |vm, a, imm| call_any(vm, a, 0);
    /// function, self (may be NULL), positional…, pairs.
    CallMethod "call_method" Any |vm, a, imm| call_method(vm, a, imm as usize);
    /// function, self (may be NULL), positional…, pairs, star map; `imm` is pairs | method << 32.
    CallStar "call_star" Any |vm, a, imm| super::star::call_star(vm, a, imm);
    BuildSet "build_set" Any |vm, a, imm| build_set(vm, a);
    BuildDict "build_dict" Reads |vm, a, imm| Ok(vm.new_dict().into());
    BuildSlice "build_slice" Pure |vm, a, imm| Ok(vm.slice(a[0], a[1], a.get(2).copied().unwrap_or(Value::NONE)));
    /// dict, value, key
    StoreMap "store_map" Any |vm, a, imm| store_map(vm, a);
    /// collection, item
    ListAppend "list_append" Any |vm, a, imm| append(vm, a);
    /// set, item
    SetAdd "set_add" Any |vm, a, imm| set_add(vm, a);
    /// The items of any iterable as a tuple of exactly `imm` items.
    Unpack "unpack" Any |vm, a, imm| super::unpack::unpack_any(vm, a[0], imm as usize);
    /// Left and right counts in `imm`; the middle becomes a list.
    UnpackEx "unpack_ex" Any |vm, a, imm| super::unpack::unpack_ex(vm, a[0], imm as usize & 0xff_ffff, imm as usize >> 24);
    /// The exception object to raise for a value, with an empty traceback.
    Raise "raise" Any |vm, a, imm| exception_of(vm, a[0]);
    /// The same for an exception object, or the class of a built-in one.
    RaisePlain "raise_plain" Reads |vm, a, imm| exception_of(vm, a[0]);
    /// `__exit__` and its self (may be NULL), at the end of a `with` that no exception left.
    CallExit "call_exit" Any |vm, a, imm| call_exit(vm, a[0], a[1], [Value::NONE; 3]);
    /// `__exit__`, its self (may be NULL) and the exception that left the `with`: that exception, or None if it is
    /// swallowed.
    ExitRaised "exit_raised" Any |vm, a, imm| exit_raised(vm, a[0], a[1], a[2]);
    /// An exception passes an instruction; `imm` is the function's number and the instruction's offset << 24.
    TraceLine "trace_line" Reads |vm, a, imm| add_trace_line(vm, a[0], imm);
}

fn binary_op(imm: u64) -> BinaryOp {
    BinaryOp::from_index(imm as u8).unwrap_or(BinaryOp::Add)
}

/// An interned name as an operation's immediate.
pub fn name_imm(name: Gc<Str>) -> u64 {
    name.address() as u64
}

fn name(imm: u64) -> Gc<Str> {
    super::frame::name_from_address(imm)
}

fn set_attr(vm: &mut Vm, a: &[Value], name: Gc<Str>) -> R {
    if a[0].is_null() {
        vm.delete_attr(a[1], name)?
    } else {
        vm.store_attr(a[1], name, a[0])?
    }
    Ok(Value::NONE)
}

fn super_method(vm: &mut Vm, a: &[Value], name: Gc<Str>) -> R {
    let sup = vm.call(a[0], &a[1..])?;
    vm.load_attr(sup, name)
}

fn call_any(vm: &mut Vm, a: &[Value], pairs: usize) -> R {
    let (pos, kw) = a[1..].split_at(a.len() - 1 - 2 * pairs);
    vm.call_args(a[0], Args { pos, kw })
}

fn call_method(vm: &mut Vm, a: &[Value], pairs: usize) -> R {
    let rest = if a[1].is_null() { &a[2..] } else { &a[1..] };
    let (pos, kw) = rest.split_at(rest.len() - 2 * pairs);
    vm.call_args(a[0], Args { pos, kw })
}

fn build_set(vm: &mut Vm, a: &[Value]) -> R {
    let set = vm.new_table(Kind::Set);
    for item in a {
        vm.dict_set(set, *item, Value::NONE)?;
    }
    Ok(set.into())
}

fn store_map(vm: &mut Vm, a: &[Value]) -> R {
    if let Some(dict) = a[0].cast() {
        vm.dict_set(dict, a[2], a[1])?;
    }
    Ok(Value::NONE)
}

fn append(vm: &mut Vm, a: &[Value]) -> R {
    if let Some(list) = a[0].cast::<List>() {
        vm.append(list, a[1])?;
    }
    Ok(Value::NONE)
}

fn set_add(vm: &mut Vm, a: &[Value]) -> R {
    if let Some(set) = a[0].cast() {
        vm.dict_set(set, a[1], Value::NONE)?;
    }
    Ok(Value::NONE)
}

fn call_exit(vm: &mut Vm, exit: Value, this: Value, args: [Value; 3]) -> R {
    if this.is_null() {
        return vm.call(exit, &args);
    }
    vm.call(exit, &[this, args[0], args[1], args[2]])
}

fn exit_raised(vm: &mut Vm, exit: Value, this: Value, exception: Value) -> R {
    let class = vm.class_of(exception);
    let silence = call_exit(vm, exit, this, [class.into(), exception, Value::NONE])?;
    Ok(if vm.truth(silence)? { Value::NONE } else { exception })
}

fn exception_of(vm: &mut Vm, value: Value) -> R {
    let exception = vm.make_exception(value)?;
    exception.traceback.borrow_mut().clear();
    Ok(exception.into())
}

/// The immediate of [`Rt::TraceLine`].
pub fn trace_line_imm(code: &Code, at: u32) -> u64 {
    u64::from(code.id & 0xff_ffff) | u64::from(at) << 24
}

fn add_trace_line(vm: &mut Vm, exception: Value, imm: u64) -> R {
    let code = vm.codes[imm as usize & 0xff_ffff];
    if let Some(exception) = exception.cast::<Exception>() {
        exception.traceback.borrow_mut().push(super::flow::trace_line(code, (imm >> 24) as u32));
    }
    Ok(exception)
}

/// The token for an exception object.
pub fn raise_of(value: Value) -> Option<Raise> {
    value.cast::<Exception>().map(Raise)
}
