//! A program that copies its process.

use crate::dir::Dir;
use crate::run::{Files, run};

fn child_of(out: &str) -> Files {
    Files(out.lines().next().unwrap().parse().unwrap())
}

#[test]
fn parent_and_child_have_maps_of_their_own() {
    let dir = Dir::new("fork");
    dir.write(
        "a.py",
        "if 1:
    import os, sys

    def foo_fork():
        pass

    def bar_fork():
        foo_fork()

    def baz_fork():
        bar_fork()

    def foo():
        pid = os.fork()
        if pid == 0:
            print(os.getpid())
            baz_fork()
        else:
            _, status = os.waitpid(-1, 0)
            sys.exit(status)

    def bar():
        foo()

    def baz():
        bar()

    baz()
",
    );
    for jit in ["jit=on", "jit=off"] {
        let (ran, files) = run(&dir, &["-Xperf", "-X", jit, "a.py"]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        let child = child_of(&ran.out);
        for name in ["foo", "bar", "baz"] {
            assert!(files.names(&format!("py::{name}:a.py")), "{}", files.map());
            assert!(!files.names(&format!("py::{name}_fork:a.py")), "{}", files.map());
            assert!(child.names(&format!("py::{name}_fork:a.py")), "{}", child.map());
            assert!(!child.names(&format!("py::{name}:a.py")), "{}", child.map());
        }
    }
}

#[test]
fn what_was_announced_can_persist() {
    let dir = Dir::new("persist");
    dir.write(
        "a.py",
        "import os, sys
from _testinternalcapi import compile_perf_trampoline_entry, perf_trampoline_set_persist_after_fork
def foo_fork(): pass
def bar_fork(): foo_fork()
def late(): pass
sys.activate_stack_trampoline('perf')
perf_trampoline_set_persist_after_fork(1)
for f in (foo_fork, bar_fork): compile_perf_trampoline_entry(f)
pid = os.fork()
if pid == 0:
    print(os.getpid())
    bar_fork()
    late()
else:
    sys.exit(os.waitpid(pid, 0)[1])
",
    );
    let (ran, files) = run(&dir, &["a.py"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let child = child_of(&ran.out);
    let line = |map: String, name: &str| {
        map.lines().find(|line| line.ends_with(&format!(" py::{name}:a.py"))).map(str::to_owned)
    };
    for name in ["foo_fork", "bar_fork"] {
        let of_parent = line(files.map(), name);
        assert!(of_parent.is_some() && of_parent == line(child.map(), name), "{name}\n{}", child.map());
    }
    assert!(line(child.map(), "late").is_some() && line(files.map(), "late").is_none());
}

#[test]
fn a_process_may_be_copied_in_the_middle_of_a_loop() {
    let dir = Dir::new("loop");
    dir.write(
        "a.py",
        "import os, sys
def work(n):
    x = 0
    children = []
    for i in range(n):
        x += i % 7
        if i == 20000 or i == 40000:
            pid = os.fork()
            if pid == 0:
                children = None
            elif children is not None:
                children.append(pid)
    return x, children
x, children = work(60000)
if children is None:
    sys.exit(x % 101)
for pid in children:
    pid, status = os.waitpid(pid, 0)
    print(os.WIFEXITED(status), os.WEXITSTATUS(status) == x % 101)
print(x)
",
    );
    let out = "True True\nTrue True\n179994\n";
    for way in [
        &["a.py"][..],
        &["-Xperf", "a.py"],
        &["-Xperf_jit", "-X", "threshold=10", "a.py"],
        &["-X", "jit=off", "a.py"],
        &["run", "--log", "log", "a.py"],
        &["run", "--perf-marks", "a.py"],
    ] {
        let (ran, _files) = run(&dir, way);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), out, ""), "{way:?}");
    }
    let (code, _, error) = dir.said(&["report", "log"]);
    assert_eq!((code, error.as_str()), (0, ""), "the log is the parent's alone");
}
