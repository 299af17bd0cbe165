//! `sys.settrace`: the interpreter's tracing instantiation.
//!
//! ```text
//!   no callback:  Standard, or the JIT's Counting; nothing here is reached
//!   callback:     `vm.executor` is a Tracer around the one there was ──► run::<Traced>
//!                   ├─ a function is entered or left, an exception passes: the handlers call `events`
//!                   ├─ before an instruction outside of the *window* (the current line's code): `lines::tick`
//!                   └─ while a callback runs: the executor there was
//! ```
//!
//! Which instantiation runs is decided where native code runs a frame (`Executor::run`) and, by whoever is running,
//! where it looks at `ATTENTION`: at function entries and back-edges. A frame object is made when somebody can see it:
//! for a callback, by `sys._getframe`, for a traceback while tracing.
//!
//! What looks at frames or changes who runs is *granted*, see `request`.

mod events;
mod executor;
mod forget;
mod frames;
mod jump;
mod lines;
mod natives;
mod request;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::frame::{Frame, Regs, Ret};
use super::hooks::Hooks;
use super::lines::Style;
use super::run::Flow;
use crate::error::Raise;
use crate::object::exception::Exception;
use crate::object::frame::FrameObject;
use crate::object::function::Code;
use crate::object::heap::{ATTENTION, Gc, Marker};
use crate::object::value::Value;
use crate::vm::{Executor, Vm};
use forget::Forgetting;

pub use events::{entered, generator_ended, leaving, next_round, raised, raised_again, stopped};
pub use executor::{Traced, look_below, run_traced};
pub(crate) use frames::Place;
pub use frames::retire;
pub(crate) use jump::set_line;
pub use lines::{Tick, tick};
pub use natives::{call_native_traced, is_profiled};

/// What a callback is told of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    Call,
    Line,
    Return,
    Exception,
    Opcode,
    NativeCall,
    NativeReturn,
    NativeException,
}

/// The names of events, in their order.
const EVENTS: [&str; 8] =
    ["call", "line", "return", "exception", "opcode", "c_call", "c_return", "c_exception"];

/// How the next instruction is reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Reached {
    FromBefore,
    ByJump,
    ByJumpBack,
}

/// The state of tracing in a machine.
pub struct Tracing {
    /// What `sys.settrace` and `sys.setprofile` were given, or NULL.
    pub trace: Value,
    pub profile: Value,
    pub style: Style,
    /// A callback was set at some time.
    pub was_used: bool,
    /// Some code may look at the locals of a function that waits for it. Until then, compiled functions keep theirs where
    /// nobody else finds them.
    pub frames_are_read: Rc<Cell<bool>>,
    /// How often callbacks were set or removed, frames' own included.
    changes: u64,
    /// Callbacks that run just now.
    inside: u32,
    /// What the last one was called for.
    event: Event,
    /// It made its frame go on elsewhere.
    jumped: bool,
    /// Instructions that need no look: from this address, so many bytes.
    window_start: usize,
    window_len: usize,
    reached: Reached,
    /// Number of the segment of the last instruction that was looked at.
    segment: usize,
    /// Objects of frames on the stack that are not generators', outermost first.
    objects: Vec<Gc<FrameObject>>,
    /// An object that nobody has, for the next frame.
    spare: Option<Gc<FrameObject>>,
    forget: Forgetting,
    /// The events' names as values.
    events: [Value; EVENTS.len()],
    /// The token of a native that wants to be granted, and whether it is.
    request: Option<Gc<Exception>>,
    granted: bool,
    /// The StopIteration that ended an iteration just now.
    stop: Option<Raise>,
    /// The executor without tracing, while there is tracing.
    inner: Option<Rc<dyn Executor>>,
}

impl Tracing {
    pub fn new() -> Tracing {
        Tracing {
            trace: Value::NULL,
            profile: Value::NULL,
            frames_are_read: Rc::default(),
            style: Style::default(),
            was_used: false,
            changes: 0,
            inside: 0,
            event: Event::Call,
            jumped: false,
            window_start: 0,
            window_len: 0,
            reached: Reached::FromBefore,
            segment: 0,
            objects: Vec::new(),
            spare: None,
            forget: Forgetting::default(),
            events: [Value::NULL; EVENTS.len()],
            request: None,
            granted: false,
            stop: None,
            inner: None,
        }
    }

    /// There are callbacks, and none of them runs.
    #[inline(always)]
    pub fn is_on(&self) -> bool {
        self.is_set() && self.inside == 0
    }

    fn is_set(&self) -> bool {
        !(self.trace.is_null() && self.profile.is_null())
    }

    /// The instruction at `ip` needs a look.
    #[inline(always)]
    pub fn is_due(&self, ip: *const u8) -> bool {
        (ip as usize).wrapping_sub(self.window_start) >= self.window_len
    }

    /// The next instruction needs a look.
    #[inline(always)]
    pub fn look(&mut self) {
        self.window_len = 0;
    }

    /// No instruction of the running frame does.
    fn look_at_nothing(&mut self) {
        self.window_len = usize::MAX;
    }

