//! Zstandard: frames that follow one another, and the end of a frame that breaks off.
//!
//! A decoder keeps the last bytes of a frame, up to its window, to refer to them. Where a frame breaks off it would
//! keep them for ever, and with a window of 8 MB that can be the whole log of a killed process. So the frame is then
//! ended by an empty block of our own.

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, BufReader, Read};

/// The text of all frames.
pub(super) struct Frames<R> {
    input: BufReader<R>,
    decoder: FrameDecoder,
    state: State,
}

enum State {
    /// A frame may begin.
    Between,
    /// A frame has begun.
    Inside,
    /// Nothing comes any more but what the decoder holds, and then the error.
    Broken(Option<io::Error>),
}

impl<R: Read> Frames<R> {
    pub(super) fn new(input: R) -> Frames<R> {
        Frames { input: BufReader::new(input), decoder: FrameDecoder::new(), state: State::Between }
    }

    /// Begins the next frame; false at the end of the input.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            if self.input.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.init(&mut self.input) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    io::copy(&mut self.input.by_ref().take(u64::from(length)), &mut io::sink())?;
                }
                Err(error) => return Err(damaged(error)),
            }
        }
    }

    /// Decodes a block.
    fn decode(&mut self) {
        let blocks = BlockDecodingStrategy::UptoBlocks(1);
        if let Err(error) = self.decoder.decode_blocks(&mut self.input, blocks) {
            // A raw block, the last one, of no bytes; and four bytes in case a checksum is expected.
            let end = [1, 0, 0, 0, 0, 0, 0];
            let _ = self.decoder.decode_blocks(&end[..], BlockDecodingStrategy::UptoBlocks(1));
            self.state = State::Broken(Some(damaged(error)));
        }
    }
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.decoder.read(into)?;
            if length > 0 || into.is_empty() {
                return Ok(length);
            }
            match self.state {
                State::Broken(ref mut error) => return error.take().map_or(Ok(0), Err),
                State::Between => {
                    if !self.begin()? {
                        return Ok(0);
                    }
                    self.state = State::Inside;
                }
                State::Inside if self.decoder.is_finished() => self.state = State::Between,
                State::Inside => self.decode(),
            }
        }
    }
}

fn damaged(error: FrameDecoderError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}
