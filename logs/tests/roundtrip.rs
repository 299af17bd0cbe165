//! What is written is read, fact by fact; and what is read is written, byte by byte.

use logs::filter::Selection;
use logs::frame::{Mark, SectionId};
use logs::location::Location;
use logs::log::{Counted, Outcome};
use logs::op::TraceLine;
use logs::profile::{Rare, Saw, Shape};
use logs::section::Section;
use logs::trace::{Ending, Identity, TraceKind};
use logs::write::{AddressLines, CodeDump, Writer};
use logs::{Log, Radix};
use loopscope_logs as logs;
use proptest::prelude::*;

const SHAPES: &[u8] = include_bytes!("data/shapes.pypylog");

/// A compiled trace and what a log says of it.
#[derive(Clone, Debug)]
struct Compiled {
    /// The loop's name, or for a bridge the guard it starts from: by trace and number, modulo how many there are.
    from: Result<(TraceKind, String), (usize, usize)>,
    /// How many labels it has; the last is jumped to.
    labels: usize,
    /// Numbers of its guards: from a small range, so that they are used again.
    guards: Vec<u64>,
    count: u64,
    code: Vec<u8>,
    /// Places and bytes.
    patches: Vec<(usize, u8)>,
    calls: Vec<i64>,
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_<>]{1,8};[ -~é\n]{1,20}:3-5~#20 FOR_ITER",
        "[ -~é]{0,30}",
        "re Match \\[[0-9, ]{0,9}\\]"
    ]
}

fn compiled() -> impl Strategy<Value = Compiled> {
    let kind = prop_oneof![Just(TraceKind::Loop), Just(TraceKind::EntryBridge)];
    let from = prop_oneof![(kind, name()).prop_map(Ok), (any::<usize>(), any::<usize>()).prop_map(Err),];
    let code = prop::collection::vec(any::<u8>(), 2..40);
    let patches = prop::collection::vec((any::<usize>(), any::<u8>()), 0..4);
    let guards = prop::collection::vec((1..12u64).prop_map(|number| number * 16), 0..4);
    (from, 0..3usize, guards, any::<u32>(), code, patches, prop::collection::vec(-1..9i64, 0..2)).prop_map(
        |(from, labels, guards, count, code, patches, calls)| Compiled {
            from,
            labels,
            guards,
            count: u64::from(count),
            code,
            patches,
            calls,
        },
    )
}

/// A trace with everything decided that depends on the traces before it.
struct Fact {
    compiled: Compiled,
    id: Identity,
    kind: TraceKind,
    name: String,
    parent: Option<(usize, usize)>,
    tokens: Vec<u64>,
    block: u64,
}

/// The guard of that number that was compiled last.
fn latest(facts: &[Fact], number: u64) -> Option<(usize, usize)> {
    let of = |fact: &Fact| fact.compiled.guards.iter().rposition(|guard| *guard == number);
    facts.iter().enumerate().rev().find_map(|(trace, fact)| Some((trace, of(fact)?)))
}

fn decide(traces: Vec<Compiled>) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for (index, compiled) in traces.into_iter().enumerate() {
        let known: Vec<u64> = facts.iter().flat_map(|fact| fact.compiled.guards.clone()).collect();
        let (id, kind, name, parent) = match &compiled.from {
            Err((trace, guard)) if !known.is_empty() => {
                let number = known[(trace ^ guard) % known.len()];
                (Identity::Bridge(number), TraceKind::Bridge, String::new(), latest(&facts, number))
            }
            Err(_) => (Identity::Loop(index as i64), TraceKind::Loop, String::new(), None),
            Ok((kind, name)) => (Identity::Loop(index as i64), *kind, name.clone(), None),
        };
        // Tokens are used again as well.
        let tokens = (0..compiled.labels).map(|label| 0x1000 + (index % 3 * 4 + label) as u64).collect();
        let block = 0x10_0000 + index as u64 * 0x100;
        facts.push(Fact { compiled, id, kind, name, parent, tokens, block });
    }
    facts
}

