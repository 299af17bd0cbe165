//! What a filter left out is not 0.

use crate::dir::Dir;
use crate::{healthy, new_loop, report, row, section, table};
use serde_json::Value;

const SUMMARY: &str = "Tracing:      \t14\t0.070000\nBackend:      \t12\t0.020000\nTOTAL:      \t\t3.000000\n\
                       abort: trace too long:\t2\nTotal # of loops:\t4\nTotal # of bridges:\t8\n";

#[test]
fn a_summary_alone_shows_what_it_has() {
    let log = section(0x10, "jit-summary", SUMMARY);
    let report = healthy(&log);
    for part in ["tracing", "optimize", "backend", "gc"] {
        assert_eq!(report["other"][part], Value::Null, "{part}");
    }
    let text = table(&log);
    for words in
        ["14 times, 0.070000 s", "PyPy counted 4 loops and 8 bridges", "abort: trace too long", "3.000000 s"]
    {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
}

#[test]
fn a_summary_that_was_pasted_and_shortened() {
    let pasted = SUMMARY.replace('\t', "        ").replace("abort: trace too long:        2\n", "...\n");
    let text = table(&section(0x10, "jit-summary", &pasted));
    for words in ["14 times, 0.070000 s", "PyPy counted 4 loops and 8 bridges", "3.000000 s"] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    assert!(!text.contains("diagnostic"), "{text}");
}

#[test]
fn the_backend_alone_knows_loops_bridges_code_and_counts() {
    let code = "Loop 1 (walk;a.py:2-4~#9 FOR_ITER) has address 0x1008 to 0x1010 (bootstrap 0x1000)\n";
    let bridge = "bridge out of Guard 0x70 has address 0x2000 to 0x2020\n";
    let counts = "entry 1:1\nTargetToken(4096):1\nTargetToken(4112):28958\nbridge 112:5\n";
    let log = section(0, "jit-backend-addr", code)
        + &section(0x10, "jit-backend-addr", bridge)
        + &section(0x20, "jit-backend-counts", counts);
    let report = healthy(&log);
    let found = row(&report, "loop1");
    assert_eq!(
        (&found["entered"], &found["passes"], &found["code_bytes"]),
        (&1.into(), &28958.into(), &16.into())
    );
    assert_eq!(found["location"]["file"], "a.py");
    assert_eq!(
        (&row(&report, "bridge 0x70")["entered"], &row(&report, "bridge 0x70")["code_bytes"]),
        (&5.into(), &32.into())
    );
}

#[test]
fn counters_alone_name_their_loops() {
    let report = healthy(&section(0, "jit-backend-counts", "entry 3:2\nTargetToken(16):9\nentry -1:4\n"));
    assert_eq!((&row(&report, "loop3")["entered"], &row(&report, "loop3")["passes"]), (&2.into(), &9.into()));
    assert_eq!(report["loops"].as_array().unwrap().len(), 1);
}

#[test]
fn bridges_whose_text_was_left_out() {
    let bridge = section(0x30, "jit-backend-addr", "bridge out of Guard 0x70 has address 0x2000 to 0x2020\n");
    let report = healthy(&(new_loop(0x10, 1, 4096) + &bridge));
    assert_eq!(row(&report, "bridge 0x70")["code_bytes"], 32);
}

#[test]
fn aborts_alone() {
    let log = section(0x10, "jit-abort-longest-function", "found new longest: f;a.py:1-2~#3 FOR_ITER 7\n")
        + &section(0x20, "jit-abort", "A GUARD_VALUE was proven to always fail\n");
    let report = healthy(&log);
    let reasons: Vec<_> =
        report["aborts"].as_array().unwrap().iter().map(|abort| abort["reason"].clone()).collect();
    assert_eq!(reasons, ["ABORT_TOO_LONG", "jit-abort"]);
    assert_eq!(report["aborts"][0]["location"]["line"], 2);
}

/// Two sections of tracing, a gigahertz, ten microseconds.
fn clocked(count: u64, seconds: &str) -> String {
    let tracing =
        section(0x1000, "jit-tracing", "JIT starting (x86)\n") + &section(0x2000, "jit-tracing", "");
    tracing
        + &section(
            0x1000 + 10_000,
            "jit-summary",
            &format!("Tracing:      \t{count}\t0.1\nTOTAL:      \t\t{seconds}\n"),
        )
}

#[test]
fn a_clock_only_where_log_and_summary_cover_the_same() {
    assert_eq!(healthy(&clocked(2, "0.00001"))["clock_hz"], 1_000_000_000);
    for (log, why) in [
        (clocked(5, "0.00001"), "the log lacks three attempts"),
        (clocked(2, "3.0"), "no clock is that slow"),
        (clocked(2, "0.0000000001"), "no clock is that fast"),
        (section(0x10, "jit-summary", SUMMARY), "nothing but the summary"),
    ] {
        let report = healthy(&log);
        assert_eq!(report["clock_hz"], Value::Null, "{why}");
        assert!(report["notes"].to_string().contains("--clock-hz"), "{why}");
    }
}

#[test]
fn an_export_of_nothing_is_an_error_that_names_the_section() {
    let dir = Dir::new("nothing");
    dir.write("a.pypylog", &section(0x10, "jit-summary", SUMMARY));
    for (format, needed) in [
        ("perf-map", "jit-backend-addr"),
        ("jitdump", "jit-backend-addr"),
        ("csv", "jit-log-opt-loop"),
        ("folded", "jit-tracing"),
    ] {
        let (code, out, err) = dir.said(&["export", "a.pypylog", "--to", format]);
        assert_eq!((code, out.as_str()), (3, ""), "{format}");
        assert!(err.contains(needed), "{err}");
    }
}

#[test]
fn what_was_never_compiled_took_no_time() {
    let report = report(&section(0x10, "jit-summary", "Tracing:      \t0\t0.0\nBackend:      \t0\t0.0\n"));
    assert_eq!((&report["other"]["tracing"], &report["other"]["gc"]), (&0.into(), &Value::Null));
}
