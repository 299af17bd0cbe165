//! Operators on strings and byte strings: `+`, `*`, `%`, slices.

use crate::builtins::numbers::int;
use crate::builtins::text::bytes;
use crate::builtins::text::data::Text;
use crate::builtins::text::percent::percent;
use crate::builtins::text::string;
use crate::builtins::types::slice::Span;
use crate::bytecode::BinaryOp;
use crate::error::R;
use crate::object::array::Window;
use crate::object::kind::Kind;
use crate::object::sequence::Slice;
use crate::object::text::{Bytes, Str};
use crate::object::value::Value;
use crate::vm::Vm;

/// An operator with text on the left, or an int times text; `None` if it is not that.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: Value, b: Value) -> R<Option<Value>> {
    match op {
        BinaryOp::Add => add(vm, a, b),
        BinaryOp::InplaceAdd if a.kind() == Kind::Bytearray => append(vm, a, b),
        BinaryOp::InplaceAdd => add(vm, a, b),
        BinaryOp::Multiply | BinaryOp::InplaceMultiply => repeat(vm, a, b),
        BinaryOp::Modulo | BinaryOp::InplaceModulo => modulo(vm, a, b),
        _ => Ok(None),
    }
}

fn add(vm: &mut Vm, a: Value, b: Value) -> R<Option<Value>> {
    if let (Some(x), Some(y)) = (a.cast::<Str>(), b.cast::<Str>()) {
        vm.reserve(x.text.len() + y.text.len())?;
        let mut joined = String::with_capacity(x.text.len() + y.text.len());
        joined.push_str(&x.text);
        joined.push_str(&y.text);
        return Ok(Some(vm.str(joined)));
    }
    let windows = a.cast::<Bytes>().and_then(|_| Window::of(a)).zip(Window::of(b));
    let Some((x, y)) = windows else { return Ok(None) };
    vm.reserve(x.len + y.len)?;
    let joined = [x.bytes(), y.bytes()].concat();
    Ok(Some(vm.new_text(a.kind(), joined)))
}

/// `bytearray += data` changes the left operand.
fn append(vm: &mut Vm, a: Value, b: Value) -> R<Option<Value>> {
    let (Some(this), Some(more)) = (a.cast::<Bytes>(), Window::of(b)) else { return Ok(None) };
    let more = more.bytes().to_vec();
    vm.reserve_in(&this.data, more.len())?;
    this.data.edit(|data| data.extend_from_slice(&more));
    Ok(Some(a))
}

fn repeat(vm: &mut Vm, a: Value, b: Value) -> R<Option<Value>> {
    let is_int = |v: Value| matches!(v.kind(), Kind::Int | Kind::Bool | Kind::BigInt);
    let (text, count) = match (Text::of(a), Text::of(b)) {
        (Some(text), None) if is_int(b) => (text, b),
        (None, Some(text)) if is_int(a) => (text, a),
        _ => return Ok(None),
    };
    let count = vm.index_value(count)?.max(0) as usize;
    vm.reserve_many(text.len(), count)?;
    Ok(Some(vm.new_text(text.kind, text.repeat(count))))
}

fn modulo(vm: &mut Vm, a: Value, b: Value) -> R<Option<Value>> {
    // Formatting can call Python code, which may change a bytearray.
    let (kind, template) = match Text::of(a) {
        Some(text) => (text.kind, text.to_vec()),
        None => return Ok(None),
    };
    let data = percent(vm, &template, b, kind != Kind::Str)?;
    Ok(Some(vm.new_text(kind, data)))
}

/// `text[slice]`; `None` if this is not that.
pub fn get_item(vm: &mut Vm, value: Value, index: Value) -> R<Option<Value>> {
    let Some(slice) = index.cast::<Slice>() else { return Ok(None) };
    let parts = vm.slice_parts(slice)?;
    let Some(text) = Text::of(value) else { return Ok(None) };
    let span = parts.fit(text.count());
    vm.reserve_many(span.len(), if text.is_byte_indexed() { 1 } else { 4 })?;
    let data = match span.contiguous() {
        Some(range) if range.len() == text.count() && text.kind != Kind::Bytearray => return Ok(Some(value)),
        Some(range) if text.is_byte_indexed() => text[range].to_vec(),
        Some(range) => text[text.offset(range.start)..text.offset(range.end)].to_vec(),
        None if text.is_byte_indexed() => span.indices().map(|i| text[i]).collect(),
        None => spaced(&text, span).into_bytes(),
    };
    Ok(Some(vm.new_text(text.kind, data)))
}

/// The selected characters of a string.
fn spaced(text: &Text, span: Span) -> String {
    let (Some(first), Some(last)) = (span.indices().next(), span.indices().last()) else {
        return String::new();
    };
    let (low, high) = (first.min(last), first.max(last));
    let part = &text.as_str()[text.offset(low)..text.offset(high + 1)];
    let chars: Vec<char> = part.chars().collect();
    span.indices().map(|i| chars[i - low]).collect()
}

/// `bytearray[index] = item`; false if this is not that.
pub fn set_item(vm: &mut Vm, value: Value, index: Value, item: Value) -> R<bool> {
    match value.cast::<Bytes>().filter(|_| value.kind() == Kind::Bytearray) {
        Some(this) => bytes::set_item(vm, this, index, item).map(|()| true),
        None => Ok(false),
    }
}

impl Vm {
    pub(crate) fn install_text_class_methods(&mut self) {
        for (kind, methods) in [
            (Kind::Int, int::CLASS_METHODS),
            (Kind::Str, string::CLASS_METHODS),
            (Kind::Bytes, bytes::BYTES_CLASS_METHODS),
            (Kind::Bytearray, bytes::BYTEARRAY_CLASS_METHODS),
        ] {
            self.install_class_methods(self.types.of(kind).attrs, methods);
        }
    }
}
