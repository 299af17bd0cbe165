//! Programs of `benches/programs`, repeated until they run long enough, and how long a run takes.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The loop at the end of each program, as it stands there.
const LOOPS: [&str; 2] = ["in range(2):", "in range(3):"];

/// A program's copy.
pub struct Program {
    pub name: String,
    pub path: PathBuf,
}

/// The command under test: in the environment's `LOOPSCOPE`, or beside this one.
pub fn loopscope() -> PathBuf {
    if let Some(path) = std::env::var_os("LOOPSCOPE") {
        return path.into();
    }
    let own = std::env::current_exe().unwrap_or_default();
    own.with_file_name("loopscope")
}

/// Those of the arguments, or all.
pub fn sources(arguments: &[String]) -> Vec<PathBuf> {
    let named: Vec<PathBuf> =
        arguments.iter().filter(|word| word.ends_with(".py")).map(PathBuf::from).collect();
    if !named.is_empty() {
        return named;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// A copy in `folder` that runs for so many seconds at least; a program without a loop to repeat stays as it is.
pub fn repeated(source: &Path, folder: &Path, seconds: f64) -> Program {
    let text =
        std::fs::read_to_string(source).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let path = folder.join(format!("{name}.py"));
    let mut times = 2u64;
    loop {
        let copy = with_loop(&text, times);
        std::fs::write(&path, copy.as_deref().unwrap_or(&text)).unwrap_or_else(|error| panic!("{error}"));
        let taken = run(&loopscope(), &["run".as_ref(), path.as_os_str()]).wall;
        if taken >= seconds || copy.is_none() {
            return Program { name, path };
        }
        let more = (seconds / taken.max(1e-3) * 1.2).min(20.0);
        times = ((times as f64 * more) as u64).max(times + 1);
    }
}

/// The text with its last repeating loop set to so many times.
fn with_loop(text: &str, times: u64) -> Option<String> {
    let (at, word) = LOOPS.iter().filter_map(|word| Some((text.rfind(word)?, word))).max()?;
    Some(format!("{}in range({times}):{}", &text[..at], &text[at + word.len()..]))
}

/// Seconds of a run.
#[derive(Clone, Copy)]
pub struct Time {
    pub wall: f64,
    /// Of all threads, system calls included.
    pub cpu: f64,
}

/// Runs a command as the shell times it.
pub fn run(command: &Path, arguments: &[&std::ffi::OsStr]) -> Time {
    let mut shell = Command::new("bash");
    shell.args(["-c", "TIMEFORMAT='%R %U %S'; time \"$0\" \"$@\" >/dev/null 2>&1"]).arg(command);
    let output = shell.args(arguments).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("bash is needed: {error}"));
    assert!(output.status.success(), "{} {arguments:?} failed", command.display());
    let text = String::from_utf8_lossy(&output.stderr);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [wall, user, system] = numbers[..] else { panic!("not what 'time' prints: {text}") };
    Time { wall, cpu: user + system }
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
