//! The command line as its user meets it: what is printed where, and which exit code comes of it.

#[path = "support/dir.rs"]
mod dir;

use dir::{Dir, text};
use std::io::Write;
use std::process::{Command, Stdio};

impl Dir {
    /// Exit code and standard output.
    fn printed(&self, args: &[&str]) -> (i32, String) {
        let (code, printed, _) = self.said(args);
        (code, printed)
    }
}

const NOTE: &str = "[100] {jit-profile-enter\nloop1 # e.g. an entry bridge\n[101] jit-profile-enter}\n\
                    [200] {jit-profile-enter\nloop0 # JUMP from loop1 to loop0\n[201] jit-profile-enter}\n\
                    [500] {jit-profile-exit\nloop0 # e.g. because of a failing guard\n[501] jit-profile-exit}\n";

#[test]
fn programs_from_everywhere() {
    let dir = Dir::new("everywhere");
    dir.write("a.py", "print(__name__, 6 * 7)\n");
    let expected = (0, "__main__ 42\n".to_owned());
    assert_eq!(dir.printed(&["a.py"]), expected);
    assert_eq!(dir.printed(&["run", "a.py"]), expected);
    assert_eq!(dir.printed(&["run", "--jit", "off", "--gc-stress", "-O", "a.py"]), expected);
    assert_eq!(dir.printed(&["-X", "emit=bytecode", "-X", "heapsize=1M", "-m", "a"]), expected);
    assert_eq!(dir.printed(&["-c", "print(__name__, 6 * 7)"]), expected);
    assert_eq!(dir.printed(&["compile", "a.py"]), (0, String::new()));
    assert_eq!(dir.printed(&["a.mpy"]), expected);
}

#[test]
fn packages_run_their_main() {
    let dir = Dir::new("package");
    std::fs::create_dir(dir.0.join("pkg")).unwrap();
    dir.write("pkg/__init__.py", "print(__name__)\n");
    dir.write("pkg/__main__.py", "print(__name__)\n");
    assert_eq!(dir.printed(&["-m", "pkg"]), (0, "pkg\n__main__\n".to_owned()));
}

