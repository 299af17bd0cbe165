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
use crate::read::{Holder, Options};
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes that a thread takes at once.
const BLOCK: usize = 2 << 20;

/// Bytes below which threads cost more than they bring.
const WORTH_IT: usize = 16 * BLOCK;

/// A framing line.
struct Found<'a> {
    marker: Marker<'a>,
    at: u64,
    line: &'a [u8],
}

pub(super) fn index(bytes: &[u8], options: Options<'_>) -> (Index, Diagnostics) {
    let Options { radix, threads, holder, .. } = options;
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
                scope.spawn(move || search(bytes, mine, options, &sender));
                receiver
            })
            .collect();
        nest(&found, &blocks, radix, holder)
    });
    let mut indexer = Indexer::on(nest, radix);
    indexer.resume(bytes, blocks.last().map_or(0, |last| last.end));
    indexer.finish_uncounted()
}

fn search<'a, 'b>(
    bytes: &'a [u8],
    blocks: impl Iterator<Item = &'b Range<usize>>,
    options: Options<'_>,
    sender: &SyncSender<Vec<Found<'a>>>,
) {
    for block in blocks {
        if let Some(holder) = options.holder {
            holder.ahead(block.clone());
        }
        let mut found = Vec::new();
        scan::candidates(&bytes[block.clone()], block.start as u64, |line, at| {
            if let Some(marker) = marker(plain(line), options.radix) {
                found.push(Found { marker, at, line });
            }
        });
        if sender.send(found).is_err() {
            return;
        }
    }
}

fn nest(
    found: &[Receiver<Vec<Found<'_>>>],
    blocks: &[Range<usize>],
    radix: Radix,
    holder: Option<&dyn Holder>,
) -> Nest {
    let mut nest = Nest::new(radix, Lines::Later);
    for (receiver, block) in found.iter().cycle().zip(blocks) {
        for Found { marker, at, line } in receiver.recv().into_iter().flatten() {
            nest.marker(marker, at, at + line.len() as u64 + 1, line);
        }
        if let Some(holder) = holder {
            holder.passed(block.clone());
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
