//! Indexing on several threads: some find framing lines, one nests them.
//!
//! ```text
//! block 0, 2, 4 … ─► thread 0 ─┐
//! block 1, 3, 5 … ─► thread 1 ─┴─► in the order of the log ─► nest
//! ```
//!
//! A thread is at most two blocks ahead, so what is found but not yet nested stays small.

use super::Index;
use super::nest::Nest;
use super::scan::{self, Indexer};
use crate::diagnostic::{Diagnostics, Lines};
use crate::frame::Radix;
use crate::parse::marker::{Marker, marker, plain};
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes that a thread takes at once.
const BLOCK: usize = 4 << 20;

/// Bytes below which threads cost more than they bring.
const WORTH_IT: usize = 8 * BLOCK;

/// A framing line.
struct Found<'a> {
    marker: Marker<'a>,
    at: u64,
    line: &'a [u8],
}

pub(super) fn index(bytes: &[u8], radix: Radix, threads: usize) -> (Index, Diagnostics) {
    if threads < 2 || bytes.len() < WORTH_IT {
        let mut indexer = Indexer::on(Nest::new(radix, Lines::Later), radix);
        indexer.push(bytes);
        return indexer.finish_uncounted();
    }
    let blocks = blocks(bytes);
    let nest = std::thread::scope(|scope| {
        let found: Vec<_> = (0..threads)
            .map(|thread| {
                let (sender, receiver) = sync_channel(2);
                let mine = blocks.iter().skip(thread).step_by(threads);
                scope.spawn(move || search(bytes, mine, radix, &sender));
                receiver
            })
            .collect();
        nest(&found, blocks.len(), radix)
    });
    let mut indexer = Indexer::on(nest, radix);
    indexer.resume(bytes, blocks.last().map_or(0, |last| last.end));
    indexer.finish_uncounted()
}

fn search<'a, 'b>(
    bytes: &'a [u8],
    blocks: impl Iterator<Item = &'b Range<usize>>,
    radix: Radix,
    sender: &SyncSender<Vec<Found<'a>>>,
) {
    for block in blocks {
        let mut found = Vec::new();
        scan::candidates(&bytes[block.clone()], block.start as u64, |line, at| {
            if let Some(marker) = marker(plain(line), radix) {
                found.push(Found { marker, at, line });
            }
        });
        if sender.send(found).is_err() {
            return;
        }
    }
}

fn nest(found: &[Receiver<Vec<Found<'_>>>], blocks: usize, radix: Radix) -> Nest {
    let mut nest = Nest::new(radix, Lines::Later);
    for receiver in found.iter().cycle().take(blocks) {
        for Found { marker, at, line } in receiver.recv().into_iter().flatten() {
            nest.marker(marker, at, at + line.len() as u64 + 1, line);
        }
    }
    nest
}

/// Cuts behind line ends. What stands behind the last line end is in no block.
fn blocks(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let from = (at + BLOCK).min(bytes.len()) - 1;
        let end = match memchr::memchr(b'\n', &bytes[from..]) {
            Some(length) => from + length + 1,
            None => match memchr::memrchr(b'\n', &bytes[at..]) {
                Some(last) => at + last + 1,
                None => break,
            },
        };
        blocks.push(at..end);
        at = end;
    }
    blocks
}
