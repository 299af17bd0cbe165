use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lower, Lowered};
use crate::syntax::ast::{Arg, Expr, ExprKind, Param, ParamKind};

impl Lower<'_> {
    pub(super) fn params(&mut self, params: &ruff::Parameters) -> Lowered<Vec<Param>> {
        let mut lowered = Vec::new();
        for param in params.posonlyargs.iter().chain(&params.args) {
            lowered.push(self.param(param)?);
        }
        if let Some(star) = &params.vararg {
            lowered.push(self.starred_param(ParamKind::Star, star));
        } else if !params.kwonlyargs.is_empty() {
            lowered.push(Param { kind: ParamKind::Star, name: None, default: None });
        }
        for param in &params.kwonlyargs {
            lowered.push(self.param(param)?);
        }
        if let Some(star) = &params.kwarg {
            lowered.push(self.starred_param(ParamKind::DoubleStar, star));
        }
        Ok(lowered)
    }

    fn param(&mut self, param: &ruff::ParameterWithDefault) -> Lowered<Param> {
        let name = Some(self.identifier(&param.parameter.name));
        let default = self.optional(param.default.as_deref())?;
        Ok(Param { kind: ParamKind::Plain, name, default })
    }

    fn starred_param(&mut self, kind: ParamKind, param: &ruff::Parameter) -> Param {
        Param { kind, name: Some(self.identifier(&param.name)), default: None }
    }

    /// Arguments in the order they are written.
    pub(super) fn args(&mut self, args: &ruff::Arguments) -> Lowered<Vec<Arg>> {
        args.iter_source_order()
            .map(|arg| match arg {
                ruff::ArgOrKeyword::Arg(arg) => self.positional(arg),
                ruff::ArgOrKeyword::Keyword(keyword) => self.keyword(keyword),
            })
            .collect()
    }

    fn positional(&mut self, arg: &ruff::Expr) -> Lowered<Arg> {
        if let ruff::Expr::Starred(star) = arg {
            return Ok(Arg::Star { line: self.line(star), value: self.expr(&star.value)? });
        }
        let value = self.expr(arg)?;
        // Without parentheses of its own a walrus is no node.
        let is_bare = matches!(value.kind, ExprKind::Walrus { .. }) && !self.opens_before(arg);
        Ok(Arg::Positional(if is_bare { Expr::word(value.kind) } else { value }))
    }

    fn opens_before(&self, arg: &ruff::Expr) -> bool {
        let before = self.source.text().get(..arg.start().to_usize()).unwrap_or_default();
        let mut before = before.trim_end().chars().rev();
        // `f((x := 1))` against `f(x := 1)` and `f(a, (x := 1))` against `f(a, x := 1)`
        before.next() == Some('(') && matches!(before.next(), Some('(' | ',' | ' '))
    }

    fn keyword(&mut self, keyword: &ruff::Keyword) -> Lowered<Arg> {
        let value = self.expr(&keyword.value)?;
        Ok(match &keyword.arg {
            Some(name) => Arg::Keyword(self.identifier(name), value),
            None => Arg::DoubleStar(value),
        })
    }
}
