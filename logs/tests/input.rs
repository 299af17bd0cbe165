//! Compressed logs, whole and broken.

#[path = "support/pack.rs"]
mod pack;

use logs::input::{Compression, Limit, spool};
use logs::{Diagnostic, Index, Radix};
use loopscope_logs as logs;
use pack::packers;
use std::io::{self, Read, Write};

const SHAPES: &[u8] = include_bytes!("data/shapes.pypylog");

fn unpacked(input: impl Read) -> (Vec<u8>, Index, Vec<Diagnostic>) {
    let mut text = Vec::new();
    let (index, diagnostics) = spool(input, &mut text, Radix::Sixteen, Limit::default()).unwrap();
    assert_eq!(index.length(), text.len() as u64);
    (text, index, diagnostics)
}

/// Some megabytes that compress like a log.
fn long() -> Vec<u8> {
    let mut text = Vec::new();
    for number in 0..40_000u64 {
        let at = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        writeln!(
            text,
            "[{at:x}] {{gc-minor\nminor collect, total memory used: {number}\n[{at:x}] gc-minor}}"
        )
        .unwrap();
    }
    text
}

#[test]
fn every_compression_is_recognised_and_unpacked() {
    for (kind, pack) in packers() {
        let packed = pack(SHAPES);
        assert_eq!(Compression::of(&packed), kind);
        let (text, index, diagnostics) = unpacked(&packed[..]);
        assert_eq!((text, diagnostics), (SHAPES.to_vec(), vec![]), "{kind:?}");
        assert_eq!(index.len(), Index::of(SHAPES, Radix::Sixteen).0.len());
    }
}

#[test]
fn pieces_may_follow_one_another() {
    for (kind, pack) in packers() {
        let (first, second) = SHAPES.split_at(1000);
        let mut packed = [pack(first), pack(second)].concat();
        if kind == Compression::Zstd {
            packed = [&[0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3], &packed[..]].concat();
        }
        assert_eq!(unpacked(&packed[..]).0, SHAPES, "{kind:?}");
    }
}

#[test]
fn what_breaks_off_yields_what_is_there() {
    let text = long();
    for (kind, pack) in packers() {
        let packed = pack(&text);
        let (found, index, diagnostics) = unpacked(&packed[..packed.len() / 2]);
        assert!(text.starts_with(&found), "{kind:?}");
        // Bzip2 comes in blocks of 900 kB, of which an unfinished one yields nothing.
        assert!(found.len() > text.len() / 8, "{kind:?}: {} of {}", found.len(), text.len());
        assert!(index.len() > 5_000, "{kind:?}");
        let is_said = |diagnostic: &Diagnostic| diagnostic.message.contains("breaks off");
        assert_eq!(diagnostics.iter().any(is_said), kind != Compression::None, "{kind:?} {diagnostics:?}");
        assert!(diagnostics.iter().all(|diagnostic| diagnostic.line > 5_000));
    }
}

#[test]
fn damage_and_noise_are_survived() {
    let text = long();
    for (kind, pack) in packers().into_iter().skip(1) {
        let mut packed = pack(&text);
        let middle = packed.len() / 2;
        packed[middle..middle + 40].fill(0x55);
        let (_, _, diagnostics) = unpacked(&packed[..]);
        assert!(!diagnostics.is_empty(), "{kind:?}");
        for length in 0..40.min(packed.len()) {
            unpacked(&packed[..length]);
        }
    }
}

#[test]
fn a_bomb_is_defused() {
    let limit = Limit { free: 1 << 20, ratio: 50 };
    for (kind, pack) in packers().into_iter().skip(1) {
        let packed = pack(&vec![0; 8 << 20]);
        let mut text = Vec::new();
        let (_, diagnostics) = spool(&packed[..], &mut text, Radix::Sixteen, limit).unwrap();
        assert!(text.len() <= 1 << 20, "{kind:?}");
        let message = "the log unpacks to more than a log can; the rest is left out";
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.message == message), "{kind:?}");
    }
}

#[test]
fn an_input_that_fails_is_a_diagnostic() {
    struct Failing(usize);
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => Err(io::ErrorKind::Interrupted.into()),
                _ => Err(io::Error::other("the disk is gone")),
            }
        }
    }
    let (_, index, diagnostics) = unpacked((&b"[1] {a\n[2] a}\n"[..]).chain(Failing(0)));
    assert_eq!(index.len(), 1);
    assert_eq!(diagnostics[0].to_string(), "line 3: the log could not be read any further: the disk is gone");
}
