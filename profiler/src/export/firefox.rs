//! Firefox's profiler: samples with weights, categories in colours, functions with file and line, and visits of loops
//! as markers on the timeline.
//!
//! Weights are whole numbers there, in units of the sampling interval. So the interval is a microsecond, and
//! what a node has had so far, rounded, is what its weights add up to.

mod places;
mod visits;

use super::Exporter;
use super::frames::Sort;
use super::window::Windows;
use crate::attribute::{NodeId, Owner};
use fxprof_processed_profile::{
    CategoryColor, CategoryHandle, CpuDelta, Frame, FrameFlags, FrameInfo, MarkerFieldFlags,
    MarkerFieldFormat, MarkerTiming, Profile, ReferenceTimestamp, SamplingInterval, StackHandle,
    StaticSchemaMarker, StaticSchemaMarkerField, StringHandle, ThreadHandle, Timestamp,
};
use std::collections::HashMap;
use std::io::{self, Write};
use visits::visits;

const WINDOWS: u64 = 20_000;

const CATEGORIES: [(Sort, &str, CategoryColor); 8] = [
    (Sort::Interpreter, "Interpreter", CategoryColor::Gray),
    (Sort::Loop, "Loop", CategoryColor::Green),
    (Sort::Bridge, "Bridge", CategoryColor::Blue),
    (Sort::Compiling, "Compiling", CategoryColor::Orange),
    (Sort::Collecting, "Collecting", CategoryColor::Purple),
    (Sort::Helper, "Runtime", CategoryColor::LightBlue),
    (Sort::Recording, "Recording", CategoryColor::Brown),
    (Sort::Waiting, "Waiting", CategoryColor::Transparent),
];

pub(super) fn write(exporter: &Exporter<'_, '_>, out: &mut dyn Write) -> io::Result<()> {
    let mut windows = Windows::new(exporter.span(), WINDOWS);
    exporter.replay(&mut windows);
    let mut profile = serde_json::to_value(profile(exporter, &windows)).map_err(io::Error::from)?;
    let frames = exporter.frames.list().iter();
    let places = frames.filter_map(|frame| Some((frame.name.as_str(), frame.place.as_ref()?))).collect();
    places::state(&mut profile, &places);
    serde_json::to_writer(out, &profile).map_err(io::Error::from)
}

fn profile(exporter: &Exporter<'_, '_>, windows: &Windows) -> Profile {
    let title = exporter.title();
    // Stamps count from no particular time.
    let reference = ReferenceTimestamp::from_millis_since_unix_epoch(0.0);
    let mut profile = Profile::new(&title, reference, SamplingInterval::from_nanos(1000));
    let (zero, end) = (Timestamp::from_nanos_since_reference(0), exporter.report.total_ticks);
    let end = Timestamp::from_nanos_since_reference(exporter.nanoseconds(end) as u64);
    let pid = exporter.report.pid.and_then(|pid| u32::try_from(pid).ok()).unwrap_or(0);
    let process = profile.add_process(&title, pid, zero);
    profile.set_process_end_time(process, end);
    let thread = profile.add_thread(process, pid, zero, true);
    profile.set_thread_name(thread, &title);
    profile.set_thread_end_time(thread, end);
    profile.set_symbolicated(true);
    let mut stacks = Stacks::new(exporter, &mut profile, thread);
    let start = exporter.span().0;
    let mut given = HashMap::<NodeId, (u64, u64)>::new();
    for sample in &windows.samples {
        let at = Timestamp::from_nanos_since_reference(exporter.nanoseconds(sample.at - start) as u64);
        let (ticks, weight) = given.entry(sample.node).or_default();
        *ticks += sample.ticks;
        let so_far = (exporter.nanoseconds(*ticks) / 1000.0).round() as u64;
        let more = i32::try_from(so_far - *weight).unwrap_or(i32::MAX);
        *weight = so_far;
        let cpu = CpuDelta::from_nanos(exporter.nanoseconds(sample.ticks) as u64);
        let stack = stacks.get(&mut profile, sample.node);
        profile.add_sample(thread, at, stack, cpu, more);
    }
    profile.set_thread_show_markers_in_timeline(thread, true);
    for visit in visits(&windows.samples, &exporter.found.tree, windows.width) {
        let time = |stamp: u64| {
            Timestamp::from_nanos_since_reference(exporter.nanoseconds(stamp.saturating_sub(start)) as u64)
        };
        let name = profile.intern_string(&exporter.frames.get(visit.owner).name);
        let timing = MarkerTiming::Interval(time(visit.start), time(visit.end));
        profile.add_marker(thread, timing, LoopVisit(name));
    }
    profile
}

/// A loop was visited; the visit's name is the loop's.
struct LoopVisit(StringHandle);

impl StaticSchemaMarker for LoopVisit {
    const UNIQUE_MARKER_TYPE_NAME: &'static str = "LoopVisit";
    const CHART_LABEL: Option<&'static str> = Some("{marker.data.loop}");
    const TABLE_LABEL: Option<&'static str> = Some("{marker.data.loop}");
    const FIELDS: &'static [StaticSchemaMarkerField] = &[StaticSchemaMarkerField {
        key: "loop",
        label: "Loop",
        format: MarkerFieldFormat::String,
        flags: MarkerFieldFlags::SEARCHABLE,
    }];

    fn name(&self, profile: &mut Profile) -> StringHandle {
        profile.intern_string("loop")
    }

    fn category(&self, _: &mut Profile) -> CategoryHandle {
        CategoryHandle::OTHER
    }

    fn string_field_value(&self, _: u32) -> StringHandle {
        self.0
    }

    /// There is no field of that kind.
    fn number_field_value(&self, _: u32) -> f64 {
        0.0
    }
}

/// Stacks of nodes, made when they are met.
struct Stacks<'e, 'l, 'a> {
    exporter: &'e Exporter<'l, 'a>,
    thread: ThreadHandle,
    categories: Vec<(Sort, CategoryHandle)>,
    known: HashMap<NodeId, Option<StackHandle>>,
}

impl<'e, 'l, 'a> Stacks<'e, 'l, 'a> {
    fn new(exporter: &'e Exporter<'l, 'a>, profile: &mut Profile, thread: ThreadHandle) -> Self {
        let add =
            |(sort, name, color): (Sort, &str, CategoryColor)| (sort, profile.add_category(name, color));
        let categories = CATEGORIES.into_iter().map(add).collect();
        Stacks { exporter, thread, categories, known: HashMap::new() }
    }

    fn get(&mut self, profile: &mut Profile, node: NodeId) -> Option<StackHandle> {
        if let Some(known) = self.known.get(&node) {
            return *known;
        }
        let tree = &self.exporter.found.tree;
        let mut path: Vec<Owner> = tree.path(node).map(|id| tree.node(id).owner).collect();
        path.reverse();
        let frames: Vec<FrameInfo> = path.iter().map(|owner| self.frame(profile, *owner)).collect();
        let stack = profile.intern_stack_frames(self.thread, frames.into_iter());
        self.known.insert(node, stack);
        stack
    }

    fn frame(&self, profile: &mut Profile, owner: Owner) -> FrameInfo {
        let frame = self.exporter.frames.get(owner);
        let category = self.categories.iter().find(|(sort, _)| *sort == frame.sort);
        let category = category.map_or(CategoryHandle::OTHER, |(_, category)| *category);
        let name = if owner == Owner::Program { self.exporter.title() } else { frame.name.clone() };
        FrameInfo {
            frame: Frame::Label(profile.intern_string(&name)),
            category_pair: category.into(),
            flags: FrameFlags::IS_RELEVANT_FOR_JS,
        }
    }
}
