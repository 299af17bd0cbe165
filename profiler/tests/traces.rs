//! Versions of a trace are compared by what they do, not by what a run has named it.

use logs::{Log, Radix};
use loopscope_profiler as profiler;
use profiler::traces::{Finding, Kind, Side, Sign, Summary, TraceDiff, Which, compare, plain};

/// A log of one loop, `f` in x.py, with these lines.
fn log(lines: &str) -> String {
    let count = lines.lines().count();
    format!(
        "[1] {{jit-log-opt-loop\n# Loop 0 (f;x.py:1-3~#12 FOR_ITER) : loop with {count} ops\n[p0, i1]\n{lines}\
         +900: --end of the loop--\n[2] jit-log-opt-loop}}\n"
    )
}

fn findings(old: &str, new: &str, which: &Which) -> Vec<Finding> {
    let parse = |text: &'static str| logs::parse(text.as_bytes(), Radix::Sixteen).0;
    // Leaked, so that a log may borrow from it: tests are short.
    let (old, new): (Log<'_>, Log<'_>) = (parse(old.to_owned().leak()), parse(new.to_owned().leak()));
    let (then, now) = (profiler::analyze(&old), profiler::analyze(&new));
    let mut found = Vec::new();
    let (old, new) =
        (Side { log: &old, report: &then, words: &plain }, Side { log: &new, report: &now, words: &plain });
    compare(old, new, which, &mut |finding| found.push(finding));
    found
}

fn diffs(old: &str, new: &str) -> Vec<TraceDiff> {
    let found = findings(old, new, &Which::All);
    found
        .into_iter()
        .map(|finding| match finding {
            Finding::Both(diff) => *diff,
            Finding::Only { .. } => panic!("{finding:?}"),
        })
        .collect()
}

fn diff(old: &str, new: &str) -> TraceDiff {
    diffs(&log(old), &log(new)).remove(0)
}

/// What is different, one per line.
fn changes(diff: &TraceDiff) -> Vec<String> {
    let change = |change: &profiler::traces::Change| {
        let place =
            change.location.as_ref().map_or(String::new(), |at| format!("{}:{}", at.function, at.line));
        format!("{}{:?} {place}", change.sign.mark(), change.kind)
    };
    diff.changes.iter().map(change).collect()
}

const POINT: &str = "debug_merge_point(0, 0, 'f;x.py:1-4~#20 CALL_FUNCTION')\n";

#[test]
fn names_and_addresses_are_no_difference() {
    let old = "label(p0, i1, descr=TargetToken(1001))\n+10: i5 = int_add(i1, 1)\n\
               guard_true(i5, descr=<Guard0x7f01>) [p0, i5]\np9 = call_r(ConstClass(g), p0, descr=<Callr 8 r EF=5>)\n\
               p10 = getfield_gc_r(ConstPtr(ptr31), descr=<FieldP f.x 8>)\njump(p0, i5, descr=TargetToken(1001))\n";
    let new = "label(p7, i3, descr=TargetToken(22))\n+14: i8 = int_add(i3, 1)\n\
               guard_true(i8, descr=<Guard0x55>) [i8, p7]\np2 = call_r(ConstClass(g), p7, descr=<Callr 8 r EF=5>)\n\
               p4 = getfield_gc_r(ConstPtr(ptr2), descr=<FieldP f.x 8>)\njump(p7, i8, descr=TargetToken(22))\n";
    let found = diff(old, new);
    assert!(found.summary.is_same(), "{found:#?}");
    assert_eq!(found.summary.words(), "no difference");
}

#[test]
fn an_inlined_call_that_became_residual() {
    let inner = "debug_merge_point(1, 1, 'g;x.py:9-10~#0 LOAD_FAST')\ni6 = int_mul(i1, 2)\n";
    let old = format!("{POINT}{inner}i7 = int_add(i6, 1)\njump(p0, i7)\n");
    let new = format!(
        "{POINT}p8 = call_may_force_r(ConstClass(call), p0, i1, descr=<Callr 8 ri EF=7>)\n\
         guard_not_forced(descr=<Guard0x1>) [p8]\ni9 = unbox(p8)\ni10 = int_add(i9, 1)\n\
         p11 = new_with_vtable(descr=<SizeDescr 16>)\njump(p0, i10)\n"
    );
    let found = diff(&old, &new);
    assert_eq!(changes(&found), ["+ResidualCall f:4", "+Guard f:4", "+Allocation f:4"]);
    assert_eq!(found.changes[0].inlined.as_deref(), Some("g"));
    let Summary { guards, allocations, residual_calls, .. } = found.summary;
    assert_eq!((guards.new, allocations.new, residual_calls.new), (1, 1, 1));
    // And the other way around.
    let back = diff(&new, &old);
    assert_eq!(changes(&back), ["-ResidualCall f:4", "-Guard f:4", "-Allocation f:4"]);
    assert_eq!(back.changes[0].inlined.as_deref(), Some("g"));
}

