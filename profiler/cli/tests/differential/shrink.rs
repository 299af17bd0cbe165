//! Making a failing generated program smaller: a line and the block below it are left out wherever the failure stays.

use std::path::{Path, PathBuf};

use crate::check::{self, Failure};
use crate::program::Program;

/// Writes the smallest program found that still fails, and says where.
pub fn shrink(failure: &Failure, directory: &Path) -> PathBuf {
    let path = directory.join("shrunk.py");
    let source = std::fs::read_to_string(&failure.program.path).expect("the program is still there");
    let mut lines: Vec<String> = source.lines().map(str::to_owned).collect();
    while pass(&mut lines, &path, failure) {}
    write(&path, &lines);
    path
}

/// One walk over the program, from its end; whether anything could go.
fn pass(lines: &mut Vec<String>, path: &Path, failure: &Failure) -> bool {
    let mut changed = false;
    let mut at = lines.len();
    while at > 0 {
        at -= 1;
        let end = block_end(lines, at);
        changed |= [(at..end, None), (at..at + 1, Some(at + 1..end))].into_iter().any(|(cut, dedent)| {
            let mut fewer = lines.clone();
            for line in dedent.into_iter().flatten() {
                fewer[line] = fewer[line].strip_prefix("    ").unwrap_or(&fewer[line]).to_owned();
            }
            fewer.drain(cut);
            let fails = still_fails(&fewer, path, failure);
            if fails {
                *lines = fewer;
            }
            fails
        });
        at = at.min(lines.len());
    }
    changed
}

fn still_fails(lines: &[String], path: &Path, failure: &Failure) -> bool {
    write(path, lines);
    check::differs(&Program::read(path), &failure.mode)
}

fn block_end(lines: &[String], at: usize) -> usize {
    let depth = |line: &String| line.len() - line.trim_start().len();
    let inside = |line: &&String| depth(line) > depth(&lines[at]);
    at + 1 + lines[at + 1..].iter().take_while(inside).count()
}

fn write(path: &Path, lines: &[String]) {
    std::fs::write(path, lines.join("\n") + "\n").expect("the target directory can be written");
}