    /// The running frame jumps.
    #[inline(always)]
    pub fn jumps(&mut self, backwards: bool) {
        if self.window_len != usize::MAX || backwards {
            self.window_len = 0;
            self.reached = if backwards { Reached::ByJumpBack } else { Reached::ByJump };
        }
    }

    /// A `__next__` has raised this StopIteration.
    #[cold]
    pub fn note_stop(&mut self, raise: Raise) {
        self.stop = Some(raise);
    }

    pub fn mark(&self, marker: &mut Marker) {
        marker.values([self.trace, self.profile]);
        marker.values(self.events);
        self.objects.iter().chain(&self.spare).for_each(|object| marker.object(*object));
        self.stop.iter().for_each(|raise| marker.object(raise.0));
        self.request.iter().for_each(|request| marker.object(*request));
    }
}

impl Default for Tracing {
    fn default() -> Self {
        Tracing::new()
    }
}

impl Vm {
    /// Sets both callbacks; NULL for none.
    pub fn set_callbacks(&mut self, trace: Value, profile: Value) {
        if self.tracing.events[0].is_null() {
            self.tracing.events = EVENTS.map(|name| self.intern(name).into());
        }
        let begins = self.tracing.trace.is_null() && !trace.is_null();
        (self.tracing.trace, self.tracing.profile) = (trace, profile);
        self.tracing.look_at_callback(trace);
        if begins {
            self.frames_have_moved();
        }
        self.callbacks_changed();
    }

    /// Nobody has looked at which lines the frames are that have callbacks of their own.
    fn frames_have_moved(&mut self) {
        for depth in 0..self.frames.len() {
            if let Some(object) = frames::known(self, depth).filter(|object| !object.telling.get()) {
                object.line.set(line_at(self, object.code.get(), self.offset_at(depth)));
            }
        }
    }

    /// Sets a frame's own callback.
    pub(crate) fn set_frame_trace(&mut self, frame: Gc<FrameObject>, callback: Value) {
        if frame.trace.get().is_null() && !frame.telling.get() {
            // What is left of the current line is not another visit.
            frame.line.set(self.frame_line(frame));
        }
        frame.trace.set(callback);
        self.callbacks_changed();
    }

    /// Callbacks or `f_trace`s are others than before: puts the executor in charge that is, and makes sure that running
    /// frames notice.
    fn callbacks_changed(&mut self) {
        let set = self.tracing.is_set();
        match (set, self.tracing.inner.take()) {
            (true, None) => {
                let inner = self.executor.clone();
                self.executor = executor::tracer(inner.clone());
                self.tracing.inner = Some(inner);
            }
            (false, Some(inner)) => self.executor = inner,
            (_, inner) => self.tracing.inner = inner,
        }
        self.tracing.was_used |= set;
        self.tracing.changes += 1;
        self.tracing.look();
        ATTENTION.store(true, Ordering::Relaxed);
        self.frames.iter_mut().for_each(|frame| frame.ret = tells(frame.ret, set));
    }
}

/// The top frame has nothing to tell but whom it calls: it has no callback of its own, and there is no profiler.
pub fn tells_calls_only(vm: &Vm) -> bool {
    let tells = |object: Gc<FrameObject>| !object.trace.get().is_null();
    vm.tracing.profile.is_null() && !frames::known(vm, vm.frames.len() - 1).is_some_and(tells)
}

/// Whoever looks at the frames finds the running one as it is.
#[inline(always)]
pub fn save(vm: &mut Vm, r: &Regs) {
    super::run::save_top(vm, r);
}

/// A function was entered that another instantiation is to run.
#[cold]
pub fn enter_elsewhere<H: Hooks>(vm: &mut Vm) -> Flow<H::Exit> {
    if H::TRACES {
        return Flow::Exit(H::switch());
    }
    match entered(vm) {
        Ok(()) => Flow::Exit(H::switch()),
        Err(raise) => Flow::RaisedBefore(raise),
    }
}

/// What becomes of a return: one to a Python caller tells it to look who runs.
fn tells(ret: Ret, set: bool) -> Ret {
    match (ret, set) {
        (Ret::Push | Ret::PushAndLook, true) => Ret::PushAndLook,
        (Ret::Push | Ret::PushAndLook, false) => Ret::Push,
        (Ret::Construct | Ret::ConstructAndLook, true) => Ret::ConstructAndLook,
        (Ret::Construct | Ret::ConstructAndLook, false) => Ret::Construct,
        (Ret::Native | Ret::ForIter, _) => ret,
    }
}

/// The line of `frame`, which waits for a call or is the top one and saved.
pub(crate) fn line_of(vm: &Vm, frame: &Frame) -> u32 {
    line_at(vm, frame.code, frame.ip.checked_sub(1))
}

/// The line of an instruction; that of the definition before the first one.
pub(crate) fn line_at(vm: &Vm, code: &Code, at: Option<u32>) -> u32 {
    match at {
        None => first_line(code),
        Some(at) => super::lines::line_at(code.line_table().of(vm.tracing.style), at),
    }
}

/// Where a function's definition begins.
pub fn first_line(code: &Code) -> u32 {
    match &code.debug {
        Some(debug) => debug.first_line,
        None => code.line(0),
    }
}
