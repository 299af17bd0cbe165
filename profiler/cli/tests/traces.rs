//! `diff --traces` and `--trace`.

#[path = "support/dir.rs"]
mod dir;

use dir::Dir;
use serde_json::Value;

const BEFORE: &str = "def area(w, h):
    return w * h

def total(n):
    s = 0
    for i in range(n):
        s += area(i, 3) & 255
    return s

print(total(100000))
";

/// The same with a call that cannot be inlined, and lines above.
fn after() -> String {
    let text = BEFORE.replace(
        "        s += area(i, 3) & 255\n",
        "        s += area(i, 3) & 255\n        s += len(str(i))\n",
    );
    format!("# a remark\n\n{text}")
}

fn two(test: &str) -> Dir {
    let dir = Dir::new(test);
    dir.write("x.py", BEFORE);
    assert_eq!(dir.said(&["run", "--log", "old.pypylog", "x.py"]).0, 0);
    dir.write("x.py", &after());
    assert_eq!(dir.said(&["run", "--log", "new.pypylog", "x.py"]).0, 0);
    dir
}

#[test]
fn what_a_change_of_the_program_has_made_of_its_traces() {
    let dir = two("change");
    let (code, out, err) = dir.said(&["diff", "--traces", "old.pypylog", "new.pypylog"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("loop0 → loop0 (loop)"), "{out}");
    assert!(out.contains("+ residual call") && out.contains("x.py:10 total CALL_FUNCTION"), "{out}");
    assert!(out.lines().last().unwrap().contains("traces differ: "), "{out}");
    let same = dir.said(&["diff", "--traces", "old.pypylog", "old.pypylog"]).1;
    assert!(same.starts_with("0 of ") && same.contains("differ: no difference"), "{same}");
    let (_, place, _) = dir.said(&["diff", "--trace", "x.py:8", "old.pypylog", "new.pypylog"]);
    assert!(place.contains("loop0 → loop0"), "{place}");
    let (_, all, _) = dir.said(&["diff", "--trace", "loop0", "--all", "old.pypylog", "new.pypylog"]);
    assert!(all.lines().count() > place.lines().count() / 2 && !all.contains("… 1"), "{all}");
}

#[test]
fn the_same_for_programs() {
    let dir = two("json");
    let (code, out, err) = dir.said(&["diff", "--traces", "--format", "json", "old.pypylog", "new.pypylog"]);
    assert_eq!(code, 0, "{err}");
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(found["schema"], "loopscope-trace-diff/1");
    let calls: Vec<&Value> = found["traces"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|trace| trace["changes"].as_array().into_iter().flatten())
        .filter(|change| change["kind"] == "residual-call" && change["sign"] == "new")
        .collect();
    assert!(calls.iter().any(|call| call["location"]["line"] == 10), "{found:#}");
}

#[test]
fn two_traces_of_one_log() {
    let dir = two("one");
    let (code, out, _) = dir.said(&["diff", "--trace", "loop1=loop0", "new.pypylog"]);
    assert!(code == 0 && out.contains("loop1 → loop0"), "{out}");
    for (args, why) in [
        (&["--trace", "loop0", "new.pypylog"][..], "two of one"),
        (&["--traces", "new.pypylog"], "two of one"),
        (&["--trace", "loop77=loop0", "new.pypylog"], "old log has no trace that is called or at 'loop77'"),
        (&["--trace", "nowhere", "old.pypylog", "new.pypylog"], "no trace is called 'nowhere'"),
    ] {
        let (code, _, err) = dir.said(&[&["diff"], args].concat());
        assert!(code == 2 && err.contains(why), "{code} {err}");
    }
}

#[test]
fn other_programs_and_logs_without_traces_are_refused() {
    let dir = two("refused");
    dir.write(
        "y.py",
        "def other(n):\n    t = 1\n    while t < n:\n        t += 2\n    return t\n\nprint(other(100000))\n",
    );
    assert_eq!(dir.said(&["run", "--log", "y.pypylog", "y.py"]).0, 0);
    let (code, _, err) = dir.said(&["diff", "--traces", "old.pypylog", "y.pypylog"]);
    assert!(code == 2 && err.contains("these are runs of x.py and of y.py"), "{code} {err}");
    dir.write("gc.log", "[1] {gc-minor\n[2] gc-minor}\n");
    let (code, _, err) = dir.said(&["diff", "--traces", "old.pypylog", "gc.log"]);
    assert!(code == 3 && err.contains("'gc.log' shows no traces"), "{code} {err}");
}
