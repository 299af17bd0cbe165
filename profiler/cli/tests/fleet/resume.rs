//! An export that is killed leaves nothing that is half, and goes on when it is started again.

use crate::dir::Dir;
use crate::{USUAL, logs, parts};
use std::fs::File;
use std::time::Duration;

/// More than are written at once.
const MANY: usize = 4_300;

#[test]
fn a_killed_export_goes_on() {
    let dir = Dir::new("killed");
    std::fs::create_dir_all(dir.0.join("in")).unwrap();
    (0..MANY).for_each(|number| dir.write(&format!("in/{number:05}.log"), &USUAL.log()));
    let args = ["export", "--to", "parquet", "set", "in"];
    let mut child = dir.command(&args).spawn().unwrap();
    while parts(&dir, "set").is_empty() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What is there can be read, and is there once.
    let before = logs(&dir, "set");
    assert!(!before.is_empty() && before.windows(2).all(|two| two[0] != two[1]));
    let (code, _, err) = dir.said(&args);
    assert_eq!(code, 0, "{err}");
    let said = format!("{} logs added; {} were there already\n", MANY - before.len(), before.len());
    assert_eq!(err, said);
    let after = logs(&dir, "set");
    assert!(after.len() == MANY && after.windows(2).all(|two| two[0] != two[1]));
}

#[test]
fn what_was_being_written_is_thrown_away() {
    let dir = Dir::new("unfinished");
    dir.write("a.log", &USUAL.log());
    std::fs::create_dir_all(dir.0.join("set/_unfinished")).unwrap();
    dir.write("set/_unfinished/part-00001.parquet", "PAR1 half");
    assert_eq!(dir.said(&["export", "--to", "parquet", "set", "a.log"]).0, 0);
    assert_eq!(std::fs::read_dir(dir.0.join("set/_unfinished")).unwrap().count(), 0);
    assert_eq!(logs(&dir, "set"), ["a.log"]);
}

#[test]
fn two_exports_do_not_write_at_once() {
    let dir = Dir::new("lock");
    dir.write("a.log", &USUAL.log());
    std::fs::create_dir_all(dir.0.join("set")).unwrap();
    let held = File::create(dir.0.join("set/_lock")).unwrap();
    held.lock().unwrap();
    let (code, _, err) = dir.said(&["export", "--to", "parquet", "set", "a.log"]);
    assert!(code == 3 && err.contains("another export writes to 'set'"), "{code} {err}");
    drop(held);
    assert_eq!(dir.said(&["export", "--to", "parquet", "set", "a.log"]).0, 0);
}

#[test]
fn a_part_that_is_none_is_named() {
    let dir = Dir::new("broken");
    dir.write("a.log", &USUAL.log());
    assert_eq!(dir.said(&["export", "--to", "parquet", "set", "a.log"]).0, 0);
    let part = parts(&dir, "set").into_values().next().unwrap();
    std::fs::write(&part, "PAR1").unwrap();
    let (code, _, err) = dir.said(&["export", "--to", "parquet", "set", "a.log"]);
    assert!(code == 3 && err.contains("part-00001.parquet' is no part of a data set"), "{code} {err}");
    std::fs::remove_file(part).unwrap();
    assert_eq!(dir.said(&["export", "--to", "parquet", "set", "a.log"]).2, "1 log added\n");
}
