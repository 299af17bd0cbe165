//! Operators on any values: numbers first, then built-in sequences, then the special methods of classes.

use std::cmp::Ordering;

use crate::builtins;
use crate::bytecode::{BinaryOp, UnaryOp};
use crate::error::R;
use crate::object::class::Class;
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::function::BoundMethod;
use crate::object::heap::Gc;
use crate::object::iter::{DictView, IterKind};
use crate::object::kind::Kind;
use crate::object::number::Complex;
use crate::object::sequence::{List, Range, Tuple};
use crate::object::text::{Bytes, Str};
use crate::object::value::Value;
use crate::runtime::number::{Num, complex_parts, number};
use crate::vm::Vm;

impl Vm {
    /// `bool(value)`.
    pub fn truth(&mut self, value: Value) -> R<bool> {
        if let Some(b) = value.as_bool() {
            return Ok(b);
        }
        Ok(match value.kind() {
            Kind::None => false,
            Kind::Int => value != Value::small(0),
            Kind::Float => value.as_float() != Some(0.0),
            Kind::Complex => complex_parts(value) != Some((0.0, 0.0)),
            Kind::Instance | Kind::Foreign => return self.truth_object(value),
            _ => self.builtin_len(value).is_none_or(|n| n != 0),
        })
    }

    fn truth_object(&mut self, value: Value) -> R<bool> {
        if let Some(method) = self.special(value, self.names.bool_) {
            let result = self.call_special(method, &[value])?;
            return match result.as_bool() {
                Some(truth) => Ok(truth),
                None => Err(self.type_error("__bool__ should return bool")),
            };
        }
        if let Some(length) = self.len_by_method(value)? {
            return Ok(length != 0);
        }
        match self.wrapped(value) {
            Some(inner) => self.truth(inner),
            None => Ok(true),
        }
    }

    /// The length of a built-in container.
    pub fn builtin_len(&self, value: Value) -> Option<usize> {
        Some(match value.kind() {
            Kind::Str => value.cast::<Str>()?.chars as usize,
            Kind::Bytes | Kind::Bytearray => value.cast::<Bytes>()?.data.len(),
            Kind::List => value.cast::<List>()?.items.len(),
            Kind::Tuple => value.cast::<Tuple>()?.len(),
            Kind::Dict | Kind::OrderedDict | Kind::Set | Kind::Frozenset => value.cast::<Dict>()?.len(),
            Kind::Range => value.cast::<Range>()?.len(),
            Kind::WideRange => builtins::wide_len(value.cast()?),
            Kind::Array | Kind::Memoryview => builtins::packed_len(value)?,
            Kind::DictView => value.cast::<DictView>()?.dict.cast::<Dict>()?.len(),
            _ => return None,
        })
    }

    /// `len(value)`.
    pub fn len(&mut self, value: Value) -> R<usize> {
        if let Some(n) = self.builtin_len(value) {
            if value.kind() == Kind::WideRange && n as i64 == i64::MAX {
                return Err(self.overflow_error("range has too many items"));
            }
            return Ok(n);
        }
        if let Some(length) = self.len_by_method(value)? {
            return Ok(length);
        }
        match self.wrapped(value) {
            Some(inner) => self.len(inner),
            None => {
                let name = self.type_name(value);
                Err(self.type_error(format!("object of type '{name}' has no len()")))
            }
        }
    }

    /// What `__len__` says, if there is one.
    pub(crate) fn len_by_method(&mut self, value: Value) -> R<Option<usize>> {
        let Some(method) = self.special(value, self.names.len) else { return Ok(None) };
        let result = self.call_special(method, &[value])?;
        match usize::try_from(self.index_value(result)?) {
            Ok(length) => Ok(Some(length)),
            Err(_) => Err(self.value_error("__len__() should return >= 0")),
        }
    }

    /// `a == b`.
    pub fn equal(&mut self, a: Value, b: Value) -> R<bool> {
        if a == b && !matches!(a.kind(), Kind::Float | Kind::Complex) {
            return Ok(true);
        }
        match self.equal_plain(a, b)? {
            Some(equal) => Ok(equal),
            None => self.equal_objects(a, b),
        }
    }

