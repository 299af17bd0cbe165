//! The command, run in a directory of its own.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A directory that goes when the test has ended.
pub struct Dir(pub PathBuf);

impl Dir {
    pub fn new(name: &str) -> Dir {
        let test = env!("CARGO_CRATE_NAME");
        let path = std::env::temp_dir().join(format!("loopscope-{test}-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    /// Nothing of the tester's environment matters, and standard input is empty.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
        command.args(args).current_dir(&self.0).stdin(Stdio::null());
        command.env_remove("PYPYLOG").env_remove("MICROPYPATH");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Exit code, standard output, standard error.
    pub fn said(&self, args: &[&str]) -> (i32, String, String) {
        let output = self.run(args);
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
