//! `loopscope diff --traces`, `--trace`: versions of traces, operation by operation.

use super::input::Input;
use crate::args::{Diff, DiffFormat, Reading};
use crate::failure::{Failure, OK};
use crate::terminal;
use anyhow::Context;
use logs::Log;
use profiler::render::{TableOptions, TraceDiffJson, trace_diff_text};
use profiler::traces::{self, Finding, Side, Summary, Which};
use profiler::{Report, analyze_with};
use std::io::{BufWriter, Write};

/// Compares traces of two logs, or two traces of one.
pub fn run(args: &Diff) -> anyhow::Result<i32> {
    let (old, new) = sides(args)?;
    let read = |path: &String| Input::read(path, &Reading::plain(args.radix, None));
    let old = read(old)?;
    let (old_log, old_report) = parsed(&old)?;
    let Some(new) = new else {
        return compare((&old_log, &old_report), (&old_log, &old_report), args);
    };
    let new = read(new)?;
    let (new_log, new_report) = parsed(&new)?;
    if let (Some(why), false) =
        (traces::different_programs(&old_report, &new_report), args.different_programs)
    {
        let message = format!("{why}: nothing to compare; --different-programs does it all the same");
        return Err(Failure::Usage(message).into());
    }
    compare((&old_log, &old_report), (&new_log, &new_report), args)
}

/// The old log and the new one, if there are two.
fn sides(args: &Diff) -> Result<(&String, Option<&String>), Failure> {
    match (&args.logs[..], &args.against[..]) {
        ([old, new], []) | ([old], [new]) => Ok((old, Some(new))),
        ([log], []) if args.trace.as_ref().is_some_and(|text| text.contains('=')) => Ok((log, None)),
        ([_], []) => {
            let message = "traces of two logs are compared, or two of one: --trace loop3=loop7";
            Err(Failure::Usage(message.to_owned()))
        }
        _ => Err(Failure::Usage("traces of two logs are compared: OLD NEW".to_owned())),
    }
}

fn parsed(input: &Input) -> Result<(Log<'_>, Report), Failure> {
    let (log, diagnostics) = input.log()?;
    let report = analyze_with(&log, &input.options()).with_diagnostics(&diagnostics);
    if log.traces.is_empty() {
        let message = format!(
            "'{}' shows no traces: they are in sections jit-log-opt-loop and jit-log-opt-bridge (PYPYLOG=jit-log-opt:FILE)",
            input.path()
        );
        return Err(Failure::Unreadable(message));
    }
    Ok((log, report))
}

fn compare(old: (&Log<'_>, &Report), new: (&Log<'_>, &Report), args: &Diff) -> anyhow::Result<i32> {
    let side = |(log, report)| Side { log, report, words: &traces::plain };
    let (old, new) = (side(old), side(new));
    let which = which(args.trace.as_deref(), &old, &new)?;
    let stdout = std::io::stdout();
    let options = TableOptions {
        color: terminal::color(&stdout),
        width: terminal::width(),
        all: args.all,
        ..TableOptions::default()
    };
    let mut out = BufWriter::new(stdout.lock());
    let places = match args.format {
        DiffFormat::Table => table(old, new, &which, &options, &mut out),
        DiffFormat::Json => json(old, new, &which, args.all, &mut out),
    };
    let places =
        places.and_then(|places| out.flush().map(|()| places)).context("can't write the comparison")?;
    if places == 0 {
        let text = args.trace.as_deref().unwrap_or_default();
        return Err(
            Failure::Usage(format!("no trace is called '{text}', or is at a place that holds that")).into()
        );
    }
    Ok(OK)
}

/// What was asked for: a name may hold a `=`, so that is tried first.
fn which(text: Option<&str>, old: &Side<'_, '_>, new: &Side<'_, '_>) -> Result<Which, Failure> {
    let Some(text) = text else { return Ok(Which::All) };
    if old.has(text) || new.has(text) {
        return Ok(Which::At(text.to_owned()));
    }
    let Some((before, after)) = text.split_once('=') else { return Ok(Which::At(text.to_owned())) };
    for (side, name, whose) in [(old, before, "old"), (new, after, "new")] {
        if !side.has(name) {
            return Err(Failure::Usage(format!(
                "the {whose} log has no trace that is called or at '{name}'"
            )));
        }
    }
    Ok(Which::These(before.to_owned(), after.to_owned()))
}

/// What all traces together have.
#[derive(Default)]
struct Totals {
    summary: Summary,
    traces: usize,
    different: usize,
    lone: [usize; 2],
}

impl Totals {
    fn add(&mut self, finding: &Finding) {
        match finding {
            Finding::Both(diff) => {
                self.traces += 1;
                self.different += usize::from(!diff.summary.is_same());
                self.summary.add(&diff.summary);
            }
            Finding::Only { is_new, .. } => self.lone[usize::from(*is_new)] += 1,
        }
    }

    fn words(&self) -> String {
        let lone = |count: usize, side: &str| match count {
            0 => String::new(),
            count => format!("; {count} only {side}"),
        };
        let [gone, new] = self.lone;
        format!(
            "{} of {} traces differ: {}{}{}",
            self.different,
            self.traces,
            self.summary.words(),
            lone(gone, "in the old log"),
            lone(new, "in the new one")
        )
    }
}

fn table(
    old: Side<'_, '_>,
    new: Side<'_, '_>,
    which: &Which,
    options: &TableOptions,
    out: &mut dyn Write,
) -> std::io::Result<usize> {
    let (mut totals, mut written) = (Totals::default(), Ok(()));
    let places = traces::compare(old, new, which, &mut |finding| {
        totals.add(&finding);
        let is_same = matches!(&finding, Finding::Both(diff) if diff.summary.is_same());
        if written.is_ok() && (options.all || !is_same || *which != Which::All) {
            written = trace_diff_text(&finding, options, out);
        }
    });
    written?;
    if places > 0 {
        writeln!(out, "{}", totals.words())?;
    }
    Ok(places)
}

fn json(
    old: Side<'_, '_>,
    new: Side<'_, '_>,
    which: &Which,
    all: bool,
    out: &mut dyn Write,
) -> std::io::Result<usize> {
    let mut json = TraceDiffJson::new(out, all);
    let mut written = Ok(());
    let places = traces::compare(old, new, which, &mut |finding| {
        if written.is_ok() {
            written = json.add(&finding);
        }
    });
    written?;
    if places > 0 {
        json.finish()?;
    }
    Ok(places)
}
