//! One function: its stock of variables, a body, and a digest of everything as its result.

use super::random::Random;
use super::statement::Writer;

/// What later functions need to know to call it.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    /// Runs of statements in one call, roughly.
    pub cost: usize,
}

/// The text of function number `index`, and its description.
pub fn write(random: &mut Random, index: usize, callable: &[Function]) -> (String, Function) {
    let name = format!("f{index}");
    let mut writer = Writer::new(random, callable);
    let statements = writer.random.below(4);
    writer.block(statements);
    writer.hot_loop();
    writer.block(statements);
    let (lines, cost) = writer.finish();
    let text = format!("def {name}(p, q):\n    global shared_int, failed\n{STOCK}{lines}{DIGEST}\n\n");
    (text, Function { name, cost })
}

const STOCK: &str = r#"    a = p
    b = q
    c = 1
    d = 2**62 - 3
    x = 0.5
    y = q * 1.5
    items = [1, 5, 2]
    table = {0: 1}
    text = "ab1"
    pair = (p, 2)
    mixed = q
    box = Wide(q) if q & 1 else Box(q)
    other = Odd(p & 31)
    step = counter(q)
"#;

const DIGEST: &str = r#"    mixed_text = str(mixed)[:6] if isinstance(mixed, float) else str(mixed)[-6:]
    out = (a + b * 3 + c * 5 + d * 7) % 1000000007
    for item in items:
        out = (out * 3 + item) % 1000000007
    for key in sorted(table):
        out = (out * 5 + key + table[key]) % 1000000007
    for letter in text + mixed_text + str(x)[:6] + str(y)[:6]:
        out = (out * 7 + ord(letter)) % 1000000007
    return (out + box.n + other.n + pair[0] + pair[1]) % 1000000007
"#;
