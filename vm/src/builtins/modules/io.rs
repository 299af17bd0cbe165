//! `io`: streams in memory. A file opened for reading is one too, filled by the host.

use std::any::Any;
use std::cell::{Cell, RefCell};

use crate::builtins::ModuleDef;
use crate::error::R;
use crate::object::class::Class;
use crate::object::dict::Dict;
use crate::object::foreign::ForeignObject;
use crate::object::function::{Args, NativeDef};
use crate::object::heap::Gc;
use crate::object::text::Str;
use crate::object::value::Value;
use crate::vm::Vm;

pub const MODULE: ModuleDef =
    ModuleDef { name: "io", functions: &[NativeDef::any("open", open, 1, 3).keywords()], setup: Some(setup) };

/// The global function.
pub const FUNCTIONS: &[NativeDef] = &[NativeDef::any("open", open, 1, 3).keywords()];

/// Bytes and a position in them. A text stream's bytes are UTF-8.
struct Stream {
    data: RefCell<Vec<u8>>,
    at: Cell<usize>,
    text: bool,
    closed: Cell<bool>,
}

impl ForeignObject for Stream {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

const NEW_STRING: NativeDef = NativeDef::any("__new__", |vm, args| new(vm, args, true), 1, 3);
const NEW_BYTES: NativeDef = NativeDef::any("__new__", |vm, args| new(vm, args, false), 1, 3);
const METHODS: &[NativeDef] = &[
    NativeDef::any("read", read, 1, 2),
    NativeDef::any("readline", readline, 1, 2),
    NativeDef::any("readlines", readlines, 1, 1),
    NativeDef::any("readinto", readinto, 2, 3),
    NativeDef::any("write", write, 2, 4),
    NativeDef::any("seek", seek, 2, 3),
    NativeDef::any("tell", tell, 1, 1),
    NativeDef::any("getvalue", getvalue, 1, 1),
    NativeDef::any("truncate", truncate, 1, 2),
    NativeDef::any("flush", flush, 1, 1),
    NativeDef::any("close", close, 1, 1),
    NativeDef::any("__enter__", |_, args| Ok(args.pos[0]), 1, 1),
    NativeDef::any("__exit__", close, 1, 4),
    NativeDef::any("__iter__", |_, args| Ok(args.pos[0]), 1, 1),
    NativeDef::any("__next__", next_line, 1, 1),
    NativeDef::reads("__repr__", repr, 1, 1),
];
const BASE: &[NativeDef] = &[
    NativeDef::any("__enter__", |_, args| Ok(args.pos[0]), 1, 1),
    NativeDef::any("__exit__", |_, _| Ok(Value::NONE), 1, 4),
];

fn setup(vm: &mut Vm, names: Gc<Dict>) {
    for (name, new) in [("StringIO", &NEW_STRING), ("BytesIO", &NEW_BYTES)] {
        let class = vm.foreign_class(name, Some(new), METHODS);
        vm.define(names, name, class.into());
    }
    let base = vm.foreign_class("IOBase", None, BASE);
    vm.define(names, "IOBase", base.into());
}

fn stream<'a>(vm: &mut Vm, value: Value) -> R<&'a Stream> {
    let stream = vm.foreign_object::<Stream>(value)?;
    if stream.closed.get() {
        return Err(vm.value_error("I/O operation on closed file"));
    }
    Ok(stream)
}

fn new(vm: &mut Vm, args: Args<'_>, text: bool) -> R {
    let class = vm.class_arg(args.pos[0])?;
    let data = match args.get(1).filter(|v| !v.is_none()) {
        // A number is the size to reserve.
        Some(size) if size.is_small() => Vec::new(),
        Some(value) => bytes_of(vm, value)?,
        None => Vec::new(),
    };
    Ok(make(vm, class, data, text))
}

fn make(vm: &mut Vm, class: Gc<Class>, data: Vec<u8>, text: bool) -> Value {
    let stream = Stream { data: RefCell::new(data), at: Cell::new(0), text, closed: Cell::new(false) };
    vm.foreign(class, Box::new(stream))
}

fn bytes_of(vm: &mut Vm, value: Value) -> R<Vec<u8>> {
    let value = vm.unwrapped(value);
    if let Some(text) = value.cast::<Str>() {
        return Ok(text.text.as_bytes().to_vec());
    }
    vm.window(value).map(|window| window.bytes().to_vec())
}

fn output(vm: &mut Vm, stream: &Stream, data: Vec<u8>) -> Value {
    if stream.text { vm.str(String::from_utf8_lossy(&data).into_owned()) } else { vm.bytes(data) }
}

impl Stream {
    /// The next bytes up to `end` (relative to the position), which moves.
    fn take(&self, n: usize) -> Vec<u8> {
        let data = self.data.borrow();
        let start = self.at.get().min(data.len());
        let end = start.saturating_add(n).min(data.len());
        self.at.set(end.max(self.at.get()));
        data[start..end].to_vec()
    }

