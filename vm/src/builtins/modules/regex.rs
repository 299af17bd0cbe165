//! `_re`: compiled patterns. `re` itself is Python text around it.
//!
//! The engine works on UTF-8 and counts in bytes; Python counts in characters. Positions are converted here, and for
//! ASCII text they are the same. Bytes are matched as Latin-1 text.

use std::any::Any;
use std::cell::Cell;

use crate::builtins::ModuleDef;
use crate::builtins::modules::pattern::{Pattern, Spans};
use crate::error::{R, Raise};
use crate::object::class::Class;
use crate::object::foreign::ForeignObject;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::{Gc, Marker};
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef = ModuleDef {
    name: "_re",
    functions: &[],
    setup: Some(|vm, names| {
        let class: Gc<Class> = vm.foreign_class("Program", Some(&NEW), METHODS);
        vm.define(names, "Program", class.into());
    }),
};

/// A pattern, to be found anywhere, at a position, or from a position to the very end.
struct Program {
    anywhere: Pattern,
    here: Pattern,
    whole: Pattern,
    /// The bytes that were searched last, and their text.
    last: Cell<Option<(Value, Gc<Str>)>>,
}

impl ForeignObject for Program {
    fn trace(&self, marker: &mut Marker) {
        if let Some((bytes, text)) = self.last.get() {
            marker.value(bytes);
            marker.object(text);
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const NEW: NativeDef = NativeDef::any("__new__", new, 3, 3);
const METHODS: &[NativeDef] = &[
    NativeDef::any("run", run, 5, 5),
    NativeDef::reads("names", names, 1, 1),
    NativeDef::reads("groups", groups, 1, 1),
];

/// The text of a str, or of bytes as Latin-1.
fn as_text(vm: &mut Vm, value: Value) -> R<Gc<Str>> {
    let value = vm.unwrapped(value);
    if let Some(text) = value.cast::<Str>() {
        return Ok(text);
    }
    let text = vm.text(value)?;
    vm.reserve_many(text.len(), 2)?;
    let text: String = text.iter().map(|b| *b as char).collect();
    Ok(vm.new_str(text))
}

impl Program {
    /// What is searched. The text of bytes, which never change, is kept until other bytes come: a search begins where
    /// the last one ended, and must not begin with all of them.
    fn subject(&self, vm: &mut Vm, value: Value) -> R<Gc<Str>> {
        if let Some((bytes, text)) = self.last.get()
            && bytes == value
        {
            return Ok(text);
        }
        let text = as_text(vm, value)?;
        if value.kind() == Kind::Bytes {
            self.last.set(Some((value, text)));
        }
        Ok(text)
    }
}

/// `Program(pattern, flags)`; `flags` are letters as in `(?ims)`.
fn new(vm: &mut Vm, args: Args<'_>) -> R {
    let class = vm.class_arg(args.pos[0])?;
    let pattern = as_text(vm, args.pos[1])?;
    let flags = vm.str_arg(args.pos[2])?.text.to_string();
    match build(&pattern.text, &flags) {
        Ok(program) => Ok(vm.foreign(class, Box::new(program))),
        Err(error) => Err(failure(vm, &error)),
    }
}

fn build(pattern: &str, flags: &str) -> Result<Program, fancy_regex::Error> {
    let (pattern, inline) = split_flags(pattern);
    let flags: String = flags.chars().chain(inline.chars()).filter(|c| "imsx".contains(*c)).collect();
    let pattern = translate(pattern, flags.contains('m'), flags.contains('x'));
    // A comment may be the last thing in a pattern.
    let end = if flags.contains('x') { "\n" } else { "" };
    let flags = if flags.is_empty() { flags } else { format!("(?{flags})") };
    Ok(Program {
        anywhere: Pattern::new(format!("{flags}{pattern}"))?,
        here: Pattern::new(format!("{flags}\\G(?:{pattern}{end})"))?,
        whole: Pattern::new(format!("{flags}\\G(?:{pattern}{end})\\z"))?,
        last: Cell::new(None),
    })
}

/// Global flags at the start of a pattern, which may be repeated and may contain letters that mean nothing here.
fn split_flags(pattern: &str) -> (&str, &str) {
    let flags = pattern.strip_prefix("(?").and_then(|rest| rest.split_once(')'));
    match flags.filter(|(flags, _)| !flags.is_empty() && flags.chars().all(|c| "aiLmsux".contains(c))) {
        Some((flags, rest)) => (rest, flags),
        None => (pattern, ""),
    }
}

/// Python's syntax in the engine's, where they differ: `$` and `\Z`, braces that repeat nothing, what is special
/// within a set.
fn translate(pattern: &str, multiline: bool, verbose: bool) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern.chars().peekable();
    let mut in_set = false;
    let mut comment = false;
    while let Some(c) = rest.next() {
        if comment || (verbose && c == '#' && !in_set) {
            comment = c != '\n';
            out.push(c);
            continue;
        }
        match c {
            '\\' => match rest.next() {
                Some('Z') => out.push_str("\\z"),
                Some(
                    c @ ('"' | '\'' | ',' | ' ' | '/' | '=' | ':' | ';' | '<' | '>' | '@' | '!' | '%' | '`'
                    | '_'),
                ) => {
                    out.push_str(if c == ' ' { "[ ]" } else { "" });
                    out.extend((c != ' ').then_some(c));
                }
                Some(c) => out.extend(['\\', c]),
                None => out.push('\\'),
            },
            '[' if in_set => out.push_str("\\["),
            '&' | '~' | '-' if in_set && rest.peek() == Some(&c) => out.extend(['\\', c]),
            '[' => {
                in_set = true;
                out.push(c);
                out.extend(rest.next_if_eq(&'^'));
                if rest.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
            }
            ']' if in_set => {
                in_set = false;
                out.push(c);
            }
            '$' if !in_set && !multiline => out.push_str("(?=\\n?\\z)"),
            '{' if !in_set && !is_repeat(rest.clone()) => out.push_str("\\{"),
            _ => out.push(c),
        }
    }
    out
}

/// What follows is `m}`, `m,}`, `,n}` or `m,n}`.
fn is_repeat(rest: impl Iterator<Item = char>) -> bool {
    let inside: String = rest.take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '}')).collect();
    let Some((range, _)) = inside.split_once('}') else { return false };
    range.chars().any(|c| c.is_ascii_digit()) && range.matches(',').count() <= 1
}

