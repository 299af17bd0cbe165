//! How much memory a program may have: what was asked for, or most of what the system would give.

use rustix::process::{Resource, getrlimit};

/// Of the machine's memory, an eighth is left to others: a program that wants more gets MemoryError, instead of the
/// kernel's help in finding somebody to kill.
const LEFT_TO_OTHERS: u64 = 8;
/// Addresses that malloc loses between blocks, and that libraries and threads need, at most.
const LOST_ADDRESSES: u64 = 128 << 20;

/// A number of bytes, with K, M or G (or k, m, g) behind it for powers of 1024.
pub fn size(text: &str) -> Result<usize, String> {
    let (digits, shift) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 10),
        Some((at, 'm' | 'M')) => (&text[..at], 20),
        Some((at, 'g' | 'G')) => (&text[..at], 30),
        _ => (text, 0),
    };
    let number = digits.parse::<usize>().ok().and_then(|n| n.checked_mul(1 << shift));
    number.filter(|n| *n > 0).ok_or_else(|| format!("a size is a number as in 500K, 64M or 2G, not '{text}'"))
}

/// What a program may have if nobody says: most of the memory of the machine, or of the group this process is in.
pub fn of_this_machine() -> usize {
    let info = rustix::system::sysinfo();
    let machine = (info.totalram as u64).saturating_mul(u64::from(info.mem_unit.max(1)));
    let group = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let group =
        group.iter().filter_map(|file| std::fs::read_to_string(file).ok()?.trim().parse::<u64>().ok());
    let all = group.fold(machine, u64::min);
    (all - all / LEFT_TO_OTHERS) as usize
}

/// How much malloc can still get before the address space is used up, if that is limited (`ulimit -v`).
pub fn addresses_left() -> usize {
    let Some(limit) = getrlimit(Resource::As).current else { return usize::MAX };
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = statm.split(' ').next().and_then(|pages| pages.parse().ok()).unwrap_or(0);
    let used = pages.saturating_mul(rustix::param::page_size() as u64);
    let left = limit.saturating_sub(used).saturating_add(addresses_of_malloc());
    (left - LOST_ADDRESSES.min(left / 4)) as usize
}

/// What malloc has of them already: mimalloc reserves a gigabyte at once, most of which nobody has asked for yet.
fn addresses_of_malloc() -> u64 {
    const ARENA: u64 = 1 << 30;
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap_or_default();
    let address = |text: &str| u64::from_str_radix(text, 16).ok();
    let sizes = maps.lines().filter_map(|line| {
        let (start, end) = line.split_once(' ')?.0.split_once('-')?;
        Some(address(end)? - address(start)?)
    });
    sizes.filter(|size| *size == ARENA).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(size("300"), Ok(300));
        assert_eq!(size("4K"), Ok(4096));
        assert_eq!(size("64m"), Ok(64 << 20));
        assert_eq!(size("2G"), Ok(2 << 30));
        for wrong in ["", "K", "-1", "0", "5X", "99999999999G"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
