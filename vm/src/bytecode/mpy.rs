//! The `.mpy` file, version 6: reading what MicroPython or mpy-cross wrote, and writing what they can read.
//!
//! Everything read is checked: lengths against what is left of the file, indices against the tables, instructions
//! and jumps against the function. A module that `read` returns can be run without looking at any of that again.

use num_bigint::BigInt;
use rustc_hash::FxHashMap;

use super::{
    Const, Module, MpyError, MpyError as Error, RawCode, number, read::Reader, statics::STATIC_QSTRS,
    verify::verify,
};

const MAGIC: u8 = b'M';
const VERSION: u8 = 6;
/// Bits of a small integer that written files ask for.
const SMALL_INT_BITS: u8 = 31;
/// Bits of a small integer that this machine has.
const MAX_SMALL_INT_BITS: u8 = 63;
const ARCH_FLAGS_FOLLOW: u8 = 0x40;
/// Functions and tuples may be nested this deep.
const MAX_DEPTH: u32 = 100;

/// Kinds of objects in a file.
mod tag {
    pub(super) const FUN_TABLE: u8 = 0;
    pub(super) const NONE: u8 = 1;
    pub(super) const FALSE: u8 = 2;
    pub(super) const TRUE: u8 = 3;
    pub(super) const ELLIPSIS: u8 = 4;
    pub(super) const STR: u8 = 5;
    pub(super) const BYTES: u8 = 6;
    pub(super) const INT: u8 = 7;
    pub(super) const FLOAT: u8 = 8;
    pub(super) const COMPLEX: u8 = 9;
    pub(super) const TUPLE: u8 = 10;
}

/// The bytes of the `.mpy` file for a module.
pub fn write(module: &Module) -> Vec<u8> {
    let mut out = vec![MAGIC, VERSION, 0, SMALL_INT_BITS];
    varuint(&mut out, module.qstrs.len());
    varuint(&mut out, module.objects.len());
    let statics: FxHashMap<&str, usize> = STATIC_QSTRS.iter().zip(1..).map(|(text, n)| (*text, n)).collect();
    for qstr in &module.qstrs {
        match statics.get(&**qstr) {
            Some(n) => varuint(&mut out, n << 1 | 1),
            None => {
                varuint(&mut out, qstr.len() << 1);
                out.extend_from_slice(qstr.as_bytes());
                out.push(0);
            }
        }
    }
    for object in &module.objects {
        write_object(&mut out, object);
    }
    write_code(&mut out, &module.root);
    out
}

fn varuint(out: &mut Vec<u8>, value: usize) {
    let n_digits = (usize::BITS - value.leading_zeros()).div_ceil(7).max(1);
    for n in (0..n_digits).rev() {
        let digit = (value >> (7 * n) & 0x7f) as u8;
        out.push(if n == 0 { digit } else { 0x80 | digit });
    }
}

fn write_object(out: &mut Vec<u8>, object: &Const) {
    match object {
        Const::FunTable => out.push(tag::FUN_TABLE),
        Const::None => out.push(tag::NONE),
        Const::False => out.push(tag::FALSE),
        Const::True => out.push(tag::TRUE),
        Const::Ellipsis => out.push(tag::ELLIPSIS),
        Const::Str(text) => write_text(out, tag::STR, text, true),
        Const::Bytes(text) => write_text(out, tag::BYTES, text, true),
        Const::Int(value) => write_text(out, tag::INT, value.to_string().as_bytes(), false),
        Const::Float(value) => write_text(out, tag::FLOAT, number::float(*value).as_bytes(), false),
        Const::Complex(real, imag) => {
            write_text(out, tag::COMPLEX, number::complex(*real, *imag).as_bytes(), false);
        }
        Const::Tuple(items) => {
            out.push(tag::TUPLE);
            varuint(out, items.len());
            for item in items {
                write_object(out, item);
            }
        }
    }
}

fn write_text(out: &mut Vec<u8>, tag: u8, text: &[u8], is_terminated: bool) {
    out.push(tag);
    varuint(out, text.len());
    out.extend_from_slice(text);
    if is_terminated {
        out.push(0);
    }
}

fn write_code(out: &mut Vec<u8>, code: &RawCode) {
    let has_children = !code.children.is_empty();
    varuint(out, code.bytes.len() << 3 | usize::from(has_children) << 2);
    out.extend_from_slice(&code.bytes);
    if has_children {
        varuint(out, code.children.len());
        for child in &code.children {
            write_code(out, child);
        }
    }
}

