//! What the user can set about the JIT, with defaults.

/// Limits and switches. Every limit that ends a trace has its row in `abort`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Back-edges taken or functions entered before recording starts.
    pub threshold: u32,
    /// Exits through a guard before a bridge is recorded.
    pub bridge_threshold: u32,
    /// Operations in a recorded trace.
    pub trace_limit: usize,
    /// Python calls inlined into each other.
    pub inline_limit: usize,
    /// Attempts to compile one loop for further types of its variables.
    pub retrace_limit: u32,
    /// Bridges hanging on one loop.
    pub bridge_limit: u32,
    /// Aborted recordings after which a place is left to the interpreter.
    pub abort_limit: u32,
    /// The same for a guard.
    pub bridge_abort_limit: u32,
    /// Optimiser passes: "all", "none", or a list as `opt::Config::parse` takes it.
    pub passes: String,
    /// Check each trace as it is recorded, after it is optimised and before it is compiled; a broken one is a bug of
    /// ours and ends the process. Always on in debug builds.
    pub verify: bool,
    /// Make each guard leave once although it holds: finds guards whose snapshots do not give the state back.
    pub stress_guards: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            threshold: 1000,
            bridge_threshold: 200,
            trace_limit: 6000,
            inline_limit: 10,
            retrace_limit: 4,
            bridge_limit: 200,
            abort_limit: 14,
            bridge_abort_limit: 5,
            passes: "all".to_owned(),
            verify: cfg!(debug_assertions),
            stress_guards: false,
        }
    }
}
