//! The hash table behind dicts, sets, namespaces and keyword arguments: insertion-ordered, open addressing.
//!
//! ```text
//!   index:   [ -, 2, -, 0, 1, - ]      slot → entry number, a power of two, at most 2/3 full
//!   entries: [ (hash,k,v) (hash,k,v) (hash,k,v) ]   in insertion order, a NULL key is a hole
//! ```
//!
//! What is removed leaves a hole among the entries, but nothing in the index: the slots behind it move up. Holes at the
//! end are dropped, those at the beginning are counted, so both ends are found at once however much was removed there.
//!
//! Up to eight entries there is no index: a scan is faster. Comparing keys may run Python code that changes the table:
//! [`Dict::find_asking`] begins anew when the key it asked is gone or entries got other numbers, so that the number it
//! gives is that of an entry of now. [`Dict::find`] is for comparisons that run none.
//!
//! A *namespace* (module globals, class attributes) can be watched: machine code that took one of its values
//! for a constant registers interest in that entry; a change to it sets [`ASSUMPTION_BROKEN`] and marks the table
//! for `take_dirty`.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::buffer::Buffer;
use super::heap::{Gc, Header};
use super::kind::Kind;
use super::text::Str;
use super::value::Value;
use crate::heap_object;

/// `hash` 0..8 (with [`WATCHED`] and [`CHANGED`] in its top bits), `key` at 8, `value` at 16.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Entry {
    tag: u64,
    pub key: Value,
    pub value: Value,
}

const HASH: u64 = 0xffff_ffff;
/// Machine code depends on this entry's value.
const WATCHED: u64 = 1 << 62;
/// The value was replaced at least once: not worth taking for a constant.
const CHANGED: u64 = 1 << 63;
/// Some watched entry of some table has changed. Machine code tests it after every call that could do that.
pub static ASSUMPTION_BROKEN: AtomicBool = AtomicBool::new(false);
/// How often that has happened. Who wants to know whether it happened meanwhile cannot ask the flag, which others take
/// down.
static TIMES_BROKEN: AtomicU64 = AtomicU64::new(0);

/// Says that something was broken on which machine code may rely.
pub fn break_assumption() {
    TIMES_BROKEN.fetch_add(1, Ordering::Relaxed);
    ASSUMPTION_BROKEN.store(true, Ordering::Relaxed);
}

