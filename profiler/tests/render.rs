//! What a report looks like.

use logs::Radix;
use loopscope_profiler as profiler;
use profiler::Report;
use profiler::render::TableOptions;
use profiler::report::Sort;

const RUN: &str = include_str!("data/run.pypylog");
const NOTE: &str = include_str!("data/note.pypylog");

fn report(text: &str) -> Report {
    let (log, diagnostics) = logs::parse(text.as_bytes(), Radix::Sixteen);
    profiler::analyze(&log).with_diagnostics(&diagnostics)
}

fn table(text: &str, options: TableOptions) -> String {
    let mut out = Vec::new();
    profiler::render::table(&report(text), &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(text: &str) -> serde_json::Value {
    let mut out = Vec::new();
    profiler::render::json(&report(text), &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

#[test]
fn a_table() {
    assert_eq!(table(RUN, TableOptions::default()), include_str!("data/run.txt"));
}

#[test]
fn a_narrow_table_in_colour() {
    let options = TableOptions { color: true, width: 80, top: Some(1), ..TableOptions::default() };
    let text = table(RUN, options);
    assert!(text.contains("\x1b[31m") && text.contains("… and 2 more, 7.92 % of the run"), "{text}");
    let plain: Vec<String> = text.lines().map(strip).collect();
    assert!(plain.iter().all(|line| line.chars().count() <= 80), "{text}");
    let row = plain.iter().find(|line| line.contains("loop0")).unwrap();
    assert!(row.ends_with("sieve.py:7 sieve FOR_ITER"), "{row}");
}

#[test]
fn what_took_no_time_is_folded_away_unless_asked_for() {
    let text = table(RUN, TableOptions::default());
    assert!(
        text.contains("… and 1 more, in which no time was seen") && !text.contains("bridge 0x2000"),
        "{text}"
    );
    let all = table(RUN, TableOptions { all: true, ..TableOptions::default() });
    let lines: Vec<&str> = all.lines().collect();
    let at = lines.iter().position(|line| line.contains("└ loop0  ")).unwrap();
    assert!(
        lines[at + 1].contains("└ bridge 0x2000") && lines[at + 1].trim_start().starts_with('–'),
        "{all}"
    );
}

#[test]
fn ticks_for_those_who_want_them() {
    let text = table(RUN, TableOptions { ticks: true, ..TableOptions::default() });
    assert!(text.starts_with("sieve.py: 61,440 ticks\n") && text.contains("  47,360 ticks  "), "{text}");
    assert!(!text.contains(" ms"), "{text}");
}

#[test]
fn a_log_gives_a_terminal_no_orders() {
    let log = "[1] {jit-profile-enter\nloop0 # a\u{1b}[2J\u{7}.py:1 f X\n[1] jit-profile-enter}\n\
               [9] {jit-profile-exit\nloop0\n[9] jit-profile-exit}\n";
    let text = table(log, TableOptions::default());
    assert!(!text.contains(['\u{1b}', '\u{7}']) && text.contains("\\u{1b}[2J"), "{text}");
}

fn strip(line: &str) -> String {
    line.replace("\x1b[0m", "")
        .split("\x1b[")
        .map(|part| part.split_once('m').map_or(part, |(_, text)| text))
        .collect()
}

#[test]
fn the_schema() {
    let value = json(RUN);
    assert_eq!(value["schema"], "loopscope-report/2");
    let first = &value["loops"][0];
    assert_eq!((first["name"].as_str(), first["kind"].as_str()), (Some("loop0"), Some("loop")));
    assert_eq!(first["location"]["function"], "sieve");
    assert_eq!(first["location"]["line"], 7);
    assert_eq!(first["location"]["opcode"], "FOR_ITER");
    let sum =
        |values: Vec<&serde_json::Value>| values.iter().map(|value| value.as_u64().unwrap_or(0)).sum::<u64>();
    let loops = sum(value["loops"].as_array().unwrap().iter().map(|row| &row["ticks"]).collect());
    let other = sum(value["other"].as_object().unwrap().values().collect());
    assert_eq!(loops + other, value["total_ticks"].as_u64().unwrap());
    let parts: Vec<_> = value["other"].as_object().unwrap().keys().collect();
    assert_eq!(parts, ["backend", "gc", "interpreter", "optimize", "recording", "tracing", "waiting"]);
    assert!(value["diagnostics"].as_array().unwrap().is_empty());
}

#[test]
fn the_note_in_json() {
    let value = json(NOTE);
    let ticks: Vec<_> = value["loops"].as_array().unwrap().iter().map(|row| row["ticks"].as_u64()).collect();
    assert_eq!((ticks, value["total_ticks"].as_u64()), (vec![Some(768), Some(256)], Some(1024)));
    assert!(value["loops"][0]["location"].is_null());
}

#[test]
fn csv_adds_up() {
    let mut out = Vec::new();
    profiler::render::csv(&report(RUN), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let ticks = |line: &str| line.split(',').nth(2).unwrap().parse::<u64>().unwrap_or(0);
    assert_eq!(text.lines().skip(1).map(ticks).sum::<u64>(), report(RUN).total_ticks);
    assert!(text.starts_with("name,kind,ticks,") && text.contains("\nloop0,loop,47360,48384,1,"));
}

#[test]
fn orders() {
    let mut report = report(RUN);
    let names = |report: &Report| report.loops.iter().map(|row| row.name.clone()).collect::<Vec<_>>();
    report.sort(Sort::Name);
    assert_eq!(names(&report), ["bridge 0x2000", "loop0", "loop2", "loop10"]);
    report.sort(Sort::Visits);
    assert_eq!(names(&report)[0], "loop2");
    report.sort(Sort::Ticks);
    assert_eq!(names(&report)[0], "loop0");
}
