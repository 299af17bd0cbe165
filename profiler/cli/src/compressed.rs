//! A log that is compressed as it is written: zstd frames, one after the other.
//!
//! A flush ends a frame, so that what was flushed can be read although the process is killed, or still runs.

use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::{self, Write};

/// Bytes of a frame before it is written; longer ones compress no better.
const FRAME: usize = 1 << 20;

pub struct Compressed<W> {
    out: W,
    text: Vec<u8>,
}

impl<W: Write> Compressed<W> {
    pub fn new(out: W) -> Compressed<W> {
        Compressed { out, text: Vec::new() }
    }

    fn frame(&mut self) -> io::Result<()> {
        if self.text.is_empty() {
            return Ok(());
        }
        let frame = compress_to_vec(&self.text[..], CompressionLevel::Fastest);
        self.text.clear();
        self.out.write_all(&frame)
    }
}

impl<W: Write> Write for Compressed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(bytes);
        if self.text.len() >= FRAME {
            self.frame()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.frame()?;
        self.out.flush()
    }
}
