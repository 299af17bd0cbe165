//! The `.mpy` file: what is written reads back, and nothing that is read can crash.

use std::{fs, path::Path};

use loopscope_vm::{
    bytecode::{Module, MpyError, Prelude, RawCode, disasm, info, line_of, mpy, op},
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
    let rows: Vec<_> = (0..=u8::MAX).filter_map(info).collect();
    let ours = rows.iter().filter(|row| row.operand.is_ours()).count();
    assert_eq!((rows.len() - ours, ours), (207, 7));
    assert_eq!(disasm::instruction_name(0x4b), "FOR_ITER");
    assert_eq!(disasm::instruction_name(0xb3), "LOAD_FAST");
}

/// What our compiler makes of a text.
fn compiled(source: &str) -> Module {
    compile(source, "t.py", &Options::default()).unwrap()
}

#[test]
fn what_compilers_make_is_accepted() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lang");
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let source = fs::read_to_string(&path).unwrap();
        let module = match compile(&source, "t.py", &Options::default()) {
            Ok(module) => module,
            // MicroPython's compiler refuses it, and so do we where a file is wanted.
            Err(_) if source.contains("# from source only") => continue,
            Err(error) => panic!("{}: {error:?}", path.display()),
        };
        assert!(mpy::read(&mpy::write(&module)).is_ok(), "{}", path.display());
    }
    let leaving = "
async def f(m, n):
    for x in range(3):
        async with m as a, n:
            try:
                with a as b:
                    while b:
                        if b.x: continue
                        if b.y: break
                        return [y for y in b if y]
            except OSError as e:
                break
            finally:
                for z in b:
                    if z: return z
                while z:
                    if z.x: break
            async for q in a:
                if q: continue
                await q
";
    assert!(mpy::read(&mpy::write(&compiled(leaving))).is_ok());
}

/// The module with its instructions replaced by `ops`, which need `n_exc` handlers at most.
fn with_ops(ops: &[u8], n_exc: bool) -> Result<(), MpyError> {
    let mut module = compiled("a = 1\nb = 2\nc = 3\nf(a, b, c, a)\n");
    let start = Prelude::decode(&module.root.bytes).unwrap().code_start;
    let mut bytes = module.root.bytes[..start].to_vec();
    if n_exc {
        bytes[0] |= 4;
    }
    bytes.extend_from_slice(ops);
    module.root.bytes = bytes.into();
    mpy::read(&mpy::write(&module)).map(drop)
}

#[test]
fn stacks_must_fit() {
    const NONE: u8 = op::LOAD_CONST_NONE;
    let bad: &[&[u8]] = &[
        // Takes what is not there; runs off the end; a depth that grows or shrinks with each pass.
        &[op::POP_TOP, NONE, op::RETURN_VALUE],
        &[op::RETURN_VALUE],
        &[NONE, op::POP_TOP],
        &[NONE, op::JUMP, 0x3d],
        &[NONE, NONE, op::POP_TOP, op::JUMP, 0x3d],
        // Higher than the function says.
        &[NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, op::RETURN_VALUE],
        // Half an iterator; a null word where an object must be; what is no iterator.
        &[NONE, op::GET_ITER_STACK, op::RETURN_VALUE],
        &[op::LOAD_NULL, op::RETURN_VALUE],
        &[NONE, NONE, NONE, NONE, op::FOR_ITER, 1, op::POP_TOP, op::POP_TOP],
        // No handler to leave; resumes a number of its own.
        &[NONE, op::END_FINALLY, NONE, op::RETURN_VALUE],
        &[op::UNWIND_JUMP, 0x40, 1, NONE, op::RETURN_VALUE],
        &[op::SETUP_FINALLY, 1, 0x81, op::END_FINALLY, NONE, op::RETURN_VALUE],
        // The body of a handler takes what lies below it.
        &[NONE, op::SETUP_FINALLY, 2, op::POP_TOP, NONE, op::END_FINALLY, NONE, op::RETURN_VALUE],
        // A handler is passed without being entered.
        &[op::SETUP_EXCEPT, 2, op::JUMP, 0x41, op::END_FINALLY, NONE, op::RETURN_VALUE],
    ];
    for ops in bad {
        assert!(with_ops(ops, true).is_err(), "{ops:02x?}");
    }
    let good: &[&[u8]] = &[
        &[NONE, op::RETURN_VALUE],
        &[NONE, op::POP_TOP, op::JUMP, 0x3c],
        &[op::SETUP_FINALLY, 1, NONE, op::END_FINALLY, NONE, op::RETURN_VALUE],
        &[
            op::LOAD_NULL,
            NONE,
            op::LOAD_NULL,
            op::LOAD_NULL,
            op::FOR_ITER,
            3,
            op::POP_TOP,
            op::JUMP,
            0x3b,
            NONE,
            op::RETURN_VALUE,
        ],
    ];
    for ops in good {
        assert_eq!(with_ops(ops, true), Ok(()), "{ops:02x?}");
    }
    // No room for the handler.
    assert!(with_ops(&[op::SETUP_FINALLY, 1, NONE, op::END_FINALLY, NONE, op::RETURN_VALUE], false).is_err());
}
