//! What the viewer wants of the disk: sources, saved screens, an editor.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use viewer::library::Host;

/// A source file: where the log says, else beside the log, which may have come from elsewhere.
pub(super) fn source(path: &str, log: &Path) -> Option<Vec<u8>> {
    std::fs::read(path).ok().or_else(|| std::fs::read(neighbour(path, log)?).ok())
}

fn neighbour(path: &str, log: &Path) -> Option<PathBuf> {
    Some(log.parent()?.join(Path::new(path).file_name()?))
}

/// Files and editors, for whoever looks at a log.
pub(super) struct Desk {
    log: PathBuf,
}

impl Desk {
    /// Files are looked for beside that log.
    pub(super) fn beside(log: PathBuf) -> Desk {
        Desk { log }
    }
}

impl Host for Desk {
    fn save(&mut self, extension: &str, content: &str) -> io::Result<String> {
        let stem = self.log.file_stem().filter(|stem| *stem != "-");
        let stem = stem.map_or_else(|| "view".into(), |stem| stem.to_string_lossy());
        for number in 1..1000 {
            let name = format!("{stem}-view{number}.{extension}");
            match File::create_new(&name) {
                Ok(mut file) => return io::Write::write_all(&mut file, content.as_bytes()).map(|()| name),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("there are a thousand saved views here already"))
    }

    fn edit(&mut self, file: &str, line: u32) -> io::Result<()> {
        let path = match (Path::new(file).exists(), neighbour(file, &self.log)) {
            (false, Some(beside)) if beside.exists() => beside,
            (true, _) => PathBuf::from(file),
            (false, _) => return Err(io::ErrorKind::NotFound.into()),
        };
        let set = |name: &&str| std::env::var(name).ok().filter(|editor| !editor.trim().is_empty());
        let editor = ["VISUAL", "EDITOR"].iter().find_map(set).unwrap_or_else(|| "vi".to_owned());
        let mut words = editor.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or("vi"));
        // What every editor for terminals understands.
        let status = command.args(words).arg(format!("+{line}")).arg(path).status()?;
        if status.success() {
            Ok(())
        } else {
            Err(io::Error::other(format!("'{editor}' ended with {status}")))
        }
    }
}
