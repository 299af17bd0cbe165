//! The command line as typed. Nothing but clap's types, and their way into what the commands want.

mod export;
mod record;

use crate::dropin;
use crate::failure::Failure;
use crate::job::{Job, Main, Watch};
use clap::builder::RangedU64ValueParser;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
pub use export::Export;
use jit::perf::Backend;
use logs::Radix;
use logs::filter::Filter;
pub use record::{Method, Record};
use vm::interp::lines::Style;

/// In which JIT loops did my program spend its time, and why?
#[derive(Parser, Debug)]
#[command(name = "loopscope", version, max_term_width = 100, after_help = DROP_IN, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const DROP_IN: &str = "\
As micropython would be called:
  loopscope [-O[N]] [-X OPT] PROG [ARGS...]     run a .py or .mpy file
  loopscope -c CODE [ARGS...]                   run a text
  loopscope -m MODULE [ARGS...]                 run a module from sys.path
  loopscope < PROG                            run standard input
  -X heapsize=SIZE                              memory that the program may have, as in 500k or 64M
  -X perf, -X perf_jit                          let perf see Python functions, as CPython would
  -X jit=off, -X threshold=N, -X passes=LIST, -X jit-verify, -X stress-guards and -X gc-stress are ours;
  other -X options are ignored

Environment:
  PYPYLOG      PREFIX,...:FILE logs these sections, :FILE all, +FILE only their starts and stops; %d is the process id
  MICROPYPATH  where modules are searched, ':' between
  NO_COLOR     no colours
  PYTHONPERFSUPPORT=1, PYTHON_PERF_JIT_SUPPORT=1
               as -X perf and -X perf_jit

Exit codes: 0 done | 1 the program raised, or diff found it slower | 2 usage | 3 an input could not be read at all |
70 an error of our own

Examples:
  loopscope run --profile sieve.py            run, then print where the time went
  loopscope run --log out.pypylog sieve.py    run, and keep the log
  loopscope record pypy3 prog.py              the same for a program of PyPy's
  loopscope report out.pypylog                the table, from a log
  loopscope diff old.pypylog new.pypylog      what became slower, what faster
  loopscope export out.pypylog --to firefox   for other tools
  loopscope view out.pypylog                  the same with source and bytecode, in the terminal";

#[derive(Subcommand, Debug)]
pub enum Command {
    Run(Run),
    Record(Record),
    Report(Report),
    Diff(Diff),
    Export(Export),
    View(View),
    Compile(Compile),
    Dis(Dis),
    Bench(Bench),
}

/// Run a program
#[derive(Args, Debug)]
#[command(after_help = "\
With --live the viewer has the terminal while the program runs. Screen 9 shows what the program writes; w writes a line to
its input, unless that comes from a file or a pipe; Ctrl-C interrupts it. The viewer stays when the program has ended. When
you leave, all that was written is printed, and the exit code is the program's.

Examples:
  loopscope run prog.py
  loopscope run --profile prog.py 100
  loopscope run --log out.pypylog --threshold 50 prog.py
  loopscope run --log out.pypylog.zst --events all prog.py
  loopscope run --live prog.py
  loopscope run --jit off prog.py
  loopscope run --passes none prog.py
  loopscope run --coverage=prog.lcov prog.py
  loopscope run -X trace=calls -X trace-only=parse prog.py
  loopscope run --debug prog.py
  perf record -g loopscope run --perf map prog.py && perf report
  perf record -k mono -g loopscope run --perf jitdump prog.py
  perf inject --jit -i perf.data -o perf.jit.data && perf annotate -i perf.jit.data")]
