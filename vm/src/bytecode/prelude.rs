//! What stands before a function's instructions: how to call it, its names, its line table.
//!
//! The two headers interleave the bits of several numbers, so that the numbers of ordinary functions fit three bytes.

use std::ops::Range;

use super::{MpyError, read::Reader};

/// The prelude of a function, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prelude {
    /// Words of state: locals (local i is word `n_state - 1 - i`) and value stack (from word 0 up).
    pub n_state: u32,
    /// Greatest number of exception handlers active at once.
    pub n_exc_stack: u32,
    pub flags: ScopeFlags,
    /// Positional parameters, those for closed-over cells included (they come first).
    pub n_pos_args: u32,
    pub n_kwonly_args: u32,
    /// How many of the positional parameters have a default.
    pub n_def_pos_args: u32,
    /// The function's name: index into the module's qstr table.
    pub name: u32,
    /// Names of the positional and keyword-only parameters, likewise.
    pub arg_names: Vec<u32>,
    /// Where the line table is in the function's bytes.
    pub line_table: Range<usize>,
    /// Locals to be boxed into cells on entry.
    pub cells: Vec<u32>,
    /// Where the instructions begin in the function's bytes.
    pub code_start: usize,
}

/// Properties of a function that a prelude holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScopeFlags(pub u8);

impl ScopeFlags {
    pub const GENERATOR: ScopeFlags = ScopeFlags(1);
    pub const VAR_KEYWORDS: ScopeFlags = ScopeFlags(2);
    pub const VAR_ARGS: ScopeFlags = ScopeFlags(4);
    pub const KEYWORD_DEFAULTS: ScopeFlags = ScopeFlags(8);
    /// Ours, in no `.mpy` file: the locals to be boxed take four bytes each instead of one.
    pub const WIDE_CELLS: ScopeFlags = ScopeFlags(0x80);

    pub fn contains(self, flag: ScopeFlags) -> bool {
        self.0 & flag.0 == flag.0
    }

    pub fn insert(&mut self, flag: ScopeFlags) {
        self.0 |= flag.0;
    }

    pub fn is_generator(self) -> bool {
        self.contains(Self::GENERATOR)
    }

    pub fn has_var_keywords(self) -> bool {
        self.contains(Self::VAR_KEYWORDS)
    }

    pub fn has_var_args(self) -> bool {
        self.contains(Self::VAR_ARGS)
    }

    pub fn has_keyword_defaults(self) -> bool {
        self.contains(Self::KEYWORD_DEFAULTS)
    }
}

impl Prelude {
    /// Decodes the prelude at the start of a function's bytes.
    pub fn decode(bytes: &[u8]) -> Result<Prelude, MpyError> {
        let mut reader = Reader::new(bytes, 0);
        let signature = Signature::decode(&mut reader)?;
        let (n_info, n_cell) = decode_sizes(&mut reader)?;
        let info_end = reader.position().checked_add(n_info).ok_or(MpyError::Prelude)?;
        let code_start = info_end.checked_add(n_cell).ok_or(MpyError::Prelude)?;
        if code_start > bytes.len() {
            return Err(MpyError::Truncated);
        }
        let name = reader.varuint32()?;
        let mut arg_names = Vec::new();
        for _ in 0..u64::from(signature.n_pos_args) + u64::from(signature.n_kwonly_args) {
            arg_names.push(reader.varuint32()?);
            if reader.position() > info_end {
                return Err(MpyError::Prelude);
            }
        }
        if reader.position() > info_end {
            return Err(MpyError::Prelude);
        }
        Ok(Prelude {
            n_state: signature.n_state,
            n_exc_stack: signature.n_exc_stack,
            flags: signature.flags,
            n_pos_args: signature.n_pos_args,
            n_kwonly_args: signature.n_kwonly_args,
            n_def_pos_args: signature.n_def_pos_args,
            name,
            arg_names,
            line_table: reader.position()..info_end,
            cells: decode_cells(&bytes[info_end..code_start], signature.flags),
            code_start,
        })
    }

    /// How many locals a call fills: parameters, then the tuple of `*args` and the dict of `**kw`.
    pub fn n_arg_locals(&self) -> usize {
        self.n_pos_args as usize
            + self.n_kwonly_args as usize
            + usize::from(self.flags.has_var_args())
            + usize::from(self.flags.has_var_keywords())
    }

    /// The entries of the line table.
    pub fn lines<'a>(&self, bytes: &'a [u8]) -> Lines<'a> {
        Lines { table: bytes.get(self.line_table.clone()).unwrap_or_default(), offset: 0, line: 1 }
    }
}

/// The source line of the instruction `offset` bytes after `code_start`.
pub fn line_of(bytes: &[u8], prelude: &Prelude, offset: usize) -> u32 {
    prelude.lines(bytes).take_while(|&(start, _)| start <= offset).last().map_or(1, |(_, line)| line)
}

/// Iterator over `(offset from code_start, source line from there on)`; it begins with `(0, 1)`.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    table: &'a [u8],
    offset: usize,
    line: u32,
}

impl Iterator for Lines<'_> {
    type Item = (usize, u32);

    fn next(&mut self) -> Option<Self::Item> {
        if self.line == 0 {
            return None;
        }
        let here = (self.offset, self.line);
        let (offset, line) = match *self.table {
            [] => {
                self.line = 0;
                return Some(here);
            }
            [short, ref rest @ ..] if short & 0x80 == 0 => {
                self.table = rest;
                (short & 0x1f, u32::from(short >> 5))
            }
            [high, ref rest @ ..] => {
                let low = rest.first().copied().unwrap_or(0);
                self.table = rest.get(1..).unwrap_or_default();
                (high & 0xf, u32::from(high & 0x70) << 4 | u32::from(low))
            }
        };
        self.offset += usize::from(offset);
        self.line += line;
        Some(here)
    }
}

