//! Why: what guards found, which exceptions were caught, whose changes broke code.

use std::collections::BTreeSet;

use logs::section::Section;
use vm::object::function::Code;
use vm::vm::Vm;

use super::places::location;
use super::{Log, place};
use crate::evidence::{Evidence, Seen, words};

/// Exceptions and changes that are worth a line.
const ENOUGH: u64 = 2;

impl Log {
    /// Tells all of it, at the end of the run.
    pub fn evidence(&mut self, vm: &Vm, evidence: &Evidence, at: u64) {
        let mut shapes = std::mem::take(&mut self.shapes);
        let seen = evidence.guards.values().flat_map(|guarded| guarded.seen.keys());
        shapes.extend(seen.filter_map(|seen| match seen {
            Seen::Shape(shape) => Some(*shape),
            _ => None,
        }));
        self.see_catchers(vm);
        let output = &mut *self.output.lock();
        output.section(at, Section::LoopscopeEvidence, |writer| {
            for (number, class, names) in described(vm, &shapes) {
                writer.shape(number, class, &names)?;
            }
            let mut guards: Vec<_> = evidence.guards.iter().collect();
            guards.sort_unstable_by_key(|(id, _)| **id);
            for (id, guarded) in guards {
                let mut seen: Vec<_> = guarded.seen.iter().collect();
                seen.sort_unstable();
                for (what, times) in seen {
                    writer.saw(*id, *times, guarded.variable.as_deref(), &words(vm, *what))?;
                }
            }
            for (times, class, place) in caught(vm) {
                writer.caught(times, &class, &place)?;
            }
            broken(vm, evidence)
                .into_iter()
                .try_for_each(|(times, name, place)| writer.broke(times, &name, &place))
        });
    }

    /// Who catches many exceptions is to be shown with its source.
    fn see_catchers(&mut self, vm: &Vm) {
        let mut codes: Vec<u32> = often(vm).map(|(code, ..)| code).collect();
        codes.sort_unstable();
        codes.into_iter().filter_map(|code| vm.codes.get(code as usize)).for_each(|code| self.see(code));
    }
}

fn described<'a>(
    vm: &'a Vm,
    shapes: &'a BTreeSet<u32>,
) -> impl Iterator<Item = (u32, &'a str, Vec<&'a str>)> {
    shapes.iter().filter(|shape| **shape != 0).map(|shape| {
        let names = vm.shapes.names(*shape).iter().map(|name| &*name.get().text).collect();
        (*shape, &*vm.shapes.get(*shape).class.get().name.get().text, names)
    })
}

/// Code, offset, class and times of the exceptions that are worth a line.
fn often(vm: &Vm) -> impl Iterator<Item = (u32, u32, &str, u64)> {
    let places = vm.catches.iter().flat_map(|catches| catches.iter());
    let rows = places
        .flat_map(|((code, at), seen)| seen.iter().map(move |(class, times)| (*code, *at, &**class, *times)));
    rows.filter(|(.., times)| *times >= ENOUGH)
}

fn caught(vm: &Vm) -> Vec<(u64, String, String)> {
    let row = |(code, at, class, times): (u32, u32, &str, u64)| {
        let code = vm.codes.get(code as usize)?;
        Some((times, class.to_owned(), place::location(code, at)))
    };
    let mut rows: Vec<_> = often(vm).filter_map(row).collect();
    rows.sort_unstable_by(|a, b| b.cmp(a));
    rows
}

fn broken(vm: &Vm, evidence: &Evidence) -> Vec<(u64, String, String)> {
    let mut codes: Vec<&'static Code> = vm.codes.clone();
    codes.sort_unstable_by_key(|code| code.ops.as_ptr());
    let rows = evidence.broken.iter();
    let row = |((name, at), times): (&(String, usize), &u64)| (*times, name.clone(), location(&codes, *at));
    let mut rows: Vec<_> = rows.map(row).collect();
    rows.sort_unstable_by(|a, b| b.cmp(a));
    rows
}
