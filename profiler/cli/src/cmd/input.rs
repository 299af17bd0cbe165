//! Logs, and what goes with them, from files to reports.

use crate::args::Reading;
use crate::failure::{self, Failure};
use crate::text::Text;
use logs::Log;
use profiler::perf::{RECORD, Samples};
use profiler::phases::Mark;
use profiler::{Options, Report};
use viewer::clerk::Against;

/// A log's text and what goes with it.
pub struct Input {
    path: String,
    text: Text,
    reading: Reading,
    samples: Option<Samples>,
}

impl Input {
    /// Reads the files.
    pub fn read(path: &str, reading: &Reading) -> Result<Input, Failure> {
        let samples = reading.perf_script.as_deref().map(samples).transpose()?;
        let text = Text::open(path, reading.radix)?;
        let input = Input { path: path.to_owned(), text, reading: reading.clone(), samples };
        match reading.run {
            None => Ok(input),
            Some(number) => input.only(number),
        }
    }

    /// One run of those that the file holds.
    fn only(self, number: usize) -> Result<Input, Failure> {
        let runs = logs::runs(&self.text.parse().0.frame);
        match runs.get(number - 1) {
            Some(run) => Ok(self.part(run, number)),
            None if runs.is_empty() && number == 1 => Ok(self),
            None => {
                let count = runs.len().max(1);
                Err(Failure::Usage(format!("'{}' holds no run {number}: there is {count}", self.path)))
            }
        }
    }

    /// The same file, and only this run of it.
    fn part(&self, run: &logs::Run, number: usize) -> Input {
        Input {
            path: format!("{} #{number}", self.path),
            text: self.text.part(run),
            reading: self.reading.clone(),
            samples: self.samples.clone(),
        }
    }

    /// Where it was read from.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The reports of all runs that the file holds.
    pub fn reports(&self, by_events: bool) -> Result<Vec<Report>, Failure> {
        let (log, diagnostics) = self.text.parse();
        let runs = if self.reading.run.is_none() { logs::runs(&log.frame) } else { Vec::new() };
        if runs.is_empty() {
            return Ok(vec![self.report_of(&log, &diagnostics, by_events)?]);
        }
        drop(log);
        let reports = runs.iter().zip(1..).map(|(run, number)| self.part(run, number).report_by(by_events));
        reports.collect()
    }

    /// Every run that the file holds, with its number if there are several. What is odd about it is in the report.
    pub fn each_run(&self, take: &mut dyn FnMut(Option<usize>, &Log<'_>, &Report)) -> Result<(), Failure> {
        let (log, diagnostics) = self.text.parse();
        if !log.frame.is_log() {
            return Err(not_a_log(&self.path));
        }
        let runs = logs::runs(&log.frame);
        if runs.is_empty() {
            take(None, &log, &self.reported(&log, &diagnostics, false));
            return Ok(());
        }
        drop(log);
        for (run, number) in runs.iter().zip(1..) {
            let part = self.part(run, number);
            let (log, diagnostics) = part.text.parse();
            take(Some(number), &log, &part.reported(&log, &diagnostics, false));
        }
        Ok(())
    }

    /// The log, after complaining about what is wrong with it.
    pub fn log(&self) -> Result<(Log<'_>, Vec<logs::Diagnostic>), Failure> {
        let (log, diagnostics) = self.text.parse();
        if !log.frame.is_log() {
            return Err(not_a_log(&self.path));
        }
        complain(&self.path, &diagnostics);
        Ok((log, diagnostics))
    }

    /// What is known of the run beside the log.
    pub fn options(&self) -> Options<'_> {
        Options {
            samples: self.samples.as_ref(),
            clock_hz: self.reading.clock_hz,
            pid: self.reading.pid,
            by_events: false,
            marks: &[],
        }
    }

    /// The lines that begin a phase; what matches names it.
    pub fn marks(&self, log: &Log<'_>) -> Vec<Mark> {
        let Some(regex) = &self.reading.phase else { return Vec::new() };
        let mark = |(at, line): (u64, &[u8])| {
            let text = String::from_utf8_lossy(line);
            let found = regex.captures(&text).ok()??;
            let name = found.get(0)?.as_str().to_owned();
            Some(Mark { at, name })
        };
        profiler::phases::lines(log).into_iter().filter_map(mark).collect()
    }

    /// The report.
    pub fn report(&self) -> Result<Report, Failure> {
        self.report_by(false)
    }

    /// The log with its report, as an older one to compare with.
    pub fn against(self) -> Result<Against, Failure> {
        let report = self.report()?;
        Ok(Against { report, text: Box::new(self.text), radix: self.reading.radix })
    }

    /// The report, by events alone if they are to be believed.
    pub fn report_by(&self, by_events: bool) -> Result<Report, Failure> {
        let (log, diagnostics) = self.text.parse();
        self.report_of(&log, &diagnostics, by_events)
    }

    fn report_of(
        &self,
        log: &Log<'_>,
        diagnostics: &[logs::Diagnostic],
        by_events: bool,
    ) -> Result<Report, Failure> {
        if !log.frame.is_log() {
            return Err(not_a_log(&self.path));
        }
        complain(&self.path, diagnostics);
        Ok(self.reported(log, diagnostics, by_events))
    }

    fn reported(&self, log: &Log<'_>, diagnostics: &[logs::Diagnostic], by_events: bool) -> Report {
        let marks = self.marks(log);
        let options = Options { by_events, marks: &marks, ..self.options() };
        let mut report = profiler::analyze_with(log, &options).with_diagnostics(diagnostics);
        report.log = Some(self.path.clone());
        report.notes.extend_from_slice(self.text.remarks());
        report
    }
}

/// Reads what `perf script` printed.
pub fn samples(path: &str) -> Result<Samples, Failure> {
    let samples = Samples::parse(&failure::read(path)?);
    if samples.is_empty() {
        let line = samples.first_odd_line.map_or(String::new(), |line| format!(" (line {line} is none)"));
        let message =
            format!("no samples in '{path}'{line}: it must be what 'perf script' prints. Record\n{RECORD}");
        return Err(Failure::Unreadable(message));
    }
    if let Some(line) = samples.first_odd_line {
        eprintln!("{path}: line {line}: not a sample; {} such lines are left out", samples.odd_lines);
    }
    Ok(samples)
}

/// The failure of a file in which there is no section at all.
pub fn not_a_log(path: &str) -> Failure {
    Failure::Unreadable(format!("'{path}' is not a PYPYLOG: there is no section in it"))
}

/// Says on standard error what was wrong with a log of which the rest could be read.
fn complain(path: &str, diagnostics: &[logs::Diagnostic]) {
    const PATIENCE: usize = 20;
    for diagnostic in diagnostics.iter().take(PATIENCE) {
        eprintln!("{path}: {diagnostic}");
    }
    if diagnostics.len() > PATIENCE {
        eprintln!("{path}: and {} more; all of them are in --format json", diagnostics.len() - PATIENCE);
    }
}
