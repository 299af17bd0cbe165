//! The loopscope command: which part of the program was asked for, and which exit code it earned.
#![forbid(unsafe_code)]

mod args;
mod cmd;
mod dropin;
mod failure;
mod fatal;
mod host;
mod job;
mod lcov;
mod logfile;
mod machine;
mod memory;
mod output;
mod perffiles;
mod signals;
mod terminal;
mod text;
mod watch;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use std::io::IsTerminal;
use vm::memory::Counted;

/// Programs make and drop small strings, lists and long ints all the time; the machine wants to know how many.
#[global_allocator]
static ALLOCATOR: Counted<mimalloc::MiMalloc> = Counted(mimalloc::MiMalloc);

fn main() {
    fatal::watch();
    let args: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let code = dispatch(&args).unwrap_or_else(|error| failure::report(&error));
    signals::exit(code);
}

fn dispatch(args: &[String]) -> anyhow::Result<i32> {
    match args.get(1).map(String::as_str) {
        Some("-h" | "--help" | "-V" | "--version" | "help") => run_command(args),
        Some(first) if Cli::command().find_subcommand(first).is_some() => run_command(args),
        None if std::io::stdin().is_terminal() => run_command(args),
        _ => cmd::run::run(dropin::parse(&args[1..])?),
    }
}

fn run_command(args: &[String]) -> anyhow::Result<i32> {
    match Cli::parse_from(args).command {
        Command::Run(run) if run.live => cmd::live::run(&run),
        Command::Run(run) => cmd::run::run(run.into_job()?),
        Command::Record(record) => cmd::record::run(&record),
        Command::Report(report) => cmd::report::run(&report),
        Command::Diff(diff) => cmd::diff::run(&diff),
        Command::Export(export) => cmd::export::run(&export),
        Command::View(view) => cmd::view::run(&view),
        Command::Compile(compile) => cmd::compile::run(&compile),
        Command::Dis(dis) => cmd::dis::run(&dis),
        Command::Bench(bench) => cmd::bench::run(&bench),
    }
}
