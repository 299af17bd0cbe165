//! Who runs frames while there are callbacks.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::events;
use crate::error::R;
use crate::interp::hooks::Hooks;
use crate::interp::run::{Outcome, run};
use crate::object::heap::{ATTENTION, Marker};
use crate::object::value::Value;
use crate::vm::{Executor, Standing, Vm};

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
    // Whoever is below has its own window.
    vm.tracing.look();
    Some(result)
}

/// Whoever is below may have been running before there were callbacks: it is to look.
pub fn look_below() {
    ATTENTION.store(true, Ordering::Relaxed);
}

/// An executor that traces, and leaves to `inner` what is not to be traced.
pub(super) fn tracer(inner: Rc<dyn Executor>) -> Rc<dyn Executor> {
    Rc::new(Tracer { inner })
}

struct Tracer {
    inner: Rc<dyn Executor>,
}

impl Tracer {
    /// Runs a frame whose call has been told.
    fn begin(&self, vm: &mut Vm, depth: usize) -> R {
        if !vm.tracing.is_on() {
            return self.inner.go_on(vm, depth);
        }
        self.inner.run_traced(vm, depth, true).unwrap_or_else(|| self.inner.go_on(vm, depth))
    }
}

impl Executor for Tracer {
    fn run(&self, vm: &mut Vm, depth: usize) -> R {
        if !vm.tracing.is_on() {
            return self.inner.run(vm, depth);
        }
        let before = vm.tracing.changes;
        let result = match events::entered(vm) {
            Ok(()) => self.begin(vm, depth),
            Err(raise) => {
                let at = vm.frames[vm.frames.len() - 1].ip;
                match crate::interp::unwind(vm, raise, at, depth) {
                    Ok(()) => self.go_on(vm, depth),
                    Err(raise) => Err(raise),
                }
            }
        };
        if vm.tracing.changes != before {
            look_below();
        }
        result
    }

    fn go_on(&self, vm: &mut Vm, depth: usize) -> R {
        if !vm.tracing.is_on() {
            return self.inner.go_on(vm, depth);
        }
        let before = vm.tracing.changes;
        let result = self.inner.run_traced(vm, depth, false);
        if vm.tracing.changes != before {
            look_below();
        }
        result.unwrap_or_else(|| self.inner.go_on(vm, depth))
    }

    fn call(&self, vm: &mut Vm, callee: Value, args: &[Value]) -> R {
        if !vm.tracing.is_on() {
            return self.inner.call(vm, callee, args);
        }
        match vm.push_plain_call(callee, args) {
            Some(pushed) => pushed.and_then(|depth| self.run(vm, depth)),
            None => vm.call(callee, args),
        }
    }

    fn standing(&self) -> Vec<(usize, Vec<Standing>)> {
        self.inner.standing()
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
