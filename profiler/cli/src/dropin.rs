//! The command line that `micropython` takes: `[OPTIONS] [-c CODE | -m MODULE | FILE] [ARGS…]`, with the program's
//! own arguments left alone. Options that mean nothing here are accepted and ignored, as there.

use crate::failure::Failure;
use crate::job::{Job, Main, Watch};
use crate::memory;
use jit::options::Options;
use jit::perf::Backend;
use vm::interp::lines::Style;

/// Reads the arguments behind the command's name.
pub fn parse(args: &[String]) -> Result<Job, Failure> {
    let mut job = Job::new(Main::Stdin, vec![String::new()]);
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let argv =
            |first: &str| [first.to_owned()].into_iter().chain(rest.clone().skip(1).cloned()).collect();
        match arg.as_str() {
            "-c" => (job.main, job.argv) = (Main::Code(value(rest.as_slice(), arg)?), argv("-c")),
            "-m" => {
                let module = value(rest.as_slice(), arg)?;
                (job.argv, job.main) = (argv(&module), Main::Module(module));
            }
            "-X" => {
                let option = rest.next().ok_or_else(|| missing(arg))?;
                extension(&mut job, option)?;
                continue;
            }
            _ if arg.starts_with("-X") => {
                extension(&mut job, &arg[2..])?;
                continue;
            }
            "-" => job.argv = [arg].into_iter().chain(rest.clone()).cloned().collect(),
            _ if arg.starts_with('-') => {
                flag(&mut job, arg)?;
                continue;
            }
            _ => {
                job.main = Main::File(arg.clone());
                job.argv = [arg].into_iter().chain(rest.clone()).cloned().collect();
            }
        }
        break;
    }
    Ok(job)
}

fn value(rest: &[String], option: &str) -> Result<String, Failure> {
    rest.first().cloned().ok_or_else(|| missing(option))
}

fn missing(option: &str) -> Failure {
    Failure::Usage(format!("option {option} wants a value"))
}

/// `-O`, `-OO`, `-O2`, `-v`
fn flag(job: &mut Job, arg: &str) -> Result<(), Failure> {
    let unknown = || Failure::Usage(format!("unknown option {arg}"));
    match arg.strip_prefix("-O") {
        Some("") => job.opt_level = 1,
        Some(more) if more.bytes().all(|byte| byte == b'O') => job.opt_level = arg.len() as u8 - 1,
        Some(level) => job.opt_level = level.parse().map_err(|_| unknown())?,
        None if arg.starts_with("-v") => {}
        None => return Err(unknown()),
    }
    Ok(())
}

/// `-X NAME[=VALUE]`, besides those of [`tracing`]: ours are `jit`, `threshold`, `passes`, `jit-verify`, `stress-guards`,
/// `gc-stress` and, for tests of the command itself, `self-test`; CPython's `perf` and `perf_jit`; of MicroPython's,
/// `heapsize` has a meaning here.
pub fn extension(job: &mut Job, option: &str) -> Result<(), Failure> {
    let (name, value) = option.split_once('=').unwrap_or((option, ""));
    match (name, value) {
        ("jit", "off") => job.jit = None,
        ("jit", "on") => job.jit = Some(Options::default()),
        ("jit-verify", _) => job.jit.iter_mut().for_each(|jit| jit.verify = true),
        ("stress-guards", _) => job.jit.iter_mut().for_each(|jit| jit.stress_guards = true),
        ("gc-stress", _) => job.gc_stress = true,
        ("self-test", _) => job.self_test = true,
        ("heapsize", size) => {
            // MicroPython's `w` says that the number is meant for words of 32 bits.
            let plain = size.strip_suffix('w').unwrap_or(size);
            let bytes = memory::size(plain).map_err(|why| Failure::Usage(format!("-X heapsize: {why}")))?;
            job.heap = Some(if plain == size { bytes } else { bytes.saturating_mul(2) });
        }
        ("perf", "0") => job.perf = None,
        ("perf", _) => job.perf = Some(Backend::Map),
        ("perf_jit", "0") => job.perf = None,
        ("perf_jit", _) => job.perf = Some(Backend::Dump),
        ("perf_marks", _) => job.perf_marks = true,
        ("threshold", number) => {
            let wrong = |_| Failure::Usage(format!("-X threshold wants a number, not '{number}'"));
            let number = number.parse().map_err(wrong)?;
            job.jit.iter_mut().for_each(|jit| jit.threshold = number);
        }
        ("passes", list) => job.jit.iter_mut().for_each(|jit| jit.passes = list.to_owned()),
        _ => return tracing(job, name, value),
    }
    Ok(())
}

/// `-X trace=lines|calls|opcodes`, `-X trace-only=PATTERN`, `-X trace-style=micropython|python`.
fn tracing(job: &mut Job, name: &str, value: &str) -> Result<(), Failure> {
    match (name, value) {
        ("trace", "lines" | "calls" | "opcodes") => job.watch = Some(Watch::Trace(value.to_owned())),
        ("trace-only", pattern) => job.only = pattern.to_owned(),
        ("trace-style", "micropython") => job.style = Style::MicroPython,
        ("trace-style", "python") => job.style = Style::Python,
        ("trace", _) => {
            return Err(Failure::Usage(format!("-X trace wants lines, calls or opcodes, not '{value}'")));
        }
        ("trace-style", _) => {
            return Err(Failure::Usage(format!("-X trace-style wants micropython or python, not '{value}'")));
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(line: &str) -> Job {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&args).unwrap()
    }

    #[test]
    fn what_follows_the_program_is_the_programs() {
        let job = job("-O2 -X emit=bytecode a.py -O -c x");
        assert_eq!(job.main, Main::File("a.py".to_owned()));
        assert_eq!(job.argv, ["a.py", "-O", "-c", "x"]);
        assert_eq!(job.opt_level, 2);
    }

    #[test]
    fn code_modules_and_standard_input() {
        let code = job("-c pass 1 -c");
        assert_eq!((code.main, code.argv.join(" ")), (Main::Code("pass".to_owned()), "-c 1 -c".to_owned()));
        let module = job("-m pkg.mod a");
        assert_eq!(
            (module.main, module.argv.join(" ")),
            (Main::Module("pkg.mod".to_owned()), "pkg.mod a".to_owned())
        );
        assert_eq!(job("-X heapsize=2M").main, Main::Stdin);
    }

    #[test]
    fn the_heap_has_a_size() {
        assert_eq!(job("-X heapsize=2M x.py").heap, Some(2 << 20));
        assert_eq!(job("-X heapsize=100kw x.py").heap, Some(200 << 10));
        assert_eq!(job("-X heapsize=5000 x.py").heap, Some(5000));
        assert_eq!(job("x.py").heap, None);
    }

    #[test]
    fn the_jit_can_be_set() {
        assert!(job("-X jit=off x.py").jit.is_none());
        assert_eq!(
            job("-X threshold=3 -X passes=none x.py").jit.map(|jit| (jit.threshold, jit.passes)),
            Some((3, "none".to_owned()))
        );
    }

    #[test]
    fn perf_is_asked_for_as_of_cpython() {
        assert_eq!(job("-Xperf x.py").perf, Some(Backend::Map));
        assert_eq!(job("-X perf_jit x.py").perf, Some(Backend::Dump));
        assert_eq!(job("x.py").perf, None);
    }

    #[test]
    fn nonsense_is_usage() {
        for line in ["-X", "-c", "-m", "-Z", "-Ox", "-X heapsize=much"] {
            let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            assert!(matches!(parse(&args), Err(Failure::Usage(_))), "{line}");
        }
    }
}
