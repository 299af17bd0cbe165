//! A machine for one program: paths, arguments, Ctrl-C, the program itself, and the exit code it earns.
//!
//! The program runs on a thread of its own, because the size of the main thread's stack is not ours to choose.

use crate::failure::{Failure, OK, RAISED};
use crate::fatal;
use crate::host::StdHost;
use crate::job::{Job, Main};
use crate::logfile::Sink;
use crate::memory;
use crate::perffiles::PerfFiles;
use crate::signals;
use crate::watch;
use jit::events::{Events, Meta};
use jit::options::Options;
use jit::perf::{Backend, Perf};
use std::path::Path;
use std::rc::Rc;
use std::time::SystemTime;
use vm::bootstrap::Config;
use vm::error::{R, Raise};
use vm::vm::Vm;

/// Bytes of stack for native code: recursion of built-ins, not of Python functions, is what needs it.
const STACK: usize = 16 << 20;
/// Bytes of it that are left for native code which does not ask how much there is.
const RESERVE: usize = 1 << 20;
/// Memory that the JIT needs for itself before it has compiled anything.
const JIT: usize = 4 << 20;
/// Where modules lie if `MICROPYPATH` does not say so.
const MODULES: &str = "~/.micropython/lib:/usr/lib/micropython";

/// A program, its text at hand.
#[derive(Debug)]
pub struct Program {
    pub job: Job,
    /// The text, unless it is a module that is still to be found.
    pub text: Vec<u8>,
}

/// Runs the program to its end and gives its exit code.
pub fn run(program: Program, log: Option<Sink>) -> anyhow::Result<i32> {
    let thread = std::thread::Builder::new().name(fatal::PROGRAM.to_owned()).stack_size(STACK);
    let running = thread.spawn(move || {
        let bottom = 0u8;
        on_this_thread(&program, log, std::ptr::from_ref(&bottom) as usize)
    })?;
    running.join().unwrap_or_else(|_| fatal::end())
}

#[inline(never)]
fn on_this_thread(program: &Program, log: Option<Sink>, stack: usize) -> anyhow::Result<i32> {
    let config = Config { gc_stress: program.job.gc_stress, ..Config::default() };
    let mut vm = Vm::new(Box::new(StdHost::new(program.job.by_line)), config);
    vm.stack_base = stack;
    vm.stack_limit = stack.saturating_sub(STACK - RESERVE);
    vm.opt_level = program.job.opt_level;
    vm.tracing.style = program.job.style;
    set_paths(&mut vm, &program.job);
    signals::listen();
    if program.job.self_test {
        vm.install_self_test();
    }
    let engine = install(&mut vm, &program.job, log)?;
    limit_memory(&mut vm, &program.job);
    let perf = install_perf(&mut vm, engine.as_ref(), &program.job);
    let process = std::process::id();
    // What was asked for in the program's last moment is not lost.
    let ran = run_main(&mut vm, program).and_then(|value| vm.poll().map(|()| value));
    let mut code = match ran {
        Ok(_) => OK,
        Err(raise) if watch::is_quit(&mut vm, &program.job, raise) => OK,
        Err(raise) => exit_code(&mut vm, raise),
    };
    // What waited to be written is still the program's.
    if let Err(error) = vm.host.finish_stdout()
        && code == OK
    {
        vm.host.write_stderr(format!("loopscope: can't write standard output: {error}\n").as_bytes());
        code = RAISED;
    }
    watch::end(&mut vm, &program.job)?;
    perf.finish();
    if std::process::id() != process {
        // A copy that the program has made: the thread that waits for our result was not copied.
        std::process::exit(code);
    }
    if let Some(engine) = engine {
        engine.finish(&mut vm);
    }
    Ok(code)
}

/// What the program may have begins to count here.
fn limit_memory(vm: &mut Vm, job: &Job) {
    vm::memory::keep_spare();
    vm.heap.set_limits(job.heap.unwrap_or_else(memory::of_this_machine), memory::addresses_left());
    if job.jit.is_some() {
        vm.heap.allow(JIT);
    }
}

/// Makes native frames available, and gives them if the user asks for it: on the command line, else as of CPython.
fn install_perf(vm: &mut Vm, engine: Option<&Rc<jit::Engine>>, job: &Job) -> Rc<Perf> {
    let perf = Perf::install(vm, engine, Rc::new(PerfFiles));
    let asks = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty() && value != "0");
    let from_environment = || match (asks("PYTHONPERFSUPPORT"), asks("PYTHON_PERF_JIT_SUPPORT")) {
        (_, true) => Some(Backend::Dump),
        (true, false) => Some(Backend::Map),
        (false, false) => None,
    };
    if let Some(backend) = job.perf.or_else(from_environment) {
        perf.activate(vm, backend);
    }
    if job.perf_marks {
        perf.mark_visits();
    }
    perf
}

