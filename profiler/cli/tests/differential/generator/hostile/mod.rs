//! Random programs whose special methods have side effects, raise, and change what is being looked at.
//!
//! A program has a few global containers, a few classes with random special methods, and *chunks*: statements at module
//! level or in functions, run some times, under every construct that can call a special method. Each method notes that
//! it was called, and each chunk prints what was noted, so an effect that is doubled, missing or at another place shows.
//! `step`, `note` and `more`, around what an expression makes longer, count and end a chunk that goes on for too long,
//! so all programs end.
//!
//! Generated code keeps away from what MicroPython defines otherwise than CPython, or leaves open:
//!
//! * texts: messages of errors, the default `repr` of objects, the order of sets, hashes, `id`;
//! * a dict display evaluates the value before the key, `f(a=x, *y)` the keyword first;
//! * an unbound local is a NameError, a failed import an ImportError, too deep a recursion a RuntimeError;
//! * slices are hashable; bool does not extend int; classes have no metaclass, no `__mro__` and no diamonds;
//! * attributes of an instance come before data descriptors of its class; functions have no attributes;
//! * a search begins anew when the table was made larger meanwhile: `__eq__` adds nothing to dicts and sets;
//! * CPython's error for `f(*x)` where `x` is no iterable asks the callee for its text.

mod class;
mod expand;
mod grammar;

use super::random::Random;
use expand::expand;

const CLASSES: &[&str] = &["A", "B", "C"];

/// The program of this seed.
pub fn program(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut out = format!("# Generated from seed {seed}.\n# small: 1\n# stress: 60\n{PRELUDE}");
    let classes = 1 + random.below(CLASSES.len());
    for n in 0..classes {
        let base = if n > 0 && random.chance(25) { CLASSES[random.below(n)] } else { "" };
        out.push_str(&class::write(&mut random, CLASSES[n], base));
    }
    out.push_str(&format!("\nHOSTILE = ({},)\n", CLASSES[..classes].join(", ")));
    for n in 0..4 {
        out.push_str(&format!("o{n} = {}()\n", CLASSES[random.below(classes)]));
    }
    out.push_str("NAMES = ((o0, \"o0\"), (o1, \"o1\"), (o2, \"o2\"), (o3, \"o3\"))\n");
    for n in 0..4 + random.below(5) {
        out.push_str(&chunk(&mut random, n));
    }
    out
}

/// Some statements, run a number of times, and a line of output.
fn chunk(random: &mut Random, n: usize) -> String {
    let rounds = random.pick(&["1", "2", "3", "9", "9", "40", "40", "150"]);
    let template =
        random.pick(&[AT_MODULE_LEVEL, AT_MODULE_LEVEL, IN_FUNCTION, IN_FUNCTION, LOOP_IN_FUNCTION, CLOSURE]);
    let text = template.replace("ROUNDS", rounds).replace("NUMBER", &n.to_string());
    let text = expand(random, &text, 3);
    let reset = if random.chance(40) { "reset()\n" } else { "" };
    format!("\n{reset}{text}\nflush({n})\n")
}

const AT_MODULE_LEVEL: &str = r#"x = y = w = u = None
try:
    for i in range(ROUNDS // SLOW + 1):
        try:
            step()
            $block
        except Exception as e:
            note(type(e).__name__)
except Halt:
    noted.append("Halt")"#;

const IN_FUNCTION: &str = r#"def fNUMBER(i, x=None):
    global L, D, S, B, Q, T, N
    y = w = u = None
    $block
    return $value

try:
    for i in range(ROUNDS // SLOW + 1):
        try:
            note(show(fNUMBER(i)))
        except Exception as e:
            note(type(e).__name__)
except Halt:
    noted.append("Halt")"#;

const LOOP_IN_FUNCTION: &str = r#"def fNUMBER(x):
    global L, D, S, B, Q, T, N
    y = w = u = None
    for i in range(ROUNDS // SLOW + 1):
        try:
            step()
            $block
        except $error_type as e:
            note(type(e).__name__)
    return $value

try:
    note(show(fNUMBER($value)))
    note(show(fNUMBER($object)))
except Exception as e:
    note(type(e).__name__)
except Halt:
    noted.append("Halt")"#;

const CLOSURE: &str = r#"def fNUMBER(x):
    y = w = u = i = None

    def inner(i, z=$value):
        nonlocal y, w, x
        global L, D, S, B, Q, T, N
        u = None
        $block
        yield $value
        $block

    for i in range(ROUNDS // SLOW + 1):
        try:
            for u in inner(i):
                note(show(u))
        except Exception as e:
            note(type(e).__name__)

try:
    fNUMBER($object)
except Exception as e:
    note(type(e).__name__)
except Halt:
    noted.append("Halt")"#;

const PRELUDE: &str = r#"import sys
from collections import deque

SLOW = int(sys.argv[1]) if len(sys.argv) > 1 else 1
N = 0
x = i = None
digest = 0
steps = 0
noted = []


class Oops(Exception):
    pass


class Halt(BaseException):
    pass


def step():
    global steps
    steps += 1
    if steps > 2500:
        raise Halt
    if len(L) + len(D) + len(B) + len(T) > 60:
        reset()


def more(x):
    step()
    return x


def note(what):
    global N, digest
    step()
    N += 1
    for letter in what:
        digest = (digest * 31 + ord(letter)) % 1000000007
    if len(noted) < 40:
        noted.append(what)
    if N % 97 == 0:
        print("noted", N)


def show(x, depth=0):
    if isinstance(x, HOSTILE):
        for known, name in NAMES:
            if known is x:
                return name
        return type(x).__name__
    if x is None or type(x) in (bool, int, float, str, bytes, bytearray):
        return repr(x)[:60]
    if depth < 3:
        if type(x) in (list, tuple, deque):
            return type(x).__name__ + "[" + ",".join([show(y, depth + 1) for y in list(x)[:9]]) + "]"
        if type(x) is dict:
            return "{" + ",".join([show(k, depth + 1) + ":" + show(v, depth + 1) for k, v in list(x.items())[:9]]) + "}"
        if type(x) in (set, frozenset):
            return "set" + str(len(x))
    return "other"


def reset():
    global L, D, S, B, Q, T
    L = [3, 1, 2]
    D = {0: 1, 1: 2, "k": 3}
    S = {1, 2, 3}
    B = bytearray(b"abc")
    Q = deque([1, 2], 6)
    T = "a,b"


def flush(n):
    global digest, steps
    print(n, len(noted), N, digest, " ".join(noted))
    print(show(L), show(D), show(S), show(B), show(Q), show(T))
    digest = steps = 0
    noted.clear()


def numbers(n):
    for i in range(n):
        note("yield")
        yield i
    return n


def passing(x):
    r = yield from x
    note("passed " + show(r))
    return r


def take(a=1, *b, c=2, **d):
    return (a, len(b), c, len(d))


class Count:
    def __init__(self, n):
        self.left = n

    def __iter__(self):
        note("Count.iter")
        return self

    def __next__(self):
        note("Count.next")
        if self.left <= 0:
            raise StopIteration(self.left)
        self.left -= 1
        return self.left


reset()
"#;