    /// Equality of values that know it without asking a method.
    fn equal_plain(&mut self, a: Value, b: Value) -> R<Option<bool>> {
        if let (Some(x), Some(y)) = (number(a), number(b)) {
            return Ok(Some(compare_numbers(&x, &y) == Some(Ordering::Equal)));
        }
        if let (Some(x), Some(y)) = (a.cast::<Str>(), b.cast::<Str>()) {
            return Ok(Some(Str::same(x, y)));
        }
        self.equal_builtin(a, b)
    }

    /// The same when the methods have been asked already.
    fn equal_values(&mut self, a: Value, b: Value) -> R<bool> {
        if a == b && !matches!(a.kind(), Kind::Float | Kind::Complex) {
            return Ok(true);
        }
        if let Some(equal) = self.equal_plain(a, b)? {
            return Ok(equal);
        }
        match (self.wrapped(a), self.wrapped(b)) {
            (None, None) => Ok(false),
            (x, y) => self.equal(x.unwrap_or(a), y.unwrap_or(b)),
        }
    }

    fn equal_builtin(&mut self, a: Value, b: Value) -> R<Option<bool>> {
        if let (Some(x), Some(y)) = (a.cast::<Bytes>(), b.cast::<Bytes>()) {
            return Ok(Some(x.data.slice() == y.data.slice()));
        }
        if let (Some(x), Some(y)) = (a.cast::<Tuple>(), b.cast::<Tuple>()) {
            return self.equal_items(x, y).map(Some);
        }
        if let (Some(x), Some(y)) = (a.cast::<List>(), b.cast::<List>()) {
            return self.equal_items(x, y).map(Some);
        }
        if let (Some(x), Some(y)) = (a.cast::<BoundMethod>(), b.cast::<BoundMethod>()) {
            return Ok(Some(x.function == y.function && x.this == y.this));
        }
        if (a.kind() == Kind::Complex || b.kind() == Kind::Complex) && complex_parts(a).is_some() {
            return Ok(complex_parts(b).map(|y| complex_parts(a) == Some(y)));
        }
        builtins::equal(self, a, b)
    }

    fn equal_items<T: Items>(&mut self, x: Gc<T>, y: Gc<T>) -> R<bool> {
        Ok(x.count() == y.count() && self.difference(x, y)?.is_none() && x.count() == y.count())
    }

    /// The first items that differ, if both are still there: comparing may run code that changes the sequences.
    fn difference<T: Items>(&mut self, x: Gc<T>, y: Gc<T>) -> R<Option<(Value, Value)>> {
        self.check_native_stack()?;
        let mut i = 0;
        while let (Some(a), Some(b)) = (x.nth(i), y.nth(i)) {
            if !self.equal(a, b)? {
                return Ok(x.nth(i).zip(y.nth(i)));
            }
            i += 1;
        }
        Ok(None)
    }

    fn equal_objects(&mut self, a: Value, b: Value) -> R<bool> {
        match self.equal_by_methods(BinaryOp::Equal, a, b)? {
            Some(answer) => self.truth(answer),
            None => self.equal_values(a, b),
        }
    }

    /// What the methods for `==` or `!=` say. Those of a class that extends the other's are asked first.
    fn equal_by_methods(&mut self, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
        let (first, second) = if self.extends(b, a) { (b, a) } else { (a, b) };
        match self.compare_by_method(op, first, second)? {
            None => self.compare_by_method(op, second, first),
            answer => Ok(answer),
        }
    }

    /// `a op b` for any of the operators in the bytecode.
    pub fn binary(&mut self, op: BinaryOp, a: Value, b: Value) -> R {
        match op {
            BinaryOp::Is => Ok(Value::bool(is_same(a, b))),
            BinaryOp::Equal => self.compare_equal(a, b, BinaryOp::Equal),
            BinaryOp::NotEqual => self.compare_equal(a, b, BinaryOp::NotEqual),
            BinaryOp::Less | BinaryOp::More | BinaryOp::LessEqual | BinaryOp::MoreEqual => {
                self.order(op, a, b)
            }
            BinaryOp::In => self.contains(b, a).map(Value::bool),
            BinaryOp::ExceptionMatch => self.exception_match(a, b).map(Value::bool),
            _ => self.arithmetic(op, a, b),
        }
    }

