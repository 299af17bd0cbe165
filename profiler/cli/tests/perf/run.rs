//! A run of the command with the files that profilers find by its process number.

use crate::dir::{Dir, text};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// `foo` called by `bar`, called by `baz`.
pub const CHAIN: &str = "if 1:
    def foo():
        pass

    def bar():
        foo()

    def baz():
        bar()

    baz()
";

/// The same with work to do.
pub const WORK: &str = "if 1:
    def foo(n):
        x = 0
        for i in range(n):
            x += i % 7
        return x

    def bar(n):
        return foo(n)

    def baz(n):
        return bar(n)

    baz(30000000)
";

/// What a run left.
pub struct Ran {
    pub pid: u32,
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// The files of a process, which go with the test.
pub struct Files(pub u32);

impl Files {
    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from("/tmp").join(name)
    }

    pub fn map_path(&self) -> PathBuf {
        self.path(&format!("perf-{}.map", self.0))
    }

    pub fn dump_path(&self) -> PathBuf {
        self.path(&format!("jit-{}.dump", self.0))
    }

    pub fn marks_path(&self) -> PathBuf {
        self.path(&format!("marker-{}.txt", self.0))
    }

    pub fn map(&self) -> String {
        std::fs::read_to_string(self.map_path()).unwrap_or_default()
    }

    /// The map names it.
    pub fn names(&self, name: &str) -> bool {
        self.map().lines().any(|line| {
            line.split_once(' ').and_then(|rest| rest.1.split_once(' ')).is_some_and(|rest| rest.1 == name)
        })
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for path in [self.map_path(), self.dump_path(), self.marks_path()] {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Runs the command.
pub fn run(dir: &Dir, args: &[&str]) -> (Ran, Files) {
    finish(dir.command(args))
}

/// Runs a command that becomes the process of interest.
pub fn finish(mut command: Command) -> (Ran, Files) {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = child.id();
    let output = child.wait_with_output().unwrap();
    let ran = Ran { pid, code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
    let files = Files(ran.pid);
    (ran, files)
}

/// Runs `before` in a shell, then the command in the shell's process.
pub fn run_after(dir: &Dir, before: &str, args: &str) -> (Ran, Files) {
    let mut command = Command::new("sh");
    let script = format!("{before}\nexec \"$LOOPSCOPE\" {args}");
    command.args(["-c", &script]).current_dir(&dir.0).stdin(Stdio::null());
    command.env("LOOPSCOPE", env!("CARGO_BIN_EXE_loopscope")).env_remove("PYPYLOG");
    finish(command)
}

/// A tool is there and does what these arguments ask; else says that the test is skipped.
pub fn has(tool: &str, args: &[&str]) -> bool {
    let works = Command::new(tool)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .is_ok_and(|output| output.status.success());
    if !works {
        eprintln!("skipped: '{tool} {}' does not work here", args.join(" "));
    }
    works
}
