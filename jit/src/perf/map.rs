//! `perf-PID.map`: a line for each symbol, `ADDRESS SIZE NAME`, the numbers in hexadecimal.

use std::io;
use std::rc::Rc;

use super::{Output, Outside, Sort, Symbol, SymbolWriter};

/// Writes the map, one line at a time as CPython does: whoever reads it while the program runs finds whole lines.
pub struct PerfMap {
    outside: Rc<dyn Outside>,
    out: Option<Box<dyn Output>>,
}

impl PerfMap {
    /// A map that is still to be made.
    pub fn new(outside: Rc<dyn Outside>) -> PerfMap {
        PerfMap { outside, out: None }
    }
}

impl SymbolWriter for PerfMap {
    fn init(&mut self) -> io::Result<()> {
        self.out = Some(self.outside.create(Sort::Map)?);
        Ok(())
    }

    fn write(&mut self, symbol: &Symbol<'_>) -> io::Result<()> {
        match &mut self.out {
            Some(out) => out.write_all(line(symbol.address, symbol.code.len(), symbol.name).as_bytes()),
            None => Ok(()),
        }
    }

    fn free(&mut self) {
        self.out = None;
    }

    fn kind(&self) -> &'static str {
        "map"
    }
}

/// A name is the rest of its line.
fn line(address: usize, size: usize, name: &str) -> String {
    format!("{address:x} {size:x} {}\n", name.replace(['\n', '\r'], " "))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_line_is_as_cpython_writes_it() {
        assert_eq!(super::line(0x1234, 5678, "entry1"), "1234 162e entry1\n");
        assert_eq!(super::line(1, 2, "a\nb"), "1 2 a b\n");
    }
}
