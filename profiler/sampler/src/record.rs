//! What the kernel writes into its rings: records of a head and a body, as `perf_event_open(2)` describes them.

use crate::STACK;
use std::path::PathBuf;

/// What a record of a sample holds: address, process and thread, time, registers, stack.
pub(crate) const SAMPLE: u64 = 1 | 1 << 1 | 1 << 2 | 1 << 12 | 1 << 13;
/// The registers: frame pointer, stack pointer, instruction pointer, in this order.
pub(crate) const REGISTERS: u64 = 1 << 6 | 1 << 7 | 1 << 8;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Nanoseconds.
    pub at: u64,
    pub pid: u32,
    pub tid: u32,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A thread was there; with the registers of its user side, if it has one.
    Sample {
        address: u64,
        user: Option<User>,
    },
    /// A part of a file, or of nothing, can be executed now.
    Map(Mapping),
    /// The process runs another program from now on.
    Exec,
    /// A thread began: of that process, or of a new one.
    Fork {
        parent: u32,
    },
    /// A thread ended.
    Exit,
    /// A thread has a processor, or has none any more; then, could it have gone on?
    Runs,
    Rests {
        could_run: bool,
    },
    /// So much was lost.
    Lost(u64),
}

/// The user side of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User {
    pub ip: u64,
    pub sp: u64,
    pub bp: u64,
    /// The stack from its pointer on.
    pub stack: Vec<u8>,
}

/// Memory that may be executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub start: u64,
    pub length: u64,
    /// In the file.
    pub offset: u64,
    pub file: PathBuf,
}

/// Takes the records of a piece of a ring apart; what is not known is left out.
pub(crate) fn records(bytes: &[u8], found: &mut Vec<Record>) {
    let mut rest = Bytes(bytes);
    while let Some((kind, misc, body)) = head(&mut rest) {
        found.extend(record(kind, misc, Bytes(body)));
    }
}

fn head<'b>(rest: &mut Bytes<'b>) -> Option<(u32, u16, &'b [u8])> {
    let (kind, misc, size) = (rest.u32()?, rest.u16()?, rest.u16()?);
    Some((kind, misc, rest.take(usize::from(size).checked_sub(8)?)?))
}

fn record(kind: u32, misc: u16, mut body: Bytes<'_>) -> Option<Record> {
    const SWITCHED_OUT_OR_EXEC: u16 = 1 << 13;
    const PREEMPTED: u16 = 1 << 14;
    if kind == 9 {
        return sample(body);
    }
    // All others end with who and when.
    let end = body.0.len().checked_sub(16)?;
    let mut trailer = Bytes(&body.0[end..]);
    body.0 = &body.0[..end];
    let (pid, tid, at) = (trailer.u32()?, trailer.u32()?, trailer.u64()?);
    let what = match kind {
        2 => {
            body.u64()?;
            What::Lost(body.u64()?)
        }
        13 => What::Lost(body.u64()?),
        3 if misc & SWITCHED_OUT_OR_EXEC != 0 => What::Exec,
        4 | 7 => {
            let (child, parent, child_thread) = (body.u32()?, body.u32()?, body.u32()?);
            let what = if kind == 4 { What::Exit } else { What::Fork { parent } };
            return Some(Record { at, pid: child, tid: child_thread, what });
        }
        10 => What::Map(mapping(body)?),
        14 if misc & SWITCHED_OUT_OR_EXEC == 0 => What::Runs,
        14 => What::Rests { could_run: misc & PREEMPTED != 0 },
        _ => return None,
    };
    Some(Record { at, pid, tid, what })
}

fn sample(mut body: Bytes<'_>) -> Option<Record> {
    let (address, pid, tid, at) = (body.u64()?, body.u32()?, body.u32()?, body.u64()?);
    let user = if body.u64()? == 0 { None } else { Some((body.u64()?, body.u64()?, body.u64()?)) };
    let size = body.u64()? as usize;
    let stack = body.take(size)?;
    let filled = if size > 0 { (body.u64()? as usize).min(size) } else { 0 };
    let user = user.map(|(bp, sp, ip)| User { ip, sp, bp, stack: stack[..filled.min(STACK)].to_vec() });
    Some(Record { at, pid, tid, what: What::Sample { address, user } })
}

