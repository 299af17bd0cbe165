//! Which special method answers for an arithmetic operator, and in which order they are asked.
//!
//! The order is CPython's: the in-place method; the left operand's; what a built-in left operand does itself; the right
//! operand's reflected method, which is asked first if the right class extends the left one and has another such
//! method, and not at all between operands of one class; at last the joining and repeating of built-in sequences.

use crate::builtins;
use crate::bytecode::BinaryOp;
use crate::error::{R, Raise};
use crate::object::class::Class;
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::value::Value;
use crate::vm::Vm;

impl Vm {
    /// `a op b` for the arithmetic operators and their in-place forms.
    pub(super) fn arithmetic(&mut self, op: BinaryOp, a: Value, b: Value) -> R {
        let plain = op.without_assignment();
        if let Some(result) = self.number_binary(plain, a, b)? {
            return Ok(result);
        }
        let result = if has_no_methods(a) && has_no_methods(b) {
            builtins::binary(self, op, a, b)?
        } else {
            self.arithmetic_by_methods(op, plain, a, b)?
        };
        match result {
            Some(result) => Ok(result),
            None => self.arithmetic_of_wrapped(op, a, b),
        }
    }

    /// Instances of classes that extend built-in types calculate as the values in them.
    fn arithmetic_of_wrapped(&mut self, op: BinaryOp, a: Value, b: Value) -> R {
        match (self.wrapped(a), self.wrapped(b)) {
            (None, None) if op.without_assignment() == BinaryOp::Or && is_union(a, b) => {
                self.call_library("types", "UnionType", &[a, b])
            }
            (None, None) => Err(self.unsupported(op, a, b)),
            (x, y) => self.arithmetic(op, x.unwrap_or(a), y.unwrap_or(b)),
        }
    }

    fn arithmetic_by_methods(
        &mut self,
        op: BinaryOp,
        plain: BinaryOp,
        a: Value,
        b: Value,
    ) -> R<Option<Value>> {
        if op != plain
            && let Some(result) = self.ask(a, op.dunder(), b)?
        {
            return Ok(Some(result));
        }
        let (forward, reflected) = (plain.dunder(), plain.reflected());
        let goes_first = self.reflected_goes_first(reflected, a, b);
        if goes_first && let Some(result) = self.ask(b, reflected, a)? {
            return Ok(Some(result));
        }
        if let Some(result) = self.ask(a, forward, b)? {
            return Ok(Some(result));
        }
        if calculates(op, a)
            && let Some(result) = builtins::binary(self, op, a, b)?
        {
            return Ok(Some(result));
        }
        if !goes_first
            && self.class_of(a) != self.class_of(b)
            && let Some(result) = self.ask(b, reflected, a)?
        {
            return Ok(Some(result));
        }
        self.sequence_binary(op, a, b)
    }

    /// What `this.name(other)` says; `None` without such a method, or if it says NotImplemented.
    fn ask(&mut self, this: Value, name: &str, other: Value) -> R<Option<Value>> {
        if has_no_methods(this) {
            return Ok(None);
        }
        let name = self.intern(name);
        let Some(method) = self.special(this, name) else { return Ok(None) };
        let result = self.call_special(method, &[this, other])?;
        Ok(Some(result).filter(|result| *result != Value::NOT_IMPLEMENTED))
    }

    fn reflected_goes_first(&mut self, reflected: &str, a: Value, b: Value) -> bool {
        if has_no_methods(b) || !self.extends(b, a) {
            return false;
        }
        let name = self.intern(reflected);
        let (left, right) = (self.class_of(a), self.class_of(b));
        self.find_in_class(right, name) != self.find_in_class(left, name)
    }

    /// The class of `b` is a proper subclass of the class of `a`.
    pub(super) fn extends(&self, b: Value, a: Value) -> bool {
        let (left, right) = (self.class_of(a), self.class_of(b));
        left != right && Class::is_subclass(right, left)
    }

    /// Joining and repeating. Whatever has `__index__` can count repetitions.
    fn sequence_binary(&mut self, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
        if op.without_assignment() == BinaryOp::Multiply {
            let (mut x, mut y) = (a, b);
            let count = if is_sequence(a) { Some(&mut y) } else { is_sequence(b).then_some(&mut x) };
            if let Some(count) = count.filter(|count| count.kind() == Kind::Instance)
                && self.has_index(*count)
            {
                *count = self.to_index(*count)?;
            }
            return builtins::binary(self, op, x, y);
        }
        builtins::binary(self, op, a, b)
    }

    #[cold]
    pub(super) fn unsupported(&mut self, op: BinaryOp, a: Value, b: Value) -> Raise {
        let message = self.unsupported_text(op, a, b);
        self.type_error(message)
    }

    /// What CPython says of operands that do not go together.
    fn unsupported_text(&self, op: BinaryOp, a: Value, b: Value) -> String {
        let (left, right) = (self.type_name(a), self.type_name(b));
        let symbol = op.as_str();
        match op.without_assignment() {
            BinaryOp::Less | BinaryOp::More | BinaryOp::LessEqual | BinaryOp::MoreEqual => {
                format!("'{symbol}' not supported between instances of '{left}' and '{right}'")
            }
            BinaryOp::In => format!("argument of type '{right}' is not iterable"),
            BinaryOp::Add if a.kind() == Kind::Bytes => format!("can't concat {right} to bytes"),
            BinaryOp::Add if is_joined(a) => {
                format!("can only concatenate {left} (not \"{right}\") to {left}")
            }
            BinaryOp::Multiply if is_joined(a) && !b.is_small() => {
                format!("can't multiply sequence by non-int of type '{right}'")
            }
            BinaryOp::Power => {
                format!("unsupported operand type(s) for ** or pow(): '{left}' and '{right}'")
            }
            _ => format!("unsupported operand type(s) for {symbol}: '{left}' and '{right}'"),
        }
    }
}

/// Its class is built in, so its operators are not methods.
pub(super) fn has_no_methods(value: Value) -> bool {
    match value.kind() {
        Kind::Tuple => value.cast::<Tuple>().is_some_and(|tuple| tuple.class.get().cast::<Class>().is_none()),
        kind => !matches!(kind, Kind::Instance | Kind::Foreign | Kind::Exception | Kind::Class),
    }
}

/// `int | str`, `int | None`
fn is_union(a: Value, b: Value) -> bool {
    let is_class = |value: Value| value.kind() == Kind::Class;
    (is_class(a) || is_class(b)) && [a, b].into_iter().all(|value| is_class(value) || value.is_none())
}

/// A sequence that `+` joins to others of its kind.
fn is_joined(value: Value) -> bool {
    matches!(value.kind(), Kind::Str | Kind::List | Kind::Tuple | Kind::Bytes)
}

fn is_sequence(value: Value) -> bool {
    matches!(value.kind(), Kind::List | Kind::Tuple | Kind::Str | Kind::Bytes | Kind::Bytearray | Kind::Array)
}

/// The operator belongs to the built-in type itself: it is not the joining or repeating of a sequence.
fn calculates(op: BinaryOp, value: Value) -> bool {
    match value.kind() {
        Kind::Set | Kind::Frozenset | Kind::DictView | Kind::Dict | Kind::OrderedDict => true,
        Kind::Str | Kind::Bytes | Kind::Bytearray => op.without_assignment() == BinaryOp::Modulo,
        _ => false,
    }
}
