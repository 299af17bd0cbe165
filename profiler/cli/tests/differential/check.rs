//! Programs times modes, in parallel, and the differences.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::mode::{self, Engine, MODES, Mode, Size};
use crate::peer;
use crate::process::{self, End, Outcome};
use crate::program::Program;

/// Far more than any program of the corpus needs.
const PATIENCE: Duration = Duration::from_secs(600);

/// A shrunk program may loop for ever.
const IMPATIENCE: Duration = Duration::from_secs(20);

/// A program that behaved differently under a mode.
#[derive(Clone, Debug)]
pub struct Failure {
    pub program: Program,
    pub mode: Mode,
    wanted: String,
    wanted_end: End,
    got: Outcome,
}

/// Panics with every difference the programs show.
pub fn corpus(programs: &[Program]) {
    let failures = failures(programs);
    let report: String = failures.iter().map(|failure| format!("{failure}\n")).collect();
    assert!(failures.is_empty(), "{} differences\n{report}", failures.len());
}

/// Every difference the programs show, in the order of the programs.
pub fn failures(programs: &[Program]) -> Vec<Failure> {
    let modes = mode::available();
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let work = || {
        while let Some(program) = programs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let failed = check(program, &modes);
            found.lock().expect("no panic while held").extend(failed);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let mut found = found.into_inner().expect("no panic while held");
    found.sort_by(|a: &Failure, b: &Failure| a.program.path.cmp(&b.program.path));
    found
}

/// Whether the two modes still disagree about the program; the second is compared with the first row of the table.
pub fn differs(program: &Program, mode: &Mode) -> bool {
    let wanted = outcome(program, &MODES[0], mode.size, IMPATIENCE);
    let got = outcome(program, mode, mode.size, IMPATIENCE);
    (wanted.stdout, wanted.end) != (got.stdout, got.end)
}

fn check(program: &Program, modes: &[Mode]) -> Vec<Failure> {
    let mut references = References::default();
    let modes = modes.iter().filter(|mode| !program.skips(mode.size));
    modes.filter_map(|mode| compare(program, mode, &mut references)).collect()
}

fn compare(program: &Program, mode: &Mode, references: &mut References) -> Option<Failure> {
    let (wanted, wanted_end) = match program.expected(mode.size) {
        Some(text) => (text.to_owned(), End::Code(program.exit)),
        None => references.get(program, mode.size),
    };
    let got = outcome(program, mode, mode.size, PATIENCE);
    // CPython has crashes of its own, where a special method shrinks what is being indexed: no opinion.
    let crashed = mode.engine == Engine::Python && got.end == End::Signal;
    let same = crashed || (got.stdout == wanted && got.end == wanted_end);
    (!same).then(|| Failure { program: program.clone(), mode: *mode, wanted, wanted_end, got })
}

fn outcome(program: &Program, mode: &Mode, size: Size, limit: Duration) -> Outcome {
    if program.generated && mode.engine == Engine::Python {
        return peer::run(&program.path, program.argument(size));
    }
    let mut command = mode.command(&program.path);
    command.args(program.argument(size));
    process::run(command, limit)
}

/// What the first mode of the table prints, run once per size.
#[derive(Default)]
struct References {
    small: Option<(String, End)>,
    stress: Option<(String, End)>,
}

impl References {
    fn get(&mut self, program: &Program, size: Size) -> (String, End) {
        let slot = match size {
            Size::Small => &mut self.small,
            Size::Stress => &mut self.stress,
        };
        slot.get_or_insert_with(|| {
            let run = outcome(program, &MODES[0], size, PATIENCE);
            (run.stdout, run.end)
        })
        .clone()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} [{}]: {:?}, wanted {:?}",
            self.program.path.display(),
            self.mode.name,
            self.got.end,
            self.wanted_end
        )?;
        let (mut wanted, mut got) = (self.wanted.lines(), self.got.stdout.lines());
        for line in 1.. {
            match (wanted.next(), got.next()) {
                (None, None) => break,
                (a, b) if a == b => continue,
                (a, b) => {
                    writeln!(f, "  line {line}\n  - {}\n  + {}", a.unwrap_or("(end)"), b.unwrap_or("(end)"))?;
                    break;
                }
            }
        }
        let tail: Vec<&str> = self.got.stderr.lines().rev().take(4).collect();
        tail.iter().rev().try_for_each(|line| writeln!(f, "  ! {line}"))
    }
}