fn mapping(mut body: Bytes<'_>) -> Option<Mapping> {
    use std::os::unix::ffi::OsStrExt;
    body.take(8)?;
    let (start, length, offset) = (body.u64()?, body.u64()?, body.u64()?);
    // Device, inode and its generation; how it may be used.
    body.take(24 + 8)?;
    let name = body.0.split(|byte| *byte == 0).next()?;
    Some(Mapping { start, length, offset, file: std::ffi::OsStr::from_bytes(name).into() })
}

/// Bytes that are taken from the front.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (first, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(first)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.try_into().ok().map(u16::from_ne_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_ne_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take(8)?.try_into().ok().map(u64::from_ne_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(kind: u32, misc: u16, words: &[u64], tail: &[u8]) -> Vec<u8> {
        let mut body: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        body.extend(tail);
        let mut bytes = kind.to_ne_bytes().to_vec();
        bytes.extend(misc.to_ne_bytes());
        bytes.extend((body.len() as u16 + 8).to_ne_bytes());
        bytes.extend(body);
        bytes
    }

    /// Two numbers of 32 bits in one of 64.
    fn pair(low: u64, high: u64) -> u64 {
        low | high << 32
    }

    #[test]
    fn each_kind_is_read() {
        let mut ring = bytes(9, 2, &[0x40, pair(7, 8), 100, 2, 1, 2, 3, 16, 5, 6, 8], &[]);
        ring.extend(bytes(9, 1, &[0x50, pair(7, 8), 101, 0, 0], &[]));
        ring.extend(bytes(99, 0, &[1], &[]));
        ring.extend(bytes(14, 1 << 13 | 1 << 14, &[pair(7, 8), 102], &[]));
        ring.extend(bytes(14, 0, &[pair(7, 8), 103], &[]));
        ring.extend(bytes(7, 0, &[pair(9, 7), pair(9, 8), 104, pair(7, 8), 104], &[]));
        ring.extend(bytes(2, 0, &[1, 3, pair(7, 8), 105], &[]));
        let mut found = Vec::new();
        records(&ring, &mut found);
        let stack = 5u64.to_ne_bytes().to_vec();
        let user = User { bp: 1, sp: 2, ip: 3, stack };
        let record = |at, pid, tid, what| Record { at, pid, tid, what };
        assert_eq!(found[0], record(100, 7, 8, What::Sample { address: 0x40, user: Some(user) }));
        assert_eq!(found[1], record(101, 7, 8, What::Sample { address: 0x50, user: None }));
        assert_eq!(found[2], record(102, 7, 8, What::Rests { could_run: true }));
        assert_eq!(found[3], record(103, 7, 8, What::Runs));
        assert_eq!(found[4], record(104, 9, 9, What::Fork { parent: 7 }));
        assert_eq!(found[5], record(105, 7, 8, What::Lost(3)));
    }

    #[test]
    fn a_mapping_names_its_file() {
        let ring = bytes(
            10,
            0,
            &[pair(7, 8), 4096, 8192, 512, 0, 0, 0, pair(5, 2)],
            &[b"/lib/x.so\0\0\0\0\0\0\0".as_slice(), &pair(7, 8).to_ne_bytes(), &77u64.to_ne_bytes()]
                .concat(),
        );
        let mut found = Vec::new();
        records(&ring, &mut found);
        let map = Mapping { start: 4096, length: 8192, offset: 512, file: "/lib/x.so".into() };
        assert_eq!(found, [Record { at: 77, pid: 7, tid: 8, what: What::Map(map) }]);
    }

    #[test]
    fn what_breaks_off_is_left_out() {
        let whole = bytes(9, 2, &[0x40, pair(7, 8), 100, 2, 1, 2, 3, 16, 5, 6, 8], &[]);
        for length in 0..whole.len() {
            let mut found = Vec::new();
            records(&whole[..length], &mut found);
            assert_eq!(found, []);
        }
    }
}
