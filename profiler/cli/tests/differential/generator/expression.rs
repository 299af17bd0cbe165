//! Expressions of each type over the stock of variables.

use super::random::Random;

/// The variables every function has.
pub const INTS: &[&str] = &["a", "b", "c", "d"];
pub const FLOATS: &[&str] = &["x", "y"];
/// Around the border of small integers, and ordinary ones.
const INT_LITERALS: &[&str] = &[
    "0",
    "1",
    "2",
    "-1",
    "3",
    "7",
    "10",
    "255",
    "-64",
    "1000",
    "65537",
    "2**31",
    "2**61",
    "2**62 - 1",
    "2**62",
    "-2**62",
    "2**63",
];
const FLOAT_LITERALS: &[&str] = &["0.0", "0.5", "1.0", "-1.5", "2.25", "1e3", "1e-3"];
const CUTS: &[&str] = &[
    "& 255",
    "& 0xFFFF",
    "& 0x7FFFFFFF",
    "% 1009",
    "% (2**61 - 1)",
    "% (2**62 + 1)",
    "% -1000003",
    "& 2**63 - 1",
    "% 2**64 - 2**63",
];

/// An integer cut back to less than a hundred bits.
pub fn cut_int(random: &mut Random, depth: usize) -> String {
    format!("({} {})", int(random, depth), random.pick(CUTS))
}

/// An integer below a thousand.
pub fn little_int(random: &mut Random, depth: usize) -> String {
    format!("({} & {})", int(random, depth), random.pick(&["7", "15", "63", "511"]))
}

/// An integer of any size.
pub fn int(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        return if random.chance(70) {
            random.pick(INTS).to_owned()
        } else {
            format!("({})", random.pick(INT_LITERALS))
        };
    }
    let [p, q] = [int(random, depth - 1), int(random, depth - 1)];
    let few = random.pick(&["7", "15"]);
    match random.below(25) {
        0..=3 => format!("({p} + {q})"),
        4..=6 => format!("({p} - {q})"),
        7..=8 => format!("({p} * {q})"),
        9 => format!("({p} {} ({q} | 1))", random.pick(&["//", "%"])),
        10 => format!("({p} {} {q})", random.pick(&["//", "%"])),
        11 => format!("({p} // {})", random.pick(&["2", "3", "-7", "8", "10"])),
        12 => format!("({p} % {})", random.pick(&["2", "3", "-7", "8", "1000"])),
        13 => format!("({p} {} {q})", random.pick(&["&", "|", "^"])),
        14 => format!("({p} << ({q} & {few}))"),
        15 => format!("({p} >> ({q} & 63))"),
        16 => format!("{}({p})", random.pick(&["-", "~", "abs"])),
        17 => format!("({p} if {} else {q})", condition(random, depth - 1)),
        18 => format!("{}({p}, {q})", random.pick(&["min", "max"])),
        19 => format!("items[{p} % len(items)]"),
        20 => format!("table.get({p} % 17, {q})"),
        21 => random
            .pick(&["len(items)", "len(text)", "len(table)", "shared_int", "shared_list[1]", "ord(text[-1])"])
            .to_owned(),
        22 => random
            .pick(&[
                "box.n",
                "box.read()",
                "box.kind",
                "box.score",
                "other.n",
                "other.score",
                "pair[0]",
                "pair[1]",
                "step(1)",
            ])
            .to_owned(),
        23 => format!("(({p} & 7) ** ({q} & {few}))"),
        _ => format!("sum([{p}, {q}, 1])"),
    }
}

/// A float, perhaps infinite or not a number.
pub fn float(random: &mut Random, depth: usize) -> String {
    if depth == 0 {
        let choices = if random.chance(70) { FLOATS } else { FLOAT_LITERALS };
        return random.pick(choices).to_owned();
    }
    let [p, q] = [float(random, depth - 1), float(random, depth - 1)];
    match random.below(12) {
        0..=2 => format!("({p} + {q})"),
        3..=4 => format!("({p} - {q})"),
        5..=6 => format!("({p} * {q})"),
        7 => format!("({p} / {})", if random.chance(80) { format!("({q} or 0.5)") } else { q }),
        8 => format!("({} {} {p})", little_int(random, depth - 1), random.pick(&["+", "*", "-"])),
        9 => format!("({} / {})", little_int(random, depth - 1), random.pick(&["3", "8", "0.1"])),
        10 => format!("({p} if {} else {q})", condition(random, depth - 1)),
        _ => random.pick(&["box.f", "abs(x)", "-y", "float(a & 1023)", "other.f"]).to_owned(),
    }
}

/// Something to branch on.
pub fn condition(random: &mut Random, depth: usize) -> String {
    let compare = random.pick(&["<", "<=", "==", "!=", ">", ">="]);
    let inner = depth.saturating_sub(1);
    match random.below(12) {
        0..=3 => format!("{} {compare} {}", int(random, inner), int(random, inner)),
        4 => format!("{} {compare} {}", float(random, inner), float(random, inner)),
        5 => format!(
            "{} % {} == {}",
            random.pick(INTS),
            random.pick(&["2", "3", "5"]),
            random.pick(&["0", "1"])
        ),
        6 => format!("{} & {}", random.pick(INTS), random.pick(&["1", "4", "64"])),
        7 => format!("not ({})", condition(random, inner)),
        8 if depth > 0 => {
            let word = random.pick(&["and", "or"]);
            format!("({} {word} {})", condition(random, inner), condition(random, inner))
        }
        9 => random
            .pick(&[
                "isinstance(mixed, int)",
                "mixed is None",
                "isinstance(mixed, float)",
                "isinstance(box, Wide)",
            ])
            .to_owned(),
        10 => {
            format!("{} in {}", int(random, inner), random.pick(&["items", "table", "shared_list", "pair"]))
        }
        _ => format!(
            "{} < {compare_to} <= {}",
            int(random, inner),
            random.pick(INTS),
            compare_to = random.pick(INTS)
        ),
    }
}

/// A short string.
pub fn text(random: &mut Random, depth: usize) -> String {
    match random.below(7) {
        0 => "text".to_owned(),
        1 => format!("str({})", little_int(random, depth)),
        2 => format!("\"%d.%s\" % ({}, text[:2])", little_int(random, depth)),
        3 => format!("f\"{{{}}}:{{len(items)}}\"", random.pick(&["a & 63", "b & 7", "c % 10"])),
        4 => "text[::-1]".to_owned(),
        5 => "text.replace(\"1\", \"one\")".to_owned(),
        _ => format!("chr(97 + {} % 26)", random.pick(INTS)),
    }
}
