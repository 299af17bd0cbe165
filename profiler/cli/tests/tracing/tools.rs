//! `-X trace`, `--coverage`, `--debug`, and the modules they are made of.

use std::io::Write;
use std::process::{Output, Stdio};

use crate::dir::{Dir, text};

const PROGRAM: &str = "\
def total(items):
    sum = 0
    for item in items:
        sum += item
    return sum


def unused():
    return 1


class Shape:
    def area(self, side=2):
        return side * side


print(total([1, 2, 3]))
print(Shape().area())
";

fn program(name: &str) -> Dir {
    let dir = Dir::new(name);
    dir.write("p.py", PROGRAM);
    dir
}

#[test]
fn lines_are_printed_as_they_run() {
    let dir = program("lines");
    let (code, out, said) = dir.said(&["run", "-X", "trace=lines", "-X", "trace-only=total", "p.py"]);
    assert_eq!((code, out.as_str()), (0, "6\n4\n"));
    let lines: Vec<&str> = said.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let wanted = ["p.py:2", "p.py:3", "p.py:4", "p.py:3", "p.py:4", "p.py:3", "p.py:4", "p.py:3", "p.py:5"];
    assert_eq!(lines, wanted, "{said}");
}

#[test]
fn calls_are_printed_with_arguments_and_results() {
    let dir = program("calls");
    let (_, _, said) = dir.said(&["run", "-X", "trace=calls", "-X", "trace-only=Shape.", "p.py"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert!(lines[0].starts_with("Shape.area(self=<Shape object") && lines[0].contains("side=2"), "{said}");
    assert_eq!(lines[1], "Shape.area -> 4");
}

#[test]
fn instructions_are_printed_with_their_operands() {
    let dir = program("opcodes");
    let (_, _, said) = dir.said(&["run", "-X", "trace=opcodes", "-X", "trace-only=area", "p.py"]);
    assert!(said.contains("LOAD_FAST 1 side") && said.contains("= 2"), "{said}");
    assert!(said.contains("RETURN_VALUE"), "{said}");
}

#[test]
fn coverage_counts_lines() {
    let dir = program("coverage");
    let (code, out, said) = dir.said(&["run", "--coverage=out.lcov", "p.py"]);
    assert_eq!((code, out.as_str()), (0, "6\n4\n"));
    assert!(said.contains("not run: 9"), "{said}");
    let lcov = std::fs::read_to_string(dir.0.join("out.lcov")).unwrap();
    for wanted in ["SF:p.py", "DA:3,4", "DA:4,3", "DA:9,0", "FN:1,total", "FNDA:0,unused", "end_of_record"] {
        assert!(lcov.lines().any(|line| line == wanted), "no {wanted} in\n{lcov}");
    }
    dir.said(&["run", "--coverage=out.txt", "p.py"]);
    let listing = std::fs::read_to_string(dir.0.join("out.txt")).unwrap();
    assert!(listing.contains("        3    4          sum += item"), "{listing}");
    assert!(listing.contains("        -    9      return 1"), "{listing}");
}

/// What a program under the debugger says to these commands.
fn debugged(dir: &Dir, commands: &str) -> Output {
    let mut child = dir
        .command(&["run", "--debug", "p.py"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(commands.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_program_can_be_debugged() {
    let dir = program("debug");
    let commands = "b total\nc\nw\np items\nn\nn\nl\ns\nlocals\nup\ndown\nreturn\nc\n";
    let output = debugged(&dir, commands);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for wanted in [
        "> p.py:1 <module>",
        "stops at p.py:2",
        "> p.py:2 total",
        "  p.py:17 <module>",
        "[1, 2, 3]",
        "> p.py:4 total",
        "item = 1",
        "> p.py:17 <module>",
        "  4  ->         sum += item",
        "--Return--  6",
        "6\n",
        "4\n",
    ] {
        assert!(said.contains(wanted), "no {wanted:?} in\n{said}");
    }
}

#[test]
fn leaving_the_debugger_ends_the_program() {
    let dir = program("quit");
    let output = debugged(&dir, "n\nq\n");
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains('6'), "{said}");
}
