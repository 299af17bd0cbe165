//! Code objects: what `function.__code__` and `compile` give, and functions made from them.

use crate::bytecode::{BASE, Operand, instructions, op};
use crate::error::R;
use crate::interp::tracing::first_line;
use crate::object::frame::CodeObject;
use crate::object::function::{Args, Code, NativeDef};
use crate::object::heap::{Gc, Header};
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::TypeDef;
use crate::builtins::types::frame::local_name;

pub const TYPES: &[TypeDef] = &[
    TypeDef { kind: Kind::Code, constructor: None, methods: &[NativeDef::reads("co_lines", co_lines, 1, 1)] },
    TypeDef { kind: Kind::Function, constructor: Some(new_function), methods: &[] },
];

/// CPython's flags of code objects.
const OPTIMIZED: i64 = 1;
const NEW_LOCALS: i64 = 2;
const VAR_ARGS: i64 = 4;
const VAR_KEYWORDS: i64 = 8;
const NESTED: i64 = 16;
const GENERATOR: i64 = 32;
const COROUTINE: i64 = 128;

/// `function(code, globals, name=None, argdefs=None)`.
fn new_function(vm: &mut Vm, args: Args<'_>) -> R {
    vm.check_arity("function", args, 2, 5)?;
    let code = code_arg(vm, args.pos[0])?;
    let globals = vm.dict_arg(args.pos[1])?;
    let defaults = args.get(3).filter(|defaults| defaults.kind() == Kind::Tuple).unwrap_or(Value::NULL);
    Ok(vm.function_with_defaults(code, globals, defaults, Value::NULL))
}

fn code_arg(vm: &mut Vm, value: Value) -> R<&'static Code> {
    match value.cast::<CodeObject>() {
        Some(object) => Ok(object.code),
        None => Err(vm.type_error("argument should be a code object")),
    }
}

/// Triples of first offset, offset behind the last, and line.
fn co_lines(vm: &mut Vm, args: Args<'_>) -> R {
    let code = code_arg(vm, args.pos[0])?;
    let mut triples = Vec::new();
    for (start, end, line) in runs(vm, code) {
        triples.push(vm.tuple(&[start, end, line].map(|n| Value::small(i64::from(n)))));
    }
    let list = vm.list(triples);
    vm.iter(list)
}

/// Instructions of one line in a row.
fn runs(vm: &Vm, code: &'static Code) -> Vec<(u32, u32, u32)> {
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for segment in code.line_table().of(vm.tracing.style).iter().filter(|s| s.start < s.end) {
        match runs.last_mut() {
            Some(last) if last.2 == segment.line || segment.line == 0 => last.1 = segment.end,
            _ => runs.push((segment.start, segment.end, segment.line)),
        }
    }
    runs
}

impl Vm {
    /// The code object of a function body.
    pub fn code_object(&mut self, code: &'static Code) -> Value {
        if code.object.get().is_null() {
            let object = self.heap.alloc(CodeObject { header: Header::new(Kind::Code), code });
            code.object.set(object.into());
        }
        code.object.get()
    }
}

/// Attributes of code objects.
pub fn code_attr(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    let code = value.cast::<CodeObject>()?.code;
    let debug = code.debug.as_deref();
    let n_free = debug.map_or(0, |debug| debug.n_free);
    Some(match name {
        "co_name" => code.name.into(),
        "co_qualname" => match debug {
            Some(debug) => vm.str(&*debug.qualname),
            None => code.name.into(),
        },
        "co_filename" => code.unit.file.into(),
        "co_firstlineno" => Value::small(i64::from(first_line(code).max(1))),
        "co_code" => vm.bytes(code.ops),
        "co_consts" => consts(vm, code).into(),
        "co_names" => names(vm, code).into(),
        "co_varnames" => locals(vm, code, |local, boxed| local >= n_free && !boxed),
        "co_cellvars" => locals(vm, code, |local, boxed| local >= n_free && boxed),
        "co_freevars" => locals(vm, code, |local, _| local < n_free),
        "co_nlocals" => Value::small(debug.map_or(0, |debug| debug.locals.len() - n_free) as i64),
        "co_argcount" => Value::small((code.n_pos - n_free) as i64),
        "co_kwonlyargcount" => Value::small(code.n_kwonly as i64),
        "co_posonlyargcount" => Value::small(0),
        "co_stacksize" => Value::small(code.n_state as i64),
        "co_flags" => Value::small(flags(code)),
        "co_lnotab" => {
            let table = line_deltas(vm, code);
            vm.bytes(table)
        }
        _ => return None,
    })
}

