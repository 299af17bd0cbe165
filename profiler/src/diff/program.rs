//! Are these runs of the same program?
//!
//! A file has the same name, or, if it was renamed, the functions in which time was spent do. Logs that name no program
//! are known by their loops alone.

use super::pairs::Pair;
use crate::report::Report;

/// Why they are not, if they are not.
pub(crate) fn different(old: &[&Report], new: &[&Report], pairs: &[Pair]) -> Option<String> {
    let all = || old.iter().chain(new).copied();
    let mut names: Vec<&str> = all().filter_map(|report| report.program.as_deref()).map(file).collect();
    names.sort_unstable();
    names.dedup();
    // One side may have no loops, compiled none or have been run without.
    let sites = |side: fn(&Pair) -> bool| pairs.iter().filter(|pair| side(pair)).count();
    let (then, now) = (sites(|pair| pair.0.is_some()), sites(|pair| pair.1.is_some()));
    let both = sites(|pair| pair.0.is_some() && pair.1.is_some());
    let shared = both * 2 >= then.min(now).max(1);
    match &names[..] {
        [] | [_] if both == 0 && then.min(now) >= MANY => Some("the runs have no loop in common".to_owned()),
        [] | [_] => None,
        _ if shared => None,
        [first, second, ..] => Some(format!("these are runs of {first} and of {second}")),
    }
}

/// Loops that two runs of one program do not all differ in.
const MANY: usize = 2;

fn file(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
