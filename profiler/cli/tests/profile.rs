//! `report`, `diff` and `export` as their users meet them.

#[path = "support/dir.rs"]
mod dir;

use dir::Dir;

/// A run in which a loop ran for so many ticks, at a megahertz.
fn log(ticks: u64) -> String {
    format!(
        "[0] {{loopscope-meta\nclock-hz 1000000\npid 7\nprogram a.py\n[0] loopscope-meta}}\n\
         [64] {{jit-profile-enter\nloop0 # a.py:3 f FOR_ITER\n[64] jit-profile-enter}}\n\
         [{0:x}] {{jit-profile-exit\nloop0\n[{0:x}] jit-profile-exit}}\n",
        100 + ticks
    )
}

#[test]
fn diff_decides_the_exit_code() {
    let dir = Dir::new("diff");
    dir.write("old.log", &log(10_000));
    dir.write("new.log", &log(20_000));
    dir.write("near.log", &log(10_500));
    let (code, table, error) = dir.said(&["diff", "old.log", "new.log"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(
        table.contains("slower") && table.contains("+100.0 %") && table.contains("a.py:3 f FOR_ITER"),
        "{table}"
    );
    assert!(dir.said(&["diff", "old.log", "near.log"]).1.starts_with("no difference seen"));
    let (code, _, error) = dir.said(&["diff", "--fail-above", "5%", "old.log", "new.log"]);
    assert!(
        code == 1 && error.contains("slower than allowed: a.py:3 f FOR_ITER: +100.0 %, at least"),
        "{error}"
    );
    for args in [
        &["diff", "--fail-above", "100", "old.log", "new.log"][..],
        &["diff", "--fail-above", "0", "old.log", "old.log"],
        &["diff", "--fail-above", "5%", "new.log", "old.log"],
        &["diff", "--fail-above", "5%", "--ignore-below", "20%", "--format", "json", "old.log", "old.log"],
    ] {
        assert_eq!(dir.said(args).0, 0, "{args:?}");
    }
    assert_eq!(dir.said(&["diff", "--fail-above", "much", "old.log", "new.log"]).0, 2);
    assert_eq!(dir.said(&["diff", "old.log"]).0, 2);
    let (code, _, error) = dir.said(&["diff", "old.log", "missing.log"]);
    assert!(code == 3 && error.contains("missing.log"), "{error}");
    let (_, json, _) = dir.said(&["diff", "--format", "json", "old.log", "new.log"]);
    assert!(
        json.contains("\"schema\": \"loopscope-diff/2\"") && json.contains("\"status\": \"slower\""),
        "{json}"
    );
}

#[test]
fn several_runs_a_side_tell_more() {
    let dir = Dir::new("sets");
    for (index, ticks) in [10_000, 10_050, 9_960, 10_020, 9_990].into_iter().enumerate() {
        dir.write(&format!("old{index}.log"), &log(ticks));
        dir.write(&format!("new{index}.log"), &log(ticks * 11 / 10));
    }
    let names = |side: &str| (0..5).map(|index| format!("{side}{index}.log")).collect::<Vec<_>>();
    let diff = |old: &str, new: &str| {
        let (old, new) = (names(old), names(new));
        let head = ["diff", "--fail-above", "5%"].map(str::to_owned);
        let args: Vec<String> =
            head.into_iter().chain(old).chain(["--against".to_owned()]).chain(new).collect();
        dir.said(&args.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (code, table, error) = diff("old", "new");
    assert!(code == 1 && table.starts_with("slower, from 5 runs to 5 runs"), "{table}");
    assert!(error.contains("a.py:3 f FOR_ITER: +10.0 %, at least +9."), "{error}");
    let (code, table, error) = diff("old", "old");
    assert!(code == 0 && table.starts_with("no difference seen") && error.is_empty(), "{table}{error}");
}

#[test]
fn runs_of_different_programs_are_not_compared() {
    let dir = Dir::new("programs");
    dir.write("a.log", &log(10_000));
    dir.write("b.log", &log(20_000).replace("a.py", "b.py").replace(" f ", " g "));
    let (code, table, error) = dir.said(&["diff", "a.log", "b.log"]);
    assert!(code == 2 && table.is_empty() && error.contains("runs of a.py and of b.py"), "{table}{error}");
    let (code, table, _) = dir.said(&["diff", "--different-programs", "a.log", "b.log"]);
    assert!(code == 0 && table.contains("new") && table.contains("gone"), "{table}");
}

#[test]
fn every_format_can_be_written() {
    let dir = Dir::new("export");
    dir.write("a.log", &log(10_000));
    let code = "Loop 0 (f;a.py:3-3~#1 FOR_ITER) has address 0x10 to 0x20 (bootstrap 0x10)";
    let code = format!("[1] {{jit-backend-addr\n{code}\n[1] jit-backend-addr}}\n");
    dir.write("code.log", &(code + &log(10_000)));
    for format in [
        "speedscope",
        "firefox",
        "folded",
        "flamegraph",
        "chrome",
        "pprof",
        "csv",
        "parquet",
        "perf-map",
        "jitdump",
    ] {
        let of_code = matches!(format, "perf-map" | "jitdump");
        let log = if of_code { "code.log" } else { "a.log" };
        let to_file = dir.said(&["export", log, "--to", format, "-o", "out"]);
        assert_eq!(to_file, (0, String::new(), String::new()), "{format}");
        let output = dir.run(&["export", log, "--to", format]);
        assert_eq!(output.stdout, std::fs::read(dir.0.join("out")).unwrap(), "{format}");
    }
    let (_, folded, _) = dir.said(&["export", "a.log", "--to", "folded", "-o", "-"]);
    assert_eq!(folded, "a.py;interpreter 100\na.py;loop0 f (a.py:3) 10000\n");
    let (code, _, error) = dir.said(&["export", "a.log", "--to", "csv", "-o", "no/such/dir"]);
    assert!(code != 0 && error.contains("no/such/dir"), "{error}");
    assert_eq!(dir.said(&["export", "a.log", "--to", "gif"]).0, 2);
    assert_eq!(dir.said(&["export", "missing.log", "--to", "csv"]).0, 3);
}

#[test]
fn several_logs_are_reported_alone_and_together() {
    let dir = Dir::new("together");
    dir.write("1.log", &log(10_000));
    dir.write("2.log", &log(30_000));
    let (code, table, _) = dir.said(&["report", "1.log", "2.log"]);
    assert!(code == 0 && table.contains("2 processes together: 40.20 ms"), "{table}");
    let (_, json, _) = dir.said(&["report", "--format", "json", "1.log", "2.log"]);
    assert!(
        json.contains("\"schema\": \"loopscope-reports/2\"") && json.contains("\"ticks\": 40000"),
        "{json}"
    );
    let (_, csv, _) = dir.said(&["report", "--format", "csv", "1.log", "2.log"]);
    assert_eq!(csv.lines().filter(|line| line.starts_with("name,")).count(), 1);
    assert!(csv.contains(",1.log\n") && csv.contains(",2.log\n"), "{csv}");
    let (code, table, error) = dir.said(&["report", "1.log", "missing.log"]);
    assert!(code == 3 && table.contains("loop0") && error.contains("missing.log"), "{error}");
}

#[test]
fn samples_that_are_none_are_refused() {
    let dir = Dir::new("samples");
    dir.write("a.log", "[1] {jit-backend-addr\nLoop 1 (f) has address 0x10 to 0x20 (bootstrap 0x10)\n[2] jit-backend-addr}\n");
    dir.write("perf.data", "PERFILE2\u{0}\u{1}");
    let (code, _, error) = dir.said(&["report", "a.log", "--perf-script", "perf.data"]);
    assert!(code == 3 && error.contains("line 1") && error.contains("perf script -i perf.data"), "{error}");
    dir.write("perf.txt", "pypy3 7 1.000100: 100000 cpu-clock: 12\nnonsense\n");
    let (code, table, error) = dir.said(&["report", "a.log", "--perf-script", "perf.txt"]);
    assert!(code == 0 && table.contains("loop1") && error.contains("perf.txt: line 2"), "{table}{error}");
}

#[test]
fn a_pipe_has_no_colours() {
    let dir = Dir::new("colours");
    dir.write("a.log", &log(10_000));
    assert!(!dir.said(&["report", "a.log"]).1.contains('\u{1b}'));
}
