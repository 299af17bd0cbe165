//! What is exported, and what is said.

use crate::dir::Dir;
use crate::{Run, USUAL, logs, parts};
use std::time::{Duration, SystemTime};

fn touch(dir: &Dir, name: &str, seconds: u64) {
    let file = std::fs::File::options().write(true).open(dir.0.join(name)).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
}

#[test]
fn logs_and_directories_of_logs() {
    let dir = Dir::new("logs");
    std::fs::create_dir_all(dir.0.join("in/deep")).unwrap();
    for (name, day) in [("in/a.log", 0), ("in/deep/b.log", 0), ("c.log", 3)] {
        dir.write(name, &USUAL.log());
        touch(&dir, name, 1_795_737_600 + day * 86_400);
    }
    let (code, out, err) = dir.said(&["export", "--to", "parquet", "set", "in", "c.log", "in/a.log"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "", "3 logs added\n"));
    assert_eq!(logs(&dir, "set"), ["c.log", "in/a.log", "in/deep/b.log"]);
    let names: Vec<String> = parts(&dir, "set").into_keys().collect();
    assert_eq!(names, ["day=2026-11-27/part-00001.parquet", "day=2026-11-30/part-00002.parquet"]);
    // A set may lie among its logs.
    let again = dir.said(&["export", "--to", "parquet", "-o", "set", "."]);
    assert_eq!((again.0, again.2.as_str()), (0, "0 logs added; 3 were there already\n"));
}

#[test]
fn what_has_changed_takes_the_place_of_what_it_was() {
    let dir = Dir::new("changed");
    ["a.log", "b.log"].iter().for_each(|name| dir.write(name, &USUAL.log()));
    assert_eq!(dir.said(&["export", "--to", "parquet", "set", "a.log", "b.log"]).0, 0);
    dir.write("a.log", &Run { slow: 77_777, ..USUAL }.log());
    let (code, _, err) = dir.said(&["export", "a.log", "b.log", "--to", "parquet", "set"]);
    assert_eq!((code, err.as_str()), (0, "1 log added; 1 were there already\n"));
    assert_eq!(logs(&dir, "set"), ["a.log", "b.log"]);
    dir.write("b.log", &Run { slow: 7, ..USUAL }.log());
    dir.write("a.log", &USUAL.log());
    assert_eq!(dir.said(&["export", "--to", "parquet", "set", "a.log", "b.log"]).0, 0);
    // Nothing of the first parts is left, so they are not there.
    assert_eq!((logs(&dir, "set").len(), parts(&dir, "set").len()), (2, 1));
}

#[test]
fn bad_logs_are_named_and_the_others_go_on() {
    let dir = Dir::new("bad");
    dir.write("a.log", &USUAL.log());
    dir.write("b.log", "nothing of the kind\n");
    dir.write("c.log", "");
    dir.write("z.log", &USUAL.log());
    let (code, _, err) =
        dir.said(&["export", "--to", "parquet", "set", "a.log", "b.log", "c.log", "gone.log", "z.log"]);
    assert_eq!(code, 3, "{err}");
    for name in ["b.log", "c.log", "gone.log"] {
        assert!(err.contains(&format!("'{name}'")), "{err}");
    }
    assert!(err.ends_with("2 logs added; 3 could not be read, and are not in it\n"), "{err}");
    assert_eq!(logs(&dir, "set"), ["a.log", "z.log"]);
}

#[test]
fn several_runs_in_one_file() {
    let dir = Dir::new("runs");
    let start = "[0] {gc-hardware\n[0] gc-hardware}\n";
    let pypy = "[1] {jit-tracing\nf;x.py:1-2~#3 FOR_ITER\n[2] {jit-log-opt-loop\n\
                # Loop 0 (f;x.py:1-2~#3 FOR_ITER) : loop with 1 ops\n[i0]\njump(i0)\n[3] jit-log-opt-loop}\n[4] jit-tracing}\n";
    dir.write("two.log", &format!("{start}{pypy}{start}{pypy}"));
    let (code, _, err) = dir.said(&["export", "--to", "parquet", "set", "two.log"]);
    assert_eq!((code, err.as_str()), (0, "1 log added\n"));
    assert_eq!(logs(&dir, "set"), ["two.log"]);
}

#[test]
fn tables_of_one_run_hold_places_too() {
    let dir = Dir::new("places");
    dir.write("x.py", "s = 0\nfor i in range(400000):\n    s += i * i % 7\nprint(s)\n");
    assert_eq!(dir.said(&["run", "--log", "x.pypylog", "x.py"]).0, 0);
    let (_, report, _) = dir.said(&["report", "--format", "json", "x.pypylog"]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let (_, csv, _) = dir.said(&["export", "--to", "csv", "x.pypylog"]);
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let column = |name: &str| rows[0].iter().position(|title| *title == name).unwrap();
    let (ticks, part_of) = (column("ticks"), column("part_of"));
    let sum = |parts: bool| -> u64 {
        let chosen = rows[1..].iter().filter(|row| row[part_of].is_empty() != parts);
        chosen.filter_map(|row| row[ticks].parse::<u64>().ok()).sum()
    };
    let places = report["loops"].as_array().unwrap().iter().filter(|row| !row["part_of"].is_null());
    assert_eq!(sum(false), report["total_ticks"].as_u64().unwrap());
    assert_eq!(sum(true), places.map(|row| row["ticks"].as_u64().unwrap()).sum::<u64>());
    assert!(sum(true) > 0, "{csv}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let dir = Dir::new("usage");
    dir.write("a.log", &USUAL.log());
    dir.write("b.log", &USUAL.log());
    for (args, why) in [
        (&["--to", "parquet", "set"][..], "no log is given"),
        (&["--to", "parquet"], "no log is given"),
        (&["--to", "nonsense", "a.log"], "no format is called 'nonsense'; there are speedscope"),
        (&["--to", "csv", "a.log", "b.log"], "many become a data set"),
        (&["--to", "parquet", "a.log", "b.log"], "many become a data set"),
        (&["--to", "parquet", "set", "-o", "other", "a.log"], "not both"),
        (&["--to", "parquet", "set", "a.log", "--run", "1"], "about one log"),
    ] {
        let (code, _, err) = dir.said(&[&["export"], args].concat());
        assert!(code == 2 && err.contains(why), "{args:?}: {code} {err}");
    }
    assert!(!dir.0.join("set/day=2026-11-27").exists());
    // One log is a file, as ever.
    for args in [&["--to", "parquet", "a.log"][..], &["a.log", "--to", "parquet"], &["--to=parquet", "a.log"]]
    {
        let output = dir.run(&[&["export"], args].concat());
        assert!(output.status.success() && output.stdout.starts_with(b"PAR1"), "{args:?}");
    }
    assert_eq!(dir.said(&["export", "--to", "csv", "a.log", "-o", "a.csv"]).0, 0);
    let (code, _, err) =
        dir.said(&["export", "--to", "parquet", "set", "a.log", "--from-path", "(?<time>a)"]);
    assert!(code == 3 && err.contains("'a' is no time"), "{err}");
}
