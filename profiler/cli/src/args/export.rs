//! What `loopscope export` is asked for.

use super::{Reading, regex};
use clap::Args;

/// Write a logged run in another tool's format
#[derive(Args, Debug)]
#[command(after_help = "\
  speedscope   JSON for https://www.speedscope.app, in order of time
  firefox      JSON for https://profiler.firefox.com
  folded       'caller;callee ticks' lines, for flamegraph scripts
  flamegraph   SVG
  chrome       JSON for chrome://tracing and https://ui.perfetto.dev, every interval
  pprof        gzipped protobuf for 'go tool pprof'
  csv          a row per loop
  parquet      the same, typed; with a directory, a data set of any number of runs
  perf-map     symbols of a PyPy log's machine code, for 'perf report': name the file /tmp/perf-PID.map
  jitdump      the same with code and times, for 'perf inject --jit': name it jit-PID.dump

perf finds a perf-map by its name. A jitdump it believes only if the process had mapped a file of that name executable
while perf recorded with -k mono; PyPy does not, so the program must begin with
  import mmap, os
  f = open('jit-%d.dump' % os.getpid(), 'w+b'); f.write(bytes(4096)); f.flush()
  m = mmap.mmap(f.fileno(), 4096, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC)

With '--to parquet DIR' any number of logs, and directories of logs, become a data set for SQL: one table, in parts by day
(DIR/day=2026-11-27/part-00001.parquet), which profiler/FLEET.md explains. Logs that are in it already are not read again,
ones that have changed take the place of what they were, and what cannot be read is named and left out (exit code 3). An
export that was interrupted goes on when it is started again. What a run is called, where, when, and of which version it
was, paths may say: --from-path '(?<host>[^/]+)/(?<time>[0-9-]+)/(?<program>[^/]+)-(?<version>[^/]+)[.]log$'

Examples:
  loopscope export out.pypylog --to speedscope -o out.speedscope.json
  loopscope export --to parquet fleet/ logs/
  loopscope export out.pypylog --to flamegraph -o out.svg
  loopscope export out.pypylog --to folded | sort -k 2 -n
  loopscope export out.pypylog --perf-script perf.txt --to pprof -o out.pb.gz
  loopscope export out.pypylog --to perf-map -o /tmp/perf-1234.map && perf report -i perf.data
  loopscope export out.pypylog --perf-script perf.txt --to jitdump -o jit-1234.dump
  perf inject --jit -i perf.data -o perf.jit.data && perf report -i perf.jit.data")]
pub struct Export {
    /// The format; behind parquet, where the data set is that the runs are added to
    #[arg(long, value_names = ["FORMAT", "DIR"], num_args = 1..=2, required = true)]
    pub to: Vec<String>,
    /// Where to write; '-' is standard output
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: String,
    /// What paths of logs say of runs, for a data set: groups run, host, program, version, time
    #[arg(long, value_name = "REGEX", value_parser = regex)]
    pub from_path: Option<fancy_regex::Regex>,
    #[command(flatten)]
    pub reading: Reading,
    /// The log; for a data set, any number of logs and directories of them
    #[arg(value_name = "LOG")]
    pub logs: Vec<String>,
}
