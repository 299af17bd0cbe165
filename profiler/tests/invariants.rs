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
    Samples(Slice),
    Window(u64, u64),
    Wait(u64),
    Back(u64),
}

const SECTIONS: &[&str] = &["jit-tracing", "jit-optimize", "jit-backend", "gc-minor", "gc-rare", "mine"];

/// A slice that ends so long ago, its length, how long it ran and was kept from running, and what looks found.
#[derive(Clone, Debug)]
struct Slice {
    ago: u64,
    length: u64,
    running: u64,
    delayed: Option<u64>,
    looks: Vec<(usize, u64, u64)>,
}

const KEYS: &[&str] = &[
    "loop0",
    "loop1/h3",
    "loop1",
    "bridge0x20",
    "bridge0x20/h3",
    "interpreter",
    "interpreter/0x20",
    "tracing",
    "optimize",
    "backend",
    "gc",
    "log",
];

fn slice() -> impl Strategy<Value = Slice> {
    let count = || prop_oneof![9 => 0..50u64, 1 => Just(u64::MAX / 3)];
    let looks = prop::collection::vec((0..KEYS.len(), count(), count()), 0..8);
    let delayed = prop::option::of(0..1000u64);
    (0..200u64, 0..2000u64, 0..3000u64, delayed, looks)
        .prop_map(|(ago, length, running, delayed, looks)| Slice { ago, length, running, delayed, looks })
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop::sample::select(EventKind::ALL.to_vec());
    let wait = prop_oneof![20 => 0..1000u64, 1 => Just(u64::MAX / 2)];
    prop_oneof![
        8 => (kind, 0..5u8).prop_map(|(kind, number)| Step::Event(kind, number)),
        2 => (0..SECTIONS.len()).prop_map(Step::Start),
        2 => (0..SECTIONS.len()).prop_map(Step::Stop),
        1 => slice().prop_map(Step::Samples),
        1 => (0..1000u64, 0..1000u64).prop_map(|(before, length)| Step::Window(before, length)),
        8 => wait.prop_map(Step::Wait),
        1 => (0..50u64).prop_map(Step::Back),
    ]
}

fn written(steps: &[Step]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), Selection::everything());
    let (mut out, mut now) = (Vec::new(), 1000u64);
    for step in steps {
        match *step {
            Step::Event(kind, number) => writer.event(now, kind, i64::from(number), "x").unwrap(),
            Step::Start(index) => writer.start(now, SECTIONS[index]).unwrap(),
            Step::Stop(index) => writer.stop(now, SECTIONS[index]).unwrap(),
            Step::Samples(ref slice) => {
                let to = now.saturating_sub(slice.ago);
                let from = to.saturating_sub(slice.length);
                let mut text = format!("slice {from:x} {to:x}\nmethod poll 100\nrunning {}\n", slice.running);
                if let Some(delayed) = slice.delayed {
                    text += &format!("delayed {delayed}\n");
                }
                for (key, running, waiting) in &slice.looks {
                    text += &format!("{} {running} {waiting}\n", KEYS[*key]);
                }
                raw(&mut out, writer, now, "loopscope-samples", &text);
                writer = Writer::new(Vec::new(), Selection::everything());
            }
            Step::Window(before, length) => {
                let to = now.saturating_sub(before);
                let text = format!("{:x} {to:x} 3\n", to.saturating_sub(length));
                raw(&mut out, writer, now, "jit-profile-window", &text);
                writer = Writer::new(Vec::new(), Selection::everything());
            }
            Step::Wait(ticks) => now = now.saturating_add(ticks),
            Step::Back(ticks) => now = now.saturating_sub(ticks),
        }
    }
    out.extend(writer.into_inner());
    out
}

/// A section as text, behind what was written.
fn raw(out: &mut Vec<u8>, writer: Writer<Vec<u8>>, at: u64, name: &str, text: &str) {
    out.extend(writer.into_inner());
    out.extend(format!("[{at:x}] {{{name}\n{text}[{at:x}] {name}}}\n").bytes());
}

fn check(bytes: &[u8]) -> Result<(), TestCaseError> {
    let (log, diagnostics) = logs::parse(bytes, Radix::Sixteen);
    let by_events = profiler::Options { by_events: true, ..profiler::Options::default() };
    adds_up(&profiler::analyze_with(&log, &by_events))?;
    let report = profiler::analyze(&log).with_diagnostics(&diagnostics);
    adds_up(&report)?;
    for row in &report.loops {
        prop_assert!(row.p50 <= row.p90 && row.p90 <= row.p99 && row.p99 <= row.max);
        prop_assert!(row.ticks <= row.total_ticks, "{row:?}");
        let helpers: u64 = row.helpers.iter().map(|helper| helper.ticks).sum();
        prop_assert!(helpers <= row.ticks, "{row:?}");
    }
    let warm = |slice: &profiler::report::Slice| {
        u128::from(slice.loops)
            + slice.other.parts().iter().filter_map(|(_, ticks)| *ticks).map(u128::from).sum::<u128>()
    };
    prop_assert_eq!(report.warmup.iter().map(warm).sum::<u128>(), u128::from(report.total_ticks));
    let loops: u128 = report.loops.iter().map(|row| u128::from(row.ticks)).sum();
    prop_assert_eq!(report.warmup.iter().map(|slice| u128::from(slice.loops)).sum::<u128>(), loops);
    let same = profiler::diff(&report, &report, &profiler::diff::DiffOptions { ignore_below: 0.0 });
    prop_assert!(same.loops.iter().all(|row| row.status == profiler::diff::Status::Same));
    check_exports(&log, &report)?;
    let mut out = Vec::new();
    profiler::render::json(&report, &mut out).unwrap();
    profiler::render::table(&report, &profiler::render::TableOptions::default(), &mut out).unwrap();
    Ok(())
}

/// Loops and the rest are the run; places are loops once more; spots are no more than what they are a part of.
fn adds_up(report: &profiler::Report) -> Result<(), TestCaseError> {
    let loops: u64 = report.loops.iter().map(|row| row.ticks).sum();
    prop_assert_eq!(loops + report.other.total(), report.total_ticks);
    prop_assert_eq!(report.places.iter().map(|tree| tree.ticks).sum::<u64>(), loops);
    for (name, ticks) in report.other.parts() {
        let spots = report.spots.iter().filter(|row| row.part_of == Some(name));
        prop_assert!(spots.map(|row| row.ticks).sum::<u64>() <= ticks.unwrap_or(0));
    }
    if let Some(running) = report.running_ticks {
        prop_assert_eq!(running + report.other.waiting.unwrap_or(0), report.total_ticks);
    }
    for share in report.loops.iter().chain(&report.spots).filter_map(|row| row.share) {
        prop_assert!(share.low <= share.percent && share.percent <= share.high, "{share:?}");
    }
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
