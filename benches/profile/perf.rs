//! What perf saw: call chains of the program's thread, and the machine code that their addresses lie in.

use loopscope_benches::program::loopscope;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// Samples per second.
const RATE: &str = "4000";

/// A frame of a call chain: where, and in which function.
struct Frame {
    address: u64,
    function: String,
}

/// Call chains, innermost frames first.
pub struct Samples(Vec<Vec<Frame>>);

/// What a sample is evidence of.
pub enum Ran {
    /// Machine code with this name.
    Code(String),
    /// A function that this machine code has called.
    Helper(String),
    /// Work on traces, or a collection.
    Phase(&'static str),
    Interpreter,
}

/// Is there a perf, and may it sample?
pub fn is_usable() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("data");
    let tried = perf_record(&data).arg("true").stdin(Stdio::null()).output();
    let tried = tried.map_err(|error| format!("perf does not start: {error}"))?;
    let text = String::from_utf8_lossy(&tried.stderr);
    if tried.status.success() { Ok(()) } else { Err(format!("perf may not sample: {}", text.trim())) }
}

fn perf_record(data: &Path) -> Command {
    let mut command = Command::new("perf");
    // The command's functions keep frame pointers, stubs too: that is how chains lead from a stub to whose it is.
    let options = ["record", "-q", "-e", "cpu-clock", "-F", RATE, "--call-graph", "fp", "-o"];
    command.args(options).arg(data).arg("--");
    command
}

/// Samples of a run.
pub fn record(folder: &Path, arguments: &[&OsStr], pypylog: Option<&OsStr>) -> Samples {
    let data = folder.join("perf.data");
    let mut command = perf_record(&data);
    command.arg(loopscope()).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(value) = pypylog {
        command.env("PYPYLOG", value);
    }
    let status = command.status().unwrap_or_else(|error| panic!("perf: {error}"));
    assert!(status.success(), "{arguments:?} failed under perf");
    let script = Command::new("perf")
        .args(["script", "--no-inline", "-F", "tid,ip,sym", "-i"])
        .arg(&data)
        .stderr(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("perf: {error}"));
    Samples::parse(&String::from_utf8_lossy(&script.stdout))
}

impl Samples {
    /// Of the thread that has most.
    fn parse(text: &str) -> Samples {
        let mut threads: BTreeMap<&str, Vec<Vec<Frame>>> = BTreeMap::new();
        for block in text.split("\n\n") {
            let mut lines = block.lines().filter(|line| !line.trim().is_empty());
            let Some(thread) = lines.next().map(str::trim) else { continue };
            threads.entry(thread).or_default().push(lines.filter_map(Frame::parse).collect());
        }
        Samples(threads.into_values().max_by_key(Vec::len).unwrap_or_default())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// What each sample is evidence of. Stubs that all code shares are unknown to the log, and unwinding ends there: then
    /// it is what ran before.
    pub fn ran(&self, pieces: &Pieces) -> Vec<Ran> {
        let mut last = None;
        self.0.iter().map(|frames| ran(frames, pieces, &mut last)).collect()
    }
}

impl Frame {
    fn parse(line: &str) -> Option<Frame> {
        let (address, function) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        Some(Frame { address: u64::from_str_radix(address, 16).ok()?, function: function.to_owned() })
    }
}

fn ran(frames: &[Frame], pieces: &Pieces, last: &mut Option<String>) -> Ran {
    let code = frames.iter().position(|frame| pieces.contain(frame.address));
    let native = &frames[..code.unwrap_or(frames.len())];
    if let Some(phase) = native.iter().find_map(|frame| phase_of(&frame.function)) {
        return Ran::Phase(phase);
    }
    let Some(depth) = code else { return Ran::Interpreter };
    let in_code = frames[depth..].iter().take_while(|frame| pieces.contain(frame.address));
    let known = in_code.map(|frame| frame.address).find_map(|address| pieces.name_of(address));
    let name = known.or_else(|| last.clone()).unwrap_or_else(|| "stub".to_owned());
    *last = Some(name.clone());
    if depth == 0 { Ran::Code(name) } else { Ran::Helper(name) }
}

/// By names of functions, as the report keeps these apart.
fn phase_of(function: &str) -> Option<&'static str> {
    const WORDS: [(&str, &[&str]); 5] = [
        ("gc", &["finish_collection", "begin_collection", "mark_conservatively"]),
        ("recording", &["loopscope_jit::events::", "loopscope_logs::"]),
        (
            "backend",
            &["cranelift", "regalloc", "loopscope_jit::codegen::backend", "loopscope_jit::codegen::lower"],
        ),
        ("optimize", &["loopscope_jit::opt::"]),
        ("tracing", &["loopscope_jit::record::", "record_root", "record_bridge"]),
    ];
    let holds = |words: &&[&str]| {
        function.ends_with("vm::Vm>::collect") && words.contains(&"begin_collection")
            || words.iter().any(|word| function.contains(word))
    };
    // The log is told of transitions by machine code: that is the loop's time, as the marker has it.
    let transition = function.contains("events::profile");
    WORDS.iter().filter(|_| !transition).find(|(_, words)| holds(words)).map(|(phase, _)| *phase)
}

/// Pieces of machine code, by address.
pub struct Pieces(Vec<(u64, u64, String)>);

impl Pieces {
    /// As the log has them; a piece ends where its dump does, cold code included.
    pub fn of(log: &Path) -> Pieces {
        let bytes = std::fs::read(log).unwrap_or_else(|error| panic!("{}: {error}", log.display()));
        let text = String::from_utf8_lossy(&bytes);
        let dump = |line: &str| {
            let (address, code) = line.strip_prefix("CODE_DUMP @")?.split_once(" +0  ")?;
            Some((u64::from_str_radix(address, 16).ok()?, code.len() as u64 / 2))
        };
        let lengths: BTreeMap<u64, u64> = text.lines().filter_map(dump).collect();
        let mut name = String::new();
        let mut pieces = Vec::new();
        for line in text.lines() {
            if let Some((subject, _)) = line.split_once(" has address ") {
                name = name_of(subject).unwrap_or_default();
            }
            let start = line
                .trim_start()
                .strip_prefix("gc table: 0x")
                .and_then(|hex| u64::from_str_radix(hex, 16).ok());
            if let Some(start) = start {
                let length = lengths.get(&start).copied().unwrap_or(0);
                pieces.push((start, start + length, std::mem::take(&mut name)));
            }
        }
        pieces.sort();
        Pieces(pieces)
    }

    /// Is it machine code, or a stub beside it?
    fn contain(&self, address: u64) -> bool {
        const STUBS: u64 = 1 << 14;
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else { return false };
        (first.0 - STUBS..last.1 + STUBS).contains(&address)
    }

    fn name_of(&self, address: u64) -> Option<String> {
        let at = self.0.partition_point(|piece| piece.0 <= address).checked_sub(1)?;
        let (_, end, name) = &self.0[at];
        (address < *end).then(|| name.clone())
    }

    /// Are all of them among these?
    pub fn are_among(&self, names: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|(_, _, name)| names.contains_key(name))
    }
}

/// `loop3` of `Loop 3 (…)`, `bridge 0x1f` of `bridge out of Guard 0x1f`: as the report has it.
fn name_of(subject: &str) -> Option<String> {
    if let Some(rest) = subject.strip_prefix("Loop ") {
        return rest.split(' ').next().map(|number| format!("loop{number}"));
    }
    subject.strip_prefix("bridge out of Guard ").map(|guard| format!("bridge {guard}"))
}
