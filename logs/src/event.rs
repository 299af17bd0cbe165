//! Profile events: when machine code of which loop was entered and left.
//!
//! An event is one section of one line, `loopN` and perhaps ` # comment`; the stamp of the section's start is its time.
//!
//! * *enter*: the loop runs from now on; whatever loop ran before in the same place is left.
//! * *exit*: the loop is left to the interpreter.
//! * *call* and *return* bracket a loop that runs inside a call made by another loop. A reader that knows only
//!   enter and exit ignores them, and the calling loop gets the time.

use crate::section::Section;

/// The four kinds of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// `jit-profile-enter`
    Enter,
    /// `jit-profile-exit`
    Exit,
    /// `jit-profile-call`
    Call,
    /// `jit-profile-return`
    Return,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [EventKind; 4] = [EventKind::Enter, EventKind::Exit, EventKind::Call, EventKind::Return];

    /// The section the event is written as.
    pub const fn section(self) -> Section {
        match self {
            EventKind::Enter => Section::JitProfileEnter,
            EventKind::Exit => Section::JitProfileExit,
            EventKind::Call => Section::JitProfileCall,
            EventKind::Return => Section::JitProfileReturn,
        }
    }

    /// The kind a section stands for.
    pub const fn from_section(section: Section) -> Option<EventKind> {
        match section {
            Section::JitProfileEnter => Some(EventKind::Enter),
            Section::JitProfileExit => Some(EventKind::Exit),
            Section::JitProfileCall => Some(EventKind::Call),
            Section::JitProfileReturn => Some(EventKind::Return),
            _ => None,
        }
    }
}

/// One event, as read from a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// What happened.
    pub kind: EventKind,
    /// When: the stamp of the section's start.
    pub at: u64,
    /// The loop's token, `loop3`; empty in a log of markers, which have no content.
    pub name: &'a [u8],
    /// What follows `#`, trimmed; empty without.
    pub comment: &'a [u8],
}

impl Event<'_> {
    /// N of `loopN`: the number in the loop's own header `# Loop N (...)`.
    pub fn number(&self) -> Option<i64> {
        loop_number(self.name)
    }
}

/// N of the token `loopN`.
pub fn loop_number(token: &[u8]) -> Option<i64> {
    std::str::from_utf8(token.strip_prefix(b"loop")?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_sections_are_one_to_one() {
        for kind in EventKind::ALL {
            assert_eq!(EventKind::from_section(kind.section()), Some(kind));
        }
    }

    #[test]
    fn the_token_names_the_loop() {
        assert_eq!(loop_number(b"loop12"), Some(12));
        assert_eq!(loop_number(b"Loop12"), None);
        assert_eq!(loop_number(b"loop"), None);
    }
}
