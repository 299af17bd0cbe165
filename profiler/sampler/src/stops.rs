//! Samples by stopping threads, as a debugger would, where the kernel gives none.
//!
//! Every period, each thread that runs is asked to stand still; its registers and the end of its stack are copied, and it
//! goes on. How long it has run since its last sample, and waited for a processor, the system's scheduler has counted. Who
//! sleeps is left alone: some calls of the system that wait would end early. All threads and children are watched from
//! their beginning; signals are handed on.

use crate::clock::{Clock, nanoseconds};
use crate::os::{self, News};
use crate::record::{Mapping, User};
use crate::threads::Threads;
use crate::{Sample, Seen, just_wait};
use rustc_hash::FxHashMap;
use std::io;
use std::ops::Range;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::time::Duration;

/// How long a thread may take to stand still before the others get their turn, in nanoseconds.
const PATIENCE: u64 = 500_000;
/// Maps are not read again within so many nanoseconds.
const REST: u64 = 50_000_000;

/// Who is watched.
#[derive(Debug)]
pub struct Stops {
    /// Nanoseconds between two looks.
    period: u64,
    program: u32,
    status: Option<i32>,
    watched: FxHashMap<u32, Watched>,
    maps: FxHashMap<u32, Maps>,
    seen: Threads,
}

#[derive(Debug)]
struct Watched {
    process: u32,
    /// Since when it is asked to stand still.
    asked: Option<u64>,
    /// How long it has stood still since its last sample.
    stood: u64,
    /// When it was sampled last, how long it had run by then, and waited for a processor.
    at: u64,
    counted: (u64, u64),
}

/// What lies where in a process, as it was read last.
#[derive(Debug, Default)]
struct Maps {
    read: u64,
    ranges: Vec<Range<u64>>,
}

impl Stops {
    pub(crate) fn new(hz: u32) -> Stops {
        Stops {
            period: 1_000_000_000 / u64::from(hz.max(1)),
            program: 0,
            status: None,
            watched: FxHashMap::default(),
            maps: FxHashMap::default(),
            seen: Threads::default(),
        }
    }

    pub(crate) fn watch(mut self, child: Child, mut clock: Clock) -> io::Result<(Seen, Option<io::Error>)> {
        self.program = child.id();
        if let Err(error) = os::seize(self.program) {
            return Ok((just_wait(child, clock)?, Some(error)));
        }
        let now = nanoseconds();
        self.register(self.program);
        self.seen.exec(now, self.program, self.program);
        self.seize_others();
        let mut next = now;
        let status = loop {
            self.hear();
            if let Some(status) = self.status {
                break status;
            }
            // Whoever comes late does not hurry.
            next = (next + self.period).max(nanoseconds());
            std::thread::sleep(Duration::from_nanos(next - nanoseconds().min(next)));
            self.look();
        };
        self.release();
        clock.stop();
        let status = ExitStatus::from_raw(status);
        Ok((Seen { status, clock, processes: self.seen.finish(&clock), lost: 0 }, None))
    }

    /// Threads that were there before the program was watched, until there are no more.
    fn seize_others(&mut self) {
        loop {
            let others = threads(self.program);
            let others = others.into_iter().filter(|thread| !self.watched.contains_key(thread));
            let seized: Vec<u32> = others.filter(|thread| os::seize(*thread).is_ok()).collect();
            if seized.is_empty() {
                return;
            }
            seized.into_iter().for_each(|thread| self.register(thread));
        }
    }

    /// Takes all news.
    fn hear(&mut self) {
        loop {
            match os::news() {
                Ok(Some((thread, news))) => self.heard(thread, news),
                Ok(None) => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // There is nobody left of whom there could be news.
                Err(_) => {
                    self.status.get_or_insert(0);
                    return;
                }
            }
        }
    }

    fn heard(&mut self, thread: u32, news: News) {
        if !matches!(news, News::Ended(_)) && !self.watched.contains_key(&thread) {
            self.register(thread);
        }
        // Whatever else stops it first is all that comes of a request to stand still.
        let watched = self.watched.get_mut(&thread);
        let asked = watched.and_then(|watched| Some((watched.process, watched.asked.take()?)));
        // Whoever was killed meanwhile cannot go on.
        let _ = match news {
            News::Ended(status) => {
                self.ended(thread, status);
                Ok(())
            }
            News::Signal(signal) => os::go_on(thread, signal),
            News::Stands => self.stands(thread, asked),
            News::Stopped => os::stay(thread),
            News::Began(other) => {
                self.register(other);
                os::go_on(thread, 0)
            }
            News::Exec => {
                self.seen.exec(nanoseconds(), thread, thread);
                self.maps.remove(&thread);
                self.watched.retain(|other, watched| *other == thread || watched.process != thread);
                os::go_on(thread, 0)
            }
            News::Other => os::go_on(thread, 0),
        };
    }

    fn register(&mut self, thread: u32) {
        if self.watched.contains_key(&thread) {
            return;
        }
        let (process, parent) = family(thread).unwrap_or((thread, thread));
        let from = if process == thread { parent } else { process };
        if thread != self.program {
            self.seen.began(nanoseconds(), from, process, thread);
        }
        let watched = Watched { process, asked: None, stood: 0, at: nanoseconds(), counted: (0, 0) };
        self.watched.insert(thread, watched);
    }

    fn ended(&mut self, thread: u32, status: i32) {
        let watched = self.watched.remove(&thread);
        self.seen.ended(nanoseconds(), watched.map_or(thread, |watched| watched.process), thread);
        if thread == self.program {
            self.status = Some(status);
        }
    }

