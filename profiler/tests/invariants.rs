//! What holds for every log, however broken.

use logs::Radix;
use logs::event::EventKind;
use logs::filter::Selection;
use logs::write::Writer;
use loopscope_profiler as profiler;
use profiler::export::{Exporter, Format};
use proptest::prelude::*;
use std::collections::HashMap;

#[derive(Clone, Debug)]
enum Step {
    Event(EventKind, u8),
    Start(usize),
    Stop(usize),
    Sampling(u8, u64),
    Unrecorded(Vec<(u8, u64, u64)>, u64),
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
        1 => (prop::collection::vec((0..5u8, 0..50u64, prop_oneof![0..400u64, Just(u64::MAX)]), 0..4), 0..1000u64)
            .prop_map(|(rows, length)| Step::Unrecorded(rows, length)),
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
            Step::Unrecorded(ref rows, length) => {
                writer.start(now, "jit-profile-unrecorded").unwrap();
                for (number, visits, ticks) in rows {
                    writer.unrecorded(i64::from(*number), *visits, *ticks).unwrap();
                }
                now = now.saturating_add(length);
                writer.stop(now, "jit-profile-unrecorded").unwrap();
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
    let warm = |slice: &profiler::report::Slice| {
        u128::from(slice.loops)
            + slice.other.parts().iter().map(|(_, ticks)| u128::from(*ticks)).sum::<u128>()
    };
    let sampled = report.loops.iter().any(|row| row.sampled.is_some());
    prop_assert_eq!(report.warmup.iter().map(warm).sum::<u128>(), u128::from(report.total_ticks));
    prop_assert!(
        sampled
            || report.warmup.iter().map(|slice| u128::from(slice.loops)).sum::<u128>() == u128::from(loops)
    );
    let same = profiler::diff(&report, &report, &profiler::diff::DiffOptions { ignore_below: 0.0 });
    prop_assert!(same.loops.iter().all(|row| row.status == profiler::diff::Status::Same));
    check_exports(&log, &report)?;
    let mut out = Vec::new();
    profiler::render::json(&report, &mut out).unwrap();
    profiler::render::table(&report, &profiler::render::TableOptions::default(), &mut out).unwrap();
    Ok(())
}

/// Own ticks of loops, in an export's words.
fn check_exports(log: &logs::Log<'_>, report: &profiler::Report) -> Result<(), TestCaseError> {
    let exporter = Exporter::new(log, profiler::Options::default());
    let mut folded = Vec::new();
    exporter.write(Format::Folded, &mut folded).unwrap();
    let mut sums = HashMap::<String, u128>::new();
    for line in String::from_utf8_lossy(&folded).lines() {
        let (stack, ticks) = line.rsplit_once(' ').unwrap();
        let leaf = stack.rsplit(';').next().unwrap().split(' ').next().unwrap().to_owned();
        *sums.entry(leaf).or_default() += ticks.parse::<u128>().unwrap();
    }
    prop_assert_eq!(sums.values().sum::<u128>(), u128::from(report.total_ticks));
    let mut speedscope = Vec::new();
    exporter.write(Format::Speedscope, &mut speedscope).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&speedscope).unwrap();
    let frames = &json["shared"]["frames"];
    let mut weights = HashMap::<String, f64>::new();
    let profile = &json["profiles"][0];
    for (stack, weight) in
        profile["samples"].as_array().unwrap().iter().zip(profile["weights"].as_array().unwrap())
    {
        let leaf = stack.as_array().unwrap().last().unwrap().as_u64().unwrap() as usize;
        let clean = |c: char| {
            if c == ';' {
                ':'
            } else if c.is_control() {
                ' '
            } else {
                c
            }
        };
        let name: String = frames[leaf]["name"].as_str().unwrap().chars().map(clean).collect();
        let name = name.split(' ').next().unwrap().to_owned();
        *weights.entry(name).or_default() += weight.as_f64().unwrap();
    }
    for (name, ticks) in &sums {
        let (weight, ticks) = (weights.get(name).copied().unwrap_or(0.0), *ticks as f64);
        prop_assert!((weight - ticks).abs() <= ticks * 1e-9 + 1e-9, "{name}: {weight} is not {ticks}");
    }
    let mut chrome = Vec::new();
    exporter.write(Format::Chrome, &mut chrome).unwrap();
    prop_assert!(serde_json::from_slice::<serde_json::Value>(&chrome).is_ok());
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
