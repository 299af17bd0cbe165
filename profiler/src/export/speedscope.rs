//! speedscope: a profile of samples in the order of time, each with a stack and a weight.
//! <https://github.com/jlfwong/speedscope/blob/main/src/lib/file-format-spec.ts>

use super::Exporter;
use super::frames::Frame;
use super::window::Windows;
use serde::Serialize;
use std::io::{self, Write};

/// How finely time is told; a screen has no more columns.
const WINDOWS: u64 = 10_000;

#[derive(Serialize)]
struct File<'e> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    name: &'e str,
    exporter: &'static str,
    #[serde(rename = "activeProfileIndex")]
    active: u32,
    shared: Shared<'e>,
    profiles: [Profile<'e>; 1],
}

#[derive(Serialize)]
struct Shared<'e> {
    frames: Vec<SharedFrame<'e>>,
}

#[derive(Serialize)]
struct SharedFrame<'e> {
    name: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Profile<'e> {
    r#type: &'static str,
    name: &'e str,
    unit: &'static str,
    start_value: f64,
    end_value: f64,
    samples: Vec<Vec<usize>>,
    weights: Vec<f64>,
}

pub(super) fn write(exporter: &Exporter<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let mut windows = Windows::new(exporter.span(), WINDOWS);
    exporter.replay(&mut windows);
    let known = exporter.report.clock_hz.is_some();
    let value = |ticks: u64| if known { exporter.nanoseconds(ticks) } else { ticks as f64 };
    let title = exporter.title();
    let profile = Profile {
        r#type: "sampled",
        name: &title,
        unit: if known { "nanoseconds" } else { "none" },
        start_value: 0.0,
        end_value: value(exporter.report.total_ticks),
        samples: windows
            .samples
            .iter()
            .map(|sample| exporter.frames.stack(&exporter.found, sample.node))
            .collect(),
        weights: windows.samples.iter().map(|sample| value(sample.ticks)).collect(),
    };
    let file = File {
        schema: "https://www.speedscope.app/file-format-schema.json",
        name: &title,
        exporter: concat!("loopscope ", env!("CARGO_PKG_VERSION")),
        active: 0,
        shared: Shared { frames: exporter.frames.list().iter().map(shared).collect() },
        profiles: [profile],
    };
    serde_json::to_writer(out, &file).map_err(io::Error::from)
}

fn shared(frame: &Frame) -> SharedFrame<'_> {
    let place = frame.place.as_ref();
    SharedFrame {
        name: &frame.name,
        file: place.map(|place| place.file.as_str()),
        line: place.map(|place| place.line),
    }
}
