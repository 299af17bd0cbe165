//! Running a command with a time limit.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SHORTEST_PAUSE: Duration = Duration::from_micros(300);
const LONGEST_PAUSE: Duration = Duration::from_millis(20);

/// What a finished process left behind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub end: End,
}

/// How a process ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    Code(i32),
    /// Killed by a signal: a crash.
    Signal,
    /// Still running when its time was up.
    TimeOut,
}

/// Runs the command to its end, or until the limit.
pub fn run(mut command: Command, limit: Duration) -> Outcome {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let stdout = drain(child.stdout.take().expect("piped"));
    let stderr = drain(child.stderr.take().expect("piped"));
    let end = wait(&mut child, limit);
    let text = |reader: std::thread::JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&reader.join().expect("the reader ends")).into_owned()
    };
    Outcome { stdout: text(stdout), stderr: text(stderr), end }
}

fn drain(mut pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    })
}

fn wait(child: &mut Child, limit: Duration) -> End {
    let started = Instant::now();
    loop {
        match child.try_wait().expect("the child can be waited for") {
            Some(status) => return status.code().map_or(End::Signal, End::Code),
            None if started.elapsed() > limit => break,
            // Most programs are done at once, so the pauses begin short.
            None => std::thread::sleep((started.elapsed() / 8).clamp(SHORTEST_PAUSE, LONGEST_PAUSE)),
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    End::TimeOut
}
