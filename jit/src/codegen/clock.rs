//! Time stamps: one instruction where the processor has a counter, no system call anywhere.
#![expect(unsafe_code, reason = "reads the processor's time stamp counter")]

/// Now, in ticks; [`crate::events::Clock`] finds out how long a tick is.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub fn now() -> u64 {
    // SAFETY: every x86-64 processor has the counter, and user code may read it.
    unsafe { std::arch::x86_64::_rdtsc() }
}

/// Now, in nanoseconds since the first call.
#[cfg(not(target_arch = "x86_64"))]
pub fn now() -> u64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed().as_nanos() as u64
}
