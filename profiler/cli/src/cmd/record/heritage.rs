//! What a forked child has of its parents: machine code that they had compiled by then. It goes on to run, and the child's
//! own log does not say where it lies.

use super::file::Part;
use logs::frame::{Frame, SectionId};
use logs::section::Section;
use logs::{Radix, index};
use map::Map;
use sampler::{Process, Seen};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// The logs of a run, of which those of parents are read when a child asks.
pub(super) struct Heritage<'r> {
    parts: &'r [Part],
    seen: &'r Seen,
    known: HashMap<u32, Vec<Made>>,
}

/// A section that a child is to have, too.
struct Made {
    at: u64,
    name: Section,
    text: Vec<u8>,
}

impl<'r> Heritage<'r> {
    pub(super) fn new(parts: &'r [Part], seen: &'r Seen) -> Heritage<'r> {
        Heritage { parts, seen, known: HashMap::new() }
    }

    /// Writes what the process has of its parents, the eldest first, as if made at its beginning.
    pub(super) fn write(&mut self, process: &Process, out: &mut impl Write) -> io::Result<()> {
        let mut line = Vec::new();
        let mut child = process;
        while let Some(parent) = child.parent {
            line.push((parent, child.start));
            let Some(next) = self.seen.processes.get(&parent).filter(|_| line.len() < self.parts.len())
            else {
                break;
            };
            child = next;
        }
        for (parent, until) in line.into_iter().rev() {
            let made = self.made(parent)?;
            for made in made.iter().take_while(|made| made.at <= until) {
                write_section(made, process.start, out)?;
            }
        }
        Ok(())
    }

    fn made(&mut self, pid: u32) -> io::Result<&[Made]> {
        if !self.known.contains_key(&pid) {
            let part = self.parts.iter().find(|part| part.pid == pid);
            let made = part.map_or_else(|| Ok(Vec::new()), |part| read(&part.path))?;
            self.known.insert(pid, made);
        }
        Ok(&self.known[&pid])
    }
}

/// Addresses of traces, and the code that all of them share, which is made first.
fn read(path: &Path) -> io::Result<Vec<Made>> {
    let map = Map::new(&File::open(path)?)?;
    let (frame, _) = index(&map, Radix::Sixteen);
    let mut made: Vec<Made> = Vec::new();
    let mut has_traces = false;
    for (id, node) in frame.sections() {
        let name = match node.kind {
            Some(name @ Section::JitBackendAddr) => name,
            Some(name @ Section::JitBackendDump) if !has_traces => name,
            Some(Section::JitTracing | Section::JitBackend) => {
                has_traces = true;
                continue;
            }
            _ => continue,
        };
        made.push(Made { at: node.stop, name, text: text(&frame, id) });
    }
    Ok(made)
}

fn text(frame: &Frame<'_>, id: SectionId) -> Vec<u8> {
    frame.lines(id).flat_map(|line| [line.text, b"\n"].concat()).collect()
}

fn write_section(made: &Made, at: u64, out: &mut impl Write) -> io::Result<()> {
    let name = made.name.name();
    writeln!(out, "[{at:x}] {{{name}")?;
    out.write_all(&made.text)?;
    writeln!(out, "[{at:x}] {name}}}")
}
