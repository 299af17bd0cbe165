//! `format(x, spec)` and `str.format`.

use crate::builtins::text::format_spec::Spec;
use crate::error::{R, Raise};
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::number::BigInt;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::runtime::number::{Num, number};
use crate::vm::Vm;

pub const FUNCTIONS: &[NativeDef] =
    &[NativeDef::any("ascii", ascii, 1, 1), NativeDef::any("format", format, 1, 2)];

fn format(vm: &mut Vm, args: Args<'_>) -> R {
    let spec = match args.get(1) {
        Some(spec) => vm.str_arg(spec)?.get(),
        None => vm.names.empty.get(),
    };
    let mut out = String::new();
    vm.write_formatted(&mut out, args.pos[0], &spec.text)?;
    Ok(vm.str(out))
}

/// `template.format(*args, **kw)`; the template is the first argument.
pub fn str_format(vm: &mut Vm, args: Args<'_>) -> R {
    let template = vm.str_arg(args.pos[0])?.get();
    let args = Args { pos: &args.pos[1..], kw: args.kw };
    let mut fields = Fields { args, numbering: Numbering::Unknown };
    let mut out = String::with_capacity(template.text.len() + 16);
    fields.expand(vm, &mut out, &template.text, 0)?;
    Ok(vm.str(out))
}

impl Vm {
    /// Appends `format(value, spec)`.
    pub fn write_formatted(&mut self, out: &mut String, value: Value, spec: &str) -> R<()> {
        if matches!(value.kind(), Kind::Instance | Kind::Foreign | Kind::Exception)
            && let Some(method) = self.special(value, self.names.format)
        {
            let spec = self.str(spec);
            let text = self.call(method, &[value, spec])?;
            return self.write_str(out, text);
        }
        if spec.is_empty() {
            return self.write_str(out, value);
        }
        let value = self.wrapped(value).unwrap_or(value);
        let Some(parsed) = Spec::parse(spec) else {
            return Err(self.value_error("invalid format specifier"));
        };
        self.write_with_spec(out, value, &parsed)
    }

    /// Room for what is going to be formatted.
    #[inline]
    pub(crate) fn reserve_formatted(&mut self, out: usize, value: Value, spec: &Spec) -> R<()> {
        const USUAL: usize = 1024;
        let number = value.is_small() || value.kind() == Kind::Float;
        if number && out < USUAL && spec.width < USUAL && spec.precision.is_none_or(|n| n < USUAL) {
            return Ok(());
        }
        self.reserve_any_formatted(out, value, spec)
    }

    fn reserve_any_formatted(&mut self, out: usize, value: Value, spec: &Spec) -> R<()> {
        let len = match (value.cast::<Str>(), value.cast::<BigInt>()) {
            (Some(text), _) => text.text.len(),
            (_, Some(big)) => big.value.bits() as usize,
            // A float can have 309 digits before the point.
            _ => 400,
        };
        let float =
            matches!(spec.kind, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) || value.kind() == Kind::Float;
        if float && spec.is_too_precise() {
            return Err(self.value_error("precision too big"));
        }
        self.reserve(spec.most_bytes(len).saturating_add(2 * out))
    }

    fn write_with_spec(&mut self, out: &mut String, value: Value, spec: &Spec) -> R<()> {
        self.reserve_formatted(out.len(), value, spec)?;
        match number(value) {
            Some(Num::Float(x)) if spec.float(out, x) => Ok(()),
            Some(Num::Float(_)) => Err(self.unknown_code(spec, value)),
            Some(n) => self.write_int(out, value, n, spec),
            None => match value.cast::<Str>() {
                Some(s) => self.write_text(out, value, &s.get().text, spec),
                None => Err(self.not_formattable(value)),
            },
        }
    }

    #[cold]
    fn not_formattable(&mut self, value: Value) -> Raise {
        let name = self.type_name(value);
        self.type_error(format!("can't convert '{name}' object to str implicitly"))
    }

