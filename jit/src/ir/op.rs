//! Table 2: the operations of the trace IR.
//!
//! A trace is a straight line of SSA operations of fixed width. Types: `Int` (a Python small int, 63 bits), `Float`
//! (unboxed double), `Ref` (a value word, as the interpreter sees it), `Bool`, `Raw` (a machine address inside an
//! object), `Void`. The table below is the only declaration; printer, parser, verifier, optimiser and code generator
//! derive from it.
//!
//! Columns: mnemonic as logged, operands (`r` Ref, `i` Int, `f` Float, `b` Bool, `p` Raw, `x` any type, `*` any
//! number of Refs in the trace's argument pool), result type, and flags:
//! `guard` it can leave the trace and owns a snapshot · `pure` depends on its operands only · `load` reads memory ·
//! `store` writes memory · `alloc` makes a new object · `call` runs arbitrary runtime code (effects by its callee) ·
//! `end` ends the trace.
//!
//! Behind `=>` stands how a log says it where PyPy, whose tools stop at a word that is not theirs, has no operation of
//! that name with those operands: `{0}` is an operand, `{*}` all of them, `{imm}` the immediate, `{types}` a letter per
//! operand. ` #` at the end: PyPy's word does not tell all, so the log adds the mnemonic as a remark. `call #`: PyPy has
//! nothing like it, so the log has a call of a function of that name.

/// The type of an operation's result.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Ty {
    Void,
    Int,
    Float,
    Ref,
    Bool,
    Raw,
}

/// What an operation may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flags {
    pub guard: bool,
    pub pure: bool,
    pub load: bool,
    pub store: bool,
    pub alloc: bool,
    pub call: bool,
    pub end: bool,
}

impl Flags {
    const NONE: Flags =
        Flags { guard: false, pure: false, load: false, store: false, alloc: false, call: false, end: false };

    const fn with(mut self, name: &str) -> Flags {
        match name.as_bytes() {
            b"guard" => self.guard = true,
            b"pure" => self.pure = true,
            b"load" => self.load = true,
            b"store" => self.store = true,
            b"alloc" => self.alloc = true,
            b"call" => self.call = true,
            b"end" => self.end = true,
            _ => panic!("unknown flag"),
        }
        self
    }
}

macro_rules! ops {
    ($( $(#[doc = $doc:literal])* $name:ident $mnemonic:literal $operands:literal $ty:ident [$($flag:literal)*] $(=> $pypy:literal)? ;)*) => {
        /// An operation.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum OpCode { $( $(#[doc = $doc])* $name ),* }

        impl OpCode {
            pub const ALL: &'static [OpCode] = &[$(OpCode::$name),*];

            /// The name in tests, and in logs unless PyPy has another word.
            pub const fn mnemonic(self) -> &'static str {
                match self { $(OpCode::$name => $mnemonic),* }
            }

            /// One letter per operand; see the module's description.
            pub const fn operands(self) -> &'static str {
                match self { $(OpCode::$name => $operands),* }
            }

            pub const fn ty(self) -> Ty {
                match self { $(OpCode::$name => Ty::$ty),* }
            }

            /// How a log says it, if PyPy has another word; see the module's description.
            pub const fn in_pypys_words(self) -> Option<&'static str> {
                match self { $(OpCode::$name => [$(Some($pypy),)? None][0]),* }
            }

            pub const fn flags(self) -> Flags {
                match self { $(OpCode::$name => Flags::NONE$(.with($flag))*),* }
            }
        }
    };
}

