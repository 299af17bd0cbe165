//! What PyPy has written since 2010.

use crate::dir::Dir;
use crate::{healthy, new_loop, old_bridge, old_loop, report, row, section};

fn two_loops_and_a_bridge(guard: &str, counts: &str) -> String {
    let counts = section(0x80, "jit-backend-counts", counts);
    old_loop(0x10, 0, guard) + &old_bridge(0x20, guard) + &old_loop(0x30, 1, "99") + &counts
}

#[test]
fn counters_by_index_follow_the_order_of_compilation() {
    let report = healthy(&two_loops_and_a_bridge("5", "0:700\n1:60\n2:41\n"));
    assert_eq!(
        (&row(&report, "loop0")["passes"], &row(&report, "loop1")["passes"]),
        (&700.into(), &41.into())
    );
    assert_eq!(row(&report, "bridge 5")["entered"], 60);
    assert_eq!(row(&report, "loop0")["entered"], serde_json::Value::Null);
}

#[test]
fn counters_by_index_of_traces_behind_missing_ones_count_nothing() {
    let counts = section(0x80, "jit-backend-counts", "0:700\n1:60\n2:41\n");
    let report = report(&(old_loop(0x10, 0, "5") + &old_loop(0x30, 1, "6") + &counts));
    assert_eq!(
        (&row(&report, "loop0")["passes"], &row(&report, "loop1")["passes"]),
        (&700.into(), &serde_json::Value::Null)
    );
    assert!(report["diagnostics"][0]["message"].as_str().unwrap().contains("lacks 1 of the 3"), "{report:#}");
}

#[test]
fn loops_and_bridges_by_number() {
    let report = healthy(&two_loops_and_a_bridge("17", "loop 0:700\nbridge 17:60\nloop 1:41\n"));
    assert_eq!(
        (&row(&report, "loop0")["passes"], &row(&report, "loop1")["passes"]),
        (&700.into(), &41.into())
    );
    assert_eq!(row(&report, "bridge 17")["entered"], 60);
}

#[test]
fn signed_words_of_32_bits() {
    let counts = section(
        0x80,
        "jit-backend-counts",
        "entry 1:3\nTargetToken(-1220000000):500\nbridge -1252080960:7\n",
    );
    let guard = "guard_true(i2, descr=<Guard0xb55ec2c0>) [p0]\n";
    let first = new_loop(0x10, 1, -1_220_000_000).replace("+9: jump", &format!("{guard}+9: jump"));
    let report = healthy(&(first + &old_bridge(0x20, "0xb55ec2c0") + &counts));
    assert_eq!(
        (&row(&report, "loop1")["entered"], &row(&report, "loop1")["passes"]),
        (&3.into(), &500.into())
    );
    assert_eq!(row(&report, "bridge 0xb55ec2c0")["entered"], 7);
}

#[test]
fn addresses_without_a_prefix() {
    let place = "Loop 0 (<code object f0, file 'old.py', line 10> #9 LOAD_FAST) has address 7f1008 to 7f1010 (bootstrap 7f1000)\n";
    let bridge = "bridge out of Guard 18 has address 7f2000 to 7f2008\n";
    let dump =
        "BACKEND x86_64\nSYS_EXECUTABLE pypy\nCODE_DUMP @7f1000 +0  909090909090909090909090909090C3\n";
    let log = section(0, "jit-backend-dump", dump)
        + &section(8, "jit-backend-addr", place)
        + &old_loop(0x10, 0, "18")
        + &section(0x20, "jit-backend-addr", bridge)
        + &old_bridge(0x30, "18");
    let report = healthy(&log);
    assert_eq!(
        (&row(&report, "loop0")["code_bytes"], &row(&report, "bridge 18")["code_bytes"]),
        (&16.into(), &8.into())
    );
    assert_eq!(row(&report, "bridge 18")["parent"], "loop0");
    let dir = Dir::new("prefix");
    dir.write("a.pypylog", &log);
    let (code, map, _) = dir.said(&["export", "a.pypylog", "--to", "perf-map"]);
    assert_eq!((code, map), (0, "7f1000 10 loop0 f0 (old.py:10)\n7f2000 8 bridge 18\n".to_owned()));
}

#[test]
fn numbers_of_one_guard_in_different_bases() {
    let first = new_loop(0x10, 1, 4096)
        .replace("+9: jump", "guard_true(i2, descr=<Guard139637976727552>) [p0]\n+9: jump");
    let place = "bridge out of Guard 7f0000001000 has address 0x7f2000 to 0x7f2008\n"
        .replace("7f0000001000", "7eff9fa1b400");
    let guard = format!("0x{:x}", 139_637_976_727_552_u64);
    let log = first
        + &section(0x20, "jit-backend-addr", &place.replace("7eff9fa1b400", &guard[2..]))
        + &old_bridge(0x30, &guard);
    let report = healthy(&log);
    let bridge = row(&report, &format!("bridge {guard}"));
    assert_eq!((&bridge["parent"], &bridge["code_bytes"]), (&"loop1".into(), &8.into()));
}

#[test]
fn the_end_of_the_loop_as_a_comment() {
    let log = old_loop(0x10, 0, "5").replace("[18] jit", "# --end of the loop--\n[18] jit");
    assert_eq!(row(&healthy(&log), "loop0")["ops"], 4);
}
