//! Runtime functions that machine code calls.
//!
//! All have one signature: the context and three words; where there are value words to pass on, these are what to do,
//! the number of the words, and their address in the caller's native frame, where the collector finds them. They give a
//! value word, or 0 after an exception, which is left in `ctx.pending`. They put `ctx.fp` back at the end, because
//! Python code they run may enter compiled code with the same context.
#![expect(unsafe_code, reason = "called by machine code with raw pointers")]

use std::sync::atomic::Ordering;
use vm::error::{R, Raise};
use vm::interp::residual::{self, Rt};
use vm::object::class::Class;
use vm::object::dict::{ASSUMPTION_BROKEN, Dict};
use vm::object::function::{Args, Code, Native};
use vm::object::sequence::List;
use vm::object::text::Str;
use vm::object::value::Value;
use vm::runtime::lookup::Lookup;
use vm::vm::Vm;

use super::context::JitContext;
use super::direct::Target;
use super::follow::Transition;
use crate::sample::{mark_detail, number_of_operation};

pub type Helper = extern "C" fn(*mut JitContext, u64, u64, u64) -> u64;
/// A helper, and what a profile calls it.
pub type Named<'a> = (&'a str, Helper);

pub const DICT_FIND: Named<'_> = ("dict lookup", dict_find);
pub const DICT_PUT: Named<'_> = ("dict store", dict_put);
pub const DICT_INSERT: Named<'_> = ("dict insert", dict_insert);
pub const LIST_APPEND: Named<'_> = ("list growth", list_append);
pub const STR_EQ: Named<'_> = ("string compare", str_eq);
pub const CALL_ASSEMBLER: Named<'_> = ("call", call_assembler);
pub const FINISH_CALL: Named<'_> = ("return to interpreter", finish_call);
pub const NEW_LIST: Named<'_> = ("new list", new_list);
pub const NEW_FUNCTION: Named<'_> = ("new function", new_function);
pub const NEW_CLOSURE: Named<'_> = ("new closure", new_closure);
pub const NEW_TUPLE: Named<'_> = ("new tuple", new_tuple);
pub const NEW_INSTANCE: Named<'_> = ("new instance", new_instance);
pub const NEW_BOUND_METHOD: Named<'_> = ("new bound method", new_bound_method);

/// The dict was a namespace on which code depends: that code is to see it.
fn note_broken(vm: &mut Vm) {
    if ASSUMPTION_BROKEN.load(Ordering::Relaxed) {
        vm.executor.clone().namespace_changed();
    }
}

