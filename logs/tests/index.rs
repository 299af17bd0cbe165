//! The index is the same however the log comes, and stays small.

use logs::{Diagnostic, Index, Radix};
use loopscope_logs as logs;
use proptest::prelude::*;

const SHAPES: &[u8] = include_bytes!("data/shapes.pypylog");

/// What an index says, so that two can be compared.
fn facts(index: &Index) -> Vec<String> {
    let sections = index.sections().map(|entry| {
        let chunks: Vec<_> = index.chunks(entry.id).collect();
        format!("{entry:?} {chunks:?}")
    });
    let root: Vec<_> = index.chunks(logs::frame::SectionId::ROOT).collect();
    let rest = format!("{root:?} {} {} {}", index.length(), index.events(), index.backwards());
    sections.chain([rest]).collect()
}

fn read_in_blocks(bytes: &[u8], cuts: &[usize]) -> (Index, Vec<Diagnostic>) {
    let mut indexer = logs::index::Indexer::new(Radix::Sixteen);
    let mut rest = bytes;
    for cut in cuts {
        let (block, tail) = rest.split_at((*cut).min(rest.len()));
        indexer.push(block);
        rest = tail;
    }
    indexer.push(rest);
    indexer.finish()
}

/// Many times the sample, with something odd in between.
fn large(bytes: usize) -> Vec<u8> {
    let mut log = Vec::new();
    while log.len() < bytes {
        log.extend_from_slice(SHAPES);
        log.extend_from_slice(b"\x1b[31m[1f] {odd\r\n\x1b[0mtext\n[20] nothing}\n[21] odd}\n");
        log.extend(std::iter::repeat_n(b'x', log.len() % 1000));
        log.push(b'\n');
    }
    log
}

#[test]
fn threads_change_nothing() {
    let log = large(36 << 20);
    let (one, complaints) = Index::with_threads(&log, Radix::Sixteen, 1);
    let (many, same) = Index::with_threads(&log, Radix::Sixteen, 3);
    assert!(facts(&one) == facts(&many));
    assert_eq!(complaints, same);
}

#[test]
fn a_line_without_end_is_text_and_takes_no_memory() {
    let mut log = b"[1] {a\n[2] {".to_vec();
    log.extend(std::iter::repeat_n(b'x', 40 << 20));
    for text in [&log[..], &[&log[..], b"\n[3] a}\n"].concat()] {
        for (index, _) in [Index::of(text, Radix::Sixteen), Index::read(text, Radix::Sixteen)] {
            assert_eq!((index.len(), index.memory() < 10_000), (1, true));
        }
    }
}

#[test]
fn an_index_stays_within_its_bound() {
    let many = |line: &dyn Fn(usize) -> String| (0..200_000).map(line).collect::<String>();
    let texts = [
        many(&|_| "[1] {a\n".to_owned()),
        many(&|n| format!("[1] {{{n:x}\n")),
        many(&|_| "[1] {a\n[1] a}\n".to_owned()),
        many(&|_| "[1] a}\n".to_owned()),
        many(&|_| "[1] a}\n\n".to_owned()),
        many(&|n| if n % 2 == 0 { "[1] {a\n[1] {b\n[1] a}\n" } else { "[1] b}\n" }.to_owned()),
        many(&|_| "[1] {jit-profile-exit\n[1] jit-profile-exit}\n".to_owned()),
    ];
    for text in texts {
        let (index, diagnostics) = Index::of(text.as_bytes(), Radix::Sixteen);
        let worst = logs::index::WORST * text.len();
        assert!(index.memory() <= worst, "{} > {worst}: {}", index.memory(), &text[..40]);
        assert!(diagnostics.len() <= 1001);
    }
}

#[test]
fn processes_that_follow_one_another_are_told_apart() {
    let twice = [SHAPES, SHAPES].concat();
    let (index, _) = Index::of(&twice, Radix::Sixteen);
    let processes: Vec<_> = index.sections().map(|entry| entry.process).collect();
    let half = processes.len() / 2;
    assert!(processes[..half].iter().all(|&process| process == 0));
    assert!(processes[half..].iter().all(|&process| process == 1));
}

proptest! {
    #[test]
    fn blocks_may_end_anywhere(
        cuts in prop::collection::vec(0..200usize, 0..80),
        damage in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"\n[]{}\x1b1a\r".to_vec())), 0..30),
    ) {
        let mut log = SHAPES.to_vec();
        for (at, byte) in damage {
            let at = at.index(log.len());
            log[at] = byte;
        }
        let (whole, complaints) = Index::of(&log, Radix::Sixteen);
        let (pieces, same) = read_in_blocks(&log, &cuts);
        prop_assert_eq!(facts(&whole), facts(&pieces));
        prop_assert_eq!(complaints, same);
    }
}
