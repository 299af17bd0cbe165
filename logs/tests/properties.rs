//! Reading what was written, and reading what was broken.

#[path = "support/exhaust.rs"]
mod exhaust;

use exhaust::exhaust;
use logs::Radix;
use logs::event::EventKind;
use logs::filter::Selection;
use logs::frame::Frame;
use logs::write::Writer;
use loopscope_logs as logs;
use proptest::prelude::*;

const SHAPES: &[u8] = include_bytes!("data/shapes.pypylog");

/// A log as a tree.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    Line(String),
    Event { at: u64, kind: EventKind, number: i64, comment: String },
    Section { start: u64, stop: u64, name: String, items: Vec<Item> },
}

fn item() -> impl Strategy<Value = Item> {
    // No line that looks like framing, and no empty one: a reader may skip those.
    let line = "[ -Z\\\\^-~é]{1,40}".prop_map(Item::Line);
    let kind = prop::sample::select(EventKind::ALL.to_vec());
    let event = (any::<u64>(), kind, any::<i32>(), "([a-zé][a-z.:]{0,9})?");
    let event = event.prop_map(|(at, kind, number, comment)| Item::Event {
        at,
        kind,
        number: i64::from(number),
        comment,
    });
    prop_oneof![3 => line, 1 => event].prop_recursive(5, 60, 8, |inner| {
        let name = prop_oneof!["jit-(tracing|optimize|log-opt-loop)", "gc-minor", "[a-z {}é]{0,12}[a-z{}]"];
        (any::<u64>(), any::<u64>(), name, prop::collection::vec(inner, 0..8))
            .prop_map(|(start, stop, name, items)| Item::Section { start, stop, name, items })
    })
}

fn write(writer: &mut Writer<Vec<u8>>, items: &[Item]) {
    for item in items {
        match item {
            Item::Line(text) => writer.line(text).unwrap(),
            Item::Event { at, kind, number, comment } => writer.event(*at, *kind, *number, comment).unwrap(),
            Item::Section { start, stop, name, items } => {
                writer.start(*start, name).unwrap();
                write(writer, items);
                writer.stop(*stop, name).unwrap();
            }
        }
    }
}

/// Start, stop, name and own lines of a section.
type Flat = (u64, u64, String, Vec<String>);

/// Sections in the order of their starts; and the events.
fn flat(items: &[Item], sections: &mut Vec<Flat>, events: &mut Vec<Item>) {
    for item in items {
        match item {
            Item::Line(_) => {}
            Item::Event { .. } => events.push(item.clone()),
            Item::Section { start, stop, name, items } => {
                let lines = items.iter().filter_map(|item| match item {
                    Item::Line(text) => Some(text.clone()),
                    _ => None,
                });
                sections.push((*start, *stop, name.clone(), lines.collect()));
                flat(items, sections, events);
            }
        }
    }
}

fn read(frame: &Frame<'_>) -> (Vec<Flat>, Vec<Item>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let lines = |id| frame.lines(id).map(|line| text(line.text)).collect();
    let sections = frame.sections().map(|(id, node)| (node.start, node.stop, text(node.name), lines(id)));
    let events = frame.events().map(|event| Item::Event {
        at: event.at,
        kind: event.kind,
        number: event.number().unwrap(),
        comment: text(event.comment),
    });
    (sections.collect(), events.collect())
}

proptest! {
    #[test]
    fn what_is_written_is_read(items in prop::collection::vec(item(), 0..10)) {
        let items: Vec<_> = items.into_iter().filter(|item| !matches!(item, Item::Line(_))).collect();
        let mut writer = Writer::new(Vec::new(), Selection::everything());
        write(&mut writer, &items);
        let bytes = writer.into_inner();
        let (frame, diagnostics) = logs::index(&bytes, Radix::Sixteen);
        prop_assert_eq!(diagnostics, []);
        let (mut sections, mut events) = (Vec::new(), Vec::new());
        flat(&items, &mut sections, &mut events);
        prop_assert_eq!(read(&frame), (sections, events));
    }

    #[test]
    fn nothing_breaks_the_parser(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..200usize), 0..4),
        ten in any::<bool>(),
    ) {
        let mut bytes = SHAPES.to_vec();
        for (at, length) in cuts {
            let at = at.index(bytes.len().max(1));
            let end = (at + length).min(bytes.len());
            bytes.drain(at.min(end)..end);
        }
        for (at, byte) in damage {
            let at = at.index(bytes.len().max(1));
            bytes.splice(at.min(bytes.len())..(at + 1).min(bytes.len()), [byte]);
        }
        exhaust(&bytes, if ten { Radix::Ten } else { Radix::Sixteen });
    }

    #[test]
    fn nor_does_noise(bytes in prop::collection::vec(any::<u8>(), 0..500)) {
        exhaust(&bytes, Radix::Sixteen);
    }

    #[test]
    fn nor_do_lines_that_are_nearly_right(lines in prop::collection::vec("[\\[\\](){}=+#'~;:,. 0-9a-fxL]{0,30}", 0..20)) {
        let text = lines.join("\n");
        for section in ["jit-log-opt-loop", "jit-backend-addr", "jit-backend-dump", "jit-backend-counts"] {
            let header = "# Loop 1 (a) : loop with 1 ops";
            exhaust(format!("[1] {{{section}\n{header}\n{text}\n[2] {section}}}\n").as_bytes(), Radix::Sixteen);
        }
    }
}
