//! A log that is too long to be copied, and what others do to it while it is looked at.

use crate::seat::{Seat, desk};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Many runs, one after the other.
fn write(log: &Path, one: &[u8], megabytes: usize) {
    let mut file = std::io::BufWriter::new(File::create(log).unwrap());
    for _ in 0..(megabytes << 20) / one.len() {
        file.write_all(one).unwrap();
    }
    file.flush().unwrap();
}

#[test]
fn a_long_log_that_is_cut_off_and_written_anew() {
    let (dir, log) = desk("long");
    let one = std::fs::read(&log).unwrap();
    write(&log, &one, 100);
    let mut seat = Seat::open(&log, &[], &[]);
    // Its beginning is there before the rest.
    seat.see("loops that matter most");
    seat.press("2");
    seat.see(&format!("{} loops", (100 << 20) / one.len() * 8));
    // Whatever is looked at now is gone.
    File::options().write(true).open(&log).unwrap().set_len(1000).unwrap();
    for keys in ["3", "j", "j", "\t\t", "2G3", "v", "4++", "1"] {
        seat.press(keys);
    }
    seat.see("the log is another one now, or shorter");
    seat.press("r");
    seat.see("0 traces");
    std::fs::write(&log, &one).unwrap();
    seat.press("r");
    seat.see("8 traces");
    seat.press("q");
    assert_eq!(seat.end(), 0);
    std::fs::remove_dir_all(dir).unwrap();
}