#[test]
fn a_loop_that_is_called_is_the_rest_of_what_was_inlined() {
    let inner = |ops: &str| format!("{POINT}debug_merge_point(1, 1, 'g;x.py:9-10~#0 FOR_ITER')\n{ops}");
    let more = "debug_merge_point(1, 1, 'g;x.py:9-11~#4 INPLACE_ADD')\ni6 = int_add(i1, 2)\njump(p0, i6)\n";
    let old = inner("i5 = int_mul(i1, 2)\n") + more;
    let new = inner("p5 = call_assembler_r(p0, i1, descr=<Loop3>)\njump(p0, i1)\n");
    assert_eq!(diff(&old, &new).changes[0].inlined.as_deref(), Some("g"));
}

#[test]
fn what_works_on_another_value_is_changed() {
    let old = "i5 = int_add(i1, 1)\ni6 = int_mul(i1, 3)\njump(p0, i6)\n";
    let new = "i5 = int_add(i1, 2)\ni6 = int_mul(i5, 3)\njump(p0, i6)\n";
    let found = diff(old, new);
    assert_eq!((found.summary.changed, found.summary.words().as_str()), (2, "2 on other values"));
}

#[test]
fn lines_that_moved_are_the_same_bytecodes() {
    let new = log(&format!("{POINT}i5 = int_add(i1, 1)\njump(p0, i5)\n"));
    let moved = new.replace("x.py:1-4", "x.py:31-34").replace("x.py:1-3", "x.py:31-33");
    let found = diffs(&new, &moved);
    assert!(found.len() == 1 && found[0].summary.is_same(), "{found:#?}");
}

#[test]
fn a_guard_that_moved_is_not_new() {
    let other = "debug_merge_point(0, 0, 'f;x.py:1-5~#24 POP_TOP')\n";
    let guard = "guard_class(p0, ConstClass(X), descr=<Guard0x1>) []\n";
    let add = "i5 = int_add(i1, 1)\n";
    let found = diff(&format!("{POINT}{guard}{add}{other}"), &format!("{POINT}{add}{other}{guard}"));
    assert_eq!((found.summary.moved, found.summary.guards.new, found.changes.len()), (1, 0, 0));
}

#[test]
fn bridges_belong_to_their_guards() {
    let bridge = |guard: &str, op: &str| {
        format!(
            "[3] {{jit-log-opt-bridge\n# bridge out of Guard {guard} with 2 ops\n[i1]\n{op}jump(i1)\n[4] jit-log-opt-bridge}}\n"
        )
    };
    let lines = |a: &str, b: &str| {
        log(&format!(
            "guard_true(i1, descr=<Guard{a}>) []\nguard_class(p0, ConstClass(X), descr=<Guard{b}>) []\njump(p0, i1)\n"
        ))
    };
    let old =
        lines("0x1", "0x2") + &bridge("0x1", "i2 = int_add(i1, 1)\n") + &bridge("0x2", "i2 = int_neg(i1)\n");
    // Compiled in the other order, and one of them calls now.
    let called = "call_n(ConstClass(g), i1, descr=<Calln 0 i EF=5>)\n";
    let new = lines("0x71", "0x72") + &bridge("0x72", "i2 = int_neg(i1)\n") + &bridge("0x71", called);
    let found = diffs(&old, &new);
    let names: Vec<(&str, &str)> =
        found.iter().map(|diff| (diff.old.name.as_str(), diff.new.name.as_str())).collect();
    assert_eq!(names, [("loop0", "loop0"), ("bridge 0x1", "bridge 0x71"), ("bridge 0x2", "bridge 0x72")]);
    assert!(found[0].summary.is_same() && found[2].summary.is_same());
    assert_eq!(found[1].summary.residual_calls.new, 1);
}

