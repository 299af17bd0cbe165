//! Address space for the heap: asked for at once, filled by the system when it is touched.
#![expect(unsafe_code, reason = "maps memory")]

/// More than was asked for, so that the start can be aligned.
pub const SLACK: usize = 1 << 15;
/// The heap's first bytes, in small pages.
const SMALL_HEAP: usize = 2 << 20;

/// Fresh address space for so many bytes and a block, without memory behind it; `None` if that is refused.
pub fn reserve(bytes: usize) -> Option<usize> {
    // SAFETY: asks for addresses that nobody uses.
    let base = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            bytes + SLACK,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if base == libc::MAP_FAILED {
        return None;
    }
    // Every cell of a young heap is touched for the first time: with small pages that costs more than allocating.
    // But a short program should not wait for pages that it never needs.
    // SAFETY: advice about the mapping just made; where it is refused, pages are small.
    unsafe { libc::madvise(base.add(SMALL_HEAP), bytes + SLACK - SMALL_HEAP, libc::MADV_HUGEPAGE) };
    Some(base as usize)
}
