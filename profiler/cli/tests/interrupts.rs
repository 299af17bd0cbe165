//! Signals at random times: whatever a program is in, a Ctrl-C is a KeyboardInterrupt, and a request to end leaves
//! complete output and a complete log.
#![cfg(unix)]

#[path = "support/dir.rs"]
mod dir;

use dir::{Dir, text};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

const INTERRUPT: i32 = 2;
const TERMINATE: i32 = 15;
/// Not a measure of speed: who has not ended by then hangs.
const HANGS: Duration = Duration::from_secs(60);

/// What never ends by itself.
const ENDLESS: &[(&str, &str)] = &[
    ("loop", "while True: pass"),
    ("loop in function", "def f():\n n = 0\n while True: n += 1\nf()"),
    ("calls", "def g(x): return x + 1\ndef f():\n n = 0\n while True: n = g(n) & 7\nf()"),
    ("recursion", "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(70)"),
    ("generator", "def g():\n while True: yield 1\nfor x in g(): pass"),
    ("sleep", "import time\ntime.sleep(1000)"),
    ("sleep_ms", "import time\nwhile True: time.sleep_ms(3)"),
    ("input", "input()"),
    ("stdin.read", "import sys\nsys.stdin.read()"),
    ("lines of stdin", "import sys\nfor line in sys.stdin: pass"),
    ("sum", "sum(range(10 ** 12))"),
    ("max", "max(x for x in range(10 ** 12))"),
    ("zip and map", "sum(map(lambda a, b: 1, range(10 ** 12), range(10 ** 12)))"),
    ("filter", "list(filter(None, iter(int, 1)))"),
    ("any", "any(0 for i in range(10 ** 12))"),
    ("in", "-1 in (x for x in range(10 ** 12))"),
    ("power", "while True: 7 ** (3 * 10 ** 6)"),
    ("product", "x = 3 ** (2 * 10 ** 6)\nwhile True: x * x"),
    ("digits", "x = 1 << 4000000\nwhile True: str(x)"),
    ("sort", "items = [(i * 7919) % 1000003 for i in range(600000)]\nwhile True: sorted(items)"),
    ("sort of tuples", "items = [(i * 7919 % 10007, i) for i in range(50000)]\nwhile True: sorted(items)"),
    ("regular expression", "import re\nwhile True: re.match('(a+)+$', 'a' * 22 + 'b') if True else 0"),
    ("one regular expression", "import re\nre.match('(a+)+$', 'a' * 28 + 'b')"),
    (
        "regular expression in a long text",
        "import re\ns = 'ab ' * 10 ** 6\nwhile True: re.search(r'(a)\\1', s)",
    ),
    ("replace", "s = 'ab' * 10 ** 7\nwhile True: s.replace('a', 'cc')"),
    ("count", "s = bytearray(b'ab' * 10 ** 7)\nwhile True: s.count(b'a')"),
    ("split", "s = 'ab ' * 10 ** 6\nwhile True: s.split(), s.split(' ')"),
    ("swapcase", "s = 'aé' * 10 ** 7\nwhile True: s.swapcase()"),
    ("translate", "s = 'ab' * 10 ** 7\nwhile True: s.translate({97: 'b'})"),
    ("gcd", "import math\nx = 3 ** 2000000\nmath.gcd(x, x + 1)"),
    ("parser, and nothing behind it", "eval('[' + '1,' * 1000000 + ']')"),
    ("full pipe", "while True: print('x' * 1000)"),
    ("full pipe at once", "print('x' * 10 ** 8)"),
    ("join", "while True: ''.join(str(i) for i in range(10 ** 9))"),
    ("except Exception", "def f():\n while True:\n  try: int('x')\n  except Exception: pass\nf()"),
    (
        "callable for ever",
        "class A: pass\nA.__call__ = A()\nwhile True:\n try: A()()\n except RuntimeError: pass",
    ),
];