fn section(
    writer: &mut Writer<Vec<u8>>,
    section: Section,
    content: impl FnOnce(&mut Writer<Vec<u8>>) -> std::io::Result<()>,
) {
    writer.start(7, section).unwrap();
    content(writer).unwrap();
    writer.stop(8, section).unwrap();
}

fn write_code(writer: &mut Writer<Vec<u8>>, fact: &Fact) {
    let dump = |address, code| CodeDump { backend: "x86_64", executable: "p", address, offset: 0, code };
    let code = &fact.compiled.code;
    section(writer, Section::JitBackendDump, |w| w.code_dump(dump(fact.block, code)));
    section(writer, Section::JitBackendAddr, |w| {
        let end = fact.block + code.len() as u64;
        let lines =
            AddressLines { gc_table: fact.block, entry: fact.block, resops: fact.block, failures: end, end };
        match fact.id {
            Identity::Loop(number) => {
                w.loop_address(number, &fact.name, fact.block..end, fact.block)?;
                w.loop_address_lines(lines)
            }
            Identity::Bridge(guard) => {
                w.bridge_address(guard, fact.block..end)?;
                w.bridge_address_lines(lines)
            }
        }
    });
}

fn write_trace(writer: &mut Writer<Vec<u8>>, fact: &Fact) {
    let kind = match fact.id {
        Identity::Loop(_) => Section::JitLogOptLoop,
        Identity::Bridge(_) => Section::JitLogOptBridge,
    };
    section(writer, kind, |w| {
        let ops = fact.compiled.guards.len() + fact.compiled.calls.len() + fact.tokens.len() + 2;
        match fact.id {
            Identity::Loop(number) => w.loop_header(number, &fact.name, fact.kind, ops)?,
            Identity::Bridge(guard) => w.bridge_header(guard, ops)?,
        }
        w.input_args(&["p0", "i1"])?;
        w.merge_point(0, 1, &fact.name)?;
        for token in &fact.tokens {
            w.op(Some(4), format!("label(p0, i1, descr=TargetToken({token}))"))?;
        }
        for guard in &fact.compiled.guards {
            w.op(Some(5), format!("guard_true(i1, descr=<Guard0x{guard:x}>) [p0, None]"))?;
        }
        for called in &fact.compiled.calls {
            w.op(None, format!("p9 = call_assembler_r(p0, descr=<Loop{called}>)"))?;
        }
        match fact.tokens.last() {
            Some(token) => w.op(Some(6), format!("jump(p0, i1, descr=TargetToken({token}))"))?,
            None => w.op(Some(6), "finish(p0, descr=<DoneWithThisFrameDescrRef object at 0x1>)")?,
        }
        w.end_of_loop(9)
    });
}

fn write_end(writer: &mut Writer<Vec<u8>>, facts: &[Fact]) {
    for fact in facts {
        for &(at, byte) in &fact.compiled.patches {
            let address = fact.block + (at % fact.compiled.code.len()) as u64;
            let dump = CodeDump { backend: "x86_64", executable: "p", address, offset: 0, code: &[byte] };
            section(writer, Section::JitBackendDump, |w| w.code_dump(dump));
        }
    }
    section(writer, Section::JitSummary, |w| {
        w.summary_time("Tracing", 3, 0.25)?;
        w.summary_count("abort: trace too long", 7)?;
        w.summary_total(1.5)
    });
    section(writer, Section::JitBackendCounts, |w| {
        facts.iter().try_for_each(|fact| {
            match fact.id {
                Identity::Loop(number) => w.entry_count(number, fact.compiled.count)?,
                Identity::Bridge(guard) => w.bridge_count(guard, fact.compiled.count)?,
            }
            fact.tokens.iter().try_for_each(|token| w.label_count(*token, fact.compiled.count / 2))
        })
    });
}

fn written(facts: &[Fact]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), Selection::everything());
    for fact in facts {
        writer.start(1, Section::JitTracing).unwrap();
        writer.traced("f;x.py:1-2~#3 POP_TOP").unwrap();
        write_code(&mut writer, fact);
        writer.compiled(fact.kind.words()).unwrap();
        write_trace(&mut writer, fact);
        writer.stop(9, Section::JitTracing).unwrap();
    }
    write_end(&mut writer, facts);
    writer.into_inner()
}

