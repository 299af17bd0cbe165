use super::unit::{Compiled, Compiler};
use crate::{
    bytecode::op,
    syntax::ast::{Expr, ExprKind, Trailer, TrailerKind, TupleForm},
};

const CANNOT_ASSIGN: &str = "can't assign to expression";
const CANNOT_DELETE: &str = "can't delete expression";

impl<'t> Compiler<'t> {
    /// Assigns the value on the stack to a target.
    pub(super) fn assign(&mut self, target: &'t Expr) -> Compiled {
        match &target.kind {
            ExprKind::Name(name) => {
                self.store_name(*name);
                Ok(())
            }
            ExprKind::Trailed { base, trailers } => {
                let last = self.before_last(base, trailers)?;
                self.store_trailer(target, last)
            }
            ExprKind::Tuple { items, form } if !items.is_empty() || *form != TupleForm::Parenthesised => {
                self.nested(|compiler| compiler.unpack(items))
            }
            ExprKind::List(items) => self.nested(|compiler| compiler.unpack(items)),
            _ => self.error(target.line, CANNOT_ASSIGN),
        }
    }

    /// Evaluates all trailers but the last, plainly.
    fn before_last(&mut self, base: &'t Expr, trailers: &'t [Trailer]) -> Compiled<Option<&'t Trailer>> {
        self.expr(base)?;
        let Some((last, before)) = trailers.split_last() else { return Ok(None) };
        for trailer in before {
            self.trailer(trailer)?;
        }
        Ok(Some(last))
    }

    fn store_trailer(&mut self, target: &'t Expr, last: Option<&'t Trailer>) -> Compiled {
        match last.map(|trailer| &trailer.kind) {
            Some(TrailerKind::Index(index)) => {
                self.expr(index)?;
                self.emit.op(op::STORE_SUBSCR, -3);
            }
            Some(TrailerKind::Attr(name)) => self.qstr_op(op::STORE_ATTR, *name, -2),
            _ => return self.error(target.line, CANNOT_ASSIGN),
        }
        Ok(())
    }

    fn unpack(&mut self, targets: &'t [Expr]) -> Compiled {
        let mut starred = targets.iter().enumerate().filter(|(_, target)| is_starred(target));
        match (starred.next(), starred.next()) {
            (None, _) => {
                let n = targets.len() as u32;
                self.emit.op_varuint(op::UNPACK_SEQUENCE, n, n as i32 - 1);
            }
            (Some((left, _)), None) => {
                let (left, right) = (left as u32, (targets.len() - left - 1) as u32);
                if self.options.wide && left > 0xff {
                    self.emit.op_varuint(op::UNPACK_EX_WIDE, left, (left + right) as i32);
                    self.emit.more_varuint(right);
                } else {
                    self.emit.op_varuint(op::UNPACK_EX, left | right << 8, (left + right) as i32);
                }
            }
            (Some(_), Some((_, second))) => return self.error(second.line, "multiple *x in assignment"),
        }
        for target in targets {
            match &target.kind {
                ExprKind::Starred(target) => self.assign(target)?,
                _ => self.assign(target)?,
            }
        }
        Ok(())
    }

    /// `a, b = c, d` without a tuple, if the target and the value are written like that.
    pub(super) fn assign_pairwise(&mut self, target: &'t Expr, value: &'t Expr) -> Compiled<bool> {
        if !Self::is_bare_tuple(target) || !Self::is_bare_tuple(value) {
            return Ok(false);
        }
        let (ExprKind::Tuple { items: targets, .. }, ExprKind::Tuple { items: values, .. }) =
            (&target.kind, &value.kind)
        else {
            return Ok(false);
        };
        let n = targets.len();
        if n != values.len() || !(2..=3).contains(&n) || targets.iter().chain(values).any(is_starred) {
            return Ok(false);
        }
        for value in values {
            self.expr(value)?;
        }
        if n == 3 {
            self.emit.op(op::ROT_THREE, 0);
        }
        self.emit.op(op::ROT_TWO, 0);
        for target in targets {
            self.assign(target)?;
        }
        Ok(true)
    }

    /// Pushes what an augmented assignment starts from, leaving below it what `assign_augmented` needs.
    pub(super) fn load_augmented(&mut self, target: &'t Expr) -> Compiled {
        match &target.kind {
            ExprKind::Name(name) => {
                self.load_name(*name);
                Ok(())
            }
            ExprKind::Trailed { base, trailers } => {
                match self.before_last(base, trailers)?.map(|trailer| &trailer.kind) {
                    Some(TrailerKind::Index(index)) => {
                        self.expr(index)?;
                        self.emit.op(op::DUP_TOP_TWO, 2);
                        self.emit.op(op::LOAD_SUBSCR, -1);
                    }
                    Some(TrailerKind::Attr(name)) => {
                        self.emit.op(op::DUP_TOP, 1);
                        self.qstr_op(op::LOAD_ATTR, *name, 0);
                    }
                    _ => return self.error(target.line, CANNOT_ASSIGN),
                }
                Ok(())
            }
            _ => self.error(target.line, CANNOT_ASSIGN),
        }
    }

    pub(super) fn assign_augmented(&mut self, target: &'t Expr) {
        match &target.kind {
            ExprKind::Name(name) => self.store_name(*name),
            ExprKind::Trailed { trailers, .. } => match trailers.last().map(|trailer| &trailer.kind) {
                Some(TrailerKind::Attr(name)) => {
                    self.emit.op(op::ROT_TWO, 0);
                    self.qstr_op(op::STORE_ATTR, *name, -2);
                }
                _ => {
                    self.emit.op(op::ROT_THREE, 0);
                    self.emit.op(op::STORE_SUBSCR, -3);
                }
            },
            _ => {}
        }
    }

    pub(super) fn delete(&mut self, target: &'t Expr) -> Compiled {
        match &target.kind {
            ExprKind::Name(name) => self.delete_name(*name),
            ExprKind::Trailed { base, trailers } => {
                match self.before_last(base, trailers)?.map(|trailer| &trailer.kind) {
                    Some(TrailerKind::Index(index)) => {
                        self.expr(index)?;
                        self.emit.op(op::LOAD_NULL, 1);
                        self.emit.op(op::ROT_THREE, 0);
                        self.emit.op(op::STORE_SUBSCR, -3);
                    }
                    Some(TrailerKind::Attr(name)) => {
                        self.emit.op(op::LOAD_NULL, 1);
                        self.emit.op(op::ROT_TWO, 0);
                        self.qstr_op(op::STORE_ATTR, *name, -2);
                    }
                    _ => return self.error(target.line, CANNOT_DELETE),
                }
            }
            ExprKind::Tuple { items, form: TupleForm::Parenthesised } if !items.is_empty() => {
                for item in items {
                    self.nested(|compiler| compiler.delete(item))?;
                }
            }
            _ => return self.error(target.line, CANNOT_DELETE),
        }
        Ok(())
    }
}

pub(super) fn is_starred(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Starred(_))
}
