//! CPython for many programs: one process that forks for each, because starting it takes longer than most of them run.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::process::{End, Outcome};

/// Reads `program, output file, error file, argument…` separated by tabs, a line each; answers with the exit code, which
/// is negative after a signal.
const SERVER: &str = r#"
import os, signal, sys, traceback, types, warnings
def run(program, out, err, *arguments):
    for path, number in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
    signal.alarm(60)
    warnings.simplefilter("ignore")
    sys.argv = [program, *arguments]
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    code = 0
    try:
        exec(compile(open(program).read(), program, "exec"), main.__dict__)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    os._exit(code)
for line in sys.stdin:
    child = os.fork()
    if not child:
        run(*line.rstrip("\n").split("\t"))
    status = os.waitpid(child, 0)[1]
    print(os.waitstatus_to_exitcode(status), flush=True)
"#;

thread_local! {
    static SERVERS: RefCell<Option<Server>> = const { RefCell::new(None) };
}

/// Runs a program that does nothing but print.
pub fn run(program: &Path, argument: Option<&str>) -> Outcome {
    SERVERS.with_borrow_mut(|server| server.get_or_insert_with(Server::start).run(program, argument))
}

struct Server {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Server {
    fn start() -> Server {
        let mut command = Command::new("python3");
        command.args(["-W", "ignore", "-c", SERVER]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("python3 starts");
        let requests = child.stdin.take().expect("piped");
        let answers = BufReader::new(child.stdout.take().expect("piped"));
        Server { child, requests, answers }
    }

    fn run(&mut self, program: &Path, argument: Option<&str>) -> Outcome {
        let [out, err] = ["out", "err"].map(|end| program.with_extension(format!("py.{end}")));
        let mut request =
            [program, out.as_path(), err.as_path()].map(|path| path.display().to_string()).join("\t");
        request.extend(argument.map(|argument| format!("\t{argument}")));
        writeln!(self.requests, "{request}").expect("python3 listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("python3 answers");
        let code: i32 = answer.trim().parse().expect("python3 answers with an exit code");
        let end = if code < 0 { End::Signal } else { End::Code(code) };
        Outcome { stdout: take(&out), stderr: take(&err), end }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The text of a file, which is removed.
fn take(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    let _ = std::fs::remove_file(path);
    String::from_utf8_lossy(&bytes).into_owned()
}
