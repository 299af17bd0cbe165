//! `loopscope export --to parquet DIR LOG…`: many runs as one data set.

use super::dataset::DataSet;
use super::input::Input;
use crate::args::{Export, Reading};
use crate::failure::{Failure, OK, UNREADABLE};
use fancy_regex::Regex;
use logs::Log;
use profiler::fleet::{Facts, Source, Table, time};
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What is written at once, and is lost if that is interrupted: no more logs, rows, and bytes of logs than that.
const LOGS: usize = 2_000;
const ROWS: usize = 65_536;
const BYTES: u64 = 1 << 30;

/// Adds logs to a data set.
pub fn run(args: &Export, dir: &Path, inputs: &[String]) -> anyhow::Result<i32> {
    if args.reading.perf_script.is_some() || args.reading.pid.is_some() || args.reading.run.is_some() {
        let message = "--perf-script, --pid and --run are about one log, and a data set is of many";
        return Err(Failure::Usage(message.to_owned()).into());
    }
    let mut bad = Vec::new();
    let logs = logs_of(inputs, dir, &mut bad);
    let mut export = Fleet {
        set: DataSet::open(dir)?,
        reading: &args.reading,
        names: args.from_path.as_ref(),
        batch: Batch::default(),
        added: 0,
        known: 0,
    };
    for path in logs {
        match export.take(&path) {
            Ok(()) => {}
            Err(failure @ (Failure::Unwritable(_) | Failure::Usage(_))) => return Err(failure.into()),
            Err(failure @ Failure::Unreadable(_)) => {
                eprintln!("loopscope: {failure}");
                bad.push(path);
            }
        }
    }
    export.flush()?;
    eprintln!("{}", said(&export, bad.len()));
    Ok(if bad.is_empty() { OK } else { UNREADABLE })
}

fn said(export: &Fleet<'_>, bad: usize) -> String {
    let count = |count: usize, what: &str| match count {
        0 => String::new(),
        count => format!("; {count} {what}"),
    };
    format!(
        "{} log{} added{}{}",
        export.added,
        if export.added == 1 { "" } else { "s" },
        count(export.known, "were there already"),
        count(bad, "could not be read, and are not in it")
    )
}

/// Files, and what is in directories, in the order of their names, each once. What cannot be opened is named, and goes to
/// `bad`.
fn logs_of(inputs: &[String], dir: &Path, bad: &mut Vec<PathBuf>) -> Vec<PathBuf> {
    let mut logs = Vec::new();
    for input in inputs {
        let path = Path::new(input);
        if path.is_dir() { collect(path, dir, &mut logs, bad) } else { logs.push(path.to_owned()) }
    }
    let mut seen = HashSet::new();
    logs.retain(|path| seen.insert(path.clone()));
    logs
}

/// The files in a directory, and in those below it; links to directories may lead in circles.
fn collect(path: &Path, dir: &Path, logs: &mut Vec<PathBuf>, bad: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(path).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let mut entries = entries.unwrap_or_else(|error| {
        eprintln!("loopscope: can't open directory '{}': {error}", path.display());
        bad.push(path.to_owned());
        Vec::new()
    });
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        match entry.file_name().to_string_lossy().starts_with('.') {
            true => {}
            // The data set may lie among its logs.
            false if is_dir && !is_same(&path, dir) => collect(&path, dir, logs, bad),
            false if path.is_file() => logs.push(path),
            false => {}
        }
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(one).is_some_and(|one| Some(one) == real(other))
}

/// An export that goes on.
struct Fleet<'e> {
    set: DataSet,
    reading: &'e Reading,
    names: Option<&'e Regex>,
    batch: Batch,
    added: usize,
    known: usize,
}

/// What is not written yet.
#[derive(Default)]
struct Batch {
    sources: Vec<Source>,
    days: BTreeMap<String, Table>,
}

impl Batch {
    fn is_full(&self) -> bool {
        let rows: usize = self.days.values().map(Table::rows).sum();
        let bytes: u64 = self.sources.iter().map(|source| source.bytes).sum();
        self.sources.len() >= LOGS || rows >= ROWS || bytes >= BYTES
    }
}

impl Fleet<'_> {
    /// Reads a log, unless it is there.
    fn take(&mut self, path: &Path) -> Result<(), Failure> {
        let source = source_of(path)?;
        if self.set.has(&source) || self.batch.sources.contains(&source) {
            self.known += 1;
            return Ok(());
        }
        let shown = path.to_string_lossy().into_owned();
        let input = Input::read(&shown, self.reading)?;
        let facts = self.facts(&shown, source.clone())?;
        let days = &mut self.batch.days;
        input.each_run(&mut |number, log, report| {
            let facts = of_run(&facts, number, log);
            days.entry(time::day(facts.time)).or_default().add(&facts, log, report);
        })?;
        self.batch.sources.push(source);
        self.added += 1;
        if self.batch.is_full() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let batch = std::mem::take(&mut self.batch);
        self.set.add(&batch.sources, &batch.days)
    }

    /// What the path says of a run.
    fn facts(&self, path: &str, log: Source) -> Result<Facts, Failure> {
        let mut facts = Facts { run: path.to_owned(), log, ..Facts::default() };
        let Some(regex) = self.names else { return Ok(facts) };
        let Ok(Some(found)) = regex.captures(path) else {
            let message = format!("'{path}' is not as --from-path says that names are");
            return Err(Failure::Unreadable(message));
        };
        let named = |name: &str| found.name(name).map(|part| part.as_str().to_owned());
        if let Some(text) = named("time") {
            let message =
                || format!("'{path}': '{text}' is no time, as in 2026-11-27, 2026-11-27T22:13 or 1795817580");
            facts.time = time::parse(&text).ok_or_else(|| Failure::Unreadable(message()))?;
        }
        facts.run = named("run").unwrap_or(facts.run);
        (facts.host, facts.program, facts.version) = (named("host"), named("program"), named("version"));
        Ok(facts)
    }
}

/// What the log itself says comes behind what its path says.
fn of_run(facts: &Facts, number: Option<usize>, log: &Log<'_>) -> Facts {
    let mut facts = facts.clone();
    if let Some(number) = number {
        facts.run = format!("{} #{number}", facts.run);
    }
    let host = log.meta.host.map(|host| String::from_utf8_lossy(host).into_owned());
    facts.host = facts.host.or(host);
    if facts.time == 0 {
        facts.time = log.meta.time.map_or(facts.log.modified, |time| time.saturating_mul(1000));
    }
    facts
}

fn source_of(path: &Path) -> Result<Source, Failure> {
    let failed =
        |error: std::io::Error| Failure::Unreadable(format!("can't open file '{}': {error}", path.display()));
    let about = fs::metadata(path).map_err(failed)?;
    let modified = about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let absolute = fs::canonicalize(path).map_err(failed)?;
    Ok(Source {
        path: absolute.to_string_lossy().into_owned(),
        bytes: about.len(),
        modified: modified.map_or(0, |time| time.as_millis() as u64),
    })
}
