//! `jit-backend-addr`, `jit-backend-dump`: where machine code lies, and what it is.

use super::Reader;
use crate::frame::SectionId;
use crate::log::{Code, Dump};
use crate::parse::address::{Range, dump, is_continued, part, range};
use crate::parse::header::is_decimal;
use crate::trace::Identity;

impl<'a> Reader<'_, 'a> {
    pub(super) fn code(&mut self, section: SectionId) {
        let mut code: Option<Code<'a>> = None;
        for line in self.frame.joined(section, is_continued).filter(|line| !line.text.is_empty()) {
            if let Some(mut range) = range(line.text) {
                let is_bridge = matches!(range.id, Identity::Bridge(_));
                self.facts.log.decimal_guards |= is_bridge && is_decimal(line.text);
                range.name = self.keep(range.name);
                self.facts.log.codes.extend(code.replace(new_code(section, range)));
            } else if let (Some((label, address)), Some(code)) = (part(line.text), &mut code) {
                set_part(code, label, address);
            } else {
                self.odd(section, line, "an address");
            }
        }
        self.facts.log.codes.extend(code);
    }

    pub(super) fn dumps(&mut self, section: SectionId) {
        for line in self.frame.lines(section) {
            if let Some(found) = dump(line.text) {
                let address = found.address.wrapping_add(found.offset);
                self.facts.log.dumps.push(Dump { at: line.offset, address, digits: found.digits });
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