/// Puts the JIT into the machine. It is also what writes the log: a run without JIT that wants one gets a JIT that
/// never finds anything hot.
fn install(vm: &mut Vm, job: &Job, log: Option<Sink>) -> Result<Option<Rc<jit::Engine>>, Failure> {
    let never = || Options { threshold: u32::MAX, ..Options::default() };
    let Some(options) = job.jit.clone().or_else(|| log.is_some().then(never)) else { return Ok(None) };
    let events = log.map_or_else(Events::default, |log| {
        let program = job.argv.first().cloned().unwrap_or_default();
        let events = Events::new(log.out, log.selection, meta(program));
        if job.all_events { events.with_all_events() } else { events }
    });
    jit::opt::Config::parse(&options.passes).map_err(Failure::Usage)?;
    // Where no memory may be made executable, a program is better run slowly than not at all.
    let no_jit = |error: &String| eprintln!("loopscope: warning: the JIT is off: {error}");
    Ok(jit::Engine::install(vm, options, events).inspect_err(no_jit).ok())
}

/// What a log says of the run.
fn meta(program: String) -> Meta {
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Meta { program, pid: std::process::id(), host, time: now.map_or(0, |time| time.as_secs()) }
}

/// `sys.argv`, and `sys.path` as MicroPython fills it: the script's directory or `''`, then the usual places.
fn set_paths(vm: &mut Vm, job: &Job) {
    let argv = job.argv.iter().map(|arg| vm.str(arg.as_str())).collect();
    vm.argv = vm.list(argv);
    let first = match &job.main {
        Main::File(path) => directory_of(path),
        _ => String::new(),
    };
    let usual = std::env::var("MICROPYPATH").unwrap_or_else(|_| MODULES.to_owned());
    let home = std::env::var("HOME").unwrap_or_default();
    let usual = usual.split(':').map(|dir| match dir.strip_prefix("~/") {
        Some(rest) => format!("{home}/{rest}"),
        None => dir.to_owned(),
    });
    let path = [first].into_iter().chain(usual).map(|dir| vm.str(dir)).collect();
    vm.path = vm.list(path);
}

fn directory_of(path: &str) -> String {
    let full = std::fs::canonicalize(path).unwrap_or_default();
    full.parent().map_or_else(String::new, |dir| dir.to_string_lossy().into_owned())
}

fn run_main(vm: &mut Vm, program: &Program) -> R {
    let main = vm.new_module("__main__");
    let name = vm.names.main;
    vm.modules.set_name(name, main.into());
    let (file, text) = match &program.job.main {
        Main::File(path) => (path.clone(), program.text.clone()),
        Main::Code(_) | Main::Stdin => ("<stdin>".to_owned(), program.text.clone()),
        Main::Module(module) => find_module(vm, module)?,
    };
    if program.job.main != Main::Stdin {
        let (key, value) = (vm.names.file, vm.str(file.as_str()));
        main.globals.set_name(key, value);
    }
    watch::begin(vm, &program.job)?;
    vm.run_file(&file, &text, main.globals)
}

/// The file behind `-m a.b`; of a package, it is `__main__` inside, the package being imported first.
fn find_module(vm: &mut Vm, module: &str) -> R<(String, Vec<u8>)> {
    let relative = module.replace('.', "/");
    let dirs = search_path(vm);
    for dir in &dirs {
        let stem = if dir.is_empty() { relative.clone() } else { format!("{dir}/{relative}") };
        let package = Path::new(&stem).is_dir();
        if package {
            let globals = vm.new_dict();
            vm.import(module, globals, vm::object::value::Value::NONE, 0)?;
        }
        let stem = if package { format!("{stem}/__main__") } else { stem };
        for file in ["py", "mpy"].map(|extension| format!("{stem}.{extension}")) {
            if let Ok(text) = vm.read_file(&file)? {
                return Ok((file, text));
            }
        }
    }
    Err(vm.import_error(format!("no module named '{module}'")))
}

fn search_path(vm: &mut Vm) -> Vec<String> {
    let list = vm.path.cast::<vm::object::sequence::List>();
    let items: Vec<_> = list.map_or_else(Vec::new, |list| list.items.to_vec());
    items.into_iter().filter_map(|dir| vm.str_of(dir).ok()).collect()
}

/// Says why the program ended; SystemExit says so itself.
fn exit_code(vm: &mut Vm, raise: Raise) -> i32 {
    if let Some(signal) = signals::ended_by().filter(|_| vm.ending) {
        signals::die_of(signal);
        return RAISED;
    }
    if vm.matches(raise, vm.exceptions.KeyboardInterrupt) {
        signals::die_of(signals::INTERRUPT);
        // What can still be written comes before what is said; the end does not wait for who reads nothing.
        let _ = vm.host.finish_stdout();
    }
    if !vm.matches(raise, vm.exceptions.SystemExit) {
        let text = vm.traceback_text(raise);
        vm.host.write_stderr(text.as_bytes());
        return RAISED;
    }
    let status = raise.0.args.get().items().first().copied();
    match status.filter(|status| !status.is_none()) {
        None => OK,
        Some(status) => match status.as_small().or_else(|| status.as_bool().map(i64::from)) {
            Some(number) => (number & 0xff) as i32,
            None => {
                let text = vm.str_of(status).unwrap_or_default();
                vm.host.write_stderr(format!("{text}\n").as_bytes());
                RAISED
            }
        },
    }
}
