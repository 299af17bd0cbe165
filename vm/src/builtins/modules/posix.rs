//! `_posix`: processes. `os` has the rest.
#![expect(unsafe_code, reason = "copies the process")]

use crate::builtins::ModuleDef;
use crate::error::{R, Raise};
use crate::object::function::{Args, NativeDef};
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "_posix",
    functions: &[
        NativeDef::any("fork", fork, 0, 0),
        NativeDef::any("waitpid", waitpid, 2, 2),
        NativeDef::any("kill", kill, 2, 2),
        NativeDef::any("_exit", exit, 1, 1),
        NativeDef::any("getpid", |_, _| Ok(Value::small(i64::from(std::process::id()))), 0, 0),
        NativeDef::any(
            "getppid",
            |_, _| Ok(Value::small(i64::from(std::os::unix::process::parent_id()))),
            0,
            0,
        ),
    ],
    setup: None,
};

/// Whoever runs frames learns of it on both sides, so that no buffer is written twice.
fn fork(vm: &mut Vm, _args: Args<'_>) -> R {
    // What cannot be written is the program's trouble when it writes again.
    let _ = vm.host.flush_stdout();
    let executor = vm.executor.clone();
    executor.before_fork();
    // SAFETY: the copy has this thread only, and goes on in Python code; what other threads of ours may hold (the log,
    // the watch for signals) it does not touch.
    let pid = unsafe { libc::fork() };
    if pid < 0 {
        return Err(last_error(vm));
    }
    if pid == 0 {
        // SAFETY: the thread that would raise KeyboardInterrupt was not copied, so a signal ends the process.
        unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
        executor.after_fork_in_child();
        if let Some(frames) = vm.native_frames.clone() {
            frames.after_fork_in_child(vm);
        }
    }
    Ok(Value::small(i64::from(pid)))
}

/// `(pid, status)`
fn waitpid(vm: &mut Vm, args: Args<'_>) -> R {
    let (pid, options) = (int(vm, args, 0)?, int(vm, args, 1)?);
    loop {
        let mut status = 0;
        // SAFETY: `status` is ours.
        let waited = unsafe { libc::waitpid(pid, &raw mut status, options) };
        if waited >= 0 {
            return Ok(vm.tuple(&[waited, status].map(|n| Value::small(i64::from(n)))));
        }
        if std::io::Error::last_os_error().kind() != std::io::ErrorKind::Interrupted {
            return Err(last_error(vm));
        }
        vm.attend()?;
    }
}

fn kill(vm: &mut Vm, args: Args<'_>) -> R {
    let (pid, signal) = (int(vm, args, 0)?, int(vm, args, 1)?);
    // SAFETY: a plain system call.
    match unsafe { libc::kill(pid, signal) } {
        0 => Ok(Value::NONE),
        _ => Err(last_error(vm)),
    }
}

/// Ends the process at once: nothing is written, no handler runs.
fn exit(vm: &mut Vm, args: Args<'_>) -> R {
    let status = int(vm, args, 0)?;
    // SAFETY: does not return.
    unsafe { libc::_exit(status) }
}

fn int(vm: &mut Vm, args: Args<'_>, n: usize) -> R<i32> {
    match args.pos[n].as_small().map(i32::try_from) {
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err(vm.overflow_error("signed integer is greater than maximum")),
        None => Err(vm.type_error("an integer is required")),
    }
}

fn last_error(vm: &mut Vm) -> Raise {
    let number = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
    vm.raise_with(vm.exceptions.OSError, &[Value::small(i64::from(number))])
}