    fn write_int(&mut self, out: &mut String, value: Value, n: Num, spec: &Spec) -> R<()> {
        if spec.kind == Some('c') {
            if spec.sign.is_some() {
                return Err(self.value_error("sign not allowed with integer format specifier 'c'"));
            }
            let done = spec.character(out, &n.into_big());
            return if done { Ok(()) } else { Err(self.overflow_error("char not in range(0x110000)")) };
        }
        let done = match (&n, spec.kind) {
            (_, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%')) => spec.float(out, n.to_f64()),
            (Num::Small(small), _) => spec.small(out, *small),
            _ => spec.int(out, &n.into_big()),
        };
        if done { Ok(()) } else { Err(self.unknown_code(spec, value)) }
    }

    fn write_text(&mut self, out: &mut String, value: Value, text: &str, spec: &Spec) -> R<()> {
        if spec.sign.is_some() {
            return Err(self.value_error("sign not allowed in string format specifier"));
        }
        if spec.align == Some('=') {
            return Err(self.value_error("'=' alignment not allowed in string format specifier"));
        }
        if !matches!(spec.kind, None | Some('s')) {
            return Err(self.unknown_code(spec, value));
        }
        spec.text(out, text);
        Ok(())
    }

    #[cold]
    fn unknown_code(&mut self, spec: &Spec, value: Value) -> Raise {
        let code = spec.kind.unwrap_or(' ');
        let name = self.type_name(value);
        self.value_error(format!("unknown format code '{code}' for object of type '{name}'"))
    }
}

/// How the fields so far were numbered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Unknown,
    Manual,
    /// The number of the next field.
    Automatic(usize),
}

/// What the replacement fields of one template draw from.
struct Fields<'a> {
    args: Args<'a>,
    numbering: Numbering,
}

impl Fields<'_> {
    /// Appends the template with its fields replaced.
    fn expand(&mut self, vm: &mut Vm, out: &mut String, template: &str, depth: usize) -> R<()> {
        let mut rest = template;
        while let Some(at) = rest.find(['{', '}']) {
            out.push_str(&rest[..at]);
            let brace = rest.as_bytes()[at];
            let after = &rest[at + 1..];
            if after.as_bytes().first() == Some(&brace) {
                out.push(brace as char);
                rest = &after[1..];
            } else if brace == b'}' {
                return Err(vm.value_error("single '}' encountered in format string"));
            } else {
                rest = self.field(vm, out, after, depth)?;
            }
        }
        out.push_str(rest);
        Ok(())
    }

    /// One field, from behind its brace; gives what follows it.
    fn field<'t>(&mut self, vm: &mut Vm, out: &mut String, text: &'t str, depth: usize) -> R<&'t str> {
        let name_end = text.find(['!', ':', '}', '[']).unwrap_or(text.len());
        let name_end = match text[name_end..].starts_with('[') {
            true => end_of_indexed(text),
            false => name_end,
        };
        let (name, mut rest) = text.split_at(name_end);
        let mut conversion = None;
        if let Some(after) = rest.strip_prefix('!') {
            conversion = Some(take_conversion(vm, after)?);
            rest = &after[1..];
            if !rest.is_empty() && !rest.starts_with([':', '}']) {
                return Err(vm.value_error("expected ':' after format specifier"));
            }
        }
        let mut spec = "";
        if let Some(after) = rest.strip_prefix(':') {
            let end = end_of_spec(after);
            (spec, rest) = after.split_at(end);
        }
        let Some(rest) = rest.strip_prefix('}') else {
            return Err(vm.value_error("unmatched '{' in format"));
        };
        let value = self.lookup(vm, name)?;
        let value = convert(vm, value, conversion)?;
        self.write(vm, out, value, spec, depth)?;
        Ok(rest)
    }

    fn write(&mut self, vm: &mut Vm, out: &mut String, value: Value, spec: &str, depth: usize) -> R<()> {
        if !spec.contains('{') {
            return vm.write_formatted(out, value, spec);
        }
        if depth > 1 {
            return Err(vm.value_error("recursion depth exceeded"));
        }
        let mut expanded = String::new();
        self.expand(vm, &mut expanded, spec, depth + 1)?;
        vm.write_formatted(out, value, &expanded)
    }

    /// The value of `name.attr[index]…`.
    fn lookup(&mut self, vm: &mut Vm, name: &str) -> R {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut path) = name.split_at(end);
        let mut value = self.argument(vm, first)?;
        while !path.is_empty() {
            if let Some(after) = path.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let attr = vm.intern(&after[..end]);
                value = vm.load_attr(value, attr)?;
                path = &after[end..];
            } else {
                let Some((key, after)) = path[1..].split_once(']') else {
                    return Err(vm.value_error("missing ']' in format string"));
                };
                let key = match key.parse() {
                    Ok(n) => vm.int(n),
                    Err(_) => vm.str(key),
                };
                value = vm.get_item(value, key)?;
                path = after;
            }
        }
        Ok(value)
    }

    fn argument(&mut self, vm: &mut Vm, name: &str) -> R {
        let index = if name.is_empty() {
            Some(self.next_number(vm)?)
        } else {
            let manual = name.parse().ok();
            if manual.is_some() {
                self.note_manual(vm)?;
            }
            manual
        };
        match index {
            Some(i) => match self.args.get(i) {
                Some(value) => Ok(value),
                None => Err(vm.index_error("Replacement index 0 out of range for positional args tuple")),
            },
            None => match self.args.keyword(name) {
                Some(value) => Ok(value),
                None => {
                    let key = vm.str(name);
                    Err(vm.key_error(key))
                }
            },
        }
    }

    fn next_number(&mut self, vm: &mut Vm) -> R<usize> {
        let n = match self.numbering {
            Numbering::Automatic(n) => n,
            Numbering::Unknown => 0,
            Numbering::Manual => {
                let message = "can't switch from manual field specification to automatic field numbering";
                return Err(vm.value_error(message));
            }
        };
        self.numbering = Numbering::Automatic(n + 1);
        Ok(n)
    }

    fn note_manual(&mut self, vm: &mut Vm) -> R<()> {
        if matches!(self.numbering, Numbering::Automatic(_)) {
            let message = "can't switch from automatic field numbering to manual field specification";
            return Err(vm.value_error(message));
        }
        self.numbering = Numbering::Manual;
        Ok(())
    }
}

