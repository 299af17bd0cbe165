//! `exec`, `eval`, `compile`, `__import__`.
//!
//! A module body is a function of no parameters. That of an expression returns its value.

use crate::compile::{self, Mode};
use crate::error::R;
use crate::object::array::Window;
use crate::object::dict::Dict;
use crate::object::frame::CodeObject;
use crate::object::function::{Args, Code, Function, NativeDef};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    NativeDef::any("exec", exec, 1, 3),
    NativeDef::any("eval", eval, 1, 3),
    NativeDef::any("compile", compile_source, 3, 6).keywords(),
    NativeDef::any("__import__", import, 1, 5).keywords(),
];

fn exec(vm: &mut Vm, args: Args<'_>) -> R {
    let code = match code_of(args.pos[0]) {
        Some(code) => code,
        None => {
            let source = source_text(vm, args.pos[0])?;
            compiled(vm, &source, "<string>", Mode::File)?
        }
    };
    run(vm, code, args)?;
    Ok(Value::NONE)
}

fn eval(vm: &mut Vm, args: Args<'_>) -> R {
    let code = match code_of(args.pos[0]) {
        Some(code) => code,
        None => {
            let source = source_text(vm, args.pos[0])?;
            compiled(vm, source.trim_start_matches([' ', '\t']), "<string>", Mode::Eval)?
        }
    };
    run(vm, code, args)
}

fn compile_source(vm: &mut Vm, args: Args<'_>) -> R {
    let source = source_text(vm, args.pos[0])?;
    let file = vm.str_arg(args.pos[1])?;
    let mode = vm.str_arg(args.pos[2])?;
    let mode = match &*mode.text {
        "exec" => Mode::File,
        "single" => Mode::Single,
        "eval" => Mode::Eval,
        _ => return Err(vm.value_error("bad compile mode")),
    };
    let code = compiled(vm, &source, &file.text, mode)?;
    Ok(vm.code_object(code))
}

fn source_text(vm: &mut Vm, source: Value) -> R<String> {
    if let Some(bytes) = Window::of(source) {
        return Ok(String::from_utf8_lossy(bytes.bytes()).into_owned());
    }
    match source.cast::<Str>() {
        Some(text) => Ok(text.text.to_string()),
        None => Err(vm.type_error("object with buffer protocol required")),
    }
}

fn compiled(vm: &mut Vm, source: &str, file: &str, mode: Mode) -> R<&'static Code> {
    let options =
        compile::Options { opt_level: vm.opt_level, mode, annotations: true, wide: true, debug: true };
    let module = match compile::compile(source, file, &options) {
        Ok(module) => module,
        Err(error) => return Err(vm.compile_error(error)),
    };
    // The parser asks nobody.
    vm.poll()?;
    vm.load_module(&module)
}

/// The code of a code object, or of a function.
fn code_of(value: Value) -> Option<&'static Code> {
    let function = value.cast::<Function>().map(|function| function.code);
    function.or_else(|| value.cast::<CodeObject>().map(|object| object.code))
}

/// Runs a code object in the namespaces of `exec(code, globals, locals)`; gives an expression's value.
fn run(vm: &mut Vm, code: &'static Code, args: Args<'_>) -> R {
    let given = |i: usize| args.get(i).filter(|g| !g.is_none());
    let globals = match given(1) {
        Some(globals) => with_builtins(vm, globals)?,
        None => vm.frames.last().map_or(vm.builtins, |frame| frame.globals),
    };
    let locals = match given(2) {
        Some(locals) => vm.dict_arg(locals)?,
        None => globals,
    };
    let body = vm.function(code, globals);
    if locals == globals { vm.call(body, &[]) } else { vm.call_with_locals(body, locals) }
}

/// The dict a program has made to be a namespace. It gets the name that CPython puts there.
fn with_builtins(vm: &mut Vm, globals: Value) -> R<Gc<Dict>> {
    let globals = vm.dict_arg(globals)?;
    let name = vm.intern("__builtins__");
    // Not where it is at home: there somebody may just be counting the names.
    let at_home = vm.frames.last().is_some_and(|frame| frame.globals == globals);
    if !at_home && globals.get_name(name).is_none() {
        globals.set_name(name, vm.builtins.into());
    }
    Ok(globals)
}

impl Vm {
    /// An argument that must be a dict.
    pub(crate) fn dict_arg(&mut self, value: Value) -> R<Gc<Dict>> {
        match self.unwrapped(value) {
            inner if matches!(inner.kind(), Kind::Dict | Kind::OrderedDict) => self.receiver(inner),
            _ => Err(self.type_error("argument should be a dict")),
        }
    }
}

fn import(vm: &mut Vm, args: Args<'_>) -> R {
    let name = vm.str_arg(args.pos[0])?;
    let level = match args.get_or(4, "level") {
        Some(level) => vm.index_value(level)?,
        None => 0,
    };
    let Ok(level) = usize::try_from(level) else { return Err(vm.value_error("level must be >= 0")) };
    if name.text.is_empty() && level == 0 {
        return Err(vm.value_error("empty module name"));
    }
    let given = args.get_or(1, "globals").filter(|globals| !globals.is_none());
    let globals = match given {
        Some(globals) if level > 0 => vm.dict_arg(globals)?,
        _ => vm.frames.last().map_or(vm.builtins, |frame| frame.globals),
    };
    let mut from = args.get_or(3, "fromlist").unwrap_or(Value::NONE);
    if !vm.truth(from)? {
        from = Value::NONE;
    }
    vm.import(&name.text, globals, from, level)
}
