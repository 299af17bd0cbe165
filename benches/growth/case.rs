//! The cases, a text each: a title with what is documented, statements that prepare, and the statements that count.
//!
//! ```text
//! ## NAME: n            or n^2, n^1.58
//! PREPARATION           with n at hand
//! --
//! WHAT IS MEASURED
//! ```

pub struct Case {
    pub name: String,
    /// The exponent of n.
    pub documented: f64,
    pub preparation: String,
    pub measured: String,
}

/// All of `cases.txt`.
pub fn all() -> Vec<Case> {
    include_str!("cases.txt").split("\n## ").skip(1).map(parse).collect()
}

fn parse(text: &str) -> Case {
    let (title, rest) = text.split_once('\n').unwrap_or((text, ""));
    let Some((name, documented)) = title.rsplit_once(": ") else { panic!("no complexity in '{title}'") };
    let documented = match documented.strip_prefix("n^") {
        Some(exponent) => exponent.parse().unwrap_or_else(|_| panic!("no exponent in '{title}'")),
        None => 1.0,
    };
    let (preparation, measured) =
        rest.split_once("--\n").unwrap_or_else(|| panic!("nothing to measure in '{title}'"));
    Case {
        name: name.to_owned(),
        documented,
        preparation: preparation.to_owned(),
        measured: measured.to_owned(),
    }
}
