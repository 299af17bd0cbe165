//! Template strings: `t"a{b!r:>5}c"` is `__template__(("a", "c"), b, "b", "r", ">5")`.

use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lower, Lowered};
use crate::syntax::ast::{Arg, Expr, ExprKind, Name, Trailer, TrailerKind, TupleForm};

/// Calls take at most 255 arguments, of which each replacement uses four.
const MAX_INTERPOLATIONS: usize = 63;

impl Lower<'_> {
    pub(super) fn template(&mut self, line: u32, string: &ruff::ExprTString) -> Lowered<Expr> {
        let outer_line = self.string_line;
        let line_after = outer_line.unwrap_or_else(|| self.source.line_after_string(string.end()));
        self.string_line = Some(line_after);
        let args = self.template_args(line_after, string);
        self.string_line = outer_line;
        let base = Box::new(Expr::word(ExprKind::Name(Name::TEMPLATE)));
        let call = Trailer { line: line_after, kind: TrailerKind::Call(args?) };
        Ok(Expr::new(line, ExprKind::Trailed { base, trailers: vec![call] }))
    }

    fn template_args(&mut self, line: u32, string: &ruff::ExprTString) -> Lowered<Vec<Arg>> {
        let mut texts = vec![String::new()];
        let mut values = Vec::new();
        for element in string.value.elements() {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => push(&mut texts, &literal.value),
                ruff::InterpolatedStringElement::Interpolation(element) => {
                    if let Some(debug) = &element.debug_text {
                        push(&mut texts, debug.as_str());
                    }
                    texts.push(String::new());
                    self.replacement(line, element, &mut values)?;
                }
            }
        }
        let texts = texts.iter().map(|text| self.string_of(line, text, string.start())).collect();
        let mut args = vec![self.tuple_of(line, line, texts, TupleForm::Parenthesised)];
        if values.len() > 4 * MAX_INTERPOLATIONS {
            args.push(self.tuple_of(line, line, values, TupleForm::Parenthesised));
        } else {
            args.append(&mut values);
        }
        Ok(args.into_iter().map(Arg::Positional).collect())
    }

    /// The value, its text, how to convert it, and how to format it.
    fn replacement(
        &mut self,
        line: u32,
        element: &ruff::InterpolatedElement,
        values: &mut Vec<Expr>,
    ) -> Lowered<()> {
        values.push(self.in_parentheses(&element.expression)?);
        let text = self.text_of(element);
        values.push(self.string_of(line, text.trim_end(), element.start()));
        let shows_repr = element.debug_text.is_some() && element.format_spec.is_none();
        values.push(match element.conversion.to_char() {
            Some(conversion) => self.string_of(line, &conversion.to_string(), element.start()),
            None if shows_repr => self.string_of(line, "r", element.start()),
            None => Expr::word(ExprKind::None),
        });
        values.push(match &element.format_spec {
            Some(spec) => self.format_spec(line, spec)?,
            None => self.string_of(line, "", element.start()),
        });
        Ok(())
    }

    /// The expression as it is written, up to the conversion, the format or the end.
    fn text_of(&self, element: &ruff::InterpolatedElement) -> String {
        let source = self.source.text();
        let (start, end) = (element.start().to_usize() + 1, element.expression.end().to_usize());
        let rest = source.get(end..element.end().to_usize()).unwrap_or_default();
        let stop = rest.find(['=', '!', ':', '}']).unwrap_or(0);
        source.get(start..end + stop).unwrap_or_default().into()
    }

    fn format_spec(&mut self, line: u32, spec: &ruff::InterpolatedStringFormatSpec) -> Lowered<Expr> {
        let (text, args) = self.format_of(&spec.elements)?;
        let base = self.string_of(line, &text, spec.start());
        if args.is_empty() {
            return Ok(base);
        }
        let attr = Trailer { line, kind: TrailerKind::Attr(Name::FORMAT) };
        let call = Trailer { line, kind: TrailerKind::Call(args) };
        Ok(Expr::new(line, ExprKind::Trailed { base: Box::new(base), trailers: vec![attr, call] }))
    }
}

fn push(texts: &mut [String], text: &str) {
    if let Some(last) = texts.last_mut() {
        last.push_str(text);
    }
}
