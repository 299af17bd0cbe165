//! Traces of which the log shows no text: a filter left the text out, but machine code or counters know them.
//!
//! A log has the text of all loops or of none, and likewise of bridges. Where it has none, whatever the backend says of
//! them stands for it, so that names, places, code and counts are there.

use crate::frame::SectionId;
use crate::location::Location;
use crate::log::{Code, Count, Counted};
use crate::trace::{Ending, Identity, Label, Trace, TraceKind};

/// The number of a helper, which is no trace.
const HELPER: Identity = Identity::Loop(-1);

/// The traces, and stand-ins for those of a kind of which there is no text.
pub(super) fn complete<'a>(
    traces: Vec<Trace<'a>>,
    codes: &[Code<'a>],
    counts: &[(SectionId, Vec<Count>)],
) -> Vec<Trace<'a>> {
    let (bridges, loops): (Vec<_>, Vec<_>) =
        traces.iter().map(|trace| is_bridge(trace.id)).partition(|is_bridge| *is_bridge);
    let lacks = |id: Identity| if is_bridge(id) { bridges.is_empty() } else { loops.is_empty() };
    let is_all = bridges.is_empty() && loops.is_empty();
    let wanted = codes.iter().zip(0..).filter(|(code, _)| code.id != HELPER && lacks(code.id));
    let mut stand_ins: Vec<Trace<'a>> = wanted.map(|(code, index)| of_code(code, index)).collect();
    if is_all {
        let counted = counts.iter().rfind(|(_, counts)| !counts.is_empty());
        if let Some((section, counts)) = counted {
            label(&mut stand_ins, *section, counts);
        }
    }
    let mut all = traces;
    all.extend(stand_ins);
    all.sort_by_key(|trace| trace.section);
    all
}

fn is_bridge(id: Identity) -> bool {
    matches!(id, Identity::Bridge(_))
}

fn of_code<'a>(code: &Code<'a>, index: u32) -> Trace<'a> {
    Trace { code: Some(index), ..unseen(code.section, code.id, code.name) }
}

/// A trace of which nothing is known but who it is.
fn unseen(section: SectionId, id: Identity, name: &[u8]) -> Trace<'_> {
    Trace {
        section,
        kind: if is_bridge(id) { TraceKind::Bridge } else { TraceKind::Loop },
        id,
        number: None,
        root: None,
        name,
        location: Location::parse(name),
        input_args: b"",
        header_ops: 0,
        ops: 0,
        labels: Vec::new(),
        guards: Vec::new(),
        ending: Ending::default(),
        calls: Vec::new(),
        parent: None,
        count: None,
        code: None,
    }
}

/// Labels belong to the entry that was counted before them. Without code, the counters are all there is to name traces.
fn label(traces: &mut Vec<Trace<'_>>, section: SectionId, counts: &[Count]) {
    let only_counted = traces.is_empty();
    let mut known: std::collections::HashMap<Identity, usize> = std::collections::HashMap::new();
    for (index, trace) in traces.iter().enumerate() {
        known.insert(trace.id, index);
    }
    let mut current = None;
    for count in counts {
        match count.of {
            Counted::Entry(id) if only_counted && id != HELPER => {
                traces.push(unseen(section, id, b""));
                current = Some(traces.len() - 1);
            }
            Counted::Entry(id) => current = known.get(&id).copied(),
            Counted::Label(token) => {
                let labels =
                    current.and_then(|index: usize| traces.get_mut(index)).map(|trace| &mut trace.labels);
                if let Some(labels) = labels {
                    labels.push(Label { op: 0, token, count: None });
                }
            }
            Counted::Nth(_) => {}
        }
    }
}
