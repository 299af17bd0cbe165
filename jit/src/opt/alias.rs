//! Can two references be the same object, and which objects does nobody outside the trace know?
//!
//! An object made in the trace is *stored* once it has been put into any other object: from then on a load can bring
//! it up again. It has *escaped* once a call can reach it: it was passed to one, or stored in an object that has
//! escaped or was not made here.

use crate::ir::op::OpCode;
use crate::ir::trace::{Op, Ref};

use super::emit::Emitter;

#[derive(Clone, Copy, Default)]
struct Made {
    stored: bool,
    escaped: bool,
}

/// What happened to the objects made in the trace.
#[derive(Default)]
pub struct Objects {
    made: Vec<Made>,
    /// Container and content, both made here.
    inside: Vec<(usize, usize)>,
}

impl Objects {
    fn get(&self, n: usize) -> Made {
        self.made.get(n).copied().unwrap_or_default()
    }

    fn change(&mut self, n: usize) -> &mut Made {
        if self.made.len() <= n {
            self.made.resize(n + 1, Made::default());
        }
        &mut self.made[n]
    }

    fn escape(&mut self, n: usize) {
        if std::mem::replace(self.change(n), Made { stored: true, escaped: true }).escaped {
            return;
        }
        let contents: Vec<usize> = self.inside.iter().filter(|(c, _)| *c == n).map(|(_, x)| *x).collect();
        contents.into_iter().for_each(|x| self.escape(x));
    }
}

impl Emitter<'_> {
    /// The operation that made `r`, if one did.
    fn maker(&self, r: Ref) -> Option<usize> {
        r.as_op().filter(|n| self.out.ops[*n].code.flags().alloc)
    }

    /// Whether the two can be one object.
    pub fn may_alias(&self, a: Ref, b: Ref) -> bool {
        if a == b {
            return true;
        }
        match (self.maker(a), self.maker(b)) {
            (Some(_), Some(_)) => false,
            (Some(made), None) => self.may_be(b, made),
            (None, Some(made)) => self.may_be(a, made),
            (None, None) => !(a.is_const() && b.is_const()),
        }
    }

    /// Whether `r`, which is not made here, can have become the object made by operation `made`.
    fn may_be(&self, r: Ref, made: usize) -> bool {
        r.as_op().is_some_and(|n| n > made) && self.objects.get(made).stored
    }

    /// No call can reach it.
    pub fn is_private(&self, r: Ref) -> bool {
        self.maker(r).is_some_and(|n| !self.objects.get(n).escaped)
    }

    /// From now on anyone may hold it.
    pub fn let_escape(&mut self, r: Ref) {
        if let Some(n) = self.maker(r) {
            self.objects.escape(n);
        }
    }

    fn put_inside(&mut self, container: Ref, content: Ref) {
        let Some(content) = self.maker(content) else { return };
        match self.maker(container).filter(|n| !self.objects.get(*n).escaped) {
            Some(container) => {
                self.objects.change(content).stored = true;
                self.objects.inside.push((container, content));
            }
            None => self.objects.escape(content),
        }
    }

    /// Keeps the books; called for every emitted operation.
    pub fn note_objects(&mut self, op: &Op, result: Ref) {
        let flags = op.code.flags();
        let [a, b, c] = op.args;
        match op.code {
            OpCode::ListSet => self.put_inside(self.list_of(a), c),
            OpCode::DictPut => self.put_inside(a, c),
            OpCode::DictInsert => {
                self.put_inside(a, b);
                self.put_inside(a, c);
            }
            OpCode::ByteSet => {}
            OpCode::SlotStore => self.let_escape(a),
            _ if flags.call || flags.end => {
                let args: Vec<Ref> = self.out.operands_of(op).to_vec();
                args.into_iter().for_each(|r| self.let_escape(r));
            }
            _ if flags.alloc => {
                let args: Vec<Ref> = self.out.operands_of(op).to_vec();
                args.into_iter().for_each(|r| self.put_inside(result, r));
            }
            _ if flags.store => self.put_inside(a, b),
            _ => {}
        }
    }

    /// The list whose items are at `p`.
    pub fn list_of(&self, p: Ref) -> Ref {
        self.inside(p, OpCode::GetFieldRaw).unwrap_or(p)
    }
}
