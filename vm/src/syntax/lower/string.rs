//! Strings: which of them are qstrs, and formatted ones as calls of `str.format`.

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Lower, Lowered};
use crate::{
    bytecode::Const,
    syntax::{
        Fault,
        ast::{Arg, Expr, ExprKind, Name, Trailer, TrailerKind, TupleForm},
        escape,
        pool::is_in_mpy_cross,
        source::SHORT_STRING,
    },
};

impl Lower<'_> {
    pub(super) fn string(&mut self, line: u32, expr: &ruff::Expr) -> Lowered<Expr> {
        match expr {
            ruff::Expr::StringLiteral(string) => self.plain_string(line, string),
            ruff::Expr::BytesLiteral(bytes) => {
                let value: Box<[u8]> = bytes.value.bytes().collect();
                Ok(Expr::new(line, ExprKind::Const(Const::Bytes(value))))
            }
            ruff::Expr::FString(string) => self.formatted(line, string),
            ruff::Expr::TString(string) => self.template(line, string),
            _ => self.error(expr, "invalid syntax"),
        }
    }

    fn plain_string(&mut self, line: u32, string: &ruff::ExprStringLiteral) -> Lowered<Expr> {
        if string.value.iter().any(|part| self.names_a_character(part)) {
            let line = self.source.line(string.start());
            return Err(Fault::unsupported(line, "unicode name escapes"));
        }
        let value = string.value.to_str();
        // Lone surrogates do not fit a Rust string: the parser has put a replacement character.
        if value.contains(char::REPLACEMENT_CHARACTER)
            && let Some(bytes) = self.decode(string.value.iter().map(Ranged::range))
            && std::str::from_utf8(&bytes).is_err()
        {
            return Ok(Expr::new(line, ExprKind::Const(Const::Str(bytes.into()))));
        }
        Ok(self.string_of(line, value, string.start()))
    }

    /// `\N{…}`, for which MicroPython has no table.
    fn names_a_character(&self, literal: &ruff::StringLiteral) -> bool {
        let written = self.source.text().get(literal.range.to_std_range()).unwrap_or_default();
        !literal.flags.prefix().is_raw() && written.replace("\\\\", "").contains("\\N{")
    }

    fn decode(&self, parts: impl Iterator<Item = TextRange>) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for part in parts {
            escape::decode_literal(self.source.text().get(part.to_std_range())?, &mut bytes)?;
        }
        Some(bytes)
    }

    /// A short string is a qstr, and so is one that is an identifier anyway.
    pub(super) fn string_of(&mut self, line: u32, text: &str, at: TextSize) -> Expr {
        if text.len() <= SHORT_STRING || is_in_mpy_cross(text) || self.source.is_named_before(text, at) {
            return Expr::word(ExprKind::Str(self.names.intern(text)));
        }
        Expr::new(line, ExprKind::Const(Const::Str(text.as_bytes().into())))
    }

    /// `f"a{b}c"` is `"a{}c".format(b)`, whose arguments stand behind the string as far as lines go.
    fn formatted(&mut self, line: u32, string: &ruff::ExprFString) -> Lowered<Expr> {
        let mut template = Template::default();
        for part in &string.value {
            match part {
                ruff::FStringPart::Literal(part) => template.text.push_str(&part.value),
                ruff::FStringPart::FString(part) => template.elements(&part.elements),
            }
        }
        let base = Box::new(self.string_of(line, &template.text, string.start()));
        let outer_line = self.string_line;
        let line_after = outer_line.unwrap_or_else(|| self.source.line_after_string(string.end()));
        self.string_line = Some(line_after);
        let args = template.args.into_iter().map(|arg| Ok(Arg::Positional(self.in_parentheses(arg)?)));
        let args = args.collect::<Lowered<Vec<_>>>();
        self.string_line = outer_line;
        let attr = Trailer { line: line_after, kind: TrailerKind::Attr(Name::FORMAT) };
        let call = Trailer { line: line_after, kind: TrailerKind::Call(args?) };
        Ok(Expr::new(line, ExprKind::Trailed { base, trailers: vec![attr, call] }))
    }

    /// What to call `str.format` with, and on, for part of a string.
    pub(super) fn format_of(
        &mut self,
        elements: &ruff::InterpolatedStringElements,
    ) -> Lowered<(String, Vec<Arg>)> {
        let mut template = Template::default();
        template.elements(elements);
        let args = template.args.into_iter().map(|arg| Ok(Arg::Positional(self.in_parentheses(arg)?)));
        Ok((template.text, args.collect::<Lowered<_>>()?))
    }

    /// Every replacement stands in parentheses.
    pub(super) fn in_parentheses(&mut self, value: &ruff::Expr) -> Lowered<Expr> {
        let line = self.line(value);
        let value = self.expr(value)?;
        Ok(match value.kind {
            ExprKind::Tuple { items, form: TupleForm::Bare } => {
                self.tuple_of(line, line, items, TupleForm::Parenthesised)
            }
            _ => value,
        })
    }
}

/// What `str.format` is called with.
#[derive(Default)]
struct Template<'a> {
    text: String,
    args: Vec<&'a ruff::Expr>,
}

impl<'a> Template<'a> {
    fn elements(&mut self, elements: &'a ruff::InterpolatedStringElements) {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(literal) => self.literal(&literal.value),
                ruff::InterpolatedStringElement::Interpolation(element) => self.interpolation(element),
            }
        }
    }

    fn literal(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, '{' | '}') {
                self.text.push(c);
            }
            self.text.push(c);
        }
    }

    fn interpolation(&mut self, element: &'a ruff::InterpolatedElement) {
        if let Some(debug) = &element.debug_text {
            self.text.push_str(debug.as_str());
        }
        self.args.push(&element.expression);
        self.text.push('{');
        if let Some(conversion) = element.conversion.to_char() {
            self.text.push('!');
            self.text.push(conversion);
        }
        if let Some(spec) = &element.format_spec {
            self.text.push(':');
            self.elements(&spec.elements);
        }
        self.text.push('}');
    }
}