pub struct Run {
    /// Compile hot loops to machine code
    #[arg(long, value_name = "WHETHER", default_value = "on")]
    pub jit: Switch,
    /// Passes of a loop before it is compiled [default: 1000]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<u32>::new().range(1..))]
    pub threshold: Option<u32>,
    /// Optimiser passes: all, none, some as in 'fold,cse', or all but some as in '-peel,-escape'
    #[arg(long, value_name = "LIST", default_value = "all", allow_hyphen_values = true)]
    pub passes: String,
    /// Write a log with all a viewer needs, compressed if its name ends in '.zst'; '-' is standard error
    #[arg(long, value_name = "FILE")]
    pub log: Option<String>,
    /// Transitions between loops that the log records: enough to time visits, or every one, at a price that the log states
    #[arg(long, value_name = "WHICH", default_value = "windows")]
    pub events: Transitions,
    /// Print the time spent in each loop on standard error at the end
    #[arg(long)]
    pub profile: bool,
    /// Show loops, source and output in the terminal while the program runs; see 'loopscope view'
    #[arg(long)]
    pub live: bool,
    /// Let perf see Python functions and loops: write /tmp/perf-PID.map, or /tmp/jit-PID.dump with code and lines
    #[arg(long, value_name = "FORMAT")]
    pub perf: Option<Perf>,
    /// Write visits of loops to /tmp/marker-PID.txt, for samply's timeline
    #[arg(long)]
    pub perf_marks: bool,
    /// The terminal's background, for --live: see 'loopscope view --help'
    #[arg(long, value_name = "COLOR", default_value = "auto", env = "LOOPSCOPE_BACKGROUND")]
    pub background: Background,
    /// Write output line by line
    #[arg(long, hide = true)]
    pub by_line: bool,
    /// Collect garbage at every opportunity (slow; finds errors of the machine)
    #[arg(long)]
    pub gc_stress: bool,
    /// Memory that the program may have, as in 500K, 64M or 2G; more is MemoryError [default: most of what there is]
    #[arg(long, value_name = "SIZE", value_parser = crate::memory::size)]
    pub heap: Option<usize>,
    /// Check each trace before it is compiled (finds errors of the JIT)
    #[arg(long)]
    pub jit_verify: bool,
    /// Leave compiled code once at every guard (finds errors of the JIT)
    #[arg(long)]
    pub stress_guards: bool,
    /// Count how often each line runs: a summary on standard error, and FILE, as lcov or, if it ends in .txt, as
    /// annotated source
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub coverage: Option<String>,
    /// Stop at the first line, and ask what to do; 'help' there lists the commands
    #[arg(long, conflicts_with = "coverage")]
    pub debug: bool,
    /// As in the drop-in form, and trace=lines|calls|opcodes, trace-only=PART-OF-NAME, trace-style=micropython|python
    #[arg(short = 'X', value_name = "OPT")]
    pub extensions: Vec<String>,
    /// Leave out asserts; -OOO leaves out line numbers too
    #[arg(short = 'O', action = ArgAction::Count)]
    pub optimize: u8,
    /// The program, a .py or .mpy file, and its arguments
    // One list, because whatever stands behind the program is the program's, options of ours included.
    #[arg(value_names = ["PROG", "ARGS"], required = true, trailing_var_arg = true)]
    pub program: Vec<String>,
}

/// How perf is told of generated code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Perf {
    /// Names, for 'perf report'
    Map,
    /// Code, lines and frames too, for 'perf record -k mono' and 'perf inject --jit'
    Jitdump,
}

/// What a terminal's background is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Background {
    Auto,
    Dark,
    Light,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// Which transitions between loops are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Transitions {
    /// Those of some intervals, where recording all would slow the program down
    Windows,
    /// Every one
    All,
}

impl Run {
    /// The job to do.
    pub fn into_job(self) -> Result<Job, Failure> {
        let file = self.program.first().cloned().unwrap_or_default();
        let mut job = Job::new(Main::File(file), self.program);
        job.opt_level = self.optimize;
        job.gc_stress = self.gc_stress;
        job.heap = self.heap;
        job.profile = self.profile;
        job.all_events = self.events == Transitions::All;
        job.perf = self.perf.map(|format| match format {
            Perf::Map => Backend::Map,
            Perf::Jitdump => Backend::Dump,
        });
        job.perf_marks = self.perf_marks;
        job.by_line = self.by_line;
        job.log = self.log.and_then(|file| Filter::parse(&format!(":{file}")));
        if let Some(jit) = &mut job.jit {
            jit.threshold = self.threshold.unwrap_or(jit.threshold);
            jit.passes = self.passes;
            jit.verify |= self.jit_verify;
            jit.stress_guards = self.stress_guards;
        }
        if self.jit == Switch::Off {
            job.jit = None;
        }
        job.style = Style::Python;
        let coverage = self.coverage.map(|file| Watch::Coverage(Some(file).filter(|file| !file.is_empty())));
        job.watch = coverage.or(self.debug.then_some(Watch::Debug));
        self.extensions.iter().try_for_each(|option| dropin::extension(&mut job, option))?;
        Ok(job)
    }
}

