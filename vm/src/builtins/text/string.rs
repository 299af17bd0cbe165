//! The type `str`: constructor, the table of methods, and what only strings have.

use crate::builtins::TypeDef;
use crate::builtins::text::case;
use crate::builtins::text::codec;
use crate::builtins::text::data::Text;
use crate::builtins::text::find;
use crate::builtins::text::format;
use crate::builtins::text::split;
use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

pub const TYPES: &[TypeDef] = &[TypeDef { kind: Kind::Str, constructor: Some(new), methods: METHODS }];

const METHODS: &[NativeDef] = &[
    NativeDef::pure("capitalize", case::capitalize, 1, 1),
    NativeDef::pure("casefold", case::casefold, 1, 1),
    NativeDef::pure("center", case::center, 2, 3),
    NativeDef::pure("count", find::count, 2, 4),
    NativeDef::pure("encode", codec::encode, 1, 3).keywords(),
    NativeDef::pure("endswith", find::endswith, 2, 4),
    NativeDef::pure("expandtabs", case::expandtabs, 1, 2).keywords(),
    NativeDef::pure("find", find::find, 2, 4),
    NativeDef::reads_scalars("format", format::str_format, 1, 255).keywords(),
    NativeDef::any("format_map", format_map, 2, 2),
    NativeDef::pure("index", find::index, 2, 4),
    NativeDef::pure("isalnum", case::isalnum, 1, 1),
    NativeDef::pure("isalpha", case::isalpha, 1, 1),
    NativeDef::pure("isascii", case::isascii, 1, 1),
    NativeDef::pure("isdecimal", case::isdecimal, 1, 1),
    NativeDef::pure("isdigit", case::isdigit, 1, 1),
    NativeDef::pure("isidentifier", case::isidentifier, 1, 1),
    NativeDef::pure("islower", case::islower, 1, 1),
    NativeDef::pure("isnumeric", case::isnumeric, 1, 1),
    NativeDef::pure("isprintable", case::isprintable, 1, 1),
    NativeDef::pure("isspace", case::isspace, 1, 1),
    NativeDef::pure("istitle", case::istitle, 1, 1),
    NativeDef::pure("isupper", case::isupper, 1, 1),
    NativeDef::reads("join", split::join, 2, 2),
    NativeDef::pure("ljust", case::ljust, 2, 3),
    NativeDef::pure("lower", case::lower, 1, 1),
    NativeDef::pure("lstrip", split::lstrip, 1, 2),
    NativeDef::pure("partition", find::partition, 2, 2),
    NativeDef::pure("removeprefix", find::removeprefix, 2, 2),
    NativeDef::pure("removesuffix", find::removesuffix, 2, 2),
    NativeDef::pure("replace", find::replace, 3, 4).keywords(),
    NativeDef::pure("rfind", find::rfind, 2, 4),
    NativeDef::pure("rindex", find::rindex, 2, 4),
    NativeDef::pure("rjust", case::rjust, 2, 3),
    NativeDef::pure("rpartition", find::rpartition, 2, 2),
    NativeDef::reads("rsplit", split::rsplit, 1, 3).keywords(),
    NativeDef::pure("rstrip", split::rstrip, 1, 2),
    NativeDef::reads("split", split::split, 1, 3).keywords(),
    NativeDef::reads("splitlines", split::splitlines, 1, 2).keywords(),
    NativeDef::pure("startswith", find::startswith, 2, 4),
    NativeDef::pure("strip", split::strip, 1, 2),
    NativeDef::pure("swapcase", case::swapcase, 1, 1),
    NativeDef::pure("title", case::title, 1, 1),
    NativeDef::any("translate", translate, 2, 2),
    NativeDef::pure("upper", case::upper, 1, 1),
    NativeDef::pure("zfill", case::zfill, 2, 2),
];

pub const CLASS_METHODS: &[NativeDef] = &[NativeDef::any("maketrans", maketrans, 2, 4)];

fn new(vm: &mut Vm, args: Args<'_>) -> R {
    if args.pos.len() > 3 {
        return Err(vm.type_error("str() takes at most 3 arguments"));
    }
    let Some(value) = args.get_or(0, "object") else { return Ok(vm.names.empty.into()) };
    let encoding = args.get_or(1, "encoding");
    if encoding.is_none() && args.keyword("errors").is_none() {
        return match value.cast::<Str>() {
            Some(_) => Ok(value),
            None => {
                let text = vm.str_of(value)?;
                Ok(vm.str(text))
            }
        };
    }
    match Text::of_buffer(vm.unwrapped(value)) {
        Some(text) if !text.is_str() => {
            let errors = args.get_or(2, "errors");
            codec::decode_bytes(vm, &text, encoding, errors)
        }
        _ => Err(vm.type_error("wrong number of arguments")),
    }
}

/// `template.format_map(mapping)`, with a dict's string keys as keywords.
fn format_map(vm: &mut Vm, args: Args<'_>) -> R {
    let mapping = vm.receiver::<Dict>(args.pos[1])?;
    let kw: Vec<Value> = mapping.iter().flat_map(|(key, value)| [key, value]).collect();
    format::str_format(vm, Args { pos: &args.pos[..1], kw: &kw })
}

/// `str.maketrans`: a dict from character codes to what replaces them.
fn maketrans(vm: &mut Vm, args: Args<'_>) -> R {
    let table = vm.new_dict();
    if args.pos.len() == 2 {
        let source = vm.receiver::<Dict>(args.pos[1])?;
        for (key, value) in source.iter().collect::<Vec<_>>() {
            let code = match key.cast::<Str>() {
                Some(s) if s.chars == 1 => Value::small(s.text.chars().map(|c| c as i64).sum()),
                Some(_) => return Err(vm.value_error("string keys in translate table must be of length 1")),
                None => key,
            };
            vm.dict_set(table, code, value)?;
        }
        return Ok(table.into());
    }
    let (from, to) = (vm.str_arg(args.pos[1])?, vm.str_arg(args.pos[2])?);
    if from.chars != to.chars {
        return Err(vm.value_error("the first two maketrans arguments must have equal length"));
    }
    for (a, b) in from.get().text.chars().zip(to.get().text.chars()) {
        vm.dict_set(table, Value::small(a as i64), Value::small(b as i64))?;
    }
    if let Some(removed) = args.get(3) {
        for c in vm.str_arg(removed)?.get().text.chars() {
            vm.dict_set(table, Value::small(c as i64), Value::NONE)?;
        }
    }
    Ok(table.into())
}

fn translate(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.str_arg(args.pos[0])?;
    let mut out = String::with_capacity(text.text.len());
    for c in text.get().text.chars() {
        vm.poll()?;
        match translation(vm, args.pos[1], c)? {
            None => out.push(c),
            Some(Value::NONE) => {}
            Some(value) => match value.cast::<Str>() {
                Some(s) => {
                    vm.reserve_text(&out, s.text.len())?;
                    out.push_str(&s.text);
                }
                None => {
                    let code = vm.index_value(value)?;
                    out.extend(u32::try_from(code).ok().and_then(char::from_u32));
                }
            },
        }
    }
    Ok(vm.str(out))
}

/// What the table says about a character; `None` if nothing.
fn translation(vm: &mut Vm, table: Value, c: char) -> R<Option<Value>> {
    let key = Value::small(c as i64);
    if let Some(dict) = table.cast::<Dict>() {
        return vm.dict_get(dict, key);
    }
    match vm.get_item(table, key) {
        Ok(value) => Ok(Some(value)),
        Err(raise) if vm.matches(raise, vm.exceptions.LookupError) => Ok(None),
        Err(raise) => Err(raise),
    }
}