    fn rest(&self) -> usize {
        self.data.borrow().len().saturating_sub(self.at.get())
    }

    /// Bytes of the next `chars` characters.
    fn chars_len(&self, chars: usize) -> usize {
        let data = self.data.borrow();
        let rest = data.get(self.at.get()..).unwrap_or(&[]);
        let starts = rest.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80);
        starts.map(|(at, _)| at).nth(chars).unwrap_or(rest.len())
    }

    fn line_len(&self) -> usize {
        let data = self.data.borrow();
        let rest = data.get(self.at.get()..).unwrap_or(&[]);
        rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |i| i + 1)
    }
}

/// The size argument: None and negative mean "all".
fn size(vm: &mut Vm, args: Args<'_>, i: usize) -> R<Option<usize>> {
    match args.get(i).filter(|v| !v.is_none()) {
        Some(n) => Ok(usize::try_from(vm.index_value(n)?).ok()),
        None => Ok(None),
    }
}

fn read(vm: &mut Vm, args: Args<'_>) -> R {
    let this = stream(vm, args.pos[0])?;
    let n = match size(vm, args, 1)? {
        Some(n) if this.text => this.chars_len(n),
        Some(n) => n,
        None => this.rest(),
    };
    vm.reserve(n.min(this.rest()))?;
    Ok(output(vm, this, this.take(n)))
}

fn readline(vm: &mut Vm, args: Args<'_>) -> R {
    let this = stream(vm, args.pos[0])?;
    let most = size(vm, args, 1)?.unwrap_or(usize::MAX);
    Ok(output(vm, this, this.take(this.line_len().min(most))))
}

fn readlines(vm: &mut Vm, args: Args<'_>) -> R {
    let this = stream(vm, args.pos[0])?;
    let mut lines = Vec::new();
    while this.rest() > 0 {
        lines.push(output(vm, this, this.take(this.line_len())));
    }
    Ok(vm.list(lines))
}

fn next_line(vm: &mut Vm, args: Args<'_>) -> R {
    let this = stream(vm, args.pos[0])?;
    if this.rest() == 0 {
        return Err(vm.stop_iteration(Value::NONE));
    }
    Ok(output(vm, this, this.take(this.line_len())))
}

fn readinto(vm: &mut Vm, args: Args<'_>) -> R {
    let this = stream(vm, args.pos[0])?;
    let buffer = vm.writable_window(args.pos[1])?;
    let room = buffer.bytes().len();
    let n = size(vm, args, 2)?.unwrap_or(room).min(room);
    let data = this.take(n);
    buffer.write(0, &data);
    Ok(Value::small(data.len() as i64))
}

