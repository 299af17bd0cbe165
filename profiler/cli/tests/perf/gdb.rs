//! `bt` in gdb.

use crate::dir::{Dir, text};
use crate::run::has;
use std::process::{Command, Stdio};

/// Stops in a helper that a loop calls, and then at every instruction of the loop for a while: each time the whole stack
/// is to be found.
const SCRIPT: &str = r#"
import gdb
def names():
    frame, found = gdb.newest_frame(), []
    while frame is not None and len(found) < 100:
        found.append(frame.name() or '??')
        frame = frame.older()
    return found
gdb.execute('set breakpoint pending on')
gdb.execute('set pagination off')
gdb.execute('break HELPER')
gdb.execute('run', to_string=True)
gdb.execute('ignore 1 20')
gdb.execute('continue', to_string=True)
print('HELPER', [name for name in names() if '::' in name])
gdb.breakpoints()[0].enabled = False
gdb.execute('finish', to_string=True)
whole = broken = 0
for _ in range(STEPS):
    gdb.execute('stepi', to_string=True)
    found = names()
    if found[0].startswith('jit::'):
        if 'start_thread' in found and any(name.startswith('py::work:') for name in found):
            whole += 1
        else:
            broken += 1
            print('BROKEN', found[:6])
    elif any(name.startswith('jit::') and not name.startswith('jit::stub') for name in found):
        gdb.execute('finish', to_string=True)
    else:
        break
print('STEPS', whole, broken)
gdb.execute('kill')
"#;

const PROGRAM: &str = "def work(n):
    s = 0
    for i in range(n):
        if i % 2:
            s += len(sorted([i % 7, 3, 5, i % 3]))
        else:
            s += len(sorted([i % 5, 1]))
    return s
print(work(5000))
";

#[test]
fn loops_have_names_and_whole_stacks() {
    if !has("gdb", &["-q", "-batch", "-ex", "python print(1)"]) || !has("nm", &["--version"]) {
        return;
    }
    let dir = Dir::new("gdb");
    let program = env!("CARGO_BIN_EXE_loopscope");
    let symbols = text(&Command::new("nm").arg(program).output().unwrap().stdout);
    let helper = symbols
        .lines()
        .filter_map(|line| line.rsplit(' ').next())
        .find(|name| name.contains("7helpers11call_native"));
    let Some(helper) = helper else { return eprintln!("skipped: the command has no symbols") };
    dir.write("a.py", PROGRAM);
    dir.write(
        "steps.py",
        &SCRIPT.replace("break HELPER", &format!("break {helper}")).replace("STEPS)", "300)"),
    );
    let mut command = Command::new("gdb");
    command.args([
        "-q",
        "-batch",
        "-x",
        "steps.py",
        "--args",
        program,
        "-Xperf",
        "-X",
        "threshold=100",
        "a.py",
    ]);
    let output = command.current_dir(&dir.0).stdin(Stdio::null()).output().unwrap();
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    if error.contains("ptrace") || out.contains("ptrace") {
        return eprintln!("skipped: gdb may not trace here");
    }
    let at_helper = out.lines().find(|line| line.starts_with("HELPER")).unwrap_or_default();
    // Some versions of gdb take `.py` for the suffix of a clone, and show it as `[py]`.
    assert!(at_helper.contains("jit::") && at_helper.contains("py::work:a"), "{out}\n{error}");
    let steps = out.lines().find_map(|line| line.strip_prefix("STEPS ")).unwrap_or_default();
    let counts: Vec<u32> = steps.split(' ').filter_map(|count| count.parse().ok()).collect();
    assert!(matches!(counts[..], [whole, 0] if whole > 50), "{out}\n{error}");
}
