//! `repr(x)` and `str(x)` for every value.
//!
//! One printer writes into a string; containers recurse into it. An instance may run Python code at any point,
//! so containers are re-read item by item and never borrowed across an item.

use std::fmt::Write;

use crate::builtins::errno_names::errno_name;
use crate::builtins::numbers::float_text::{complex_repr, float_repr};
use crate::error::R;
use crate::object::class::{Class, Module, Super};
use crate::object::dict::Dict;
use crate::object::exception::Exception;
use crate::object::frame::{CodeObject, FrameObject};
use crate::object::function::{BoundMethod, Closure, Code, Function, Generator, Native};
use crate::object::heap::Gc;
use crate::object::iter::{DictView, Iter, IterKind};
use crate::object::kind::Kind;
use crate::object::number::BigInt;
use crate::object::sequence::{List, Range, Slice, Tuple, WideRange};
use crate::object::text::{Bytes, Str};
use crate::object::value::Value;
use crate::runtime::number::complex_parts;
use crate::vm::Vm;

/// Which of the two forms is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Repr,
    Str,
}

impl Vm {
    /// `repr(value)`.
    pub fn repr(&mut self, value: Value) -> R<String> {
        let mut out = String::new();
        self.write_repr(&mut out, value)?;
        Ok(out)
    }

    /// `str(value)`.
    pub fn str_of(&mut self, value: Value) -> R<String> {
        let mut out = String::new();
        self.write_str(&mut out, value)?;
        Ok(out)
    }

    /// Room for so many more bytes at the end of a text.
    #[inline]
    pub fn reserve_text(&mut self, out: &String, more: usize) -> R<()> {
        if out.capacity() - out.len() >= more {
            return Ok(());
        }
        self.reserve((out.capacity() * 2).max(out.len().saturating_add(more)))
    }

    /// Appends `repr(value)`.
    pub fn write_repr(&mut self, out: &mut String, value: Value) -> R<()> {
        self.print(out, value, Form::Repr)
    }

    /// Appends `str(value)`.
    pub fn write_str(&mut self, out: &mut String, value: Value) -> R<()> {
        match value.cast::<Str>() {
            Some(s) => {
                self.reserve_text(out, s.text.len())?;
                out.push_str(&s.get().text);
            }
            None => self.print(out, value, Form::Str)?,
        }
        Ok(())
    }

    fn print(&mut self, out: &mut String, value: Value, form: Form) -> R<()> {
        self.reserve_text(out, SMALL)?;
        match value.kind() {
            Kind::List | Kind::Tuple | Kind::Dict | Kind::OrderedDict => self.print_container(out, value),
            Kind::Set | Kind::Frozenset | Kind::DictView => self.print_container(out, value),
            Kind::Instance | Kind::Foreign => self.print_object(out, value, form),
            Kind::Exception => self.print_exception(out, value, form),
            Kind::Array => {
                if let Some(array) = value.cast() {
                    out.push_str(&crate::builtins::modules::array::repr(self, array)?);
                }
                Ok(())
            }
            Kind::BigInt => {
                self.reserve_text(out, most_text(value))?;
                out.push_str(&self.decimal(value)?);
                Ok(())
            }
            Kind::Range | Kind::WideRange => self.print_range(out, value),
            Kind::Slice => self.print_slice(out, value),
            Kind::BoundMethod => self.print_bound_method(out, value),
            Kind::Module => self.print_module(out, value),
            _ => {
                self.reserve_text(out, most_text(value))?;
                out.push_str(&plain_text(value, form).unwrap_or_else(|| self.anonymous(value)));
                Ok(())
            }
        }
    }

    fn anonymous(&self, value: Value) -> String {
        format!("<{}>", self.type_name(value))
    }

    fn print_container(&mut self, out: &mut String, value: Value) -> R<()> {
        self.check_native_stack()?;
        match value.kind() {
            Kind::List => self.print_list(out, value),
            Kind::Tuple => self.print_tuple(out, value),
            Kind::Set => self.print_set(out, value),
            Kind::Frozenset => self.print_frozenset(out, value),
            Kind::DictView => self.print_view(out, value),
            Kind::OrderedDict => {
                out.push_str("OrderedDict(");
                self.print_dict(out, value)?;
                out.push(')');
                Ok(())
            }
            _ => self.print_dict(out, value),
        }
    }

