//! Does the plain interpreter pay for its hooks? `cargo run --release -p loopscope-benches --bin control [PROG.py…]`
//!
//! ```text
//!   vm/ ──copy──► with/    ──build──► plain ──callgrind──► instructions ─┐
//!    └──strip──► without/  ──build──► plain ──callgrind──► instructions ─┴─► differ by more than 0.1 %? fail
//! ```
//!
//! The control is the interpreter's own source with every call of a hook deleted from the text, and the hooks' methods
//! deleted from their trait, so that nothing of them can be left. Both are built alike, from copies: the same profile,
//! the same dependencies, the same driver. One setting differs from a release build, for both: the compiler's inliner
//! before code generation is off. It decides by counting statements, dead ones included, so with it on the two
//! would be laid out and would spill registers differently (by -0.05 to +4 %, either way, after any change to any
//! handler), although the same code is asked for. The flag is unstable, hence `RUSTC_BOOTSTRAP`.

mod strip;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Programs that a run without arguments measures, by name in `benches/programs`.
const PROGRAMS: [&str; 8] =
    ["nbody", "sieve", "fannkuch", "trees", "strings", "exceptions", "pipeline", "wordcount"];
/// Percent.
const TOLERANCE: f64 = 0.1;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let work = root.join("target/hooks-control");
    let programs = programs(&root);
    let (with, without) = (build(&root, &work, "with", false), build(&root, &work, "without", true));
    println!("{:<16} {:>16} {:>16} {:>10}", "instructions", "with hooks", "hook-free", "differ by");
    let mut worst = 0f64;
    for program in &programs {
        let (a, b) = (instructions(&with, program), instructions(&without, program));
        let percent = 100.0 * (a as f64 - b as f64) / b as f64;
        worst = worst.max(percent.abs());
        let name = Path::new(&program[0]).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        println!("{name:<16} {a:>16} {b:>16} {percent:>+9.3}%");
    }
    if worst > TOLERANCE {
        eprintln!("hooks cost more than {TOLERANCE} %");
        std::process::exit(1);
    }
}

/// Each with its arguments: those of the command line, or the usual ones at their small size.
fn programs(root: &Path) -> Vec<Vec<String>> {
    let given: Vec<String> = std::env::args().skip(1).collect();
    if !given.is_empty() {
        return given.into_iter().map(|file| vec![file]).collect();
    }
    let usual = PROGRAMS.iter().map(|name| root.join(format!("benches/programs/{name}.py")));
    usual
        .map(|path| [path.to_string_lossy().into_owned()].into_iter().chain(small(&path)).collect())
        .collect()
}

/// The `# small:` argument in a program's header.
fn small(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().find_map(|line| line.strip_prefix("# small:")).map(|size| size.trim().to_owned())
}

/// Makes a workspace of the interpreter and its driver, builds it, and gives the driver's path.
fn build(root: &Path, work: &Path, name: &str, stripped: bool) -> PathBuf {
    let place = work.join(name);
    let _ = std::fs::remove_dir_all(&place);
    let deleted = copy(&root.join("vm/src"), &place.join("vm/src"), stripped);
    println!("{name}: {deleted} calls of hooks deleted");
    write(&place.join("vm/Cargo.toml"), &read(&root.join("vm/Cargo.toml")));
    write(&place.join("Cargo.lock"), &read(&root.join("Cargo.lock")));
    write(&place.join("Cargo.toml"), &workspace(&read(&root.join("Cargo.toml"))));
    write(&place.join("plain/src/main.rs"), include_str!("plain.rs"));
    let package = "[package]\nname = \"plain\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nvm.workspace = true\n";
    write(&place.join("plain/Cargo.toml"), package);
    // One for both, so that dependencies are compiled once.
    let target = work.join("target");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--offline", "--quiet", "-p", "plain"])
        .current_dir(&place)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "--cap-lints=allow -Zinline-mir=no")
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "the workspace in {} does not build",
        place.display()
    );
    let plain = place.join("plain/plain");
    let copied = std::fs::copy(target.join("release/plain"), &plain);
    copied.unwrap_or_else(|error| panic!("{}: {error}", plain.display()));
    plain
}

/// The project's own workspace, with other members.
fn workspace(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("default-members"));
    let line = |line: &str| match line.split_once(" = ") {
        Some(("members", _)) => "members = [\"vm\", \"plain\"]".to_owned(),
        _ => line.to_owned(),
    };
    lines.map(|text| line(text) + "\n").collect()
}

/// Copies a directory of sources, those of the interpreter without hooks if that is asked for, and gives the number of
/// calls that were deleted.
fn copy(from: &Path, to: &Path, stripped: bool) -> usize {
    let mut deleted = 0;
    let entries = std::fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    for entry in entries.flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            deleted += copy(&path, &to, stripped);
            continue;
        }
        let text = read(&path);
        let strips = stripped && path.components().any(|part| part.as_os_str() == "interp");
        deleted += if strips { strip::count(&text) } else { 0 };
        write(&to, &if strips { strip::strip(&text) } else { text });
    }
    deleted
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) {
    let written =
        path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, text));
    written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Instructions of a whole run, as callgrind counts them.
fn instructions(plain: &Path, program: &[String]) -> u64 {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(plain).args(program);
    let output = command.output().unwrap_or_else(|error| panic!("valgrind is needed: {error}"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program:?} failed:\n{text}");
    let line = text.lines().find(|line| line.contains("Collected :"));
    let count = line.and_then(|line| line.rsplit(' ').next()).and_then(|count| count.parse().ok());
    count.unwrap_or_else(|| panic!("callgrind gave no count:\n{text}"))
}
