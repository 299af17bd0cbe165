//! Samples by the program `perf`, which may be permitted what this process is not.

use crate::clock::Clock;
use crate::threads::Threads;
use crate::{STACK, Sample, Seen};
use rustc_hash::FxHashMap;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// `perf record` around the program.
#[derive(Debug)]
pub struct Program {
    /// Nanoseconds of running between two samples.
    period: u64,
    data: PathBuf,
}

impl Program {
    /// Fails if there is no such program, or it is not permitted either. Its file will lie in that directory.
    pub(crate) fn new(hz: u32, directory: &Path) -> io::Result<Program> {
        let period = 1_000_000_000 / u64::from(hz.max(1));
        let program = Program { period, data: directory.join("perf.data") };
        let mut trial = program.command();
        trial.arg("true").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if trial.status()?.success() { Ok(program) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    /// What runs a program under perf; program and arguments come behind it.
    pub(crate) fn command(&self) -> Command {
        let mut perf = Command::new("perf");
        perf.args(["record", "-q", "-e", "cpu-clock", "-k", "CLOCK_MONOTONIC_RAW", "-c"]);
        perf.arg(self.period.to_string()).arg(format!("--call-graph=dwarf,{STACK}"));
        perf.arg("-o").arg(&self.data).arg("--");
        perf
    }

    pub(crate) fn watch(self, mut child: Child, mut clock: Clock) -> io::Result<Seen> {
        let status = child.wait()?;
        clock.stop();
        let mut script = Command::new("perf")
            .args(["script", "--ns", "-F", "pid,tid,time,ip,dso", "--no-inline", "-i"])
            .arg(&self.data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut reader = Reader { period: self.period, ..Reader::default() };
        if let Some(text) = script.stdout.take() {
            for line in BufReader::new(text).split(b'\n') {
                reader.line(&String::from_utf8_lossy(&line?));
            }
        }
        reader.put();
        script.wait()?;
        Ok(Seen { status, clock, processes: reader.seen.finish(&clock), lost: 0 })
    }
}

/// Reads what `perf script` prints: a head for each sample, and a line for each address.
#[derive(Default)]
struct Reader {
    period: u64,
    seen: Threads,
    /// The sample that is read, with its process.
    open: Option<(u32, Sample)>,
    /// The time of each thread's last sample.
    before: FxHashMap<u32, u64>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        match line.strip_prefix(['\t', ' ']).map(str::trim).and_then(frame) {
            Some((address, is_file)) => self.frame(address, is_file),
            None => {
                self.put();
                self.open = head(line.trim());
            }
        }
    }

    fn frame(&mut self, address: u64, is_file: bool) {
        let Some((_, sample)) = &mut self.open else { return };
        if sample.address == 0 {
            sample.address = address;
            // What lies in no file has no callers that matter: its own address is in the machine code.
            sample.caller = (!is_file).then_some(address);
        } else if sample.caller.is_none() && !is_file {
            sample.caller = Some(address);
        }
    }

    fn put(&mut self) {
        let Some((process, mut sample)) = self.open.take() else { return };
        let before = self.before.insert(sample.thread, sample.at);
        let since = sample.at - before.unwrap_or(0).min(sample.at);
        sample.ran = self.period.min(since);
        sample.caller = sample.caller.filter(|caller| *caller != sample.address);
        self.seen.sample_of(process, sample);
    }
}

/// `PID/TID SECONDS.NANOSECONDS:`
fn head(line: &str) -> Option<(u32, Sample)> {
    let (who, when) = line.strip_suffix(':')?.split_once(' ')?;
    let (process, thread) = who.split_once('/')?;
    let (seconds, rest) = when.trim().split_once('.')?;
    let at = seconds.parse::<u64>().ok()?.checked_mul(1_000_000_000)?.checked_add(rest.parse().ok()?)?;
    let thread = thread.trim().parse().ok()?;
    let sample = Sample { thread, at, ran: 0, delayed: 0, address: 0, caller: None };
    Some((process.trim().parse().ok()?, sample))
}

/// `ADDRESS (FILE)`; and is it a file's?
fn frame(line: &str) -> Option<(u64, bool)> {
    let (address, file) = line.split_once(" (")?;
    let unknown = ["[unknown]", "//anon", "anon", "/tmp/perf-"];
    let is_file = !unknown.iter().any(|name| file.starts_with(name));
    Some((u64::from_str_radix(address, 16).ok()?, is_file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_and_the_callers_that_matter() {
        let text = "  7/8  1.000000100: \n\t    7f01 (/lib/x.so)\n\t    5511 (//anon)\n\t 66 ([unknown])\n\n\
                    7/8 1.000000500:\n\t 5512 (//anon)\n\n7/8 1.000002500:\n\t 7f02 (/lib/x.so)\n\n";
        let mut reader = Reader { period: 1000, ..Reader::default() };
        text.lines().for_each(|line| reader.line(line));
        reader.put();
        let clock = Clock::start();
        let seen = reader.seen.finish(&clock);
        let samples = &seen[&7].samples;
        let found: Vec<_> = samples.iter().map(|x| (x.thread, x.ran, x.address, x.caller)).collect();
        let wanted = [(8, 1000, 0x7f01, Some(0x5511)), (8, 400, 0x5512, None), (8, 1000, 0x7f02, None)];
        assert_eq!(found, wanted);
    }
}