    fn print_list(&mut self, out: &mut String, value: Value) -> R<()> {
        let Some(list) = value.cast::<List>() else { return Ok(()) };
        self.print_items(out, ("[", "]"), |i| list.items.get(i))
    }

    /// Items from `at(0)` on until there is none, between brackets.
    fn print_items(
        &mut self,
        out: &mut String,
        (open, close): (&str, &str),
        at: impl Fn(usize) -> Option<Value>,
    ) -> R<()> {
        out.push_str(open);
        let mut i = 0;
        while let Some(item) = at(i) {
            self.checkpoint()?;
            self.reserve_text(out, SMALL)?;
            out.push_str(if i > 0 { ", " } else { "" });
            self.write_repr(out, item)?;
            i += 1;
        }
        self.reserve_text(out, SMALL)?;
        out.push_str(close);
        Ok(())
    }

    fn print_tuple(&mut self, out: &mut String, value: Value) -> R<()> {
        let Some(tuple) = value.cast::<Tuple>() else { return Ok(()) };
        if let Some(class) = tuple.class.get().cast::<Class>() {
            return self.print_named_tuple(out, tuple, class);
        }
        let close = if tuple.len() == 1 { ",)" } else { ")" };
        self.print_items(out, ("(", close), |i| tuple.items().get(i).copied())
    }

    fn print_named_tuple(&mut self, out: &mut String, tuple: Gc<Tuple>, class: Gc<Class>) -> R<()> {
        if let Some(method) = self.python_method(tuple.into(), self.names.repr) {
            let text = self.call(method, &[tuple.into()])?;
            return self.write_str(out, text);
        }
        let fields = self.intern("_fields");
        let names = self.find_in_class(class, fields).and_then(|f| f.cast::<Tuple>());
        let _ = write!(out, "{}(", class.name.text);
        for (i, item) in tuple.items().iter().enumerate() {
            out.push_str(if i > 0 { ", " } else { "" });
            if let Some(name) = names.and_then(|n| n.items().get(i)?.cast::<Str>()) {
                let _ = write!(out, "{}=", name.text);
            }
            self.write_repr(out, *item)?;
        }
        out.push(')');
        Ok(())
    }

    fn print_dict(&mut self, out: &mut String, value: Value) -> R<()> {
        let Some(dict) = value.cast::<Dict>() else { return Ok(()) };
        out.push('{');
        let (mut n, mut separator) = (0, "");
        while let Some((at, key, item)) = dict.next_entry(n) {
            self.checkpoint()?;
            self.reserve_text(out, SMALL)?;
            out.push_str(separator);
            separator = ", ";
            self.write_repr(out, key)?;
            out.push_str(": ");
            self.write_repr(out, item)?;
            n = at + 1;
        }
        self.reserve_text(out, SMALL)?;
        out.push('}');
        Ok(())
    }

    fn print_set(&mut self, out: &mut String, value: Value) -> R<()> {
        let Some(set) = value.cast::<Dict>() else { return Ok(()) };
        if set.is_empty() {
            out.push_str("set()");
            return Ok(());
        }
        self.reserve_many(set.len(), 16)?;
        let keys: Vec<Value> = set.iter().map(|(key, _)| key).collect();
        let keys = self.new_list(keys);
        self.print_items(out, ("{", "}"), |i| keys.items.get(i))
    }

    fn print_frozenset(&mut self, out: &mut String, value: Value) -> R<()> {
        if self.builtin_len(value) == Some(0) {
            out.push_str("frozenset()");
            return Ok(());
        }
        out.push_str("frozenset(");
        self.print_set(out, value)?;
        out.push(')');
        Ok(())
    }

    fn print_view(&mut self, out: &mut String, value: Value) -> R<()> {
        let Some(view) = value.cast::<DictView>() else { return Ok(()) };
        out.push_str(match view.what {
            IterKind::Values => "dict_values",
            IterKind::Items => "dict_items",
            _ => "dict_keys",
        });
        let items = self.collect_list(value)?;
        self.print_items(out, ("([", "])"), |i| items.items.get(i))
    }

    fn print_range(&mut self, out: &mut String, value: Value) -> R<()> {
        if let Some(range) = value.cast::<WideRange>() {
            return self.print_wide_range(out, range);
        }
        if let Some(range) = value.cast::<Range>() {
            let _ = write!(out, "range({}, {}", range.start, range.stop);
            let _ = if range.step == 1 { write!(out, ")") } else { write!(out, ", {})", range.step) };
        }
        Ok(())
    }

