//! How often lines ran: lcov files, as `run --coverage` and others write them.

use std::collections::BTreeMap;
use std::path::Path;

use crate::failure::{Failure, read};

/// Counts by line, of several files.
#[derive(Default)]
pub struct Lcov(Vec<(String, BTreeMap<u32, u64>)>);

impl Lcov {
    pub fn open(path: &str) -> Result<Lcov, Failure> {
        let lcov = Lcov::parse(&String::from_utf8_lossy(&read(path)?));
        if lcov.0.is_empty() {
            let message =
                format!("'{path}' holds no counts of lines; 'loopscope run --coverage=FILE' writes them");
            return Err(Failure::Unreadable(message));
        }
        Ok(lcov)
    }

    /// What is no line of the format is passed over; counts of a line that is there twice add up.
    fn parse(text: &str) -> Lcov {
        let mut files: Vec<(String, BTreeMap<u32, u64>)> = Vec::new();
        for line in text.lines().map(str::trim_end) {
            match line.split_once(':') {
                Some(("SF", file)) => files.push((file.to_owned(), BTreeMap::new())),
                Some(("DA", counts)) => {
                    if let (Some((line, count)), Some((_, known))) =
                        (line_and_count(counts), files.last_mut())
                    {
                        *known.entry(line).or_default() += count;
                    }
                }
                _ => {}
            }
        }
        Lcov(files)
    }

    /// The counts of the file at `path`; of one whose name ends alike, if that is the only one.
    pub fn of(&self, path: &str) -> Option<BTreeMap<u32, u64>> {
        if let Some((_, counts)) = self.0.iter().find(|(file, _)| file == path) {
            return Some(counts.clone());
        }
        let alike = |file: &str| Path::new(file).ends_with(path) || Path::new(path).ends_with(file);
        let mut alike = self.0.iter().filter(|(file, _)| alike(file));
        alike.next().filter(|_| alike.next().is_none()).map(|(_, counts)| counts.clone())
    }
}

/// `line,count`, and perhaps a checksum.
fn line_and_count(text: &str) -> Option<(u32, u64)> {
    let mut parts = text.split(',');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_name_or_by_the_end_of_it() {
        let lcov = Lcov::parse(
            "TN:\nSF:/a/p.py\nDA:1,2\nDA:3,0,abc\nDA:x\nend_of_record\nSF:q.py\nDA:1,1\nDA:1,4\n",
        );
        assert_eq!(lcov.of("p.py"), Some(BTreeMap::from([(1, 2), (3, 0)])));
        assert_eq!(lcov.of("/b/q.py"), Some(BTreeMap::from([(1, 5)])));
        assert_eq!(lcov.of("y.py"), None);
    }
}