/// A program that has begun.
fn begun(dir: &Dir, options: &[&str], program: &str) -> (Child, BufReader<ChildStdout>) {
    let program = format!("import sys\nprint('begun')\nsys.stdout.flush()\n{program}\n");
    dir.write("program.py", &program);
    let mut command = dir.command(&[options, &["program.py"]].concat());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "begun\n");
    (child, out)
}

fn send(child: &Child, signal: i32) {
    let sent = Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

/// The signal it died of, and what it said.
fn ended(mut child: Child, mut out: BufReader<ChildStdout>) -> (Option<i32>, String, String) {
    let start = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None if start.elapsed() > HANGS => {
                child.kill().unwrap();
                break child.wait().unwrap();
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let (mut printed, mut said) = (Vec::new(), Vec::new());
    out.read_to_end(&mut printed).unwrap();
    child.stderr.take().unwrap().read_to_end(&mut said).unwrap();
    (status.signal(), text(&printed), text(&said))
}

/// Up to 60 ms, another one each time.
fn a_while(seed: &mut u64) -> Duration {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    Duration::from_micros((*seed >> 33) % 60_000)
}

#[test]
fn control_c_is_noticed_wherever_the_program_is() {
    let dir = Dir::new("anywhere");
    let mut seed = u64::from(std::process::id());
    for (name, program) in ENDLESS {
        for options in [&["-X", "jit=off"][..], &[], &["-X", "threshold=1"]] {
            let (child, out) = begun(&dir, options, program);
            let time = a_while(&mut seed);
            std::thread::sleep(time);
            send(&child, INTERRUPT);
            let (signal, _, said) = ended(child, out);
            let last = said.lines().last().unwrap_or_default();
            assert_eq!(
                (signal, last),
                (Some(INTERRUPT), "KeyboardInterrupt:"),
                "{name} {options:?} {time:?}: {said}"
            );
        }
    }
}

#[test]
fn control_c_ends_an_import_that_waits() {
    let dir = Dir::new("fifo");
    assert!(Command::new("mkfifo").arg(dir.0.join("waiting.py")).status().unwrap().success());
    let (child, out) = begun(&dir, &[], "import waiting");
    std::thread::sleep(Duration::from_millis(30));
    send(&child, INTERRUPT);
    let (signal, _, said) = ended(child, out);
    assert_eq!((signal, said.lines().last()), (Some(INTERRUPT), Some("KeyboardInterrupt:")));
}

#[test]
fn a_request_to_end_does_not_wait_for_who_reads_nothing() {
    let dir = Dir::new("unread");
    let (child, out) = begun(&dir, &[], "while True: print('x' * 1000)");
    send(&child, TERMINATE);
    let (signal, printed, said) = ended(child, out);
    assert_eq!((signal, said.as_str()), (Some(TERMINATE), ""));
    assert!(printed.lines().all(|line| line.len() <= 1000));
}

#[test]
fn control_c_can_be_caught() {
    let dir = Dir::new("caught");
    let program = "import time\ntry:\n  time.sleep(1000)\nexcept KeyboardInterrupt: print('caught')\nfinally: print('finally')";
    let (child, out) = begun(&dir, &[], program);
    send(&child, INTERRUPT);
    assert_eq!(ended(child, out), (None, "caught\nfinally\n".to_owned(), String::new()));
}

#[test]
fn a_request_to_end_leaves_output_and_log_complete() {
    let dir = Dir::new("end");
    let program = "print('printed')\ndef f():\n n = 0\n while True:\n  try: n += len(str(n))\n  except: print('no')\n  finally: n += 1\nf()";
    let mut seed = u64::from(std::process::id());
    for round in 0..6 {
        let log = format!("{round}.log");
        let (child, out) = begun(&dir, &["run", "--log", &log], program);
        std::thread::sleep(a_while(&mut seed) * 4);
        send(&child, TERMINATE);
        assert_eq!(ended(child, out), (Some(TERMINATE), "printed\n".to_owned(), String::new()));
        let (code, _, said) = dir.said(&["report", &log]);
        assert_eq!((code, said.as_str()), (0, ""), "the log is whole");
    }
}
