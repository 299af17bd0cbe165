//! An object file of one symbol, in memory, for a debugger: where its code is, what it is called, how to unwind.

use super::Symbol;
use super::eh_frame::{self, debug_frame};

const FILE_HEADER: usize = 64;
const SECTION_HEADER: usize = 64;
const SYMBOL: usize = 24;

/// Names of sections, each with its end.
const NAMES: &str = "\0.text\0.debug_frame\0.symtab\0.strtab\0";

/// A section: name, type, flags, address, contents (or only their length), link, info, entry size.
struct Section {
    name: &'static str,
    sort: u32,
    flags: u64,
    address: u64,
    bytes: Vec<u8>,
    /// The length of what lies in the process's memory instead of here.
    elsewhere: u64,
    link: u32,
    info: u32,
    entry: u64,
}

impl Section {
    fn new(name: &'static str, sort: u32, bytes: Vec<u8>) -> Section {
        Section { name, sort, flags: 0, address: 0, bytes, elsewhere: 0, link: 0, info: 0, entry: 0 }
    }
}

/// The file.
pub fn object(symbol: &Symbol<'_>) -> Vec<u8> {
    let sections = sections(symbol);
    let mut out = vec![0; FILE_HEADER];
    let mut headers = vec![0; SECTION_HEADER];
    for section in &sections {
        out.resize(out.len().next_multiple_of(8), 0);
        push_header(&mut headers, section, out.len() as u64);
        out.extend(&section.bytes);
    }
    out.resize(out.len().next_multiple_of(8), 0);
    let header = file_header(out.len() as u64, sections.len() as u16 + 1);
    out[..FILE_HEADER].copy_from_slice(&header);
    out.extend(headers);
    out
}

fn sections(symbol: &Symbol<'_>) -> Vec<Section> {
    const PROGBITS: u32 = 1;
    const SYMTAB: u32 = 2;
    const STRTAB: u32 = 3;
    const NOBITS: u32 = 8;
    const ALLOC_EXEC: u64 = 2 | 4;
    let (address, len) = (symbol.address as u64, symbol.code.len() as u64);
    let mut text = Section::new(".text", NOBITS, Vec::new());
    (text.flags, text.address, text.elsewhere) = (ALLOC_EXEC, address, len);
    let rows = if eh_frame::AVAILABLE { debug_frame(address, symbol.code) } else { Vec::new() };
    let frames = Section::new(".debug_frame", PROGBITS, rows);
    let mut table = Section::new(".symtab", SYMTAB, symbols(address, len));
    (table.link, table.info, table.entry) = (4, 1, SYMBOL as u64);
    let mut strings = NAMES.as_bytes().to_vec();
    strings.extend(symbol.name.as_bytes());
    strings.push(0);
    vec![text, frames, table, Section::new(".strtab", STRTAB, strings)]
}

/// Nothing, and the symbol: a global function in section 1, its name behind the sections' names.
fn symbols(address: u64, len: u64) -> Vec<u8> {
    const GLOBAL_FUNCTION: u8 = 1 << 4 | 2;
    let mut out = vec![0; SYMBOL];
    out.extend((NAMES.len() as u32).to_le_bytes());
    out.extend([GLOBAL_FUNCTION, 0, 1, 0]);
    out.extend(address.to_le_bytes());
    out.extend(len.to_le_bytes());
    out
}

fn push_header(out: &mut Vec<u8>, section: &Section, at: u64) {
    const ALIGN: u64 = 8;
    let name = NAMES.find(section.name).unwrap_or(0) as u32;
    let size = section.bytes.len() as u64 + section.elsewhere;
    out.extend(name.to_le_bytes());
    out.extend(section.sort.to_le_bytes());
    for word in [section.flags, section.address, at, size] {
        out.extend(word.to_le_bytes());
    }
    out.extend(section.link.to_le_bytes());
    out.extend(section.info.to_le_bytes());
    out.extend(ALIGN.to_le_bytes());
    out.extend(section.entry.to_le_bytes());
}

fn file_header(sections_at: u64, sections: u16) -> Vec<u8> {
    const EXECUTABLE: u16 = 2;
    let mut out = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    out.extend(EXECUTABLE.to_le_bytes());
    out.extend((machine() as u16).to_le_bytes());
    out.extend(1u32.to_le_bytes());
    // No entry, no program headers.
    out.extend([0; 16]);
    out.extend(sections_at.to_le_bytes());
    out.extend(0u32.to_le_bytes());
    for number in [FILE_HEADER as u16, 0, 0, SECTION_HEADER as u16, sections, sections - 1] {
        out.extend(number.to_le_bytes());
    }
    out
}

/// This machine's number.
pub fn machine() -> u32 {
    if cfg!(target_arch = "aarch64") { 183 } else { 62 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_lie_where_they_are_said_to() {
        let symbol = Symbol { address: 0x1000, code: &[0xc3], name: "jit::loop0", lines: &[] };
        let file = object(&symbol);
        let at = u64::from_le_bytes(file[40..48].try_into().unwrap()) as usize;
        assert_eq!(file.len(), at + 5 * SECTION_HEADER);
        assert_eq!(file[at + SECTION_HEADER + 4], 8, "the code lies elsewhere");
        assert!(file.windows(11).any(|window| window == b"jit::loop0\0"));
    }
}
