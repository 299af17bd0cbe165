//! The file that `record` writes: before the log of each process, what it was, what samples saw of it, and where the
//! machine code lies that it has of its parents.

use super::heritage::Heritage;
use logs::filter::Selection;
use logs::profile::RecordedSample;
use logs::section::Section;
use logs::write::Writer;
use logs::{Index, Radix};
use sampler::{Process, Sample, Seen};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The log of a process.
pub(super) struct Part {
    pub pid: u32,
    pub path: PathBuf,
}

/// What is known of the whole run.
pub(super) struct About {
    /// The command line.
    pub program: String,
    /// How samples were taken, and how many in a second.
    pub method: String,
}

/// The logs that lie in a directory.
pub(super) fn parts(directory: &Path) -> io::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let length = std::fs::metadata(&path)?.len();
        parts.extend(process(&name).filter(|_| length > 0).map(|pid| Part { pid, path }));
    }
    Ok(parts)
}

/// The number at the end of a log's name: `log.7`, or `log.7.fork8` of a child.
fn process(name: &str) -> Option<u32> {
    let digits = name.len() - name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    name[name.len() - digits..].parse().ok()
}

/// Writes everything, the process that began first before all others.
pub(super) fn write(parts: &[Part], seen: &Seen, about: &About, mut out: Box<dyn Write>) -> io::Result<()> {
    let unseen = Process { start: seen.clock.first(), end: seen.clock.last(), ..Process::default() };
    let of = |part: &Part| seen.processes.get(&part.pid).unwrap_or(&unseen);
    let mut order: Vec<&Part> = parts.iter().collect();
    order.sort_by_key(|part| (of(part).start, part.pid));
    let logged: usize = parts.iter().map(|part| of(part).samples.len()).sum();
    let all: usize = seen.processes.values().map(|process| process.samples.len()).sum();
    let mut others = all.saturating_sub(logged) as u64;
    let mut heritage = Heritage::new(parts, seen);
    for (index, part) in order.iter().enumerate() {
        let head = Head { part, process: of(part), others: std::mem::take(&mut others), first: index == 0 };
        head.write(seen, about, &mut Writer::new(&mut out, Selection::everything()))?;
        heritage.write(head.process, &mut out)?;
        let is_last = index + 1 == order.len();
        copy(&part.path, (!is_last).then_some(head.process.end), &mut out)?;
    }
    out.flush()
}

/// What stands before a log.
struct Head<'p> {
    part: &'p Part,
    process: &'p Process,
    others: u64,
    first: bool,
}

impl Head<'_> {
    fn write<W: Write>(&self, seen: &Seen, about: &About, out: &mut Writer<W>) -> io::Result<()> {
        let at = self.process.start;
        out.start(at, Section::LoopscopeMeta)?;
        out.meta("recorder", concat!("loopscope ", env!("CARGO_PKG_VERSION")))?;
        out.meta("pid", self.part.pid)?;
        out.meta("clock-hz", seen.clock.hz())?;
        out.meta("program", self.program(about))?;
        out.meta_stamp("start", at)?;
        out.meta_stamp("end", self.process.end)?;
        out.stop(at, Section::LoopscopeMeta)?;
        out.start(at, Section::LoopscopeRecorded)?;
        out.number("process", u64::from(self.part.pid))?;
        out.line(format!("method {}", about.method))?;
        out.number("lost", if self.first { seen.lost } else { 0 })?;
        out.number("others", self.others)?;
        self.samples(out)?;
        out.stop(at, Section::LoopscopeRecorded)
    }

    fn program(&self, about: &About) -> String {
        let program = about.program.replace('\n', " ");
        if self.first { program } else { format!("{program} (process {})", self.part.pid) }
    }

    /// Thread by thread.
    fn samples<W: Write>(&self, out: &mut Writer<W>) -> io::Result<()> {
        let mut samples: Vec<&Sample> = self.process.samples.iter().collect();
        samples.sort_by_key(|sample| sample.thread);
        let mut thread = None;
        for sample in samples {
            if thread != Some(sample.thread) {
                thread = Some(sample.thread);
                out.number("thread", u64::from(sample.thread))?;
            }
            out.sample(&recorded(sample))?;
        }
        Ok(())
    }
}

fn recorded(sample: &Sample) -> RecordedSample {
    let Sample { thread, at, ran, delayed, address, caller } = *sample;
    RecordedSample { thread, at, ran, delayed, address, caller }
}

/// Copies a log. Whatever a process that was killed has left open is closed, if something else will follow.
fn copy(path: &Path, close: Option<u64>, out: &mut impl Write) -> io::Result<()> {
    let mut log = File::open(path)?;
    io::copy(&mut log, out)?;
    let Some(at) = close else { return Ok(()) };
    let (index, _) = Index::read(File::open(path)?, Radix::Sixteen);
    out.write_all(b"\n")?;
    let open = index.sections().filter(|entry| !entry.closed && entry.range.end == index.length());
    let names: Vec<Vec<u8>> = open.map(|entry| entry.name.to_vec()).collect();
    for name in names.iter().rev() {
        writeln!(out, "[{at:x}] {}}}", String::from_utf8_lossy(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_logs_end_with_their_process() {
        assert_eq!(process("log.7"), Some(7));
        assert_eq!(process("log.7.fork812"), Some(812));
        assert_eq!([process("log.%d"), process("log.")], [None, None]);
    }
}
