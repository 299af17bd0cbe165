//! Input that is compressed, or comes through a pipe: brought to where it can be looked at, and indexed on the way.
//!
//! What a compressed log holds is recognised by its first bytes. Text is unpacked piece by piece, so memory stays at
//! the size of the unpacker's window, at most 128 MiB. Input that breaks off yields what could be unpacked, and a
//! diagnostic; input that unpacks to more than any log could is cut off likewise.

mod zstandard;

use crate::diagnostic::Diagnostic;
use crate::frame::Radix;
use crate::index::{Index, Indexer};
use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use std::io::{self, Cursor, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How a log is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// It is not.
    None,
    /// As by `gzip`; several members may follow one another.
    Gzip,
    /// As by `zstd`; several frames may follow one another.
    Zstd,
    /// As by `bzip2`; several streams may follow one another.
    Bzip2,
}

impl Compression {
    /// How many bytes tell.
    pub const MAGIC: usize = 4;

    /// By its first bytes.
    pub fn of(start: &[u8]) -> Compression {
        match start {
            [0x1f, 0x8b, ..] => Compression::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Compression::Zstd,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Compression::Bzip2,
            _ => Compression::None,
        }
    }

    /// The name of its program.
    pub const fn name(self) -> &'static str {
        match self {
            Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Bzip2 => "bzip2",
        }
    }
}

/// How much a compressed log may unpack to.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// So many bytes in any case.
    pub free: u64,
    /// And so many for each compressed byte. Logs of PyPy yield 7 to 30.
    pub ratio: u64,
}

impl Default for Limit {
    fn default() -> Limit {
        Limit { free: 64 << 20, ratio: 400 }
    }
}

impl Limit {
    fn allows(self, unpacked: u64, packed: u64) -> bool {
        unpacked <= self.free || unpacked <= packed.saturating_mul(self.ratio)
    }
}

/// Copies a log to where it can be looked at, unpacked, and indexes it on the way.
///
/// What is wrong with the input is in the diagnostics; an error is one of `out`.
pub fn spool(
    input: impl Read,
    mut out: impl Write,
    radix: Radix,
    limit: Limit,
) -> io::Result<(Index, Vec<Diagnostic>)> {
    const BLOCK: usize = 256 * 1024;
    let packed = Arc::new(AtomicU64::new(0));
    let mut indexer = Indexer::new(radix);
    let (mut decoder, kind) = match decoder(input, packed.clone()) {
        Ok(decoder) => decoder,
        Err(error) => {
            indexer.complain(format_args!("the log could not be read: {error}"));
            return Ok(indexer.finish());
        }
    };
    let mut block = vec![0; BLOCK];
    let mut unpacked = 0;
    loop {
        let length = match decoder.read(&mut block) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                indexer.complain(breaks_off(kind, &error));
                break;
            }
        };
        unpacked += length as u64;
        if kind != Compression::None && !limit.allows(unpacked, packed.load(Ordering::Relaxed)) {
            indexer.complain("the log unpacks to more than a log can; the rest is left out");
            break;
        }
        indexer.push(&block[..length]);
        out.write_all(&block[..length])?;
    }
    out.flush()?;
    Ok(indexer.finish())
}

fn breaks_off(kind: Compression, error: &io::Error) -> String {
    match kind {
        Compression::None => format!("the log could not be read any further: {error}"),
        _ => format!("the {} data breaks off or is damaged here: {error}", kind.name()),
    }
}

type Decoder<'r> = Box<dyn Read + 'r>;

fn decoder<'r>(mut input: impl Read + 'r, packed: Arc<AtomicU64>) -> io::Result<(Decoder<'r>, Compression)> {
    let mut start = Vec::new();
    input.by_ref().take(Compression::MAGIC as u64).read_to_end(&mut start)?;
    let kind = Compression::of(&start);
    let input = Counted { input: Cursor::new(start).chain(input), count: packed };
    let decoder: Decoder<'r> = match kind {
        Compression::None => Box::new(input),
        Compression::Gzip => Box::new(MultiGzDecoder::new(input)),
        Compression::Zstd => Box::new(zstandard::Frames::new(input)),
        Compression::Bzip2 => Box::new(MultiBzDecoder::new(input)),
    };
    Ok((decoder, kind))
}

/// Counts what is read through it.
struct Counted<R> {
    input: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(into)?;
        self.count.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}
