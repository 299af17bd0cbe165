//! A file as memory, for logs that are too long to be copied.
//!
//! Mapping a file is not safe: somebody may cut it off while it is looked at, and the next look at what is gone ends
//! the process (SIGBUS). Every crate that offers a safe function for it only hides that. So the one `unsafe` block of
//! the log's side stands here alone, and callers map what is worth the risk: temporary files of their own, which nobody
//! else can reach, and logs so long that a copy would not do. A log that is still written only grows, which is harmless.

#[cfg(unix)]
use memmap2::UncheckedAdvice;
use memmap2::{Mmap, MmapAsRawDesc};
use std::io;
use std::ops::{Deref, Range};

/// The bytes of a file.
#[derive(Debug)]
pub struct Map(Mmap);

impl Map {
    /// Maps a file as long as it is now.
    pub fn new(file: impl MmapAsRawDesc) -> io::Result<Map> {
        // SAFETY: nothing is written through the map. Others may write to the file: what they append is not mapped, and
        // a log is not changed elsewhere. If they cut it off, a look at what is gone ends the process; no other memory
        // is touched.
        #[expect(unsafe_code, reason = "there is no safe way to map a file")]
        let map = unsafe { Mmap::map(file) }?;
        Ok(Map(map))
    }

    /// These bytes will hardly be looked at again: the memory they take may be used for something else. Looking at them
    /// fetches them from the file once more.
    #[cfg(unix)]
    pub fn release(&self, range: Range<usize>) {
        let (start, end) = (range.start, range.end.min(self.0.len()));
        if start < end {
            // SAFETY: the map is shared and nobody writes through it, so what is dropped here and read again later is
            // the file's bytes in either case.
            #[expect(unsafe_code, reason = "for a private map the advice would change what it holds")]
            let advised =
                unsafe { self.0.unchecked_advise_range(UncheckedAdvice::DontNeed, start, end - start) };
            // Advice may be refused; nothing depends on it.
            let _ = advised;
        }
    }

    /// Nothing, where there is no such advice.
    #[cfg(not(unix))]
    pub fn release(&self, _: Range<usize>) {}
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::Write;

    #[test]
    fn a_file_is_as_long_as_it_was() {
        let path = std::env::temp_dir().join(format!("loopscope-map-{}", std::process::id()));
        let mut file = File::options().read(true).write(true).create_new(true).open(&path).unwrap();
        assert_eq!(*Map::new(&file).unwrap(), []);
        file.write_all(b"before").unwrap();
        let map = Map::new(&file).unwrap();
        map.release(0..100);
        file.write_all(b" after").unwrap();
        assert_eq!(*map, *b"before");
        std::fs::remove_file(path).unwrap();
    }
}
