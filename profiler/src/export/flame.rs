//! Folded stacks, one line per node of the tree, and the picture that is drawn of them.

use super::Exporter;
use inferno::flamegraph::{self, Options};
use std::io::{self, Write};

pub(super) fn folded(exporter: &Exporter<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    for line in lines(exporter) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

pub(super) fn graph(exporter: &Exporter<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let lines = lines(exporter);
    let mut options = Options::default();
    options.title = exporter.title();
    options.count_name = "ticks".to_owned();
    options.name_type = "Owner:".to_owned();
    options.deterministic = true;
    if lines.is_empty() {
        return Err(io::Error::other("there is nothing to draw: the run took no time"));
    }
    flamegraph::from_lines(&mut options, lines.iter().map(String::as_str), out)
}

/// `program;loop0 f (x.py:1);gc 123`
fn lines(exporter: &Exporter<'_, '_>) -> Vec<String> {
    let title = clean(&exporter.title());
    let nodes = exporter.found.tree.nodes().filter(|(_, node)| node.ticks > 0);
    nodes
        .map(|(id, node)| {
            let mut line = title.clone();
            for frame in exporter.frames.stack(&exporter.found, id) {
                line.push(';');
                line.push_str(&clean(&exporter.frames.list()[frame].name));
            }
            format!("{line} {}", node.ticks)
        })
        .collect()
}

/// What separates frames and lines is no part of a name.
fn clean(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c == ';' {
                ':'
            } else if c.is_control() {
                ' '
            } else {
                c
            }
        })
        .collect()
}
