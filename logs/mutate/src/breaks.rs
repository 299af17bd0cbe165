//! Damage to what a log is made of: its lines, sections and numbers.

use std::borrow::Cow;
use std::ops::Range;

use crate::{Corpus, Line, Lines, Random};

type Break = for<'a> fn(&mut Lines<'a>, &Corpus<'a>, &mut Random);

/// Everything that can be done to a log, by name.
pub const BREAKS: &[(&str, Break)] = &[
    ("a section has no stop", torn),
    ("a section has no start", headless),
    ("a section ends with the name of another", renamed),
    ("two sections change places", swapped),
    ("a section moves into another", nested),
    ("two sections become one", merged),
    ("a section comes again", repeated),
    ("a section is missing", missing),
    ("a section of another log is among them", foreign),
    ("a line comes many times", doubled),
    ("a line is missing", dropped),
    ("two lines change places", exchanged),
    ("a number is another", renumbered),
    ("a number is another", renumbered),
    ("a number is another", renumbered),
    ("numbers are others everywhere", renumbered_all),
    ("another log follows", followed),
    ("two logs are written in turns", interleaved),
    ("lines have colours and carriage returns", coloured),
    ("lines are quoted or have the number of a thread", prefixed),
    ("text stands before a start", glued),
    ("text has no sections any more", bared),
    ("stamps are left out", elided),
    ("the log breaks off", broken_off),
];

/// What stands before lines that went through other hands.
const PREFIXES: [&[u8]; 6] = [b"> ", b"    ", b"0# ", b"1# ", b"\t> ", b"12: "];

fn prefixed(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    let from = random.below(lines.len() + 1);
    let prefix = PREFIXES[random.below(PREFIXES.len())];
    for line in &mut lines[from..] {
        *line = Cow::Owned([prefix, line].concat());
    }
}

fn glued(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(section) = section(lines, random) {
        let at = if random.below(2) == 0 { section.start } else { section.end - 1 };
        lines[at] = Cow::Owned([b"[#  ] 50% ", &*lines[at]].concat());
    }
}

fn bared(lines: &mut Lines<'_>, _: &Corpus<'_>, _: &mut Random) {
    lines.retain(|line| {
        !line.starts_with(b"[") || !line.ends_with(b"}\n") && !line.windows(3).any(|text| text == b"] {")
    });
}

fn elided(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(section) = section(lines, random) {
        let line = &lines[section.start];
        let end = line.iter().position(|byte| *byte == b']').unwrap_or(0);
        lines[section.start] = Cow::Owned([b"[...", &line[end..]].concat());
    }
}

fn torn(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(section) = section(lines, random) {
        lines.remove(section.end - 1);
    }
}

fn headless(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(section) = section(lines, random) {
        lines.remove(section.start);
    }
}

fn renamed(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let (Some(one), Some(other)) = (section(lines, random), section(lines, random)) {
        lines[one.end - 1] = lines[other.end - 1].clone();
    }
}

fn swapped(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    let (Some(one), Some(other)) = (section(lines, random), section(lines, random)) else { return };
    let (first, second) = if one.start < other.start { (one, other) } else { (other, one) };
    if first.end <= second.start {
        let moved: Lines<'_> = lines.drain(second.clone()).collect();
        let taken: Lines<'_> = lines.splice(first.clone(), moved).collect();
        let at = second.end - taken.len();
        lines.splice(at..at, taken);
    }
}

fn nested(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(section) = section(lines, random) {
        let moved: Lines<'_> = lines.drain(section).collect();
        let at = random.below(lines.len() + 1);
        lines.splice(at..at, moved);
    }
}

fn merged(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    let (Some(one), Some(other)) = (section(lines, random), section(lines, random)) else { return };
    if one.end <= other.start {
        lines.remove(other.start);
        lines.remove(one.end - 1);
    }
}

fn repeated(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(section) = section(lines, random) {
        let copy = lines[section.clone()].to_vec();
        let at = if random.below(2) == 0 { section.end } else { random.below(lines.len() + 1) };
        for _ in 0..1 + random.below(3) {
            lines.splice(at..at, copy.iter().cloned());
        }
    }
}

fn missing(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(section) = section(lines, random) {
        lines.drain(section);
    }
}

fn foreign<'a>(lines: &mut Lines<'a>, corpus: &Corpus<'a>, random: &mut Random) {
    let other: Lines<'a> = corpus.sample(random).iter().map(|line| Cow::Borrowed(*line)).collect();
    if let Some(section) = section(&other, random) {
        let at = random.below(lines.len() + 1);
        lines.splice(at..at, other[section].iter().cloned());
    }
}

