//! What other tools read sums up to what the report says.

use flate2::read::GzDecoder;
use logs::Radix;
use loopscope_profiler as profiler;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use profiler::Options;
use profiler::export::{Exporter, Format};
use serde_json::Value;
use std::collections::HashMap;
use std::io::Read;

const RUN: &str = include_str!("data/run.pypylog");
const NOTE: &str = include_str!("data/note.pypylog");
/// A call, a collection, and a clock.
const CALLS: &str = "[0] {loopscope-meta\nclock-hz 1000000\n[0] loopscope-meta}\n\
    [0] {jit-profile-enter\nloop0 # a.py:1 f X\n[0] jit-profile-enter}\n\
    [10] {jit-profile-call\nloop1 # a.py:9 g;h X\n[10] jit-profile-call}\n\
    [13] {gc-minor\n[14] gc-minor}\n\
    [17] {jit-profile-return\nloop1\n[17] jit-profile-return}\n\
    [117] {jit-profile-exit\nloop0\n[117] jit-profile-exit}\n\
    [127] {jit-profile-enter\nloop0\n[127] jit-profile-enter}\n\
    [137] {jit-profile-exit\nloop0\n[137] jit-profile-exit}\n";

const LOGS: [(&str, Radix); 4] =
    [(RUN, Radix::Sixteen), (NOTE, Radix::Ten), (CALLS, Radix::Ten), (CALLS, Radix::Sixteen)];

struct Exported {
    bytes: Vec<u8>,
    report: profiler::Report,
}

fn export(log: &str, radix: Radix, format: Format) -> Exported {
    let (log, _) = logs::parse(log.as_bytes(), radix);
    let exporter = Exporter::new(&log, Options::default());
    let mut bytes = Vec::new();
    exporter.write(format, &mut bytes).unwrap();
    Exported { bytes, report: exporter.report }
}

impl Exported {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap()
    }

    /// Compares ticks by frame, frames being called `loop0 f (a.py:1)` or `gc`.
    fn check(&self, ticks: impl IntoIterator<Item = (String, f64)>) {
        let mut found = HashMap::<String, f64>::new();
        for (name, ticks) in ticks {
            *found.entry(name.split(' ').next().unwrap().to_owned()).or_default() += ticks;
        }
        let rows = self
            .report
            .loops
            .iter()
            .filter(|row| row.kind != "bridge")
            .map(|row| (row.name.as_str(), row.ticks));
        for (name, ticks) in
            rows.chain(self.report.other.parts().into_iter().filter_map(|(name, ticks)| Some((name, ticks?))))
        {
            let got = found.remove(name).unwrap_or(0.0);
            assert!((got - ticks as f64).abs() < 1e-3, "{name}: {got} is not {ticks}");
        }
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn folded_stacks() {
    for (log, radix) in LOGS {
        let exported = export(log, radix, Format::Folded);
        exported.check(exported.text().lines().map(|line| {
            let (stack, ticks) = line.rsplit_once(' ').unwrap();
            (stack.rsplit(';').next().unwrap().to_owned(), ticks.parse().unwrap())
        }));
    }
    let folded = export(CALLS, Radix::Ten, Format::Folded);
    assert!(folded.text().contains(";loop0 f (a.py:1);loop1 g:h (a.py:9);gc 1\n"), "{}", folded.text());
}

#[test]
fn speedscope() {
    for (log, radix) in LOGS {
        let exported = export(log, radix, Format::Speedscope);
        let json = exported.json();
        assert_eq!(json["$schema"], "https://www.speedscope.app/file-format-schema.json");
        let (profile, frames) = (&json["profiles"][0], &json["shared"]["frames"]);
        let tick = exported.report.clock_hz.map_or(1.0, |hz| 1e9 / hz as f64);
        let weights = profile["weights"].as_array().unwrap();
        let samples = profile["samples"].as_array().unwrap();
        exported.check(samples.iter().zip(weights).map(|(stack, weight)| {
            let leaf = stack.as_array().unwrap().last().unwrap().as_u64().unwrap() as usize;
            (frames[leaf]["name"].as_str().unwrap().to_owned(), weight.as_f64().unwrap() / tick)
        }));
    }
}

#[test]
fn chrome_events_nest() {
    for (log, radix) in LOGS {
        let exported = export(log, radix, Format::Chrome);
        let tick = 1e6 / exported.report.clock_hz.unwrap_or(1_000_000) as f64;
        let (mut open, mut last, mut ticks) = (Vec::<String>::new(), 0.0, Vec::new());
        for event in exported.json()["traceEvents"].as_array().unwrap() {
            let (name, at) = (event["name"].as_str().unwrap().to_owned(), event["ts"].as_f64().unwrap());
            if let Some(top) = open.last() {
                ticks.push((top.clone(), (at - last) / tick));
            }
            match event["ph"].as_str().unwrap() {
                "B" => open.push(name),
                "E" => assert_eq!(open.pop(), Some(name)),
                ph => assert_eq!(ph, "M"),
            }
            assert!(at >= last);
            last = at;
        }
        assert!(open.is_empty());
        exported.check(ticks);
    }
}

#[test]
fn firefox_has_as_many_microseconds() {
    for (log, radix) in LOGS {
        let exported = export(log, radix, Format::Firefox);
        let json = exported.json();
        let weights = json["threads"][0]["samples"]["weight"].as_array().unwrap();
        let sum: i64 = weights.iter().map(|weight| weight.as_i64().unwrap()).sum();
        assert_eq!(sum as u64, exported.report.total_ticks);
    }
}

#[test]
fn a_flame_graph_is_a_picture() {
    let exported = export(RUN, Radix::Sixteen, Format::Flamegraph);
    assert!(
        exported.text().contains("<svg")
            && exported.text().contains("loop0 sieve (sieve.py:7) (48,384 ticks")
    );
    let (log, _) = logs::parse(b"[1] {a\n[1] a}\n", Radix::Sixteen);
    let nothing = Exporter::new(&log, Options::default()).write(Format::Flamegraph, &mut Vec::new());
    assert!(nothing.unwrap_err().to_string().contains("nothing to draw"));
}

/// The fields of a protobuf message: numbers, and their varints or bytes.
fn fields(mut bytes: &[u8]) -> Vec<(u64, u64, &[u8])> {
    fn varint(bytes: &mut &[u8]) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let byte = bytes[0];
            *bytes = &bytes[1..];
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        value
    }
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let value = varint(&mut bytes);
        let length = if key & 7 == 2 { value as usize } else { 0 };
        assert!(matches!(key & 7, 0 | 2));
        found.push((key >> 3, value, &bytes[..length]));
        bytes = &bytes[length..];
    }
    found
}

