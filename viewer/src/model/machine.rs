//! Machine code, disassembled, with the operation each instruction comes from.

use super::trace::Trace;
use super::{Lack, Shown};
use iced_x86::{Decoder, DecoderOptions, Formatter, Instruction, IntelFormatter, Mnemonic, OpKind};
use logs::Log;
use logs::log::Code;
use logs::section::Section;
use yaxpeax_arch::{Arch, Decoder as _, U8Reader};

/// Bytes of a block that are disassembled.
const BYTES: usize = 4 << 20;

/// A block of machine code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    pub title: String,
    pub rows: Vec<Row>,
    /// The first instruction of each operation that has one.
    pub of_op: Vec<Option<u32>>,
}

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// From the start of the block.
    pub offset: u32,
    pub length: u8,
    pub text: Box<str>,
    /// The operation it belongs to.
    pub op: Option<u32>,
    /// Is it the code of failing guards, behind the operations?
    pub cold: bool,
}

/// Machines that we can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Backend {
    X86(u32),
    Aarch64,
    Arm,
}

/// The machine code of a trace.
pub(super) fn machine(log: &Log<'_>, code: Option<&Code<'_>>, trace: &Trace) -> Shown<Machine> {
    let code = code.ok_or(Lack::Machine)?;
    let mut block = log.machine_code(code).ok_or(Lack::Machine)?;
    block.truncate(BYTES);
    let backend = backend(log)?;
    // In front of the first instruction lies the collector's table.
    let first = code.bootstrap.unwrap_or(code.start).wrapping_sub(code.block);
    let first = usize::try_from(first).unwrap_or(0).min(block.len());
    let failures = code.failures.map_or(u64::MAX, |at| at.wrapping_sub(code.block));
    let address = code.block.wrapping_add(first as u64);
    let mut rows = match backend {
        Backend::X86(bits) => x86(&block[first..], bits, address, first as u64),
        Backend::Aarch64 => aarch64(&block[first..], first as u64),
        Backend::Arm => arm(&block[first..], first as u64),
    };
    for row in &mut rows {
        row.offset += first as u32;
        row.cold = u64::from(row.offset) >= failures;
    }
    let of_op = join(&mut rows, trace);
    Ok(Machine { title: format!("{} bytes at 0x{:x}", block.len(), code.block), rows, of_op })
}

/// `BACKEND x86_64`, the first line of a dump.
fn backend(log: &Log<'_>) -> Shown<Backend> {
    let mut dumps = log.frame.sections().filter(|(_, node)| node.kind == Some(Section::JitBackendDump));
    let name = dumps.find_map(|(id, _)| log.frame.first_line(id)?.text.strip_prefix(b"BACKEND "));
    match name {
        None => Err(Lack::Machine),
        Some(b"x86_64" | b"x86-64" | b"x86_64-without-sse2") => Ok(Backend::X86(64)),
        Some(b"x86" | b"x86-without-sse2" | b"i386") => Ok(Backend::X86(32)),
        Some(b"aarch64" | b"arm64") => Ok(Backend::Aarch64),
        Some(b"arm" | b"arm_32" | b"armv6" | b"armv7" | b"armv7l" | b"armhf") => Ok(Backend::Arm),
        Some(other) => Err(Lack::Backend(super::printable(other))),
    }
}

/// `address` is of the first byte, `first` its offset in the block.
fn x86(bytes: &[u8], bits: u32, address: u64, first: u64) -> Vec<Row> {
    let mut decoder = Decoder::with_ip(bits, bytes, address, DecoderOptions::NONE);
    let mut formatter = IntelFormatter::new();
    formatter.options_mut().set_space_after_operand_separator(true);
    formatter.options_mut().set_hex_prefix("0x");
    formatter.options_mut().set_hex_suffix("");
    formatter.options_mut().set_uppercase_hex(false);
    formatter.options_mut().set_branch_leading_zeros(false);
    formatter.options_mut().set_show_branch_size(false);
    let mut rows = Vec::new();
    let mut instruction = Instruction::default();
    while decoder.can_decode() {
        let offset = decoder.position();
        decoder.decode_out(&mut instruction);
        let mut text = String::new();
        match jump(&instruction, address, bytes.len()) {
            Some(offset) => {
                formatter.format_mnemonic(&instruction, &mut text);
                text.push_str(&format!(" → +{}", offset + first));
            }
            None => formatter.format(&instruction, &mut text),
        }
        rows.push(row(offset, instruction.len(), text));
    }
    rows
}

