//! `loopscope dis`

use crate::args::Dis;
use crate::cmd::compile;
use crate::failure::{self, Failure, OK};
use anyhow::Context;
use std::io::Write;
use vm::bytecode::{disasm, mpy};

/// Prints the bytecode of every function of a program.
pub fn run(args: &Dis) -> anyhow::Result<i32> {
    let text = failure::read(&args.program)?;
    let module = if args.program.ends_with(".mpy") {
        let unreadable = |error| Failure::Unreadable(format!("can't read '{}': {error}", args.program));
        mpy::read(&text).map_err(unreadable)?
    } else {
        match compile::module(&text, &args.program, args.optimize) {
            Ok(module) => module,
            Err(error) => return Ok(compile::complain(&error)),
        }
    };
    let listing = disasm::module_text(&module)?;
    let mut out = std::io::stdout().lock();
    out.write_all(listing.as_bytes()).and_then(|()| out.flush()).context("can't write the listing")?;
    Ok(OK)
}
