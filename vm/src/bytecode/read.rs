use super::MpyError;

/// A place in a byte sequence; every read is checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Reader { bytes, at }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    pub(super) fn byte(&mut self) -> Result<u8, MpyError> {
        let byte = *self.bytes.get(self.at).ok_or(MpyError::Truncated)?;
        self.at += 1;
        Ok(byte)
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], MpyError> {
        let end = self.at.checked_add(len).ok_or(MpyError::Truncated)?;
        let taken = self.bytes.get(self.at..end).ok_or(MpyError::Truncated)?;
        self.at = end;
        Ok(taken)
    }

    /// Base 128, most significant digit first, high bit set on all but the last.
    pub(super) fn varuint(&mut self) -> Result<usize, MpyError> {
        let mut value: usize = 0;
        loop {
            let byte = self.byte()?;
            if value > usize::MAX >> 7 {
                return Err(MpyError::Overflow);
            }
            value = value << 7 | usize::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
    }

    pub(super) fn varuint32(&mut self) -> Result<u32, MpyError> {
        u32::try_from(self.varuint()?).map_err(|_| MpyError::Overflow)
    }

    /// As `varuint`, with the sign in bit 6 of the first byte.
    pub(super) fn varint(&mut self) -> Result<i64, MpyError> {
        let mut value: i64 = 0;
        for n in 0..10 {
            let byte = self.byte()?;
            if n == 0 && byte & 0x40 != 0 {
                value = -1;
            }
            if value != value << 7 >> 7 {
                return Err(MpyError::Overflow);
            }
            value = value << 7 | i64::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(MpyError::Overflow)
    }

    /// A jump's operand: one byte, or two with the high bit of the first set. The bias is not yet removed.
    pub(super) fn jump(&mut self) -> Result<(u16, bool), MpyError> {
        let low = u16::from(self.byte()?);
        if low & 0x80 == 0 {
            return Ok((low, false));
        }
        Ok((low & 0x7f | u16::from(self.byte()?) << 7, true))
    }
}
