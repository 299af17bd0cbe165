//! Small promises.

use crate::assert_none;
use crate::source::{files, read, root};

/// What no line of code holds: unfinished work, tests that do not run, lints silenced without a reason.
const FORBIDDEN: [&str; 6] = ["todo!(", "unimplemented!(", "dbg!(", "#[ignore", "#[allow(", "#![allow("];

/// Places that exist on one machine only.
const MACHINE: [&str; 4] = ["/work/", "/root/", "/home/", "/farm/"];

/// The documents.
const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"];

#[test]
fn nothing_is_left_undone_or_silenced() {
    let files = files();
    let offenders = files.iter().flat_map(|file| {
        FORBIDDEN.iter().flat_map(move |word| file.offenders(word, |line| line.contains(word)))
    });
    assert_none(
        "no unfinished work, no tests that do not run, no silenced lints",
        &offenders.collect::<Vec<_>>(),
    );
}

#[test]
fn nothing_names_one_machine() {
    let rust = files().into_iter().map(|file| (file.path, file.text));
    let documents = DOCUMENTS.iter().map(|path| ((*path).to_owned(), read(path)));
    let mut offenders = Vec::new();
    for (path, text) in rust.chain(documents).filter(|(path, _)| !path.ends_with("tidy/house.rs")) {
        let lines = text.lines().enumerate();
        let named = lines.filter(|(_, line)| MACHINE.iter().any(|place| line.contains(place)));
        offenders.extend(named.map(|(index, line)| format!("{path}:{}: {}", index + 1, line.trim())));
    }
    assert_none("no path of one machine", &offenders);
}

#[test]
fn what_the_readme_names_exists() {
    let readme = read("README.md");
    let links = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
    let missing = local.filter(|link| !root().join(link.split('#').next().unwrap_or(link)).exists());
    let offenders: Vec<String> = missing.map(|link| format!("README.md: {link} does not exist")).collect();
    assert_none("the README's links lead somewhere", &offenders);
}
