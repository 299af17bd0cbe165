//! How fast logs are read: `cargo bench -p loopscope-benches --bench logs [-- LOG]`.
//!
//! Without a log, `pypy3` makes one of some 135 MB (320 classes with loops, recursion and generators); without `pypy3`,
//! a small sample is repeated. Every number is the best of several runs on a warm file, and stands beside what
//! `grep -c '^\['` takes for the same file.

use logs::frame::Frame;
use logs::{Index, Options, Radix};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const RUNS: usize = 7;

/// A program that makes PyPy compile some thousand traces.
const PROGRAM: &str = r#"
SOURCE = '''
class C{n}:
    def __init__(self, k):
        self.k, self.a, self.d = k, list(range(40)), {{i: i * {n} for i in range(10)}}
    def mix(self, n):
        s = 0
        for i in range(n):
            if i % 3 == 0: s += self.a[i % 40] * {n}
            elif i % 7 == {m}: s -= self.d[i % 10]
            else: s ^= i + {n}
        return s
    def pairs(self, n):
        for i in range(n): yield i * self.k
    def halves(self, n):
        t = 0.0
        for x in self.pairs(n): t += x * 0.5
        while n > 0:
            n -= 1
            t = t * 0.99 + n
        return t
    def fib(self, n):
        return 1 if n < 2 else self.fib(n - 1) + self.fib(n - 2)
    def texts(self, n):
        return sum(len(p) for p in [("x%d{n}" % i).replace("1", "22") for i in range(n)])
'''
names = {}
for n in range(320):
    exec(compile(SOURCE.format(n=n, m=n % 7), 'made%d.py' % n, 'exec'), names)
for n in range(320):
    made = names['C%d' % n](n)
    made.mix(6000), made.halves(3000), made.fib(16), made.texts(1500)
"#;

fn main() {
    // Cargo passes `--bench`.
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let path = given.map_or_else(made, PathBuf::from);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    println!("{}: {:.1} MB", path.display(), bytes.len() as f64 / 1e6);
    let grep = best(|| grep(&path));
    show("grep -c '^\\['", &bytes, grep, grep);
    let one = Options { threads: 1, ..Options::default() };
    let rows: [(&str, &dyn Fn()); 7] = [
        ("section index, one core", &|| drop(black_box(Index::with_threads(&bytes, Radix::Sixteen, 1)))),
        ("section index, all cores", &|| drop(black_box(Index::of(&bytes, Radix::Sixteen)))),
        ("section index, as from a pipe", &|| drop(black_box(Index::read(&bytes[..], Radix::Sixteen)))),
        ("log without bodies, one core", &|| {
            drop(black_box(logs::parse_with(&bytes, Options { bodies: false, ..one })));
        }),
        ("log, one core", &|| drop(black_box(logs::parse_with(&bytes, one)))),
        ("log, all cores", &|| drop(black_box(logs::parse_with(&bytes, Options::default())))),
        ("every line of every trace, one core", &|| everything(&bytes, one)),
    ];
    for (what, run) in rows {
        show(what, &bytes, best(run), grep);
    }
}

/// The log, and every line that is a line of a trace in any form, taken apart.
fn everything(bytes: &[u8], options: Options<'_>) {
    let (log, _) = logs::parse_with(bytes, options);
    let is_trace = |name: &[u8]| name.starts_with(b"jit-log-") && name != b"jit-log-exported-state";
    let lines: usize = log
        .frame
        .sections()
        .map(|(id, node)| match is_trace(node.name) {
            true => log.trace_lines(id).filter(|(_, line)| black_box(line).is_some()).count(),
            false => plain_lines(&log.frame, id),
        })
        .sum();
    black_box(lines);
}

fn plain_lines(frame: &Frame<'_>, id: logs::frame::SectionId) -> usize {
    frame.lines(id).map(black_box).count()
}

fn best(run: impl Fn()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..RUNS).map(time).min().unwrap_or_default()
}

fn grep(path: &Path) {
    // Into a pipe: what goes to /dev/null, grep does not look for at all after the first line.
    let output = Command::new("grep").args(["-c", "^\\["]).arg(path).output();
    let count =
        output.ok().and_then(|output| String::from_utf8(output.stdout).ok()?.trim().parse::<u64>().ok());
    assert!(count.is_some_and(|count| count > 1), "grep did not run");
}

fn show(what: &str, bytes: &[u8], time: Duration, grep: Duration) {
    let rate = bytes.len() as f64 / 1e6 / time.as_secs_f64();
    let ratio = time.as_secs_f64() / grep.as_secs_f64();
    println!("{what:38}{:8.1} ms {rate:9.0} MB/s {ratio:7.2} x grep", time.as_secs_f64() * 1e3);
}

/// A log of our own making, kept between runs.
fn made() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("made.pypylog");
    if path.exists() {
        return path;
    }
    let value = format!(":{}", path.display());
    let run = Command::new("pypy3").args(["-c", PROGRAM]).env("PYPYLOG", value).status();
    if !run.is_ok_and(|status| status.success()) {
        eprintln!("no pypy3: a sample is repeated instead");
        let sample = include_bytes!("../../logs/tests/data/shapes.pypylog");
        std::fs::write(&path, sample.repeat((135 << 20) / sample.len())).expect("the log can be written");
    }
    path
}
