//! Other machines made with RPython: what merge points say is any text.

use crate::{healthy, row, section, table};

fn with_points(header: &str, points: &[&str]) -> String {
    let points: String =
        points.iter().map(|point| format!("debug_merge_point({point})\ni2 = int_add(i1, 1)\n")).collect();
    section(
        0x10,
        "jit-log-opt-loop",
        &format!("# Loop 0{header} : loop with 3 ops\n[p0, i1]\n{points}jump(p0, i1, descr=<Loop0>)\n"),
    )
}

#[test]
fn a_header_that_knows_no_place_takes_that_of_the_first_merge_point() {
    let text = "(String class >> #hash:) [9]: <0x15>push(5)";
    for header in ["", " ((jitdriver: get_printable_location disabled, no debug_print))"] {
        let report = healthy(&with_points(header, &[&format!("0, 0, '{text}'"), "1, 1, 'inner'"]));
        assert_eq!(row(&report, "loop0")["label"], text);
        assert_eq!(report["places"][0]["label"], text);
    }
    let known = healthy(&with_points(" (#%app in fib.rkt)", &["0, 0, 'other'"]));
    assert_eq!(row(&known, "loop0")["label"], "#%app in fib.rkt");
}

#[test]
fn merge_points_in_any_order() {
    for point in ["'[+_>]', 0", "'[+_>]'", "0, '[+_>]'", "0, 3, '[+_>]'", "0, \"[+_>]\"", "'[+_>]', 0, 3"] {
        assert_eq!(row(&healthy(&with_points("", &[point])), "loop0")["label"], "[+_>]", "{point}");
    }
    let place = "'<code object run, file 'lib/x.py', line 7> #3 LOAD_FAST', 0";
    assert_eq!(row(&healthy(&with_points("", &[place])), "loop0")["location"]["line"], 7);
}

#[test]
fn structs_and_fields_with_braces_and_blanks() {
    let op = "p4 = getfield_gc_r(p0, descr=FieldDescr(<GcStruct loops.Loop { super, inst_exp, inst_times }>, 'inst_exp'))\n\
              guard_class(p4, <AddressAsInt * struct loops.Let_vtable { super=..., cls_pop=None }>, descr=<Guard0x10>) [p0, i1]\n";
    let log = with_points("", &["0, 0, 'x'"]).replace("jump(", &format!("{op}jump("));
    let report = healthy(&log);
    assert_eq!((&row(&report, "loop0")["ops"], &row(&report, "loop0")["guards"]), (&5.into(), &1.into()));
}

#[test]
fn long_labels_are_cut_in_the_middle() {
    let label = format!("begin {} end", "x".repeat(400));
    let text = table(&with_points("", &[&format!("0, 0, '{label}'")]));
    let line = text.lines().find(|line| line.starts_with("loop0")).unwrap();
    assert!(line.contains("begin ") && line.ends_with(" end") && line.contains('…'), "{line}");
}
