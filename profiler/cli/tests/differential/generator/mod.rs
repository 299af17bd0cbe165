//! Random Python programs that always end and print the same everywhere: arithmetic for even seeds, hostile special methods
//! (`hostile`) for odd ones.
//!
//! Every function has the same stock of variables, one group per type, all set at its start, so that a statement can
//! use any of them. Integers that a product or a shift could blow up are cut back when they are assigned; what
//! survives a call (globals, fields) is always cut. Loops have bounded counts and their product is budgeted, calls only
//! go to functions written before. Errors the statements may raise are caught, counted and printed.

mod expression;
mod function;
mod hostile;
mod random;
mod statement;

use random::Random;

/// Runs of a statement, over the whole program, that we are willing to wait for.
const PROGRAM_BUDGET: usize = 150_000;

/// The program of this seed.
pub fn program(seed: u64) -> String {
    match seed % 16 {
        odd if odd % 2 == 1 => hostile::program(seed),
        2 => reading_frames(&arithmetic(seed)),
        _ => arithmetic(seed),
    }
}

/// The program with some of its values read from the frame of whom they belong to.
fn reading_frames(program: &str) -> String {
    let near = program.replace("shared_list[1]", "seen(1, \"b\")").replace("step(1)", "seen(3, \"a\")");
    near.replace("class Oops(", &format!("{SEEN}class Oops("))
}

const SEEN: &str = r#"def seen(depth, name):
    if depth > 1:
        return seen_from_afar(depth - 1, name)
    return sys._getframe(depth).f_locals.get(name, 3)


def seen_from_afar(depth, name):
    return sys._getframe(depth + 1).f_locals.get(name, 5)


"#;

fn arithmetic(seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut out = format!("# Generated from seed {seed}.\n# small: 1\n# stress: 60\n{PRELUDE}");
    let mut functions = Vec::new();
    for index in 0..2 + random.below(4) {
        let (text, function) = function::write(&mut random, index, &functions);
        out.push_str(&text);
        functions.push(function);
    }
    for function in &functions {
        out.push_str(&calls(&mut random, function));
    }
    out.push_str("print(shared_int, shared_list, failed)\n");
    out
}

/// A loop at the top level that calls the function and prints what it returns.
fn calls(random: &mut Random, function: &function::Function) -> String {
    let affordable = (PROGRAM_BUDGET / 4 / function.cost.max(1)).clamp(1, 900);
    let rounds = random.pick(&[1, 2, 3, affordable]).min(affordable);
    let name = &function.name;
    let step = random.pick(&["i", "i * 7 - 3", "2**62 - i", "i & 3"]);
    format!(
        "digest = 0\nfor i in range({rounds} // SLOW + 1):\n    try:\n        result = {name}({step}, i % 5)\n        \
         digest = (digest * 31 + result) % 1000000007\n    except Exception as error:\n        \
         digest += len(type(error).__name__)\n    if i < 3:\n        print(\"{name}\", i, digest)\nprint(digest, failed)\n"
    )
}

const PRELUDE: &str = r#"import sys

SLOW = int(sys.argv[1]) if len(sys.argv) > 1 else 1
shared_int = 1
shared_list = [3, 1, 2]
failed = 0


class Box:
    kind = 1

    def __init__(self, n):
        self.n = n
        self.f = n * 0.5

    def read(self):
        return self.n + self.kind

    def step(self, k):
        self.n = (self.n * 3 + k) & 0xFFFFF
        self.f += 0.25
        return self

    @property
    def score(self):
        return self.n * self.kind + 1

    @score.setter
    def score(self, value):
        self.n = value & 0xFFF


class Wide(Box):
    kind = 2

    def __init__(self, n):
        super().__init__(n + 1)
        self.extra = [n]

    def read(self):
        return super().read() ^ len(self.extra)

    @property
    def double(self):
        return self.n * 2


class Odd(Box):
    def read(self):
        if self.n % 11 == 0:
            raise ValueError(self.n)
        return -self.n

    @property
    def score(self):
        if self.n % 7 == 0:
            raise ValueError(self.n)
        return super().score ^ 5

    @score.setter
    def score(self, value):
        self.n = value & 0xFF


class Oops(Exception):
    pass


def feed(n, k):
    for i in range(n):
        if i % 4 == 3:
            yield i * k
        else:
            yield i ^ k


def counter(start):
    n = start

    def step(by):
        nonlocal n
        n = (n + by) & 0xFFFF
        return n

    return step


def down(n):
    return n if n <= 0 else 1 + down(n - 2)


"#;