/// Names that are remembered until somebody asks which assumptions were broken.
const REMEMBERED: usize = 8;
thread_local! {
    static BROKEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Names whose values were watched and have changed since the last call; not all if there are many.
pub fn take_broken() -> Vec<String> {
    BROKEN.take()
}

fn remember_broken(key: Value) {
    BROKEN.with_borrow_mut(|names| {
        let name = key.cast::<Str>().filter(|_| names.len() < REMEMBERED);
        names.extend(name.map(|name| name.text.to_string()));
    });
}

/// Grows with every assumption that is broken.
pub fn times_broken() -> u64 {
    TIMES_BROKEN.load(Ordering::Relaxed)
}
const EMPTY: u32 = u32::MAX;
const SCAN_MAX: usize = 8;

/// Why a search ended early.
enum Stop<E> {
    Error(E),
    Changed,
}

/// `entries` at byte 8 (pointer, length, capacity).
#[repr(C)]
pub struct Dict {
    pub header: Header,
    entries: Buffer<Entry>,
    index: Buffer<u32>,
    live: Cell<usize>,
    /// How many holes there are at least before the first key.
    first: Cell<u32>,
    /// Grows whenever an entry is added or removed; entry numbers are stable while it stands.
    keys_version: Cell<u32>,
    /// Grows whenever entries get other numbers.
    layout_version: Cell<u32>,
    watched: Cell<bool>,
    dirty: Cell<bool>,
}
heap_object!(Dict, Dict | OrderedDict | Set | Frozenset, drop: true, |this, marker| {
    for entry in this.entries.iter() {
        marker.value(entry.key);
        marker.value(entry.value);
    }
});

impl Dict {
    /// Byte offset of the number of keys.
    pub const LIVE: usize = std::mem::offset_of!(Dict, live);

    pub fn new(kind: super::kind::Kind) -> Dict {
        Dict {
            header: Header::new(kind),
            entries: Buffer::default(),
            index: Buffer::default(),
            live: Cell::new(0),
            first: Cell::new(0),
            keys_version: Cell::new(0),
            layout_version: Cell::new(0),
            watched: Cell::new(false),
            dirty: Cell::new(false),
        }
    }

    pub fn len(&self) -> usize {
        self.live.get()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One past the last entry number, holes included; the last is none.
    pub fn end(&self) -> usize {
        self.entries.len()
    }

    /// Entry `n` if it is not a hole.
    pub fn entry(&self, n: usize) -> Option<(Value, Value)> {
        self.entries.get(n).filter(|e| !e.key.is_null()).map(|e| (e.key, e.value))
    }

    /// The first entry at or after `n`, with its number.
    pub fn next_entry(&self, n: usize) -> Option<(usize, Value, Value)> {
        let mut n = n.max(self.first.get() as usize);
        while n < self.end() {
            if let Some((k, v)) = self.entry(n) {
                return Some((n, k, v));
            }
            n += 1;
        }
        None
    }

    pub fn iter(&self) -> impl Iterator<Item = (Value, Value)> + '_ {
        let mut n = 0;
        std::iter::from_fn(move || {
            let (at, k, v) = self.next_entry(n)?;
            n = at + 1;
            Some((k, v))
        })
    }

    pub fn keys_version(&self) -> u32 {
        self.keys_version.get()
    }

    /// The number of the entry whose key has this hash and for which `same` holds, which may run code that changes this
    /// table.
    #[inline]
    pub fn find_asking<E>(
        &self,
        hash: u32,
        mut same: impl FnMut(Value) -> Result<bool, E>,
    ) -> Result<Option<usize>, E> {
        loop {
            let layout = self.layout_version.get();
            let found = self.find_numbered(hash, |n, key| {
                let same = same(key).map_err(Stop::Error)?;
                let is_there = self.entries.get(n).is_some_and(|entry| entry.key == key);
                if is_there && self.layout_version.get() == layout { Ok(same) } else { Err(Stop::Changed) }
            });
            match found {
                Ok(found) => return Ok(found),
                Err(Stop::Error(error)) => return Err(error),
                Err(Stop::Changed) => {}
            }
        }
    }

    /// The number of the entry whose key has this hash and for which `same` holds, which runs no code of the program's.
    #[inline]
    pub fn find<E>(
        &self,
        hash: u32,
        mut same: impl FnMut(Value) -> Result<bool, E>,
    ) -> Result<Option<usize>, E> {
        self.find_numbered(hash, |_, key| same(key))
    }

    /// The same, where `same` is told the number of the entry, too.
    #[inline]
    fn find_numbered<E>(
        &self,
        hash: u32,
        mut same: impl FnMut(usize, Value) -> Result<bool, E>,
    ) -> Result<Option<usize>, E> {
        if self.index.is_empty() {
            return self.scan(hash, same);
        }
        let mut slot = hash as usize;
        loop {
            let mask = self.index.len() - 1;
            slot &= mask;
            let n = self.index.at(slot);
            if n == EMPTY {
                return Ok(None);
            }
            let entry = self.entries.at(n as usize);
            if (entry.tag & HASH) as u32 == hash && !entry.key.is_null() && same(n as usize, entry.key)? {
                return Ok(Some(n as usize));
            }
            if self.index.at(slot) != n {
                // Another entry was removed meanwhile, so this one has moved up.
                slot = self.slot_of(hash, n as usize);
            }
            slot += 1;
        }
    }

    fn scan<E>(
        &self,
        hash: u32,
        mut same: impl FnMut(usize, Value) -> Result<bool, E>,
    ) -> Result<Option<usize>, E> {
        let mut n = 0;
        while let Some(entry) = self.entries.get(n) {
            if (entry.tag & HASH) as u32 == hash && !entry.key.is_null() && same(n, entry.key)? {
                return Ok(Some(n));
            }
            n += 1;
        }
        Ok(None)
    }

    /// The entry number of a string key.
    #[inline]
    pub fn find_name(&self, name: Gc<Str>) -> Option<usize> {
        let same = |key: Value| {
            Ok::<_, ()>(key == name.into() || key.cast::<Str>().is_some_and(|k| Str::same(k, name)))
        };
        self.find(name.hash(), same).unwrap_or(None)
    }

    /// The value under a string key.
    #[inline]
    pub fn get_name(&self, name: Gc<Str>) -> Option<Value> {
        self.find_name(name).map(|n| self.entries.at(n).value)
    }

    /// Sets the value under a string key.
    pub fn set_name(&self, name: Gc<Str>, value: Value) {
        match self.find_name(name) {
            Some(n) => self.set_value(n, value),
            None => self.insert_new(name.hash(), name.into(), value),
        }
    }

    /// Removes a string key; false if it was not there.
    pub fn remove_name(&self, name: Gc<Str>) -> bool {
        self.find_name(name).map(|n| self.remove(n)).is_some()
    }

    /// Value of entry `n`.
    #[inline(always)]
    pub fn value_at(&self, n: usize) -> Value {
        self.entries.at(n).value
    }

    /// Replaces the value of an entry.
    #[inline]
    pub fn set_value(&self, n: usize, value: Value) {
        let mut entry = self.entries.at(n);
        if self.watched.get() && entry.tag & WATCHED != 0 {
            remember_broken(entry.key);
            self.break_assumption();
            entry.tag &= !WATCHED;
        }
        entry.tag |= CHANGED;
        entry.value = value;
        self.entries.set(n, entry);
    }

    /// Bytes that [`Dict::insert_new`] is going to ask for.
    #[inline(always)]
    pub fn wants(&self) -> usize {
        let n = self.entries.len();
        if n < self.entries.capacity() && (n + 1) * 3 <= self.index.len() * 2 {
            return 0;
        }
        Dict::bytes_for(2 * n)
    }

    /// Bytes of a table of so many entries.
    pub fn bytes_for(entries: usize) -> usize {
        entries.saturating_mul(size_of::<Entry>() + 4 * size_of::<u32>())
    }

    /// Appends an entry; the caller has looked and not found the key.
    pub fn insert_new(&self, hash: u32, key: Value, value: Value) {
        if self.entries.len() >= SCAN_MAX && (self.entries.len() + 1) * 3 > self.index.len() * 2 {
            self.rebuild(0);
        }
        let n = self.entries.len();
        self.entries.push(Entry { tag: hash as u64, key, value });
        self.link(hash, n);
        self.live.set(self.live.get() + 1);
        self.keys_changed();
    }

    /// Puts an entry before all others; the caller has looked and not found the key.
    pub fn insert_first(&self, hash: u32, key: Value, value: Value) {
        if self.first.get() == 0 {
            self.rebuild(self.len() / 2 + 1);
        }
        let n = self.first.get() as usize - 1;
        self.entries.set(n, Entry { tag: hash as u64, key, value });
        self.first.set(n as u32);
        self.link(hash, n);
        self.live.set(self.live.get() + 1);
        self.keys_changed();
    }

    /// Removes entry `n` and returns its value.
    pub fn remove(&self, n: usize) -> Value {
        let entry = self.entries.at(n);
        self.unlink((entry.tag & HASH) as u32, n);
        self.entries.set(n, Entry { tag: 0, key: Value::NULL, value: Value::NULL });
        self.live.set(self.live.get() - 1);
        if self.live.get() == 0 {
            self.clear();
        } else {
            self.trim();
        }
        self.keys_changed();
        entry.value
    }

    /// Drops the holes at the end and counts those at the beginning. There is a key.
    fn trim(&self) {
        let is_hole = |n: usize| self.entries.at(n).key.is_null();
        while is_hole(self.end() - 1) {
            self.entries.pop();
        }
        while is_hole(self.first.get() as usize) {
            self.first.set(self.first.get() + 1);
        }
    }

    pub fn clear(&self) {
        self.entries.edit(Vec::clear);
        self.index.edit(Vec::clear);
        self.live.set(0);
        self.first.set(0);
        self.layout_changed();
        self.keys_changed();
    }

    /// Makes this table hold what `other` holds.
    pub fn copy_from(&self, other: &Dict) {
        self.clear();
        for entry in other.entries.iter().filter(|e| !e.key.is_null()) {
            self.insert_new((entry.tag & HASH) as u32, entry.key, entry.value);
        }
    }

    /// The stored hash of entry `n`.
    pub fn entry_hash(&self, n: usize) -> u32 {
        (self.entries.at(n).tag & HASH) as u32
    }

    /// The entry's value was replaced at least once.
    pub fn is_changed(&self, n: usize) -> bool {
        self.entries.at(n).tag & CHANGED != 0
    }

    /// Reports through `take_dirty` when this entry is replaced, or any key comes or goes.
    pub fn watch(&self, n: usize) {
        let mut entry = self.entries.at(n);
        entry.tag |= WATCHED;
        self.entries.set(n, entry);
        self.watched.set(true);
    }

    /// The entry counts something, say: its number or string was replaced before and will be again. Nothing relies
    /// on it, so replacing it again breaks no assumption.
    pub fn is_volatile(&self, n: usize) -> bool {
        let entry = self.entries.at(n);
        let kind = entry.value.kind();
        entry.tag & CHANGED != 0 && matches!(kind, Kind::Int | Kind::Float | Kind::Bool | Kind::Str)
    }

    /// Reports through `take_dirty` when anything but a volatile entry changes.
    pub fn watch_all(&self) {
        (0..self.end()).filter(|n| !self.is_volatile(*n)).for_each(|n| self.watch(n));
        self.watched.set(true);
    }

    /// Reports through `take_dirty` when any key comes or goes.
    pub fn watch_keys(&self) {
        self.watched.set(true);
    }

    /// Something watched has changed since the last call.
    #[inline]
    pub fn take_dirty(&self) -> bool {
        self.dirty.get() && {
            self.watched.set(false);
            self.dirty.replace(false)
        }
    }

    fn layout_changed(&self) {
        self.layout_version.set(self.layout_version.get().wrapping_add(1));
    }

    fn keys_changed(&self) {
        self.keys_version.set(self.keys_version.get().wrapping_add(1));
        if self.watched.get() {
            self.break_assumption();
        }
    }

    #[cold]
    fn break_assumption(&self) {
        self.dirty.set(true);
        break_assumption();
    }

    fn link(&self, hash: u32, n: usize) {
        if self.index.is_empty() {
            return;
        }
        let mask = self.index.len() - 1;
        let mut slot = hash as usize & mask;
        while self.index.at(slot) != EMPTY {
            slot = (slot + 1) & mask;
        }
        self.index.set(slot, n as u32);
    }

    /// Where the index says `n`, an entry of this hash.
    fn slot_of(&self, hash: u32, n: usize) -> usize {
        let mask = self.index.len() - 1;
        let mut slot = hash as usize & mask;
        while self.index.at(slot) != n as u32 {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// Takes entry `n` out of the index. What was put behind it only because its slot was taken moves up.
    fn unlink(&self, hash: u32, n: usize) {
        if self.index.is_empty() {
            return;
        }
        let mask = self.index.len() - 1;
        let mut gap = self.slot_of(hash, n);
        let mut slot = (gap + 1) & mask;
        while self.index.at(slot) != EMPTY {
            let other = self.index.at(slot);
            let home = self.entry_hash(other as usize) as usize & mask;
            if slot.wrapping_sub(home) & mask >= slot.wrapping_sub(gap) & mask {
                self.index.set(gap, other);
                gap = slot;
            }
            slot = (slot + 1) & mask;
        }
        self.index.set(gap, EMPTY);
    }

    /// Drops holes and makes room for as many entries again, and for `before` at the beginning.
    fn rebuild(&self, before: usize) {
        self.layout_changed();
        self.entries.edit(|entries| {
            entries.retain(|e| !e.key.is_null());
            let hole = Entry { tag: 0, key: Value::NULL, value: Value::NULL };
            entries.splice(..0, std::iter::repeat_n(hole, before));
        });
        self.first.set(before as u32);
        let size = (self.entries.len() * 3 + 8).next_power_of_two();
        self.index.edit(|index| {
            index.clear();
            index.resize(size, EMPTY);
        });
        for n in before..self.entries.len() {
            self.link(self.entry_hash(n), n);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::Kind;
    use super::*;

    fn keys(dict: &Dict) -> Vec<i64> {
        dict.iter().filter_map(|(key, _)| key.as_small()).collect()
    }

    fn find(dict: &Dict, hash: u32, key: i64) -> Option<usize> {
        dict.find(hash, |k| Ok::<_, ()>(k == Value::small(key))).unwrap_or(None)
    }

    /// Hashes that collide, so that what is removed lies amid others' slots.
    #[test]
    fn what_is_removed_anywhere_leaves_the_rest() {
        let hash = |key: i64| (key % 7) as u32 * 13;
        let dict = Dict::new(Kind::Dict);
        let mut expected: Vec<i64> = Vec::new();
        let mut random = 1u32;
        for key in 0..3000 {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if random >> 30 == 0 {
                dict.insert_first(hash(key), Value::small(key), Value::NONE);
                expected.insert(0, key);
            } else {
                dict.insert_new(hash(key), Value::small(key), Value::NONE);
                expected.push(key);
            }
            while expected.len() > (key as usize / 20) % 40 {
                let at =
                    [0, expected.len() - 1, random as usize / 64 % expected.len()][random as usize / 8 % 3];
                let gone = expected.remove(at);
                let n = find(&dict, hash(gone), gone);
                dict.remove(n.unwrap_or_else(|| panic!("{gone} is lost")));
                assert_eq!(find(&dict, hash(gone), gone), None);
            }
            assert_eq!(keys(&dict), expected);
            assert!(expected.iter().all(|key| find(&dict, hash(*key), *key).is_some()));
        }
    }

    /// Room does not grow with what came and went.
    #[test]
    fn a_queue_stays_small() {
        let dict = Dict::new(Kind::Dict);
        for key in 0..100_000 {
            dict.insert_new(key, Value::small(key.into()), Value::NONE);
            if dict.len() > 3 {
                let Some((n, ..)) = dict.next_entry(0) else { panic!("it is not empty") };
                dict.remove(n);
            }
            assert!(dict.end() < 64);
        }
    }
}