/// Where a field name with `[…]` ends; brackets may hold any character.
fn end_of_indexed(text: &str) -> usize {
    let mut inside = false;
    for (i, c) in text.char_indices() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            '!' | ':' | '}' if !inside => return i,
            _ => {}
        }
    }
    text.len()
}

/// Where the specifier ends: at the brace that closes the field.
fn end_of_spec(text: &str) -> usize {
    let mut depth = 0;
    for (i, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return i,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn take_conversion(vm: &mut Vm, text: &str) -> R<char> {
    match text.chars().next() {
        Some(c @ ('r' | 's' | 'a')) => Ok(c),
        Some('}') | None => Err(vm.value_error("end of format while looking for conversion specifier")),
        Some(c) => Err(vm.value_error(format!("unknown conversion specifier {c}"))),
    }
}

fn convert(vm: &mut Vm, value: Value, conversion: Option<char>) -> R {
    let text = match conversion {
        None => return Ok(value),
        Some('s') => vm.str_of(value)?,
        Some('r') => vm.repr(value)?,
        Some(_) => ascii_only(&vm.repr(value)?),
    };
    Ok(vm.str(text))
}

/// The longest escape, and the string that it is made in.
const ESCAPE: usize = 10 + 24;

/// Escapes what is not ASCII.
pub fn ascii_only(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let escape = |c: char| match c as u32 {
        0..128 => c.to_string(),
        n @ 128..256 => format!("\\x{n:02x}"),
        n @ 256..65536 => format!("\\u{n:04x}"),
        n => format!("\\U{n:08x}"),
    };
    text.chars().map(escape).collect()
}

fn ascii(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.repr(args.pos[0])?;
    vm.reserve_many(text.len(), ESCAPE)?;
    Ok(vm.str(ascii_only(&text)))
}
