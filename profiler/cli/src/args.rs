//! The command line as typed. Nothing but clap's types, and their way into what the commands want.

use crate::job::{Job, Main};
use clap::builder::RangedU64ValueParser;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use logs::Radix;
use logs::filter::Filter;

/// In which JIT loops did my program spend its time, and why?
#[derive(Parser, Debug)]
#[command(name = "loopscope", version, max_term_width = 100, after_help = DROP_IN, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const DROP_IN: &str = "\
As micropython would be called:
  loopscope [-O[N]] [-X OPT] PROG [ARGS…]     run a .py or .mpy file
  loopscope -c CODE [ARGS…]                   run a text
  loopscope -m MODULE [ARGS…]                 run a module from sys.path
  loopscope < PROG                            run standard input
  -X jit=off, -X threshold=N, -X passes=LIST, -X jit-verify and -X gc-stress are ours; other -X options are ignored

Environment:
  PYPYLOG      PREFIX,…:FILE logs these sections, :FILE all, +FILE only their starts and stops; %d is the process id
  MICROPYPATH  where modules are searched, ':' between
  NO_COLOR     no colours

Exit codes: 0 done · 1 the program raised · 2 usage · 3 an input could not be read at all

Examples:
  loopscope run --profile sieve.py            run, then print where the time went
  loopscope run --log out.pypylog sieve.py    run, and keep the log
  loopscope report out.pypylog                the table, from a log
  loopscope view out.pypylog                  the same with source and bytecode, in the terminal";

#[derive(Subcommand, Debug)]
pub enum Command {
    Run(Run),
    Report(Report),
    View(View),
    Compile(Compile),
    Dis(Dis),
}

/// Run a program
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  loopscope run prog.py
  loopscope run --profile prog.py 100
  loopscope run --log out.pypylog --threshold 50 prog.py
  loopscope run --jit off prog.py
  loopscope run --passes none prog.py")]
pub struct Run {
    /// Compile hot loops to machine code
    #[arg(long, value_name = "WHETHER", default_value = "on")]
    pub jit: Switch,
    /// Passes of a loop before it is compiled [default: 500]
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<u32>::new().range(1..))]
    pub threshold: Option<u32>,
    /// Optimiser passes: all, none, some as in 'fold,cse', or all but some as in '-peel,-escape'
    #[arg(long, value_name = "LIST", default_value = "all", allow_hyphen_values = true)]
    pub passes: String,
    /// Write a log with all a viewer needs; '-' is standard error
    #[arg(long, value_name = "FILE")]
    pub log: Option<String>,
    /// Print the time spent in each loop on standard error at the end
    #[arg(long)]
    pub profile: bool,
    /// Collect garbage at every opportunity (slow; finds errors of the machine)
    #[arg(long)]
    pub gc_stress: bool,
    /// Check each trace before it is compiled (finds errors of the JIT)
    #[arg(long)]
    pub jit_verify: bool,
    /// Leave out asserts; -OOO leaves out line numbers too
    #[arg(short = 'O', action = ArgAction::Count)]
    pub optimize: u8,
    /// The program, a .py or .mpy file, and its arguments
    // One list, because whatever stands behind the program is the program's, options of ours included.
    #[arg(value_names = ["PROG", "ARGS"], required = true, trailing_var_arg = true)]
    pub program: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

impl Run {
    /// The job to do.
    pub fn into_job(self) -> Job {
        let file = self.program.first().cloned().unwrap_or_default();
        let mut job = Job::new(Main::File(file), self.program);
        job.opt_level = self.optimize;
        job.gc_stress = self.gc_stress;
        job.profile = self.profile;
        job.log = self.log.and_then(|file| Filter::parse(&format!(":{file}")));
        if let Some(jit) = &mut job.jit {
            jit.threshold = self.threshold.unwrap_or(jit.threshold);
            jit.passes = self.passes;
            jit.verify |= self.jit_verify;
        }
        if self.jit == Switch::Off {
            job.jit = None;
        }
        job
    }
}

/// Print where the time of a logged run went
#[derive(Args, Debug)]
#[command(after_help = "\
Logs of PyPy have no profile events: of those, counts and the cost of compiling are shown.

Examples:
  loopscope report out.pypylog
  loopscope report --sort visits --top 10 out.pypylog
  loopscope report --format json out.pypylog | jq '.loops[0]'
  loopscope report --radix 10 note.pypylog")]
pub struct Report {
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: Format,
    /// The order of loops
    #[arg(long, value_name = "KEY", default_value = "ticks")]
    pub sort: SortKey,
    /// The base in which stamps are written
    #[arg(long, value_name = "BASE", default_value = "16", value_parser = radix)]
    pub radix: Radix,
    /// No more loops than that in a table
    #[arg(long, value_name = "N")]
    pub top: Option<usize>,
    /// The logs
    #[arg(value_name = "LOG", required = true)]
    pub logs: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs; the schema is loopscope-report/1
    Json,
    /// For spreadsheets: a row per loop, and one per part of the rest
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SortKey {
    /// The most expensive first
    Ticks,
    /// The most frequent first
    Visits,
    /// By name
    Name,
}

impl From<SortKey> for profiler::Sort {
    fn from(key: SortKey) -> profiler::Sort {
        match key {
            SortKey::Ticks => profiler::Sort::Ticks,
            SortKey::Visits => profiler::Sort::Visits,
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
  loopscope view --follow out.pypylog         while the program runs")]
pub struct View {
    /// The base in which stamps are written
    #[arg(long, value_name = "BASE", default_value = "16", value_parser = radix)]
    pub radix: Radix,
    /// Show what is added to the log; p pauses
    #[arg(long)]
    pub follow: bool,
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
        let job = run.into_job();
        assert_eq!(job.argv, ["a.py", "--log", "-x"]);
        assert!(job.jit.is_none() && job.log.is_none());
        assert_eq!(job.opt_level, 1);
    }
}
