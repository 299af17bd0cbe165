//! The loopscope command.
#![forbid(unsafe_code)]

mod host;

use vm::bootstrap::Config;
use vm::vm::Vm;

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let stress = std::env::var_os("GC_STRESS").is_some();
    let mut vm = Vm::new(Box::new(host::StdHost::default()), Config { gc_stress: stress, ..Config::default() });
    let code = run(&mut vm, &path);
    drop(vm);
    std::process::exit(code);
}

fn run(vm: &mut Vm, path: &str) -> i32 {
    vm.set_native_stack(6 << 20);
    match run_inner(vm, path) {
        Ok(_) => 0,
        Err(raise) => {
            let text = vm.traceback_text(raise);
            vm.host.write_stderr(text.as_bytes());
            1
        }
    }
}

#[inline(never)]
fn run_inner(vm: &mut Vm, path: &str) -> vm::error::R {
    let bytes = std::fs::read(path).unwrap_or_default();
    let main = vm.new_module("__main__");
    let name = vm.names.main;
    vm.modules.set_name(name, main.into());
    vm.run_file(path, &bytes, main.globals)
}
