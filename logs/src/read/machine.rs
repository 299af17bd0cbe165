//! `jit-backend-addr`, `jit-backend-dump`: where machine code lies, and what it is.

use super::Reader;
use crate::frame::SectionId;
use crate::log::{Code, Dump};
use crate::parse::address::{Range, dump, part, range};

impl<'a> Reader<'a> {
    pub(super) fn code(&mut self, section: SectionId) {
        let mut code: Option<Code<'a>> = None;
        for line in self.lines(section) {
            if let Some(range) = range(line.text) {
                self.add_code(code.replace(new_code(section, range)));
            } else if let (Some((label, address)), Some(code)) = (part(line.text), &mut code) {
                set_part(code, label, address);
            } else {
                self.odd(section, line, "an address");
            }
        }
        self.add_code(code);
    }

    fn add_code(&mut self, code: Option<Code<'a>>) {
        if let Some(code) = code {
            self.join.code(code.id, self.log.codes.len());
            self.log.codes.push(code);
        }
    }

    pub(super) fn dumps(&mut self, section: SectionId) {
        for line in self.log.frame.lines(section) {
            if let Some(found) = dump(line.text) {
                let address = found.address.wrapping_add(found.offset);
                self.log.dumps.push(Dump { at: line.offset, address, digits: found.digits });
            }
        }
    }
}

fn new_code<'a>(section: SectionId, range: Range<'a>) -> Code<'a> {
    let Range { id, name, start, end, bootstrap } = range;
    let (block, block_end, failures) = (bootstrap.unwrap_or(start), end, None);
    Code { id, name, section, start, end, bootstrap, block, block_end, failures }
}

fn set_part(code: &mut Code<'_>, label: &[u8], address: u64) {
    match label {
        b"gc table" => code.block = address,
        b"failures" => code.failures = Some(address),
        b"end" => code.block_end = address,
        _ => {}
    }
}