    /// Samples whoever runs.
    fn look(&mut self) {
        let threads: Vec<(u32, u32)> =
            self.watched.iter().map(|(thread, watched)| (*thread, watched.process)).collect();
        for (thread, process) in threads {
            let Some(watched) = self.watched.get_mut(&thread).filter(|watched| watched.asked.is_none())
            else {
                continue;
            };
            if runs(process, thread) {
                watched.asked = os::interrupt(thread).ok().map(|()| nanoseconds());
                self.wait_for(thread);
            }
        }
    }

    fn wait_for(&mut self, thread: u32) {
        let start = nanoseconds();
        while self.watched.get(&thread).is_some_and(|watched| watched.asked.is_some())
            && nanoseconds() - start < PATIENCE
        {
            std::thread::yield_now();
            self.hear();
        }
    }

    /// It stands still: because it was asked to, or has just begun.
    fn stands(&mut self, thread: u32, asked: Option<(u32, u64)>) -> io::Result<()> {
        let Some((process, asked)) = asked else { return os::go_on(thread, 0) };
        let (at, user) = (nanoseconds(), os::user(process, thread));
        let result = os::go_on(thread, 0);
        if let Some(user) = user {
            self.sample(process, thread, at, &user);
        }
        if let Some(watched) = self.watched.get_mut(&thread) {
            watched.stood += nanoseconds() - asked;
        }
        result
    }

    fn sample(&mut self, process: u32, thread: u32, at: u64, user: &User) {
        let Some(watched) = self.watched.get_mut(&thread) else { return };
        let elapsed = at - std::mem::replace(&mut watched.at, at);
        let counted = counted(process, thread);
        let before = std::mem::replace(&mut watched.counted, counted.unwrap_or_default());
        let stood = std::mem::take(&mut watched.stood);
        let (ran, delayed) = match counted {
            Some((ran, delayed)) => (ran.saturating_sub(before.0), delayed.saturating_sub(before.1)),
            None => (elapsed.min(self.period), 0),
        };
        let delayed = delayed.saturating_add(stood);
        self.learn(process, user.ip, at);
        let caller = self.seen.spaces.caller(process, user);
        self.seen.sample_of(process, Sample { thread, at, ran, delayed, address: user.ip, caller });
    }

    /// Reads the maps of a process in which something lies where nothing was known.
    fn learn(&mut self, process: u32, address: u64, now: u64) {
        let maps = self.maps.entry(process).or_default();
        let is_known = maps.ranges.iter().any(|range| range.contains(&address));
        if is_known || (maps.read > 0 && now - maps.read < REST) {
            return;
        }
        maps.read = now;
        let mappings = mappings(process);
        maps.ranges = mappings.iter().map(|mapping| mapping.start..mapping.start + mapping.length).collect();
        self.seen.spaces.exec(process);
        mappings.iter().for_each(|mapping| self.seen.spaces.map(process, mapping));
    }

    /// Whoever outlives the program is left alone.
    fn release(&mut self) {
        let threads: Vec<u32> = self.watched.keys().copied().collect();
        for thread in threads {
            if os::interrupt(thread).is_ok() {
                std::thread::sleep(Duration::from_millis(1));
                // It may have ended, or not stand still: then it is released when this process ends.
                let _ = os::release(thread);
            }
        }
    }
}

fn threads(process: u32) -> Vec<u32> {
    let entries = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The process of a thread, and its parent.
fn family(thread: u32) -> Option<(u32, u32)> {
    let status = std::fs::read_to_string(format!("/proc/{thread}/status")).ok()?;
    let number = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse().ok()
    };
    Some((number("Tgid:")?, number("PPid:")?))
}

/// Does it run now, or could it?
fn runs(process: u32, thread: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{process}/task/{thread}/stat")).unwrap_or_default();
    // Behind its name, which may hold anything.
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('R'))
}

/// Nanoseconds that it has run, and could have run and did not; if the system counts them.
fn counted(process: u32, thread: u32) -> Option<(u64, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{process}/task/{thread}/schedstat")).ok()?;
    let mut numbers = text.split_whitespace().map_while(|number| number.parse().ok());
    let (ran, delayed) = (numbers.next()?, numbers.next()?);
    (ran > 0).then_some((ran, delayed))
}

/// What a process may execute.
fn mappings(process: u32) -> Vec<Mapping> {
    let text = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
    text.lines().filter_map(mapping).collect()
}

/// `START-END PERMISSIONS OFFSET DEVICE INODE FILE`
fn mapping(line: &str) -> Option<Mapping> {
    let mut words = line.splitn(6, ' ');
    let (start, end) = words.next()?.split_once('-')?;
    let (start, end) = (hex(start)?, hex(end)?);
    if !words.next()?.contains('x') {
        return None;
    }
    let offset = hex(words.next()?)?;
    let file = words.nth(2).unwrap_or_default().trim_start().into();
    Some(Mapping { start, length: end.checked_sub(start)?, offset, file })
}

fn hex(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_maps() {
        let line = "7f10-7f20 r-xp 00002000 08:01 1234                       /usr/lib/a b.so";
        let found = Mapping { start: 0x7f10, length: 16, offset: 0x2000, file: "/usr/lib/a b.so".into() };
        assert_eq!(mapping(line), Some(found));
        let anonymous = mapping("7f10-7f20 rwxp 00000000 00:00 0 ").unwrap();
        assert_eq!(anonymous.file.as_os_str(), "");
        assert_eq!(mapping("7f10-7f20 rw-p 00000000 00:00 0 "), None);
    }

    #[test]
    fn this_thread_runs() {
        let process = std::process::id();
        assert!(threads(process).contains(&process));
        assert!(runs(process, process) || !mappings(process).is_empty());
    }
}
