//! `print`, `input`, `repr`.

use crate::error::R;
use crate::object::function::{Args, NativeDef};
use crate::object::value::Value;
use crate::vm::Vm;

use crate::builtins::define::MANY;
use crate::builtins::modules::sys;

/// What an error without a number is.
const EIO: i32 = 5;

pub const FUNCTIONS: &[NativeDef] = &[
    NativeDef::any("print", print, 0, MANY).keywords(),
    NativeDef::any("input", input, 0, 1),
    NativeDef::any("repr", repr, 1, 1),
    NativeDef::any("__repl_print__", repl_print, 1, 1),
];

impl Vm {
    /// Writes to standard output.
    pub(crate) fn write_out(&mut self, bytes: &[u8]) -> R<()> {
        let written = self.host.write_stdout(bytes);
        self.done_outside(written)
    }

    pub(crate) fn flush_out(&mut self) -> R<()> {
        let flushed = self.host.flush_stdout();
        self.done_outside(flushed)
    }

    /// What the system refused is an OSError; what was interrupted goes on if the program does.
    fn done_outside(&mut self, mut result: std::io::Result<()>) -> R<()> {
        while let Err(error) = result {
            if error.kind() != std::io::ErrorKind::Interrupted {
                let number = error.raw_os_error().unwrap_or(EIO);
                return Err(self.raise_with(self.exceptions.OSError, &[Value::small(number.into())]));
            }
            self.poll()?;
            result = self.host.flush_stdout();
        }
        Ok(())
    }
}

fn print(vm: &mut Vm, args: Args<'_>) -> R {
    let sep = separator(vm, args, "sep", " ")?;
    let end = separator(vm, args, "end", "\n")?;
    let file = args.keyword("file").filter(|f| !f.is_none()).or_else(|| sys::own_stdout(vm));
    let mut line = String::new();
    for (i, value) in args.pos.iter().enumerate() {
        if i > 0 {
            emit(vm, file, &mut line, &sep)?;
        }
        match vm.str_of(*value) {
            Ok(text) => emit(vm, file, &mut line, &text)?,
            Err(raise) => {
                vm.write_out(line.as_bytes())?;
                return Err(raise);
            }
        }
    }
    emit(vm, file, &mut line, &end)?;
    let flush = match args.keyword("flush") {
        Some(flush) => vm.truth(flush)?,
        None => false,
    };
    match file {
        None => vm.write_out(line.as_bytes())?,
        Some(file) if flush => drop(vm.call_method(file, "flush", &[])?),
        Some(_) => {}
    }
    if flush && file.is_none() {
        vm.flush_out()?;
    }
    Ok(Value::NONE)
}

/// A file gets each piece at once; standard output gets the whole line in the end.
fn emit(vm: &mut Vm, file: Option<Value>, line: &mut String, text: &str) -> R<()> {
    match file {
        Some(file) => {
            let text = vm.str(text);
            vm.call_method(file, "write", &[text]).map(|_| ())
        }
        None => {
            vm.reserve_text(line, text.len())?;
            line.push_str(text);
            Ok(())
        }
    }
}

fn separator(vm: &mut Vm, args: Args<'_>, name: &str, default: &str) -> R<String> {
    match args.keyword(name).filter(|s| !s.is_none()) {
        Some(text) => Ok(vm.str_arg(text)?.text.to_string()),
        None => Ok(default.to_owned()),
    }
}

fn input(vm: &mut Vm, args: Args<'_>) -> R {
    if let Some(prompt) = args.get(0) {
        let prompt = vm.str_of(prompt)?;
        vm.write_out(prompt.as_bytes())?;
    }
    match vm.read_line()? {
        Some(line) => Ok(vm.str(line.trim_end_matches('\n'))),
        None => Err(vm.raise_with(vm.exceptions.EOFError, &[])),
    }
}

fn repr(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.repr(args.pos[0])?;
    Ok(vm.str(text))
}

/// What the REPL does with the value of an expression.
fn repl_print(vm: &mut Vm, args: Args<'_>) -> R {
    if !args.pos[0].is_none() {
        let text = vm.repr(args.pos[0])? + "\n";
        match sys::own_stdout(vm) {
            Some(file) => emit(vm, Some(file), &mut String::new(), &text)?,
            None => vm.write_out(text.as_bytes())?,
        }
    }
    Ok(Value::NONE)
}