fn write(vm: &mut Vm, args: Args<'_>) -> R {
    let this = stream(vm, args.pos[0])?;
    let mut new = bytes_of(vm, args.pos[1])?;
    if args.pos.len() > 2 {
        new = part(vm, args, new)?;
    }
    let (start, end) = (this.at.get(), this.at.get().saturating_add(new.len()));
    let (len, capacity) = (this.data.borrow().len(), this.data.borrow().capacity());
    if end > capacity {
        vm.reserve(end.max(len.saturating_mul(2)))?;
    }
    let mut data = this.data.borrow_mut();
    if data.len() < end {
        data.resize(end, 0);
    }
    data[start..end].copy_from_slice(&new);
    this.at.set(end);
    let n = if this.text { String::from_utf8_lossy(&new).chars().count() } else { new.len() };
    Ok(Value::small(n as i64))
}

/// MicroPython's `write(data, length)` and `write(data, offset, length)`.
fn part(vm: &mut Vm, args: Args<'_>, data: Vec<u8>) -> R<Vec<u8>> {
    let last = size(vm, args, args.pos.len() - 1)?.unwrap_or(usize::MAX);
    let offset = if args.pos.len() == 4 { size(vm, args, 2)?.unwrap_or(0) } else { 0 };
    let offset = offset.min(data.len());
    Ok(data[offset..offset.saturating_add(last).min(data.len())].to_vec())
}

fn seek(vm: &mut Vm, args: Args<'_>) -> R {
    let this = stream(vm, args.pos[0])?;
    let offset = vm.index_value(args.pos[1])?;
    let base = match args.get(2).and_then(Value::as_small) {
        Some(1) => this.at.get() as i64,
        Some(2) => this.data.borrow().len() as i64,
        _ => 0,
    };
    let at = base.saturating_add(offset);
    if at < 0 && base == 0 {
        return Err(vm.raise_with(vm.exceptions.OSError, &[Value::small(22)]));
    }
    this.at.set(at.max(0) as usize);
    Ok(vm.int(at.max(0)))
}

fn tell(vm: &mut Vm, args: Args<'_>) -> R {
    let at = stream(vm, args.pos[0])?.at.get();
    Ok(vm.int(at as i64))
}

fn getvalue(vm: &mut Vm, args: Args<'_>) -> R {
    let this = stream(vm, args.pos[0])?;
    let n = this.data.borrow().len();
    vm.reserve(n)?;
    let data = this.data.borrow().clone();
    Ok(output(vm, this, data))
}

fn truncate(vm: &mut Vm, args: Args<'_>) -> R {
    let this = stream(vm, args.pos[0])?;
    let n = size(vm, args, 1)?.unwrap_or(this.at.get());
    this.data.borrow_mut().truncate(n);
    Ok(vm.int(n as i64))
}

fn repr(vm: &mut Vm, args: Args<'_>) -> R {
    let (name, at) = (vm.type_name(args.pos[0]), args.pos[0].bits());
    Ok(vm.str(format!("<io.{name} {at:#x}>")))
}

fn flush(vm: &mut Vm, args: Args<'_>) -> R {
    stream(vm, args.pos[0]).map(|_| Value::NONE)
}

fn close(vm: &mut Vm, args: Args<'_>) -> R {
    vm.foreign_object::<Stream>(args.pos[0])?.closed.set(true);
    Ok(Value::NONE)
}

fn open(vm: &mut Vm, args: Args<'_>) -> R {
    let path = vm.str_arg(args.pos[0])?;
    let mode = match args.get_or(1, "mode") {
        Some(mode) => vm.str_arg(mode)?.text.to_string(),
        None => "r".to_owned(),
    };
    if mode.contains(['w', 'a', 'x', '+']) {
        return Err(vm.raise_with(vm.exceptions.OSError, &[Value::small(95)]));
    }
    match vm.read_file(&path.text)? {
        Ok(data) => {
            let text = !mode.contains('b');
            let class = vm.foreign_class(if text { "TextIOWrapper" } else { "FileIO" }, None, METHODS);
            Ok(make(vm, class, data, text))
        }
        Err(error) => {
            let number = error.raw_os_error().unwrap_or(2);
            Err(vm.os_error(i64::from(number)))
        }
    }
}
