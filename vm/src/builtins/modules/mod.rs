//! Importable modules: those written in Rust, and those written in Python and embedded as source.

pub(in crate::builtins) mod array;
mod collections;
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
mod sys;
mod sys_trace;
mod time;
mod watch;

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

/// Modules written in Python, with their source.
const EMBEDDED: &[(&str, &str)] = &[
    ("_coverage", include_str!("../py/_coverage.py")),
    ("_debugger", include_str!("../py/_debugger.py")),
    ("_tracer", include_str!("../py/_tracer.py")),
    ("_instance_dict", include_str!("../py/_instance_dict.py")),
    ("_testinternalcapi", include_str!("../py/_testinternalcapi.py")),
    ("abc", include_str!("../py/abc.py")),
    ("argparse", include_str!("../py/argparse.py")),
    ("bdb", include_str!("../py/bdb.py")),
    ("collections", include_str!("../py/collections.py")),
    ("contextlib", include_str!("../py/contextlib.py")),
    ("dataclasses", include_str!("../py/dataclasses.py")),
    ("enum", include_str!("../py/enum.py")),
    ("functools", include_str!("../py/functools.py")),
    ("inspect", include_str!("../py/inspect.py")),
    ("itertools", include_str!("../py/itertools.py")),
    ("json", include_str!("../py/json.py")),
    ("operator", include_str!("../py/operator.py")),
    ("os", include_str!("../py/os.py")),
    ("random", include_str!("../py/random.py")),
    ("re", include_str!("../py/re.py")),
    ("string", include_str!("../py/string.py")),
    ("traceback", include_str!("../py/traceback.py")),
    ("types", include_str!("../py/types.py")),
    ("typing", include_str!("../py/typing.py")),
];

/// Modules that MicroPython also knows by a name with `u` in front.
const WITH_U_NAME: &[&str] =
    &["array", "collections", "errno", "io", "json", "os", "random", "re", "struct", "sys", "time"];

/// The source of an embedded module.
pub fn embedded(name: &str) -> Option<&'static str> {
    EMBEDDED.iter().find(|(known, _)| *known == name).map(|(_, source)| *source)
}

/// Modules that no file replaces, unlike all others.
const FIXED: &[&str] = &["builtins", "sys", "micropython", "gc", "math", "cmath"];

/// The module of ours that a name always means: those that cannot be replaced, and `utime` for `time` and the like.
pub fn fixed_name(name: &str) -> Option<&str> {
    match name.strip_prefix('u') {
        Some(plain) if WITH_U_NAME.contains(&plain) => Some(plain),
        _ => FIXED.contains(&name).then_some(name),
    }
}
