//! Whatever happens to the files and to memory: a warning at most, and the program runs on.

use crate::dir::Dir;
use crate::run::{CHAIN, Files, has, run, run_after};
use std::process::Command;

const SAYS: &str = "def f():\n    print('done')\nf()\n";

#[test]
fn a_planted_link_is_not_followed() {
    let dir = Dir::new("link");
    dir.write("a.py", SAYS);
    dir.write("precious", "as it was\n");
    let path = dir.0.join("precious");
    for (kind, file, way) in
        [("-s", "perf-$$.map", "-Xperf"), ("-s", "jit-$$.dump", "-Xperf_jit"), ("", "perf-$$.map", "-Xperf")]
    {
        let before = format!("ln {kind} {} /tmp/{file} || true", path.display());
        let (ran, files) = run_after(&dir, &before, &format!("{way} a.py"));
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), "done\n"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "as it was\n");
        for made in [files.map_path(), files.dump_path()] {
            assert!(!made.exists() || std::fs::symlink_metadata(made).unwrap().is_file());
        }
    }
}

#[test]
fn without_its_file_the_program_runs() {
    let dir = Dir::new("nofile");
    dir.write("a.py", SAYS);
    for (file, way) in
        [("perf-$$.map", "-Xperf"), ("jit-$$.dump", "-Xperf_jit"), ("marker-$$.txt", "-X perf_marks")]
    {
        let before = format!("mkdir /tmp/{file}");
        let (ran, files) = run_after(&dir, &before, &format!("{way} a.py"));
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), "done\n"), "{way}");
        assert!(ran.err.starts_with("loopscope: warning: ") && ran.err.lines().count() == 1, "{}", ran.err);
        for path in [files.map_path(), files.dump_path(), files.marks_path()] {
            let _ = std::fs::remove_dir(path);
        }
    }
}

#[test]
fn without_executable_memory_the_program_runs() {
    let dir = Dir::new("memory");
    dir.write(
        "a.py",
        "def f(n):\n    x = 0\n    for i in range(n):\n        x += i\n    return x\nprint(f(50000))\n",
    );
    let deny = "import ctypes, os, sys\nif ctypes.CDLL(None).prctl(65, 1, 0, 0, 0): sys.exit(77)\nos.execv(sys.argv[1], sys.argv[1:])";
    if !has("python3", &["-c", "import ctypes, sys; sys.exit(ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) != 0)"])
    {
        return;
    }
    for way in [
        &["a.py"][..],
        &["-Xperf", "a.py"],
        &["-Xperf", "-X", "jit=off", "a.py"],
        &["run", "--log", "log", "a.py"],
    ] {
        let mut command = Command::new("python3");
        command.args(["-c", deny, env!("CARGO_BIN_EXE_loopscope")]).args(way).current_dir(&dir.0);
        let (ran, _files) = crate::run::finish(command);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), "1249975000\n"), "{way:?} {}", ran.err);
        assert!(ran.err.lines().all(|line| line.starts_with("loopscope: warning: ")), "{}", ran.err);
    }
}

#[test]
fn many_functions_have_many_trampolines() {
    let dir = Dir::new("many");
    dir.write("a.py", "text = '\\n'.join('def f%d(): return 1' % i for i in range(5000))\nspace = {}\nexec(text, space)\nprint(sum(space['f%d' % i]() for i in range(5000)))\n");
    for way in ["-Xperf", "-Xperf_jit"] {
        let (ran, files) = run(&dir, &[way, "a.py"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "5000\n", ""));
        let map = files.map();
        let functions = map.lines().filter(|line| line.contains(" py::f")).count();
        assert_eq!(functions, if way == "-Xperf" { 5000 } else { 0 });
    }
}

#[test]
fn an_older_file_of_that_number_is_replaced() {
    let dir = Dir::new("older");
    dir.write("a.py", CHAIN);
    let (ran, files) = run_after(&dir, "echo old > /tmp/perf-$$.map", "-Xperf a.py");
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(files.names("py::foo:a.py") && !files.map().contains("old"), "{}", files.map());
    drop(files);
    let _ = Files(ran.pid);
}
