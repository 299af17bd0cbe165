//! Many runs as one data set: what is in it, who can read it, and what becomes of it when something goes wrong.

#[path = "../support/dir.rs"]
mod dir;
mod fleet;
mod questions;
mod resume;

use dir::Dir;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A run that never was.
#[derive(Clone, Copy)]
pub struct Run {
    /// Microseconds in each of the two loops.
    pub slow: u64,
    pub steady: u64,
    /// How often each of the two guards failed.
    pub odd: u64,
    pub even: u64,
    /// Microseconds of compiling.
    pub compiling: u64,
    /// Was tracing given up in `g`?
    pub aborts: bool,
}

pub const USUAL: Run = Run { slow: 1000, steady: 500, odd: 3, even: 5, compiling: 100, aborts: false };

impl Run {
    pub fn log(self) -> String {
        let Run { slow, steady, odd, even, compiling, aborts } = self;
        let made = 0x100 + compiling;
        let left = made + slow;
        let end = left + steady;
        let abort = if aborts {
            "[10] {jit-tracing\ng;x.py:8-9~#4 LOAD_FAST\n~~~ ABORTING TRACING ABORT_TOO_LONG\n[18] jit-tracing}\n"
        } else {
            ""
        };
        format!(
            "[0] {{loopscope-meta\nversion 0.1.0\nclock-hz 1000000\nprogram x.py\nstart 0\n[0] loopscope-meta}}\n{abort}\
             [100] {{jit-backend\n[{made:x}] jit-backend}}\n\
             [{made:x}] {{jit-log-opt-loop\n# Loop 0 (f;x.py:1-2~#3 FOR_ITER) : loop with 5 ops\n[i0]\n\
             +1: label(i0, descr=TargetToken(64))\ndebug_merge_point(0, 0, 'f;x.py:1-4~#8 COMPARE_OP')\n\
             +2: guard_true(i0, descr=<Guard0x10>) [i0]\n+3: guard_false(i0, descr=<Guard0x20>) [i0]\n\
             +4: jump(i0, descr=TargetToken(64))\n[{made:x}] jit-log-opt-loop}}\n\
             [{made:x}] {{jit-profile-enter\nloop0 # x.py:2 f FOR_ITER\n[{made:x}] jit-profile-enter}}\n\
             [{left:x}] {{jit-profile-exit\nloop0\n[{left:x}] jit-profile-exit}}\n\
             [{left:x}] {{jit-profile-enter\nloop1 # x.py:9 g FOR_ITER\n[{left:x}] jit-profile-enter}}\n\
             [{end:x}] {{jit-profile-exit\nloop1\n[{end:x}] jit-profile-exit}}\n\
             [{end:x}] {{loopscope-guard-counts\nguard 0x10:{odd}\nguard 0x20:{even}\n[{end:x}] loopscope-guard-counts}}\n\
             [{end:x}] {{loopscope-meta\nend {end:x}\n[{end:x}] loopscope-meta}}\n"
        )
    }
}

/// The parts of a data set, by their names.
pub fn parts(dir: &Dir, set: &str) -> BTreeMap<String, PathBuf> {
    let mut parts = BTreeMap::new();
    let days = std::fs::read_dir(dir.0.join(set)).into_iter().flatten().flatten();
    for day in days.filter(|day| day.file_name().to_string_lossy().starts_with("day=")) {
        for part in std::fs::read_dir(day.path()).unwrap().flatten() {
            let name =
                format!("{}/{}", day.file_name().to_string_lossy(), part.file_name().to_string_lossy());
            parts.insert(name, part.path());
        }
    }
    parts
}

/// The names of the logs in a data set, as often as they are in it.
pub fn logs(dir: &Dir, set: &str) -> Vec<String> {
    let mut names = Vec::new();
    let root = std::fs::canonicalize(&dir.0).unwrap();
    for path in parts(dir, set).values() {
        let sources = profiler::fleet::sources(std::fs::read(path).unwrap()).unwrap();
        names.extend(sources.into_iter().map(|source| {
            source.path.strip_prefix(&format!("{}/", root.display())).unwrap_or(&source.path).to_owned()
        }));
    }
    names.sort();
    names
}
