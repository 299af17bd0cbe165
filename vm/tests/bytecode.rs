//! What the compiler makes of our snippets, as text. `BLESS=1` writes the expectations anew.

use std::{env, fs, path::Path};

use loopscope_vm::{
    bytecode::disasm,
    compile::{Options, compile},
};

#[test]
fn snippets_compile_to_the_expected_bytecode() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bytecode");
    let mut failed = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "py") && !check(&path) {
            failed.push(path);
        }
    }
    assert!(failed.is_empty(), "bytecode differs (BLESS=1 accepts it): {failed:?}");
}

fn check(path: &Path) -> bool {
    let source = fs::read_to_string(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let module = compile(&source, name, &Options::default()).unwrap();
    let text = disasm::module_text(&module).unwrap();
    let expected = path.with_extension("dis");
    if env::var_os("BLESS").is_some() {
        fs::write(expected, text).unwrap();
        return true;
    }
    fs::read_to_string(expected).unwrap_or_default() == text
}
