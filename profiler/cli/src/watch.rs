//! Tools that watch a program run: `-X trace`, `--coverage`, `--debug`. They are modules written in Python, on the
//! interface of `sys.settrace` that every program has; here they are started and asked for their results.

use crate::job::{Job, Watch};
use vm::error::{R, Raise};
use vm::object::text::Str;
use vm::object::value::Value;
use vm::vm::Vm;

/// Starts the tool, if there is one.
pub fn begin(vm: &mut Vm, job: &Job) -> R<()> {
    match &job.watch {
        None => {}
        Some(Watch::Trace(kind)) => {
            let args = [vm.str(kind.as_str()), vm.str(job.only.as_str())];
            ask(vm, "_tracer", "install", &args)?;
        }
        Some(Watch::Coverage(_)) => {
            ask(vm, "_coverage", "install", &[])?;
        }
        Some(Watch::Debug) => {
            ask(vm, "_debugger", "install", &[])?;
        }
    }
    Ok(())
}

/// The program has ended.
pub fn end(vm: &mut Vm, job: &Job) -> anyhow::Result<()> {
    vm.set_callbacks(Value::NULL, Value::NULL);
    let Some(Watch::Coverage(file)) = &job.watch else { return Ok(()) };
    let summary = text(vm, "summary")?;
    vm.host.write_stderr(summary.as_bytes());
    let Some(file) = file else { return Ok(()) };
    let content = text(vm, if file.ends_with(".txt") { "listing" } else { "lcov" })?;
    std::fs::write(file, content).map_err(|error| anyhow::anyhow!("can't write {file}: {error}"))?;
    Ok(())
}

/// The user left the debugger: the program ends, but not with an error.
pub fn is_quit(vm: &mut Vm, job: &Job, raise: Raise) -> bool {
    job.watch == Some(Watch::Debug)
        && ask(vm, "_debugger", "is_quit", &[raise.0.into()]).is_ok_and(|answer| answer == Value::TRUE)
}

fn text(vm: &mut Vm, function: &str) -> anyhow::Result<String> {
    match ask(vm, "_coverage", function, &[]) {
        Ok(text) => Ok(text.cast::<Str>().map_or_else(String::new, |text| text.text.to_string())),
        Err(raise) => Err(anyhow::anyhow!("{}", vm.traceback_text(raise))),
    }
}

/// Calls a function of a module.
fn ask(vm: &mut Vm, module: &str, function: &str, args: &[Value]) -> R {
    let globals = vm.new_dict();
    let module = vm.import(module, globals, Value::NONE, 0)?;
    let name = vm.intern(function);
    let function = vm.load_attr(module, name)?;
    vm.call(function, args)
}
