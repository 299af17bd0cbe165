//! Many runs as one table, for engines that know SQL.
//!
//! ```text
//! Log, Report, Facts ─► rows (what there is of a run) ─► Table (columns) ─► a part of a data set, in Parquet
//! ```
//!
//! A row says of what run it is, of what kind it is, and what its kind has; what nobody observed is null. All kinds are
//! in one table, so that a part is one file, which is there or is not. `FLEET.md` explains the columns.
//!
//! Invariant: of each run, the `ticks` of rows whose `part_of` is null add up to `run_ticks`.

mod columns;
mod rows;
pub mod time;

use crate::export::{Cells, Column, decode, encode};
use crate::render::fields::Field;
use crate::report::Report;
use columns::Columns;
use logs::Log;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::io;
use std::sync::Arc;

/// What is known of a run beside what its report says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What it is called; no two runs of a data set are called the same.
    pub run: String,
    pub log: Source,
    pub host: Option<String>,
    /// What ran, if the log does not say.
    pub program: Option<String>,
    /// The program's version.
    pub version: Option<String>,
    /// When it ran, in milliseconds since 1970.
    pub time: u64,
}

/// A log in a data set, as it was when it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Source {
    pub path: String,
    pub bytes: u64,
    /// In milliseconds since 1970.
    pub modified: u64,
}

/// Rows of any number of runs.
pub struct Table {
    columns: Columns,
    rows: usize,
    /// Names come again and again.
    texts: HashSet<Arc<str>>,
}

impl Default for Table {
    fn default() -> Self {
        Table { columns: Columns::new(), rows: 0, texts: HashSet::default() }
    }
}

impl Table {
    /// Adds a run.
    pub fn add(&mut self, facts: &Facts, log: &Log<'_>, report: &Report) {
        for row in rows::rows(log, report) {
            self.columns.push(facts, log.meta.version, report, &row, &mut self.texts);
            self.rows += 1;
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// A part of a data set.
    pub fn encode(&self) -> io::Result<Vec<u8>> {
        encode(self.columns.all())
    }
}

/// The logs of which a part of a data set holds rows.
pub fn sources(part: Vec<u8>) -> io::Result<Vec<Source>> {
    let wanted = ["kind", "log", "log_bytes", "log_modified"];
    let columns = decode(part, &|name| wanted.contains(&name))?;
    let mut cells: HashMap<&str, &Cells> = HashMap::default();
    cells.extend(columns.iter().map(|column| (column.name.as_str(), &column.cells)));
    let found = wanted.map(|name| cells.get(name).copied());
    let [
        Some(Cells::Text(kinds)),
        Some(Cells::Text(paths)),
        Some(Cells::Number(bytes)),
        Some(Cells::Time(modified)),
    ] = found
    else {
        return Err(io::Error::other("it is no part of a data set: it lacks columns"));
    };
    let mut sources: Vec<Source> = Vec::new();
    for (index, kind) in kinds.iter().enumerate() {
        if kind.as_deref() != Some(rows::RUN) {
            continue;
        }
        let path = paths[index].as_deref().unwrap_or_default().to_owned();
        let (bytes, modified) = (bytes[index].unwrap_or(0), modified[index].unwrap_or(0));
        sources.push(Source { path, bytes, modified });
    }
    // A log may hold several runs.
    sources.dedup();
    Ok(sources)
}

/// A part of a data set without the rows of some logs, by path; nothing if none are left.
pub fn without(part: Vec<u8>, logs: &HashSet<String>) -> io::Result<Option<Vec<u8>>> {
    let mut columns = decode(part, &|_| true)?;
    let paths = columns.iter().find(|column| column.name == "log").map(|column| &column.cells);
    let Some(Cells::Text(paths)) = paths else {
        return Err(io::Error::other("it is no part of a data set: it has no column 'log'"));
    };
    let stays: Vec<bool> =
        paths.iter().map(|path| path.as_deref().is_none_or(|path| !logs.contains(path))).collect();
    if !stays.contains(&true) {
        return Ok(None);
    }
    columns.iter_mut().for_each(|column| column.cells.retain(&stays));
    encode(&columns).map(Some)
}

/// Makes equal texts one.
fn shared(texts: &mut HashSet<Arc<str>>, text: &str) -> Arc<str> {
    if let Some(known) = texts.get(text) {
        return known.clone();
    }
    let text: Arc<str> = text.into();
    texts.insert(text.clone());
    text
}

/// A value on its way into a column; empty texts are none.
fn push(cells: &mut Cells, field: Field, texts: &mut HashSet<Arc<str>>) {
    match (cells, field) {
        (Cells::Text(cells), Field::Text(text)) => {
            cells.push((!text.is_empty()).then(|| shared(texts, &text)));
        }
        (cells, field) => cells.push(field),
    }
}

/// An empty column.
fn column(name: &str, cells: Cells) -> Column {
    Column { name: name.to_owned(), cells }
}
