//! Our compiler against MicroPython's, byte for byte, on every program in this repository. Skips where there is
//! no `mpy-cross`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use loopscope_vm::{
    bytecode::mpy,
    compile::{Options, compile},
};

#[test]
fn our_bytes_are_those_of_mpy_cross() {
    let Some(version) = mpy_cross_version() else {
        println!("skipped: there is no mpy-cross on the PATH");
        return;
    };
    if !version.contains("emitting mpy v6") {
        println!("skipped: mpy-cross is {version}");
        return;
    }
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut programs = Vec::new();
    collect(&crate_root.join("tests"), &mut programs);
    collect(&crate_root.join("../benches/programs"), &mut programs);
    let different: Vec<_> = programs.iter().filter(|path| differs(path)).collect();
    assert!(different.is_empty(), "{} of {} differ: {different:#?}", different.len(), programs.len());
}

fn mpy_cross_version() -> Option<String> {
    let output = Command::new("mpy-cross").arg("--version").output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn collect(directory: &Path, programs: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, programs);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            programs.push(path);
        }
    }
}

/// Programs that either side refuses are not compared.
fn differs(path: &Path) -> bool {
    let output = Command::new("mpy-cross").args(["-s", "t.py", "-o", "-"]).arg(path).output().unwrap();
    let Ok(source) = fs::read_to_string(path) else { return false };
    match compile(&source, "t.py", &Options::default()) {
        Ok(module) if output.status.success() => mpy::write(&module) != output.stdout,
        _ => false,
    }
}
