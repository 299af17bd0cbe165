//! What an observer of the interpreter learns.
//!
//! The run loop is generic over [`Hooks`]. It tells *facts*, not opcodes: "this slot now holds that slot's value",
//! "the value in this slot was an int", "this name was entry 3 of that namespace". A handler can branch on the type
//! of an operand only in one of two ways: it states the fact on the branch it takes, or the branch ends in a
//! [`Fact::Call`] of a runtime operation that is right for every type. So an observer that turns facts into guards
//! has seen everything the outcome depends on.
//!
//! Operands are named by their slot on the frame stack. A fact comes *before* its effect on memory.
//!
//! Facts are stated with [`fact!`], which asks [`Hooks::OBSERVES`] first: where that is false no code is made for one,
//! so the plain interpreter pays nothing (`benches/control` measures it).

use super::frame::{Regs, Ret, Slot};
use super::residual::Rt;
use crate::bytecode::BinaryOp;
use crate::object::class::{Class, ShapeId};
use crate::object::dict::Dict;
use crate::object::function::{Code, NativeDef, Status};
use crate::object::heap::Gc;
use crate::object::kind::Kind;
use crate::object::value::Value;
use crate::vm::Vm;

/// The vocabulary of observations.
#[derive(Clone, Copy, Debug)]
pub enum Fact {
    /// `to` gets the value of `from`.
    Move {
        to: Slot,
        from: Slot,
    },
    Swap {
        a: Slot,
        b: Slot,
    },
    /// `to` gets a value that does not depend on the program's data.
    Const {
        to: Slot,
        value: Value,
    },
    /// The value in `slot` was of this kind.
    Kind {
        slot: Slot,
        kind: Kind,
    },
    /// The value in `slot` was exactly this one.
    Is {
        slot: Slot,
        value: Value,
    },
    /// The value in `slot` was not NULL (a bound local or cell).
    Bound {
        slot: Slot,
    },
    /// `slot` was found true or false; its kind (stated before) is bool, int, None, float, or a built-in container
    /// that is true if it holds something.
    Truth {
        slot: Slot,
        kind: Kind,
        result: bool,
    },
    /// The truth of any value is asked from the runtime (as [`Rt::Truth`]) …
    TruthOf {
        slot: Slot,
    },
    /// … and this was the answer.
    Tested {
        result: bool,
    },
    /// Arithmetic on two small ints with a small int as result.
    IntOp {
        op: BinaryOp,
        to: Slot,
        a: Slot,
        b: Slot,
    },
    /// Comparison of two small ints.
    IntCompare {
        op: BinaryOp,
        to: Slot,
        a: Slot,
        b: Slot,
    },
    /// Arithmetic on two floats, or on a float and a small int.
    FloatOp {
        op: BinaryOp,
        to: Slot,
        a: Slot,
        b: Slot,
    },
    FloatCompare {
        op: BinaryOp,
        to: Slot,
        a: Slot,
        b: Slot,
    },
    /// `is` on any two values that are not floats or strings (kinds stated before if it matters).
    Same {
        to: Slot,
        a: Slot,
        b: Slot,
    },
    /// Negation of a small int whose result is small.
    IntNegate {
        to: Slot,
        from: Slot,
    },
    IntInvert {
        to: Slot,
        from: Slot,
    },
    FloatNegate {
        to: Slot,
        from: Slot,
    },
    /// `not` of a bool.
    BoolNot {
        to: Slot,
        from: Slot,
    },
    /// `to` gets the value of entry `entry` of a namespace.
    Entry {
        to: Slot,
        dict: Gc<Dict>,
        entry: usize,
        value: Value,
    },
    /// A name was looked for in a namespace and not found.
    NoEntry {
        dict: Gc<Dict>,
    },
    /// Entry `entry` of a namespace gets the value of `from`.
    SetEntry {
        dict: Gc<Dict>,
        entry: usize,
        from: Slot,
    },
    /// `to` gets what is in the cell in `cell`.
    CellGet {
        to: Slot,
        cell: Slot,
    },
    CellSet {
        cell: Slot,
        from: Slot,
    },
    /// `to` gets a new cell that holds `from`'s value.
    NewCell {
        to: Slot,
        from: Slot,
    },
    /// The instance in `slot` has this shape.
    Shape {
        slot: Slot,
        shape: ShapeId,
    },
    /// `to` gets slot `index` of the instance in `object`.
    AttrGet {
        to: Slot,
        object: Slot,
        index: usize,
    },
    /// `to` gets an attribute of a class or of one of its bases, found unbound.
    ClassAttr {
        to: Slot,
        class: Gc<Class>,
        value: Value,
    },
    /// Something was found in this class (or not), outside of any slot.
    ClassUsed {
        class: Gc<Class>,
    },
    AttrSet {
        object: Slot,
        index: usize,
        from: Slot,
    },
    /// The instance gets a new attribute, and with it the shape `shape`.
    AttrAdd {
        object: Slot,
        index: usize,
        shape: ShapeId,
        from: Slot,
    },
    /// `to` gets a bound method: a function of a class, and the instance in `this`.
    BoundMethod {
        to: Slot,
        class: Gc<Class>,
        function: Value,
        this: Slot,
    },
    /// `to` gets item `index` of a list; a negative index was counted from the end.
    ListGet {
        to: Slot,
        list: Slot,
        index: Slot,
        negative: bool,
    },
    ListSet {
        list: Slot,
        index: Slot,
        negative: bool,
        from: Slot,
    },
    TupleGet {
        to: Slot,
        tuple: Slot,
        index: Slot,
        negative: bool,
    },
    /// `to` gets byte `index` of a bytes or bytearray object (its kind was stated).
    ByteGet {
        to: Slot,
        bytes: Slot,
        index: Slot,
        negative: bool,
    },
    /// Byte `index` of a bytearray becomes the small int in `from`, which fits.
    ByteSet {
        bytes: Slot,
        index: Slot,
        negative: bool,
        from: Slot,
    },
    /// `to` gets character `index` of an ASCII string.
    CharGet {
        to: Slot,
        text: Slot,
        index: Slot,
        negative: bool,
    },
    /// `==` or `!=` of two strings.
    StrCompare {
        op: BinaryOp,
        to: Slot,
        a: Slot,
        b: Slot,
    },
    /// `to` gets the value of a key that a dict has, as `Vm::lookup` finds it.
    DictGet {
        to: Slot,
        dict: Slot,
        key: Slot,
    },
    /// `to` gets whether a dict or set has a key, as `Vm::lookup` finds it.
    DictHas {
        to: Slot,
        dict: Slot,
        key: Slot,
    },
    /// The key gets a value; `found` tells whether `Vm::lookup` finds it before.
    DictSet {
        dict: Slot,
        key: Slot,
        from: Slot,
        found: bool,
    },
    /// The tuple has this length.
    TupleLen {
        tuple: Slot,
        len: usize,
    },
    /// `to` gets item number `index` of a tuple whose length was stated, or promised by the operation that made it.
    TupleItem {
        to: Slot,
        tuple: Slot,
        index: usize,
    },
    /// The list has this length.
    ListLen {
        list: Slot,
        len: usize,
    },
    /// `to` gets item number `index` of a list whose length was stated.
    ListItem {
        to: Slot,
        list: Slot,
        index: usize,
    },
    /// `to` gets a tuple of the `n` slots from `first` up.
    NewTuple {
        to: Slot,
        first: Slot,
        n: usize,
    },
    NewList {
        to: Slot,
        first: Slot,
        n: usize,
    },
    /// The list at index `index` (a slot holding a small int, at `state`) has a next item: `to` gets it, and the
    /// index grows by one.
    ListNext {
        to: Slot,
        list: Slot,
        state: Slot,
    },
    /// The list had no next item.
    ListEnd {
        list: Slot,
        state: Slot,
    },
    TupleNext {
        to: Slot,
        tuple: Slot,
        state: Slot,
    },
    TupleEnd {
        tuple: Slot,
        state: Slot,
    },
    /// A range iterator in slots `state` (next value), `state + 1` (stop), `state + 2` (step, a stated constant).
    RangeNext {
        to: Slot,
        state: Slot,
        step: i64,
    },
    RangeEnd {
        state: Slot,
        step: i64,
    },
    /// Slots `state`.. get start, stop and step of the range object in `range`.
    RangeInit {
        state: Slot,
        range: Slot,
    },
    /// `to` gets the result of a runtime operation on the `n` slots from `first` up.
    Call {
        rt: Rt,
        imm: u64,
        to: Slot,
        first: Slot,
        n: usize,
    },
    /// The result of the last call, in `slot`, was the end of an iteration, or not.
    Stopped {
        slot: Slot,
        stopped: bool,
    },
    /// A runtime operation on `collection` and the `n` slots from `first` up, without a result: a comprehension's step.
    StoreComp {
        rt: Rt,
        collection: Slot,
        first: Slot,
        n: usize,
    },
    /// The same for a native function; `function` holds it (stated), or is a null pointer after [`Fact::Unbind`].
    Native {
        def: &'static NativeDef,
        to: Slot,
        function: Slot,
        first: Slot,
        n: usize,
    },
    /// The function in `slot` runs this code; `closure` tells how it was given.
    Function {
        slot: Slot,
        code: &'static Code,
        closure: bool,
    },
    /// `to` gets cell `index` of the closure in `closure`.
    ClosureCell {
        to: Slot,
        closure: Slot,
        index: usize,
    },
    /// `to` gets default number `index` of the function in `function` (whose code was stated): `value`, this time.
    Default {
        to: Slot,
        function: Slot,
        closure: bool,
        index: usize,
        value: Value,
    },
    /// `to` gets a new function with this code. `defaults` is where its tuple and its dict of defaults lie, or a null
    /// pointer; `cells` is where its cells begin, if it has any.
    MakeFunction {
        to: Slot,
        code: &'static Code,
        globals: Gc<Dict>,
        defaults: Slot,
        cells: Slot,
        n_cells: usize,
    },
    /// The bound method in `slot` is of `function`; its self takes the slot.
    Unbind {
        slot: Slot,
        function: Value,
    },
    /// `to` gets a new instance of a class (whose identity was stated).
    NewInstance {
        to: Slot,
        class: Gc<Class>,
    },
    /// A frame was pushed; its parameters are set by the facts that follow, all other slots are NULL.
    Enter {
        code: &'static Code,
        globals: Gc<Dict>,
        base: Slot,
        ret: Ret,
    },
    /// The arguments of the call have been moved; the callee starts.
    Entered,
    /// The top frame returns `from`'s value to the frame below, into `to` (NULL pointer: dropped).
    Leave {
        from: Slot,
        to: Slot,
    },
    /// The generator in `slot`, which had this status, is resumed by the frame below with None: its saved slots are
    /// copied to the new frame.
    Resume {
        slot: Slot,
        base: Slot,
        status: Status,
    },
    /// The top frame, a generator's under a FOR_ITER, is suspended; the value in `from` is moved next.
    Yield {
        from: Slot,
    },
    /// The top frame, a generator's under a FOR_ITER, returns: the loop ends.
    GeneratorEnd,
    /// The exception object in `slot` is about to be raised.
    Raising {
        slot: Slot,
    },
    /// An exception was raised by the current instruction: the one stated before, or by the last call. The frames are
    /// as they were.
    Raised,
    /// A handler was found: the frames above are gone, the exception is in `value` and in `block`.
    Caught {
        value: Slot,
        block: Slot,
    },
    /// The exception in `slot` is of this class.
    ExceptionClass {
        slot: Slot,
        class: Gc<Class>,
    },
    /// Something happened that has no fact of its own (the name says what).
    Opaque {
        what: &'static str,
    },
}