#[test]
fn standard_input_is_a_program() {
    let dir = Dir::new("stdin");
    let mut child =
        dir.command(&["-X", "emit=bytecode"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"x = 1\nprint(x + 1)\n").unwrap();
    assert_eq!(text(&child.wait_with_output().unwrap().stdout), "2\n");
}

#[test]
#[cfg(unix)]
fn a_program_ends_when_nobody_reads_what_it_prints() {
    let dir = Dir::new("pipe");
    let mut command = dir.command(&["-c", "while True: print('y' * 1000)"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(text(&ended.stderr).contains("OSError"), "{}", text(&ended.stderr));
}

#[test]
fn exit_codes() {
    let dir = Dir::new("codes");
    dir.write("binary.pypylog", "\u{0}\u{1}\u{2}");
    dir.write("note.pypylog", NOTE);
    let expectations: [(&[&str], i32); 14] = [
        (&["-c", "pass"], 0),
        (&["-c", "1/0"], 1),
        (&["-c", "raise SystemExit"], 0),
        (&["-c", "raise SystemExit(7)"], 7),
        (&["-c", "raise SystemExit('no')"], 1),
        (&["-c", "not python"], 1),
        (&["-Z"], 2),
        (&["run"], 2),
        (&["report", "--radix", "12", "note.pypylog"], 2),
        (&["view", "note.pypylog"], 2),
        (&["missing.py"], 3),
        (&["report", "missing.pypylog"], 3),
        (&["report", "binary.pypylog"], 3),
        (&["report", "note.pypylog"], 0),
    ];
    for (args, code) in expectations {
        let output = dir.run(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", text(&output.stderr));
        assert!(code != 3 || text(&output.stderr).contains(args[args.len() - 1]), "{args:?} is not named");
    }
}

#[test]
fn an_uncaught_exception_has_a_traceback() {
    let dir = Dir::new("traceback");
    dir.write("a.py", "def f():\n    raise ValueError('x')\nprint(1)\nf()\n");
    let output = dir.run(&["a.py"]);
    assert_eq!(text(&output.stdout), "1\n");
    let expected = "Traceback (most recent call last):\n  File \"a.py\", line 4, in <module>\n  \
                    File \"a.py\", line 2, in f\nValueError: x\n";
    assert_eq!(text(&output.stderr), expected);
}

#[test]
fn the_notes_example_comes_out_as_the_note_says() {
    let dir = Dir::new("note");
    dir.write("note.pypylog", NOTE);
    let (code, table) = dir.printed(&["report", "--radix", "10", "--sort", "name", "note.pypylog"]);
    assert_eq!(code, 0);
    let row = |name: &str| {
        table.lines().find(|line| line.contains(&format!("  {name}  "))).unwrap_or_default().to_owned()
    };
    assert!(row("loop1").contains(" 100 "), "{table}");
    assert!(row("loop0").contains(" 300 "), "{table}");
    let (_, json) = dir.printed(&["report", "--radix", "10", "--format", "json", "note.pypylog"]);
    assert!(json.contains("\"schema\": \"loopscope-report/2\"") && json.contains("\"ticks\": 300"), "{json}");
}

#[test]
fn what_is_wrong_with_a_log_is_said_and_the_rest_is_read() {
    let dir = Dir::new("torn");
    dir.write("torn.pypylog", &format!("{NOTE}[600] nothing}}\n"));
    let output = dir.run(&["report", "torn.pypylog"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stderr).contains("torn.pypylog: line 10"), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("loop0"));
}

#[test]
fn a_run_can_be_logged_and_profiled() {
    let dir = Dir::new("log");
    dir.write("a.py", "for i in range(10): pass\nprint(i)\n");
    let output = dir.run(&["run", "--log", "out.pypylog", "--profile", "a.py"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), "9\n".to_owned()));
    assert!(text(&output.stderr).contains("interpreter"), "{}", text(&output.stderr));
    let (code, table) = dir.printed(&["report", "out.pypylog"]);
    assert!(code == 0 && table.starts_with("a.py: "), "{table}");
}

#[test]
fn pypylog_asks_for_a_log_too() {
    let dir = Dir::new("pypylog");
    let status = dir.command(&["-c", "pass"]).env("PYPYLOG", "loopscope-meta:out.%d.log").status().unwrap();
    assert!(status.success());
    let logs: Vec<_> = std::fs::read_dir(&dir.0).unwrap().flatten().collect();
    let [log] = &logs[..] else { panic!("{logs:?}") };
    assert!(text(&std::fs::read(log.path()).unwrap()).contains("{loopscope-meta"));
}

#[test]
fn a_listing_of_source_and_of_its_mpy_are_the_same() {
    let dir = Dir::new("dis");
    dir.write("a.py", "def f(x):\n    return [x, 'text', 2.5]\n");
    let (_, from_source) = dir.printed(&["dis", "a.py"]);
    assert!(
        from_source.contains("code block 'f'") && from_source.contains("LOAD_CONST_OBJ 2.5"),
        "{from_source}"
    );
    assert_eq!(dir.printed(&["compile", "-o", "b.mpy", "a.py"]).0, 0);
    assert_eq!(dir.printed(&["dis", "b.mpy"]), (0, from_source));
}

#[test]
fn arguments_and_paths() {
    let dir = Dir::new("paths");
    std::fs::create_dir(dir.0.join("lib")).unwrap();
    std::fs::create_dir(dir.0.join("app")).unwrap();
    dir.write("lib/far.py", "print('far')\n");
    dir.write("app/near.py", "print('near')\n");
    dir.write("app/main.py", "import near, far\n");
    let output = dir.command(&["app/main.py"]).env("MICROPYPATH", "nowhere:lib").output().unwrap();
    assert_eq!(text(&output.stdout), "near\nfar\n");
}

#[test]
fn every_command_has_help_with_examples() {
    let dir = Dir::new("help");
    let commands: [&[&str]; 6] = [&["--help"], &["run"], &["report"], &["view"], &["compile"], &["dis"]];
    for command in commands {
        let (code, help) = dir.printed(&[command, &["--help"][..]].concat());
        assert!(code == 0 && help.contains("Examples:"), "{command:?}: {help}");
    }
}

#[test]
#[cfg(unix)]
fn control_c_raises_keyboard_interrupt() {
    let dir = Dir::new("interrupt");
    let program = "print('on', flush=True)\nn = 0\nwhile True: n += 1\n";
    let mut child =
        dir.command(&["-c", program]).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut on = [0; 3];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut on).unwrap();
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &id]).status().unwrap().success());
    // As CPython does it: a shell sees that the signal ended it.
    let status = child.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(2));
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert!(said.contains("KeyboardInterrupt"), "{said}");
}