    fn print_wide_range(&mut self, out: &mut String, range: Gc<WideRange>) -> R<()> {
        let parts = [range.start, range.stop, range.step];
        let shown = if range.step == Value::small(1) { 2 } else { 3 };
        self.print_items(out, ("range(", ")"), |i| parts[..shown].get(i).copied())
    }

    fn print_slice(&mut self, out: &mut String, value: Value) -> R<()> {
        let Some(slice) = value.cast::<Slice>() else { return Ok(()) };
        let parts = [slice.start, slice.stop, slice.step];
        self.print_items(out, ("slice(", ")"), |i| parts.get(i).copied())
    }

    fn print_bound_method(&mut self, out: &mut String, value: Value) -> R<()> {
        let Some(method) = value.cast::<BoundMethod>() else { return Ok(()) };
        let _ = write!(out, "<bound_method {:#x} ", value.bits());
        self.write_repr(out, method.this)?;
        out.push('.');
        self.write_repr(out, method.function)?;
        out.push('>');
        Ok(())
    }

    fn print_module(&mut self, out: &mut String, value: Value) -> R<()> {
        let Some(module) = value.cast::<Module>() else { return Ok(()) };
        let _ = write!(out, "<module '{}'", module.name.text);
        if let Some(file) = module.globals.get_name(self.names.file) {
            out.push_str(" from '");
            self.write_str(out, file)?;
            out.push('\'');
        }
        out.push('>');
        Ok(())
    }

    fn print_object(&mut self, out: &mut String, value: Value, form: Form) -> R<()> {
        if let Some(method) = self.print_method(value, form) {
            self.check_native_stack()?;
            return self.write_method_text(out, method, value);
        }
        match self.wrapped(value) {
            Some(inner) => self.print(out, inner, form),
            None => {
                let _ = write!(out, "<{} object at {:#x}>", self.type_name(value), value.bits());
                Ok(())
            }
        }
    }

    /// What `__str__` or `__repr__` says, which has to be a string.
    fn write_method_text(&mut self, out: &mut String, method: Value, value: Value) -> R<()> {
        let text = self.call_special(method, &[value])?;
        match self.unwrapped(text).cast::<Str>() {
            Some(text) => out.push_str(&text.text),
            None => {
                let name = self.type_name(text);
                return Err(self.type_error(format!("__str__ returned non-string (type {name})")));
            }
        }
        Ok(())
    }

    /// `__str__` (if that is the form) or `__repr__` of the value's class.
    fn print_method(&mut self, value: Value, form: Form) -> Option<Value> {
        let own = if form == Form::Str { self.python_method(value, self.names.str_) } else { None };
        own.or_else(|| self.python_method(value, self.names.repr))
    }

    /// A special method that is not the default one of a built-in base class, which would lead back here.
    fn python_method(&mut self, value: Value, name: Gc<Str>) -> Option<Value> {
        let method = self.special(value, name)?;
        let default = method.kind() == Kind::Native
            && (value.kind() != Kind::Foreign || self.types.object.attrs.get_name(name) == Some(method));
        (!default).then_some(method)
    }

    fn print_exception(&mut self, out: &mut String, value: Value, form: Form) -> R<()> {
        self.check_native_stack()?;
        if let Some(method) = self.print_method(value, form) {
            return self.write_method_text(out, method, value);
        }
        let Some(exception) = value.cast::<Exception>() else { return Ok(()) };
        let args = exception.args.get();
        if form == Form::Repr {
            out.push_str(&exception.class.name.text);
            return self.print_tuple(out, args.into());
        }
        if Class::is_subclass(exception.class, self.exceptions.OSError) && self.print_errno(out, args)? {
            return Ok(());
        }
        match args.items() {
            [] => Ok(()),
            // So that a key which is an empty string is seen.
            [only] if Class::is_subclass(exception.class, self.exceptions.KeyError) => {
                self.write_repr(out, *only)
            }
            [only] => self.write_str(out, *only),
            _ => self.print_tuple(out, args.into()),
        }
    }

