//! A loop's source: as the log holds it, else as the disk does.

use super::extent::Extent;
use super::{Line, Mark, Missing, Pane, Text, printable};
use crate::OnDisk;
use logs::Log;

pub(super) fn pane(log: &Log<'_>, on_disk: OnDisk<'_>, extent: &Extent) -> Pane {
    if let Some(source) = log.sources.iter().find(|source| source.file == extent.file.as_bytes()) {
        return Pane::Text(text(extent, log.source_lines(source), extent.file.clone()));
    }
    match on_disk(&extent.file) {
        Some(bytes) => {
            let lines = bytes.split(|&byte| byte == b'\n');
            Pane::Text(text(extent, lines, format!("{} (as it is now)", extent.file)))
        }
        None => Pane::Missing(Missing {
            what: format!("the log does not hold '{}', and it cannot be read either", extent.file),
            how: "'loopscope run --log FILE' writes the source into the log; in PYPYLOG, the prefix \
                  loopscope-source does"
                .to_owned(),
        }),
    }
}

fn text<'a>(extent: &Extent, lines: impl Iterator<Item = &'a [u8]>, title: String) -> Text {
    let lines = (1..).zip(lines).map(|(number, line)| Line {
        number,
        text: printable(line.strip_suffix(b"\r").unwrap_or(line)),
        mark: mark(extent, number),
    });
    Text { title, lines: lines.collect(), at: extent.line.saturating_sub(1) as usize }
}

fn mark(extent: &Extent, number: u32) -> Mark {
    match number {
        _ if number == extent.line => Mark::Head,
        _ if extent.lines.contains(&number) => Mark::Inside,
        _ => Mark::Outside,
    }
}