impl Fact {
    /// The outcome rests on the present state of an object that may change: an observer has to look at that state
    /// again, whatever it knows of the object's identity. What is not here are moves, constants, immutable objects,
    /// effects, what is watched (names, classes), shapes (guarded once until something may change them), and calls, which
    /// ask for themselves.
    pub fn asks_state(&self) -> bool {
        match self {
            Fact::Truth { kind, .. } => kind.is_mutable(),
            Fact::CellGet { .. }
            | Fact::AttrGet { .. }
            | Fact::ListGet { .. }
            | Fact::ListSet { .. }
            | Fact::ByteGet { .. }
            | Fact::ByteSet { .. }
            | Fact::DictGet { .. }
            | Fact::DictHas { .. }
            | Fact::DictSet { .. }
            | Fact::ListLen { .. }
            | Fact::ListItem { .. }
            | Fact::ListNext { .. }
            | Fact::ListEnd { .. }
            | Fact::ExceptionClass { .. }
            | Fact::Resume { .. } => true,
            Fact::Move { .. }
            | Fact::Swap { .. }
            | Fact::Const { .. }
            | Fact::Kind { .. }
            | Fact::Is { .. }
            | Fact::Bound { .. }
            | Fact::TruthOf { .. }
            | Fact::Tested { .. }
            | Fact::IntOp { .. }
            | Fact::IntCompare { .. }
            | Fact::FloatOp { .. }
            | Fact::FloatCompare { .. }
            | Fact::Same { .. }
            | Fact::IntNegate { .. }
            | Fact::IntInvert { .. }
            | Fact::FloatNegate { .. }
            | Fact::BoolNot { .. }
            | Fact::Entry { .. }
            | Fact::NoEntry { .. }
            | Fact::SetEntry { .. }
            | Fact::CellSet { .. }
            | Fact::NewCell { .. }
            | Fact::Shape { .. }
            | Fact::ClassAttr { .. }
            | Fact::ClassUsed { .. }
            | Fact::AttrSet { .. }
            | Fact::AttrAdd { .. }
            | Fact::BoundMethod { .. }
            | Fact::TupleGet { .. }
            | Fact::CharGet { .. }
            | Fact::StrCompare { .. }
            | Fact::TupleLen { .. }
            | Fact::TupleItem { .. }
            | Fact::NewTuple { .. }
            | Fact::NewList { .. }
            | Fact::TupleNext { .. }
            | Fact::TupleEnd { .. }
            | Fact::RangeNext { .. }
            | Fact::RangeEnd { .. }
            | Fact::RangeInit { .. }
            | Fact::Call { .. }
            | Fact::Stopped { .. }
            | Fact::StoreComp { .. }
            | Fact::Native { .. }
            | Fact::Function { .. }
            | Fact::ClosureCell { .. }
            | Fact::Default { .. }
            | Fact::MakeFunction { .. }
            | Fact::Unbind { .. }
            | Fact::NewInstance { .. }
            | Fact::Enter { .. }
            | Fact::Entered
            | Fact::Leave { .. }
            | Fact::Yield { .. }
            | Fact::GeneratorEnd
            | Fact::Raising { .. }
            | Fact::Raised
            | Fact::Caught { .. }
            | Fact::Opaque { .. } => false,
        }
    }
}

