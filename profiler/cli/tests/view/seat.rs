//! A terminal with somebody in front of it.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// The command.
pub const LOOPSCOPE: &str = env!("CARGO_BIN_EXE_loopscope");

/// How long a screen is waited for; machines that build other things at the same time are slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// The viewer, and what its reader sees.
pub struct Seat {
    child: Box<dyn Child + Send + Sync>,
    /// Nothing once the terminal is gone.
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    bytes: Receiver<Vec<u8>>,
    pub screen: vt100::Parser,
    /// Everything the viewer wrote.
    pub written: Vec<u8>,
}

impl Seat {
    /// Opens a log.
    pub fn open(log: &Path, options: &[&str], environment: &[(&str, &str)]) -> Seat {
        let mut words = vec!["view"];
        words.extend(options);
        words.push(log.to_str().unwrap());
        Seat::take(log.parent().unwrap(), LOOPSCOPE, &words, environment)
    }

    /// Runs a command in a directory.
    pub fn take(dir: &Path, command: &str, words: &[&str], environment: &[(&str, &str)]) -> Seat {
        let pair = native_pty_system().openpty(size(100, 30)).unwrap();
        let mut command = CommandBuilder::new(command);
        command.args(words);
        command.cwd(dir);
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        // Nobody answers what a terminal is asked here.
        command.env("LOOPSCOPE_BACKGROUND", "dark");
        environment.iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (send, bytes) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read) = reader.read(&mut buffer) {
                if read == 0 || send.send(buffer[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        let keyboard = Some(pair.master.take_writer().unwrap());
        let screen = vt100::Parser::new(30, 100, 0);
        Seat { child, master: Some(pair.master), keyboard, bytes, screen, written: Vec::new() }
    }

    pub fn press(&mut self, keys: &str) -> &mut Seat {
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
        self
    }

    /// Waits until the screen shows that.
    #[track_caller]
    pub fn see(&mut self, wanted: &str) {
        self.wait(wanted, |seat| seat.screen.screen().contents().contains(wanted));
    }

    /// Waits until the viewer wrote that.
    #[track_caller]
    pub fn wrote(&mut self, wanted: &[u8]) {
        let what = String::from_utf8_lossy(wanted).into_owned();
        self.wait(&what, |seat| seat.written.windows(wanted.len()).any(|bytes| bytes == wanted));
    }

    #[track_caller]
    pub fn wait(&mut self, what: &str, is_there: impl Fn(&Seat) -> bool) {
        let start = Instant::now();
        while !is_there(self) {
            match self.bytes.recv_timeout(Duration::from_millis(100)) {
                Ok(bytes) => {
                    self.screen.process(&bytes);
                    self.written.extend(bytes);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("ended before '{what}':\n{}", self.screen.screen().contents())
                }
            }
            assert!(start.elapsed() < PATIENCE, "no '{what}' in\n{}", self.screen.screen().contents());
        }
    }

    pub fn resize(&mut self, columns: u16, lines: u16) {
        self.master.as_ref().unwrap().resize(size(columns, lines)).unwrap();
        self.screen.screen_mut().set_size(lines, columns);
    }

    /// The terminal is closed. The reading thread holds it too, so its process is told as the kernel would.
    pub fn hang_up(&mut self) {
        self.keyboard = None;
        self.master = None;
        self.signal("-HUP");
    }

    /// Waits for the end; the exit code.
    pub fn end(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(start.elapsed() < PATIENCE, "still running");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Waits until the process is in one of the states that `ps` calls so.
    pub fn state(&self, wanted: &str) {
        let path = format!("/proc/{}/stat", self.child.process_id().unwrap());
        let start = Instant::now();
        loop {
            let stat = std::fs::read_to_string(&path).unwrap_or_default();
            let state = stat.rsplit(')').next().and_then(|rest| rest.trim().chars().next());
            if state.is_some_and(|state| wanted.contains(state)) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "state {state:?}, not {wanted}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn size(columns: u16, lines: u16) -> PtySize {
    PtySize { rows: lines, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// A directory of its own, with a log in it.
pub fn desk(name: &str) -> (PathBuf, PathBuf) {
    let dir = std::env::temp_dir().join(format!("loopscope-view-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let log = dir.join("shapes.pypylog");
    std::fs::copy(fixture("ours.pypylog"), &log).unwrap();
    (dir, log)
}

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../viewer/tests/data").join(name)
}
