//! Work of the JIT that came to nothing, or to little.

use super::{at, called, finding, spent};
use crate::build::{place, text};
use crate::report::{AbortReport, Finding, Report, TreeReport};
use logs::Log;
use logs::frame::SectionId;
use logs::location::Location;
use logs::section::Section;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Attempts at one place that are given up before it is worth a word.
const AGAIN: u64 = 3;
/// PyPy says that of traces it has compiled in pieces.
const SEGMENTED: &str = "ABORT_SEGMENTED_TRACE";

/// Places where tracing is given up again and again.
pub(super) fn aborted_again(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    let again = report.aborts.iter().filter(|abort| abort.times >= AGAIN && abort.reason != SEGMENTED);
    let say = |abort: &AbortReport| {
        let why = abort.why.as_deref().map_or_else(String::new, |why| format!(": {why}"));
        let message =
            format!("tracing was given up {} times ({}) at {}{why}", abort.times, abort.reason, abort.label);
        of_abort(abort, message)
    };
    again.map(say).collect()
}

/// Traces that were cut in pieces.
pub(super) fn segmented(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    let cut = report.aborts.iter().filter(|abort| abort.reason == SEGMENTED);
    cut.map(|abort| {
        of_abort(abort, format!("the trace at {} was cut in pieces {} times", abort.label, abort.times))
    })
    .collect()
}

fn of_abort(abort: &AbortReport, message: String) -> Finding {
    let advice = match abort.reason.as_str() {
        // PyPy's names stand for other reasons there, of which these words would not be true.
        _ if abort.why.is_some() => "",
        "ABORT_TOO_LONG" => {
            "the trace grew too long: split the loop's body, call less that is inlined, or raise the limit (PyPy: \
             --jit trace_limit=N)"
        }
        "ABORT_ESCAPE" => {
            "something looked at the frame while it was traced: locals(), sys._getframe, a trace function, or an \
             exception's traceback"
        }
        "ABORT_FORCE_QUASIIMMUT" => {
            "the loop changes what is taken for constant, a class's or module's attribute: keep it in an instance or \
             a local variable"
        }
        "ABORT_BAD_LOOP" => {
            "what the loop does in one pass makes the next impossible: types alternate, as a rule"
        }
        _ => "",
    };
    let ticks = Some(abort.ticks);
    Finding { location: abort.location.clone(), advice: advice.into(), ticks, ..finding(None, message) }
}

/// Places where PyPy has stopped to specialise.
pub(super) fn retrace_limit(log: &Log<'_>, _: &Report) -> Vec<Finding> {
    const LIMIT: &[u8] = b"Retrace count reached";
    let firsts: HashMap<SectionId, &[u8]> =
        log.attempts.iter().map(|attempt| (attempt.section, attempt.first)).collect();
    let mut times = HashMap::<&[u8], u64>::new();
    for (id, node) in log.frame.sections() {
        if node.kind == Some(Section::JitOptimize)
            && log.frame.lines(id).any(|line| line.text.starts_with(LIMIT))
        {
            *times.entry(attempt_around(log, id, &firsts)).or_default() += 1;
        }
    }
    let mut times: Vec<_> = times.into_iter().collect();
    times.sort_by_key(|(label, times)| (Reverse(*times), *label));
    let say = |(label, times): (&[u8], u64)| {
        let location = Location::parse(label).as_ref().map(place);
        let where_ = location.as_ref().map_or_else(|| text(label), at);
        let again = if times == 1 { String::new() } else { format!(", {times} times") };
        let message =
            format!("the limit of specialised copies was reached{again} by traces that start at {where_}");
        Finding { location, ..finding(None, message) }
    };
    times.into_iter().map(say).collect()
}

/// The first place of the attempt that a section lies in.
fn attempt_around<'a>(log: &Log<'a>, id: SectionId, firsts: &HashMap<SectionId, &'a [u8]>) -> &'a [u8] {
    let parent = |id: &SectionId| (*id != SectionId::ROOT).then(|| log.frame.section(*id).parent);
    std::iter::successors(Some(id), parent)
        .find_map(|id| firsts.get(&id).copied())
        .unwrap_or(b"an unknown place")
}

/// Assumptions that did not hold.
pub(super) fn invalidated(log: &Log<'_>, _: &Report) -> Vec<Finding> {
    const OFTEN: usize = 100;
    let kind = Some(Section::JitInvalidateQuasiImmutable);
    let times = log.frame.sections().filter(|(_, node)| node.kind == kind).count();
    if times < OFTEN {
        return Vec::new();
    }
    vec![finding(
        None,
        format!("compiled code was invalidated {times} times, because a value taken for constant changed"),
    )]
}

/// Places whose code ran, all of it together, for less time than its making takes to be worth it.
pub(super) fn never_paid_back(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    /// Of the run, in percent: less is not worth a word by itself.
    const LEAST: f64 = 2.0;
    let mut trees: Vec<&TreeReport> =
        report.places.iter().filter(|tree| has_not_paid(report, tree)).collect();
    trees.sort_by_key(|tree| Reverse(tree.compile_ticks));
    let sum: u64 = trees.iter().map(|tree| tree.compile_ticks).sum();
    let worth = |ticks: u64| report.percent(ticks) >= LEAST;
    let (named, small): (Vec<&TreeReport>, Vec<&TreeReport>) =
        trees.into_iter().partition(|tree| worth(tree.compile_ticks));
    let say = |tree: &TreeReport| {
        let (row, cost) = (&report.loops[tree.rows[0] as usize], tree.compile_ticks);
        let ran = match (tree.entered, tree.share) {
            (Some(entered), _) if !report.has_ticks() => format!("was entered {entered} times"),
            (_, Some(_)) => format!("ran for {}", spent(report, tree.ticks)),
            (_, None) => "was not seen running".to_owned(),
        };
        let made = spent(report, cost);
        let message = format!("{} took {made} to make and {ran}: that does not pay", called(row));
        Finding { ticks: Some(cost), ..finding(Some(row), message) }
    };
    let mut found: Vec<Finding> = named.into_iter().map(say).collect();
    if !small.is_empty() && worth(sum) {
        let (count, percent) = (small.len() + found.len(), report.percent(sum));
        let message = format!(
            "{count} places in all did not run enough to pay for their making, {percent:.1} % of the run"
        );
        found.push(Finding { ticks: Some(sum), ..finding(None, message) });
    }
    found
}

/// Machine code may be ten times as fast as the interpreter: then a tenth of its making is what it must run for.
fn has_not_paid(report: &Report, tree: &TreeReport) -> bool {
    /// Passes that nothing is worth making for.
    const FEW: u64 = 100;
    if report.has_ticks() {
        return tree.compile_ticks > 0 && tree.ticks < tree.compile_ticks / 10;
    }
    let ran = tree.entered.map(|entered| entered.max(tree.passes.unwrap_or(0)));
    tree.compile_ticks > 0 && ran.is_some_and(|ran| ran < FEW)
}

/// All the work of the JIT.
pub(super) fn share(_: &Log<'_>, report: &Report) -> Vec<Finding> {
    let ticks = report.other.tracing + report.other.optimize + report.other.backend;
    super::share(report, ticks, "compiling")
}
