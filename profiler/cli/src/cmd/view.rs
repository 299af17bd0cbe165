//! `loopscope view`

use crate::args::{Reading, View};
use crate::cmd::input::{Input, not_a_log, samples};
use crate::failure::{Failure, OK};
use crate::terminal;
use logs::input::{Compression, Limit, spool};
use logs::{Diagnostic, Index, Radix};
use std::fs::{File, Metadata};
use std::io::{self, Cursor, IsTerminal, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Command;
use viewer::clerk::Beside;
use viewer::library::{Change, Host, Library, Progress};

/// Shows a log until its reader has seen enough.
pub fn run(args: &View) -> anyhow::Result<i32> {
    let path = PathBuf::from(&args.log);
    refuse(&path, args)?;
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(Failure::Usage("view wants a terminal; 'loopscope report' does not".to_owned()).into());
    }
    let options = viewer::Options {
        theme: terminal::theme(&io::stdout()),
        radix: args.reading.radix,
        follow: args.follow,
    };
    let mut desk = Desk { log: path.clone() };
    let log = LogFile { path, radix: args.reading.radix, read: None, indexed: None };
    viewer::run(log, beside(args)?, &mut desk, options)?;
    Ok(OK)
}

/// What else there is to know of the run.
fn beside(args: &View) -> anyhow::Result<Beside> {
    let Reading { perf_script, pid, clock_hz, radix } = args.reading.clone();
    let samples = perf_script.as_deref().map(samples).transpose()?;
    let old = Reading { radix, perf_script: None, pid: None, clock_hz: None };
    let against = args.against.as_ref().map(|path| Input::read(path, &old)?.report()).transpose()?;
    Ok(Beside { samples, clock_hz, pid, against })
}

/// Looks at the beginning of a file: what cannot be opened, or is no log, needs no screen.
fn refuse(path: &Path, args: &View) -> Result<(), Failure> {
    const ENOUGH: u64 = 1 << 20;
    let unreadable = |error| Failure::Unreadable(format!("can't open file '{}': {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut start = Vec::new();
    file.take(ENOUGH).read_to_end(&mut start).map_err(unreadable)?;
    if length > ENOUGH {
        return Ok(());
    }
    // What does not fit is enough, too.
    let text = Cursor::new(vec![0; ENOUGH as usize].into_boxed_slice());
    let Ok((index, _)) = spool(&start[..], text, args.reading.radix, Limit::default()) else {
        return Ok(());
    };
    // A log that is still to be written may be empty.
    let may_come = args.follow && index.length() == 0;
    if may_come || index.is_log() { Ok(()) } else { Err(not_a_log(&args.log)) }
}

/// A log on the disk, and the sources around it.
struct LogFile {
    path: PathBuf,
    radix: Radix,
    /// The file as it was read.
    read: Option<Seen>,
    /// What unpacking it has yielded on the way.
    indexed: Option<(Index, Vec<Diagnostic>)>,
}

/// What tells a file from what it becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    length: u64,
    modified: Option<std::time::SystemTime>,
    inode: u64,
}

impl Seen {
    fn of(metadata: &Metadata) -> Seen {
        use std::os::unix::fs::MetadataExt;
        Seen { length: metadata.len(), modified: metadata.modified().ok(), inode: metadata.ino() }
    }
}

impl Library for LogFile {
    fn refresh(&mut self, bytes: &mut Vec<u8>, progress: Progress<'_>) -> io::Result<Change> {
        let mut file = File::open(&self.path)?;
        let seen = Seen::of(&file.metadata()?);
        let before = self.read.replace(seen);
        if is_packed(&mut file)? {
            bytes.clear();
            let input = Told { input: file, read: 0, length: seen.length, progress };
            self.indexed = Some(spool(input, &mut *bytes, self.radix, Limit::default())?);
            return Ok(Change::Replaced);
        }
        let grows = before.is_some_and(|before| before.inode == seen.inode && seen.length >= before.length)
            && is_prefix(&mut file, bytes)?;
        let change = match (grows, before == Some(seen)) {
            (true, true) => Change::Same,
            (true, false) => Change::Grown,
            (false, _) => Change::Replaced,
        };
        if !grows {
            bytes.clear();
        }
        file.seek(SeekFrom::Start(bytes.len() as u64))?;
        read_rest(&mut file, bytes, seen.length, progress)?;
        Ok(change)
    }

    fn changed(&mut self, _: &[u8]) -> io::Result<Change> {
        let seen = Seen::of(&std::fs::metadata(&self.path)?);
        Ok(if self.read == Some(seen) { Change::Same } else { Change::Grown })
    }

    fn take_index(&mut self) -> Option<(Index, Vec<Diagnostic>)> {
        self.indexed.take()
    }

    fn source(&self, path: &str) -> Option<Vec<u8>> {
        source(path, &self.path)
    }
}

/// Is the log compressed? Then nothing is known of how it grew, and it is unpacked anew.
fn is_packed(file: &mut File) -> io::Result<bool> {
    let mut start = Vec::new();
    file.take(Compression::MAGIC as u64).read_to_end(&mut start)?;
    file.rewind()?;
    Ok(Compression::of(&start) != Compression::None)
}

/// Tells how far a file was read.
struct Told<'p> {
    input: File,
    read: u64,
    length: u64,
    progress: Progress<'p>,
}

impl Read for Told<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(into)?;
        self.read += read as u64;
        (self.progress)(self.read, self.length);
        Ok(read)
    }
}

/// Does the file still begin as it was read? Its first and last bytes tell: logs are written once, from their start.
fn is_prefix(file: &mut File, bytes: &[u8]) -> io::Result<bool> {
    const ENOUGH: usize = 4096;
    for start in [0, bytes.len().saturating_sub(ENOUGH)] {
        let mut now = vec![0; ENOUGH.min(bytes.len() - start)];
        file.seek(SeekFrom::Start(start as u64))?;
        if file.read_exact(&mut now).is_err() || now != bytes[start..start + now.len()] {
            return Ok(false);
        }
    }
    Ok(true)
}

fn read_rest(file: &mut File, bytes: &mut Vec<u8>, length: u64, progress: Progress<'_>) -> io::Result<()> {
    const CHUNK: u64 = 16 << 20;
    bytes.reserve_exact(usize::try_from(length).unwrap_or(0).saturating_sub(bytes.len()));
    loop {
        let read = file.by_ref().take(CHUNK).read_to_end(bytes)?;
        progress(bytes.len() as u64, length);
        if read == 0 {
            return Ok(());
        }
    }
}

/// A source file: where the log says, else beside the log, which may have come from elsewhere.
fn source(path: &str, log: &Path) -> Option<Vec<u8>> {
    std::fs::read(path).ok().or_else(|| std::fs::read(neighbour(path, log)?).ok())
}

fn neighbour(path: &str, log: &Path) -> Option<PathBuf> {
    Some(log.parent()?.join(Path::new(path).file_name()?))
}

/// Files and editors.
struct Desk {
    log: PathBuf,
}

impl Host for Desk {
    fn save(&mut self, extension: &str, content: &str) -> io::Result<String> {
        let stem = self.log.file_stem().map_or_else(|| "view".into(), |stem| stem.to_string_lossy());
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
