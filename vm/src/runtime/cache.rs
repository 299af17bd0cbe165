//! The attribute cache: (shape or class, name) → where the attribute is.
//!
//! One direct-mapped table for the whole machine. A change to any class starts a new epoch, which empties it.

use crate::object::class::{Class, ShapeId};
use crate::object::heap::{Gc, Marker};
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

const SIZE: usize = 2048;

/// Where an attribute was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// In this slot of the instance.
    Slot(usize),
    /// In a class of the instance's MRO; not bound yet.
    Class(Value),
    Missing,
}

#[derive(Clone, Copy)]
struct Line {
    owner: usize,
    name: usize,
    epoch: u32,
    found: Found,
}

/// See the module's description.
pub struct AttrCache {
    lines: Box<[Line]>,
    epoch: u32,
}

impl Default for AttrCache {
    fn default() -> Self {
        let empty = Line { owner: 0, name: 0, epoch: 0, found: Found::Missing };
        AttrCache { lines: vec![empty; SIZE].into_boxed_slice(), epoch: 1 }
    }
}

impl AttrCache {
    /// Some class has changed.
    pub fn invalidate(&mut self) {
        self.epoch += 1;
    }

    #[inline(always)]
    fn index(owner: usize, name: usize) -> usize {
        (owner.wrapping_mul(0x9e37_79b1) ^ (name >> 4)) & (SIZE - 1)
    }

    #[inline(always)]
    fn get(&self, owner: usize, name: usize) -> Option<Found> {
        let line = &self.lines[AttrCache::index(owner, name)];
        (line.owner == owner && line.name == name && line.epoch == self.epoch).then_some(line.found)
    }

    fn put(&mut self, owner: usize, name: usize, found: Found) -> Found {
        self.lines[AttrCache::index(owner, name)] = Line { owner, name, epoch: self.epoch, found };
        found
    }

    pub(crate) fn trace(&self, marker: &mut Marker) {
        for line in self.lines.iter().filter(|l| l.epoch == self.epoch) {
            if let Found::Class(value) = line.found {
                marker.value(value);
            }
        }
    }
}

impl Vm {
    /// Looks `name` (interned) up in an instance of `shape` and in its classes.
    #[inline(always)]
    pub fn find_in_shape(&mut self, shape: ShapeId, name: Gc<Str>) -> Found {
        match self.cache.get(shape as usize, name.address()) {
            Some(found) => found,
            None => self.search_shape(shape, name),
        }
    }

    #[inline(never)]
    fn search_shape(&mut self, shape: ShapeId, name: Gc<Str>) -> Found {
        match self.shapes.slot(shape, name) {
            Some(slot) => self.cache.put(shape as usize, name.address(), Found::Slot(slot)),
            None => self.search_class(self.shapes.get(shape).class, shape as usize, name),
        }
    }

    /// The attribute `name` of the class is found in an entry that keeps changing: not cached, never a constant.
    pub fn is_volatile(&self, class: Gc<Class>, name: Gc<Str>) -> bool {
        entry(class, name).is_some_and(|(class, n)| class.attrs.is_volatile(n))
    }

    /// Looks `name` (interned) up in a class and its bases; not bound.
    pub fn find_in_class(&mut self, class: Gc<Class>, name: Gc<Str>) -> Option<Value> {
        let found = match self.cache.get(class.address(), name.address()) {
            Some(found) => found,
            None => self.search_class(class, class.address(), name),
        };
        match found {
            Found::Class(value) => Some(value),
            _ => None,
        }
    }

    /// Searches a class and its bases; remembered for `owner`, unless the entry is volatile.
    fn search_class(&mut self, class: Gc<Class>, owner: usize, name: Gc<Str>) -> Found {
        let found = match entry(class, name) {
            Some((class, n)) if class.attrs.is_volatile(n) => return Found::Class(class.attrs.value_at(n)),
            Some((class, n)) => Found::Class(class.attrs.value_at(n)),
            None => Found::Missing,
        };
        self.cache.put(owner, name.address(), found)
    }
}

/// The first of the class and its bases that has the attribute, and the number of its entry there.
fn entry(class: Gc<Class>, name: Gc<Str>) -> Option<(Gc<Class>, usize)> {
    let mut classes = std::iter::once(class).chain(class.mro.iter().copied());
    classes.find_map(|class| class.attrs.find_name(name).map(|n| (class, n)))
}
