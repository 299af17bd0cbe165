//! A panic inside of the machine: nothing that was printed is lost, and it is reported once.

#[path = "support/dir.rs"]
mod dir;

use dir::Dir;

const SAID: &str = "error of loopscope";

fn fails(options: &[&str], program: &str) {
    // Tests run side by side.
    let dir = Dir::new(&format!("panic-{}", program.len()));
    dir.write("a.py", program);
    let (code, out, err) = dir.said(&[options, &["-X", "self-test", "a.py"]].concat());
    assert_eq!((code, out.as_str()), (70, "before\n"), "{err}");
    assert_eq!(err.matches(SAID).count(), 1, "{err}");
    assert!(err.contains("asked for by __panic__") && err.contains("--jit off"), "{err}");
}

#[test]
fn in_the_interpreter() {
    fails(&["-X", "jit=off"], "print('before')\n__panic__()\nprint('after')");
    fails(&[], "print('before')\ntry: list(map(lambda x: __panic__(), [1]))\nfinally: print('after')");
}

#[test]
fn in_a_function_that_machine_code_calls() {
    let program = "\
def quiet(): pass
def f(n):
    act = [quiet, __panic__]
    for i in range(n):
        if i == n - 1: print('before')
        act[i == n - 1]()
f(5000)
print('after')";
    fails(&[], program);
    fails(&["-X", "threshold=2"], program);
    fails(&["-X", "threshold=2", "-X", "passes=none"], program);
}

#[test]
fn in_python_code_that_machine_code_calls_through_the_runtime() {
    let program = "\
class A:
    def __init__(self, n): self.n = n
    def __eq__(self, other): return self.n == 4999 and __panic__()
def f(n):
    for i in range(n):
        if i == n - 1: print('before')
        A(i) in [0]
f(5000)
print('after')";
    fails(&[], program);
    fails(&["-X", "threshold=2"], program);
}