#[test]
fn pprof() {
    for (log, radix) in LOGS {
        let exported = export(log, radix, Format::Pprof);
        let mut bytes = Vec::new();
        GzDecoder::new(&exported.bytes[..]).read_to_end(&mut bytes).unwrap();
        let profile = fields(&bytes);
        let of = |number: u64| profile.iter().filter(move |field| field.0 == number).map(|field| field.2);
        let strings: Vec<&str> = of(6).map(|text| std::str::from_utf8(text).unwrap()).collect();
        assert_eq!(strings[0], "");
        let number = |message: &[u8], wanted: u64| {
            fields(message).into_iter().find(|field| field.0 == wanted).map_or(0, |field| field.1)
        };
        let names: HashMap<u64, &str> =
            of(5).map(|function| (number(function, 1), strings[number(function, 2) as usize])).collect();
        let samples: Vec<(String, f64)> = of(2)
            .map(|sample| {
                // Packed: the first varint of each is the leaf, and the ticks.
                let packed = |wanted: u64| {
                    let list = fields(sample).into_iter().find(|field| field.0 == wanted).unwrap().2;
                    let framed: Vec<u8> = [&[8], list].concat();
                    fields(&framed[..1 + list.iter().position(|byte| *byte < 0x80).unwrap() + 1])[0].1
                };
                (names[&packed(1)].to_owned(), packed(2) as f64)
            })
            .collect();
        exported.check(samples);
    }
}

#[test]
fn parquet_and_csv_have_the_same_rows() {
    for (log, radix) in LOGS {
        let exported = export(log, radix, Format::Parquet);
        let reader = SerializedFileReader::new(bytes::Bytes::from(exported.bytes.clone())).unwrap();
        let csv = export(log, radix, Format::Csv);
        let titles: Vec<&str> = csv.text().lines().next().unwrap().split(',').collect();
        let mut sum = 0;
        let mut count = 0;
        for row in reader.get_row_iter(None).unwrap() {
            let row = row.unwrap();
            let columns: Vec<(&String, &Field)> = row.get_column_iter().collect();
            assert!(
                columns.iter().map(|(name, _)| name.as_str()).eq(titles[..titles.len() - 1].iter().copied())
            );
            // What was not observed has no ticks.
            let ticks = match columns[2].1 {
                Field::ULong(ticks) => *ticks,
                Field::Null => 0,
                other => panic!("{other:?}"),
            };
            (sum, count) = (sum + ticks, count + 1);
        }
        assert_eq!((sum, count), (exported.report.total_ticks, csv.text().lines().count() - 1));
    }
}

#[test]
fn perf_learns_names() {
    let map = export(RUN, Radix::Sixteen, Format::PerfMap);
    assert_eq!(map.text(), "1000 c0 loop0 sieve (sieve.py:7)\n");
}

#[test]
fn a_jitdump_has_a_record_for_each_piece_of_code() {
    let dump = export(RUN, Radix::Sixteen, Format::Jitdump).bytes;
    let u32_at = |at: usize| u32::from_le_bytes(dump[at..at + 4].try_into().unwrap());
    let u64_at = |at: usize| u64::from_le_bytes(dump[at..at + 8].try_into().unwrap());
    assert_eq!((u32_at(0), u32_at(4), u32_at(8), u32_at(20)), (0x4A69_5444, 1, 40, 7));
    let (record, name) = (40, "loop0 sieve (sieve.py:7)\0");
    assert_eq!((u32_at(record), u32_at(record + 4) as usize), (0, 56 + name.len() + 0xc0));
    // At 0x1f0 of a million ticks a second.
    assert_eq!(u64_at(record + 8), 0x1f0 * 1000);
    assert_eq!((u64_at(record + 24), u64_at(record + 40)), (0x1000, 0xc0));
    assert_eq!(&dump[record + 56..record + 56 + name.len()], name.as_bytes());
    assert_eq!(dump.len(), record + u32_at(record + 4) as usize);
}

#[test]
fn what_is_no_log_can_be_exported_too() {
    for &format in Format::ALL.iter().filter(|format| **format != Format::Flamegraph) {
        export("garbage", Radix::Sixteen, format);
    }
}
