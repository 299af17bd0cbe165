//! Machine code as it was in memory: a log holds blocks when they are written, and patches when they are changed.

use super::Dump;
use crate::parse::address::code;

/// The longest instruction sequence that jumps, and loads where to.
const JUMP: u64 = 24;

/// Dumps by address, so that those that concern a block are found without looking at all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    /// Indices of dumps, by address.
    order: Vec<u32>,
    /// The length of the longest dump.
    longest: u64,
}

impl Blocks {
    pub(crate) fn new(dumps: &[Dump<'_>]) -> Blocks {
        let mut order: Vec<u32> = (0..dumps.len() as u32).collect();
        order.sort_by_key(|&index| dumps[index as usize].address);
        Blocks { order, longest: dumps.iter().map(length).max().unwrap_or(0) }
    }

    /// The block at that address of which the log speaks at `position`: with all patches, up to where its memory was
    /// given to something else.
    pub(crate) fn machine_code(&self, dumps: &[Dump<'_>], address: u64, position: usize) -> Option<Vec<u8>> {
        let base = self.base(dumps, address, position)?;
        let mut block = code(dumps[base as usize].digits);
        let end = address.saturating_add(block.len() as u64);
        let reach = self.between(dumps, address.saturating_sub(self.longest), end);
        let mut later: Vec<u32> = reach.iter().copied().filter(|&index| index > base).collect();
        later.sort_unstable();
        for dump in later.iter().map(|&index| &dumps[index as usize]) {
            let is_other = dump.address < address && dump.address.saturating_add(length(dump)) > address;
            let is_next = dump.address == address && !is_jump(dump, &block);
            if is_other || is_next {
                break;
            }
            patch(&mut block, address, dump);
        }
        Some(block)
    }

    /// How long that block is, by its dump.
    pub(crate) fn length(&self, dumps: &[Dump<'_>], address: u64, position: usize) -> u64 {
        self.base(dumps, address, position).map_or(0, |base| length(&dumps[base as usize]))
    }

    /// The dump of that block, without patches.
    fn base(&self, dumps: &[Dump<'_>], address: u64, position: usize) -> Option<u32> {
        let at = |index: &u32| dumps[*index as usize].address;
        let from = self.order.partition_point(|index| at(index) < address);
        let same = || self.order[from..].iter().take_while(|index| at(index) == address);
        let bases = || same().filter(|index| length(&dumps[**index as usize]) > 0);
        let before = || bases().filter(|index| dumps[**index as usize].at < position);
        let is_block = |index: &&u32| length(&dumps[**index as usize]) > JUMP;
        before().filter(is_block).max().or_else(|| before().max()).or_else(|| bases().min()).copied()
    }

    /// The dumps that start in a range.
    fn between(&self, dumps: &[Dump<'_>], from: u64, to: u64) -> &[u32] {
        let place = |address| self.order.partition_point(|&index| dumps[index as usize].address < address);
        &self.order[place(from)..place(to)]
    }
}

/// A patch at the very start of a block makes it jump elsewhere: a function that was compiled anew. It is shorter than
/// any block.
fn is_jump(dump: &Dump<'_>, block: &[u8]) -> bool {
    length(dump) <= JUMP && length(dump) < block.len() as u64
}

fn length(dump: &Dump<'_>) -> u64 {
    dump.digits.len() as u64 / 2
}

/// Writes a dump over a block, if it lies in it.
fn patch(block: &mut [u8], address: u64, dump: &Dump<'_>) {
    let start = dump.address.wrapping_sub(address);
    let end = start.saturating_add(length(dump));
    if start < block.len() as u64 && end <= block.len() as u64 {
        let bytes = code(dump.digits);
        block[start as usize..start as usize + bytes.len()].copy_from_slice(&bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(dumps: &[(usize, u64, &'static str)], address: u64, position: usize) -> Option<Vec<u8>> {
        let dump = |&(at, address, digits): &(usize, u64, &'static str)| Dump {
            at,
            address,
            digits: digits.as_bytes(),
        };
        let dumps: Vec<_> = dumps.iter().map(dump).collect();
        Blocks::new(&dumps).machine_code(&dumps, address, position)
    }

    #[test]
    fn later_bytes_win_in_the_order_of_the_file() {
        let dumps = [(0, 0x10, "00000000"), (1, 0x11, "AA"), (2, 0x11, "BBCC"), (3, 0x12, "DD")];
        assert_eq!(block(&dumps, 0x10, 1), Some(vec![0, 0xbb, 0xdd, 0]));
        assert_eq!(block(&dumps, 0x20, 1), None);
    }

    #[test]
    fn memory_that_is_used_again_belongs_to_somebody_else() {
        let dumps =
            [(0, 0x10, "0000"), (5, 0x08, "1111111111111111111111"), (6, 0x10, "2222"), (7, 0x11, "33")];
        assert_eq!(block(&dumps, 0x10, 1), Some(vec![0, 0]));
        assert_eq!(block(&dumps, 0x10, 9), Some(vec![0x22, 0x33]));
    }

    #[test]
    fn a_function_that_jumps_elsewhere_is_still_itself() {
        let dumps = [(0, 0x10, "00000000"), (3, 0x10, "E9AA")];
        assert_eq!(block(&dumps, 0x10, 1), Some(vec![0xe9, 0xaa, 0, 0]));
    }

    #[test]
    fn what_reaches_beyond_the_block_is_no_patch() {
        let dumps = [(0, 0x10, "0000"), (1, 0x11, "FFFF"), (2, u64::MAX, "FF")];
        assert_eq!(block(&dumps, 0x10, 1), Some(vec![0, 0]));
        assert_eq!(block(&dumps, u64::MAX, 3), Some(vec![0xff]));
    }
}
