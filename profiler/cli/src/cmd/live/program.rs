//! The program's process: what it writes, what it is given, how it ends.

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};
use std::ffi::OsString;
use std::io::{self, IsTerminal, Read, Seek, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::SpooledTempFile;
use viewer::library::{Program, Stream};

/// A program that runs.
pub(super) struct Live {
    child: Child,
    input: Option<ChildStdin>,
    written: Arc<Inbox>,
    kept: Kept,
    status: Option<ExitStatus>,
}

impl Live {
    /// Starts this command once more, with other arguments.
    pub(super) fn start(arguments: Vec<OsString>) -> anyhow::Result<Live> {
        // Input that comes from a file or a pipe is the program's; the terminal is the viewer's.
        let is_ours = io::stdin().is_terminal();
        let mut child = Command::new(std::env::current_exe()?)
            .args(arguments)
            .stdin(if is_ours { Stdio::piped() } else { Stdio::inherit() })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("can't start the program")?;
        let written = Arc::new(Inbox::default());
        if let Some(output) = child.stdout.take() {
            read(output, Stream::Output, written.clone())?;
        }
        if let Some(errors) = child.stderr.take() {
            read(errors, Stream::Errors, written.clone())?;
        }
        let input = child.stdin.take();
        Ok(Live { child, input, written, kept: Kept::default(), status: None })
    }

    /// Ends it at once.
    pub(super) fn kill(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
    }

    /// Ends the program if it still runs, prints what it has written, and gives its exit code.
    pub(super) fn finish(mut self) -> anyhow::Result<i32> {
        const PATIENCE: Duration = Duration::from_secs(2);
        self.input = None;
        if self.ended().is_none() {
            self.interrupt();
            self.wait(PATIENCE, |live| live.status.is_none());
        }
        let status = match self.status {
            Some(status) => status,
            None => self.child.kill().and_then(|()| self.child.wait())?,
        };
        // Whoever still holds its output, a process it has started, is not waited for long.
        self.wait(Duration::from_millis(500), |live| Arc::strong_count(&live.written) > 1);
        self.output();
        self.kept.print()?;
        Ok(status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0)))
    }

    /// Takes what is written, for as long as that, or until it need not wait.
    fn wait(&mut self, patience: Duration, must_wait: impl Fn(&Live) -> bool) {
        let start = Instant::now();
        while must_wait(self) && start.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(5));
            self.output();
            self.ended();
        }
    }
}

impl Program for Live {
    fn output(&mut self) -> Vec<(Stream, Vec<u8>)> {
        let pieces = self.written.take();
        pieces.iter().for_each(|(stream, bytes)| self.kept.keep(*stream, bytes));
        pieces
    }

    fn ended(&mut self) -> Option<String> {
        if self.status.is_none() {
            self.status = self.child.try_wait().ok().flatten();
        }
        let status = self.status?;
        Some(match (status.code(), status.signal()) {
            (Some(code), _) => format!("exit code {code}"),
            (None, signal) => format!("signal {}", signal.unwrap_or(0)),
        })
    }

    fn interrupt(&mut self) {
        let id = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // It may have ended already, and its number may be another's: until it was waited for, it is not.
        if self.status.is_none() {
            let _ = id.map(|id| kill_process(id, Signal::INT));
        }
    }

    fn feed(&mut self, line: Option<&str>) {
        let sent = match (&mut self.input, line) {
            (Some(input), Some(line)) => input.write_all(format!("{line}\n").as_bytes()),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        };
        // Nobody reads it any more, or it has ended.
        if sent.is_err() {
            self.input = None;
        }
    }
}

/// What was written and not taken yet.
#[derive(Default)]
struct Inbox {
    pieces: Mutex<Vec<(Stream, Vec<u8>)>>,
    taken: Condvar,
}

impl Inbox {
    /// Bytes that may wait; then the program waits until somebody looks.
    const MOST: usize = 1 << 20;

    fn put(&self, stream: Stream, bytes: &[u8]) {
        let size =
            |pieces: &Vec<(Stream, Vec<u8>)>| pieces.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        let pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |pieces: &mut Vec<_>| size(pieces) > Inbox::MOST;
        let mut pieces = self.taken.wait_while(pieces, is_full).unwrap_or_else(PoisonError::into_inner);
        match pieces.last_mut() {
            Some((last, known)) if *last == stream => known.extend_from_slice(bytes),
            _ => pieces.push((stream, bytes.to_vec())),
        }
    }

    fn take(&self) -> Vec<(Stream, Vec<u8>)> {
        let pieces = std::mem::take(&mut *self.pieces.lock().unwrap_or_else(PoisonError::into_inner));
        self.taken.notify_all();
        pieces
    }
}

/// Hands on what a stream brings, on a thread of its own.
fn read(mut from: impl Read + Send + 'static, stream: Stream, to: Arc<Inbox>) -> io::Result<()> {
    let work = move || {
        let mut piece = vec![0; 1 << 16];
        while let Ok(length @ 1..) = from.read(&mut piece) {
            to.put(stream, &piece[..length]);
        }
    };
    std::thread::Builder::new().name("output".to_owned()).spawn(work).map(drop)
}

/// All that was written, for the end.
struct Kept {
    bytes: SpooledTempFile,
    pieces: Vec<(Stream, usize)>,
}

impl Default for Kept {
    fn default() -> Kept {
        Kept { bytes: SpooledTempFile::new(16 << 20), pieces: Vec::new() }
    }
}

impl Kept {
    fn keep(&mut self, stream: Stream, bytes: &[u8]) {
        // Where no more fits on the disk, the rest is not printed at the end.
        if self.bytes.write_all(bytes).is_err() {
            return;
        }
        match self.pieces.last_mut() {
            Some((last, length)) if *last == stream => *length += bytes.len(),
            _ => self.pieces.push((stream, bytes.len())),
        }
    }

    fn print(mut self) -> io::Result<()> {
        self.bytes.rewind()?;
        for (stream, length) in self.pieces {
            let mut piece = Read::by_ref(&mut self.bytes).take(length as u64);
            match stream {
                Stream::Output | Stream::Input => io::copy(&mut piece, &mut io::stdout().lock())?,
                Stream::Errors => io::copy(&mut piece, &mut io::stderr().lock())?,
            };
            io::stdout().flush()?;
        }
        Ok(())
    }
}