#[test]
fn versions_of_one_log() {
    let text = log("i5 = int_add(i1, 1)\njump(p0, i5)\n")
        + &log("i5 = int_add(i1, 1)\nguard_true(i5, descr=<Guard0x9>) []\njump(p0, i5)\n")
            .replace("Loop 0", "Loop 7");
    let these = Which::These("loop0".to_owned(), "loop7".to_owned());
    let found = findings(&text, &text, &these);
    let [Finding::Both(diff)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((diff.summary.guards.new, diff.new.name.as_str()), (1, "loop7"));
    assert_eq!(findings(&text, &text, &Which::At("x.py:3".to_owned())).len(), 2);
    assert_eq!(findings(&text, &text, &Which::At("loop7".to_owned())).len(), 1);
    for nowhere in ["nowhere", "x.p:3", "f;x.py"] {
        assert!(findings(&text, &text, &Which::At(nowhere.to_owned())).is_empty());
    }
    let far = text.replace("x.py:1-3", "x.py:1-31");
    assert!(findings(&far, &far, &Which::At("x.py:3".to_owned())).is_empty());
}

/// Names of variables, guards, labels and pointers, and lines, all replaced.
fn renamed(text: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = word[letters.len()..].parse::<u64>();
        match (letters, number) {
            ("p" | "i" | "f" | "ptr", Ok(number)) => out.push_str(&format!("{letters}{}", number * 7 + 1000)),
            (_, Ok(number)) if number > 1 << 40 => out.push_str(&format!("{letters}{}", number + 4096)),
            _ => match word.strip_prefix("Guard0x") {
                Some(guard) => out.push_str(&format!("Guard0x1{guard}")),
                None => out.push_str(word),
            },
        }
        word.clear();
    };
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            flush(&mut word, &mut out);
            out.push(c);
        }
    }
    flush(&mut word, &mut out);
    out.replace("Guard 0x", "Guard 0x1")
}

const REAL: [&str; 2] = [
    include_str!("../../viewer/tests/data/pypy.pypylog"),
    include_str!("../../viewer/tests/data/ours.pypylog"),
];

#[test]
fn real_logs_are_the_same_under_other_names() {
    for text in REAL {
        let other = renamed(text);
        assert_ne!(text, other);
        let found = diffs(text, &other);
        assert!(found.len() > 5);
        for diff in found {
            assert!(diff.summary.is_same(), "{}: {}", diff.new.name, diff.summary.words());
        }
    }
}

#[test]
fn one_operation_less_is_one_operation_gone() {
    for text in REAL {
        let lines: Vec<&str> = text.lines().collect();
        let is_op = |line: &&str| {
            line.starts_with('+') && line.contains('(') && !line.contains("label(") && !line.contains("jump(")
        };
        let candidates: Vec<usize> = (0..lines.len()).filter(|at| is_op(&lines[*at])).collect();
        let mut tried = 0;
        for at in candidates.iter().copied().step_by(candidates.len() / 40) {
            // A bridge would lose its guard, what only counts is no part of the program.
            if ["uard", "debug", "portal_frame"].iter().any(|word| lines[at].contains(word)) {
                continue;
            }
            let shorter: Vec<&str> =
                lines.iter().enumerate().filter(|(line, _)| *line != at).map(|(_, text)| *text).collect();
            let mut sum = Summary::default();
            println!("without line {at}: {}", lines[at]);
            diffs(text, &(shorter.join("\n") + "\n")).iter().for_each(|diff| sum.add(&diff.summary));
            let gone = sum.guards.gone + sum.allocations.gone + sum.residual_calls.gone + sum.others.gone;
            let new = sum.guards.new + sum.allocations.new + sum.residual_calls.new + sum.others.new;
            assert_eq!((gone, new, sum.changed), (1, 0, 0), "{}", lines[at]);
            tried += 1;
        }
        assert!(tried > 8, "{tried}");
    }
}

#[test]
fn long_traces_without_bytecodes() {
    let line = |number: usize, op: &str| format!("i{number} = {op}(i{}, {})\n", number - 1, number % 7);
    let old: String =
        (2..12_000).map(|number| line(number, ["int_add", "int_mul", "int_xor"][number % 3])).collect();
    let new: String =
        (2..12_000).map(|number| line(number, ["int_add", "int_mul", "int_or"][number % 3])).collect();
    let found = diff(&old, &new);
    assert_eq!(found.old.operations, 11_998);
    let (new, gone) = (found.summary.others.new, found.summary.others.gone);
    assert!(new == gone && new >= 3_999, "{}", found.summary.words());
    let kept = found.rows.iter().filter(|row| {
        matches!(row, profiler::traces::Row::Operation(op) if op.old.is_some() && op.new.is_some() && op.kind == Kind::Plain)
    });
    assert!(kept.count() > 7_000);
    assert!(
        found
            .rows
            .iter()
            .any(|row| matches!(row, profiler::traces::Row::Operation(op) if op.sign == Sign::Gone))
    );
}
