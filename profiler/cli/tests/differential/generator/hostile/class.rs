//! Classes with special methods that note their call, have an effect, may raise, and answer as they like.

use super::super::random::Random;
use super::expand::expand;

/// A method: its name, its parameters after self, how many classes of a hundred have it, what it returns.
struct Method {
    name: &'static str,
    parameters: &'static str,
    percent: usize,
    answer: &'static str,
}

const fn method(
    name: &'static str,
    parameters: &'static str,
    percent: usize,
    answer: &'static str,
) -> Method {
    Method { name, parameters, percent, answer }
}

const METHODS: &[Method] = &[
    method("bool", "", 50, "return $truth"),
    method("len", "", 40, "return $length"),
    method("eq", "o", 40, "return $compared"),
    method("ne", "o", 15, "return $compared"),
    method("lt", "o", 40, "return $compared"),
    method("le", "o", 20, "return $compared"),
    method("gt", "o", 25, "return $compared"),
    method("ge", "o", 20, "return $compared"),
    method("hash", "", 40, "return $hashed"),
    method("index", "", 40, "return $indexed"),
    method("int", "", 10, "return $indexed"),
    method("float", "", 10, "return $floated"),
    method("str", "", 20, "return $text_of"),
    method("getitem", "o", 40, "$end_of_items\nreturn $result"),
    method("setitem", "o, v", 35, "return None"),
    method("delitem", "o", 30, "return None"),
    method("contains", "o", 30, "return $truthy"),
    method("iter", "", 40, "return $iterator"),
    method("next", "", 25, "if N % 3 == 0:\n    raise StopIteration\nreturn $result"),
    method("reversed", "", 10, "return $iterator"),
    method(
        "getattr",
        "o",
        25,
        "if o[:1] == \"_\" or o == \"keys\":\n    raise AttributeError(o)\nreturn $result",
    ),
    method("setattr", "o, v", 15, "object.__setattr__(self, o, v)"),
    method("call", "*o", 30, "return $result"),
    method("enter", "", 30, "return $result"),
    method("exit", "t, v, b", 30, "return $truthy"),
    method("neg", "", 15, "return $result"),
    method("invert", "", 10, "return $result"),
    method("abs", "", 10, "return $result"),
    method("add", "o", 30, "return $result"),
    method("radd", "o", 30, "return $result"),
    method("iadd", "o", 25, "return $result"),
    method("sub", "o", 20, "return $result"),
    method("rsub", "o", 20, "return $result"),
    method("isub", "o", 10, "return $result"),
    method("mul", "o", 20, "return $result"),
    method("rmul", "o", 20, "return $result"),
    method("imul", "o", 10, "return $result"),
    method("or", "o", 15, "return $result"),
    method("ror", "o", 15, "return $result"),
    method("ior", "o", 10, "return $result"),
    method("and", "o", 10, "return $result"),
    method("rand", "o", 10, "return $result"),
    method("mod", "o", 10, "return $result"),
    method("rmod", "o", 10, "return $result"),
    method("floordiv", "o", 10, "return $result"),
    method("rfloordiv", "o", 10, "return $result"),
    method("divmod", "o", 8, "return $result"),
];

/// The text of a class.
pub fn write(random: &mut Random, name: &str, base: &str) -> String {
    let bases = if base.is_empty() { String::new() } else { format!("({base})") };
    let mut out = format!(
        "\n\nclass {name}{bases}:\n    n = 0\n\n    def __repr__(self):\n        return \"{name}\"\n"
    );
    for method in METHODS {
        if random.chance(method.percent) {
            out.push_str(&write_method(random, name, method));
        }
    }
    if random.chance(8) {
        out.push_str(random.pick(&[
            "\n    __hash__ = None\n",
            "\n    __iter__ = None\n",
            "\n    __contains__ = None\n",
        ]));
    }
    out
}

fn write_method(random: &mut Random, class: &str, method: &Method) -> String {
    let Method { name, parameters, answer, .. } = method;
    let comma = if parameters.is_empty() { "" } else { ", " };
    let seen = if parameters.ends_with('o') { " + \" \" + show(o)" } else { "" };
    let mut body = format!("global L, D, S, B, Q, T, N\nnote(\"{class}.{name}\"{seen})\n");
    if *name != "setattr" && random.chance(60) {
        body.push_str("self.n += 1\n");
    }
    if random.chance(25) {
        body.push_str(if *name == "eq" { "$effect_of_eq\n" } else { "$effect\n" });
    }
    if random.chance(20) {
        body.push_str("if $moment:\n    raise $error\n");
    }
    body.push_str(answer);
    let body = expand(random, &body, 1).replace('\n', "\n        ");
    format!("\n    def __{name}__(self{comma}{parameters}):\n        {body}\n")
}
