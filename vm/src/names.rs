//! Identifiers the runtime itself uses, interned once.

use crate::object::heap::Gc;
use crate::object::text::Str;

macro_rules! names {
    ($($field:ident = $text:literal),* $(,)?) => {
        /// Interned names; comparing pointers compares names.
        #[derive(Clone, Copy)]
        pub struct Names { $(pub $field: Gc<Str>),* }

        impl Names {
            pub fn build(mut intern: impl FnMut(&str) -> Gc<Str>) -> Names {
                Names { $($field: intern($text)),* }
            }
        }
    };
}

names! {
    empty = "", module = "<module>", name = "__name__", file = "__file__", path = "__path__", main = "__main__",
    class = "__class__", dict = "__dict__", bases = "__bases__", qualname = "__qualname__", module_attr = "__module__",
    globals = "__globals__", init = "__init__", new = "__new__", call = "__call__", str_ = "__str__",
    repr = "__repr__", hash = "__hash__", bool_ = "__bool__", len = "__len__", iter = "__iter__", next = "__next__",
    getitem = "__getitem__", setitem = "__setitem__", delitem = "__delitem__", contains = "__contains__",
    getattr = "__getattr__", setattr = "__setattr__", delattr = "__delattr__", enter = "__enter__", exit = "__exit__",
    get = "__get__", set = "__set__", delete = "__delete__", set_name = "__set_name__", del = "__del__",
    eq = "__eq__", ne = "__ne__", lt = "__lt__", gt = "__gt__", le = "__le__", ge = "__ge__",
    neg = "__neg__", pos = "__pos__", invert = "__invert__", abs = "__abs__", int = "__int__", float = "__float__",
    complex = "__complex__", index = "__index__", dir = "__dir__", format = "__format__", reversed = "__reversed__",
    aiter = "__aiter__", anext = "__anext__", aenter = "__aenter__", aexit = "__aexit__", await_ = "__await__",
    value = "value", args = "args", errno = "errno", send = "send", throw = "throw", close = "close",
    all = "__all__", builtins = "builtins", build_class = "__build_class__", import = "__import__", doc = "__doc__",
    keys = "keys", meta = "__meta__", class_getitem = "__class_getitem__", append = "append",
}
