//! The sections in which the instruments say what they saw.

use super::Reader;
use crate::frame::SectionId;
use crate::location::Location;
use crate::parse::profile as grammar;
use crate::profile::{
    CodeSamples, Cost, Helper, Losses, Method, NativeSamples, Rare, Recorded, Slice, Spot, Window,
};

impl<'a> Reader<'_, 'a> {
    /// Lines before the first slice belong to none.
    pub(super) fn samples(&mut self, section: SectionId) {
        let radix = self.frame.radix;
        let first = self.facts.log.profile.slices.len();
        for line in self.lines(section) {
            let profile = &mut self.facts.log.profile;
            let end = profile.looks.len() as u32;
            if let Some((from, to)) = grammar::slice(line.text, radix) {
                let slice = Slice {
                    from,
                    to,
                    method: Method::Unknown,
                    running_ns: 0,
                    delayed_ns: None,
                    looks: (end, end),
                };
                profile.slices.push(slice);
                continue;
            }
            let Some(slice) = profile.slices.get_mut(first..).and_then(<[Slice]>::last_mut) else {
                self.odd(section, line, "a slice");
                continue;
            };
            if let Some(method) = grammar::method(line.text) {
                slice.method = method;
            } else if let Some(running) = grammar::named(line.text, b"running") {
                slice.running_ns = running;
            } else if let Some(delayed) = grammar::named(line.text, b"delayed") {
                slice.delayed_ns = Some(delayed);
            } else if let Some(looks) = grammar::looks(line.text) {
                profile.looks.push(looks);
                slice.looks.1 = end + 1;
            } else {
                self.odd(section, line, "looks at a program");
            }
        }
    }

    pub(super) fn helpers(&mut self, section: SectionId) {
        for line in self.lines(section) {
            match grammar::helper(line.text) {
                Some((number, name)) => self.facts.log.profile.helpers.push(Helper { number, name }),
                None => self.odd(section, line, "a helper's name"),
            }
        }
    }

    pub(super) fn places(&mut self, section: SectionId) {
        for line in self.lines(section) {
            let Some(spot) = grammar::place(line.text) else {
                self.odd(section, line, "looks at a place");
                continue;
            };
            let text = self.keep(spot.text);
            let location = Location::parse(text);
            self.facts.log.profile.places.push(Spot { location, text, ..spot });
        }
    }

    pub(super) fn evidence(&mut self, section: SectionId) {
        for line in self.lines(section) {
            let mut evidence = std::mem::take(&mut self.facts.log.profile.evidence);
            let placed = |rare: Rare<'a>| {
                let text = self.keep(rare.text);
                Rare { location: Location::parse(text), text, ..rare }
            };
            if let Some(shape) = grammar::shape(line.text) {
                evidence.shapes.push(shape);
            } else if let Some(saw) = grammar::saw(line.text) {
                evidence.saw.push(saw);
            } else if let Some(caught) = grammar::rare(line.text, b"caught") {
                evidence.caught.push(placed(caught));
            } else if let Some(broke) = grammar::rare(line.text, b"broke") {
                evidence.broke.push(placed(broke));
            } else {
                self.odd(section, line, "evidence");
            }
            self.facts.log.profile.evidence = evidence;
        }
    }

    pub(super) fn addresses(&mut self, section: SectionId) {
        for line in self.lines(section) {
            let profile = &mut self.facts.log.profile;
            if let Some(method) = line.text.strip_prefix(b"method ") {
                profile.method = Some(method);
            } else if let Some((address, count)) = grammar::code(line.text) {
                profile.codes.push(CodeSamples { address, count });
            } else if let Some((name, key, count)) = grammar::native(line.text) {
                profile.natives.push(NativeSamples { name, key, count });
            } else {
                self.odd(section, line, "samples of an address");
            }
        }
    }

    pub(super) fn window(&mut self, section: SectionId) {
        let radix = self.frame.radix;
        for line in self.lines(section) {
            match grammar::window(line.text, radix) {
                Some((from, to, events)) => self.facts.log.profile.windows.push(Window { from, to, events }),
                None => self.odd(section, line, "a window of events"),
            }
        }
    }

    pub(super) fn cost(&mut self, section: SectionId) {
        for line in self.lines(section) {
            let profile = &mut self.facts.log.profile;
            if let Some((what, count, ns)) = grammar::cost(line.text) {
                profile.costs.push(Cost { what, count, ns });
            } else if let Some(thread) = grammar::thread(line.text) {
                profile.threads.push(thread);
            } else {
                self.odd(section, line, "a cost of recording");
            }
        }
    }

    pub(super) fn recorded(&mut self, section: SectionId) {
        let radix = self.frame.radix;
        let (mut recorded, mut thread) = (Recorded::default(), 0);
        for line in self.lines(section) {
            let named = |name: &[u8]| grammar::named(line.text, name);
            let small = |name: &[u8]| named(name).and_then(|number| u32::try_from(number).ok());
            if let Some(sample) = grammar::sample(line.text, thread, radix) {
                recorded.samples.push(sample);
            } else if let Some(number) = small(b"thread") {
                thread = number;
            } else if let Some(number) = small(b"process") {
                recorded.process = number;
            } else if let Some(method) = line.text.strip_prefix(b"method ") {
                recorded.method = method;
            } else if let Some(lost) = named(b"lost") {
                recorded.lost = lost;
            } else if let Some(others) = named(b"others") {
                recorded.others = others;
            } else {
                self.odd(section, line, "a sample");
            }
        }
        self.facts.log.profile.recorded.push(recorded);
    }

    pub(super) fn losses(&mut self, section: SectionId) {
        let mut losses = Losses::default();
        for line in self.lines(section) {
            match grammar::loss(line.text) {
                Some((b"looks", done, Some(lost))) => losses.looks = (done, lost),
                Some((b"addresses", done, Some(lost))) => losses.addresses = (done, lost),
                Some((b"bytes", lost, None)) => losses.bytes = lost,
                _ => self.odd(section, line, "what was lost"),
            }
        }
        self.facts.log.profile.losses = Some(losses);
    }
}
