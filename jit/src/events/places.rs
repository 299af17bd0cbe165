//! Where the interpreter was seen: addresses of instructions, which only the program's thread can name.

use logs::section::Section;
use vm::object::function::Code;
use vm::vm::Vm;

use super::{Log, place};

/// Nanoseconds between two times that places are told while the program runs.
const PATIENCE: u64 = 500_000_000;

impl Log {
    /// Something was written; so that others see more of it, this too, if it is time.
    pub fn tend(&mut self, vm: &Vm, at: u64) {
        self.sampler.iter_mut().for_each(crate::sample::Sampler::tend);
        let patience = self.output.lock().clock.ticks(PATIENCE);
        if at.saturating_sub(self.places_told) > patience {
            self.places_told = at;
            self.tell_places(vm);
        }
    }

    /// All of them that are not told yet.
    pub fn tell_places(&mut self, vm: &Vm) {
        let seen = self.sampler.as_ref().map(crate::sample::Sampler::take_places).unwrap_or_default();
        if seen.is_empty() {
            return;
        }
        let mut codes: Vec<&'static Code> = vm.codes.clone();
        codes.sort_unstable_by_key(|code| code.ops.as_ptr());
        let mut seen: Vec<_> = seen.into_iter().collect();
        seen.sort_unstable_by_key(|(place, _)| *place);
        seen.iter().filter_map(|(at, _)| function_at(&codes, at.address)).for_each(|code| self.see(code));
        self.output.lock().aside(Section::LoopscopePlaces, |writer| {
            seen.iter().try_for_each(|(at, seen)| {
                let (running, waiting) = seen.counts();
                let left = (at.left != 0).then_some(at.left);
                writer.place(running, waiting, at.caller, left, &location(&codes, at.address))
            })
        });
    }
}

/// The place of an instruction; empty if it lies in no function.
pub fn location(codes: &[&'static Code], address: usize) -> String {
    let code = function_at(codes, address);
    code.map_or_else(String::new, |code| place::location(code, (address - code.ops.as_ptr().addr()) as u32))
}

/// The function that an instruction lies in; they come in the order of their addresses.
fn function_at(codes: &[&'static Code], address: usize) -> Option<&'static Code> {
    let before = codes.partition_point(|code| code.ops.as_ptr().addr() <= address);
    let code = before.checked_sub(1).map(|n| codes[n]);
    code.filter(|code| address - code.ops.as_ptr().addr() < code.ops.len())
}