/// `fact!(h, vm, Fact::…)`: states a fact to the observer `h: H`, if it wants any.
macro_rules! fact {
    ($h:ident, $vm:expr, $fact:expr $(,)?) => {
        if H::OBSERVES {
            let fact = $fact;
            $h.fact($vm, fact)
        }
    };
}
pub(super) use fact;

/// An observer of the interpreter.
pub trait Hooks {
    /// Why the run loop was left early, if this observer can do that.
    type Exit;
    /// Facts are wanted.
    const OBSERVES: bool;
    /// Callbacks are told what happens: see `interp::tracing`.
    const TRACES: bool = false;
    /// It wants to know where the interpreter is.
    const FOLLOWS: bool = false;

    /// The exit with which the run loop is left when another instantiation is to go on: with callbacks, or without.
    fn switch() -> Self::Exit;

    /// It is right for a machine with callbacks: it tells them what happens, or whom it calls does.
    #[inline(always)]
    fn is_traced(&self) -> bool {
        Self::TRACES
    }

    /// The instruction at this address is next, if that is wanted.
    #[inline(always)]
    fn at(&mut self, _ip: *const u8) {}

    /// One observation.
    #[inline(always)]
    fn fact(&mut self, _vm: &mut Vm, _fact: Fact) {}

    /// Whether a call of this function is to be followed. If not, it becomes a runtime operation.
    #[inline(always)]
    fn follow(&mut self, _vm: &mut Vm, _code: &'static Code) -> bool {
        true
    }

    /// Whether a generator's body that a loop resumes is to be followed. If not, that is a runtime operation.
    #[inline(always)]
    fn follow_body(&self) -> bool {
        true
    }

    /// Before each instruction, if facts are wanted.
    #[inline(always)]
    fn instruction(&mut self, _vm: &mut Vm, _regs: &Regs) -> Option<Self::Exit> {
        None
    }

    /// A jump backwards to `target`, which becomes the next instruction.
    #[inline(always)]
    fn back_edge(&mut self, _vm: &mut Vm, _regs: &Regs, _target: *const u8) -> Option<Self::Exit> {
        None
    }

    /// A function was entered; its first instruction is next.
    #[inline(always)]
    fn entered(&mut self, _vm: &mut Vm, _regs: &Regs) -> Option<Self::Exit> {
        None
    }
}