/// Text must stay on its line, so the writer makes spaces of line ends.
fn on_one_line(name: &str) -> Vec<u8> {
    name.replace('\n', " ").into_bytes()
}

fn patched(fact: &Fact) -> Vec<u8> {
    let mut code = fact.compiled.code.clone();
    for &(at, byte) in &fact.compiled.patches {
        let at = at % code.len();
        code[at] = byte;
    }
    code
}

fn check_trace(log: &Log<'_>, index: usize, fact: &Fact) -> Result<(), TestCaseError> {
    let trace = &log.traces[index];
    prop_assert_eq!((trace.kind, trace.id), (fact.kind, fact.id));
    prop_assert_eq!(trace.name, on_one_line(&fact.name));
    prop_assert_eq!(u64::from(trace.ops), trace.header_ops);
    prop_assert_eq!(trace.input_args, b"p0, i1");
    prop_assert_eq!(trace.count, Some(fact.compiled.count));
    let labels: Vec<_> = trace.labels.iter().map(|label| (label.token, label.count)).collect();
    let half = Some(fact.compiled.count / 2);
    prop_assert_eq!(labels, fact.tokens.iter().map(|token| (*token, half)).collect::<Vec<_>>());
    let guards: Vec<_> = trace.guards.iter().map(|guard| guard.id).collect();
    prop_assert_eq!(&guards, &fact.compiled.guards);
    prop_assert_eq!(&trace.calls, &fact.compiled.calls);
    prop_assert_eq!(trace.ending, fact.tokens.last().map_or(Ending::Finish, |token| Ending::Jump(*token)));
    let parent = trace.parent.map(|parent| (parent.trace.index(), parent.guard as usize));
    prop_assert_eq!(parent, fact.parent);
    let code = log.codes[trace.code.unwrap() as usize];
    prop_assert_eq!(log.machine_code(&code), Some(patched(fact)));
    prop_assert_eq!(log.attempts[index].outcome, Outcome::Compiled(fact.kind.words().as_bytes()));
    Ok(())
}

