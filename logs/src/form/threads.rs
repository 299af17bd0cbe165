//! Threads that write in turns, each with its number before every line: a section of one is written whole before
//! anything of another that comes later.

use std::collections::HashMap;

#[derive(Default)]
pub(super) struct Threads {
    done: Vec<u8>,
    open: HashMap<Vec<u8>, Open>,
    /// Numbers in the order of their first section.
    order: Vec<Vec<u8>>,
}

/// What a thread has not ended yet.
#[derive(Default)]
struct Open {
    depth: usize,
    text: Vec<u8>,
}

impl Threads {
    /// A line of text.
    pub(super) fn text(&mut self, thread: Option<&[u8]>, line: &[u8]) {
        let text = match thread.and_then(|thread| self.open.get_mut(thread)) {
            Some(open) if open.depth > 0 => &mut open.text,
            _ => &mut self.done,
        };
        text.extend_from_slice(line);
        text.push(b'\n');
    }

    /// A line that starts or stops a section.
    pub(super) fn marker(&mut self, thread: Option<&[u8]>, is_start: bool, line: &[u8]) {
        let Some(thread) = thread else { return self.text(None, line) };
        if !self.open.contains_key(thread) {
            self.order.push(thread.to_vec());
        }
        let open = self.open.entry(thread.to_vec()).or_default();
        open.depth = if is_start { open.depth + 1 } else { open.depth.saturating_sub(1) };
        open.text.extend_from_slice(line);
        open.text.push(b'\n');
        if open.depth == 0 {
            self.done.append(&mut open.text);
        }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        for thread in &self.order {
            if let Some(open) = self.open.get_mut(thread) {
                self.done.append(&mut open.text);
            }
        }
        self.done
    }
}