    /// `[Errno 2] ENOENT: text`; false if the arguments do not have that form.
    fn print_errno(&mut self, out: &mut String, args: Gc<Tuple>) -> R<bool> {
        let items = args.get().items();
        let name = items.first().filter(|_| items.len() < 3).and_then(|n| errno_name(n.as_small()?));
        let Some(name) = name else { return Ok(false) };
        let _ = write!(out, "[Errno {}] {name}", items[0].small_unchecked());
        if let Some(detail) = items.get(1) {
            out.push_str(": ");
            self.write_str(out, *detail)?;
        }
        Ok(true)
    }
}

/// Room for brackets, names and small numbers.
const SMALL: usize = 64;

/// More bytes than the text of a value of any size needs, what is in between included.
fn most_text(value: Value) -> usize {
    match value.kind() {
        // A control character is shown as four.
        Kind::Str => value.cast::<Str>().map_or(0, |s| s.text.len().saturating_mul(5)),
        Kind::Bytes | Kind::Bytearray => value.cast::<Bytes>().map_or(0, |b| b.data.len().saturating_mul(9)),
        Kind::BigInt => value.cast::<BigInt>().map_or(0, |n| n.value.bits() as usize),
        _ => SMALL,
    }
}

impl Vm {
    /// The digits of a long int.
    fn decimal(&mut self, value: Value) -> R<String> {
        // Bits from which on it takes milliseconds.
        const LONG: u64 = 1 << 18;
        let Some(number) = value.cast::<BigInt>() else { return Ok(String::new()) };
        if number.value.bits() <= LONG {
            return Ok(number.value.to_string());
        }
        let copy = number.value.clone();
        self.detached(move || copy.to_string())
    }
}

/// Values whose text needs no further values.
fn plain_text(value: Value, form: Form) -> Option<String> {
    let at = value.bits();
    Some(match value.kind() {
        Kind::None => "None".to_owned(),
        Kind::Bool => if value == Value::TRUE { "True" } else { "False" }.to_owned(),
        Kind::Ellipsis => "Ellipsis".to_owned(),
        Kind::NotImplemented => "NotImplemented".to_owned(),
        Kind::Int => value.as_small()?.to_string(),
        Kind::Float => float_repr(value.as_float()?),
        Kind::Complex => complex_parts(value).map(|(re, im)| complex_repr(re, im))?,
        Kind::Str if form == Form::Str => value.cast::<Str>()?.text.to_string(),
        Kind::Str => str_repr(&value.cast::<Str>()?.text),
        Kind::Bytes => bytes_repr(value.cast::<Bytes>()?.data.slice()),
        Kind::Bytearray => format!("bytearray({})", bytes_repr(value.cast::<Bytes>()?.data.slice())),
        Kind::Function => format!("<function {} at {at:#x}>", value.cast::<Function>()?.code.name.text),
        Kind::Closure => {
            format!("<function {} at {at:#x}>", value.cast::<Closure>()?.function.code.name.text)
        }
        Kind::Native => format!("<built-in function {}>", value.cast::<Native>()?.def.name),
        Kind::Generator => {
            format!("<generator object '{}' at {at:#x}>", value.cast::<Generator>()?.code.name.text)
        }
        Kind::Class => format!("<class '{}'>", value.cast::<Class>()?.name.text),
        Kind::Super => format!("<super: <class '{}'>>", value.cast::<Super>()?.class.name.text),
        Kind::Code => code_repr(value.cast::<CodeObject>()?.code, at),
        Kind::Frame => frame_repr(value.cast::<FrameObject>()?.get(), at),
        Kind::Traceback => format!("<traceback object at {at:#x}>"),
        Kind::Object => format!("<object object at {at:#x}>"),
        Kind::Memoryview => "<memoryview>".to_owned(),
        Kind::Iter => format!("<{}>", iterator_name(value.cast::<Iter>()?.what)),
        _ => return None,
    })
}

fn code_repr(code: &Code, at: u64) -> String {
    let (name, file) = (&code.name.text, &code.unit.file.text);
    let line = crate::interp::tracing::first_line(code).max(1);
    format!("<code object {name} at {at:#x}, file \"{file}\", line {line}>")
}

/// The line is the one it was last seen at; the machine knows better.
fn frame_repr(frame: &FrameObject, at: u64) -> String {
    let (name, file) = (&frame.code.get().name.text, &frame.code.get().unit.file.text);
    let line = match (frame.line.get(), frame.at.get()) {
        (0, 0) => crate::interp::tracing::first_line(frame.code.get()),
        (0, at) => frame.code.get().line(at as usize - 1),
        (line, _) => line,
    };
    format!("<frame at {at:#x}, file '{file}', line {line}, code {name}>")
}

