//! `sys`.

use std::any::Any;

use super::stack_trampoline;
use crate::builtins::ModuleDef;
use crate::error::R;
use crate::object::class::{Class, Module};
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::foreign::{Foreign, ForeignObject};
use crate::object::function::{Args, NativeDef};
use crate::object::heap::{Gc, Marker};
use crate::object::text::Str;
use crate::object::value::{SMALL_MAX, Value};
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "sys",
    functions: &[
        NativeDef::any("exit", exit, 0, 1),
        NativeDef::any("print_exception", print_exception, 1, 2),
        NativeDef::any("exc_info", exc_info, 0, 0),
        NativeDef::any("getsizeof", getsizeof, 1, 2),
        NativeDef::any("intern", intern, 1, 1),
        NativeDef::any("getrecursionlimit", |_, _| Ok(Value::small(100_000)), 0, 0),
        NativeDef::any("setrecursionlimit", |_, _| Ok(Value::NONE), 1, 1),
        NativeDef::any("activate_stack_trampoline", stack_trampoline::activate, 1, 1),
        NativeDef::any("deactivate_stack_trampoline", stack_trampoline::deactivate, 0, 0),
        NativeDef::any("is_stack_trampoline_active", stack_trampoline::is_active, 0, 0),
        NativeDef::any("_compile_perf_trampoline_entry", stack_trampoline::compile_entry, 1, 1),
        NativeDef::any("_perf_trampoline_set_persist_after_fork", stack_trampoline::persist_after_fork, 1, 1),
        NativeDef::any("getdefaultencoding", |vm, _| Ok(vm.str("utf-8")), 0, 0),
    ],
    setup: Some(setup),
};

fn setup(vm: &mut Vm, names: Gc<Dict>) {
    super::sys_trace::FUNCTIONS.iter().for_each(|def| vm.install_function(names, def));
    define_data(vm, names);
}

/// MicroPython's version that we follow.
const VERSION: [i64; 3] = [1, 29, 0];
/// Version 6.3 of the `.mpy` format, no native code.
const MPY: i64 = 774;

fn define_data(vm: &mut Vm, names: Gc<Dict>) {
    let texts = [
        ("platform", "linux"),
        ("byteorder", "little"),
        ("version", "3.4.0; loopscope 1.29.0"),
        ("ps1", ">>> "),
        ("ps2", "... "),
        ("executable", ""),
    ];
    for (name, text) in texts {
        let text = vm.str(text);
        vm.define(names, name, text);
    }
    vm.define(names, "argv", vm.argv);
    vm.define(names, "path", vm.path);
    vm.define(names, "modules", vm.modules.into());
    let maxsize = vm.int(i64::MAX);
    vm.define(names, "maxsize", maxsize);
    vm.define(names, "_small_int_max", Value::small(SMALL_MAX));
    let version = vm.tuple(&[3, 4, 0].map(Value::small));
    vm.define(names, "version_info", version);
    if let Ok(implementation) = implementation(vm) {
        vm.define(names, "implementation", implementation);
    }
    streams(vm, names);
}

fn implementation(vm: &mut Vm) -> R {
    let numbers = VERSION.map(Value::small);
    let empty = vm.str("");
    let version = vm.tuple(&[numbers[0], numbers[1], numbers[2], empty]);
    let (name, machine, build) = (vm.str("micropython"), vm.str("linux [loopscope]"), vm.str("standard"));
    let fields = ["name", "version", "_machine", "_mpy", "_build"];
    vm.attr_tuple("implementation", &fields, &[name, version, machine, Value::small(MPY), build])
}

fn exit(vm: &mut Vm, args: Args<'_>) -> R {
    Err(vm.raise_with(vm.exceptions.SystemExit, args.pos))
}

fn exc_info(vm: &mut Vm, _args: Args<'_>) -> R {
    match crate::interp::handled(vm) {
        Some(exception) => {
            let (class, traceback) = (exception.class.into(), vm.traceback_of(exception));
            Ok(vm.tuple(&[class, exception.into(), traceback]))
        }
        None => Ok(vm.tuple(&[Value::NONE; 3])),
    }
}

fn getsizeof(vm: &mut Vm, args: Args<'_>) -> R {
    let items = vm.builtin_len(args.pos[0]).unwrap_or(1);
    Ok(Value::small(16 + 8 * items as i64))
}

fn intern(vm: &mut Vm, args: Args<'_>) -> R {
    vm.name_arg(args.pos[0]).map(Value::from)
}

fn print_exception(vm: &mut Vm, args: Args<'_>) -> R {
    let exception = vm.receiver::<Exception>(args.pos[0])?;
    let text = vm.traceback_text(crate::error::Raise(exception));
    match args.get(1) {
        Some(file) => {
            let text = vm.str(text);
            vm.call_method(file, "write", &[text])?;
        }
        None => vm.write_out(text.as_bytes())?,
    }
    Ok(Value::NONE)
}

