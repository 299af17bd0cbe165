//! `sys.activate_stack_trampoline` and its kin.

use crate::dir::Dir;
use crate::run::run;

#[test]
fn functions_have_frames_while_it_is_active() {
    let dir = Dir::new("api");
    dir.write(
        "a.py",
        "if 1:
    import sys
    def foo():
        pass

    def spam():
        pass

    def bar():
        sys.deactivate_stack_trampoline()
        foo()
        sys.activate_stack_trampoline(\"perf\")
        spam()

    def baz():
        bar()

    sys.activate_stack_trampoline(\"perf\")
    baz()
",
    );
    for jit in ["jit=on", "jit=off"] {
        let (ran, files) = run(&dir, &["-X", jit, "a.py"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""));
        assert!(!files.names("py::foo:a.py"), "{}", files.map());
        for name in ["spam", "bar", "baz"] {
            assert!(files.names(&format!("py::{name}:a.py")), "{name}\n{}", files.map());
        }
    }
}

#[test]
fn activating_twice_is_fine() {
    let dir = Dir::new("twice");
    let text = "import sys\nsys.activate_stack_trampoline('perf')\nsys.activate_stack_trampoline('perf')\n";
    let (ran, files) = run(&dir, &["-c", text]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(files.map_path().exists());
}

#[test]
fn errors_are_those_of_cpython() {
    let dir = Dir::new("errors");
    let (ran, _files) = run(&dir, &["-c", "import sys\nsys.activate_stack_trampoline('invalid')\n"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("ValueError: invalid backend: invalid"), "{}", ran.err);
    let (ran, _files) = run(&dir, &["-c", "import sys\nsys.activate_stack_trampoline(1)\n"]);
    assert!(
        ran.err.contains("TypeError: activate_stack_trampoline() argument must be str, not int"),
        "{}",
        ran.err
    );
    let text = "import sys\ntry: sys.activate_stack_trampoline('x')\nexcept ValueError: print(sys.is_stack_trampoline_active())\n";
    let (ran, files) = run(&dir, &["-c", text]);
    assert_eq!(ran.out, "False\n");
    assert!(!files.map_path().exists());
}

#[test]
fn it_says_whether_it_is_active() {
    let dir = Dir::new("status");
    let text = "import sys
print(sys.is_stack_trampoline_active())
for backend in ('perf', 'perf_jit'):
    sys.activate_stack_trampoline(backend)
    print(sys.is_stack_trampoline_active() is True)
    sys.deactivate_stack_trampoline()
    sys.deactivate_stack_trampoline()
    print(sys.is_stack_trampoline_active() is False)
";
    let (ran, files) = run(&dir, &["-c", text]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("False\nTrue\nTrue\nTrue\nTrue\n", ""));
    assert!(files.map_path().exists() && files.dump_path().exists());
    for option in ["perf", "perf_jit"] {
        let (ran, _files) =
            run(&dir, &["-X", option, "-c", "import sys; print(sys.is_stack_trampoline_active())"]);
        assert_eq!(ran.out, "True\n");
    }
}

#[test]
fn a_trampoline_can_be_made_before_the_first_call() {
    let dir = Dir::new("ahead");
    let text = "import sys
def f(): pass
class A:
    def m(self): pass
sys.activate_stack_trampoline('perf')
print(sys._compile_perf_trampoline_entry(f), sys._compile_perf_trampoline_entry(A().m))
";
    let (ran, files) = run(&dir, &["-c", text]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("0 0\n", ""));
    assert!(files.names("py::f:<stdin>") && files.names("py::A.m:<stdin>"), "{}", files.map());
}
