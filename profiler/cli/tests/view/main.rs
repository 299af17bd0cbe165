//! `loopscope view` and `run --live` in a real terminal: a pseudo-terminal on one side, an emulator of a screen on the
//! other.

mod live;
mod long;
mod pipes;
mod seat;

use seat::{Seat, desk, fixture};
use std::io::Write;
use std::time::Duration;

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

/// Counts of lines, as `run --coverage` writes them, are a column of the source.
#[test]
fn coverage_is_a_column() {
    let (dir, log) = desk("coverage");
    let lcov = dir.join("shapes.lcov");
    std::fs::write(&lcov, "TN:\nSF:shapes.py\nDA:29,77001\nDA:30,0\nDA:31,12\nend_of_record\n").unwrap();
    let mut seat = Seat::open(&log, &["--coverage", lcov.to_str().unwrap()], &[]);
    seat.see("loops that matter most");
    seat.press("3\t");
    seat.see("77.0k 29");
    seat.see("    - 30");
    seat.see("   12 31");
    seat.press("q");
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
