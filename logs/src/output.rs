//! Logs that are compressed while they are written.
//!
//! What has come together is packed into a frame of its own, so all that was written is readable when the process is
//! killed, and a frame that breaks off costs no more than itself. Readers take frames that follow one another for one
//! text.

use std::io::{self, Write};

use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// Bytes that are packed together.
const FRAME: usize = 1 << 20;

/// How a log is compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Zstandard,
    Gzip,
}

/// Endings of names that ask for it.
const FORMATS: &[(&str, Format)] = &[(".zst", Format::Zstandard), (".gz", Format::Gzip)];

/// Packs what is written.
pub struct Packed<W: Write> {
    out: W,
    format: Format,
    waiting: Vec<u8>,
}

impl<W: Write> Packed<W> {
    /// A writer for a file of this name, which says how it is to be compressed; `out` again if it does not.
    pub fn of_name(name: &str, out: W) -> Result<Packed<W>, W> {
        match FORMATS.iter().find(|(ending, _)| name.ends_with(ending)) {
            Some((_, format)) => Ok(Packed { out, format: *format, waiting: Vec::new() }),
            None => Err(out),
        }
    }

    fn pack(&mut self) -> io::Result<()> {
        let text = std::mem::take(&mut self.waiting);
        let frame = match self.format {
            Format::Zstandard => compress_to_vec(&text[..], CompressionLevel::Fastest),
            Format::Gzip => {
                let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(&text)?;
                encoder.finish()?
            }
        };
        self.out.write_all(&frame)
    }
}

impl<W: Write> Write for Packed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= FRAME {
            self.pack()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.waiting.is_empty() {
            self.pack()?;
        }
        self.out.flush()
    }
}

impl<W: Write> Drop for Packed<W> {
    fn drop(&mut self) {
        // Whoever wants to know of errors has flushed before.
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Radix;
    use crate::input::{Limit, spool};

    #[test]
    fn what_was_packed_is_read_again() {
        let text = "[1a] {jit-summary\n".repeat(200_000);
        for (ending, _) in FORMATS {
            let mut file = Vec::new();
            let Ok(mut packed) = Packed::of_name(&format!("x.pypylog{ending}"), &mut file) else {
                panic!("{ending} asks for compression")
            };
            text.as_bytes().chunks(70_001).for_each(|part| packed.write_all(part).unwrap());
            packed.flush().unwrap();
            drop(packed);
            assert!(file.len() * 4 < text.len());
            let mut read = Vec::new();
            spool(&file[..], &mut read, Radix::Sixteen, Limit::default()).unwrap();
            assert_eq!(read, text.as_bytes());
        }
        assert!(Packed::of_name("x.pypylog", Vec::new()).is_err());
    }
}