    fn compare_equal(&mut self, a: Value, b: Value, op: BinaryOp) -> R {
        if let Some(answer) = self.equal_by_methods(op, a, b)? {
            return Ok(answer);
        }
        let equal = self.equal_values(a, b)?;
        Ok(Value::bool(equal == (op == BinaryOp::Equal)))
    }

    /// What `this.__eq__(other)` or `this.__ne__(other)` says; without `__ne__`, the opposite of `__eq__`.
    fn compare_by_method(&mut self, op: BinaryOp, this: Value, other: Value) -> R<Option<Value>> {
        let own = if op == BinaryOp::NotEqual { self.special(this, self.names.ne) } else { None };
        let Some(method) = own.or_else(|| self.special(this, self.names.eq)) else { return Ok(None) };
        let answer = self.call_special(method, &[this, other])?;
        if answer == Value::NOT_IMPLEMENTED {
            return Ok(None);
        }
        if op == BinaryOp::Equal || own.is_some() {
            return Ok(Some(answer));
        }
        Ok(Some(Value::bool(!self.truth(answer)?)))
    }

    /// `<`, `>`, `<=`, `>=`.
    fn order(&mut self, op: BinaryOp, a: Value, b: Value) -> R {
        if let Some(ordering) = self.order_builtin(a, b)? {
            return Ok(Value::bool(ordering.is_some_and(|o| holds(op, o))));
        }
        if let Some(result) = self.order_sequences(op, a, b)? {
            return Ok(result);
        }
        if let Some(result) = builtins::order(self, op, a, b)? {
            return Ok(Value::bool(result));
        }
        let mut tries = [(op, a, b), (mirror(op), b, a)];
        if self.extends(b, a) {
            tries.reverse();
        }
        for (op, this, other) in tries {
            let method = self.intern(op.dunder());
            if let Some(method) = self.special(this, method) {
                let result = self.call_special(method, &[this, other])?;
                if result != Value::NOT_IMPLEMENTED {
                    return Ok(result);
                }
            }
        }
        match (self.wrapped(a), self.wrapped(b)) {
            (None, None) => Err(self.unsupported(op, a, b)),
            (x, y) => self.order(op, x.unwrap_or(a), y.unwrap_or(b)),
        }
    }

    /// The order of two built-in values of comparable types; the inner `None` is "unordered" (NaN).
    fn order_builtin(&mut self, a: Value, b: Value) -> R<Option<Option<Ordering>>> {
        if let (Some(x), Some(y)) = (number(a), number(b)) {
            return Ok(Some(compare_numbers(&x, &y)));
        }
        if let (Some(x), Some(y)) = (a.cast::<Str>(), b.cast::<Str>()) {
            return Ok(Some(Some(x.text.as_bytes().cmp(y.text.as_bytes()))));
        }
        if let (Some(x), Some(y)) = (a.cast::<Bytes>(), b.cast::<Bytes>()) {
            return Ok(Some(Some(x.data.slice().cmp(y.data.slice()))));
        }
        Ok(None)
    }

    /// The first items that differ decide, and what they answer is the answer; else the lengths.
    fn order_sequences(&mut self, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
        if let (Some(x), Some(y)) = (a.cast::<Tuple>(), b.cast::<Tuple>()) {
            return self.order_items(op, x, y).map(Some);
        }
        if let (Some(x), Some(y)) = (a.cast::<List>(), b.cast::<List>()) {
            return self.order_items(op, x, y).map(Some);
        }
        Ok(None)
    }

    fn order_items<T: Items>(&mut self, op: BinaryOp, x: Gc<T>, y: Gc<T>) -> R {
        match self.difference(x, y)? {
            Some((a, b)) => self.order(op, a, b),
            None => Ok(Value::bool(holds(op, x.count().cmp(&y.count())))),
        }
    }

    /// `a < b` as sorting needs it.
    pub fn less(&mut self, a: Value, b: Value) -> R<bool> {
        if a.both_small(b) {
            return Ok(a.small_unchecked() < b.small_unchecked());
        }
        let result = self.order(BinaryOp::Less, a, b)?;
        self.truth(result)
    }