fn iterator_name(what: IterKind) -> &'static str {
    match what {
        IterKind::Enumerate => "enumerate",
        IterKind::Zip => "zip",
        IterKind::Map => "map",
        IterKind::Filter => "filter",
        IterKind::Reversed => "reversed",
        _ => "iterator",
    }
}

/// The quote that needs fewer escapes.
fn quote_for(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

/// How many bytes at the beginning stand for themselves, most of what texts consist of.
fn plain_len(data: &[u8], quote: char) -> usize {
    let is_special = |b: &u8| !matches!(b, b' '..=b'~') || *b == b'\\' || *b == quote as u8;
    data.iter().position(is_special).unwrap_or(data.len())
}

/// `repr` of a string.
pub fn str_repr(text: &str) -> String {
    let quote = quote_for(text.contains('\''), text.contains('"'));
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    let mut rest = text;
    loop {
        let (plain, special) = rest.split_at(plain_len(rest.as_bytes(), quote));
        out.push_str(plain);
        let Some(c) = special.chars().next() else { break };
        push_escaped(&mut out, c, quote);
        rest = &special[c.len_utf8()..];
    }
    out.push(quote);
    out
}

/// `repr` of bytes.
pub fn bytes_repr(data: &[u8]) -> String {
    let quote = quote_for(data.contains(&b'\''), data.contains(&b'"'));
    let mut out = String::with_capacity(data.len() + 3);
    out.push('b');
    out.push(quote);
    for byte in data {
        match byte {
            128.. => {
                let _ = write!(out, "\\x{byte:02x}");
            }
            _ => push_escaped(&mut out, *byte as char, quote),
        }
    }
    out.push(quote);
    out
}

fn push_escaped(out: &mut String, c: char, quote: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        c if c == quote => {
            out.push('\\');
            out.push(c);
        }
        '\0'..' ' | '\x7f' => {
            let _ = write!(out, "\\x{:02x}", c as u32);
        }
        _ => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtins::testing::vm;

    fn check(make: impl FnOnce(&mut Vm) -> Value, repr: &str) {
        let mut vm = vm();
        let value = make(&mut vm);
        assert_eq!(vm.repr(value).expect("no exception"), repr);
    }

    #[test]
    fn text() {
        assert_eq!(str_repr("it's"), "\"it's\"");
        assert_eq!(str_repr("a'b\"c"), "'a\\'b\"c'");
        assert_eq!(str_repr("\n\t\\\x01\x7fä"), "'\\n\\t\\\\\\x01\\x7fä'");
        assert_eq!(bytes_repr(b"a\xff'"), "b\"a\\xff'\"");
    }

    #[test]
    fn containers() {
        check(|_| Value::NONE, "None");
        check(|vm| vm.tuple(&[Value::small(1)]), "(1,)");
        check(|vm| vm.range(0, 5, 2), "range(0, 5, 2)");
        check(
            |vm| {
                let text = vm.str("x");
                let inner = vm.tuple(&[]);
                vm.list(vec![text, inner, Value::TRUE])
            },
            "['x', (), True]",
        );
        check(
            |vm| {
                let dict = vm.new_dict();
                for n in 0..2 {
                    vm.dict_set(dict, Value::small(n), Value::NONE).expect("hashable");
                }
                dict.into()
            },
            "{0: None, 1: None}",
        );
        check(|vm| vm.new_table(Kind::Set).into(), "set()");
    }

    #[test]
    fn exceptions() {
        let mut vm = vm();
        let raise = vm.value_error("x");
        assert_eq!(vm.repr(raise.0.into()).expect("ok"), "ValueError('x',)");
        assert_eq!(vm.str_of(raise.0.into()).expect("ok"), "x");
        let class = vm.exceptions.OSError;
        let raise = vm.raise_with(class, &[Value::small(2)]);
        assert_eq!(vm.str_of(raise.0.into()).expect("ok"), "[Errno 2] ENOENT");
    }

    #[test]
    fn a_list_in_itself_is_refused() {
        let mut vm = vm();
        let list = vm.new_list(Vec::new());
        list.items.push(list.into());
        let raise = vm.repr(list.into()).expect_err("endless");
        assert!(vm.matches(raise, vm.exceptions.RuntimeError));
    }
}
