//! The grammar of the environment variable `PYPYLOG`: which sections go into which file.
//!
//! ```text
//! +FILE  FILE     markers only: every section's start and stop, no content (FILE holds no ':' in the second form)
//! :FILE           everything
//! p1,p2:FILE      the sections whose own name starts with p1 or p2
//! ```
//!
//! Whether a section is active depends on its own name alone: a section that is not selected silences its own text
//! even inside a selected one, and a selected one is written even inside one that is not.

use std::borrow::Cow;

/// A value of `PYPYLOG`, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// What is written.
    pub selection: Selection,
    /// Where it is written to.
    pub target: Target,
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The starts and stops of all sections, and no text.
    Markers,
    /// Sections whose name starts with one of these, with their text.
    Prefixes(Vec<String>),
}

/// Where a log goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// `-`
    Stderr,
    /// A path, in which the first `%d` stands for the process id.
    File(String),
}

impl Filter {
    /// Reads a value of the variable; an empty one asks for no log.
    pub fn parse(value: &str) -> Option<Filter> {
        if value.is_empty() {
            return None;
        }
        let (selection, file) = match value.strip_prefix('+') {
            Some(file) => (Selection::Markers, file),
            None => match value.split_once(':') {
                None => (Selection::Markers, value),
                Some((prefixes, file)) => (Selection::prefixes(prefixes), file),
            },
        };
        Some(Filter { selection, target: Target::parse(file) })
    }
}

impl Selection {
    /// Every section, with its text.
    pub fn everything() -> Selection {
        Selection::prefixes("")
    }

    /// From a comma-separated list; an empty element selects everything.
    pub fn prefixes(list: &str) -> Selection {
        Selection::Prefixes(list.split(',').map(str::to_owned).collect())
    }

    /// Are the section's start and stop written?
    pub fn marks(&self, name: &[u8]) -> bool {
        matches!(self, Selection::Markers) || self.is_active(name)
    }

    /// Is the section's text written?
    pub fn is_active(&self, name: &[u8]) -> bool {
        match self {
            Selection::Markers => false,
            Selection::Prefixes(prefixes) => {
                prefixes.iter().any(|prefix| name.starts_with(prefix.as_bytes()))
            }
        }
    }
}

impl Target {
    fn parse(file: &str) -> Target {
        if file == "-" { Target::Stderr } else { Target::File(file.to_owned()) }
    }

    /// The path for a process; `None` for stderr.
    pub fn path(&self, pid: u32) -> Option<Cow<'_, str>> {
        match self {
            Target::Stderr => None,
            Target::File(path) if self.is_per_process() => {
                Some(path.replacen("%d", &pid.to_string(), 1).into())
            }
            Target::File(path) => Some(path.into()),
        }
    }

    /// Does every process have a file of its own? Then the variable stays set for child processes.
    pub fn is_per_process(&self) -> bool {
        matches!(self, Target::File(path) if path.contains("%d"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Target {
        Target::File(path.to_owned())
    }

    #[test]
    fn the_four_forms() {
        let markers = |path| Some(Filter { selection: Selection::Markers, target: file(path) });
        assert_eq!(Filter::parse(""), None);
        assert_eq!(Filter::parse("+out:1"), markers("out:1"));
        assert_eq!(Filter::parse("jit-log-opt,jit-summary"), markers("jit-log-opt,jit-summary"));
        let all = Filter::parse(":a:b").unwrap();
        assert_eq!((all.selection, all.target), (Selection::everything(), file("a:b")));
        let some = Filter::parse("jit,gc:-").unwrap();
        assert_eq!((some.selection, some.target), (Selection::prefixes("jit,gc"), Target::Stderr));
    }

    #[test]
    fn a_section_is_active_by_its_own_name() {
        let backend = Selection::prefixes("jit-backend,gc-");
        assert!(backend.is_active(b"jit-backend-addr") && backend.is_active(b"gc-minor"));
        assert!(!backend.is_active(b"jit-tracing") && !backend.marks(b"jit-tracing"));
        assert!(Selection::everything().is_active(b"anything"));
        assert!(Selection::Markers.marks(b"anything") && !Selection::Markers.is_active(b"anything"));
    }

    #[test]
    fn the_first_percent_d_is_the_process() {
        assert_eq!(file("a.%d.%d").path(7).unwrap(), "a.7.%d");
        assert_eq!(file("a").path(7).unwrap(), "a");
        assert_eq!(Target::Stderr.path(7), None);
        assert!(file("%d").is_per_process() && !file("d").is_per_process());
    }
}