/// Where a jump inside the block leads to, from its first byte.
fn jump(instruction: &Instruction, address: u64, length: usize) -> Option<u64> {
    let is_near =
        matches!(instruction.op0_kind(), OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64);
    let is_jump = is_near && instruction.mnemonic() != Mnemonic::Call;
    let offset = instruction.near_branch_target().wrapping_sub(address);
    (is_jump && offset < length as u64).then_some(offset)
}

/// The same for 32 bits.
fn arm(bytes: &[u8], first: u64) -> Vec<Row> {
    let decoder = <yaxpeax_arm::armv7::ARMv7 as Arch>::Decoder::default();
    let words = bytes.chunks_exact(4).enumerate();
    words
        .map(|(index, word)| {
            let text = match decoder.decode(&mut U8Reader::new(word)) {
                Ok(instruction) => near(instruction.to_string(), index * 4, bytes.len(), first),
                Err(_) => unread(word),
            };
            row(index * 4, 4, text)
        })
        .collect()
}

/// A word that is no instruction.
fn unread(word: &[u8]) -> String {
    format!(".word 0x{:02x}{:02x}{:02x}{:02x}", word[3], word[2], word[1], word[0])
}

/// `first` is the offset of the first byte in the block.
fn aarch64(bytes: &[u8], first: u64) -> Vec<Row> {
    let decoder = <yaxpeax_arm::armv8::a64::ARMv8 as Arch>::Decoder::default();
    let words = bytes.chunks_exact(4).enumerate();
    words
        .map(|(index, word)| {
            let text = match decoder.decode(&mut U8Reader::new(word)) {
                Ok(instruction) => near(instruction.to_string(), index * 4, bytes.len(), first),
                Err(_) => unread(word),
            };
            row(index * 4, 4, text)
        })
        .collect()
}

/// A branch inside the block, which is printed as `b.ne $-0x8`, says where it leads.
fn near(text: String, offset: usize, length: usize, first: u64) -> String {
    let target = || {
        let (words, distance) = text.rsplit_once('$')?;
        let (sign, digits) = distance.split_at_checked(1)?;
        let distance = i64::from_str_radix(digits.strip_prefix("0x")?, 16).ok()?;
        let distance = if sign == "-" { -distance } else { distance };
        let target = offset as u64;
        let target = target.checked_add_signed(distance).filter(|target| *target < length as u64)?;
        Some(format!("{words}→ +{}", target + first))
    };
    target().unwrap_or(text)
}

fn row(offset: usize, length: usize, text: String) -> Row {
    Row { offset: offset as u32, length: length as u8, text: text.into(), op: None, cold: false }
}

/// Gives every instruction the operation whose code it lies in: the last one that starts at or before it.
fn join(rows: &mut [Row], trace: &Trace) -> Vec<Option<u32>> {
    let mut starts: Vec<(u32, u32)> =
        trace.ops.iter().zip(0..).filter_map(|(op, index)| Some((op.offset?, index))).collect();
    starts.sort_by_key(|(offset, _)| *offset);
    let mut of_op = vec![None; trace.ops.len()];
    for (index, row) in rows.iter_mut().enumerate().filter(|(_, row)| !row.cold) {
        let behind = starts.partition_point(|(offset, _)| *offset <= row.offset);
        let Some(&(start, op)) = behind.checked_sub(1).and_then(|at| starts.get(at)) else { continue };
        row.op = Some(op);
        // Operations without code of their own share their successor's.
        let same = starts[..behind].iter().rev().take_while(|(offset, _)| *offset == start);
        same.for_each(|(_, op)| {
            of_op[*op as usize].get_or_insert(index as u32);
        });
    }
    of_op
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_machines() {
        let rows = x86(&[0x55, 0x48, 0x89, 0xe5, 0xc3, 0xeb, 0xf9], 64, 0x1000, 0);
        let text: Vec<_> = rows.iter().map(|row| (row.offset, &*row.text)).collect();
        assert_eq!(text, [(0, "push rbp"), (1, "mov rbp, rsp"), (4, "ret"), (5, "jmp → +0")]);
        let words = [0xd65f_03c0, 0xffff_ffff, 0x54ff_ffc1, 0xb400_0040, 0x9400_0100_u32];
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let rows = aarch64(&bytes, 100);
        assert_eq!(&*rows[0].text, "ret");
        assert_eq!(&*rows[1].text, ".word 0xffffffff");
        let branches: Vec<_> = rows[2..].iter().map(|row| &*row.text).collect();
        assert_eq!(branches, ["b.ne → +100", "cbz x0, $+0x8", "bl $+0x400"]);
    }
}