ops! {
    /// Parameter number `imm` of the fragment; its type is in the trace's parameter list (this row's is a stand-in).
    Param "param" "" Ref [];
    /// Slot `imm` of the base frame, as it was when the fragment was entered.
    SlotLoad "getslot" "" Ref [] => "getarrayitem_gc_r(ConstPtr(frame), {imm}, descr=<ArrayP 8>)";
    /// Writes slot `imm` of the base frame.
    SlotStore "setslot" "r" Void ["store"] => "setarrayitem_gc(ConstPtr(frame), {imm}, {0}, descr=<ArrayP 8>)";

    /// The base frame stands before the instruction at offset `imm`, for who looks at it during a call.
    FrameAt "setip" "" Void ["store"] => "setfield_gc(ConstPtr(frame), {imm}, descr=<FieldU frame.ip 4>)";

    // Guards. All own a snapshot.
    /// The condition is true.
    GuardTrue "guard_true" "b" Void ["guard"];
    GuardFalse "guard_false" "b" Void ["guard"];
    /// The word is a small int.
    GuardInt "guard_int" "r" Void ["guard"] => "guard_class({0}, ConstClass(int)) #";
    /// The word is a heap object of kind `imm` (`vm::object::kind::Kind`).
    GuardKind "guard_class" "r" Void ["guard"];
    /// The word is a heap object at all or an immediate, but not NULL (an unbound local).
    GuardNotNull "guard_nonnull" "r" Void ["guard"];
    /// Both words are the same; the second is a constant.
    GuardValue "guard_value" "rr" Void ["guard"];
    /// The instance (known to be one) has shape `imm`.
    GuardShape "guard_shape" "r" Void ["guard"] => "guard_class({0}, ConstClass(shape {imm})) #";
    /// The length word of the tuple (known to be one) is `imm`.
    GuardTupleLen "guard_tuple_len" "r" Void ["guard"] => "guard_class({0}, ConstClass(tuple of {imm})) #";
    /// The iterator (known to be a built-in one) steps through a collection of form `imm` (`IterKind`).
    GuardIter "guard_iter" "r" Void ["guard"] => "guard_class({0}, ConstClass(iterator {imm})) #";
    /// The function (known to be one) runs the code object at address `imm`.
    GuardCode "guard_code" "r" Void ["guard"] => "guard_class({0}, ConstClass(code {imm})) #";
    /// The call's result is not NULL: it did not raise. The snapshot is to be resumed by unwinding.
    GuardNoException "guard_no_exception" "r" Void ["guard"];
    /// The call's result is NULL: it did raise. The snapshot is of the state after the instruction, as if it had not.
    GuardRaised "guard_exception" "r" Void ["guard"];
    /// The byte at address `imm` is 0: nothing this code took for constant has changed.
    GuardNotInvalidated "guard_not_invalidated" "" Void ["guard"];
    /// Nobody asked for the interpreter's attention (collection, signal); at back-edges.
    GuardPoll "guard_poll" "" Void ["guard"] => "guard_false(ConstClass(attention)) #";
    /// Always leaves.
    GuardAlways "guard_always_fails" "" Void ["guard" "end"];

    // Ints. The `Ovf` forms leave when the result does not fit 63 bits.
    IntAddOvf "int_add_ovf" "ii" Int ["guard" "pure"];
    IntSubOvf "int_sub_ovf" "ii" Int ["guard" "pure"];
    IntMulOvf "int_mul_ovf" "ii" Int ["guard" "pure"];
    IntLshiftOvf "int_lshift_ovf" "ii" Int ["guard" "pure"] => "call #";
    /// The operands' ranges exclude overflow.
    IntAdd "int_add" "ii" Int ["pure"];
    IntSub "int_sub" "ii" Int ["pure"];
    IntMul "int_mul" "ii" Int ["pure"];
    /// Floor division; the divisor is not 0 (and not -1 unless the dividend is known to be above the minimum).
    IntFloorDiv "int_floordiv" "ii" Int ["pure"] => "call #";
    /// Python's modulo; the divisor is not 0.
    IntMod "int_mod" "ii" Int ["pure"] => "call #";
    IntAnd "int_and" "ii" Int ["pure"];
    IntOr "int_or" "ii" Int ["pure"];
    IntXor "int_xor" "ii" Int ["pure"];
    /// The count is between 0 and 62.
    IntRshift "int_rshift" "ii" Int ["pure"];
    IntInvert "int_invert" "i" Int ["pure"];
    IntLt "int_lt" "ii" Bool ["pure"];
    IntLe "int_le" "ii" Bool ["pure"];
    IntGt "int_gt" "ii" Bool ["pure"];
    IntGe "int_ge" "ii" Bool ["pure"];
    IntEq "int_eq" "ii" Bool ["pure"];
    IntNe "int_ne" "ii" Bool ["pure"];
    /// Below, both taken as unsigned: the bounds check `0 <= a < b`.
    UintLt "uint_lt" "ii" Bool ["pure"];

    // Floats.
    FloatAdd "float_add" "ff" Float ["pure"];
    FloatSub "float_sub" "ff" Float ["pure"];
    FloatMul "float_mul" "ff" Float ["pure"];
    /// The divisor is not 0.
    FloatDiv "float_truediv" "ff" Float ["pure"];
    FloatNeg "float_neg" "f" Float ["pure"];
    FloatAbs "float_abs" "f" Float ["pure"];
    FloatSqrt "float_sqrt" "f" Float ["pure"] => "call #";
    FloatLt "float_lt" "ff" Bool ["pure"];
    FloatLe "float_le" "ff" Bool ["pure"];
    FloatGt "float_gt" "ff" Bool ["pure"];
    FloatGe "float_ge" "ff" Bool ["pure"];
    FloatEq "float_eq" "ff" Bool ["pure"];
    FloatNe "float_ne" "ff" Bool ["pure"];
    /// Call of the C function `imm` (an index into `FLOAT_FUNCTIONS`) with one float.
    FloatCall1 "call_pure_f" "f" Float ["pure"] => "call_f({imm}, {*}, descr=<Callf 8 {types} EF=0 OS=0>)";
    /// The same with two floats.
    FloatCall2 "call_pure_ff" "ff" Float ["pure"] => "call_f({imm}, {*}, descr=<Callf 8 {types} EF=0 OS=0>)";
    IntToFloat "cast_int_to_float" "i" Float ["pure"];
    /// Truncates towards zero; leaves when the result does not fit 63 bits.
    FloatToIntOvf "cast_float_to_int_ovf" "f" Int ["guard" "pure"] => "call #";

    // Between types.
    BoolNot "bool_not" "b" Bool ["pure"] => "int_is_zero({0})";
    /// `True` or `False`.
    BoxBool "box_bool" "b" Ref ["pure"] => "cast_int_to_ptr({0}) #";
    /// The word is known to be a small int.
    UnboxInt "unbox_int" "r" Int ["pure"] => "cast_ptr_to_int({0}) #";
    BoxInt "box_int" "i" Ref ["pure"] => "cast_int_to_ptr({0}) #";
    /// The word is known to be a Float object.
    UnboxFloat "unbox_float" "r" Float ["pure"] => "getfield_gc_f({0}, descr=<FieldF float.value 8 pure>) #";
    BoxFloat "box_float" "f" Ref ["alloc"] => "call #";
    RefEq "ptr_eq" "rr" Bool ["pure"];
    BoolAnd "bool_and" "bb" Bool ["pure"] => "int_and({0}, {1})";

    // Memory. Offsets and aliasing classes come from `ir::field`.
    /// Field `imm` (`Field as u64`) of an object.
    GetField "getfield" "r" Ref ["load"] => "getfield_gc_r({0}, descr={imm})";
    GetFieldInt "getfield_i" "r" Int ["load"] => "getfield_gc_i({0}, descr={imm})";
    GetFieldRaw "getfield_raw" "r" Raw ["load"] => "getfield_gc_i({0}, descr={imm})";
    SetField "setfield" "rr" Void ["store"] => "setfield_gc({*}, descr={imm})";
    SetFieldInt "setfield_i" "ri" Void ["store"] => "setfield_gc({*}, descr={imm})";
    /// Item `i` of the list items at `p`; in bounds.
    ListGet "getlistitem" "pi" Ref ["load"] => "getarrayitem_gc_r({*}, descr=<ArrayP 8>)";
    ListSet "setlistitem" "pir" Void ["store"] => "setarrayitem_gc({*}, descr=<ArrayP 8>)";
    /// Item `imm` of a tuple.
    TupleGet "gettupleitem" "r" Ref ["pure"] => "getarrayitem_gc_pure_r({0}, {imm}, descr=<ArrayP 8>)";
    /// Item of a tuple at a variable index in bounds.
    TupleAt "gettupleat" "ri" Ref ["pure"] => "getarrayitem_gc_pure_r({*}, descr=<ArrayP 8>)";
    /// Length of a tuple.
    TupleLen "tuple_len" "r" Int ["pure"] => "arraylen_gc({0}, descr=<ArrayP 8>)";
    /// Inline slot `imm` of an instance.
    InstanceGet "getslot_instance" "r" Ref ["load"] => "getfield_gc_r({0}, descr=<FieldP instance.slot{imm}>)";
    InstanceSet "setslot_instance" "rr" Void ["store"] => "setfield_gc({*}, descr=<FieldP instance.slot{imm}>)";
    /// Appends an attribute: slot `imm & 0xffff_ffff` gets the value, the shape becomes `imm >> 32`.
    InstanceAdd "addslot_instance" "rr" Void ["store"] => "setfield_gc({*}, descr=<FieldP instance.slot{imm}>) #";
    /// Value of entry `imm` of a namespace dict whose keys are watched.
    EntryGet "getentry" "r" Ref ["load"] => "getfield_gc_r({0}, descr=<FieldP namespace.entry{imm}>)";
    EntrySet "setentry" "rr" Void ["store"] => "setfield_gc({*}, descr=<FieldP namespace.entry{imm}>)";
    /// Byte `i` (in bounds) of an ASCII string, as a code point; of a bytes object's data at `p`.
    ByteAt "getbyte" "pi" Int ["load"] => "getarrayitem_gc_i({*}, descr=<ArrayU 1>)";
    /// Byte `i` (in bounds) of the data at `p` becomes an int that fits.
    ByteSet "setbyte" "pii" Void ["store"] => "setarrayitem_gc({*}, descr=<ArrayU 1>)";
    /// Characters of a string.
    StrLen "str_len" "r" Int ["pure"] => "unicodelen({0})";
    /// Bytes of a string; as many as characters if it is ASCII.
    StrSize "str_size" "r" Int ["pure"] => "strlen({0})";
    StrData "str_data" "r" Raw ["pure"] => "getfield_gc_i({0}, descr=<FieldS str.data>)";
    /// The string of one ASCII character with this code.
    CharOf "char" "i" Ref ["pure"] => "call #";
    /// Two strings have the same text.
    StrEq "str_eq" "rr" Bool ["pure"] => "call #";
    /// Number of a key's entry in a dict or set; -1 if it is missing, -2 if only a lookup that runs Python code could
    /// tell.
    DictFind "dict_find" "rr" Int ["load"] => "call #";
    /// Key of entry `i` of a dict or set; NULL in a hole.
    DictKey "getdictkey" "ri" Ref ["load"]
        => "getinteriorfield_gc_r({*}, descr=<InteriorFieldDescr <FieldP entry.key>>)";
    /// Value of entry `i` of a dict.
    DictValue "getdictvalue" "ri" Ref ["load"]
        => "getinteriorfield_gc_r({*}, descr=<InteriorFieldDescr <FieldP entry.value>>)";
    DictPut "setdictvalue" "rir" Void ["store"]
        => "setinteriorfield_gc({*}, descr=<InteriorFieldDescr <FieldP entry.value>>)";
    /// A missing key and its value are added.
    DictInsert "dict_insert" "rrr" Void ["store"] => "call #";
    ListAppend "list_append" "rr" Void ["store"] => "call #";

    // Objects.
    NewTuple "new_tuple" "*" Ref ["alloc"] => "call #";
    NewList "new_list" "*" Ref ["alloc" "store"] => "call #";
    /// An instance of the class (a constant) with its root shape and no attributes.
    NewInstance "new_instance" "r" Ref ["alloc"] => "call #";
    /// An instance of the class (first operand, a constant) with shape `imm` and the values of its inline slots, in
    /// order. The escape analysis makes it.
    NewInstanceWith "new_instance_with" "*" Ref ["alloc"] => "call #";
    /// `range(start, stop, step)`; the step is not 0.
    NewRange "new_range" "iii" Ref ["alloc"] => "call #";
    /// A function with the code at address `imm`: globals, tuple and dict of defaults (or NULL).
    NewFunction "new_function" "rrr" Ref ["alloc"] => "call #";
    /// A function with its tuple of cells.
    NewClosure "new_closure" "rr" Ref ["alloc"] => "call #";
    NewCell "new_cell" "r" Ref ["alloc"] => "call #";
    NewBoundMethod "new_bound_method" "rr" Ref ["alloc"] => "call #";

    // Calls.
    /// Runtime operation `imm & 0xff` (`vm::interp::residual::Rt`) with immediate `imm >> 8`; NULL when it raised.
    CallRt "call" "*" Ref ["call"] => "call_r({imm}, {*}, descr=<Callr 8 {types} EF=5 OS=0>)";
    /// Call of a built-in function; the first argument is the function, a constant. NULL when it raised.
    CallNative "call_native" "*" Ref ["call"] => "call_r({*}, descr=<Callr 8 {types} EF=5 OS=0>)";
    /// Call of a Python function whose code is compiled; the first argument is the function. NULL when it raised.
    CallAssembler "call_assembler" "*" Ref ["call"] => "call_assembler_r({*})";

    /// The exception that the last call raised; from now on it is the trace's.
    TakeException "take_exception" "" Ref ["call"] => "save_exception()";

    /// Adds 1 to the 64-bit word at address `imm`; only in traces compiled while a log wants counters.
    Count "increment_debug_counter" "" Void ["store"];

    // Ends.
    /// To the loop that this trace closes (or, in its body, back to its start), with one argument per parameter.
    JumpSelf "jump_self" "*" Void ["end"] => "jump({*}, descr={target})";
    /// To the loop with number `imm`, with one argument per parameter.
    JumpLoop "jump" "*" Void ["end"] => "jump({*}, descr={target})";
    /// To the entry bridge with number `imm`: all state is in the frame.
    JumpEntry "jump_entry" "" Void ["end"] => "jump({*}, descr={target})";
    /// The base frame returns `r` to its caller (only in functions compiled for `call_assembler`).
    Finish "finish" "r" Void ["end"];
}
