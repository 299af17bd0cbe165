//! The type `str`: constructor, the table of methods, and what only strings have.

use crate::builtins::TypeDef;
use crate::builtins::text::Text;
use crate::builtins::{codec, format, text_case, text_find, text_split};
use crate::error::R;
use crate::object::dict::Dict;
use crate::object::function::{Args, NativeDef};
use crate::object::kind::Kind;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

pub const TYPES: &[TypeDef] = &[TypeDef { kind: Kind::Str, constructor: Some(new), methods: METHODS }];

const METHODS: &[NativeDef] = &[
    NativeDef::pure("capitalize", text_case::capitalize, 1, 1),
    NativeDef::pure("casefold", text_case::casefold, 1, 1),
    NativeDef::pure("center", text_case::center, 2, 3),
    NativeDef::pure("count", text_find::count, 2, 4),
    NativeDef::pure("encode", codec::encode, 1, 3).keywords(),
    NativeDef::pure("endswith", text_find::endswith, 2, 4),
    NativeDef::pure("expandtabs", text_case::expandtabs, 1, 2).keywords(),
    NativeDef::pure("find", text_find::find, 2, 4),
    NativeDef::reads_scalars("format", format::str_format, 1, 255).keywords(),
    NativeDef::any("format_map", format_map, 2, 2),
    NativeDef::pure("index", text_find::index, 2, 4),
    NativeDef::pure("isalnum", text_case::isalnum, 1, 1),
    NativeDef::pure("isalpha", text_case::isalpha, 1, 1),
    NativeDef::pure("isascii", text_case::isascii, 1, 1),
    NativeDef::pure("isdecimal", text_case::isdecimal, 1, 1),
    NativeDef::pure("isdigit", text_case::isdigit, 1, 1),
    NativeDef::pure("isidentifier", text_case::isidentifier, 1, 1),
    NativeDef::pure("islower", text_case::islower, 1, 1),
    NativeDef::pure("isnumeric", text_case::isnumeric, 1, 1),
    NativeDef::pure("isprintable", text_case::isprintable, 1, 1),
    NativeDef::pure("isspace", text_case::isspace, 1, 1),
    NativeDef::pure("istitle", text_case::istitle, 1, 1),
    NativeDef::pure("isupper", text_case::isupper, 1, 1),
    NativeDef::reads("join", text_split::join, 2, 2),
    NativeDef::pure("ljust", text_case::ljust, 2, 3),
    NativeDef::pure("lower", text_case::lower, 1, 1),
    NativeDef::pure("lstrip", text_split::lstrip, 1, 2),
    NativeDef::pure("partition", text_find::partition, 2, 2),
    NativeDef::pure("removeprefix", text_find::removeprefix, 2, 2),
    NativeDef::pure("removesuffix", text_find::removesuffix, 2, 2),
    NativeDef::pure("replace", text_find::replace, 3, 4).keywords(),
    NativeDef::pure("rfind", text_find::rfind, 2, 4),
    NativeDef::pure("rindex", text_find::rindex, 2, 4),
    NativeDef::pure("rjust", text_case::rjust, 2, 3),
    NativeDef::pure("rpartition", text_find::rpartition, 2, 2),
    NativeDef::reads("rsplit", text_split::rsplit, 1, 3).keywords(),
    NativeDef::pure("rstrip", text_split::rstrip, 1, 2),
    NativeDef::reads("split", text_split::split, 1, 3).keywords(),
    NativeDef::reads("splitlines", text_split::splitlines, 1, 2).keywords(),
    NativeDef::pure("startswith", text_find::startswith, 2, 4),
    NativeDef::pure("strip", text_split::strip, 1, 2),
    NativeDef::pure("swapcase", text_case::swapcase, 1, 1),
    NativeDef::pure("title", text_case::title, 1, 1),
    NativeDef::any("translate", translate, 2, 2),
    NativeDef::pure("upper", text_case::upper, 1, 1),
    NativeDef::pure("zfill", text_case::zfill, 2, 2),
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