/// How to read a log
#[derive(Args, Clone, Debug)]
pub struct Reading {
    /// The base in which stamps are written
    #[arg(long, value_name = "BASE", default_value = "16", value_parser = radix)]
    pub radix: Radix,
    /// What 'perf script' printed for the same run: gives PyPy's loops their time
    #[arg(long, value_name = "FILE")]
    pub perf_script: Option<String>,
    /// The process, among those in --perf-script or for a jitdump [default: the one that ran the log's code]
    #[arg(long, value_name = "PID")]
    pub pid: Option<u32>,
    /// Ticks of the log's clock per second, where the log does not say
    #[arg(long, value_name = "HZ", value_parser = RangedU64ValueParser::<u64>::new().range(1..))]
    pub clock_hz: Option<u64>,
    /// One run of a log that holds several, from 1 [default: all, one by one and together]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub run: Option<usize>,
    /// Lines of the program's own that begin a phase of the run, as 'iteration (\d+)'; user sections are phases anyway
    #[arg(long, value_name = "REGEX", value_parser = regex)]
    pub phase: Option<fancy_regex::Regex>,
}

impl Reading {
    /// In which radix stamps are written, and what perf saw; nothing else.
    pub fn plain(radix: Radix, perf_script: Option<String>) -> Reading {
        Reading { radix, perf_script, pid: None, clock_hz: None, run: None, phase: None }
    }
}

fn regex(text: &str) -> Result<fancy_regex::Regex, String> {
    fancy_regex::Regex::new(text).map_err(|error| error.to_string())
}

/// Print where the time of a logged run went
#[derive(Args, Debug)]
#[command(after_help = "\
Stock PyPy's logs have no profile events: of those, counts, aborts, collections and the cost of compiling are shown.
'loopscope record pypy3 prog.py' gives their loops and bridges time as well; or let perf watch the same run:
  PYPYLOG=jit,gc:out.pypylog perf record -k mono --call-graph dwarf,4096 -o perf.data pypy3 prog.py
  perf script -i perf.data > perf.txt
  loopscope report out.pypylog --perf-script perf.txt
Without hardware counters, as in many virtual machines, add '-e cpu-clock'. Without --call-graph, time in functions
that a loop calls is guessed. Any clock of perf's will do; -k mono is easiest to compare with other tools.

Several logs, as of a forking program's processes (PYPYLOG=jit:out.%d.pypylog), are reported one by one and together.

The JSON's schema is in profiler/SCHEMA.md.

Examples:
  loopscope report out.pypylog
  loopscope report --sort visits --top 10 out.pypylog
  loopscope report --format json out.pypylog | jq '.loops[0]'
  loopscope report out.*.pypylog
  loopscope report --by events out.pypylog
  loopscope report --radix 10 note.pypylog")]
pub struct Report {
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
    /// The order of loops
    #[arg(long, value_name = "KEY", default_value = "ticks")]
    pub sort: SortKey,
    /// What loops' time is taken from: samples where the log has some, or events alone
    #[arg(long, value_name = "WHAT", default_value = "samples")]
    pub by: By,
    /// No more lines than that of all that took time: places with loops, places of the interpreter, waiting [default: 40]
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
    /// All loops, also those in which no time was seen, and all findings
    #[arg(long)]
    pub all: bool,
    /// How many causes of lost time
    #[arg(long, value_name = "WHICH", default_value = "three")]
    pub findings: Findings,
    /// Ticks instead of seconds
    #[arg(long)]
    pub ticks: bool,
    #[command(flatten)]
    pub reading: Reading,
    /// The logs
    #[arg(value_name = "LOG", required = true)]
    pub logs: Vec<String>,
}

/// Compare logged runs, loop by loop
#[derive(Args, Debug)]
#[command(after_help = "\
Several runs a side tell how much runs vary by chance: five are a good number. Every change has an interval; all intervals
of a diff hold together in 99 of 100 diffs. What could be chance is 'no difference seen'. One run a side is taken to vary
by 5 %. Loops are matched by their place in the program, bridges counted to their loops.

With --fail-above, a run or a loop that became slower by more than that, whatever of its interval is true, ends the
command with exit code 1; loops that are new show in the run's total.

With --traces or --trace it is not time that is compared but what was compiled: operation by operation, by what they do
and where in the program they come from. First what is new (+) or gone (-) among guards, allocations and residual calls,
then the operations around each difference; ~ works on other values, < and > have moved.

Exit codes: 0 done | 1 slower than --fail-above allows | 2 usage, or different programs | 3 a log could not be read at all

Examples:
  loopscope diff before.pypylog after.pypylog
  loopscope diff --traces before.pypylog after.pypylog
  loopscope diff --trace prog.py:12 before.pypylog after.pypylog
  loopscope diff --trace loop3=loop7 out.pypylog
  loopscope diff before.*.pypylog --against after.*.pypylog
  loopscope diff --format json before.pypylog after.pypylog
  loopscope diff --fail-above 5% main.*.pypylog --against branch.*.pypylog")]
