//! `loopscope record`: a program's log and samples in one file, whatever the program does.
#![cfg(unix)]

#[path = "support/dir.rs"]
mod dir;

use dir::Dir;
use serde_json::Value;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

/// A program that writes a log as RPython programs do. A trace, and whatever else the shell is told to do.
fn fake(dir: &Dir, then: &str) {
    let text = format!(
        r#"#!/bin/sh
log() {{
    cat > "$(echo "${{PYPYLOG#*:}}" | sed "s/%d/$1/")" <<END
[7fff000000000100] {{jit-log-opt-loop
# Loop $2 (f$2;x.py:1-2~#3 FOR_ITER) : loop with 1 ops
[p0]
jump(p0)
[7fff000000000110] jit-log-opt-loop}}
END
}}
log $$ 1
{then}
"#
    );
    dir.write("fake", &text);
    std::fs::set_permissions(dir.0.join("fake"), std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// The JSON report of what was recorded.
fn report(dir: &Dir, file: &str) -> Value {
    let (code, out, err) = dir.said(&["report", "--format", "json", file]);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn the_file_is_a_log_and_the_program_is_left_alone() {
    let dir = Dir::new("plain");
    fake(&dir, "echo out; echo err >&2; echo \"$@\"; exit 7");
    let (code, out, err) = dir.said(&["record", "-o", "a.pypylog", "--", "./fake", "-o", "x y"]);
    assert_eq!((code, out.as_str()), (7, "out\n-o x y\n"), "{err}");
    assert!(err.contains("err\n") && err.contains("loop1"), "{err}");
    let text = std::fs::read_to_string(dir.0.join("a.pypylog")).unwrap();
    assert!(text.contains("{loopscope-meta\nrecorder loopscope ") && text.contains("{loopscope-recorded\n"));
    assert!(text.ends_with("[7fff000000000110] jit-log-opt-loop}\n"), "{text}");
    let report = report(&dir, "a.pypylog");
    assert_eq!(report["program"], "./fake -o x y");
    assert_eq!(report["clock_estimated"], false);
    assert_eq!(report["diagnostics"].as_array().unwrap().len(), 0, "{report:#}");
    // Nothing is left beside it.
    let mut names: Vec<_> =
        std::fs::read_dir(&dir.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["a.pypylog", "fake"]);
}

#[test]
fn each_process_with_a_log_is_a_run() {
    let dir = Dir::new("processes");
    // The first log breaks off in the middle of a section.
    fake(
        &dir,
        "printf '[7fff000000000120] {jit-backend\\n[7fff000000000121] {jit-ba' >> \"$(ls .loopscope-*/log.$$)\"; log 4000000 2; log 4000001 3",
    );
    let (code, _, err) = dir.said(&["record", "-q", "--sampler", "none", "./fake"]);
    assert_eq!(code, 0, "{err}");
    let found = report(&dir, "out.pypylog");
    let reports = found["reports"].as_array().unwrap();
    let names: Vec<&Value> = reports.iter().map(|report| &report["loops"][0]["name"]).collect();
    assert_eq!(names, ["loop1", "loop2", "loop3"]);
    assert_eq!(reports[1]["pid"], 4_000_000);
}

#[test]
fn without_samples_the_log_says_why() {
    let dir = Dir::new("none");
    fake(&dir, "");
    let (code, _, err) = dir.said(&["record", "--sampler", "none", "-o", "a.pypylog.zst", "./fake"]);
    assert_eq!(code, 0);
    assert!(err.contains("no samples were taken: as --sampler none asks"), "{err}");
    assert_eq!(report(&dir, "a.pypylog.zst")["loops"][0]["name"], "loop1");
}

#[test]
fn what_cannot_be_recorded_is_said() {
    let dir = Dir::new("errors");
    let (code, _, err) = dir.said(&["record", "./no-such-program"]);
    assert_eq!(code, 3);
    assert!(err.contains("can't run './no-such-program': there is no such program"), "{err}");
    let (code, out, err) = dir.said(&["record", "echo", "hello"]);
    assert_eq!((code, out.as_str()), (2, "hello\n"));
    assert!(err.contains("'echo' wrote no log"), "{err}");
    assert!(!dir.0.join("out.pypylog").exists());
    let (code, _, err) = dir.said(&["record", "-o", "no/such/dir", "echo"]);
    assert_eq!(code, 3);
    assert!(err.contains("can't write 'no/such/dir'"), "{err}");
}

/// Whatever ends the program, the file is complete, and we end as it did.
#[test]
fn signals_are_the_programs() {
    for (signal, then, code) in [
        (2, "trap 'echo caught; exit 5' INT; echo begun; while :; do sleep 0.05; done", Some(5)),
        (15, "trap 'echo caught; exit 6' TERM; echo begun; while :; do sleep 0.05; done", Some(6)),
        (15, "echo begun; exec sleep 1000", None),
    ] {
        let dir = Dir::new(&format!("signal{signal}"));
        fake(&dir, then);
        let mut command = dir.command(&["record", "-q", "./fake"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        let mut begun = [0; 6];
        out.read_exact(&mut begun).unwrap();
        Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap();
        let status = child.wait().unwrap();
        assert_eq!((status.code(), status.signal()), (code, code.is_none().then_some(signal)));
        assert_eq!(report(&dir, "out.pypylog")["loops"][0]["name"], "loop1");
    }
}

/// What keeps a processor busy, in one loop, one that it calls, and children.
const BUSY: &str = "
import os
def inner(n):
    s = 0
    for i in range(n):
        s += i & 7
    return s
def busy():
    s = 0
    for i in range(30000):
        s += inner(10000)
    print(s)
busy()
";

/// Our own program writes logs like PyPy's, if it is asked to in PyPy's way.
#[test]
fn loops_get_time_however_samples_are_taken() {
    for how in ["perf-events", "perf", "ptrace"] {
        let dir = Dir::new(how);
        dir.write("busy.py", BUSY);
        let this = env!("CARGO_BIN_EXE_loopscope");
        let (code, out, err) = dir.said(&["record", "-q", "--sampler", how, "--", this, "busy.py"]);
        assert_eq!((code, out.as_str()), (0, "1050000000\n"), "{err}");
        if !err.is_empty() {
            eprintln!("{how} left out: {err}");
            continue;
        }
        let report = report(&dir, "out.pypylog");
        assert_eq!(report["time_from"], "perf-samples", "{report:#}");
        let ticks = |value: &Value| value["ticks"].as_u64().unwrap();
        let loops: u64 = report["loops"].as_array().unwrap().iter().map(ticks).sum();
        assert!(2 * loops > report["running_ticks"].as_u64().unwrap(), "{how}: {report:#}");
    }
}

fn has_pypy() -> bool {
    let found = Command::new("pypy3").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        eprintln!("left out: there is no pypy3");
    }
    found
}

#[test]
fn a_program_of_pypys_and_its_children() {
    if !has_pypy() {
        return;
    }
    let dir = Dir::new("pypy");
    let forks = "pid = os.fork()\nbusy()\nif pid:\n    os.waitpid(pid, 0)\n";
    dir.write("busy.py", &(BUSY.trim_end().strip_suffix("busy()").unwrap().to_owned() + "busy()\n" + forks));
    let (code, out, err) = dir.said(&["record", "--", "pypy3", "busy.py"]);
    assert_eq!((code, out.lines().count()), (0, 3), "{err}");
    let report = report(&dir, "out.pypylog");
    let reports = report["reports"].as_array().unwrap();
    assert_eq!(reports.len(), 2, "{report:#}");
    // A child's counters count what its parent had compiled.
    assert_eq!(reports[0]["diagnostics"].as_array().unwrap().len(), 0, "{report:#}");
    for report in reports {
        if report["samples"].is_null() {
            eprintln!("no samples: {err}");
            continue;
        }
        assert_eq!(report["time_from"], "perf-samples", "{report:#}");
    }
}
