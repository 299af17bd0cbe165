//! A machine for unit tests of built-ins.

use crate::bootstrap::Config;
use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::function::Args;
use crate::object::value::Value;
use crate::vm::{Host, Vm};

/// No input, no files, output thrown away.
struct Nowhere;

impl Host for Nowhere {
    fn write_stdout(&mut self, _bytes: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
    fn flush_stdout(&mut self) -> std::io::Result<()> {
        Ok(())
    }
    fn write_stderr(&mut self, _bytes: &[u8]) {}
    fn read_line(&mut self) -> std::io::Result<Option<String>> {
        Ok(None)
    }
    fn read_file(&mut self, _path: &str) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }
    fn is_dir(&mut self, _path: &str) -> bool {
        false
    }
}

/// A machine with all built-ins and little native stack.
pub fn vm() -> Vm {
    Vm::new(Box::new(Nowhere), Config { gc_stress: false, native_stack: 256 << 10 })
}

/// Something to put into a test table: a value in Rust's terms.
#[derive(Clone, Copy, Debug)]
pub enum Lit {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(&'static str),
    Bytes(&'static [u8]),
    Array(&'static [u8]),
    Tuple(&'static [Lit]),
    List(&'static [Lit]),
}

impl Lit {
    pub fn value(self, vm: &mut Vm) -> Value {
        match self {
            Lit::None => Value::NONE,
            Lit::Bool(b) => Value::bool(b),
            Lit::Int(n) => vm.int(n),
            Lit::Float(x) => vm.float(x),
            Lit::Str(s) => vm.str(s),
            Lit::Bytes(b) => vm.bytes(b),
            Lit::Array(b) => vm.bytearray(b),
            Lit::Tuple(items) => {
                let items = values(vm, items);
                vm.tuple(&items)
            }
            Lit::List(items) => {
                let items = values(vm, items);
                vm.list(items)
            }
        }
    }
}

fn values(vm: &mut Vm, items: &[Lit]) -> Vec<Value> {
    items.iter().map(|item| item.value(vm)).collect()
}

/// `repr` of a result, or the exception as `Type: text`.
fn shown(vm: &mut Vm, result: R) -> String {
    match result {
        Ok(value) => vm.repr(value).unwrap_or_else(|_| "repr failed".to_owned()),
        Err(raise) => {
            let text = vm.str_of(raise.0.into()).unwrap_or_default();
            format!("{}: {text}", raise.0.class.name.text)
        }
    }
}

/// `this.method(*args)`.
pub fn method(this: Lit, name: &str, args: &[Lit]) -> String {
    let mut vm = vm();
    let this = this.value(&mut vm);
    let args = values(&mut vm, args);
    let result = vm.call_method(this, name, &args);
    shown(&mut vm, result)
}

/// `name(*args)` for a name of `builtins`, or of a module if it is dotted.
pub fn function(name: &str, args: &[Lit]) -> String {
    let mut vm = vm();
    let args = values(&mut vm, args);
    let result = match name.split_once('.') {
        Some((module, name)) => {
            let module = super::module(module).expect("module exists");
            let def = module.functions.iter().find(|f| f.name == name).expect("function exists");
            vm.call_native(def, Args::positional(&args))
        }
        None => {
            let name = vm.intern(name);
            let callee = vm.builtins.get_name(name).expect("builtin exists");
            vm.call(callee, &args)
        }
    };
    shown(&mut vm, result)
}

/// `a op b`.
pub fn operator(op: BinaryOp, a: Lit, b: Lit) -> String {
    let mut vm = vm();
    let (a, b) = (a.value(&mut vm), b.value(&mut vm));
    let result = vm.binary(op, a, b);
    shown(&mut vm, result)
}

/// `this[start:stop:step]`.
pub fn slice(this: Lit, bounds: [Lit; 3]) -> String {
    let mut vm = vm();
    let this = this.value(&mut vm);
    let [start, stop, step] = bounds.map(|b| b.value(&mut vm));
    let index = vm.slice(start, stop, step);
    let result = vm.get_item(this, index);
    shown(&mut vm, result)
}
