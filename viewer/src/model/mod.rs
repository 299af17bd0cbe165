//! What there is to show. Plain data, made from a log by whoever holds it and owned by whoever looks at it.
//!
//! ```text
//! Log ─► Loaded   what all screens need: the report, the tree of loops, the run over time
//!     └► Detail   what one trace is: operations, bytecodes, inlined calls, sources, machine code
//! ```
//!
//! A detail is made when somebody looks at that trace; a log may hold thousands.

mod bytecode;
mod cost;
pub mod detail;
pub mod interleave;
mod lack;
pub mod loaded;
pub mod machine;
mod readable;
mod sources;
mod stage;
pub mod trace;
pub mod versions;

pub(crate) use detail::Maker;
pub use detail::{Detail, FrameCode};
pub use lack::Lack;
pub use loaded::Loaded;
pub use sources::Source;
pub use stage::Stage;
pub use versions::Versions;

/// Something to show, or why it is missing.
pub type Shown<T> = Result<T, Lack>;

/// Bytes as a line that a terminal can show: nothing in it moves the cursor.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("    "),
            c if c.is_control() || is_format(c) => out.push('·'),
            c => out.push(c),
        }
    }
    out
}

/// Characters that reorder or hide what stands beside them.
fn is_format(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn a_log_cannot_take_over_the_terminal() {
        assert_eq!(printable(b"\x1b[2Ja\tb\r"), "·[2Ja    b·");
        assert_eq!(printable("a\u{202e}b".as_bytes()), "a·b");
    }
}
