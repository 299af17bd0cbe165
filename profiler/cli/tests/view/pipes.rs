//! Logs that come through pipes, and terminals that are none.

use crate::seat::{LOOPSCOPE, Seat, desk};
use std::process::{Command, Stdio};

#[test]
fn a_log_from_standard_input_leaves_the_keys_to_the_terminal() {
    let (dir, _) = desk("stdin");
    let line = format!("gzip -c shapes.pypylog | '{LOOPSCOPE}' view -");
    let mut seat = Seat::take(&dir, "sh", &["-c", &line], &[]);
    seat.see("8 traces");
    seat.press("3\t");
    seat.see("machine code:");
    seat.press("s");
    seat.see("saved as view-view1.txt");
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_log_from_a_named_pipe() {
    let (dir, _) = desk("fifo");
    assert!(Command::new("mkfifo").arg(dir.join("pipe")).status().unwrap().success());
    let line = format!("cat shapes.pypylog > pipe & '{LOOPSCOPE}' view pipe");
    let mut seat = Seat::take(&dir, "sh", &["-c", &line], &[]);
    seat.see("8 traces");
    seat.press("2");
    seat.see("bridge 0x22");
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn what_comes_through_a_pipe_may_be_no_log_or_never_come() {
    let (dir, _) = desk("nolog");
    let line = format!("echo hello | '{LOOPSCOPE}' view -");
    let mut seat = Seat::take(&dir, "sh", &["-c", &line], &[]);
    seat.see("this is no PYPYLOG");
    seat.press("q");
    assert_eq!(seat.end(), 0);
    let line = format!("(head -c 3000 shapes.pypylog; sleep 60) | '{LOOPSCOPE}' view -");
    let mut seat = Seat::take(&dir, "sh", &["-c", &line], &[]);
    seat.see("reading 3.0 kB");
    seat.press("q");
    seat.wrote(b"\x1b[?1049l");
    drop(seat);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn nothing_is_drawn_where_nobody_looks() {
    let (dir, log) = desk("nobody");
    for words in [vec!["view", log.to_str().unwrap()], vec!["run", "--live", "prog.py"]] {
        let ran = Command::new(LOOPSCOPE).args(&words).stdin(Stdio::null()).output().unwrap();
        assert_eq!((ran.status.code(), ran.stdout.len()), (Some(2), 0));
        assert!(String::from_utf8_lossy(&ran.stderr).contains("wants a terminal"));
    }
    std::fs::remove_dir_all(dir).unwrap();
}
