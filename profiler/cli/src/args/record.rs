//! `loopscope record`, as typed.

use super::{Background, Reading, View};
use clap::builder::RangedU64ValueParser;
use clap::{Args, ValueEnum};
use logs::Radix;

/// Run a program of PyPy's or another RPython machine, and print where its time went
#[derive(Args, Debug)]
#[command(after_help = "\
The program's log, samples of all its processes and threads, and what its clock counts go into one file, which report,
view, diff and export read like any log. Samples come from the kernel's perf events; where these are not permitted, from
'perf', if that is; else the program is stopped for a moment 500 times a second, as a debugger would; where nothing is
possible, the log says so and has no time of loops. The report goes to standard error. The exit code is the program's.

Examples:
  loopscope record pypy3 prog.py 100
  loopscope record -o slow.pypylog.zst -- pypy3 -m pytest -x
  loopscope record --view pypy3 prog.py
  loopscope record --sections jit,gc pypy3 prog.py    with traces before they are optimised, too
  loopscope diff before.pypylog after.pypylog         two recorded runs")]
pub struct Record {
    /// The file; what was in it is lost. Compressed if its name ends in '.zst' or '.gz'
    #[arg(short, long, value_name = "FILE", default_value = "out.pypylog")]
    pub output: String,
    /// Samples in a second of running
    #[arg(short = 'F', long, value_name = "HZ", default_value = "1000", value_parser = RangedU64ValueParser::<u32>::new().range(1..=50_000))]
    pub frequency: u32,
    /// How samples are taken
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub sampler: Method,
    /// Sections that the program is to write, by the beginnings of their names
    #[arg(long, value_name = "LIST", default_value = crate::cmd::record::SECTIONS, hide_default_value = true)]
    pub sections: String,
    /// Open the viewer instead of printing a report
    #[arg(long)]
    pub view: bool,
    /// Print no report
    #[arg(short, long, conflicts_with = "view")]
    pub quiet: bool,
    /// The terminal's background, for --view: see 'loopscope view --help'
    #[arg(long, value_name = "COLOR", default_value = "auto", env = "LOOPSCOPE_BACKGROUND")]
    pub background: Background,
    /// The program and its arguments
    #[arg(value_names = ["PROG", "ARGS"], required = true, trailing_var_arg = true)]
    pub program: Vec<String>,
}

/// How samples of a program are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// By the first of these that is permitted
    Auto,
    /// By the kernel's clock events
    PerfEvents,
    /// By the program 'perf'
    Perf,
    /// By stopping the program, as a debugger would
    Ptrace,
    /// Not at all
    None,
}

impl View {
    /// Of what was recorded; of several processes, the first.
    pub fn of_record(args: &Record, processes: usize) -> View {
        let run = (processes > 1).then_some(1);
        let reading = Reading { run, ..Reading::plain(Radix::Sixteen, None) };
        let (background, log) = (args.background, args.output.clone());
        View { reading, against: None, coverage: None, follow: false, background, log }
    }
}