/// One entry of the line table, or several if the numbers are large.
pub(crate) fn encode_line(out: &mut Vec<u8>, mut bytes: usize, mut lines: u32) {
    while bytes > 0 || lines > 0 {
        if lines <= 6 || bytes > 15 {
            let skipped = bytes.min(31);
            // Lines only advance with the last byte.
            let advanced = if skipped < bytes { 0 } else { lines.min(3) };
            out.push(skipped as u8 | (advanced as u8) << 5);
            bytes -= skipped;
            lines -= advanced;
        } else {
            let advanced = lines.min(0x7ff);
            out.push(0x80 | ((advanced >> 4) & 0x70) as u8 | bytes as u8);
            out.push(advanced as u8);
            bytes = 0;
            lines -= advanced;
        }
    }
}

/// The first header of a prelude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Signature {
    pub(crate) n_state: u32,
    pub(crate) n_exc_stack: u32,
    pub(crate) flags: ScopeFlags,
    pub(crate) n_pos_args: u32,
    pub(crate) n_kwonly_args: u32,
    pub(crate) n_def_pos_args: u32,
}

impl Signature {
    pub(crate) fn greatest(&self) -> u32 {
        let counts = [self.n_exc_stack, self.n_pos_args, self.n_kwonly_args, self.n_def_pos_args];
        counts.into_iter().fold(self.n_state, u32::max)
    }

    /// First byte `xSSSSEAA`, then `xFSSKAED` for as long as a number has bits left.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let [mut state, mut exc, mut pos, mut kwonly, mut defaults] =
            [self.n_state - 1, self.n_exc_stack, self.n_pos_args, self.n_kwonly_args, self.n_def_pos_args];
        let mut flags = self.flags.0;
        let mut byte = (state & 15) << 3 | (exc & 1) << 2 | pos & 3;
        (state, exc, pos) = (state >> 4, exc >> 1, pos >> 2);
        while state | exc | u32::from(flags) | pos | kwonly | defaults != 0 {
            out.push(0x80 | byte as u8);
            byte = u32::from(flags & 1) << 6 | (state & 3) << 4;
            byte |= (kwonly & 1) << 3 | (pos & 1) << 2 | (exc & 1) << 1 | defaults & 1;
            (state, exc, flags) = (state >> 2, exc >> 1, flags >> 1);
            (pos, kwonly, defaults) = (pos >> 1, kwonly >> 1, defaults >> 1);
        }
        out.push(byte as u8);
    }

    fn decode(reader: &mut Reader<'_>) -> Result<Signature, MpyError> {
        let mut byte = reader.byte()?;
        let mut state = u64::from(byte >> 3 & 15);
        let mut exc = u64::from(byte >> 2 & 1);
        let mut pos = u64::from(byte & 3);
        let [mut flags, mut kwonly, mut defaults] = [0u64; 3];
        let mut n = 0;
        while byte & 0x80 != 0 {
            if n > 28 {
                return Err(MpyError::Prelude);
            }
            byte = reader.byte()?;
            let bits = u64::from(byte);
            state |= (bits >> 4 & 3) << (4 + 2 * n);
            exc |= (bits >> 1 & 1) << (1 + n);
            flags |= (bits >> 6 & 1) << n;
            pos |= (bits >> 2 & 1) << (2 + n);
            kwonly |= (bits >> 3 & 1) << n;
            defaults |= (bits & 1) << n;
            n += 1;
        }
        let narrow = |value: u64| u32::try_from(value).map_err(|_| MpyError::Prelude);
        Ok(Signature {
            n_state: narrow(state + 1)?,
            n_exc_stack: narrow(exc)?,
            flags: ScopeFlags(u8::try_from(flags).map_err(|_| MpyError::Prelude)?),
            n_pos_args: narrow(pos)?,
            n_kwonly_args: narrow(kwonly)?,
            n_def_pos_args: narrow(defaults)?,
        })
    }
}

/// The second header: bytes of names and lines, six bits at a time, and of cells, one bit at a time (`xIIIIIIC`).
pub(crate) fn encode_sizes(out: &mut Vec<u8>, mut n_info: usize, mut n_cell: usize) {
    loop {
        let byte = ((n_info & 0x3f) << 1 | n_cell & 1) as u8;
        (n_info, n_cell) = (n_info >> 6, n_cell >> 1);
        if n_info | n_cell == 0 {
            out.push(byte);
            return;
        }
        out.push(0x80 | byte);
    }
}

/// The locals to be boxed.
fn decode_cells(bytes: &[u8], flags: ScopeFlags) -> Vec<u32> {
    if !flags.contains(ScopeFlags::WIDE_CELLS) {
        return bytes.iter().map(|&cell| u32::from(cell)).collect();
    }
    bytes.chunks_exact(4).map(|cell| u32::from_le_bytes([cell[0], cell[1], cell[2], cell[3]])).collect()
}

fn decode_sizes(reader: &mut Reader<'_>) -> Result<(usize, usize), MpyError> {
    let (mut n_info, mut n_cell) = (0, 0);
    for n in 0..30 {
        let byte = reader.byte()?;
        let info = usize::from(byte >> 1 & 0x3f);
        if info != 0 && 6 * n > 32 {
            return Err(MpyError::Prelude);
        }
        n_info |= info << (6 * n).min(36);
        n_cell |= usize::from(byte & 1) << n;
        if byte & 0x80 == 0 {
            return Ok((n_info, n_cell));
        }
    }
    Err(MpyError::Prelude)
}
