//! Who runs frames while there are callbacks.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::events;
use crate::error::R;
use crate::interp::hooks::Hooks;
use crate::interp::run::{Outcome, run};
use crate::object::heap::{ATTENTION, Marker};
use crate::object::value::Value;
use crate::vm::{Executor, Vm};

/// The tracing instantiation of the interpreter.
pub struct Traced;

/// There is nothing to trace any more.
#[derive(Debug)]
pub struct Untraced;

impl Hooks for Traced {
    type Exit = Untraced;
    const OBSERVES: bool = false;
    const TRACES: bool = true;

    fn switch() -> Untraced {
        Untraced
    }
}

/// Runs frames, traced, until the one at `depth` is done; `None` if the rest is for the executor without tracing.
pub fn run_traced(vm: &mut Vm, depth: usize) -> Option<R> {
    vm.tracing.look();
    let result = match run(vm, &mut Traced, depth) {
        Outcome::Done(value) => Ok(value),
        Outcome::Raised(raise) => Err(raise),
        Outcome::Exit(Untraced) => return None,
    };
    // Whoever is below has its own window, and may have been running before there were callbacks.
    vm.tracing.look();
    ATTENTION.store(true, Ordering::Relaxed);
    Some(result)
}

/// An executor that traces, and leaves to `inner` what is not to be traced.
pub(super) fn tracer(inner: Rc<dyn Executor>) -> Rc<dyn Executor> {
    Rc::new(Tracer { inner })
}

struct Tracer {
    inner: Rc<dyn Executor>,
}

impl Executor for Tracer {
    fn run(&self, vm: &mut Vm, depth: usize) -> R {
        if !vm.tracing.is_on() {
            return self.inner.run(vm, depth);
        }
        match events::entered(vm) {
            Ok(()) => self.go_on(vm, depth),
            Err(raise) => {
                let at = vm.frames[vm.frames.len() - 1].ip;
                match crate::interp::unwind(vm, raise, at, depth) {
                    Ok(()) => self.go_on(vm, depth),
                    Err(raise) => Err(raise),
                }
            }
        }
    }

    fn go_on(&self, vm: &mut Vm, depth: usize) -> R {
        if !vm.tracing.is_on() {
            return self.inner.go_on(vm, depth);
        }
        run_traced(vm, depth).unwrap_or_else(|| self.inner.go_on(vm, depth))
    }

    fn call(&self, vm: &mut Vm, callee: Value, args: &[Value]) -> R {
        if vm.tracing.is_on() { vm.call(callee, args) } else { self.inner.call(vm, callee, args) }
    }

    fn trace(&self, marker: &mut Marker) {
        self.inner.trace(marker);
    }

    fn namespace_changed(&self) {
        self.inner.namespace_changed();
    }

    fn collecting(&self, starts: bool) {
        self.inner.collecting(starts);
    }

    fn before_fork(&self) {
        self.inner.before_fork();
    }

    fn after_fork_in_child(&self) {
        self.inner.after_fork_in_child();
    }
}
