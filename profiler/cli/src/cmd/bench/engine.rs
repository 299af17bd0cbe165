//! What runs a program: this command with or without its JIT, or any other.

use crate::failure::Failure;
use std::process::Command;

/// A name for tables, and the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    pub name: String,
    words: Vec<String>,
}

impl Engine {
    /// `interp`, `jit`, or `NAME=COMMAND ARGS`.
    pub fn parse(text: &str) -> Result<Engine, Failure> {
        let own = |options: &[&str]| {
            let this = std::env::current_exe().map(|path| path.to_string_lossy().into_owned());
            let this = this.map_err(|error| Failure::Unreadable(format!("can't find myself: {error}")))?;
            Ok([this].into_iter().chain(options.iter().map(|option| (*option).to_owned())).collect())
        };
        let words: Vec<String> = match text.split_once('=') {
            _ if text == "interp" => own(&["-X", "jit=off"])?,
            _ if text == "jit" => own(&["-X", "jit=on"])?,
            Some((_, command)) => command.split_whitespace().map(str::to_owned).collect(),
            None => Vec::new(),
        };
        let name = text.split('=').next().unwrap_or_default().to_owned();
        if words.is_empty() || name.is_empty() {
            return Err(Failure::Usage(format!("engine '{text}' is not interp, jit or NAME=COMMAND")));
        }
        Ok(Engine { name, words })
    }

    /// The command, without a program.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_have_names_and_commands() {
        let engine = Engine::parse("upy=micropython -X heapsize=8M").unwrap();
        assert_eq!(
            (engine.name.as_str(), engine.words.join("|")),
            ("upy", "micropython|-X|heapsize=8M".into())
        );
        assert_eq!(Engine::parse("jit").unwrap().words[1..], ["-X", "jit=on"]);
        assert!(Engine::parse("pypy").is_err());
        assert!(Engine::parse("x=").is_err());
    }
}
