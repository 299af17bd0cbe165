use super::{MpyError, OpInfo, Operand, info, read::Reader};

/// One instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instr {
    /// Where it begins in the bytes it was decoded from.
    pub offset: usize,
    /// Its opcode byte.
    pub op: u8,
    pub info: &'static OpInfo,
    /// The operand. A packed one is unpacked, a jump's is the offset it jumps to.
    pub arg: i64,
    /// The second operand, where there is one.
    pub extra: u32,
    /// Where the next instruction begins.
    pub next: usize,
}

/// Decodes the instruction at `offset` of `code`. Offsets count from the start of `code`, whatever that is.
pub fn decode(code: &[u8], offset: usize) -> Result<Instr, MpyError> {
    let mut reader = Reader::new(code, offset);
    let op = reader.byte()?;
    let info = info(op).ok_or(MpyError::Opcode(op))?;
    let arg = match info.operand {
        Operand::None => 0,
        Operand::Packed { bias, .. } => i64::from(op - info.base) + i64::from(bias),
        Operand::SignedVarint => reader.varint()?,
        Operand::SignedJump | Operand::SignedJumpPlusByte => signed_target(&mut reader)?,
        Operand::UnsignedJump => i64::from(reader.jump()?.0) + reader.position() as i64,
        Operand::FarJump => far_target(&mut reader)?,
        Operand::Qstr
        | Operand::Object
        | Operand::Child
        | Operand::ChildPlusByte
        | Operand::ChildPlusVaruint
        | Operand::Pair
        | Operand::Local
        | Operand::Varuint
        | Operand::Call => i64::from(reader.varuint32()?),
    };
    let extra = match info.operand {
        Operand::SignedJumpPlusByte | Operand::ChildPlusByte => reader.byte()?.into(),
        Operand::ChildPlusVaruint | Operand::Pair => reader.varuint32()?,
        _ => 0,
    };
    Ok(Instr { offset, op, info, arg, extra, next: reader.position() })
}

fn signed_target(reader: &mut Reader<'_>) -> Result<i64, MpyError> {
    let (biased, long) = reader.jump()?;
    let distance = i64::from(biased) - if long { 0x4000 } else { 0x40 };
    // The distance counts from here even where another byte follows.
    Ok(reader.position() as i64 + distance)
}

fn far_target(reader: &mut Reader<'_>) -> Result<i64, MpyError> {
    let mut distance = [0; 4];
    distance.copy_from_slice(reader.take(4)?);
    Ok(reader.position() as i64 + i64::from(i32::from_le_bytes(distance)))
}

/// The instructions of a function, from `code` (its bytes from `code_start` on); ends after the first bad one.
pub fn instructions(code: &[u8]) -> impl Iterator<Item = Result<Instr, MpyError>> + '_ {
    let mut offset = Some(0);
    std::iter::from_fn(move || {
        let at = offset.filter(|&at| at < code.len())?;
        let instr = decode(code, at);
        offset = instr.as_ref().ok().map(|instr| instr.next);
        Some(instr)
    })
}
