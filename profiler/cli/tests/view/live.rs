//! A program beside the viewer.

use crate::seat::{LOOPSCOPE, Seat};
use std::path::PathBuf;

/// A directory with a program in it.
fn program(name: &str, text: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("loopscope-live-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("prog.py"), text).unwrap();
    dir
}

const LOOP: &str = "\
def work(n):
    total = 0
    for i in range(n):
        total += i % 7
    return total

";

#[test]
fn a_program_writes_reads_and_ends() {
    let text = format!(
        "{LOOP}import sys\nprint('what?')\nname = input()\nprint('for', name, work(300000))\n\
         print('odd', file=sys.stderr)\nprint(len(sys.stdin.read()), 'more')\nsys.exit(7)\n"
    );
    let dir = program("ask", &text);
    let mut seat = Seat::take(&dir, LOOPSCOPE, &["run", "--live", "--log", "kept", "prog.py"], &[]);
    seat.see("running");
    seat.press("9");
    seat.see("what?");
    seat.press("wAda\r");
    seat.see("for Ada 899997");
    seat.see("!odd");
    seat.press("w\x04");
    seat.see("0 more");
    seat.see("ended: exit code 7");
    seat.press("1");
    seat.see("prog.py:3 work");
    seat.press("q");
    // What was written is still there when the viewer is not.
    seat.see("0 more");
    assert_eq!(seat.end(), 7);
    assert!(std::fs::read(dir.join("kept")).unwrap().ends_with(b"loopscope-meta}\n"));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_program_is_interrupted_by_ctrl_c() {
    let dir = program("forever", &format!("{LOOP}print('on it')\nwhile True:\n    work(1000)\n"));
    let mut seat = Seat::take(&dir, LOOPSCOPE, &["run", "--live", "prog.py"], &[]);
    seat.press("9");
    seat.see("on it");
    seat.press("\x03");
    seat.see("KeyboardInterrupt");
    // As of any program that Ctrl-C ends.
    seat.see("ended: signal 2");
    seat.press("\x03");
    assert_eq!(seat.end(), 130);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_program_that_runs_is_not_left_by_accident() {
    let dir = program("leave", &format!("{LOOP}while True:\n    work(1000)\n"));
    let mut seat = Seat::take(&dir, LOOPSCOPE, &["run", "--live", "prog.py"], &[]);
    seat.see("prog.py:3 work");
    seat.press("q");
    seat.see("q again ends it and leaves");
    // Whatever else is pressed means that one stays.
    seat.press("3q");
    seat.see("machine code:");
    seat.see("q again ends it and leaves");
    seat.press("q");
    seat.see("KeyboardInterrupt");
    assert_eq!(seat.end(), 130);
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn input_from_a_pipe_is_the_programs() {
    let dir = program("piped", "print('got', input())\n");
    let line = format!("echo this | '{LOOPSCOPE}' run --live prog.py");
    let mut seat = Seat::take(&dir, "sh", &["-c", &line], &[]);
    seat.press("9");
    seat.see("got this");
    seat.see("ended: exit code 0");
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}