/// One of the standard streams.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standard {
    In,
    Out,
    Err,
}

/// What the program has put in the place of `sys.stdout`.
pub(in crate::builtins) fn own_stdout(vm: &mut Vm) -> Option<Value> {
    let (sys, name) = (vm.intern("sys"), vm.intern("stdout"));
    let module = vm.built_in.get_name(sys)?.cast::<Module>()?;
    let file = module.globals.get_name(name).filter(|file| !file.is_none())?;
    let stream = file.cast::<Foreign>().and_then(|file| file.get().object.as_any().downcast_ref::<Stream>());
    let is_own = stream.is_none_or(|stream| !matches!(stream.stream, Standard::Out));
    is_own.then_some(file)
}

struct Stream {
    stream: Standard,
    /// The byte stream under a text stream.
    buffer: Value,
}

impl ForeignObject for Stream {
    fn trace(&self, marker: &mut Marker) {
        marker.value(self.buffer);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const STREAM: &[NativeDef] = &[
    NativeDef::any("write", write, 2, 4),
    NativeDef::any("flush", flush, 1, 1),
    NativeDef::any("close", |_, _| Ok(Value::NONE), 1, 1),
    NativeDef::any("readline", read_line, 1, 2),
    NativeDef::any("read", read_all, 1, 2),
    NativeDef::any("readlines", read_lines, 1, 1),
    NativeDef::any("__iter__", |_, args| Ok(args.pos[0]), 1, 1),
    NativeDef::any("__next__", next_line, 1, 1),
    NativeDef::any("__enter__", |_, args| Ok(args.pos[0]), 1, 1),
    NativeDef::any("__exit__", |_, _| Ok(Value::NONE), 4, 4),
    NativeDef::any("fileno", fileno, 1, 1),
    NativeDef::any("isatty", |_, _| Ok(Value::FALSE), 1, 1),
];
const BUFFER: &[NativeDef] =
    &[NativeDef::reads("buffer", |vm, args| Ok(vm.foreign_object::<Stream>(args.pos[0])?.buffer), 1, 1)];

fn streams(vm: &mut Vm, names: Gc<Dict>) {
    let bytes: Gc<Class> = vm.foreign_class("FileIO", None, STREAM);
    let class: Gc<Class> = vm.foreign_class("TextIOWrapper", None, STREAM);
    vm.install_getters(class, BUFFER);
    for (name, stream) in [("stdin", Standard::In), ("stdout", Standard::Out), ("stderr", Standard::Err)] {
        let buffer = vm.foreign(bytes, Box::new(Stream { stream, buffer: Value::NONE }));
        let object = vm.foreign(class, Box::new(Stream { stream, buffer }));
        vm.define(names, name, object);
    }
}

/// Text or bytes. Gives the number of characters or bytes.
fn write(vm: &mut Vm, args: Args<'_>) -> R {
    let stream = vm.foreign_object::<Stream>(args.pos[0])?.stream;
    let (data, n) = match args.pos[1].cast::<Str>() {
        Some(text) => (text.text.as_bytes().to_vec(), text.chars as usize),
        None => {
            let data = vm.window(args.pos[1])?.bytes().to_vec();
            let n = data.len();
            (data, n)
        }
    };
    match stream {
        Standard::Err => vm.host.write_stderr(&data),
        _ => vm.write_out(&data)?,
    }
    Ok(Value::small(n as i64))
}

fn flush(vm: &mut Vm, args: Args<'_>) -> R {
    if vm.foreign_object::<Stream>(args.pos[0])?.stream == Standard::Out {
        vm.flush_out()?;
    }
    Ok(Value::NONE)
}

fn read_line(vm: &mut Vm, _args: Args<'_>) -> R {
    let line = vm.read_line()?.unwrap_or_default();
    Ok(vm.str(line))
}

fn next_line(vm: &mut Vm, _args: Args<'_>) -> R {
    match vm.read_line()? {
        Some(line) => Ok(vm.str(line)),
        None => Err(vm.stop_iteration(Value::NONE)),
    }
}

fn read_all(vm: &mut Vm, _args: Args<'_>) -> R {
    let mut text = String::new();
    while let Some(line) = vm.read_line()? {
        text.push_str(&line);
    }
    Ok(vm.str(text))
}

fn read_lines(vm: &mut Vm, _args: Args<'_>) -> R {
    let mut lines = Vec::new();
    while let Some(line) = vm.read_line()? {
        lines.push(vm.str(line));
    }
    Ok(vm.list(lines))
}

fn fileno(vm: &mut Vm, args: Args<'_>) -> R {
    Ok(Value::small(vm.foreign_object::<Stream>(args.pos[0])?.stream as i64))
}
