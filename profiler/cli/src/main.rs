//! The loopscope command.
#![forbid(unsafe_code)]

mod host;

use vm::bootstrap::Config;
use vm::vm::Vm;

fn main() {
    let path = std::env::args().nth(1).unwrap_or_default();
    let stress = std::env::var_os("GC_STRESS").is_some();
    let mut vm = Vm::new(Box::new(host::StdHost::default()), Config { gc_stress: stress, ..Config::default() });
    let mut engine = None;
    let jit = std::env::var("JIT").unwrap_or_default();
    if !jit.is_empty() {
        let passes = std::env::var("PASSES").unwrap_or("all".into());
        let options = jit::options::Options { threshold: jit.parse().unwrap_or(500), bridge_threshold: std::env::var("BT").ok().and_then(|b| b.parse().ok()).unwrap_or(100), passes, ..Default::default() };
        let log = std::env::var("LOG").ok().and_then(|path| std::fs::File::create(path).ok());
        let events = log.map_or_else(jit::events::Events::default, |file| {
            let out = Box::new(std::io::BufWriter::with_capacity(1 << 18, file));
            let meta = jit::events::Meta { program: path.clone(), pid: std::process::id() };
            jit::events::Events::new(out, logs::filter::Selection::everything(), meta)
        });
        engine = Some(jit::Engine::install(&mut vm, options, events).expect("jit"));
    }
    let code = run(&mut vm, &path);
    if let Some(engine) = engine {
        engine.finish(&mut vm);
    }
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
    let args: Vec<_> = std::env::args().skip(1).map(|a| vm.str(a)).collect();
    if let Some(argv) = vm.argv.cast::<vm::object::sequence::List>() {
        args.into_iter().for_each(|a| argv.items.push(a));
    }
    vm.run_file(path, &bytes, main.globals)
}
