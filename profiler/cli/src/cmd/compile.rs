//! `loopscope compile`

use crate::args::Compile;
use crate::failure::{self, OK, RAISED};
use anyhow::Context;
use std::path::Path;
use vm::bytecode::{Module, mpy};
use vm::compile::{self, CompileError, Options};

/// Writes the program's `.mpy` file.
pub fn run(args: &Compile) -> anyhow::Result<i32> {
    let text = failure::read(&args.program)?;
    let name = args.source_name.as_deref().unwrap_or(&args.program);
    let module = match module(&text, name, args.optimize) {
        Ok(module) => module,
        Err(error) => return Ok(complain(&error)),
    };
    let output = args.output.clone().unwrap_or_else(|| default_output(&args.program));
    std::fs::write(&output, mpy::write(&module)).with_context(|| format!("can't write '{output}'"))?;
    Ok(OK)
}

/// Compiles a text.
pub fn module(text: &[u8], name: &str, opt_level: u8) -> Result<Module, CompileError> {
    let options = Options { opt_level, ..Options::default() };
    compile::compile(&String::from_utf8_lossy(text), name, &options)
}

/// Says what is wrong with a program, as running it would.
pub fn complain(error: &CompileError) -> i32 {
    eprintln!("Traceback (most recent call last):");
    eprintln!("  File \"{}\", line {}", error.file, error.line);
    eprintln!("{}: {}", error.kind.as_str(), error.message);
    RAISED
}

fn default_output(program: &str) -> String {
    Path::new(program).with_extension("mpy").to_string_lossy().into_owned()
}
