//! Instructions of one function, with labels, until all distances are known.
//!
//! A jump takes two or three bytes. All begin long; those that turn out to be short shrink, until none does any
//! more. Code behind an unconditional jump is not kept, up to the next label.
//!
//! Where 15 bits do not reach and the code is not for a `.mpy` file, a jump goes to a `JUMP_FAR` that stands right
//! behind it, and what follows jumps over that.

use crate::bytecode::{BinaryOp, Mark, MarkKind, UnaryOp, encode_line, op};

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
    /// A jump out of handlers: a byte follows.
    Unwind {
        to: Label,
        handlers: u8,
    },
    Label(Label),
    Line(u32, MarkKind),
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
    pub(super) marks: Vec<Mark>,
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

    /// As [`Emit::place`], for a label that is jumped to from right before.
    pub(super) fn place_next(&mut self, label: Label) {
        self.items.push(Item::Label(label));
    }

    /// What follows is at this line, says MicroPython.
    pub(super) fn line(&mut self, line: u32) {
        if line > 0 {
            let kind = if self.is_dead { MarkKind::Dead } else { MarkKind::Plain };
            self.items.push(Item::Line(line, kind));
        }
    }

    /// What follows is at this line (0: at none), say we.
    pub(super) fn mark(&mut self, line: u32, kind: MarkKind) {
        if !self.is_dead {
            self.items.push(Item::Line(line, kind));
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
        self.more_varuint(operand);
    }

    /// An operand that belongs to the instruction before.
    pub(super) fn more_varuint(&mut self, operand: u32) {
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

    pub(super) fn unwind_jump(&mut self, to: Label, handlers: u8) {
        if !self.is_dead {
            self.items.push(Item::Unwind { to, handlers });
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

    /// Settles all jumps; fails with the line of one that is too long, if such are not wanted.
    pub(super) fn assemble(&self, wide: bool) -> Result<Assembled, u32> {
        let (labels, is_settled) = self.settle(Reach::Near);
        if is_settled {
            return Ok(self.write(&labels, Reach::Near));
        }
        if !wide {
            return Err(self.first_far(&labels));
        }
        let (labels, _) = self.settle(Reach::Far);
        Ok(self.write(&labels, Reach::Far))
    }

    /// Where the labels are once no jump shrinks any more, and whether all of them reach their targets.
    fn settle(&self, reach: Reach) -> (Vec<i64>, bool) {
        let mut labels = vec![0; self.n_labels as usize];
        let mut size = self.measure(&mut labels, |op, _| reach.most(op));
        loop {
            let next = self.measure(&mut labels, |op, distance| reach.size(op, distance));
            if next == size {
                let reaches =
                    self.jumps(&labels).all(|(op, distance, _)| reach == Reach::Far || fits(op, distance));
                return (labels, reaches);
            }
            size = next;
        }
    }

    /// Each jump: its instruction, its distance from its short form, the line it is in.
    fn jumps<'a>(&'a self, labels: &'a [i64]) -> impl Iterator<Item = (u8, i64, u32)> + 'a {
        let (mut at, mut line) = (0, 1);
        self.items.iter().filter_map(move |item| {
            let (op, to) = match *item {
                Item::Bytes(len) => {
                    at += i64::from(len);
                    return None;
                }
                Item::Line(now) => {
                    line = now;
                    return None;
                }
                Item::Label(_) => return None,
                Item::Jump { op, to } => (op, to),
                Item::Unwind { to, .. } => (op::UNWIND_JUMP, to),
            };
            let distance = labels[to.0 as usize] - at - 2;
            at += Reach::Near.size(op, distance);
            Some((op, distance, line))
        })
    }

    fn first_far(&self, labels: &[i64]) -> u32 {
        self.jumps(labels).find(|&(op, distance, _)| !fits(op, distance)).map_or(1, |(_, _, line)| line)
    }

    /// Places the labels; the size of a jump may depend on its distance and direction.
    fn measure(&self, labels: &mut [i64], size_of: impl Fn(u8, i64) -> i64) -> i64 {
        let mut at = 0;
        for item in &self.items {
            match *item {
                Item::Bytes(len) => at += i64::from(len),
                Item::Jump { op, to } => at += size_of(op, labels[to.0 as usize] - at - 2),
                Item::Unwind { to, .. } => at += size_of(op::UNWIND_JUMP, labels[to.0 as usize] - at - 2),
                Item::Label(label) => labels[label.0 as usize] = at,
                Item::Line(..) => {}
            }
        }
        at
    }

    fn write(&self, labels: &[i64], reach: Reach) -> Assembled {
        let (mut code, mut lines, mut marks) = (Vec::new(), Vec::new(), Vec::new());
        let (mut last_at, mut last_line) = (0, 1);
        let mut bytes = &self.bytes[..];
        for item in &self.items {
            match *item {
                Item::Bytes(len) => {
                    let (now, later) = bytes.split_at(len as usize);
                    code.extend_from_slice(now);
                    bytes = later;
                }
                Item::Jump { op, to } => write_jump(&mut code, op, None, labels[to.0 as usize], reach),
                Item::Unwind { to, handlers } => {
                    write_jump(&mut code, op::UNWIND_JUMP, Some(handlers), labels[to.0 as usize], reach);
                }
                Item::Label(_) => pass_by(&mut marks, code.len() as u32),
                Item::Line(line, kind) => {
                    marks.push(Mark { offset: code.len() as u32, line, kind });
                    if matches!(kind, MarkKind::Plain | MarkKind::Dead) && line > last_line {
                        encode_line(&mut lines, code.len() - last_at, line - last_line);
                        (last_at, last_line) = (code.len(), line);
                    }
                }
            }
        }
        Assembled { code, lines, marks }
    }
}

/// What jumps to `offset` does not come by the statements without instructions there.
fn pass_by(marks: &mut [Mark], offset: u32) {
    for mark in marks.iter_mut().rev().take_while(|mark| mark.offset == offset) {
        if mark.kind == MarkKind::Empty {
            mark.kind = MarkKind::Passed;
        }
    }
}

/// How far jumps may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// 15 bits, as in MicroPython.
    Near,
    Far,
}

/// Bytes of a `JUMP_FAR`.
const FAR: i64 = 5;

impl Reach {
    /// The most bytes of a jump.
    fn most(self, op: u8) -> i64 {
        match (self, op) {
            (Reach::Near, op::UNWIND_JUMP) => 4,
            (Reach::Near, _) => 3,
            (Reach::Far, op::JUMP) => FAR,
            (Reach::Far, op::UNWIND_JUMP) => 3 + FAR,
            (Reach::Far, op) if far_setup(op).is_some() => FAR,
            // Itself, a jump over the far one, the far one.
            (Reach::Far, _) => 2 + 2 + FAR,
        }
    }

    /// Bytes of a jump whose target is `distance` bytes behind its short form.
    fn size(self, op: u8, distance: i64) -> i64 {
        if self == Reach::Far && !fits(op, distance) { self.most(op) } else { near_size(op, distance) }
    }
}

/// A handler must stand behind what it guards, so these have forms of their own that reach far.
fn far_setup(op: u8) -> Option<u8> {
    match op {
        op::SETUP_WITH => Some(op::SETUP_WITH_FAR),
        op::SETUP_EXCEPT => Some(op::SETUP_EXCEPT_FAR),
        op::SETUP_FINALLY => Some(op::SETUP_FINALLY_FAR),
        _ => None,
    }
}

fn is_signed(op: u8) -> bool {
    op <= op::POP_JUMP_IF_FALSE
}

fn near_size(op: u8, distance: i64) -> i64 {
    jump_size(op, distance) + i64::from(op == op::UNWIND_JUMP)
}

/// Size of a jump without the byte that may follow it.
fn jump_size(op: u8, distance: i64) -> i64 {
    let fits = if is_signed(op) { (-64..=63).contains(&distance) } else { (0..=127).contains(&distance) };
    if fits { 2 } else { 3 }
}

/// The distance can be written, as two bytes if not as one.
fn fits(op: u8, distance: i64) -> bool {
    let biased = distance - 1 + if is_signed(op) { 0x4000 } else { 0 };
    jump_size(op, distance) == 2 || (0..=0x7fff).contains(&biased)
}

/// `extra` is the byte that follows an UNWIND_JUMP.
fn write_jump(code: &mut Vec<u8>, op: u8, extra: Option<u8>, target: i64, reach: Reach) {
    let distance = target - code.len() as i64 - 2;
    if reach == Reach::Far && !fits(op, distance) {
        return write_far_jump(code, op, extra, target);
    }
    code.push(op);
    if jump_size(op, distance) == 2 {
        code.push((distance + if is_signed(op) { 0x40 } else { 0 }) as u8);
    } else {
        let biased = distance - 1 + if is_signed(op) { 0x4000 } else { 0 };
        code.push(0x80 | (biased & 0x7f) as u8);
        code.push((biased >> 7) as u8);
    }
    code.extend(extra);
}

fn write_far_jump(code: &mut Vec<u8>, op: u8, extra: Option<u8>, target: i64) {
    let bias = |op| if is_signed(op) { 0x40 } else { 0 };
    let setup = far_setup(op);
    if op != op::JUMP && setup.is_none() {
        let skipped = if op == op::UNWIND_JUMP { 1 } else { 2 };
        code.extend([op, bias(op) + skipped]);
        code.extend(extra);
        if op != op::UNWIND_JUMP {
            code.extend([op::JUMP, bias(op::JUMP) + FAR as u8]);
        }
    }
    let distance = target - (code.len() as i64 + FAR);
    code.push(setup.unwrap_or(op::JUMP_FAR));
    code.extend((distance as i32).to_le_bytes());
}
