//! The project's files, and Rust text without its comments and literals.

use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file.
pub struct File {
    /// From the project's root, with `/`.
    pub path: String,
    /// As it stands there.
    pub text: String,
    /// The same with comments and literals blanked out; lines and columns stay.
    pub code: String,
    /// Is it a test, or a part of one?
    pub is_test: bool,
}

impl File {
    /// `FILE:LINE: what` for every line of code that the test finds fault with.
    pub fn offenders(&self, what: &str, is_wrong: impl Fn(&str) -> bool) -> Vec<String> {
        let lines = self.code.lines().enumerate().filter(|(_, line)| is_wrong(line));
        lines.map(|(index, _)| format!("{}:{}: {what}", self.path, index + 1)).collect()
    }

    /// How many lines stand before its tests.
    pub fn own_lines(&self) -> usize {
        self.text.lines().take_while(|line| *line != "#[cfg(test)]").count()
    }

    /// The same file, ending where its tests begin.
    pub fn without_tests(&self) -> File {
        let until =
            |text: &str| text.lines().take(self.own_lines()).map(|line| format!("{line}\n")).collect();
        File {
            path: self.path.clone(),
            text: until(&self.text),
            code: until(&self.code),
            is_test: self.is_test,
        }
    }
}

/// A package that only tests depend on.
const FOR_TESTS: &str = "logs/mutate/";

/// Where the project lies.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A text file of the project.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file of the project.
pub fn files() -> Vec<File> {
    const ROOMS: [&str; 6] = ["vm", "jit", "logs", "profiler", "viewer", "benches"];
    let mut paths = Vec::new();
    ROOMS.iter().for_each(|room| collect(&root().join(room), room, &mut paths));
    paths.sort();
    let texts: Vec<(String, String)> = paths.into_iter().map(|path| (path.clone(), read(&path))).collect();
    let tests: Vec<String> = texts.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let file = |(path, text): (String, String)| {
        let is_test = path.contains("/tests/")
            || path.starts_with(FOR_TESTS)
            || tests.iter().any(|test| path.starts_with(test));
        File { code: code_of(&text), text, path, is_test }
    };
    texts.into_iter().map(file).collect()
}

/// The beginnings of the paths of modules that a file declares for tests only.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
    let dir = match name {
        "lib.rs" | "main.rs" | "mod.rs" => dir.to_owned(),
        _ => path.trim_end_matches(".rs").to_owned(),
    };
    let lines = text.lines().zip(text.lines().skip(1)).filter(|(first, _)| *first == "#[cfg(test)]");
    let names =
        lines.filter_map(|(_, line)| line.strip_suffix(';')?.rsplit_once("mod ").map(|(_, name)| name));
    names.flat_map(|name| [format!("{dir}/{name}.rs"), format!("{dir}/{name}/")]).collect()
}

fn collect(dir: &Path, name: &str, paths: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap_or_else(|error| panic!("{name}: {error}")).flatten() {
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            if !path.ends_with("/target") {
                collect(&entry.path(), &path, paths);
            }
        } else if path.ends_with(".rs") {
            paths.push(path);
        }
    }
}

/// The words of a line of code.
pub fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Blanks out comments, strings and characters.
fn code_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = at + literal_length(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// How many characters from `at` on are a comment or a literal; 0 if it is code.
fn literal_length(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    let in_word = at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_');
    match rest {
        ['/', '/', ..] => rest.iter().position(|&c| c == '\n').unwrap_or(rest.len()),
        ['/', '*', ..] => through(rest, 2, &['*', '/']),
        ['"', ..] => quoted(rest, '"'),
        ['\'', '\\', ..] => quoted(rest, '\''),
        ['\'', _, '\'', ..] => 3,
        ['r', '"' | '#', ..] if !in_word => raw(rest),
        ['b', 'r', '"' | '#', ..] if !in_word => 1 + raw(&rest[1..]),
        _ => 0,
    }
}

/// Up to and with the end mark.
fn through(rest: &[char], from: usize, end: &[char]) -> usize {
    let found = rest[from..].windows(end.len()).position(|window| window == end);
    found.map_or(rest.len(), |index| from + index + end.len())
}

fn quoted(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

fn raw(rest: &[char]) -> usize {
    let hashes = rest[1..].iter().take_while(|&&c| c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0; // r#type
    }
    let end: Vec<char> = ['"'].into_iter().chain(std::iter::repeat_n('#', hashes)).collect();
    through(rest, 2 + hashes, &end)
}

#[test]
fn code_is_what_is_left() {
    let text = "a // b\nc(\"d\\\"e\", 'f', '\\'', r#\"g\"h\"#) /* i\nj */ k<'l>(br\"m\", r#type)";
    let words: Vec<String> = code_of(text).lines().flat_map(words).map(str::to_owned).collect();
    assert_eq!(words, ["a", "c", "k", "l", "r", "type"]);
    assert_eq!(code_of(text).chars().count(), text.chars().count());
}
