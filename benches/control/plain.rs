//! The plain interpreter and nothing else: `plain PROG ARGS…`. What the control is compared with, and what it is.

use std::io::Write;
use vm::bootstrap::Config;
use vm::memory::Counted;
use vm::vm::{Host, Vm};

/// Without it the machine would not know what its objects hold of malloc memory.
#[global_allocator]
static ALLOCATOR: Counted<std::alloc::System> = Counted(std::alloc::System);

struct Outside;

impl Host for Outside {
    fn write_stdout(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        std::io::stdout().write_all(bytes)
    }

    fn flush_stdout(&mut self) -> std::io::Result<()> {
        std::io::stdout().flush()
    }

    fn write_stderr(&mut self, bytes: &[u8]) {
        let _ = std::io::stderr().write_all(bytes);
    }

    fn read_line(&mut self) -> std::io::Result<Option<String>> {
        Ok(None)
    }

    fn read_file(&mut self, path: &str) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn is_dir(&mut self, path: &str) -> bool {
        std::path::Path::new(path).is_dir()
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(program) = args.first() else { panic!("which program?") };
    let text = std::fs::read(program).unwrap_or_else(|error| panic!("{program}: {error}"));
    let mut vm = Vm::new(Box::new(Outside), Config::default());
    let argv = args.iter().map(|arg| vm.str(arg.as_str())).collect();
    vm.argv = vm.list(argv);
    let main = vm.new_module("__main__");
    if let Err(raise) = vm.run_file(program, &text, main.globals) {
        let text = vm.traceback_text(raise);
        panic!("{text}");
    }
}
