//! The profile events of a log: few texts, millions of times. An event takes 12 bytes, and each text is taken apart once.

use crate::event::{Event, EventKind};
use crate::index::RawEvent;
use crate::parse::marker::plain;
use crate::parse::ours;
use crate::read::Holder;
use rustc_hash::FxHashMap;

/// Bits for the kind of an event.
const KIND: u32 = 2;

#[derive(Debug, Default)]
pub(super) struct Events<'a> {
    stamps: Vec<u64>,
    /// The token's number, above the kind.
    what: Vec<u32>,
    /// Name and comment of each token.
    tokens: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Events<'a> {
    /// Lays events over the bytes they stand in; who holds those is told how far they were read.
    pub(super) fn new(bytes: &'a [u8], raw: Vec<RawEvent>, holder: Option<&dyn Holder>) -> Events<'a> {
        /// Bytes between two words to the holder.
        const STEP: usize = 4 << 20;
        let mut passed = 0;
        let mut numbers: FxHashMap<&'a [u8], u32> = FxHashMap::default();
        let mut events = Events::default();
        events.stamps.reserve_exact(raw.len());
        events.what.reserve_exact(raw.len());
        for event in &raw {
            let range = event.text();
            if let Some(holder) = holder
                && range.start.saturating_sub(passed) >= STEP
            {
                holder.passed(passed..range.start);
                passed = range.start;
            }
            let text = bytes.get(range).unwrap_or_default();
            let line = memchr::memchr(b'\n', text).map_or(text, |end| &text[..end]);
            let next = numbers.len() as u32;
            let number = *numbers.entry(line).or_insert(next);
            if number == next {
                events.tokens.push(ours::event(plain(line)));
            }
            events.stamps.push(event.at);
            events.what.push((number << KIND) | event.kind() as u32);
        }
        events
    }

    pub(super) fn len(&self) -> usize {
        self.stamps.len()
    }

    pub(super) fn get(&self, index: u32) -> Event<'a> {
        let (name, comment) = self.tokens[self.token(index) as usize];
        let kind = EventKind::ALL[(self.what[index as usize] % (1 << KIND)) as usize];
        Event { kind, at: self.stamps[index as usize], name, comment }
    }

    pub(super) fn stamp(&self, index: u32) -> u64 {
        self.stamps[index as usize]
    }

    pub(super) fn token(&self, index: u32) -> u32 {
        self.what[index as usize] >> KIND
    }

    pub(super) fn tokens(&self) -> usize {
        self.tokens.len()
    }
}
