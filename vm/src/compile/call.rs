use super::{
    scope::Code,
    unit::{Compiled, Compiler},
};
use crate::{
    bytecode::{BinaryOp, op},
    syntax::ast::{Arg, Expr, ExprKind, Name, Trailer, TrailerKind},
};

/// Bits of the map of starred arguments, which is a small integer.
const MAX_STARRED_INDEX: usize = 30;
/// What the operand of a call has room for.
const MAX_POSITIONAL: usize = 255;
/// Arguments on the stack before they are added to a list.
const MAX_WAITING: u32 = 1 << 10;

/// What has been pushed for a call.
#[derive(Default)]
struct Pushed {
    /// Arguments looked at.
    seen: usize,
    positional: u32,
    keywords: u32,
    /// Map of the starred arguments.
    stars: i64,
    has_star: bool,
    has_double_star: bool,
}

impl<'t> Compiler<'t> {
    /// An atom and what follows it.
    pub(super) fn trailed(&mut self, base: &'t Expr, trailers: &'t [Trailer]) -> Compiled {
        let mut rest = trailers;
        match trailers {
            [first, after @ ..] if self.is_super_call(base, first) => rest = self.super_call(first, after)?,
            _ => self.expr(base)?,
        }
        while let Some((trailer, after)) = rest.split_first() {
            rest = match (&trailer.kind, after) {
                (TrailerKind::Attr(name), [Trailer { kind: TrailerKind::Call(args), .. }, after @ ..]) => {
                    self.qstr_op(op::LOAD_METHOD, *name, 1);
                    self.call_args(args, 0, true)?;
                    after
                }
                _ => {
                    self.trailer(trailer)?;
                    after
                }
            };
        }
        Ok(())
    }

    pub(super) fn trailer(&mut self, trailer: &'t Trailer) -> Compiled {
        self.set_line(trailer.line);
        match &trailer.kind {
            TrailerKind::Call(args) => self.call_args(args, 0, false)?,
            TrailerKind::Index(index) => {
                self.expr(index)?;
                self.emit.op(op::LOAD_SUBSCR, -1);
            }
            TrailerKind::Attr(name) => self.qstr_op(op::LOAD_ATTR, *name, 0),
        }
        Ok(())
    }

    fn is_super_call(&self, base: &Expr, first: &Trailer) -> bool {
        matches!(self.scopes[self.at.0].code, Code::Function(_))
            && matches!(base.kind, ExprKind::Name(Name::SUPER))
            && matches!(&first.kind, TrailerKind::Call(args) if args.is_empty())
    }