/// Reads a `.mpy` file.
pub fn read(bytes: &[u8]) -> Result<Module, MpyError> {
    check_header(bytes)?;
    let mut reader = Reader::new(bytes, 4);
    let n_qstrs = reader.varuint()?;
    let n_objects = reader.varuint()?;
    let qstrs = read_many(&mut reader, n_qstrs, read_qstr)?;
    let objects = read_many(&mut reader, n_objects, |reader| read_object(reader, 0))?;
    let root = read_code(&mut reader, 0)?;
    let module = Module { qstrs, objects, root };
    verify(&module)?;
    Ok(module)
}

fn check_header(bytes: &[u8]) -> Result<(), Error> {
    let &[magic, version, features, small_int_bits, ..] = bytes else {
        return Err(Error::Header);
    };
    if magic != MAGIC || version != VERSION || small_int_bits > MAX_SMALL_INT_BITS {
        return Err(Error::Header);
    }
    let (sub_version, arch) = (features & 3, features >> 2 & 0x2f);
    match (arch, sub_version) {
        _ if features & ARCH_FLAGS_FOLLOW != 0 => Err(Error::Header),
        (0, _) => Ok(()),
        (_, 3) => Err(Error::NativeCode),
        _ => Err(Error::Header),
    }
}

/// Each thing takes at least one byte, which bounds what a bad count can ask for.
fn read_many<'a, T>(
    reader: &mut Reader<'a>,
    n: usize,
    mut read: impl FnMut(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    if n > reader.remaining() {
        return Err(Error::Truncated);
    }
    (0..n).map(|_| read(reader)).collect()
}

fn read_qstr(reader: &mut Reader<'_>) -> Result<Box<str>, Error> {
    let head = reader.varuint()?;
    if head & 1 == 1 {
        let text = (head >> 1).checked_sub(1).and_then(|n| STATIC_QSTRS.get(n));
        return text.map(|text| Box::from(*text)).ok_or(Error::Index);
    }
    let text = read_terminated(reader, head >> 1)?;
    Ok(std::str::from_utf8(text).map_err(|_| Error::Text)?.into())
}

fn read_terminated<'a>(reader: &mut Reader<'a>, len: usize) -> Result<&'a [u8], Error> {
    let text = reader.take(len)?;
    reader.byte()?;
    Ok(text)
}

fn read_object(reader: &mut Reader<'_>, depth: u32) -> Result<Const, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::Depth);
    }
    let tag = reader.byte()?;
    Ok(match tag {
        tag::FUN_TABLE => Const::FunTable,
        tag::NONE => Const::None,
        tag::FALSE => Const::False,
        tag::TRUE => Const::True,
        tag::ELLIPSIS => Const::Ellipsis,
        tag::TUPLE => {
            let n = reader.varuint()?;
            Const::Tuple(read_many(reader, n, |reader| read_object(reader, depth + 1))?)
        }
        tag::STR | tag::BYTES => {
            let len = reader.varuint()?;
            let text = read_terminated(reader, len)?.into();
            if tag == tag::STR { Const::Str(text) } else { Const::Bytes(text) }
        }
        tag::INT | tag::FLOAT | tag::COMPLEX => {
            let len = reader.varuint()?;
            read_number(tag, reader.take(len)?).ok_or(Error::Object)?
        }
        _ => return Err(Error::Object),
    })
}

fn read_number(tag: u8, text: &[u8]) -> Option<Const> {
    let text = std::str::from_utf8(text).ok()?;
    Some(match tag {
        tag::INT => Const::Int(BigInt::parse_bytes(text.as_bytes(), 10)?),
        tag::FLOAT => Const::Float(text.parse().ok()?),
        _ => {
            let (real, imag) = number::parse_complex(text)?;
            Const::Complex(real, imag)
        }
    })
}

fn read_code(reader: &mut Reader<'_>, depth: u32) -> Result<RawCode, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::Depth);
    }
    let head = reader.varuint()?;
    if head & 3 != 0 {
        return Err(Error::NativeCode);
    }
    let bytes = reader.take(head >> 3)?.into();
    let children = if head & 4 == 0 {
        Vec::new()
    } else {
        let n = reader.varuint()?;
        read_many(reader, n, |reader| read_code(reader, depth + 1))?
    };
    Ok(RawCode { bytes, children, debug: None })
}
