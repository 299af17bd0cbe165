//! The ways to run a program: one row each.

use std::path::Path;
use std::process::Command;

/// How much work a program is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Size {
    /// The `# small:` argument of the header.
    Small,
    /// The `# stress:` argument, for engines that are slower by orders of magnitude.
    Stress,
}

/// Who runs the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// The binary under test.
    Loopscope,
    /// CPython, if the machine has one.
    Python,
}

/// One way to run a program.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    pub name: &'static str,
    pub size: Size,
    pub engine: Engine,
    options: &'static [&'static str],
}

/// The first row is the reference where a header promises nothing.
pub const MODES: &[Mode] = &[
    ours("interpreter", Size::Small, &["--jit", "off"]),
    ours("jit", Size::Small, &["--jit", "on", "--jit-verify"]),
    ours("jit at once", Size::Small, &["--threshold", "1", "--jit-verify"]),
    ours("jit early", Size::Small, &["--threshold", "7", "--jit-verify"]),
    ours("jit unoptimised", Size::Small, &["--threshold", "20", "--passes", "none", "--jit-verify"]),
    ours("every guard fails", Size::Small, &["--threshold", "2", "--stress-guards", "--jit-verify"]),
    ours("gc stress", Size::Stress, &["--jit", "off", "--gc-stress"]),
    ours("gc stress, jit at once", Size::Stress, &["--threshold", "1", "--gc-stress", "--jit-verify"]),
    Mode { name: "python3", size: Size::Small, engine: Engine::Python, options: &[] },
];

const fn ours(name: &'static str, size: Size, options: &'static [&'static str]) -> Mode {
    Mode { name, size, engine: Engine::Loopscope, options }
}

impl Mode {
    /// The command that runs `program` in this mode.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = match self.engine {
            Engine::Loopscope => loopscope(),
            Engine::Python => python(),
        };
        command.args(self.options).arg(program);
        command
    }
}

/// The rows that can run here.
pub fn available() -> Vec<Mode> {
    let only = std::env::var("DIFFERENTIAL_MODE").unwrap_or_default();
    let python = python().arg("-c").arg("pass").status().is_ok_and(|status| status.success());
    if !python {
        println!("python3 is not here: the comparison with it is skipped");
    }
    let wanted = |mode: &&Mode| (python || mode.engine != Engine::Python) && mode.name.contains(&only);
    MODES.iter().filter(wanted).copied().collect()
}

fn loopscope() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loopscope"));
    command.arg("run");
    command
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.args(["-W", "ignore"]);
    command
}
