//! Everything that can be made of a log: what must go well however broken the log is.

use logs::{Log, Radix};
use loopscope_profiler as profiler;
use profiler::diff::{DiffOptions, diff};
use profiler::export::{Exporter, Format};
use profiler::fleet::{Facts, Table};
use profiler::perf::Samples;
use profiler::phases::Mark;
use profiler::render::{
    TableOptions, csv, diff_json, diff_table, json, json_together, table, together_table, trace_diff_text,
};
use profiler::together::together;
use profiler::traces::{Finding, Side, Which, compare, plain};
use profiler::{Options, Report};
use std::io::sink;

/// Reads a log, and reports it. The parts are the run.
pub fn report(log: &[u8], script: &[u8]) {
    with(log, script, |_, _, report| {
        table(report, &TableOptions::default(), &mut sink()).unwrap();
    });
}

/// The same, and whatever else can be said of a log.
pub fn outputs(log: &[u8], script: &[u8]) {
    with(log, script, |log, options, report| {
        let wide = TableOptions { all: true, color: true, width: 200, ..TableOptions::default() };
        table(report, &wide, &mut sink()).unwrap();
        json(report, &mut sink()).unwrap();
        csv(report, &mut sink()).unwrap();
        let same = diff(report, report, &DiffOptions::default());
        assert!(same.slower_than(0.0).is_empty());
        diff_json(&same, &mut sink()).unwrap();
        diff_table(&same, &wide, &mut sink()).unwrap();
        let both = together(vec![report.clone(), report.clone()]);
        json_together(&both, &mut sink()).unwrap();
        together_table(&both, &wide, &mut sink()).unwrap();
        exports(log, options);
        fleet(log, report);
        same_traces(log, report);
        let marks: Vec<Mark> = profiler::phases::lines(log)
            .into_iter()
            .map(|(at, line)| Mark { at, name: String::from_utf8_lossy(line).into_owned() })
            .collect();
        let phased = profiler::analyze_with(log, &Options { marks: &marks, ..*options });
        assert_eq!(phased.total_ticks, report.total_ticks);
        let study = profiler::study(log, &Options { samples: options.samples, ..Options::default() });
        assert_eq!(study.report.total_ticks, report.total_ticks);
    });
}

fn exports(log: &Log<'_>, options: &Options<'_>) {
    let exporter = Exporter::new(log, Options { samples: options.samples, ..Options::default() });
    for &format in Format::ALL {
        // A log may lack what a format is about.
        let _ = exporter.write(format, &mut sink());
    }
}

/// A part of a data set, which says what it is made of.
fn fleet(log: &Log<'_>, report: &Report) {
    let mut table = Table::default();
    table.add(&Facts { run: "a".to_owned(), ..Facts::default() }, log, report);
    let part = table.encode().unwrap();
    assert_eq!(profiler::fleet::sources(part).unwrap().len(), 1);
}

/// Each trace is what it is.
fn same_traces(log: &Log<'_>, report: &Report) {
    let side = Side { log, report, words: &plain };
    compare(side, side, &Which::All, &mut |finding| {
        trace_diff_text(&finding, &TableOptions::default(), &mut sink()).unwrap();
        if let Finding::Both(diff) = finding {
            assert!(diff.summary.is_same(), "{} {}: {}", diff.old.name, diff.new.name, diff.summary.words());
        }
    });
}

fn with(log: &[u8], script: &[u8], then: impl FnOnce(&Log<'_>, &Options<'_>, &Report)) {
    let reading = logs::Options { radix: Radix::Sixteen, threads: 1, bodies: true, holder: None };
    let (log, diagnostics) = logs::parse_with(log, reading);
    let samples = (!script.is_empty()).then(|| Samples::parse(script));
    let options = Options { samples: samples.as_ref(), ..Options::default() };
    let report = profiler::analyze_with(&log, &options).with_diagnostics(&diagnostics);
    let loops: u64 = report.loops.iter().map(|row| row.ticks).sum();
    let other: u64 = report.other.total();
    assert_eq!(loops + other, report.total_ticks);
    then(&log, &options, &report);
}
