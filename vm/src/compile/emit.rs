//! Instructions of one function, with labels, until all distances are known.
//!
//! A jump takes two or three bytes. All begin long; those that turn out to be short shrink, until none does any
//! more. Code behind an unconditional jump is not kept, up to the next label.

use crate::bytecode::{BinaryOp, UnaryOp, encode_line, op};

/// A place to jump to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label(u32);

#[derive(Debug, Clone, Copy)]
enum Item {
    /// So many bytes of `bytes`.
    Bytes(u32),
    Jump {
        op: u8,
        to: Label,
    },
    Label(Label),
    Line(u32),
}

/// Instructions of one function. While names are being resolved it only counts labels.
#[derive(Debug, Default)]
pub(super) struct Emit {
    items: Vec<Item>,
    bytes: Vec<u8>,
    n_labels: u32,
    is_dead: bool,
    depth: i32,
    max_depth: i32,
}

/// A function's instructions and line table.
pub(super) struct Assembled {
    pub(super) code: Vec<u8>,
    pub(super) lines: Vec<u8>,
}

impl Emit {
    pub(super) fn new_label(&mut self) -> Label {
        self.n_labels += 1;
        Label(self.n_labels - 1)
    }

    /// Code from here on is reached from elsewhere.
    pub(super) fn place(&mut self, label: Label) {
        self.is_dead = false;
        self.items.push(Item::Label(label));
    }

    pub(super) fn line(&mut self, line: u32) {
        if line > 1 {
            self.items.push(Item::Line(line));
        }
    }

    /// What follows an unconditional jump cannot be reached.
    pub(super) fn end_flow(&mut self) {
        self.is_dead = true;
    }

    pub(super) fn adjust(&mut self, by: i32) {
        self.depth += by;
        self.max_depth = self.max_depth.max(self.depth);
    }

    pub(super) fn max_depth(&self) -> i32 {
        self.max_depth
    }

    /// A byte that belongs to the instruction before, or an instruction whose effect is accounted for elsewhere.
    pub(super) fn byte(&mut self, byte: u8) {
        self.raw(&[byte]);
    }

    pub(super) fn op(&mut self, op: u8, stack: i32) {
        self.adjust(stack);
        self.raw(&[op]);
    }

    pub(super) fn op_varuint(&mut self, op: u8, operand: u32, stack: i32) {
        self.op(op, stack);
        let mut digits = [0; 5];
        let mut at = digits.len() - 1;
        digits[at] = (operand & 0x7f) as u8;
        let mut rest = operand >> 7;
        while rest != 0 {
            at -= 1;
            digits[at] = 0x80 | (rest & 0x7f) as u8;
            rest >>= 7;
        }
        self.raw(&digits[at..]);
    }

    /// Pushes a small integer.
    pub(super) fn small_int(&mut self, value: i64) {
        if (-16..48).contains(&value) {
            return self.op((i64::from(op::LOAD_CONST_SMALL_INT_MULTI) + 16 + value) as u8, 1);
        }
        self.op(op::LOAD_CONST_SMALL_INT, 1);
        let mut digits = [0; 10];
        let mut at = digits.len();
        let mut rest = value;
        loop {
            at -= 1;
            digits[at] = (rest & 0x7f) as u8 | if at == digits.len() - 1 { 0 } else { 0x80 };
            rest >>= 7;
            let sign_is_clear = digits[at] & 0x40 == 0;
            if (rest == 0 && sign_is_clear) || (rest == -1 && !sign_is_clear) {
                break;
            }
        }
        self.raw(&digits[at..]);
    }

    pub(super) fn jump_op(&mut self, op: u8, to: Label, stack: i32) {
        self.adjust(stack);
        if !self.is_dead {
            self.items.push(Item::Jump { op, to });
        }
    }

    pub(super) fn jump(&mut self, to: Label) {
        self.jump_op(op::JUMP, to, 0);
        self.end_flow();
    }

