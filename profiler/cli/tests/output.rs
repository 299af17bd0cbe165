//! What can't be written: a full disk, a reader who has left. It is said, and the exit code tells.
#![cfg(target_os = "linux")]

#[path = "support/dir.rs"]
mod dir;

use dir::{Dir, text};
use std::fs::File;
use std::process::Stdio;

const PROGRAM: &str =
    "def f(n):\n    s = 0\n    for i in range(n):\n        s += i\n    return s\nprint(f(5000))\n";

/// Exit code and standard error of a command whose standard output is full.
fn into_full(dir: &Dir, args: &[&str]) -> (i32, String) {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = dir.command(args).stdout(full).stderr(Stdio::piped()).output().unwrap();
    (output.status.code().unwrap_or(-1), text(&output.stderr))
}

#[test]
fn a_program_whose_output_is_lost_has_failed() {
    let dir = Dir::new("full");
    for code in
        ["print(1)", "print('x' * 100000)", "print(1, flush=True)", "import sys; print(1); sys.exit(0)"]
    {
        let (exit, error) = into_full(&dir, &["-c", code]);
        assert!(exit == 1 && error.contains("28"), "{code}: {exit} {error}");
    }
    let caught =
        "import sys\ntry:\n    print(1)\n    sys.stdout.flush()\nexcept OSError as e:\n    sys.exit(7)\n";
    assert_eq!(into_full(&dir, &["-c", caught]).0, 7);
}

#[test]
fn commands_say_what_they_could_not_write() {
    let dir = Dir::new("commands");
    dir.write("a.py", PROGRAM);
    assert_eq!(dir.run(&["run", "--log", "a.pypylog", "a.py"]).status.code(), Some(0));
    let expectations: [(&[&str], i32); 5] = [
        (&["report", "a.pypylog"], 1),
        (&["report", "--format", "json", "a.pypylog"], 1),
        (&["diff", "a.pypylog", "a.pypylog"], 1),
        (&["dis", "a.py"], 1),
        (&["export", "a.pypylog", "--to", "chrome"], 3),
    ];
    for (args, wanted) in expectations {
        let (exit, error) = into_full(&dir, args);
        assert!(exit == wanted && error.contains("can't write the "), "{args:?}: {exit} {error}");
    }
    let (exit, _, error) = dir.said(&["export", "a.pypylog", "--to", "chrome", "-o", "/dev/full"]);
    assert!(exit == 3 && error.contains("can't write '/dev/full'"), "{error}");
    let (exit, printed, error) = dir.said(&["run", "--log", "/dev/full", "a.py"]);
    assert!(exit == 3 && error.contains("can't write '/dev/full'"), "{error}");
    assert_eq!(printed, "12497500\n");
    let full = File::options().write(true).open("/dev/full").unwrap();
    let profile =
        dir.command(&["run", "--profile", "a.py"]).stderr(full).stdout(Stdio::null()).status().unwrap();
    assert_eq!(profile.code(), Some(1));
}

#[test]
fn logs_are_compressed_as_their_names_say() {
    let dir = Dir::new("packed");
    dir.write("a.py", PROGRAM);
    for (name, magic) in [("a.pypylog.zst", &[0x28, 0xb5, 0x2f, 0xfd][..]), ("a.pypylog.gz", &[0x1f, 0x8b])] {
        let (exit, printed, error) = dir.said(&["run", "--profile", "--log", name, "a.py"]);
        assert!(exit == 0 && printed == "12497500\n" && error.contains("a.py"), "{error}");
        assert!(std::fs::read(dir.0.join(name)).unwrap().starts_with(magic));
        let (exit, table, error) = dir.said(&["report", name]);
        assert!(exit == 0 && table.contains("a.py") && error.is_empty(), "{table}{error}");
    }
}
