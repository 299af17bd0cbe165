//! One process of one engine running one program.

use super::engine::Engine;
use super::save::Sample;
use crate::failure::{self, Failure};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// How programs are run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Parameters are chosen for a machine of about this many MHz …
    pub n: u64,
    /// … and kilobytes of heap.
    pub m: u64,
    /// Runs in a process.
    pub rounds: u32,
    /// Seconds after which a process is ended.
    pub timeout: u64,
}

/// A program and its text.
#[derive(Clone, Debug)]
pub struct Program {
    pub name: String,
    path: String,
    text: Vec<u8>,
}

impl Program {
    /// It defines `bm_params` and `bm_setup`.
    fn is_benchmark(&self) -> bool {
        let text = String::from_utf8_lossy(&self.text);
        let has = |start: &str| text.lines().any(|line| line.starts_with(start));
        has("bm_params") && has("def bm_setup")
    }
}

/// The programs behind files and directories, sorted by name within a directory.
pub fn programs(paths: &[String]) -> Result<Vec<Program>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if !Path::new(path).is_dir() {
            found.push(program(path)?);
            continue;
        }
        let unreadable = |error| Failure::Unreadable(format!("can't read directory '{path}': {error}"));
        let entries = std::fs::read_dir(path).map_err(unreadable)?;
        let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "py"));
        files.sort();
        let mut programs =
            files.iter().map(|file| program(&file.to_string_lossy())).collect::<Result<Vec<_>, _>>()?;
        // The harness of such a directory is no program: it is what calls `bm_setup`.
        if programs.iter().any(Program::is_benchmark) {
            programs.retain(Program::is_benchmark);
        }
        found.extend(programs);
    }
    Ok(found)
}

fn program(path: &str) -> Result<Program, Failure> {
    let text = failure::read(path)?;
    let name = Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Program { name, path: path.to_owned(), text })
}

/// Runs a program once, as often as planned within the process; or says what went wrong.
pub fn once(plan: &Plan, program: &Program, engine: &Engine) -> Result<Sample, String> {
    if program.is_benchmark() { repeated(plan, program, engine) } else { whole(plan, program, engine) }
}

/// What lines of measurements begin with; the program may print lines of its own.
const MARK: &str = "loopscope-bench";

/// Runs behind the program's text, in its namespace.
const HARNESS: &str = r#"

def _loopscope_bench(n, m, rounds):
    try:
        from time import ticks_us as now, ticks_diff as between
    except ImportError:
        from time import perf_counter

        now = lambda: int(perf_counter() * 1000000)
        between = lambda end, start: end - start
    fitting = [key for key in bm_params if 10 * key[0] <= 12 * n and key[1] <= m]
    if not fitting:
        print("MARK none")
        return
    params = bm_params[max(fitting)]
    for _ in range(rounds):
        run, result = bm_setup(params)
        start = now()
        run()
        took = between(now(), start)
        norm, value = result()
        print("MARK", took, norm, repr(value))

"#;

fn repeated(plan: &Plan, program: &Program, engine: &Engine) -> Result<Sample, String> {
    let mut text = program.text.clone();
    text.extend(HARNESS.replace("MARK", MARK).bytes());
    text.extend(format!("_loopscope_bench({}, {}, {})\n", plan.n, plan.m, plan.rounds).bytes());
    let output = output_of(engine.command(), text, plan.timeout)?;
    parse(&output)
}

fn parse(output: &str) -> Result<Sample, String> {
    let mut sample = Sample::default();
    for line in output.lines().filter_map(|line| line.strip_prefix(MARK)) {
        let mut words = line.trim_start().splitn(3, ' ');
        let mut number = || words.next().and_then(|word| word.parse::<f64>().ok());
        let (Some(took), Some(norm)) = (number(), number()) else {
            return Err("no parameters fit -n and -m".to_owned());
        };
        let value = words.next().unwrap_or_default().to_owned();
        if !sample.times.is_empty() && sample.result != value {
            return Err("results differ between runs".to_owned());
        }
        (sample.norm, sample.result) = (norm, value);
        // A clock in microseconds may not notice a short run.
        sample.times.push(took.max(1.0));
    }
    match sample.times.len() {
        0 => Err(output.lines().last().unwrap_or("no output").trim().to_owned()),
        1 => Err("ended after its first run".to_owned()),
        _ => Ok(sample),
    }
}

/// A whole process: the time from its start to its end, as one unit of work.
fn whole(plan: &Plan, program: &Program, engine: &Engine) -> Result<Sample, String> {
    let mut command = engine.command();
    command.arg(&program.path);
    let start = Instant::now();
    let result = output_of(command, Vec::new(), plan.timeout)?;
    let took = start.elapsed().as_secs_f64() * 1e6;
    Ok(Sample { times: vec![took, took], norm: 1.0, result })
}

/// What a command prints, given this on standard input.
fn output_of(mut command: Command, input: Vec<u8>, timeout: u64) -> Result<String, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("can't start: {error}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // An engine that ends early does not read to the end.
        std::thread::spawn(move || drop(stdin.write_all(&input)));
    }
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let Ok(output) = stdout.recv_timeout(Duration::from_secs(timeout)) else {
        return Err(end(&mut child, timeout));
    };
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(output);
    }
    let complaint = stderr.recv().unwrap_or_default();
    let last = complaint.lines().rev().find(|line| !line.trim().is_empty());
    Err(last.map_or_else(|| status.to_string(), |line| line.trim().to_owned()))
}

fn end(child: &mut Child, timeout: u64) -> String {
    let _ = child.kill();
    let _ = child.wait();
    format!("not done after {timeout} s")
}

/// Reads a stream to its end on a thread of its own.
fn collect(stream: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            let _ = stream.read_to_end(&mut bytes);
        }
        let _ = send.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measurements_are_told_from_the_programs_lines() {
        let sample =
            parse("hello\nloopscope-bench 12 100 (1, 'a b')\nx\nloopscope-bench 0 100 (1, 'a b')\n").unwrap();
        assert_eq!(
            (sample.times, sample.norm, sample.result),
            (vec![12.0, 1.0], 100.0, "(1, 'a b')".to_owned())
        );
    }

    #[test]
    fn what_went_wrong_is_said() {
        assert_eq!(parse("loopscope-bench none\n").unwrap_err(), "no parameters fit -n and -m");
        assert_eq!(parse("Traceback\nSKIP\n").unwrap_err(), "SKIP");
        assert_eq!(parse("").unwrap_err(), "no output");
        assert!(parse("loopscope-bench 1 1 2\nloopscope-bench 1 1 3\n").unwrap_err().contains("differ"));
    }
}
