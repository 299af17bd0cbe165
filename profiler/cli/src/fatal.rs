//! Panics: what is said of an error of our own, and the exit code.
//!
//! The thread that runs the program only notes what happened; its output is written first, then this. All other
//! threads say it at once.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};

/// The exit code of an internal error: EX_SOFTWARE of sysexits.
const INTERNAL: i32 = 70;
/// The name of the thread that runs programs.
pub const PROGRAM: &str = "program";

static NOTED: Mutex<Option<String>> = Mutex::new(None);

/// Takes over the reporting of panics.
pub fn watch() {
    std::panic::set_hook(Box::new(|info| {
        let text = report(info);
        if std::thread::current().name() == Some(PROGRAM) {
            NOTED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
        } else {
            eprint!("{text}");
        }
    }));
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let what = info.payload_as_str().unwrap_or("unknown");
    let place = info.location().map_or_else(String::new, |place| format!(" ({place})"));
    let backtrace = Backtrace::capture();
    let backtrace = match backtrace.status() {
        BacktraceStatus::Captured => format!("{backtrace}\n"),
        _ => "Run it again with RUST_BACKTRACE=1 for the way there.\n".to_owned(),
    };
    let (version, repository) = (env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_REPOSITORY"));
    format!(
        "loopscope: internal error: {what}{place}\n\
         This is an error of loopscope {version}, not of the program. Please report it at {repository}/issues,\n\
         with these lines, the command line and the program; does it also happen with `--jit off`?\n{backtrace}"
    )
}

/// Says what the program's thread noted, and ends the process.
pub fn end() -> ! {
    if let Some(text) = NOTED.lock().unwrap_or_else(PoisonError::into_inner).take() {
        eprint!("{text}");
    }
    std::process::exit(INTERNAL)
}
