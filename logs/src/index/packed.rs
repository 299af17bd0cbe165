//! What a log can have millions of, packed: a mark takes 4 bytes, an event 16.

use crate::event::EventKind;
use crate::frame::{Mark, SectionId};
use std::ops::Range;

/// Bits for what kind of mark or event it is.
const KIND: u32 = 2;

/// Events of one log. Beyond that, they are left out.
pub(super) const MOST: usize = 1 << (32 - KIND);

/// A mark; its number in the upper bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackedMark(u32);

impl From<Mark> for PackedMark {
    fn from(mark: Mark) -> PackedMark {
        let (kind, number) = match mark {
            Mark::Start(SectionId(number)) => (0, number),
            Mark::Stop(SectionId(number)) => (1, number),
            Mark::Event(number) => (2, number),
        };
        PackedMark((number << KIND) | kind)
    }
}

impl From<PackedMark> for Mark {
    fn from(PackedMark(mark): PackedMark) -> Mark {
        let number = mark >> KIND;
        match mark % (1 << KIND) {
            0 => Mark::Start(SectionId(number)),
            1 => Mark::Stop(SectionId(number)),
            _ => Mark::Event(number),
        }
    }
}

/// An event that is not taken apart yet: its stamp, and where its text stands. Above the offset's 46 bits come the 16 of
/// its length, which is cut off there, and the kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawEvent {
    pub(crate) at: u64,
    text: u64,
}

const OFFSET: u32 = 46;
const LENGTH: u32 = 16;

impl RawEvent {
    pub(super) fn new(kind: EventKind, at: u64, offset: u64, length: u32) -> RawEvent {
        let length = u64::from(length.min((1 << LENGTH) - 1));
        let kind = (kind as u64) << (OFFSET + LENGTH);
        RawEvent { at, text: (offset % (1 << OFFSET)) | (length << OFFSET) | kind }
    }

    pub(crate) fn kind(&self) -> EventKind {
        EventKind::ALL[(self.text >> (OFFSET + LENGTH)) as usize]
    }

    /// Where its text stands.
    pub(crate) fn text(&self) -> Range<usize> {
        let offset = (self.text % (1 << OFFSET)) as usize;
        offset..offset + (self.text >> OFFSET) as usize % (1 << LENGTH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        for number in [0, 1, (1 << 30) - 1] {
            for mark in [Mark::Start(SectionId(number)), Mark::Stop(SectionId(number)), Mark::Event(number)] {
                assert_eq!(Mark::from(PackedMark::from(mark)), mark);
            }
        }
        for kind in EventKind::ALL {
            let event = RawEvent::new(kind, u64::MAX, (1 << OFFSET) - 1, 7);
            assert_eq!((event.kind(), event.at), (kind, u64::MAX));
            assert_eq!(event.text(), (1 << OFFSET) - 1..(1 << OFFSET) + 6);
        }
        assert_eq!(RawEvent::new(EventKind::Exit, 0, 5, 1 << 20).text(), 5..5 + 65535);
    }
}
