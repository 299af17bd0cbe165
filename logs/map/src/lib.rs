//! A file as memory, for logs that are too long to be copied.
//!
//! Mapping a file is not safe: somebody may cut it off while it is looked at, and the next look at what is gone raises
//! SIGBUS, which ends the process. Every crate that offers a safe function for it only hides that. Here what is gone
//! reads as zeros (on Linux, see `cut.rs`), the `unsafe` blocks of the log's side stand here alone, and callers map what
//! is worth it: temporary files of their own, which nobody else can reach, and logs so long that a copy would not do. A
//! log that is still written only grows, which is harmless.

#[cfg(target_os = "linux")]
use memmap2::Advice;
#[cfg(unix)]
use memmap2::UncheckedAdvice;
use memmap2::{Mmap, MmapAsRawDesc};
use std::io;
use std::ops::{Deref, Range};

#[cfg(target_os = "linux")]
mod cut;

/// The bytes of a file.
#[derive(Debug)]
pub struct Map {
    // Dropped first: what is unmapped must not be guarded.
    #[cfg(target_os = "linux")]
    _guard: cut::Guard,
    map: Mmap,
}

impl Map {
    /// Maps a file as long as it is now.
    pub fn new(file: impl MmapAsRawDesc) -> io::Result<Map> {
        // SAFETY: nothing is written through the map. Others may write to the file: what they append is not mapped, and
        // a log is not changed elsewhere. If they cut it off, what is gone reads as zeros (or, where that is not
        // guarded, ends the process); no other memory is touched.
        #[expect(unsafe_code, reason = "there is no safe way to map a file")]
        let map = unsafe { Mmap::map(file) }?;
        Ok(Map {
            #[cfg(target_os = "linux")]
            _guard: cut::Guard::new(map.as_ptr() as usize, map.len()),
            map,
        })
    }

    /// These bytes will be looked at now: fetching them at once is cheaper than one page after the other.
    #[cfg(target_os = "linux")]
    pub fn fetch(&self, range: Range<usize>) {
        let (start, end) = (range.start, range.end.min(self.map.len()));
        if start < end {
            // Advice may be refused; nothing depends on it.
            let _ = self.map.advise_range(Advice::PopulateRead, start, end - start);
        }
    }

    /// Nothing, where there is no such advice.
    #[cfg(not(target_os = "linux"))]
    pub fn fetch(&self, _: Range<usize>) {}

    /// These bytes will hardly be looked at again: the memory they take may be used for something else. Looking at them
    /// fetches them from the file once more.
    #[cfg(unix)]
    pub fn release(&self, range: Range<usize>) {
        let (start, end) = (range.start, range.end.min(self.map.len()));
        if start < end {
            // SAFETY: the map is shared and nobody writes through it, so what is dropped here and read again later is
            // the file's bytes in either case.
            #[expect(unsafe_code, reason = "for a private map the advice would change what it holds")]
            let advised =
                unsafe { self.map.unchecked_advise_range(UncheckedAdvice::DontNeed, start, end - start) };
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
        &self.map
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

    #[test]
    #[cfg(target_os = "linux")]
    fn what_is_cut_off_reads_as_zeros() {
        let path = std::env::temp_dir().join(format!("loopscope-cut-{}", std::process::id()));
        std::fs::write(&path, vec![b'x'; 1 << 20]).unwrap();
        let file = File::options().read(true).write(true).open(&path).unwrap();
        let (map, whole) = (Map::new(&file).unwrap(), Map::new(&file).unwrap());
        assert_eq!((map[0], map[(1 << 20) - 1]), (b'x', b'x'));
        file.set_len(5000).unwrap();
        assert_eq!((map[0], map[4999], map[5001], map[9000], map[(1 << 20) - 1]), (b'x', b'x', 0, 0, 0));
        file.set_len(0).unwrap();
        assert!(whole.iter().all(|byte| *byte == 0));
        map.release(0..1 << 20);
        assert_eq!(map[1 << 19], 0);
        std::fs::remove_file(path).unwrap();
    }
}