#[cold]
fn failure(vm: &mut Vm, error: &fancy_regex::Error) -> Raise {
    vm.value_error(error.to_string())
}

fn program<'a>(vm: &mut Vm, args: Args<'_>) -> R<&'a Program> {
    vm.foreign_object::<Program>(args.pos[0])
}

/// `run(mode, text, start, end)`: the spans of all groups as one flat tuple, -1 for groups that took no part; None if
/// there is no match. `mode` is 0 for anywhere, 1 for here, 2 for the whole.
fn run(vm: &mut Vm, args: Args<'_>) -> R {
    let program = program(vm, args)?;
    let mode = vm.index_value(args.pos[1])?;
    let text = program.subject(vm, args.pos[2])?;
    let (start, end) = (vm.index_value(args.pos[3])?, vm.index_value(args.pos[4])?);
    let offset = |n: i64| text.offset(usize::try_from(n).unwrap_or(0));
    let (start, end) = (offset(start), offset(end));
    if start > end {
        return Ok(Value::NONE);
    }
    let pattern = [&program.anywhere, &program.here, &program.whole][mode.clamp(0, 2) as usize];
    match pattern.search(vm, text, start, end)? {
        Ok(Some(found)) => Ok(positions(vm, text, &found)),
        Ok(None) => Ok(Value::NONE),
        Err(error) => Err(search_failure(vm, &error)),
    }
}

/// Backtracking has taken too many steps, or would have to remember too many.
#[cold]
fn search_failure(vm: &mut Vm, error: &fancy_regex::Error) -> Raise {
    vm.raise_message(vm.exceptions.RuntimeError, &format!("{error}: simplify the pattern or split the text"))
}

fn positions(vm: &mut Vm, text: Gc<Str>, found: &Spans) -> Value {
    let position = |at: usize| text.index(at) as i64;
    let ends = found
        .iter()
        .flat_map(|group| group.map_or([-1, -1], |(start, end)| [position(start), position(end)]));
    let ends: Vec<Value> = ends.map(Value::small).collect();
    vm.tuple(&ends)
}

/// Names of groups and their numbers, as a flat tuple.
fn names(vm: &mut Vm, args: Args<'_>) -> R {
    let mut items = Vec::new();
    for (n, name) in program(vm, args)?.anywhere.regex().capture_names().enumerate() {
        if let Some(name) = name {
            items.extend([vm.str(name), Value::small(n as i64)]);
        }
    }
    Ok(vm.tuple(&items))
}

/// Number of groups, the whole match not counted.
fn groups(vm: &mut Vm, args: Args<'_>) -> R {
    Ok(Value::small(program(vm, args)?.anywhere.regex().captures_len() as i64 - 1))
}
