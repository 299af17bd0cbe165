//! The `.mpy` file: what is written reads back, and nothing that is read can crash.

use std::{fs, path::Path};

use loopscope_vm::{
    bytecode::{Module, MpyError, Prelude, RawCode, disasm, info, line_of, mpy},
    compile::{Options, compile},
};

fn snippets() -> Vec<Module> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bytecode");
    let paths = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let sources = paths.filter(|path| path.extension().is_some_and(|extension| extension == "py"));
    sources
        .map(|path| compile(&fs::read_to_string(path).unwrap(), "t.py", &Options::default()).unwrap())
        .collect()
}

#[test]
fn what_is_written_reads_back() {
    for module in snippets() {
        assert_eq!(mpy::read(&mpy::write(&module)).unwrap(), module);
    }
}

#[test]
fn damaged_files_never_crash() {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for module in snippets() {
        let bytes = mpy::write(&module);
        for len in 0..bytes.len() {
            _ = mpy::read(&bytes[..len]);
        }
        for _ in 0..2_000 {
            let mut damaged = bytes.clone();
            for _ in 0..3 {
                random =
                    random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (random >> 33) as usize % damaged.len();
                damaged[at] = (random >> 24) as u8;
            }
            if let Ok(module) = mpy::read(&damaged) {
                disasm::module_text(&module).unwrap();
            }
        }
    }
}

#[test]
fn headers_are_checked_as_micropython_does() {
    let good = mpy::write(&snippets()[0]);
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        mpy::read(&bytes).map(drop)
    };
    assert_eq!(with(0, b'm'), Err(MpyError::Header));
    assert_eq!(with(1, 5), Err(MpyError::Header));
    assert_eq!(with(2, 2 << 2 | 3), Err(MpyError::NativeCode));
    assert_eq!(with(2, 2 << 2 | 1), Err(MpyError::Header));
    assert_eq!(with(2, 3), Ok(()));
    assert_eq!(with(3, 63), Ok(()));
    assert_eq!(with(3, 64), Err(MpyError::Header));
    assert_eq!(mpy::read(&[]), Err(MpyError::Header));
    assert_eq!(MpyError::NativeCode.message(), "native code in .mpy unsupported");
    assert_eq!(MpyError::Truncated.message(), "incompatible .mpy file");
}

#[test]
fn preludes_tell_how_to_call() {
    let source = "def f(a, b=1, *c, d, e=2, **g):\n  x = a\n\n\n  yield lambda: x\n";
    let module = compile(source, "t.py", &Options::default()).unwrap();
    let code: &RawCode = &module.root.children[0];
    let prelude = Prelude::decode(&code.bytes).unwrap();
    let names: Vec<&str> = prelude.arg_names.iter().map(|&name| &*module.qstrs[name as usize]).collect();
    // `*c` has changed places with the last parameter.
    assert_eq!(names, ["a", "b", "e", "d"]);
    assert_eq!(&*module.qstrs[prelude.name as usize], "f");
    assert_eq!((prelude.n_pos_args, prelude.n_kwonly_args, prelude.n_def_pos_args), (2, 2, 1));
    assert!(prelude.flags.is_generator() && prelude.flags.has_keyword_defaults());
    assert!(prelude.flags.has_var_args() && prelude.flags.has_var_keywords());
    assert_eq!(prelude.cells, [6]);
    assert_eq!(prelude.n_arg_locals(), 6);
    let n_code = code.bytes.len() - prelude.code_start;
    assert_eq!(line_of(&code.bytes, &prelude, 0), 2);
    assert_eq!(line_of(&code.bytes, &prelude, n_code - 1), 5);
}

#[test]
fn the_table_holds_every_instruction() {
    let defined = (0..=u8::MAX).filter(|&op| info(op).is_some()).count();
    assert_eq!(defined, 207);
    assert_eq!(disasm::instruction_name(0x4b), "FOR_ITER");
    assert_eq!(disasm::instruction_name(0xb3), "LOAD_FAST");
}
