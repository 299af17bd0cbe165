//! The vocabulary of section names: which exist, who writes them, what stands in them, what time spent in them means.
//!
//! A log may hold sections that are not in the table (programs can open their own), so a section is identified by
//! its name everywhere; [`Section`] is only the name's meaning, where we know one.

/// Who writes a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// PyPy writes it, and so do we where the table's row makes sense for us.
    PyPy,
    /// The design note of the JIT-aware profiler, as we settled its open points.
    Note,
    /// Only we write it.
    Loopscope,
}

/// What the time between a section's start and stop was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Recording a trace.
    Tracing,
    /// Rewriting a trace.
    Optimize,
    /// Making machine code of it.
    Backend,
    /// Collecting garbage.
    Gc,
    /// Nothing by itself: the time belongs to whatever encloses the section.
    None,
}

macro_rules! sections {
    ($($(#[doc = $content:literal])+ $variant:ident $name:literal $origin:ident $phase:ident;)+) => {
        /// A section whose meaning we know.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Section { $($(#[doc = $content])+ $variant,)+ }

        impl Section {
            /// Every row of the table.
            pub const ALL: &[Section] = &[$(Section::$variant,)+];

            /// The name, as it stands in a log.
            pub const fn name(self) -> &'static str { match self { $(Section::$variant => $name,)+ } }

            /// Who writes it.
            pub const fn origin(self) -> Origin { match self { $(Section::$variant => Origin::$origin,)+ } }

            /// What time spent in it means.
            pub const fn phase(self) -> Phase { match self { $(Section::$variant => Phase::$phase,)+ } }

            /// What stands in it.
            pub const fn content(self) -> &'static str {
                match self { $(Section::$variant => concat!($($content,)+),)+ }
            }

            /// The section of that name.
            pub fn from_name(name: &[u8]) -> Option<Section> {
                match std::str::from_utf8(name).ok()? { $($name => Some(Section::$variant),)+ _ => None }
            }
        }
    };
}

sections! {
    /// One bare location line per traced bytecode; messages; abort lines.
    JitTracing "jit-tracing" PyPy Tracing;
    /// Sizes of the trace: `trace length: N`, ` total snapshots: N`, ...
    JitTraceDone "jit-trace-done" PyPy None;
    /// The recorded trace, before optimisation.
    JitLogNoopt "jit-log-noopt" PyPy None;
    /// Retrace messages and nested sections.
    JitOptimize "jit-optimize" PyPy Optimize;
    /// Why the optimiser gave a trace up, in free text.
    JitAbort "jit-abort" PyPy None;
    /// Operations of an aborted trace.
    JitAbortLog "jit-abort-log" PyPy None;
    /// `found new longest: LOCATION SIZE`.
    JitAbortLongestFunction "jit-abort-longest-function" PyPy None;
    /// `disabled inlining LOCATION`.
    JitDisableInlining "jit-disableinlining" PyPy None;
    /// Virtual state at a loop's end, in a syntax of its own.
    JitLogExportedState "jit-log-exported-state" PyPy None;
    /// Operations that rebuild the loop's state from the entry.
    JitLogShortPreamble "jit-log-short-preamble" PyPy None;
    /// The optimised loop, before the backend has seen it: no header line, no offsets.
    JitLogCompilingLoop "jit-log-compiling-loop" PyPy None;
    /// The optimised bridge, before the backend has seen it.
    JitLogCompilingBridge "jit-log-compiling-bridge" PyPy None;
    /// The loop after the GC rewrite, with offsets; its number is always 0.
    JitLogRewrittenLoop "jit-log-rewritten-loop" PyPy None;
    /// The bridge after the GC rewrite, with offsets.
    JitLogRewrittenBridge "jit-log-rewritten-bridge" PyPy None;
    /// A compiled loop or entry bridge: header, input arguments, operations with offsets.
    JitLogOptLoop "jit-log-opt-loop" PyPy None;
    /// A compiled bridge, likewise.
    JitLogOptBridge "jit-log-opt-bridge" PyPy None;
    /// A compiled loop without the operations that have no code: the same loop once more.
    JitLogDceLoop "jit-log-dce-loop" PyPy None;
    /// A compiled bridge, likewise.
    JitLogDceBridge "jit-log-dce-bridge" PyPy None;
    /// The recorded loop, in old logs.
    JitLogNooptLoop "jit-log-noopt-loop" PyPy None;
    /// The recorded bridge, in old logs.
    JitLogNooptBridge "jit-log-noopt-bridge" PyPy None;
    /// Container of the backend's work on one trace.
    JitBackend "jit-backend" PyPy Backend;
    /// `BACKEND`, `SYS_EXECUTABLE`, `CODE_DUMP`: a block of machine code, or a patch of an earlier one.
    JitBackendDump "jit-backend-dump" PyPy None;
    /// Where a trace's machine code lies.
    JitBackendAddr "jit-backend-addr" PyPy None;
    /// Size of the code and spill counters; repeats the first line of `jit-backend-addr`.
    JitRegallocStats "jit-regalloc-stats" PyPy None;
    /// How often every entry, label and bridge ran, in the order of compilation.
    JitBackendCounts "jit-backend-counts" PyPy None;
    /// `allocating Loop # N`, `allocating Bridge # N of Loop # M`.
    JitMemLooptokenAlloc "jit-mem-looptoken-alloc" PyPy None;
    /// How many loops were freed.
    JitMemCollect "jit-mem-collect" PyPy None;
    /// How many loops were freed at once.
    JitMemReleaseAll "jit-mem-releaseall" PyPy None;
    /// A field that was assumed constant changed; nested patches invalidate the loops.
    JitInvalidateQuasiImmutable "jit-invalidate-quasi-immutable" PyPy None;
    /// `removed frame NAME`.
    JitTco "jit-tco" PyPy None;
    /// Totals of the run, `label:TAB value`.
    JitSummary "jit-summary" PyPy None;
    /// Collection of the nursery.
    GcMinor "gc-minor" PyPy Gc;
    /// Part of `gc-minor`.
    GcMinorWalkroots "gc-minor-walkroots" PyPy Gc;
    /// One step of a major collection.
    GcCollectStep "gc-collect-step" PyPy Gc;
    /// Sizes after a major collection.
    GcCollectDone "gc-collect-done" PyPy Gc;
    /// A whole collection.
    GcCollect "gc-collect" PyPy Gc;
    /// Cache and memory sizes.
    GcHardware "gc-hardware" PyPy Gc;
    /// `nursery size: N`.
    GcSetNurserySize "gc-set-nursery-size" PyPy Gc;

    /// `loopN [# comment]`: machine code of the loop is entered; implies leaving the one that was running.
    JitProfileEnter "jit-profile-enter" Note None;
    /// `loopN [# comment]`: the loop is left to the interpreter.
    JitProfileExit "jit-profile-exit" Note None;
    /// `loopN [# comment]`: the running loop calls out, and the callee enters loop N.
    JitProfileCall "jit-profile-call" Note None;
    /// `loopN [# comment]`: loop N, entered by a call, is left; the caller's loop goes on.
    JitProfileReturn "jit-profile-return" Note None;
    /// `FROM TO EVENTS`: an interval in which every transition was recorded. Without any, all were.
    JitProfileWindow "jit-profile-window" Note None;
    /// `program WHAT COUNT NS` and `thread WHAT NS`: what recording has cost.
    JitProfileCost "jit-profile-cost" Note None;

    /// `key value` lines: `version`, `recorder`, `pid`, `clock-hz`, `program`, `host`, `time` (seconds since 1970), `start`,
    /// `end`; the last two written like stamps.
    LoopscopeMeta "loopscope-meta" Loopscope None;
    /// `file PATH`, then the file's lines, each behind one space.
    LoopscopeSource "loopscope-source" Loopscope None;
    /// `code FUNCTION;FILE:LINE`, then ` OFFSET LINE OPNAME ARGS` lines, each behind one space.
    LoopscopeBytecode "loopscope-bytecode" Loopscope None;
    /// A slice of time: `slice FROM TO`, `method HOW MICROSECONDS`, `running NS`, and `KEY RUNNING WAITING` lines: how
    /// often the program's thread was found in what, running and not.
    LoopscopeSamples "loopscope-samples" Loopscope None;
    /// `RUNNING WAITING [TRACE/]CAUSE LOCATION`: where in the program the interpreter was found, whose code waited for it,
    /// and since which guard's exit.
    LoopscopePlaces "loopscope-places" Loopscope None;
    /// `method HOW MICROSECONDS`, `code 0xADDRESS COUNT`, `native NAME KEY COUNT`: samples of the program counter.
    LoopscopeAddresses "loopscope-addresses" Loopscope None;
    /// `hN NAME`: a function of the runtime that machine code calls.
    LoopscopeHelpers "loopscope-helpers" Loopscope None;
    /// `looks DONE MISSED`, `addresses DONE LOST`: what the samples lack.
    LoopscopeLosses "loopscope-losses" Loopscope None;
    /// What `record` saw of a process: `process PID`, `method HOW HZ`, `lost N`, `others N`, `thread TID`, and for each
    /// sample of that thread `STAMP RAN DELAYED ADDRESS [CALLER]`: ticks since the one before in which it ran, and in which
    /// others kept it from running; where it was, and the innermost place in machine code that called.
    LoopscopeRecorded "loopscope-recorded" Loopscope None;
    /// Why: `shape N CLASS ATTRIBUTE…`, `saw 0xGUARD TIMES VARIABLE|- WHAT` of values that guards left for, `caught TIMES CLASS
    /// LOCATION` of exceptions that the interpreter brought to a handler, `broke TIMES NAME LOCATION` of names whose changes
    /// invalidated the code that begins there.
    LoopscopeEvidence "loopscope-evidence" Loopscope None;
    /// `guard 0xID:COUNT`: how often a guard left compiled code for the interpreter.
    LoopscopeGuardCounts "loopscope-guard-counts" Loopscope None;
}

impl Section {
    /// Do its stamps say nothing? Another thread writes it, with the stamp of what stands before; times are inside.
    pub const fn has_no_time(self) -> bool {
        matches!(
            self,
            Section::LoopscopeSamples
                | Section::LoopscopeHelpers
                | Section::LoopscopePlaces
                | Section::LoopscopeAddresses
                | Section::LoopscopeLosses
                | Section::LoopscopeRecorded
                | Section::JitProfileWindow
                | Section::JitProfileCost
        )
    }
}

impl AsRef<[u8]> for Section {
    fn as_ref(&self) -> &[u8] {
        self.name().as_bytes()
    }
}

/// What time spent in a section of that name means, names outside the table included: every `gc-*` is collection.
pub fn phase_of(name: &[u8]) -> Phase {
    match Section::from_name(name) {
        Some(section) => section.phase(),
        None if name.starts_with(b"gc-") => Phase::Gc,
        None => Phase::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found_again() {
        for &section in Section::ALL {
            assert_eq!(Section::from_name(section.name().as_bytes()), Some(section));
        }
    }

    #[test]
    fn our_own_sections_carry_our_name() {
        for &section in Section::ALL {
            let ours = section.name().starts_with("loopscope-");
            assert_eq!(ours, section.origin() == Origin::Loopscope, "{}", section.name());
        }
    }

    #[test]
    fn unknown_collections_are_collections() {
        assert_eq!(phase_of(b"gc-rawsize-collect"), Phase::Gc);
        assert_eq!(phase_of(b"my section"), Phase::None);
    }
}
