//! The stages of a trace that a log may show, and where it shows them.
//!
//! A trace's recorded and rewritten forms have no number; they stand in the log before the trace itself, and after
//! the one before it.

use logs::Log;
use logs::frame::SectionId;
use logs::section::Section;

/// A form of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Stage {
    /// As it was compiled.
    #[default]
    Optimised,
    /// As it was recorded.
    Recorded,
    /// With what the collector needs; PyPy's last stage before machine code.
    Rewritten,
}

impl Stage {
    /// Every stage, in the order of the key that goes through them.
    pub const ALL: [Stage; 3] = [Stage::Optimised, Stage::Recorded, Stage::Rewritten];

    /// A word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Stage::Optimised => "optimised",
            Stage::Recorded => "recorded",
            Stage::Rewritten => "rewritten",
        }
    }

    /// The one behind it.
    pub fn next(self) -> Stage {
        Stage::ALL[(self as usize + 1) % Stage::ALL.len()]
    }
}

/// Where the other stages of every trace stand.
#[derive(Debug, Default)]
pub(super) struct Stages(Vec<[Option<SectionId>; 2]>);

impl Stages {
    pub fn of(log: &Log<'_>) -> Stages {
        let mut stages = vec![[None; 2]; log.traces.len()];
        let mut pending = [None; 2];
        let mut traces = log.traces.iter().map(|trace| trace.section).zip(0..).peekable();
        for (id, node) in log.frame.sections() {
            match node.kind {
                Some(Section::JitLogNoopt | Section::JitLogNooptLoop | Section::JitLogNooptBridge) => {
                    pending = [Some(id), None];
                }
                Some(Section::JitLogRewrittenLoop | Section::JitLogRewrittenBridge) => pending[1] = Some(id),
                Some(Section::JitLogOptLoop | Section::JitLogOptBridge) => {
                    if let Some((_, index)) = traces.next_if(|(section, _)| *section == id) {
                        stages[index] = std::mem::take(&mut pending);
                    }
                }
                _ => {}
            }
        }
        Stages(stages)
    }

    /// The section that shows a trace at a stage.
    pub fn section(&self, log: &Log<'_>, trace: usize, stage: Stage) -> Option<SectionId> {
        let [recorded, rewritten] = self.0.get(trace).copied()?;
        match stage {
            Stage::Optimised => log.traces.get(trace).map(|trace| trace.section),
            Stage::Recorded => recorded,
            Stage::Rewritten => rewritten,
        }
    }
}
