//! `template % values`, for strings and bytes. Works on bytes: every directive is ASCII.

use num_traits::ToPrimitive;

use crate::builtins::numbers::int::to_int;
use crate::builtins::text::format::ascii_only;
use crate::builtins::text::format_spec::Spec;
use crate::error::{R, Raise};
use crate::object::dict::Dict;
use crate::object::kind::Kind;
use crate::object::sequence::Tuple;
use crate::object::text::{Bytes, Str};
use crate::object::value::Value;
use crate::runtime::number::{Num, number};
use crate::vm::Vm;

/// `template % values`; `for_bytes` if the template is a byte string.
pub fn percent(vm: &mut Vm, template: &[u8], values: Value, for_bytes: bool) -> R<Vec<u8>> {
    let mut job = Job { rest: template, values, used: 0, for_bytes, keyed: false };
    let mut out = Vec::with_capacity(template.len() + 16);
    while let Some(at) = job.rest.iter().position(|b| *b == b'%') {
        out.extend_from_slice(&job.rest[..at]);
        job.rest = &job.rest[at + 1..];
        job.directive(vm, &mut out, template.len())?;
    }
    out.extend_from_slice(job.rest);
    job.check_all_used(vm)?;
    Ok(out)
}

/// Widths and precisions beyond this are not told apart: no memory holds such a text.
const MOST: i64 = 1 << 60;

struct Job<'a> {
    rest: &'a [u8],
    values: Value,
    used: usize,
    for_bytes: bool,
    /// Some directive took its value from a dict.
    keyed: bool,
}

