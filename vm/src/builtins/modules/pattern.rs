//! A regular expression, and searches that can be interrupted.
//!
//! The engine cannot be asked to stop while it searches. So what is likely to be short is tried at once, with few steps of
//! backtracking; what turns out to be long, or has a long text before it, is done detached, on a copy of the text,
//! because the text itself may be gone when the work ends and nobody waits for it any more.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fancy_regex::{Captures, Error, Regex, RegexBuilder, RuntimeError};

use crate::error::R;
use crate::object::heap::Gc;
use crate::object::text::Str;
use crate::vm::Vm;

/// Steps of backtracking that take some tens of milliseconds.
const FEW_STEPS: usize = 1_000_000;
/// Steps after which a pattern that backtracks without end is given up.
const MOST_STEPS: usize = 100_000_000;
/// Bytes that an engine without backtracking may take tens of milliseconds for.
const LONG: usize = 1 << 20;
/// A search among many short ones: handing it to another thread would take longer.
const SHORT: Duration = Duration::from_millis(1);

/// Where each group begins and ends, in bytes.
pub type Spans = Vec<Option<(usize, usize)>>;

/// A pattern with few steps, and, made when they do not suffice, with many.
pub struct Pattern {
    source: String,
    quick: Arc<Regex>,
    patient: OnceCell<Arc<Regex>>,
    /// The last search of a long text was a short one.
    is_short: Cell<bool>,
    /// The text that was searched last by another thread.
    copy: RefCell<Arc<str>>,
}

impl Pattern {
    pub fn new(source: String) -> Result<Pattern, Error> {
        let quick = Arc::new(compiled(&source, FEW_STEPS)?);
        let (patient, is_short) = (OnceCell::new(), Cell::new(false));
        Ok(Pattern { source, quick, patient, is_short, copy: RefCell::new(Arc::from("")) })
    }

    pub fn regex(&self) -> &Regex {
        &self.quick
    }

    /// The first match that begins at `start` or behind, in the text up to `end`.
    pub fn search(
        &self,
        vm: &mut Vm,
        text: Gc<Str>,
        start: usize,
        end: usize,
    ) -> R<Result<Option<Spans>, Error>> {
        let is_long = end - start > LONG;
        let begun = Instant::now();
        let found = if is_long && !self.is_short.get() {
            self.search_detached(vm, &self.quick, text, start, end)?
        } else {
            spans(&self.quick, &text.get().text[..end], start)
        };
        self.is_short.set(is_long && begun.elapsed() < SHORT);
        match found {
            Err(Error::RuntimeError(RuntimeError::BacktrackLimitExceeded)) => match self.patient() {
                Ok(regex) => self.search_detached(vm, &regex, text, start, end),
                Err(error) => Ok(Err(error)),
            },
            found => Ok(found),
        }
    }

    fn patient(&self) -> Result<Arc<Regex>, Error> {
        if let Some(regex) = self.patient.get() {
            return Ok(regex.clone());
        }
        let regex = Arc::new(compiled(&self.source, MOST_STEPS)?);
        Ok(self.patient.get_or_init(|| regex).clone())
    }

    fn search_detached(
        &self,
        vm: &mut Vm,
        regex: &Arc<Regex>,
        text: Gc<Str>,
        start: usize,
        end: usize,
    ) -> R<Result<Option<Spans>, Error>> {
        let (regex, text) = (regex.clone(), self.copied(vm, &text.get().text)?);
        vm.detached(move || spans(&regex, &text[..end], start))
    }

    /// A copy of a text, which the next search is likely to need again.
    fn copied(&self, vm: &mut Vm, text: &str) -> R<Arc<str>> {
        if **self.copy.borrow() != *text {
            vm.reserve(text.len())?;
            self.copy.replace(Arc::from(text));
        }
        Ok(self.copy.borrow().clone())
    }
}

fn compiled(source: &str, steps: usize) -> Result<Regex, Error> {
    RegexBuilder::new(source).backtrack_limit(steps).build()
}

fn spans(regex: &Regex, text: &str, start: usize) -> Result<Option<Spans>, Error> {
    let groups =
        |captures: Captures<'_>| captures.iter().map(|group| group.map(|g| (g.start(), g.end()))).collect();
    Ok(regex.captures_from_pos(text, start)?.map(groups))
}