/// Declares the functions that machine code calls. There is no other way to declare one (a tidy test looks): a panic
/// must not unwind through machine code, which has no unwind tables, so each catches its own.
macro_rules! helpers {
    ($( $(#[doc = $doc:literal])* fn $name:ident($ctx:tt, $a:tt, $b:tt, $c:tt) $body:block )*) => {
        $(
            $(#[doc = $doc])*
            pub extern "C" fn $name(ctx: *mut JitContext, a: u64, b: u64, c: u64) -> u64 {
                shielded(ctx, || {
                    let ($ctx, $a, $b, $c) = (ctx, a, b, c);
                    $body
                })
            }
        )*
    };
}

/// Runs a helper's body. After a panic nothing that machine code could do next is known to be right, so the program ends
/// there: what it has printed is written, and the failure is reported.
#[inline(always)]
fn shielded<T>(ctx: *mut JitContext, body: impl FnOnce() -> T) -> T {
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)) {
        Ok(value) => value,
        Err(_) => failed(ctx),
    }
}

#[cold]
#[inline(never)]
fn failed(ctx: *mut JitContext) -> ! {
    // SAFETY: called by machine code with its context.
    let vm = unsafe { &mut *(*ctx).vm };
    vm.host.give_up()
}

helpers! {
    /// The number of a key's entry as an int of the trace; see `Lookup::number`.
    fn dict_find(ctx, dict, key, _) {
        // SAFETY: called by machine code with its context.
        let vm = unsafe { &mut *(*ctx).vm };
        let found = Value::from_bits(dict)
            .cast::<Dict>()
            .map_or(Lookup::Unsure, |dict| vm.lookup(dict, Value::from_bits(key)));
        (found.number() << 1) as u64
    }

    /// Replaces the value of entry `n`.
    fn dict_put(ctx, dict, n, value) {
        if let Some(dict) = Value::from_bits(dict).cast::<Dict>() {
            dict.set_value(n as usize, Value::from_bits(value));
        }
        // SAFETY: as above.
        note_broken(unsafe { &mut *(*ctx).vm });
        0
    }

    /// Adds a key that is missing, and that can be hashed without running Python code. If there is no memory for it, the
    /// next poll raises.
    fn dict_insert(ctx, dict, key, value) {
        // SAFETY: as above.
        let vm = unsafe { &mut *(*ctx).vm };
        let (key, value) = (Value::from_bits(key), Value::from_bits(value));
        if let (Some(dict), Ok(hash)) = (Value::from_bits(dict).cast::<Dict>(), vm.hash(key)) {
            vm.dict_insert_quietly(dict, hash, key, value);
        }
        note_broken(vm);
        0
    }

    /// If there is no memory for one more, the next poll raises.
    fn list_append(ctx, list, item, _) {
        // SAFETY: as above.
        let vm = unsafe { &mut *(*ctx).vm };
        if let Some(list) = Value::from_bits(list).cast::<List>() {
            vm.append_quietly(list, Value::from_bits(item));
        }
        0
    }

    /// Whether two strings, not the same object, have the same text.
    fn str_eq(_, a, b, _) {
        let strings = (Value::from_bits(a).cast::<Str>(), Value::from_bits(b).cast::<Str>());
        u64::from(matches!(strings, (Some(a), Some(b)) if Str::same(a, b)))
    }

    /// Runtime operation `what & 0xff` with immediate `what >> 8`.
    fn call_rt(ctx, what, n, args) {
        // SAFETY: called by machine code with its context.
        unsafe { with_args(ctx, n, args, |vm, args| operation(vm, what as u8, args, what >> 8)) }
    }

    /// The same, and marks what it does.
    fn call_marked_rt(ctx, what, n, args) {
        // SAFETY: as above.
        unsafe {
            with_args(ctx, n, args, |vm, args| {
                if let Some(rt) = Rt::from_index(what as u8) {
                    mark_detail(number_of_operation(rt, what >> 8, args));
                }
                operation(vm, what as u8, args, what >> 8)
            })
        }
    }

    /// Calls the built-in function `args[0]`.
    fn call_native(ctx, _, n, args) {
        // SAFETY: as above.
        unsafe { with_args(ctx, n, args, native) }
    }

    /// Calls the Python function (or anything else) `args[0]`.
    fn call_assembler(ctx, _, n, args) {
        // SAFETY: as above.
        unsafe {
            with_args(ctx, n, args, |vm, args| {
                let executor = vm.executor.clone();
                executor.call(vm, args[0], &args[1..])
            })
        }
    }

    /// A function called directly came back without result: exit `exit` of its code. Goes on in the interpreter.
    fn finish_call(ctx, exit, _, _) {
        // SAFETY: called by machine code with its context.
        unsafe {
            let (vm, fp) = (&mut *(*ctx).vm, (*ctx).fp);
            let result = match (*ctx).resume.upgrade() {
                Some(engine) => engine.resume(vm, exit),
                None => Err(vm.not_implemented("a call without engine")),
            };
            conclude(ctx, vm, fp, result)
        }
    }

    fn new_list(ctx, _, n, args) {
        // SAFETY: as above.
        unsafe { with_args(ctx, n, args, |vm, items| Ok(vm.list(items.to_vec()))) }
    }

    /// A function with the code at an address, which lives for ever.
    fn new_function(ctx, code, n, args) {
        // SAFETY: as above; the recorder took the address from a function's code.
        unsafe {
            let code: &'static Code = &*(code as *const Code);
            with_args(ctx, n, args, |vm, args| match args[0].cast() {
                Some(globals) => Ok(vm.function_with_defaults(code, globals, args[1], args[2])),
                None => Err(vm.type_error("not a namespace")),
            })
        }
    }

    fn new_closure(ctx, _, n, args) {
        // SAFETY: as above.
        unsafe {
            with_args(ctx, n, args, |vm, args| match (args[0].cast(), args[1].cast()) {
                (Some(function), Some(cells)) => Ok(vm.closure(function, cells)),
                _ => Err(vm.type_error("not a function and its cells")),
            })
        }
    }

    fn new_tuple(ctx, _, n, args) {
        // SAFETY: as above.
        unsafe { with_args(ctx, n, args, |vm, items| Ok(vm.tuple(items))) }
    }

    fn new_instance(ctx, _, n, args) {
        // SAFETY: as above.
        unsafe { with_args(ctx, n, args, instance) }
    }

    fn new_bound_method(ctx, _, n, args) {
        // SAFETY: as above.
        unsafe { with_args(ctx, n, args, |vm, args| Ok(vm.bound_method(args[0], args[1]))) }
    }

    /// Address of `count` cells in a row, each for an object of `size` bytes, which machine code makes into objects before
    /// anything can look at them.
    fn new_cells(ctx, size, count, _) {
        // SAFETY: as above.
        let vm = unsafe { &mut *(*ctx).vm };
        // NULL cannot happen: who asks has found the cells' size class before.
        vm.heap.row(size as usize, count as usize).unwrap_or_default() as u64
    }
}

/// Machine code comes to something that the log wants to know; see `follow::Transition`.
pub extern "C" fn event(ctx: *mut JitContext, what: u64, target: u64) {
    shielded(ctx, || {
        // SAFETY: called by machine code with its context; the profile is kept as long as the context.
        let Some(profile) = (unsafe { (*ctx).profile.as_ref() }) else { return };
        match Transition::from_word(what) {
            (Transition::Jump, number) => profile.jump(number),
            (Transition::Call, part) => {
                // SAFETY: a call passes its target, and targets live as long as the code.
                let callee = unsafe { (*(target as *const Target)).number.get() };
                profile.call(part, callee);
            }
            (Transition::Return, part) => profile.come_back(part),
        }
    });
}

fn native(vm: &mut Vm, args: &[Value]) -> R {
    match args.first().and_then(|f| f.cast::<Native>()) {
        Some(native) => vm.call_native_granting(native.def, Args::positional(&args[1..])),
        None => Err(vm.type_error("not a built-in function")),
    }
}

fn instance(vm: &mut Vm, args: &[Value]) -> R {
    match args.first().and_then(|c| c.cast::<Class>()) {
        Some(class) => Ok(vm.new_instance(class).into()),
        None => Err(vm.type_error("not a class")),
    }
}

fn operation(vm: &mut Vm, rt: u8, args: &[Value], imm: u64) -> R {
    match Rt::from_index(rt) {
        Some(rt) => match residual::call(vm, rt, args, imm) {
            Err(raise) if vm.is_question(raise) => vm.granted(|vm| residual::call(vm, rt, args, imm)),
            result => result,
        },
        None => Err(vm.not_implemented("runtime operation")),
    }
}

/// # Safety
/// `ctx` must be the context of running compiled code, `args` the address of `n` value words in its frame.
#[inline(always)]
unsafe fn with_args(
    ctx: *mut JitContext,
    n: u64,
    args: u64,
    run: impl FnOnce(&mut Vm, &[Value]) -> R,
) -> u64 {
    // SAFETY: by contract; nothing else borrows the context or the machine while compiled code is suspended here.
    unsafe {
        let (vm, fp) = (&mut *(*ctx).vm, (*ctx).fp);
        let result = run(vm, std::slice::from_raw_parts(args as *const Value, n as usize));
        conclude(ctx, vm, fp, result)
    }
}

/// Back to machine code.
///
/// # Safety
/// As for `with_args`.
#[inline(always)]
unsafe fn conclude(ctx: *mut JitContext, vm: &mut Vm, fp: *mut Value, result: R) -> u64 {
    note_broken(vm);
    // SAFETY: as above.
    let ctx = unsafe { &mut *ctx };
    ctx.fp = fp;
    match result {
        Ok(value) => value.bits(),
        Err(Raise(exception)) => {
            ctx.pending = Value::from(exception).bits();
            0
        }
    }
}
