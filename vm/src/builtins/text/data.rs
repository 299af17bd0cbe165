//! Strings and byte strings seen as one thing: bytes with a kind.
//!
//! Most methods are the same for both (`split`, `replace`, `find` …) and are written once, on bytes; a UTF-8
//! needle is only ever found at a character boundary. What differs (indices, case, blanks) asks the kind.

use std::ops::Deref;

use crate::error::{R, Raise};
use crate::object::array::Window;
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

enum Data {
    Str(Gc<Str>),
    Window(Window),
}

/// The contents of a str, bytes or bytearray. Do not hold it across calls into Python.
pub struct Text {
    /// Str, Bytes or Bytearray.
    pub kind: Kind,
    data: Data,
}

impl Deref for Text {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        match &self.data {
            Data::Str(s) => s.text.as_bytes(),
            Data::Window(w) => w.bytes(),
        }
    }
}

impl Text {
    /// `None` if the value is no text.
    pub fn of(value: Value) -> Option<Text> {
        let kind = value.kind();
        let data = match kind {
            Kind::Str => Data::Str(value.cast::<Str>()?),
            Kind::Bytes | Kind::Bytearray => Data::Window(Window::of(value)?),
            _ => return None,
        };
        Some(Text { kind, data })
    }

    /// The same for everything that has bytes to look at: memoryviews and arrays count as bytes.
    pub fn of_buffer(value: Value) -> Option<Text> {
        Text::of(value).or_else(|| Some(Text { kind: Kind::Bytes, data: Data::Window(Window::of(value)?) }))
    }

    pub fn is_str(&self) -> bool {
        self.kind == Kind::Str
    }

    /// The text of a string; empty for bytes.
    pub fn as_str(&self) -> &str {
        match &self.data {
            Data::Str(s) => &s.text,
            Data::Window(_) => "",
        }
    }

    /// Characters; bytes beyond ASCII are replacement characters, which belong to no class.
    pub fn each_char(&self) -> impl Iterator<Item = char> + '_ {
        let bytes: &[u8] = if self.is_str() { &[] } else { self };
        let other = |b: &u8| if b.is_ascii() { *b as char } else { char::REPLACEMENT_CHARACTER };
        self.as_str().chars().chain(bytes.iter().map(other))
    }

    /// One index per byte.
    pub fn is_byte_indexed(&self) -> bool {
        match &self.data {
            Data::Str(s) => s.is_ascii(),
            Data::Window(_) => true,
        }
    }

    /// Number of items: characters or bytes.
    pub fn count(&self) -> usize {
        match &self.data {
            Data::Str(s) => s.chars as usize,
            Data::Window(w) => w.len,
        }
    }

    /// Byte offset of item `i`.
    pub fn offset(&self, i: usize) -> usize {
        match &self.data {
            Data::Str(s) => s.offset(i),
            Data::Window(w) => i.min(w.len),
        }
    }

    /// Item number at a byte offset.
    pub fn index(&self, offset: usize) -> usize {
        match &self.data {
            Data::Str(s) => s.index(offset),
            Data::Window(_) => offset,
        }
    }
}

/// Blanks of `split()` and `strip()`.
pub fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r' | '\x1c'..='\x1f') || (!c.is_ascii() && c.is_whitespace())
}

pub fn is_blank_byte(b: u8) -> bool {
    matches!(b, b' ' | b'\t'..=b'\r')
}

/// Moves an index into `0..=len`, counting from the end if negative.
fn clip(n: i64, len: usize) -> usize {
    let n = if n < 0 { n.saturating_add(len as i64) } else { n };
    n.max(0) as usize
}

/// From where to where to look; negative numbers count from the end.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    start: i64,
    end: i64,
}

impl Bounds {
    /// The bounds in a text of `len` items; `None` if nothing lies between them.
    pub fn fit(self, len: usize) -> Option<(usize, usize)> {
        let (start, end) = (clip(self.start, len), clip(self.end, len).min(len));
        (start <= end).then_some((start, end))
    }
}

impl Vm {
    /// Optional `start` and `end` arguments of `find` and its kin, as plain numbers.
    pub fn find_bounds(&mut self, start: Option<Value>, end: Option<Value>) -> R<Bounds> {
        let start = match start.filter(|v| !v.is_none()) {
            Some(n) => self.slice_index(n)?,
            None => 0,
        };
        let end = match end.filter(|v| !v.is_none()) {
            Some(n) => self.slice_index(n)?,
            None => i64::MAX,
        };
        Ok(Bounds { start, end })
    }

    /// The string or bytes a method was called on, subclasses included.
    pub fn text(&mut self, value: Value) -> R<Text> {
        let inner = self.wrapped(value).unwrap_or(value);
        Text::of_buffer(inner).ok_or_else(|| self.no_text(value, Kind::Str))
    }

    /// An argument of the same sort as a receiver of this kind.
    pub fn text_arg(&mut self, kind: Kind, value: Value) -> R<Text> {
        let inner = self.wrapped(value).unwrap_or(value);
        match Text::of_buffer(inner) {
            Some(text) if text.is_str() == (kind == Kind::Str) => Ok(text),
            _ => Err(self.no_text(value, kind)),
        }
    }

    #[cold]
    fn no_text(&mut self, value: Value, kind: Kind) -> Raise {
        let (name, wanted) = (self.type_name(value), kind.type_name());
        self.type_error(format!("can't convert '{name}' object to {wanted} implicitly"))
    }

    /// A new text of this kind.
    pub fn new_text(&mut self, kind: Kind, data: impl Into<Vec<u8>>) -> Value {
        let data = data.into();
        match kind {
            Kind::Str => match String::from_utf8(data) {
                Ok(text) => self.str(text),
                Err(error) => self.str(String::from_utf8_lossy(error.as_bytes()).into_owned()),
            },
            Kind::Bytearray => self.bytearray(data),
            _ => self.bytes(data),
        }
    }
}