    /// `a > b` as finding the greatest needs it.
    pub fn more(&mut self, a: Value, b: Value) -> R<bool> {
        if a.both_small(b) {
            return Ok(a.small_unchecked() > b.small_unchecked());
        }
        let result = self.order(BinaryOp::More, a, b)?;
        self.truth(result)
    }

    fn exception_match(&mut self, exception: Value, pattern: Value) -> R<bool> {
        let class = match exception.cast::<Exception>() {
            Some(e) => e.class,
            None => match exception.cast::<Class>() {
                Some(class) => class,
                None => return Ok(false),
            },
        };
        let patterns = match pattern.cast::<Tuple>() {
            Some(tuple) => tuple.get().items(),
            None => &[pattern],
        };
        for pattern in patterns {
            match pattern.cast::<Class>() {
                Some(pattern) if Class::is_subclass(class, pattern) => return Ok(true),
                Some(_) => {}
                None => return Err(self.type_error("exceptions must derive from BaseException")),
            }
        }
        Ok(false)
    }

    /// `item in container`.
    pub fn contains(&mut self, container: Value, item: Value) -> R<bool> {
        match container.kind() {
            Kind::Dict | Kind::OrderedDict | Kind::Set | Kind::Frozenset => match container.cast::<Dict>() {
                Some(dict) => Ok(self.dict_find(dict, item)?.is_some()),
                None => Ok(false),
            },
            Kind::Instance | Kind::Foreign => self.contains_object(container, item),
            Kind::Str | Kind::Bytes | Kind::Bytearray => builtins::contains(self, container, item),
            Kind::Range | Kind::WideRange => builtins::range_contains(self, container, item),
            Kind::DictView => self.view_contains(container, item),
            _ => self.contains_by_iteration(container, item),
        }
    }

    fn view_contains(&mut self, view: Value, item: Value) -> R<bool> {
        let Some((what, dict)) = view.cast::<DictView>().and_then(|v| Some((v.what, v.dict.cast::<Dict>()?)))
        else {
            return Ok(false);
        };
        match (what, item.cast::<Tuple>()) {
            (IterKind::Keys, _) => Ok(self.dict_find(dict, item)?.is_some()),
            (IterKind::Items, Some(pair)) if pair.len() == 2 => match self.dict_get(dict, pair.items()[0])? {
                Some(value) => self.equal(value, pair.items()[1]),
                None => Ok(false),
            },
            (IterKind::Items, _) => Ok(false),
            _ => self.contains_by_iteration(view, item),
        }
    }

    fn contains_object(&mut self, container: Value, item: Value) -> R<bool> {
        if let Some(method) = self.special(container, self.names.contains) {
            let result = self.call_special(method, &[container, item])?;
            return self.truth(result);
        }
        match self.wrapped(container) {
            Some(inner) if self.special(container, self.names.iter).is_none() => self.contains(inner, item),
            _ => self.contains_by_iteration(container, item),
        }
    }

    pub(crate) fn contains_by_iteration(&mut self, container: Value, item: Value) -> R<bool> {
        if let Some(list) = container.cast::<List>() {
            let mut i = 0;
            while let Some(other) = list.items.get(i) {
                if self.equal(other, item)? {
                    return Ok(true);
                }
                i += 1;
            }
            return Ok(false);
        }
        let iterator = self.iter(container)?;
        self.roots.push(iterator);
        let found = self.find_by_iteration(iterator, item);
        self.roots.pop();
        found
    }

    fn find_by_iteration(&mut self, iterator: Value, item: Value) -> R<bool> {
        loop {
            let other = self.next(iterator)?;
            if other == Value::STOP {
                return Ok(false);
            }
            if self.equal(other, item)? {
                return Ok(true);
            }
            self.checkpoint()?;
        }
    }

