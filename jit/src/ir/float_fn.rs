//! Pure C-ABI functions on floats that traces call directly (`FloatCall1`, `FloatCall2`), by index.

/// A function of one or two doubles.
#[derive(Clone, Copy)]
pub enum FloatFn {
    One(extern "C" fn(f64) -> f64),
    Two(extern "C" fn(f64, f64) -> f64),
}

macro_rules! functions {
    ($($name:literal $arity:ident |$($arg:ident),*| $body:expr;)*) => {
        /// Name (of the Python function or operator) and code.
        pub const FLOAT_FUNCTIONS: &[(&str, FloatFn)] = &[$(($name, {
            extern "C" fn call($($arg: f64),*) -> f64 { $body }
            FloatFn::$arity(call)
        })),*];
    };
}

functions! {
    "sin" One |x| x.sin();
    "cos" One |x| x.cos();
    "tan" One |x| x.tan();
    "asin" One |x| x.asin();
    "acos" One |x| x.acos();
    "atan" One |x| x.atan();
    "exp" One |x| x.exp();
    "log" One |x| x.ln();
    "floor" One |x| x.floor();
    "ceil" One |x| x.ceil();
    "atan2" Two |x, y| x.atan2(y);
    "pow" Two |x, y| x.powf(y);
    "floordiv" Two |x, y| vm::runtime::number::float_floor_div(x, y);
    "mod" Two |x, y| vm::runtime::number::float_mod(x, y);
}

/// The index of a function by name.
pub fn float_function(name: &str) -> Option<u64> {
    FLOAT_FUNCTIONS.iter().position(|(n, _)| *n == name).map(|n| n as u64)
}