    pub(super) fn pop_jump_if(&mut self, condition: bool, to: Label) {
        let op = if condition { op::POP_JUMP_IF_TRUE } else { op::POP_JUMP_IF_FALSE };
        self.jump_op(op, to, -1);
    }

    pub(super) fn jump_if_or_pop(&mut self, condition: bool, to: Label) {
        let op = if condition { op::JUMP_IF_TRUE_OR_POP } else { op::JUMP_IF_FALSE_OR_POP };
        self.jump_op(op, to, -1);
    }

    pub(super) fn unary(&mut self, op: UnaryOp) {
        self.op(op::UNARY_OP_MULTI + op as u8, 0);
    }

    pub(super) fn binary(&mut self, op: BinaryOp) {
        self.op(op::BINARY_OP_MULTI + op as u8, -1);
    }

    fn raw(&mut self, bytes: &[u8]) {
        if self.is_dead {
            return;
        }
        self.bytes.extend_from_slice(bytes);
        match self.items.last_mut() {
            Some(Item::Bytes(len)) => *len += bytes.len() as u32,
            _ => self.items.push(Item::Bytes(bytes.len() as u32)),
        }
    }

    /// Settles all jumps; `None` if one is too long.
    pub(super) fn assemble(&self) -> Option<Assembled> {
        let mut labels = vec![0; self.n_labels as usize];
        let mut size = self.measure(&mut labels, |_, _| 3);
        loop {
            let next = self.measure(&mut labels, jump_size);
            if next == size {
                return self.write(&labels);
            }
            size = next;
        }
    }

    /// Places the labels; the size of a jump may depend on its distance and direction.
    fn measure(&self, labels: &mut [i64], size_of: impl Fn(u8, i64) -> i64) -> i64 {
        let mut at = 0;
        for item in &self.items {
            match *item {
                Item::Bytes(len) => at += i64::from(len),
                Item::Jump { op, to } => at += size_of(op, labels[to.0 as usize] - at - 2),
                Item::Label(label) => labels[label.0 as usize] = at,
                Item::Line(_) => {}
            }
        }
        at
    }

    fn write(&self, labels: &[i64]) -> Option<Assembled> {
        let (mut code, mut lines) = (Vec::new(), Vec::new());
        let (mut last_at, mut last_line) = (0, 1);
        let mut bytes = &self.bytes[..];
        for item in &self.items {
            match *item {
                Item::Bytes(len) => {
                    let (now, later) = bytes.split_at(len as usize);
                    code.extend_from_slice(now);
                    bytes = later;
                }
                Item::Jump { op, to } => write_jump(&mut code, op, labels[to.0 as usize])?,
                Item::Label(_) => {}
                Item::Line(line) if line > last_line => {
                    encode_line(&mut lines, code.len() - last_at, line - last_line);
                    (last_at, last_line) = (code.len(), line);
                }
                Item::Line(_) => {}
            }
        }
        Some(Assembled { code, lines })
    }
}

fn is_signed(op: u8) -> bool {
    op <= op::POP_JUMP_IF_FALSE
}

/// Size of a jump whose target is `distance` bytes behind its short form.
fn jump_size(op: u8, distance: i64) -> i64 {
    let fits = if is_signed(op) { (-64..=63).contains(&distance) } else { (0..=127).contains(&distance) };
    if fits { 2 } else { 3 }
}

fn write_jump(code: &mut Vec<u8>, op: u8, target: i64) -> Option<()> {
    let distance = target - code.len() as i64 - 2;
    code.push(op);
    if jump_size(op, distance) == 2 {
        code.push((distance + if is_signed(op) { 0x40 } else { 0 }) as u8);
        return Some(());
    }
    let biased = distance - 1 + if is_signed(op) { 0x4000 } else { 0 };
    if !(0..=0x7fff).contains(&biased) {
        return None;
    }
    code.push(0x80 | (biased & 0x7f) as u8);
    code.push((biased >> 7) as u8);
    Some(())
}
