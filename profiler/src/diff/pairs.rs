//! Which place of one set of runs is which of the other.
//!
//! First by the same function, file, line and opcode; then, since editing moves lines, the same function, opcode and
//! name of file, in the order of their lines; then the same without the file, which may have been renamed.

use crate::places::{Key, Spot};
use crate::report::Place;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// A place in each of several runs; nothing where a run has no loop there.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub key: Key,
    /// The name of its first row in the first run that has it.
    pub name: String,
    pub runs: Vec<Option<Spot>>,
}

/// The places of runs of one program.
pub(crate) fn sites(runs: Vec<Vec<Spot>>) -> Vec<Site> {
    let count = runs.len();
    let mut found = BTreeMap::<Key, Site>::new();
    for (index, spots) in runs.into_iter().enumerate() {
        for spot in spots {
            let site = found.entry(spot.key.clone()).or_insert_with(|| Site {
                key: spot.key.clone(),
                name: spot.name.clone(),
                runs: vec![None; count],
            });
            site.runs[index] = Some(spot);
        }
    }
    found.into_values().collect()
}

/// The same place then and now.
pub(crate) type Pair = (Option<Site>, Option<Site>);

/// Matches the places of two sets of runs.
pub(crate) fn pairs(old: Vec<Site>, new: Vec<Site>) -> Vec<Pair> {
    let exact = |site: &Site| Some(site.key.clone());
    let moved =
        |site: &Site| similar(site, |file| file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned());
    let renamed = |site: &Site| similar(site, |_| String::new()).filter(|_| has_name(site));
    let (mut old, mut new, mut pairs) = (old, new, Vec::new());
    match_by(&exact, &mut old, &mut new, &mut pairs);
    match_by(&moved, &mut old, &mut new, &mut pairs);
    match_by(&renamed, &mut old, &mut new, &mut pairs);
    pairs.extend(old.into_iter().map(|site| (Some(site), None)));
    pairs.extend(new.into_iter().map(|site| (None, Some(site))));
    pairs
}

/// The place without its line, and with what is left of its file.
fn similar(site: &Site, file: impl Fn(&str) -> String) -> Option<Key> {
    match &site.key {
        Key::At(place) => Some(Key::At(Place { line: 0, file: file(&place.file), ..place.clone() })),
        Key::Called(_) => None,
    }
}

/// `<module>` and `<listcomp>` are names of nothing in particular.
fn has_name(site: &Site) -> bool {
    matches!(&site.key, Key::At(place) if !place.function.starts_with('<'))
}

/// Pairs those of the same key, the nth in the order of lines with the nth.
fn match_by(
    key: &dyn Fn(&Site) -> Option<Key>,
    old: &mut Vec<Site>,
    new: &mut Vec<Site>,
    pairs: &mut Vec<Pair>,
) {
    let line = |site: &Site| match &site.key {
        Key::At(place) => place.line,
        Key::Called(_) => 0,
    };
    old.sort_by_key(line);
    new.sort_by_key(line);
    let mut waiting = HashMap::<Key, VecDeque<Site>>::new();
    let mut rest = Vec::new();
    for site in new.drain(..) {
        match key(&site) {
            Some(key) => waiting.entry(key).or_default().push_back(site),
            None => rest.push(site),
        }
    }
    old.retain_mut(|site| {
        let found = key(site).and_then(|key| waiting.get_mut(&key)?.pop_front());
        let paired = found.is_some();
        pairs.extend(found.map(|found| (Some(site.clone()), Some(found))));
        !paired
    });
    *new = rest.into_iter().chain(waiting.into_values().flatten()).collect();
    new.sort_by(|a, b| a.key.cmp(&b.key));
}
