//! The lines of a profile: what ran, how often it was seen to, and what seeing it has cost.

use super::{Writer, push_fmt, push_text};
use crate::profile::RecordedSample;
use std::io::{self, Write};

impl<W: Write> Writer<W> {
    /// The interval that a section of samples is about.
    pub fn slice(&mut self, from: u64, to: u64) -> io::Result<()> {
        self.put_fmt(format_args!("slice {from:x} {to:x}"))
    }

    /// How samples were taken, and every how many microseconds.
    pub fn method(&mut self, how: &str, micros: u64) -> io::Result<()> {
        self.put_fmt(format_args!("method {how} {micros}"))
    }

    /// What the program's thread ran in the slice, by its own clock.
    pub fn running(&mut self, nanoseconds: u64) -> io::Result<()> {
        self.put_fmt(format_args!("running {nanoseconds}"))
    }

    /// How long it could have run while others did.
    pub fn delayed(&mut self, nanoseconds: u64) -> io::Result<()> {
        self.put_fmt(format_args!("delayed {nanoseconds}"))
    }

    /// How often the thread was found in `key`, running and not.
    pub fn looks(&mut self, key: impl std::fmt::Display, running: u64, waiting: u64) -> io::Result<()> {
        self.put_fmt(format_args!("{key} {running} {waiting}"))
    }

    /// How often the interpreter was found at a place, for which trace if one has called it, after which guard's exit.
    pub fn place(
        &mut self,
        running: u64,
        waiting: u64,
        caller: Option<impl std::fmt::Display>,
        cause: Option<u32>,
        place: &str,
    ) -> io::Result<()> {
        self.put(|line| {
            push_fmt(line, format_args!("{running} {waiting} "));
            if let Some(caller) = caller {
                push_fmt(line, format_args!("{caller}/"));
            }
            match cause {
                Some(guard) => push_fmt(line, format_args!("0x{guard:x} ")),
                None => line.extend_from_slice(b"- "),
            }
            push_text(line, place.as_bytes());
        })
    }

    /// How often the thread was at an address of machine code.
    pub fn code_address(&mut self, address: u64, count: u64) -> io::Result<()> {
        self.put_fmt(format_args!("code 0x{address:x} {count}"))
    }

    /// How often it was elsewhere, while `key` ran.
    pub fn native_address(&mut self, name: &str, key: impl std::fmt::Display, count: u64) -> io::Result<()> {
        self.put_fmt(format_args!("native {name} {key} {count}"))
    }

    /// The name of a runtime function that machine code calls.
    pub fn helper(&mut self, number: u32, name: &str) -> io::Result<()> {
        self.put(|line| {
            push_fmt(line, format_args!("h{number} "));
            push_text(line, name.as_bytes());
        })
    }

    /// An interval in which every transition was recorded.
    pub fn window(&mut self, from: u64, to: u64, events: u64) -> io::Result<()> {
        self.put_fmt(format_args!("{from:x} {to:x} {events}"))
    }

    /// What recording has cost the program: so many times so many nanoseconds.
    pub fn cost_of_program(&mut self, what: &str, count: u64, nanoseconds: f64) -> io::Result<()> {
        self.put_fmt(format_args!("program {what} {count} {nanoseconds:.2}"))
    }

    /// What it has cost beside the program, in a thread of its own.
    pub fn cost_of_thread(&mut self, what: &str, nanoseconds: u64) -> io::Result<()> {
        self.put_fmt(format_args!("thread {what} {nanoseconds}"))
    }

    /// What was sampled, and what should have been.
    pub fn loss(&mut self, what: &str, done: u64, lost: u64) -> io::Result<()> {
        self.put_fmt(format_args!("{what} {done} {lost}"))
    }

    /// What a shape's number means: a class, and attributes in the order in which instances got them.
    pub fn shape(&mut self, number: u32, class: &str, names: &[&str]) -> io::Result<()> {
        self.put(|line| {
            push_fmt(line, format_args!("shape {number} "));
            push_text(line, class.as_bytes());
            for name in names {
                line.push(b' ');
                push_text(line, name.as_bytes());
            }
        })
    }

    /// What a guard found so many times when it left, and the variable it was in.
    pub fn saw(&mut self, guard: u32, times: u64, variable: Option<&str>, what: &str) -> io::Result<()> {
        self.put(|line| {
            push_fmt(line, format_args!("saw 0x{guard:x} {times} "));
            push_text(line, variable.unwrap_or("-").as_bytes());
            line.push(b' ');
            push_text(line, what.as_bytes());
        })
    }

    /// A change of this name broke code so many times that begins at the place.
    pub fn broke(&mut self, times: u64, name: &str, place: &str) -> io::Result<()> {
        self.put(|line| {
            push_fmt(line, format_args!("broke {times} "));
            push_text(line, name.as_bytes());
            line.push(b' ');
            push_text(line, place.as_bytes());
        })
    }

    /// An exception of this class, from the place or what it called, was caught so many times in its function.
    pub fn caught(&mut self, times: u64, class: &str, place: &str) -> io::Result<()> {
        self.put(|line| {
            push_fmt(line, format_args!("caught {times} "));
            push_text(line, class.as_bytes());
            line.push(b' ');
            push_text(line, place.as_bytes());
        })
    }

    /// A number of something, on a line of its own.
    pub fn number(&mut self, what: &str, number: u64) -> io::Result<()> {
        self.put_fmt(format_args!("{what} {number}"))
    }

    /// A sample of the thread that was named last.
    pub fn sample(&mut self, sample: &RecordedSample) -> io::Result<()> {
        let RecordedSample { at, ran, delayed, address, caller, .. } = *sample;
        self.put(|line| {
            push_fmt(line, format_args!("{at:x} {ran} {delayed} {address:x}"));
            if let Some(caller) = caller {
                push_fmt(line, format_args!(" {caller:x}"));
            }
        })
    }
}