    /// `op value`.
    pub fn unary(&mut self, op: UnaryOp, value: Value) -> R {
        if op == UnaryOp::Not {
            return Ok(Value::bool(!self.truth(value)?));
        }
        match (op, number(value)) {
            (UnaryOp::Positive, Some(Num::Small(n))) => Ok(self.int(n)),
            (UnaryOp::Positive, Some(_)) => Ok(value),
            (UnaryOp::Negative, Some(Num::Small(n))) => Ok(self.int(-n)),
            (UnaryOp::Negative, Some(Num::Big(n))) => Ok(self.big(-n)),
            (UnaryOp::Negative, Some(Num::Float(f))) => Ok(self.float(-f)),
            (UnaryOp::Invert, Some(Num::Small(n))) => Ok(self.int(!n)),
            (UnaryOp::Invert, Some(Num::Big(n))) => Ok(self.big(!n)),
            _ => self.unary_other(op, value),
        }
    }

    fn unary_other(&mut self, op: UnaryOp, value: Value) -> R {
        if let Some(c) = value.cast::<Complex>() {
            match op {
                UnaryOp::Negative => return Ok(self.complex(-c.re, -c.im)),
                UnaryOp::Positive => return Ok(value),
                _ => {}
            }
        }
        let name = self.intern(op.dunder());
        if let Some(method) = self.special(value, name) {
            return self.call_special(method, &[value]);
        }
        match self.wrapped(value) {
            Some(inner) => self.unary(op, inner),
            None => {
                let message =
                    format!("bad operand type for unary {}: '{}'", op.as_str(), self.type_name(value));
                Err(self.type_error(message))
            }
        }
    }
}

/// A built-in sequence that is compared item by item.
trait Items {
    fn count(&self) -> usize;
    fn nth(&self, i: usize) -> Option<Value>;
}

impl Items for Tuple {
    fn count(&self) -> usize {
        self.len()
    }

    fn nth(&self, i: usize) -> Option<Value> {
        self.items().get(i).copied()
    }
}

impl Items for List {
    fn count(&self) -> usize {
        self.items.len()
    }

    fn nth(&self, i: usize) -> Option<Value> {
        self.items.get(i)
    }
}

/// `a is b`. Floats have no identity of their own: equal bits are the same.
pub fn is_same(a: Value, b: Value) -> bool {
    a == b
        || match (a.as_float(), b.as_float()) {
            (Some(x), Some(y)) => x.to_bits() == y.to_bits(),
            _ => {
                matches!((a.cast::<Str>(), b.cast::<Str>()), (Some(x), Some(y)) if x.chars <= 1 && Str::same(x, y))
            }
        }
}

/// How two numbers compare; `None` with a NaN.
pub fn compare_numbers(x: &Num, y: &Num) -> Option<Ordering> {
    match (x, y) {
        (Num::Small(x), Num::Small(y)) => Some(x.cmp(y)),
        (Num::Float(x), Num::Float(y)) => x.partial_cmp(y),
        (Num::Float(x), y) => compare_float_int(*x, y),
        (x, Num::Float(y)) => compare_float_int(*y, x).map(Ordering::reverse),
        (Num::Big(x), Num::Big(y)) => Some(x.cmp(y)),
        (x, y) => Some(x.clone().into_big().cmp(&y.clone().into_big())),
    }
}

fn compare_float_int(x: f64, y: &Num) -> Option<Ordering> {
    if x.is_finite() && x.fract() == 0.0 && x.abs() > 9e15 {
        let exact = num_traits::FromPrimitive::from_f64(x).unwrap_or_default();
        return Some(<num_bigint::BigInt as Ord>::cmp(&exact, &y.clone().into_big()));
    }
    x.partial_cmp(&y.to_f64())
}

fn holds(op: BinaryOp, ordering: Ordering) -> bool {
    match op {
        BinaryOp::Less => ordering.is_lt(),
        BinaryOp::More => ordering.is_gt(),
        BinaryOp::LessEqual => ordering.is_le(),
        _ => ordering.is_ge(),
    }
}

fn mirror(op: BinaryOp) -> BinaryOp {
    match op {
        BinaryOp::Less => BinaryOp::More,
        BinaryOp::More => BinaryOp::Less,
        BinaryOp::LessEqual => BinaryOp::MoreEqual,
        _ => BinaryOp::LessEqual,
    }
}