fn flags(code: &Code) -> i64 {
    let debug = code.debug.as_deref();
    let is_async = debug.is_some_and(|debug| debug.is_async);
    let is = |holds: bool, flag: i64| if holds { flag } else { 0 };
    is(debug.is_none_or(|debug| !debug.is_body), OPTIMIZED | NEW_LOCALS)
        | is(code.has_varargs, VAR_ARGS)
        | is(code.has_varkw, VAR_KEYWORDS)
        | is(debug.is_some_and(|debug| debug.qualname.contains("<locals>")), NESTED)
        | is(code.is_generator && !is_async, GENERATOR)
        | is(is_async, COROUTINE)
}

/// Pairs of bytes: instructions to skip, lines to add. A step beyond a byte takes several.
fn line_deltas(vm: &Vm, code: &'static Code) -> Vec<u8> {
    let mut table = Vec::new();
    let (mut at, mut line) = (0i64, i64::from(first_line(code).max(1)));
    for (start, _, next) in runs(vm, code) {
        let (mut skip, mut add) = (i64::from(start) - at, i64::from(next) - line);
        while skip > 255 {
            table.extend([255, 0]);
            skip -= 255;
        }
        while !(-128..=127).contains(&add) {
            let part = add.clamp(-128, 127);
            table.extend([skip as u8, part as i8 as u8]);
            (skip, add) = (0, add - part);
        }
        table.extend([skip as u8, add as i8 as u8]);
        (at, line) = (i64::from(start), i64::from(next));
    }
    table
}

/// Parameters and other locals for which `wanted(number, it lives in a cell)` holds.
fn locals(vm: &mut Vm, code: &'static Code, wanted: impl Fn(usize, bool) -> bool) -> Value {
    let names: Vec<Value> = match &code.debug {
        Some(debug) => {
            let locals = debug.locals.iter().enumerate();
            let chosen = locals.filter(|(local, _)| wanted(*local, code.cells.contains(&(*local as u32))));
            chosen.map(|(_, name)| vm.intern(local_name(name)).into()).collect()
        }
        None => code.arg_names.iter().map(|name| Value::from(*name)).collect(),
    };
    vm.tuple(&names)
}

/// The names that its instructions look up.
fn names(vm: &mut Vm, code: &'static Code) -> Gc<Tuple> {
    let mut names: Vec<Value> = Vec::new();
    for instr in instructions(code.ops).flatten() {
        let is_text = instr.op == op::LOAD_CONST_STRING;
        if let (Operand::Qstr, false) = (instr.info.operand, is_text)
            && let Some(name) = code.unit.qstrs.get(instr.arg as usize)
            && !names.contains(&(*name).into())
        {
            names.push((*name).into());
        }
    }
    vm.new_tuple(&names)
}

/// None, then the constants of its instructions and the code of inner functions.
fn consts(vm: &mut Vm, code: &'static Code) -> Gc<Tuple> {
    let mut consts = vec![Value::NONE];
    for instr in instructions(code.ops).flatten() {
        let constant = match BASE[instr.op as usize] {
            op::LOAD_CONST_STRING => code.unit.qstrs.get(instr.arg as usize).map(|text| (*text).into()),
            op::LOAD_CONST_OBJ => code.unit.consts.get(instr.arg as usize).copied(),
            op::LOAD_CONST_SMALL_INT => Some(Value::small(instr.arg)),
            op::LOAD_CONST_SMALL_INT_MULTI => Some(Value::small(i64::from(instr.op) - 0x80)),
            op::MAKE_FUNCTION | op::MAKE_FUNCTION_DEFARGS | op::MAKE_CLOSURE | op::MAKE_CLOSURE_DEFARGS => {
                code.children.get(instr.arg as usize).map(|child| vm.code_object(child))
            }
            _ => None,
        };
        consts.extend(constant.filter(|constant| !consts.contains(constant)));
    }
    vm.new_tuple(&consts)
}