    /// `super()` in a function: its class is in a cell, and the instance is the first parameter. Returns the
    /// trailers that remain.
    fn super_call(&mut self, call: &'t Trailer, after: &'t [Trailer]) -> Compiled<&'t [Trailer]> {
        self.load_name(Name::SUPER);
        self.load_name(Name::CLASS_CELL);
        let Some(self_param) = self.scope().ids.iter().find(|id| id.param.is_some()).map(|id| id.name) else {
            return self.error(call.line, "super() can't find self");
        };
        self.load_name(self_param);
        match after {
            [
                Trailer { kind: TrailerKind::Attr(name), .. },
                Trailer { kind: TrailerKind::Call(args), .. },
                after @ ..,
            ] => {
                self.qstr_op(op::LOAD_SUPER_METHOD, *name, -1);
                self.call_args(args, 0, true)?;
                Ok(after)
            }
            _ => {
                self.call(2, 0);
                Ok(after)
            }
        }
    }

    /// A call of a function without starred arguments.
    pub(super) fn call(&mut self, positional: u32, keywords: u32) {
        let stack = -(positional as i32 + 2 * keywords as i32);
        self.emit.op_varuint(op::CALL_FUNCTION, keywords << 8 | positional, stack);
    }

    /// Pushes the arguments, to which `n_extra` already pushed belong, and calls.
    pub(super) fn call_args(&mut self, args: &'t [Arg], n_extra: u32, is_method: bool) -> Compiled {
        let mut pushed = Pushed { positional: n_extra, ..Pushed::default() };
        let mut rest = args;
        if self.options.wide && Self::is_crowded(args, n_extra) {
            rest = self.crowd(args, &mut pushed)?;
        }
        for arg in rest {
            let i = args.len() - rest.len() + pushed.seen;
            self.arg(i, arg, &mut pushed)?;
            pushed.seen += 1;
        }
        let Pushed { positional, keywords, .. } = pushed;
        let is_starred = pushed.has_star || pushed.has_double_star;
        let mut stack = -(positional as i32 + 2 * keywords as i32) - i32::from(is_method);
        let mut op = if is_method { op::CALL_METHOD } else { op::CALL_FUNCTION };
        if is_starred {
            self.emit.small_int(pushed.stars);
            stack -= 1;
            op += 1;
        }
        self.emit.op_varuint(op, keywords << 8 | positional, stack);
        Ok(())
    }

    /// The instruction has no room for so many positional arguments, or for so late a star.
    fn is_crowded(args: &[Arg], n_extra: u32) -> bool {
        let positional =
            args.iter().filter(|arg| matches!(arg, Arg::Positional(_) | Arg::Star { .. })).count();
        let star = args.iter().rposition(|arg| matches!(arg, Arg::Star { .. }));
        positional + n_extra as usize > MAX_POSITIONAL || star.is_some_and(|i| i >= MAX_STARRED_INDEX)
    }

    /// Pushes all positional arguments as one list, which is the only starred one then; returns the others.
    fn crowd(&mut self, args: &'t [Arg], pushed: &mut Pushed) -> Compiled<&'t [Arg]> {
        let is_positional = |arg: &&Arg| matches!(arg, Arg::Positional(_) | Arg::Star { .. });
        let (positional, rest) = args.split_at(args.iter().take_while(is_positional).count());
        self.emit.op_varuint(op::BUILD_LIST, 0, 1);
        let mut n_waiting = 0;
        for arg in positional {
            match arg {
                Arg::Star { value, .. } => {
                    self.join_waiting(&mut n_waiting);
                    self.expr(value)?;
                    self.emit.binary(BinaryOp::InplaceAdd);
                }
                Arg::Positional(value) => {
                    self.expr(value)?;
                    n_waiting += 1;
                }
                Arg::Keyword(..) | Arg::DoubleStar(_) => {}
            }
            if n_waiting == MAX_WAITING {
                self.join_waiting(&mut n_waiting);
            }
        }
        self.join_waiting(&mut n_waiting);
        pushed.stars |= 1 << pushed.positional;
        pushed.has_star = true;
        pushed.positional += 1;
        Ok(rest)
    }

    /// Adds what lies above the list to it.
    fn join_waiting(&mut self, n_waiting: &mut u32) {
        if *n_waiting > 0 {
            self.build(op::BUILD_LIST, std::mem::take(n_waiting));
            self.emit.binary(BinaryOp::InplaceAdd);
        }
    }

    fn arg(&mut self, i: usize, arg: &'t Arg, pushed: &mut Pushed) -> Compiled {
        match arg {
            Arg::Star { line, value } => {
                self.check_star(i, *line, pushed)?;
                pushed.has_star = true;
                pushed.stars |= 1 << i;
                pushed.positional += 1;
                self.expr(value)
            }
            Arg::DoubleStar(value) => {
                pushed.has_double_star = true;
                pushed.keywords += 1;
                self.emit.op(op::LOAD_NULL, 1);
                self.expr(value)
            }
            Arg::Keyword(name, value) => {
                pushed.keywords += 1;
                self.load_str(*name);
                self.expr(value)
            }
            Arg::Positional(value) => {
                self.check_positional(value.line, pushed)?;
                pushed.positional += 1;
                self.expr(value)
            }
        }
    }

    fn check_star(&self, i: usize, line: u32, pushed: &Pushed) -> Compiled {
        match pushed {
            _ if pushed.has_double_star => self.error(line, "* arg after **"),
            _ if pushed.keywords > 0 => self.error(line, "* arg after kwarg"),
            _ if i >= MAX_STARRED_INDEX => self.error(line, "too many args"),
            _ => Ok(()),
        }
    }

    fn check_positional(&self, line: u32, pushed: &Pushed) -> Compiled {
        match pushed {
            _ if pushed.has_double_star => self.error(line, "positional arg after **"),
            _ if pushed.keywords > 0 => self.error(line, "positional arg after keyword arg"),
            _ => Ok(()),
        }
    }
}
