//! Two rules that every recording obeys, checked while it is made.
//!
//! 1. *A guard resumes at the start of its instruction*, so no guard follows an effect of the same instruction: the
//!    exit would have the effect twice. A guard that must come after one has a snapshot of its own.
//! 2. *The state of a mutable object is no constant*: what rests on it leaves a load or a guard in the trace, even if
//!    the object itself is a constant.
//!
//! A recording that breaks a rule is an error of ours: it ends the process under `Options::verify`, and elsewhere it is
//! given up, because its code would run nonsense.

use vm::interp::hooks::Fact;

use super::Recorder;
use crate::abort::Abort;
use crate::opt::writes;

impl Recorder<'_> {
    /// Rule 1, for a guard that is about to use the current instruction's snapshot.
    pub(super) fn check_nothing_is_done(&mut self) {
        let done = self.trace.ops[self.started_at..].iter().find(|op| !writes(op).is_empty());
        if let Some(effect) = done {
            let what = format!("a guard after the effect of '{}'", effect.code.mnemonic());
            self.break_rule(&what);
        }
    }

    /// Rule 2, for a fact that was recorded when the trace had `before` operations.
    pub(super) fn check_state_is_asked(&mut self, fact: Fact, before: usize) {
        if self.end.is_none() && fact.asks_state() && self.trace.ops.len() == before {
            self.break_rule(&format!("nothing looks at the state behind {fact:?}"));
        }
    }

    fn break_rule(&mut self, what: &str) {
        assert!(!self.options.verify, "broken recording: {what} in one instruction\n{}", self.trace);
        self.abort(Abort::Internal);
    }
}
