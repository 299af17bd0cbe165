//! Importable modules: those written in Rust, and those written in Python and embedded as source.

pub(in crate::builtins) mod array;
mod collections;
mod embedded;
mod errno;
mod gc;
mod io;
mod micropython;
mod pattern;
mod posix;
mod random;
mod regex;
mod stack_trampoline;
mod structs;
pub(super) mod sys;
mod sys_trace;
mod time;
mod watch;

pub use embedded::embedded;

use super::ModuleDef;

/// Modules written in Rust.
pub const NATIVE: &[&ModuleDef] = &[
    &array::MODULE,
    &collections::MODULE,
    &errno::MODULE,
    &gc::MODULE,
    &io::MODULE,
    &micropython::MODULE,
    &posix::MODULE,
    &random::MODULE,
    &regex::MODULE,
    &structs::MODULE,
    &sys::MODULE,
    &time::MODULE,
    &watch::MODULE,
];

/// Global functions that belong to modules too.
pub const FUNCTIONS: &[crate::object::function::NativeDef] = io::FUNCTIONS;

/// Modules that MicroPython also knows by a name with `u` in front.
const WITH_U_NAME: &[&str] =
    &["array", "collections", "errno", "io", "json", "os", "random", "re", "struct", "sys", "time"];

/// Modules that no file replaces, unlike all others.
const FIXED: &[&str] = &["builtins", "sys", "micropython", "gc", "math", "cmath"];

/// The module of ours that a name always means: those that cannot be replaced, and `utime` for `time` and the like.
pub fn fixed_name(name: &str) -> Option<&str> {
    match name.strip_prefix('u') {
        Some(plain) if WITH_U_NAME.contains(&plain) => Some(plain),
        _ => FIXED.contains(&name).then_some(name),
    }
}
