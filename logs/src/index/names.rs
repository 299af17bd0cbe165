//! The names of sections, each kept once.

use crate::section::Section;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Names by number; number 0 is the root's empty one.
#[derive(Clone, Debug)]
pub(super) struct Names {
    names: Vec<Name>,
    numbers: HashMap<Arc<[u8]>, u32>,
    /// The name that came last, by its length modulo eight: most names are found here.
    recent: [u32; 8],
}

#[derive(Clone, Debug)]
struct Name {
    text: Arc<[u8]>,
    kind: Option<Section>,
    /// Where it was seen first.
    offset: u64,
}

impl Default for Names {
    fn default() -> Names {
        let root = Name { text: Arc::default(), kind: None, offset: 0 };
        Names { names: vec![root], numbers: HashMap::new(), recent: [0; 8] }
    }
}

impl Names {
    /// The number of a name that stands at that offset.
    pub(super) fn number(&mut self, name: &[u8], offset: u64) -> u32 {
        let slot = name.len() % 8;
        let recent = self.recent[slot];
        if *self.names[recent as usize].text == *name {
            return recent;
        }
        let number = self.numbers.get(name).copied().unwrap_or_else(|| self.add(name, offset));
        self.recent[slot] = number;
        number
    }

    fn add(&mut self, name: &[u8], offset: u64) -> u32 {
        let number = self.names.len() as u32;
        let text: Arc<[u8]> = name.into();
        self.numbers.insert(text.clone(), number);
        self.names.push(Name { text, kind: Section::from_name(name), offset });
        number
    }

    pub(super) fn get(&self, number: u32) -> (&[u8], Option<Section>) {
        let name = &self.names[number as usize];
        (&name.text, name.kind)
    }

    /// Where each name stands in the log.
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.names.iter().map(|name| name.offset as usize..name.offset as usize + name.text.len())
    }

    pub(super) fn memory(&self) -> usize {
        let texts: usize = self.names.iter().map(|name| name.text.len() + 16).sum();
        texts + self.names.capacity() * size_of::<Name>() + self.numbers.capacity() * 32
    }
}