pub struct Diff {
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: DiffFormat,
    /// The logs of the new runs; those before are the old ones
    #[arg(long, value_name = "NEW", num_args = 1..)]
    pub against: Vec<String>,
    /// End with exit code 1 if the run, or a loop, became slower by more than that for sure
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub fail_above: Option<f64>,
    /// Changes below that share of the run are none
    #[arg(long, value_name = "PERCENT", default_value = "1%", value_parser = percent)]
    pub ignore_below: f64,
    /// Compare, although these are runs of different programs
    #[arg(long)]
    pub different_programs: bool,
    /// Compare traces instead of times: all that both logs have
    #[arg(long, conflicts_with = "fail_above")]
    pub traces: bool,
    /// The same for one: a name, as loop3; a part of a place, as 'prog.py:12'; or OLD=NEW, which may be of one log
    #[arg(long, value_name = "TRACE", conflicts_with_all = ["fail_above", "traces"])]
    pub trace: Option<String>,
    /// Also loops in which no difference was seen; with --traces, every operation
    #[arg(long)]
    pub all: bool,
    /// No more loops than that in a table
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
    /// The base in which stamps are written
    #[arg(long, value_name = "BASE", default_value = "16", value_parser = radix)]
    pub radix: Radix,
    /// What 'perf script' printed for an old run; once for each of them, in their order
    #[arg(long, value_name = "FILE")]
    pub old_perf_script: Vec<String>,
    /// What 'perf script' printed for a new run, likewise
    #[arg(long, value_name = "FILE")]
    pub new_perf_script: Vec<String>,
    /// The logs of the old runs; without --against, of the old and the new one
    #[arg(value_name = "LOG", required = true)]
    pub logs: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people
    Table,
    /// For programs; the schema is loopscope-diff/2, or of traces loopscope-trace-diff/1
    Json,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim();
    let value = number.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0);
    value.ok_or_else(|| "a number of percent, as in 5%".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs; the schema is loopscope-report/2
    Json,
    /// For spreadsheets: a row per loop, and one per part of the rest
    Csv,
}

/// What to take loops' time from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Looks at the running program; events where there are none
    Samples,
    /// When loops were entered and left, as in anybody's log
    Events,
}

/// Which findings to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Findings {
    /// The three that would save the most
    Three,
    /// All that would save 2 % of the run or more
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SortKey {
    /// The most time first
    #[value(alias = "time")]
    Ticks,
    /// The most often entered first, by counters
    Entered,
    /// The most passes first
    Passes,
    /// The most exits to the interpreter first
    Exits,
    /// The most visits first, by events
    Visits,
    /// The most expensive to compile first
    Compile,
    /// By name
    Name,
}

impl From<SortKey> for profiler::Sort {
    fn from(key: SortKey) -> profiler::Sort {
        match key {
            SortKey::Ticks => profiler::Sort::Ticks,
            SortKey::Entered => profiler::Sort::Entered,
            SortKey::Passes => profiler::Sort::Passes,
            SortKey::Exits => profiler::Sort::Exits,
            SortKey::Visits => profiler::Sort::Visits,
            SortKey::Compile => profiler::Sort::Compile,
            SortKey::Name => profiler::Sort::Name,
        }
    }
}

fn radix(text: &str) -> Result<Radix, String> {
    match text {
        "16" => Ok(Radix::Sixteen),
        "10" => Ok(Radix::Ten),
        _ => Err("stamps are written in base 16 or 10".to_owned()),
    }
}

/// Look at a logged run in the terminal: loops, source, bytecode, trace, machine code
#[derive(Args, Debug)]
#[command(after_help = "\
Digits change the screen, arrows or hjkl move, Enter opens, / searches, ? shows all keys, q leaves.
Logs of PyPy show all they contain: PYPYLOG=jit-log-opt,jit-backend,jit-summary:out.pypylog pypy3 prog.py

Examples:
  loopscope view out.pypylog
  loopscope view --follow out.pypylog         while the program runs
  loopscope view new.pypylog --against old.pypylog
  loopscope view out.pypylog --coverage prog.lcov
  loopscope view out.pypylog --perf-script perf.txt")]
