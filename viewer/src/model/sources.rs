//! Source texts: as the log holds them, else as the disk does. Read once.

use super::{Lack, Shown, printable};
use crate::library::Library;
use logs::Log;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Lines of a file that are kept; what is longer is no program's source.
const LINES: usize = 200_000;

/// A source file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Its name, and where it is from if that is not the log.
    pub title: String,
    pub file: String,
    pub lines: Vec<String>,
    /// How often each line ran, if somebody has counted.
    pub counts: Option<BTreeMap<u32, u64>>,
}

/// The files that were asked for.
#[derive(Default)]
pub(super) struct Sources(HashMap<Vec<u8>, Shown<Arc<Source>>>);

impl Sources {
    pub fn get(&mut self, log: &Log<'_>, library: &dyn Library, file: &[u8]) -> Shown<Arc<Source>> {
        if let Some(known) = self.0.get(file) {
            return known.clone();
        }
        let counts = library.line_counts(&String::from_utf8_lossy(file));
        let read = read(log, library, file).map(|source| Arc::new(Source { counts, ..source }));
        self.0.insert(file.to_owned(), read.clone());
        read
    }
}

fn read(log: &Log<'_>, library: &dyn Library, file: &[u8]) -> Shown<Source> {
    let name = printable(file);
    if let Some(source) = log.sources.iter().find(|source| source.file == file) {
        return Ok(Source {
            title: name.clone(),
            file: name,
            lines: lines(log.source_lines(source)),
            counts: None,
        });
    }
    let Some(bytes) = library.source(&String::from_utf8_lossy(file)) else { return Err(Lack::Source(name)) };
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let title = format!("{name} (as it is now)");
    Ok(Source { title, file: name, lines: lines(bytes.split(|&byte| byte == b'\n')), counts: None })
}

fn lines<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    lines.take(LINES).map(|line| printable(line.strip_suffix(b"\r").unwrap_or(line))).collect()
}
