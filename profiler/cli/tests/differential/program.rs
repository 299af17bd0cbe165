//! A program and what its header promises.
//!
//! The header is the leading run of `#` lines: `# expect:` lines are standard output, `# exit:` the exit code,
//! `# small:` an argument for quick runs with `# expect-small:` as its output, `# stress:` an argument for very
//! slow engines, or `skip`.

use std::path::{Path, PathBuf};

use crate::mode::Size;

#[derive(Clone, Debug)]
pub struct Program {
    pub path: PathBuf,
    pub exit: i32,
    /// Made by the generator, so it does nothing but print.
    pub generated: bool,
    expect: Option<String>,
    small: Option<String>,
    expect_small: Option<String>,
    stress: Option<String>,
}

impl Program {
    pub fn read(path: &Path) -> Program {
        let source = std::fs::read_to_string(path).expect("a readable program");
        let header: Vec<&str> = source.lines().take_while(|line| line.starts_with('#')).collect();
        let value = |key: &str| lines(&header, key).map(|text| text.trim_end().to_owned());
        Program {
            path: path.to_owned(),
            exit: value("exit").map_or(0, |code| code.parse().expect("an exit code")),
            generated: header.iter().any(|line| line.starts_with("# Generated from seed ")),
            expect: lines(&header, "expect"),
            small: value("small"),
            expect_small: lines(&header, "expect-small"),
            stress: value("stress"),
        }
    }

    /// The argument that gives the program this size.
    pub fn argument(&self, size: Size) -> Option<&str> {
        match size {
            Size::Small => self.small.as_deref(),
            Size::Stress => self.stress.as_deref().or(self.small.as_deref()),
        }
    }

    /// Whether the program is too slow for engines that want this size.
    pub fn skips(&self, size: Size) -> bool {
        size == Size::Stress && self.stress.as_deref() == Some("skip")
    }

    /// The output promised for this size, if the header says.
    pub fn expected(&self, size: Size) -> Option<&str> {
        match size {
            Size::Stress if self.stress.is_some() => None,
            _ if self.small.is_some() => self.expect_small.as_deref(),
            _ => self.expect.as_deref(),
        }
    }
}

/// The lines of the header that begin with `# key:`, joined; `None` if there are none.
fn lines(header: &[&str], key: &str) -> Option<String> {
    let mut out = None;
    for line in header {
        let Some(text) = line.strip_prefix("# ").and_then(|line| line.strip_prefix(key)) else { continue };
        let Some(text) = text.strip_prefix(':') else { continue };
        let out: &mut String = out.get_or_insert_default();
        out.push_str(text.strip_prefix(' ').unwrap_or(text));
        out.push('\n');
    }
    out
}
