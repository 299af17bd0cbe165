//! Logs that do not simply lie there: through a pipe, compressed, and too long to be copied.

use flate2::write::GzEncoder;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const SHAPES: &[u8] = include_bytes!("../../../logs/tests/data/shapes.pypylog");

fn report(path: &str, input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command.args(["report", path]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It may end before it has read everything, which is its business.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    path
}

/// What is reported of a file of these bytes.
fn of_file(name: &str, bytes: &[u8]) -> Output {
    let path = file(name, bytes);
    let output = report(path.to_str().unwrap(), b"");
    std::fs::remove_file(path).unwrap();
    output
}

/// What is said of the log, behind its name.
fn told(output: &Output) -> &str {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.split_once(':').unwrap().1
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn wherever_it_comes_from_it_is_the_same_log() {
    let plain = of_file("plain", SHAPES);
    assert_eq!((plain.status.code(), plain.stderr.as_slice()), (Some(0), &b""[..]));
    for other in [of_file("packed", &gzip(SHAPES)), report("-", SHAPES), report("-", &gzip(SHAPES))] {
        assert_eq!((other.status.code(), other.stderr.as_slice()), (Some(0), &b""[..]));
        assert_eq!(told(&other), told(&plain));
    }
}

#[test]
fn what_breaks_off_is_reported_as_far_as_it_goes() {
    let packed = gzip(&SHAPES.repeat(20));
    let output = of_file("torn", &packed[..packed.len() / 2]);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(complaint.contains("the gzip data breaks off"), "{complaint}");
    assert!(output.stdout.len() > 100);
}

#[test]
fn what_is_no_log_is_refused() {
    for bytes in
        [&b""[..], b"hello\n", &gzip(b"hello\n"), &gzip(SHAPES)[..12], &[0x28, 0xb5, 0x2f, 0xfd, 0xff]]
    {
        let output = of_file("nothing", bytes);
        assert_eq!(output.status.code(), Some(3), "{bytes:?}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("is not a PYPYLOG"), "{bytes:?}");
    }
}

#[test]
fn a_long_log_is_mapped_and_says_the_same() {
    let mut long = SHAPES.to_vec();
    let comment = format!("[70] {{my-own-section\n{}\n[70] my-own-section}}\n", "x".repeat(1000));
    long.splice(0..0, comment.repeat((40 << 20) / comment.len()).into_bytes());
    let (mapped, piped) = (of_file("long", &long), report("-", &long));
    assert_eq!((mapped.status.code(), mapped.stderr.as_slice()), (Some(0), &b""[..]));
    assert_eq!(told(&mapped), told(&piped));
}
