//! A file's first page as memory: perf and samply notice a file of a certain name when it is mapped executable.
#![expect(unsafe_code, reason = "maps a file")]

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

const PAGE: usize = 4096;

/// The mapping; nobody looks at what it holds.
pub struct Page(usize);

impl Page {
    /// Maps the beginning of a file.
    pub fn map(file: BorrowedFd<'_>) -> io::Result<Page> {
        let protection = libc::PROT_READ | libc::PROT_EXEC;
        // SAFETY: a fresh private mapping that is never read.
        let page = unsafe {
            libc::mmap(std::ptr::null_mut(), PAGE, protection, libc::MAP_PRIVATE, file.as_raw_fd(), 0)
        };
        if page == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(Page(page as usize)) }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // SAFETY: the mapping of `map`.
        unsafe { libc::munmap(self.0 as *mut libc::c_void, PAGE) };
    }
}

/// Now, in nanoseconds of the clock that profilers use with `-k mono`.
pub fn monotonic() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is ours; the clock exists everywhere.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// The thread's number.
pub fn thread() -> u32 {
    // SAFETY: a plain system call.
    unsafe { libc::syscall(libc::SYS_gettid) as u32 }
}
