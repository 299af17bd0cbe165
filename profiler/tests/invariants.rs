//! What holds for every log, however broken.

use logs::Radix;
use logs::event::EventKind;
use logs::filter::Selection;
use logs::write::Writer;
use loopscope_profiler as profiler;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Event(EventKind, u8),
    Start(usize),
    Stop(usize),
    Sampling(u8, u64),
    Wait(u64),
    Back(u64),
}

const SECTIONS: &[&str] = &["jit-tracing", "jit-optimize", "jit-backend", "gc-minor", "gc-rare", "mine"];

fn step() -> impl Strategy<Value = Step> {
    let kind = prop::sample::select(EventKind::ALL.to_vec());
    let wait = prop_oneof![20 => 0..1000u64, 1 => Just(u64::MAX / 2)];
    prop_oneof![
        8 => (kind, 0..5u8).prop_map(|(kind, number)| Step::Event(kind, number)),
        2 => (0..SECTIONS.len()).prop_map(Step::Start),
        2 => (0..SECTIONS.len()).prop_map(Step::Stop),
        1 => (0..5u8, prop_oneof![1..100u64, Just(u64::MAX)]).prop_map(|(number, every)| Step::Sampling(number, every)),
        8 => wait.prop_map(Step::Wait),
        1 => (0..50u64).prop_map(Step::Back),
    ]
}

fn written(steps: &[Step]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), Selection::everything());
    let mut now = 1000u64;
    for step in steps {
        match *step {
            Step::Event(kind, number) => writer.event(now, kind, i64::from(number), "x").unwrap(),
            Step::Start(index) => writer.start(now, SECTIONS[index]).unwrap(),
            Step::Stop(index) => writer.stop(now, SECTIONS[index]).unwrap(),
            Step::Sampling(number, every) => {
                writer.start(now, "loopscope-sampling").unwrap();
                writer.sampling(i64::from(number), every).unwrap();
                writer.stop(now, "loopscope-sampling").unwrap();
            }
            Step::Wait(ticks) => now = now.saturating_add(ticks),
            Step::Back(ticks) => now = now.saturating_sub(ticks),
        }
    }
    writer.into_inner()
}

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let (log, diagnostics) = logs::parse(bytes, Radix::Sixteen);
    let report = profiler::analyze(&log).with_diagnostics(&diagnostics);
    let loops: u64 = report.loops.iter().map(|row| row.ticks).sum();
    let other: u64 = report.other.parts().iter().map(|(_, ticks)| ticks).sum();
    prop_assert_eq!(loops + other, report.total_ticks);
    for row in &report.loops {
        prop_assert!(row.p50 <= row.p90 && row.p90 <= row.p99 && row.p99 <= row.max);
        prop_assert!(row.ticks <= row.total_ticks, "{row:?}");
    }
    let mut out = Vec::new();
    profiler::render::json(&report, &mut out).unwrap();
    profiler::render::table(&report, &profiler::render::TableOptions::default(), &mut out).unwrap();
    Ok(())
}

proptest! {
    #[test]
    fn the_parts_add_up(steps in prop::collection::vec(step(), 0..200)) {
        check(&written(&steps))?;
    }

    #[test]
    fn the_parts_of_a_damaged_log_add_up(
        steps in prop::collection::vec(step(), 0..60),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = written(&steps);
        for (at, byte) in damage {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        bytes.truncate(end.index(bytes.len() + 1));
        check(&bytes)?;
    }
}
