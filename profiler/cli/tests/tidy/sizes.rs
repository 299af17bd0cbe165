//! How large things may grow.

use crate::assert_none;
use crate::source::{File, files, read};

/// Lines of a file, without its tests.
const FILE: usize = 600;
/// Lines of a function.
const FUNCTION: usize = 80;
/// Lines of the command's `main.rs`.
const MAIN: usize = 60;

/// Functions that are a table written as a `match`, and may be as long as the table is.
const TABLES: &[(&str, &str)] = &[];

#[test]
fn files_fit_a_mind() {
    let files = files();
    let long = files.iter().filter(|file| !file.is_test).map(|file| (file, file.own_lines()));
    let long = long.filter(|&(_, lines)| lines > FILE);
    let offenders: Vec<String> =
        long.map(|(file, lines)| format!("{}:{lines}: over {FILE} lines", file.path)).collect();
    assert_none("files stop at their limit", &offenders);
}

#[test]
fn functions_fit_a_screen() {
    let offenders: Vec<String> = files().iter().flat_map(long_functions).collect();
    assert_none("functions stop at their limit", &offenders);
}

fn long_functions(file: &File) -> Vec<String> {
    let lines: Vec<&str> = file.code.lines().collect();
    let mut offenders = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        let is_end = |line: &&str| line.strip_prefix(indent).is_some_and(|rest| rest.trim_end() == "}");
        let length = lines[index..].iter().position(is_end).map_or(0, |length| length + 1);
        let is_table = TABLES.contains(&(file.path.as_str(), name));
        // A function that fits its line has no closing line of its own: what is found then is its parent's.
        let has_body = lines[index..].iter().take(FUNCTION).find(|line| line.contains(['{', ';']));
        let fits_its_line = has_body.is_some_and(|line| line.trim_end().ends_with(['}', ';']));
        if length > FUNCTION && !is_table && !fits_its_line {
            offenders.push(format!("{}:{}: fn {name} has {length} lines", file.path, index + 1));
        }
    }
    offenders
}

/// The function that a line declares.
fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let is_modifier = |word: &&str| {
        matches!(*word, "pub" | "const" | "async" | "unsafe" | "extern") || word.starts_with("pub(")
    };
    let first = words.by_ref().find(|word| !is_modifier(word) && !word.trim().is_empty())?;
    if first != "fn" {
        return None;
    }
    words.next()?.split(['(', '<']).next()
}

#[test]
fn main_stays_small() {
    let lines = read("profiler/cli/src/main.rs").lines().count();
    assert!(lines <= MAIN, "profiler/cli/src/main.rs:{lines}: over {MAIN} lines");
}