/// A log, written again from what the index says of it.
fn rewritten(bytes: &[u8]) -> Vec<u8> {
    enum Item<'a> {
        Start(SectionId),
        Stop(SectionId),
        Line(&'a [u8]),
    }
    let (frame, diagnostics) = logs::index(bytes, Radix::Sixteen);
    assert_eq!(diagnostics, []);
    let mut items: Vec<(usize, Item<'_>)> = Vec::new();
    for mark in frame.timeline() {
        items.push(match mark {
            Mark::Start(id) => (frame.section(id).offset, Item::Start(id)),
            Mark::Stop(id) => (frame.section(id).end - 1, Item::Stop(id)),
            Mark::Event(_) => panic!("PyPy writes no events"),
        });
    }
    let all = frame.sections().map(|(id, _)| id).chain([SectionId::ROOT]);
    items.extend(all.flat_map(|id| frame.lines(id)).map(|line| (line.offset, Item::Line(line.text))));
    items.sort_by_key(|(at, _)| *at);
    let mut writer = Writer::new(Vec::new(), Selection::everything());
    for (_, item) in items {
        match item {
            Item::Start(id) => writer.start(frame.section(id).start, frame.section(id).name),
            Item::Stop(id) => writer.stop(frame.section(id).stop, frame.section(id).name),
            Item::Line(text) => writer.line(text),
        }
        .unwrap();
    }
    writer.into_inner()
}

#[test]
fn a_log_is_written_as_it_was_read() {
    assert_eq!(String::from_utf8(rewritten(SHAPES)).unwrap(), String::from_utf8(SHAPES.to_vec()).unwrap());
}

#[test]
fn an_operation_is_written_as_it_was_read() {
    let (log, _) = logs::parse(SHAPES, Radix::Sixteen);
    let mut ops = 0;
    for trace in &log.traces {
        for (line, parsed) in log.trace_lines(trace.section) {
            if let Some(TraceLine::Op(op)) = parsed {
                assert_eq!(op.render(), line.text);
                ops += 1;
            }
        }
    }
    assert!(ops > 9);
}

#[test]
fn evidence_is_read_as_it_was_written() {
    const PLACE: &str = "parse;prog.py:3-5~#20 FOR_ITER";
    let mut writer = Writer::new(Vec::new(), Selection::everything());
    section(&mut writer, Section::LoopscopeEvidence, |writer| {
        writer.shape(7, "Point", &["x", "y"])?;
        writer.shape(8, "Empty", &[])?;
        writer.saw(0x30, 64, Some("total"), "large int")?;
        writer.saw(0x40, 2, None, "tuple of 2")?;
        writer.caught(9, "KeyError", PLACE)?;
        writer.broke(3, "limit", PLACE)
    });
    let bytes = writer.into_inner();
    let (log, diagnostics) = logs::parse(&bytes, Radix::Sixteen);
    assert_eq!(diagnostics, []);
    let evidence = &log.profile.evidence;
    let shape = |number, class, names| Shape { number, class, names };
    assert_eq!(evidence.shapes, [shape(7, b"Point".as_slice(), b"x y".as_slice()), shape(8, b"Empty", b"")]);
    let saw = |guard, times, variable, what| Saw { guard, times, variable, what };
    let total = saw(0x30, 64, Some(b"total".as_slice()), b"large int".as_slice());
    assert_eq!(evidence.saw, [total, saw(0x40, 2, None, b"tuple of 2")]);
    let location = Location::parse(PLACE.as_bytes());
    assert!(location.is_some());
    let rare = |times, name| Rare { times, name, location, text: PLACE.as_bytes() };
    assert_eq!(evidence.caught, [rare(9, b"KeyError".as_slice())]);
    assert_eq!(evidence.broke, [rare(3, b"limit".as_slice())]);
}

proptest! {
    #[test]
    fn facts_are_read_as_they_were_written(traces in prop::collection::vec(compiled(), 1..9)) {
        let facts = decide(traces);
        let bytes = written(&facts);
        let (log, diagnostics) = logs::parse(&bytes, Radix::Sixteen);
        prop_assert_eq!(diagnostics, []);
        prop_assert_eq!(log.traces.len(), facts.len());
        for (index, fact) in facts.iter().enumerate() {
            check_trace(&log, index, fact)?;
        }
        let entries = log.counts.iter().filter(|count| matches!(count.of, Counted::Entry(_))).count();
        prop_assert_eq!(entries, facts.len());
        prop_assert_eq!(log.total("abort: trace too long"), Some(&b"7"[..]));
        prop_assert_eq!(log.total_seconds(), Some(1.5));
        prop_assert_eq!(rewritten(&bytes), bytes);
    }

    #[test]
    fn operations_are_written_as_they_were_read(
        offset in prop::option::of(any::<u32>()),
        result in prop::option::of("[ipf][0-9]{1,3}"),
        name in "[a-z_]{1,12}",
        args in "([a-z][0-9]|ConstClass\\([a-z]{1,3}\\[[a-z]\\]\\)|-?[0-9]{1,9})?(, [a-z0-9]{1,4}){0,3}",
        descr in prop::option::of("<[A-Za-z][a-z ,.=<>0-9]{0,20}>"),
        fail_args in prop::option::of("([a-z][0-9]{1,2}(, None)?(, ConstPtr\\(ptr3\\))?)?"),
        remark in prop::option::of("[a-z_]{1,12}"),
    ) {
        let args = if args.starts_with(',') { args[2..].to_owned() } else { args };
        let (args, descr) = (args.as_bytes(), descr.as_deref().map(str::as_bytes));
        let (result, fail_args) = (result.as_deref().map(str::as_bytes), fail_args.as_deref().map(str::as_bytes));
        let remark = remark.as_deref().map(str::as_bytes);
        let op = logs::op::Op { offset, result, name: name.as_bytes(), args, descr, fail_args, remark };
        let line = op.render();
        prop_assert_eq!(TraceLine::parse(&line), Some(TraceLine::Op(op)), "{}", String::from_utf8_lossy(&line));
    }
}
