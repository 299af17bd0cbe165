//! `str.encode` and `bytes.decode`.

use crate::builtins::text::data::Text;
use crate::error::{R, Raise};
use crate::object::function::Args;
use crate::object::value::Value;
use crate::vm::Vm;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Encoding {
    Utf8,
    Ascii,
    Latin1,
}

/// What to do with what cannot be converted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum OnError {
    Raise,
    Ignore,
    Replace,
}

fn encoding(vm: &mut Vm, name: Option<Value>) -> R<Encoding> {
    let Some(name) = name else { return Ok(Encoding::Utf8) };
    let name = vm.str_arg(name)?.get().text.to_ascii_lowercase().replace('_', "-");
    match name.as_str() {
        "utf-8" | "utf8" => Ok(Encoding::Utf8),
        "ascii" | "us-ascii" => Ok(Encoding::Ascii),
        "latin-1" | "latin1" | "iso-8859-1" => Ok(Encoding::Latin1),
        _ => {
            let class = vm.exceptions.LookupError;
            Err(vm.raise_message(class, &format!("unknown encoding: {name}")))
        }
    }
}

fn on_error(vm: &mut Vm, name: Option<Value>) -> R<OnError> {
    let Some(name) = name else { return Ok(OnError::Raise) };
    match &*vm.str_arg(name)?.get().text {
        "ignore" => Ok(OnError::Ignore),
        "replace" => Ok(OnError::Replace),
        _ => Ok(OnError::Raise),
    }
}

#[cold]
fn unicode_error(vm: &mut Vm) -> Raise {
    let class = vm.exceptions.UnicodeError;
    vm.raise_with(class, &[])
}

pub fn encode(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.str_arg(args.pos[0])?.get();
    let encoding = encoding(vm, args.get_or(1, "encoding"))?;
    let errors = on_error(vm, args.get_or(2, "errors"))?;
    vm.reserve(text.text.len())?;
    let limit = match encoding {
        Encoding::Utf8 => return Ok(vm.bytes(text.text.as_bytes())),
        Encoding::Ascii => 128,
        Encoding::Latin1 => 256,
    };
    let mut out = Vec::with_capacity(text.text.len());
    for c in text.text.chars() {
        match errors {
            _ if (c as u32) < limit => out.push(c as u8),
            OnError::Raise => return Err(unicode_error(vm)),
            OnError::Ignore => {}
            OnError::Replace => out.push(b'?'),
        }
    }
    Ok(vm.bytes(out))
}

pub fn decode(vm: &mut Vm, args: Args<'_>) -> R {
    let text = vm.text(args.pos[0])?;
    decode_bytes(vm, &text, args.get_or(1, "encoding"), args.get_or(2, "errors"))
}

/// The string that bytes encode.
pub fn decode_bytes(vm: &mut Vm, data: &Text, name: Option<Value>, errors: Option<Value>) -> R {
    let encoding = encoding(vm, name)?;
    let errors = on_error(vm, errors)?;
    vm.reserve_many(data.len(), 3)?;
    if encoding == Encoding::Latin1 {
        let text: String = data.iter().map(|b| *b as char).collect();
        return Ok(vm.str(text));
    }
    let valid = std::str::from_utf8(data).ok().filter(|s| encoding == Encoding::Utf8 || s.is_ascii());
    if let Some(text) = valid {
        return Ok(vm.str(text));
    }
    let lossy = match encoding {
        Encoding::Ascii => {
            data.iter().map(|b| if b.is_ascii() { *b as char } else { char::REPLACEMENT_CHARACTER }).collect()
        }
        _ => String::from_utf8_lossy(data).into_owned(),
    };
    match errors {
        OnError::Raise => Err(unicode_error(vm)),
        OnError::Replace => Ok(vm.str(lossy)),
        OnError::Ignore => Ok(vm.str(lossy.replace(char::REPLACEMENT_CHARACTER, ""))),
    }
}