impl Job<'_> {
    fn directive(&mut self, vm: &mut Vm, out: &mut Vec<u8>, total: usize) -> R<()> {
        if self.peek() == Some(b'%') {
            self.rest = &self.rest[1..];
            out.push(b'%');
            return Ok(());
        }
        let keyed = self.key(vm)?;
        let mut spec = self.flags();
        if let Some(width) = self.size(vm)? {
            if width < 0 {
                spec.align = Some('<');
            }
            spec.width = width.unsigned_abs() as usize;
        }
        if self.peek() == Some(b'.') {
            self.rest = &self.rest[1..];
            spec.precision = Some(self.size(vm)?.unwrap_or(0).max(0) as usize);
        }
        while self.peek().is_some_and(|b| b"hlL".contains(&b)) {
            self.rest = &self.rest[1..];
        }
        let Some(letter) = self.peek() else { return Err(vm.value_error("incomplete format")) };
        self.rest = &self.rest[1..];
        if letter == b'%' {
            out.push(b'%');
            return Ok(());
        }
        let value = match keyed {
            Some(value) => value,
            None => self.next_value(vm)?,
        };
        let at = total - self.rest.len() - 1;
        self.convert(vm, out, letter, value, spec, at)
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The value of `%(key)…`.
    fn key(&mut self, vm: &mut Vm) -> R<Option<Value>> {
        let Some(after) = self.rest.strip_prefix(b"(") else { return Ok(None) };
        let has_keys = self.values.cast::<Dict>().is_some() || self.values.kind() == Kind::Instance;
        if !has_keys {
            return Err(vm.type_error("format needs a dict"));
        }
        let Some(end) = after.iter().position(|b| *b == b')') else {
            return Err(vm.value_error("incomplete format key"));
        };
        let name = String::from_utf8_lossy(&after[..end]).into_owned();
        let key = if self.for_bytes { vm.bytes(name.into_bytes()) } else { vm.str(name) };
        self.rest = &after[end + 1..];
        self.keyed = true;
        vm.get_item(self.values, key).map(Some)
    }

    fn flags(&mut self) -> Spec {
        let mut spec = Spec::default();
        while let Some(flag) = self.peek() {
            match flag {
                b'-' => spec.align = Some('<'),
                b'+' => spec.sign = Some('+'),
                b' ' if spec.sign.is_none() => spec.sign = Some(' '),
                b' ' => {}
                b'#' => spec.alternate = true,
                b'0' => spec.zero = true,
                _ => break,
            }
            self.rest = &self.rest[1..];
        }
        spec
    }

    /// A number or `*`.
    fn size(&mut self, vm: &mut Vm) -> R<Option<i64>> {
        if self.peek() == Some(b'*') {
            self.rest = &self.rest[1..];
            let value = self.next_value(vm)?;
            return vm.index_value(value).map(|n| Some(n.clamp(-MOST, MOST)));
        }
        let end = self.rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(digits
            .iter()
            .map(|b| (b - b'0') as i64)
            .reduce(|n, d| n.saturating_mul(10).saturating_add(d).min(MOST)))
    }

    fn next_value(&mut self, vm: &mut Vm) -> R {
        let value = match self.values.cast::<Tuple>() {
            Some(tuple) => tuple.items().get(self.used).copied(),
            None => (self.used == 0 && !self.keyed).then_some(self.values),
        };
        self.used += 1;
        value.ok_or_else(|| vm.type_error("not enough arguments for format string"))
    }

    fn check_all_used(&self, vm: &mut Vm) -> R<()> {
        let given = match self.values.cast::<Tuple>() {
            Some(tuple) => tuple.len(),
            None if self.keyed || is_mapping(vm, self.values) => 0,
            None => 1,
        };
        if self.used < given {
            return Err(vm.type_error("not all arguments converted during string formatting"));
        }
        Ok(())
    }

    fn convert(
        &self,
        vm: &mut Vm,
        out: &mut Vec<u8>,
        letter: u8,
        value: Value,
        mut spec: Spec,
        at: usize,
    ) -> R<()> {
        let mut text = String::new();
        vm.reserve_formatted(out.len(), value, &Spec { kind: Some(letter as char), ..spec.clone() })?;
        match letter {
            b's' | b'b' if self.for_bytes && value.cast::<Bytes>().is_some() => {
                let data = value.cast::<Bytes>().map(|b| b.data.to_vec()).unwrap_or_default();
                pad_bytes(out, &data[..data.len().min(spec.precision.unwrap_or(usize::MAX))], &spec);
                return Ok(());
            }
            b's' | b'r' | b'a' => {
                let shown = shown(vm, letter, value)?;
                spec.align = spec.align.or(Some('>'));
                spec.text(&mut text, &shown);
            }
            b'c' => self.character(vm, &mut text, value, spec)?,
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' => int(vm, &mut text, letter, value, spec)?,
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {
                let x = vm.float_value(value)?;
                spec.kind = Some(letter as char);
                zero_fill(&mut spec);
                spec.float(&mut text, x);
            }
            _ => return Err(unsupported(vm, letter, at)),
        }
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn character(&self, vm: &mut Vm, text: &mut String, value: Value, mut spec: Spec) -> R<()> {
        spec.align = spec.align.or(Some('>'));
        match number(value) {
            Some(Num::Small(n)) => {
                if !spec.character(text, &n.into()) {
                    return Err(vm.overflow_error("%c arg not in range(0x110000)"));
                }
            }
            _ => match value.cast::<Str>() {
                Some(s) if s.chars == 1 => spec.text(text, &s.text),
                _ => return Err(vm.type_error("%c needs int or char")),
            },
        }
        Ok(())
    }
}

#[cold]
fn unsupported(vm: &mut Vm, letter: u8, at: usize) -> Raise {
    let shown = letter as char;
    vm.value_error(format!("unsupported format character '{shown}' (0x{letter:x}) at index {at}"))
}

fn shown(vm: &mut Vm, letter: u8, value: Value) -> R<String> {
    match letter {
        b's' => vm.str_of(value),
        b'r' => vm.repr(value),
        _ => Ok(ascii_only(&vm.repr(value)?)),
    }
}

/// `0` pads between sign and digits, unless `-` was given.
fn zero_fill(spec: &mut Spec) {
    spec.zero &= spec.align.is_none();
    if spec.zero {
        spec.fill = '0';
    }
}

fn int(vm: &mut Vm, text: &mut String, letter: u8, value: Value, mut spec: Spec) -> R<()> {
    let inner = vm.wrapped(value).unwrap_or(value);
    let n = match number(inner) {
        Some(Num::Float(x)) if letter == b'd' || letter == b'i' || letter == b'u' => vm.float_to_int(x)?,
        Some(Num::Float(_)) => return Err(vm.type_error("integer needed")),
        Some(n) => n.into_big(),
        None if value.kind() == Kind::Instance => {
            let n = to_int(vm, value)?;
            vm.big_arg(n)?
        }
        None => {
            let name = vm.type_name(value);
            return Err(vm.type_error(format!("can't convert {name} to int")));
        }
    };
    spec.kind = Some(if b"iu".contains(&letter) { 'd' } else { letter as char });
    match spec.precision.take() {
        Some(digits) => with_digits(text, n, spec, digits),
        None => {
            zero_fill(&mut spec);
            match n.to_i64() {
                Some(n) => spec.small(text, n),
                None => spec.int(text, &n),
            };
        }
    }
    Ok(())
}

/// At least this many digits, then the padding.
fn with_digits(text: &mut String, n: num_bigint::BigInt, spec: Spec, digits: usize) {
    let mut body = String::new();
    let extra = n.sign() == num_bigint::Sign::Minus || spec.sign.is_some();
    let zeros = spec.zero && spec.align.is_none();
    let prefix = if spec.alternate && spec.kind != Some('d') { 2 } else { 0 };
    let inner = Spec {
        width: (digits + extra as usize + prefix).max(if zeros { spec.width } else { 0 }),
        zero: true,
        fill: '0',
        align: None,
        ..spec.clone()
    };
    inner.int(&mut body, &n);
    spec.pad(text, &body, '>');
}

fn pad_bytes(out: &mut Vec<u8>, data: &[u8], spec: &Spec) {
    let missing = spec.width.saturating_sub(data.len());
    let left = spec.align == Some('<');
    out.extend(std::iter::repeat_n(b' ', if left { 0 } else { missing }));
    out.extend_from_slice(data);
    out.extend(std::iter::repeat_n(b' ', if left { missing } else { 0 }));
}

/// Whatever has items by key may stay unused.
fn is_mapping(vm: &mut Vm, values: Value) -> bool {
    match values.kind() {
        Kind::Dict | Kind::OrderedDict | Kind::List => true,
        Kind::Instance => vm.special(values, vm.names.getitem).is_some(),
        _ => false,
    }
}
