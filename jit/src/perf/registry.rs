//! All code that was generated, with its names; and who is told of it.
#![expect(unsafe_code, reason = "shows code that lies in memory")]

use std::cell::{Cell, RefCell};
use std::io;

use vm::object::function::Code;
use vm::object::qualname::Qualnames;

use super::gdb::Debugger;
use super::{Line, Marks, Symbol, SymbolWriter};
use crate::codegen::Fragment;
use crate::events::Kind;
use crate::ir::trace::{MergePoint, Trace};

/// Which code it is.
#[derive(Clone, Copy)]
enum Named {
    Stub(&'static str),
    Function(&'static Code),
    Compiled(Kind, Option<MergePoint>),
}

/// A piece of code. It is never unmapped while the registry's owners live.
struct Known {
    named: Named,
    address: usize,
    len: usize,
    /// From an offset on the code is for this instruction of that function.
    places: Box<[(u32, &'static Code, u32)]>,
}

/// See the module's description.
#[derive(Default)]
pub struct Registry {
    known: RefCell<Vec<Known>>,
    names: RefCell<Qualnames>,
    writer: RefCell<Option<Box<dyn SymbolWriter>>>,
    debugger: RefCell<Debugger>,
    /// Where the trace begins that is compiled next.
    first: Cell<Option<MergePoint>>,
    marks: RefCell<Option<Marks>>,
    marking: Cell<bool>,
}

impl Registry {
    /// How many bytes the writer wants behind a piece of code.
    pub fn gap(&self) -> fn(&[u8]) -> usize {
        let none: fn(&[u8]) -> usize = |_| 0;
        self.writer.borrow().as_ref().map_or(none, |writer| writer.gap())
    }

    /// A stub, named when somebody asks.
    pub fn add_stub(&self, name: &'static str, (address, len): (usize, usize)) {
        // There is no function to look for.
        let _ = self.add(Known { named: Named::Stub(name), address, len, places: Box::default() }, &[]);
    }

    /// A Python function's trampoline.
    pub fn add_function(
        &self,
        code: &'static Code,
        (address, len): (usize, usize),
        codes: &[&'static Code],
    ) -> io::Result<()> {
        let places = Box::new([(0, code, 0)]);
        self.add(Known { named: Named::Function(code), address, len, places }, codes)
    }

    /// The traces compiled from now on begin where this one does.
    pub fn recorded(&self, trace: &Trace) {
        self.first.set(trace.merge_points.first().map(|(_, point)| *point));
    }

    /// A compiled trace.
    pub fn add_compiled(&self, kind: Kind, trace: &Trace, fragment: &Fragment, codes: &[&'static Code]) {
        let first = self.first.get().or(trace.merge_points.first().map(|(_, point)| *point));
        let (named, places) = (Named::Compiled(kind, first), places(trace, fragment));
        let (address, len) = (fragment.start, fragment.len);
        // A writer that fails is given up; that was said when it began to.
        let _ = self.add(Known { named, address, len, places }, codes);
    }

    fn add(&self, known: Known, codes: &[&'static Code]) -> io::Result<()> {
        let result = self.tell(&known, codes);
        self.known.borrow_mut().push(known);
        result
    }

    fn tell(&self, known: &Known, codes: &[&'static Code]) -> io::Result<()> {
        let mut writer = self.writer.borrow_mut();
        let name = self.name(known, codes);
        // Debuggers have no use for lines, and finding them takes time.
        let lines = if writer.is_some() { lines(known) } else { Vec::new() };
        let symbol = Symbol { address: known.address, code: bytes(known), name: &name, lines: &lines };
        self.debugger.borrow_mut().add(&symbol);
        let written = writer.as_mut().map_or(Ok(()), |writer| writer.write(&symbol));
        if written.is_err() {
            *writer = None;
        }
        written
    }

    /// From now on symbols go to `writer`, which is told of those that exist.
    pub fn write_to(&self, mut writer: Box<dyn SymbolWriter>, codes: &[&'static Code]) -> io::Result<()> {
        if self.writer.borrow().as_ref().is_some_and(|current| current.kind() == writer.kind()) {
            return Ok(());
        }
        self.free();
        writer.init()?;
        self.replay(&mut *writer, codes)?;
        *self.writer.borrow_mut() = Some(writer);
        Ok(())
    }

    /// In a forked process: the writer starts anew, with what exists here.
    pub fn start_again(&self, codes: &[&'static Code]) -> io::Result<()> {
        self.marking.set(false);
        *self.marks.borrow_mut() = None;
        let Some(mut writer) = self.writer.take() else { return Ok(()) };
        writer.free();
        writer.init()?;
        self.replay(&mut *writer, codes)?;
        *self.writer.borrow_mut() = Some(writer);
        Ok(())
    }

    fn replay(&self, writer: &mut dyn SymbolWriter, codes: &[&'static Code]) -> io::Result<()> {
        for known in self.known.borrow().iter() {
            let name = self.name(known, codes);
            let lines = lines(known);
            let symbol = Symbol { address: known.address, code: bytes(known), name: &name, lines: &lines };
            writer.write(&symbol)?;
        }
        Ok(())
    }

    /// Functions' trampolines are given up.
    pub fn forget_functions(&self) {
        self.known.borrow_mut().retain(|known| !matches!(known.named, Named::Function(_)));
    }

    /// The run has ended.
    pub fn finish(&self) {
        self.marks.borrow().iter().for_each(Marks::finish);
        self.free();
    }

    /// Nobody is told any more.
    pub fn free(&self) {
        if let Some(mut writer) = self.writer.take() {
            writer.free();
        }
    }

    /// From now on visits are marked.
    pub fn mark_with(&self, marks: Marks) {
        *self.marks.borrow_mut() = Some(marks);
        self.marking.set(true);
    }

    /// Somebody wants to know when compiled code is entered.
    #[inline]
    pub fn is_marking(&self) -> bool {
        self.marking.get()
    }

    /// Compiled code is entered: when, if anybody wants to know.
    #[inline]
    pub fn visit_starts(&self) -> Option<u64> {
        self.marking.get().then(Marks::now)
    }

    /// It was left: the loop of this number, which begins at `place`.
    pub fn visit_ends(&self, number: u32, start: u64, place: *const u8, codes: &[&'static Code]) {
        let name = || {
            let code = codes.iter().find(|code| code.ops.as_ptr_range().contains(&place));
            let place = code.map(|code| {
                let line = code.line(place as usize - code.ops.as_ptr() as usize);
                format!(" {} ({}:{line})", self.names.borrow_mut().of(code, codes), code.unit.file.text)
            });
            format!("loop{number}{}", place.unwrap_or_default())
        };
        if let Some(marks) = &*self.marks.borrow() {
            marks.visited(number, start, name);
        }
    }

    /// Nothing may be left in a buffer.
    pub fn before_fork(&self) {
        self.marks.borrow().iter().for_each(Marks::flush);
    }

    fn name(&self, known: &Known, codes: &[&'static Code]) -> String {
        let mut names = self.names.borrow_mut();
        match known.named {
            Named::Stub(name) => format!("jit::stub:{name}"),
            Named::Function(code) => format!("py::{}:{}", names.of(code, codes), code.unit.file.text),
            Named::Compiled(kind, point) => {
                let (sort, number) = match kind {
                    Kind::Loop(number) => ("loop", number),
                    Kind::Entry { number, .. } => ("entry", number),
                    Kind::Bridge(exit) => ("bridge", exit),
                };
                let place = point.map(|MergePoint { code, ip, .. }| {
                    let (name, line) = (names.of(code, codes), code.line(ip as usize));
                    format!(":{name}:{}:{line}", code.unit.file.text)
                });
                format!("jit::{sort}{number}{}", place.unwrap_or_default())
            }
        }
    }
}

/// Where the line changes.
fn lines(known: &Known) -> Vec<Line<'static>> {
    let line = |&(offset, code, ip): &(u32, &'static Code, u32)| Line {
        offset,
        file: &code.unit.file.get().text,
        line: code.line(ip as usize),
    };
    let mut lines: Vec<Line<'static>> = known.places.iter().map(line).collect();
    lines.dedup_by(|next, last| next.line == last.line && next.file == last.file);
    lines
}

fn bytes(known: &Known) -> &[u8] {
    // SAFETY: what is registered stays mapped and is not written to any more; see `Known`.
    unsafe { std::slice::from_raw_parts(known.address as *const u8, known.len) }
}

/// The instructions that a trace's code is for, where they change.
fn places(trace: &Trace, fragment: &Fragment) -> Box<[(u32, &'static Code, u32)]> {
    let mut places = Vec::new();
    let mut last = usize::MAX;
    for (op, offset) in &fragment.op_offsets {
        let index = trace.merge_points.partition_point(|(at, _)| at <= op).saturating_sub(1);
        if let Some((_, point)) = trace.merge_points.get(index).filter(|_| index != last) {
            places.push((*offset, point.code, point.ip));
        }
        last = index;
    }
    places.into()
}
