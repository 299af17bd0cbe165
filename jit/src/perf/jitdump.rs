//! `jit-PID.dump`: perf's own format for generated code, which `perf inject --jit` turns into object files. Besides
//! the name each symbol has its code, its source lines and its frames.

use std::io;
use std::rc::Rc;

use super::eh_frame::{self, eh_frame};
use super::elf::machine;
use super::page::{Page, monotonic, thread};
use super::{Output, Outside, Sort, Symbol, SymbolWriter};

const MAGIC: u32 = 0x4a69_5444;
const VERSION: u32 = 1;
const HEADER: u32 = 40;
/// Sorts of records.
const LOAD: u32 = 0;
const LINES: u32 = 2;
const FRAMES: u32 = 4;

/// Writes the dump, each record in one piece.
pub struct JitDump {
    outside: Rc<dyn Outside>,
    /// The file, and the mapping by which perf finds it.
    open: Option<(Box<dyn Output>, Page)>,
    /// Symbols so far: each has a number, so that code in the place of other code is not taken for it.
    count: u64,
}

impl JitDump {
    /// A dump that is still to be made.
    pub fn new(outside: Rc<dyn Outside>) -> JitDump {
        JitDump { outside, open: None, count: 0 }
    }
}

impl SymbolWriter for JitDump {
    fn init(&mut self) -> io::Result<()> {
        let mut out = self.outside.create(Sort::Dump)?;
        out.write_all(&header())?;
        let page = Page::map(out.as_fd())?;
        (self.open, self.count) = (Some((out, page)), 0);
        Ok(())
    }

    fn write(&mut self, symbol: &Symbol<'_>) -> io::Result<()> {
        let Some((out, _)) = &mut self.open else { return Ok(()) };
        self.count += 1;
        let mut bytes = Vec::new();
        // What describes a symbol comes before it.
        if !symbol.lines.is_empty() {
            record(&mut bytes, LINES, &lines(symbol));
        }
        if eh_frame::AVAILABLE {
            record(&mut bytes, FRAMES, &frames(symbol));
        }
        record(&mut bytes, LOAD, &load(symbol, self.count));
        out.write_all(&bytes)
    }

    fn free(&mut self) {
        self.open = None;
    }

    /// perf makes an object file of each symbol and takes it for mapped: from 0x80 bytes before the code to behind the
    /// tables. Where two overlap it does not find the tables.
    fn gap(&self) -> fn(&[u8]) -> usize {
        |code| 0x100 + eh_frame(code).0.len()
    }

    fn kind(&self) -> &'static str {
        "jitdump"
    }
}

fn header() -> Vec<u8> {
    let mut out = Vec::new();
    words(&mut out, &[MAGIC, VERSION, HEADER, machine(), 0, std::process::id()]);
    long_words(&mut out, &[monotonic(), 0]);
    out
}

fn record(out: &mut Vec<u8>, sort: u32, body: &[u8]) {
    const RECORD_HEADER: usize = 16;
    words(out, &[sort, (RECORD_HEADER + body.len()) as u32]);
    long_words(out, &[monotonic()]);
    out.extend(body);
}

fn load(symbol: &Symbol<'_>, number: u64) -> Vec<u8> {
    let address = symbol.address as u64;
    let mut out = Vec::new();
    words(&mut out, &[std::process::id(), thread()]);
    long_words(&mut out, &[address, address, symbol.code.len() as u64, number]);
    text(&mut out, symbol.name);
    out.extend(symbol.code);
    out
}

fn lines(symbol: &Symbol<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    long_words(&mut out, &[symbol.address as u64, symbol.lines.len() as u64]);
    for line in symbol.lines {
        long_words(&mut out, &[symbol.address as u64 + u64::from(line.offset)]);
        words(&mut out, &[line.line, 0]);
        text(&mut out, line.file);
    }
    out
}

fn frames(symbol: &Symbol<'_>) -> Vec<u8> {
    let (tables, header) = eh_frame(symbol.code);
    let mut out = Vec::new();
    // Nothing is behind the code in memory, but perf looks there, and finds what is in the file.
    long_words(&mut out, &[tables.len() as u64, header as u64, tables.len() as u64]);
    out.extend(tables);
    out.resize(out.len().next_multiple_of(8), 0);
    out
}

fn words(out: &mut Vec<u8>, words: &[u32]) {
    words.iter().for_each(|word| out.extend(word.to_le_bytes()));
}

fn long_words(out: &mut Vec<u8>, words: &[u64]) {
    words.iter().for_each(|word| out.extend(word.to_le_bytes()));
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend(text.bytes().filter(|byte| *byte != 0));
    out.push(0);
}
