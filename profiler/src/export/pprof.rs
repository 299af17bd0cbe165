//! pprof's profile.proto, gzipped: <https://github.com/google/pprof/blob/main/proto/profile.proto>
//!
//! The messages have the fields we fill, with the numbers of the published schema.

use super::Exporter;
use super::frames::{Frame, Sort};
use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message;
use std::collections::HashMap;
use std::io::{self, Write};

#[derive(Clone, PartialEq, Message)]
struct Profile {
    #[prost(message, repeated, tag = "1")]
    sample_type: Vec<ValueType>,
    #[prost(message, repeated, tag = "2")]
    sample: Vec<Sample>,
    #[prost(message, repeated, tag = "4")]
    location: Vec<Location>,
    #[prost(message, repeated, tag = "5")]
    function: Vec<Function>,
    #[prost(string, repeated, tag = "6")]
    string_table: Vec<String>,
    #[prost(int64, tag = "10")]
    duration_nanos: i64,
    #[prost(message, optional, tag = "11")]
    period_type: Option<ValueType>,
    #[prost(int64, tag = "12")]
    period: i64,
    #[prost(int64, tag = "14")]
    default_sample_type: i64,
}

#[derive(Clone, PartialEq, Message)]
struct ValueType {
    #[prost(int64, tag = "1")]
    r#type: i64,
    #[prost(int64, tag = "2")]
    unit: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Sample {
    #[prost(uint64, repeated, tag = "1")]
    location_id: Vec<u64>,
    #[prost(int64, repeated, tag = "2")]
    value: Vec<i64>,
    #[prost(message, repeated, tag = "3")]
    label: Vec<Label>,
}

#[derive(Clone, PartialEq, Message)]
struct Label {
    #[prost(int64, tag = "1")]
    key: i64,
    #[prost(int64, tag = "2")]
    str: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Location {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(message, repeated, tag = "4")]
    line: Vec<Line>,
}

#[derive(Clone, PartialEq, Message)]
struct Line {
    #[prost(uint64, tag = "1")]
    function_id: u64,
    #[prost(int64, tag = "2")]
    line: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Function {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(int64, tag = "2")]
    name: i64,
    #[prost(int64, tag = "3")]
    system_name: i64,
    #[prost(int64, tag = "4")]
    filename: i64,
    #[prost(int64, tag = "5")]
    start_line: i64,
}

pub(super) fn write(exporter: &Exporter<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let mut gzip = GzEncoder::new(out, Compression::default());
    gzip.write_all(&profile(exporter).encode_to_vec())?;
    gzip.finish().map(|_| ())
}

fn profile(exporter: &Exporter<'_, '_>) -> Profile {
    let mut strings = Strings::default();
    let ticks = strings.value_type("ticks", "count");
    let time = strings.value_type("time", "nanoseconds");
    let known = exporter.report.clock_hz.is_some();
    let frames = exporter.frames.list();
    let kind = strings.get("kind");
    let sample = samples(exporter, known, kind, &mut strings);
    let function =
        frames.iter().enumerate().map(|(index, frame)| function(index, frame, &mut strings)).collect();
    Profile {
        sample,
        location: frames.iter().enumerate().map(|(index, frame)| location(index, frame)).collect(),
        function,
        duration_nanos: if known { exporter.nanoseconds(exporter.report.total_ticks) as i64 } else { 0 },
        default_sample_type: if known { time.r#type } else { ticks.r#type },
        period_type: Some(ticks.clone()),
        period: 1,
        sample_type: if known { vec![ticks, time] } else { vec![ticks] },
        string_table: strings.list,
    }
}

fn samples(exporter: &Exporter<'_, '_>, known: bool, kind: i64, strings: &mut Strings) -> Vec<Sample> {
    let nodes = exporter.found.tree.nodes().filter(|(_, node)| node.ticks > 0);
    nodes
        .map(|(id, node)| {
            let mut value = vec![i64::try_from(node.ticks).unwrap_or(i64::MAX)];
            if known {
                value.push(exporter.nanoseconds(node.ticks).round() as i64);
            }
            let sort = word(exporter.frames.get(node.owner).sort);
            let label = vec![Label { key: kind, str: strings.get(sort) }];
            let stack = exporter.frames.stack(&exporter.found, id);
            Sample { location_id: stack.iter().rev().map(|&frame| number(frame)).collect(), value, label }
        })
        .collect()
}

/// 0 is nobody there.
fn number(frame: usize) -> u64 {
    frame as u64 + 1
}

fn location(index: usize, frame: &Frame) -> Location {
    let line = frame.place.as_ref().map_or(0, |place| i64::from(place.line));
    Location { id: number(index), line: vec![Line { function_id: number(index), line }] }
}

fn function(index: usize, frame: &Frame, strings: &mut Strings) -> Function {
    let name = strings.get(&frame.name);
    let filename = strings.get(frame.place.as_ref().map_or("", |place| &place.file));
    let start_line = frame.place.as_ref().map_or(0, |place| i64::from(place.line));
    Function { id: number(index), name, system_name: name, filename, start_line }
}

fn word(sort: Sort) -> &'static str {
    match sort {
        Sort::Interpreter => "interpreter",
        Sort::Loop => "loop",
        Sort::Bridge => "bridge",
        Sort::Compiling => "compiling",
        Sort::Collecting => "collecting",
        Sort::Helper => "helper",
        Sort::Recording => "recording",
        Sort::Waiting => "waiting",
    }
}

/// The table of strings; the first is empty.
struct Strings {
    list: Vec<String>,
    index: HashMap<String, i64>,
}

impl Default for Strings {
    fn default() -> Self {
        Strings { list: vec![String::new()], index: HashMap::from([(String::new(), 0)]) }
    }
}

impl Strings {
    fn get(&mut self, text: &str) -> i64 {
        let list = &mut self.list;
        *self.index.entry(text.to_owned()).or_insert_with(|| {
            list.push(text.to_owned());
            list.len() as i64 - 1
        })
    }

    fn value_type(&mut self, name: &str, unit: &str) -> ValueType {
        ValueType { r#type: self.get(name), unit: self.get(unit) }
    }
}