fn doubled(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(at) = line(lines, random) {
        let copy = lines[at].clone();
        let times = 1 << random.below(7);
        lines.splice(at..at, std::iter::repeat_n(copy, times));
    }
}

fn dropped(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(at) = line(lines, random) {
        lines.remove(at);
    }
}

fn exchanged(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let (Some(one), Some(other)) = (line(lines, random), line(lines, random)) {
        lines.swap(one, other);
    }
}

fn renumbered(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(at) = line(lines, random) {
        let number = number(lines, random);
        replace(&mut lines[at], &number, random);
    }
}

/// Each line gets the same number or one of its own.
fn renumbered_all(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    let same = (random.below(2) == 0).then(|| number(lines, random));
    for at in 0..lines.len() {
        if random.below(4) == 0 {
            let number = same.clone().unwrap_or_else(|| number(lines, random));
            replace(&mut lines[at], &number, random);
        }
    }
}

fn followed<'a>(lines: &mut Lines<'a>, corpus: &Corpus<'a>, random: &mut Random) {
    lines.extend(corpus.sample(random).iter().map(|line| Cow::Borrowed(*line)));
}

fn interleaved<'a>(lines: &mut Lines<'a>, corpus: &Corpus<'a>, random: &mut Random) {
    let mut other = corpus.sample(random).iter().map(|line| Cow::Borrowed(*line)).peekable();
    let mut mixed = Lines::with_capacity(lines.len());
    for line in lines.drain(..) {
        mixed.push(line);
        if random.below(3) == 0 {
            let count = random.below(12);
            mixed.extend(other.by_ref().take(count));
        }
    }
    mixed.extend(other);
    *lines = mixed;
}

fn coloured(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    for line in lines {
        if random.below(3) == 0 {
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            *line = Cow::Owned([&b"\x1b[1m\x1b[31m"[..], text, b"\r\n\x1b[0m"].concat());
        }
    }
}

fn broken_off(lines: &mut Lines<'_>, _: &Corpus<'_>, random: &mut Random) {
    if let Some(at) = line(lines, random) {
        lines.truncate(at + 1);
        let half = lines[at].len() / 2;
        lines[at].to_mut().truncate(half);
    }
}

fn line(lines: &Lines<'_>, random: &mut Random) -> Option<usize> {
    (!lines.is_empty()).then(|| random.below(lines.len()))
}

/// The lines of one of the log's sections.
fn section(lines: &Lines<'_>, random: &mut Random) -> Option<Range<usize>> {
    let mut open = Vec::new();
    let mut whole = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.first() != Some(&b'[') {
            continue;
        }
        if line.windows(3).any(|bytes| bytes == b"] {") {
            open.push(at);
        } else if line.ends_with(b"}\n")
            && let Some(start) = open.pop()
        {
            whole.push(start..at + 1);
        }
    }
    (!whole.is_empty()).then(|| whole.swap_remove(random.below(whole.len())))
}

/// A number to put somewhere: an end of what there is, or another of the log.
fn number(lines: &Lines<'_>, random: &mut Random) -> Vec<u8> {
    const ENDS: [&str; 12] = [
        "0",
        "1",
        "-1",
        "ffffffffffffffff",
        "7fffffffffffffff",
        "8000000000000000",
        "18446744073709551615",
        "9223372036854775807",
        "4294967296",
        "4294967295",
        "99999999999999999999",
        "",
    ];
    let other = line(lines, random).and_then(|at| {
        let mut numbers = numbers(&lines[at]);
        (!numbers.is_empty()).then(|| lines[at][numbers.swap_remove(random.below(numbers.len()))].to_vec())
    });
    other.filter(|_| random.below(3) > 0).unwrap_or_else(|| ENDS[random.below(ENDS.len())].into())
}

fn replace(line: &mut Line<'_>, number: &[u8], random: &mut Random) {
    let mut numbers = numbers(line);
    if !numbers.is_empty() {
        let place = numbers.swap_remove(random.below(numbers.len()));
        line.to_mut().splice(place, number.iter().copied());
    }
}

/// Where digits stand, and the letters that continue a hexadecimal number.
fn numbers(line: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        if line[at].is_ascii_digit() {
            let length = line[at..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            found.push(at..at + length);
            at += length;
        } else {
            at += 1;
        }
    }
    found
}
