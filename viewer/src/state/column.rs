//! The interleaved column: which of its items are visible.

use crate::model::interleave::{Interleaved, Kind, NONE};
use std::collections::HashSet;

/// What is folded, and what is left.
#[derive(Clone, Debug, Default)]
pub struct Column {
    folded: HashSet<u32>,
    /// Visible items, in order.
    pub visible: Vec<u32>,
}

impl Column {
    /// Everything is visible.
    pub fn of(interleaved: &Interleaved) -> Column {
        let mut column = Column::default();
        column.rebuild(interleaved);
        column
    }

    /// Is an item folded?
    pub fn is_folded(&self, item: u32) -> bool {
        self.folded.contains(&item)
    }

    /// The visible row that shows an item: its own, or of what it is folded into.
    pub fn row_of(&self, item: usize) -> usize {
        self.visible.partition_point(|visible| *visible as usize <= item).saturating_sub(1)
    }

    /// Folds or unfolds an item, or what it belongs to; the item to stand on then.
    pub fn fold(&mut self, interleaved: &Interleaved, item: usize, fold: Option<bool>) -> usize {
        let Some(at) = interleaved.items.get(item) else { return item };
        let own = item as u32;
        let target = if matches!(at.kind, Kind::Op(_)) { at.parent } else { own };
        if target == NONE {
            return item;
        }
        if fold.unwrap_or(!self.folded.contains(&target)) {
            self.folded.insert(target);
        } else {
            self.folded.remove(&target);
        }
        self.rebuild(interleaved);
        target as usize
    }

    /// Folds all lines, or unfolds everything if anything is folded.
    pub fn fold_all(&mut self, interleaved: &Interleaved) {
        if self.folded.is_empty() {
            let items = interleaved.items.iter().zip(0..);
            self.folded =
                items.filter(|(item, _)| matches!(item.kind, Kind::Line { .. })).map(|(_, at)| at).collect();
        } else {
            self.folded.clear();
        }
        self.rebuild(interleaved);
    }

    /// Makes an item visible.
    pub fn reveal(&mut self, interleaved: &Interleaved, item: usize) {
        let mut changed = false;
        let mut at = interleaved.items.get(item).map_or(NONE, |item| item.parent);
        while at != NONE {
            changed |= self.folded.remove(&at);
            at = interleaved.items[at as usize].parent;
        }
        if changed {
            self.rebuild(interleaved);
        }
    }

    fn rebuild(&mut self, interleaved: &Interleaved) {
        let mut hidden = vec![false; interleaved.items.len()];
        self.visible.clear();
        for (item, index) in interleaved.items.iter().zip(0u32..) {
            // Parents come first.
            let parent = item.parent as usize;
            let is_hidden = item.parent != NONE && (hidden[parent] || self.folded.contains(&item.parent));
            hidden[index as usize] = is_hidden;
            if !is_hidden {
                self.visible.push(index);
            }
        }
    }
}