pub struct View {
    #[command(flatten)]
    pub reading: Reading,
    /// An older log to compare with, on the screen 'diff'
    #[arg(long, value_name = "OLD")]
    pub against: Option<String>,
    /// Show beside the source how often each line ran, from a file that 'run --coverage=FILE' wrote, or any lcov file
    #[arg(long, value_name = "FILE")]
    pub coverage: Option<String>,
    /// Show what is added to the log; p pauses
    #[arg(long)]
    pub follow: bool,
    /// The terminal's background; by itself, the viewer looks at COLORFGBG and asks the terminal
    #[arg(long, value_name = "COLOR", default_value = "auto", env = "LOOPSCOPE_BACKGROUND")]
    pub background: Background,
    /// The log
    #[arg(value_name = "LOG")]
    pub log: String,
}

/// Compile a program to a .mpy file, version 6, that MicroPython can run too
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  loopscope compile prog.py                   writes prog.mpy
  loopscope compile -O3 -o small.mpy prog.py without asserts and line numbers")]
pub struct Compile {
    /// The program
    #[arg(value_name = "PROG.py")]
    pub program: String,
    /// Where to write [default: PROG.mpy]
    #[arg(short, long, value_name = "OUT.mpy")]
    pub output: Option<String>,
    /// The file name that tracebacks will show [default: PROG.py]
    #[arg(short, long, value_name = "NAME")]
    pub source_name: Option<String>,
    /// 1: no asserts; 3: no line numbers either
    #[arg(short = 'O', value_name = "LEVEL", default_value_t = 0)]
    pub optimize: u8,
    /// Accepted for the sake of scripts that call mpy-cross, and ignored
    #[arg(short = 'X', value_name = "OPT", hide = true)]
    pub ignored: Vec<String>,
    /// Likewise: `-march=…`
    #[arg(short = 'm', value_name = "ARCH", hide = true)]
    pub machine: Option<String>,
}

/// Print the bytecode of a program, as MicroPython would
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  loopscope dis prog.py
  loopscope dis prog.mpy")]
pub struct Dis {
    /// 1: no asserts; 3: no line numbers either
    #[arg(short = 'O', value_name = "LEVEL", default_value_t = 0)]
    pub optimize: u8,
    /// A .py or .mpy file
    #[arg(value_name = "PROG")]
    pub program: String,
}

/// Time programs, engine against engine
#[derive(Args, Debug)]
#[command(after_help = "\
A program in perf_bench form defines bm_params and bm_setup(params); it is run several times in
each process. Any other program is timed as a whole process. Engines take turns.

Examples:
  loopscope bench tests/perf_bench
  loopscope bench -n 100 -m 100 bm_chaos.py --save before.json
  loopscope bench --engines interp,jit,pypy=pypy3 benches/programs
  loopscope bench --compare before.json after.json")]
pub struct Bench {
    /// Programs, or directories of them
    #[arg(value_name = "FILE|DIR", required_unless_present = "compare")]
    pub files: Vec<String>,
    /// Choose parameters for a machine of about N MHz
    #[arg(short, value_name = "N", default_value_t = 1000)]
    pub n: u64,
    /// Choose parameters for a heap of about M kilobytes
    #[arg(short, value_name = "M", default_value_t = 1000)]
    pub m: u64,
    /// What to run them with: interp, jit, or NAME=COMMAND
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "interp,jit")]
    pub engines: Vec<String>,
    /// Processes for each program and engine
    #[arg(long, value_name = "P", default_value_t = 5, value_parser = RangedU64ValueParser::<u32>::new().range(1..))]
    pub processes: u32,
    /// Runs in each process, the first of which is reported by itself
    #[arg(long, value_name = "R", default_value_t = 8, value_parser = RangedU64ValueParser::<u32>::new().range(2..))]
    pub rounds: u32,
    /// Seconds that a process may take
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub timeout: u64,
    /// Keep the measurements in a file
    #[arg(long, value_name = "FILE")]
    pub save: Option<String>,
    /// Compare two such files instead of running anything
    #[arg(long, value_name = "FILE", num_args = 2, value_names = ["OLD", "NEW"], conflicts_with_all = ["files", "save"])]
    pub compare: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_follows_the_program_is_the_programs() {
        let line = ["loopscope", "run", "--jit", "off", "-O", "a.py", "--log", "-x"];
        let Command::Run(run) = Cli::parse_from(line).command else { panic!("not run") };
        let job = run.into_job().unwrap();
        assert_eq!(job.argv, ["a.py", "--log", "-x"]);
        assert!(job.jit.is_none() && job.log.is_none());
        assert_eq!(job.opt_level, 1);
    }
}
