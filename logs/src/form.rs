//! Logs that went through other hands: quoted in a mail, indented in a manual, fenced in an issue, with a thread's number
//! before every line, or with a program's own output before a section's start. What was put around them is taken off
//! again, so that all that reads logs knows one form only.
//!
//! ```text
//! index says all is well ──────────────────────────────► the bytes as they are
//! index finds no section, or stops without starts ─► lines ─► threads apart ─┐
//!                                                     no section at all ─► traces framed ─► other bytes, and remarks
//! ```
//!
//! A healthy log is never looked at twice: only where the [index](crate::index) is at a loss is a text restored, and
//! only if that makes it a better log.

mod bare;
mod lines;
mod threads;

use crate::diagnostic::Diagnostic;
use crate::frame::Radix;
use crate::index::Index;
use lines::Restorer;

/// A log whose framing was restored.
#[derive(Debug)]
pub struct Restored {
    /// The log.
    pub bytes: Vec<u8>,
    /// Its index, and what is wrong with it.
    pub index: (Index, Vec<Diagnostic>),
    /// What was done, in sentences.
    pub remarks: Vec<String>,
}

/// Takes off what others put around a log, if the index of it says that something is amiss and this helps.
pub fn restored(bytes: &[u8], known: &(Index, Vec<Diagnostic>), radix: Radix) -> Option<Restored> {
    let (index, diagnostics) = known;
    if index.is_log() && index.strays() == 0 && !ends_in_a_fence(bytes) {
        return None;
    }
    let mut restorer = Restorer::new(radix);
    let text = restorer.text(bytes);
    let framed = if restorer.has_markers() { None } else { bare::framed(text.as_deref().unwrap_or(bytes)) };
    let mut remarks = restorer.remarks();
    let text = match framed {
        Some((framed, count)) => {
            remarks.push(format!(
                "there is no section in the text, but {count} traces, which were read as PyPy logs them"
            ));
            framed
        }
        None => text?,
    };
    let found = Index::of(&text, radix);
    let is_better = found.0.is_log()
        && (!index.is_log() || found.1.len() < diagnostics.len() || found.0.len() > index.len());
    is_better.then_some(Restored { bytes: text, index: found, remarks })
}

/// Is the last line one that ends quoted code?
fn ends_in_a_fence(bytes: &[u8]) -> bool {
    bytes.trim_ascii_end().ends_with(b"\n```")
}
