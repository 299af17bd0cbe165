//! `loopscope view` in a real terminal: a pseudo-terminal on one side, an emulator of a screen on the other.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a screen is waited for; machines that build other things at the same time are slow.
const PATIENCE: Duration = Duration::from_secs(60);

/// The viewer, and what its reader sees.
struct Seat {
    child: Box<dyn Child + Send + Sync>,
    /// Nothing once the terminal is gone.
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    bytes: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    /// Everything the viewer wrote.
    written: Vec<u8>,
}

impl Seat {
    fn open(log: &Path, options: &[&str], environment: &[(&str, &str)]) -> Seat {
        let pair = native_pty_system().openpty(size(100, 30)).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_loopscope"));
        command.arg("view");
        command.args(options);
        command.arg(log);
        command.cwd(log.parent().unwrap());
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
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

    fn press(&mut self, keys: &str) -> &mut Seat {
        let keyboard = self.keyboard.as_mut().unwrap();
        keyboard.write_all(keys.as_bytes()).unwrap();
        keyboard.flush().unwrap();
        self
    }

    /// Waits until the screen shows that.
    #[track_caller]
    fn see(&mut self, wanted: &str) {
        self.wait(wanted, |seat| seat.screen.screen().contents().contains(wanted));
    }

    /// Waits until the viewer wrote that.
    #[track_caller]
    fn wrote(&mut self, wanted: &[u8]) {
        let what = String::from_utf8_lossy(wanted).into_owned();
        self.wait(&what, |seat| seat.written.windows(wanted.len()).any(|bytes| bytes == wanted));
    }

    #[track_caller]
    fn wait(&mut self, what: &str, is_there: impl Fn(&Seat) -> bool) {
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

    fn resize(&mut self, columns: u16, lines: u16) {
        self.master.as_ref().unwrap().resize(size(columns, lines)).unwrap();
        self.screen.screen_mut().set_size(lines, columns);
    }

    /// The terminal is closed. The reading thread holds it too, so its process is told as the kernel would.
    fn hang_up(&mut self) {
        self.keyboard = None;
        self.master = None;
        self.signal("-HUP");
    }

    /// Waits for the end; the exit code.
    fn end(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(start.elapsed() < PATIENCE, "still running");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn signal(&self, name: &str) {
        let id = self.child.process_id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args([name, &id]).status().unwrap().success());
    }

    /// Waits until the process is in one of the states that `ps` calls so.
    fn state(&self, wanted: &str) {
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
fn desk(name: &str) -> (PathBuf, PathBuf) {
    let dir = std::env::temp_dir().join(format!("loopscope-view-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let log = dir.join("shapes.pypylog");
    std::fs::copy(fixture("ours.pypylog"), &log).unwrap();
    (dir, log)
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../viewer/tests/data").join(name)
}

const ENTER_SCREEN: &[u8] = b"\x1b[?1049h";
const LEAVE_SCREEN: &[u8] = b"\x1b[?1049l";

#[test]
fn a_reader_looks_around_and_leaves() {
    let (dir, log) = desk("around");
    let mut seat = Seat::open(&log, &[], &[]);
    seat.see("loops that matter most");
    seat.press("3\t");
    seat.see("machine code:");
    seat.see("▶");
    seat.press("/weigh\r");
    seat.see("'weigh'");
    // Enter on the line of an inlined call goes into it.
    seat.press("\r");
    seat.see("› weigh");
    seat.press("\x7f");
    seat.press("5");
    seat.see("how long visits of loop0 took");
    seat.press("?");
    seat.see("any other key closes");
    seat.press("\x1b[A");
    seat.press("q");
    seat.see("how long visits");
    seat.press("q");
    seat.wrote(LEAVE_SCREEN);
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn the_mouse() {
    let (dir, log) = desk("mouse");
    let mut seat = Seat::open(&log, &[], &[]);
    seat.see("loops that matter most");
    // The tab of the loops, the second row of their table, and that once more.
    seat.press("\x1b[<0;15;1M\x1b[<0;15;1m");
    seat.see("exits  loop");
    seat.press("\x1b[<0;20;5M\x1b[<0;20;5m");
    seat.see("bridge 0x3, bridge of loop0");
    seat.press("\x1b[<0;20;5M\x1b[<0;20;5m");
    seat.see("machine code:");
    seat.see("bridge 0x3 bridge");
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn what_is_copied_saved_and_edited() {
    let (dir, log) = desk("deeds");
    let edited = dir.join("edited");
    std::fs::copy(fixture("shapes.py"), dir.join("shapes.py")).unwrap();
    let editor = dir.join("editor");
    std::fs::write(&editor, format!("#!/bin/sh\necho \"$@\" > '{}'\n", edited.display())).unwrap();
    std::process::Command::new("chmod").arg("+x").arg(&editor).status().unwrap();
    let mut seat = Seat::open(&log, &[], &[("EDITOR", editor.to_str().unwrap()), ("VISUAL", "")]);
    seat.see("loops that matter most");
    seat.press("3\ty");
    seat.see("copied: for i in range(rounds):");
    // OSC 52, and the line in base 64.
    seat.wrote(b"\x1b]52;c;ICAgIGZvciBpIGluIHJhbmdlKHJvdW5kcyk6");
    seat.press("e");
    seat.wrote(LEAVE_SCREEN);
    seat.wait("the editor", |_| std::fs::read_to_string(&edited).is_ok_and(|words| !words.is_empty()));
    assert_eq!(std::fs::read_to_string(&edited).unwrap(), "+26 shapes.py\n");
    seat.press("s");
    seat.see("saved as shapes-view1.txt");
    seat.press("S");
    seat.see("saved as shapes-view1.svg");
    assert!(
        std::fs::read_to_string(dir.join("shapes-view1.txt")).unwrap().contains("for i in range(rounds)")
    );
    assert!(std::fs::read_to_string(dir.join("shapes-view1.svg")).unwrap().starts_with("<svg"));
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_log_that_grows_shrinks_and_goes() {
    let (dir, log) = desk("follow");
    let whole = std::fs::read(&log).unwrap();
    std::fs::write(&log, &whole[..whole.len() / 3]).unwrap();
    let mut seat = Seat::open(&log, &["--follow"], &[]);
    seat.see("live");
    std::fs::OpenOptions::new()
        .append(true)
        .open(&log)
        .unwrap()
        .write_all(&whole[whole.len() / 3..])
        .unwrap();
    seat.press("2");
    seat.see("bridge 0x22");
    seat.press("3\t\t");
    std::fs::remove_file(&log).unwrap();
    seat.see("can't be read now");
    std::fs::write(&log, b"\x00\xff[1] {garbage").unwrap();
    seat.see("0 loops");
    std::fs::write(&log, &whole).unwrap();
    seat.see("8 loops");
    seat.press("p");
    seat.see("paused");
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn compressed_logs() {
    let (dir, log) = desk("compressed");
    let text = std::fs::read(&log).unwrap();
    for pack in [gzip, zstd, bzip2] {
        std::fs::write(&log, pack(&text)).unwrap();
        let mut seat = Seat::open(&log, &[], &[]);
        seat.see("8 traces");
        seat.press("3\t");
        seat.see("machine code:");
        seat.press("q");
        assert_eq!(seat.end(), 0);
    }
    // Compressed, and no log all the same.
    std::fs::write(&log, gzip(b"no log")).unwrap();
    let mut seat = Seat::open(&log, &[], &[]);
    seat.see("is not a PYPYLOG");
    assert_eq!(seat.end(), 3);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_compressed_log_that_is_followed() {
    let (dir, log) = desk("packed");
    let text = std::fs::read(&log).unwrap();
    let packed = gzip(&text);
    // Nothing yet, a part that breaks off, all of it, something else, and at last the plain text.
    std::fs::write(&log, b"").unwrap();
    let mut seat = Seat::open(&log, &["--follow"], &[]);
    seat.see("live");
    seat.press("8");
    std::fs::write(&log, &packed[..packed.len() / 2]).unwrap();
    seat.see("breaks off or is damaged here");
    seat.press("3\t\t");
    std::fs::write(&log, &packed).unwrap();
    seat.see("8 loops");
    std::fs::write(&log, bzip2(b"no log")).unwrap();
    seat.see("0 loops");
    std::fs::write(&log, zstd(&text)).unwrap();
    seat.see("8 loops");
    std::fs::write(&log, b"").unwrap();
    seat.see("0 loops");
    std::fs::write(&log, &text).unwrap();
    seat.see("8 loops");
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn any_size_of_terminal() {
    let (dir, log) = desk("size");
    let mut seat = Seat::open(&log, &[], &[("NO_COLOR", "1")]);
    seat.see("loops that matter most");
    seat.press("3");
    for (columns, lines) in [(1, 1), (200, 60), (2, 40), (80, 3), (120, 40)] {
        seat.resize(columns, lines);
        seat.press("\t\tj");
        std::thread::sleep(Duration::from_millis(60));
    }
    seat.resize(80, 24);
    seat.press("1");
    seat.see("loops that matter most");
    let colored = seat.written.windows(7).any(|bytes| bytes == b"\x1b[38;5;");
    assert!(!colored, "NO_COLOR says so");
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn the_terminal_is_given_back_when_a_signal_ends_us() {
    let (dir, log) = desk("signal");
    let mut seat = Seat::open(&log, &[], &[]);
    seat.see("loops that matter most");
    seat.signal("-TERM");
    seat.wrote(LEAVE_SCREEN);
    assert_ne!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_terminal_that_goes_takes_us_along() {
    let (dir, log) = desk("gone");
    let mut seat = Seat::open(&log, &[], &[]);
    seat.see("loops that matter most");
    // What a terminal does that is closed: its last user hangs up.
    seat.hang_up();
    seat.end();
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn suspended_and_back() {
    let (dir, log) = desk("suspend");
    let mut seat = Seat::open(&log, &[], &[]);
    seat.see("loops that matter most");
    for key in [true, false] {
        seat.written.clear();
        if key {
            seat.press("\x1a");
        } else {
            seat.signal("-TSTP");
        }
        seat.wrote(LEAVE_SCREEN);
        seat.state("T");
        seat.written.clear();
        seat.signal("-CONT");
        seat.wrote(ENTER_SCREEN);
        seat.state("RS");
        seat.see("loops that matter most");
    }
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}
