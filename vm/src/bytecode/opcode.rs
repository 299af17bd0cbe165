//! Table 1: the instructions, with the bytes MicroPython's `.mpy` version 6 gives them.
//!
//! The high nibble of an opcode decides the form of its operand, and the most frequent instructions carry a small
//! operand in the opcode byte itself (`*_MULTI`, a packed range). This table is the only place that says so.

/// What follows the opcode byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    /// Nothing.
    None,
    /// Nothing: the operand is the opcode's distance from the base of its range, plus `bias`.
    Packed { count: u8, bias: i8 },
    /// Varuint: index into the module's qstr table.
    Qstr,
    /// Varuint: index into the module's object table.
    Object,
    /// Varuint: index into the function's children.
    Child,
    /// As `Child`, then one byte: how many cells are closed over.
    ChildPlusByte,
    /// Varuint: number of a local.
    Local,
    /// Varuint: a count or another plain number.
    Varuint,
    /// Varuint: positional arguments, plus keyword arguments times 256.
    Call,
    /// Varint with sign.
    SignedVarint,
    /// Distance from the next instruction, in either direction.
    SignedJump,
    /// As `SignedJump`, then one byte: handlers to leave, plus 0x80 to drop an iterator.
    SignedJumpPlusByte,
    /// Distance from the next instruction, forward only.
    UnsignedJump,
    /// Ours: four bytes, the distance from the next instruction.
    FarJump,
    /// Ours: as `Child`, then a varuint: how many cells are closed over.
    ChildPlusVaruint,
    /// Ours: two varuints.
    Pair,
}

/// What the table says of an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpInfo {
    /// As disassembly and logs print it.
    pub name: &'static str,
    /// The opcode byte, or the first of a packed range.
    pub base: u8,
    pub operand: Operand,
    /// How many objects it takes from the stack, and how many it puts there, on the path to the next instruction.
    /// `None` if that depends on the operand, or if something on the stack is no object: a null word, an iterator's
    /// slot, what a `finally` resumes. `verify::flow` says what those do.
    pub stack: Option<(u8, u8)>,
}

impl Operand {
    /// MicroPython has no such operand.
    pub fn is_ours(self) -> bool {
        matches!(self, Operand::FarJump | Operand::ChildPlusVaruint | Operand::Pair)
    }
}

/// What the table says of opcode byte `op`.
pub fn info(op: u8) -> Option<&'static OpInfo> {
    TABLE.get(usize::from(INDEX[usize::from(op)]))
}

macro_rules! declare {
    ($($(#[$doc:meta])+ $name:ident $text:literal $byte:literal, $operand:expr, $stack:expr;)+) => {
        /// The opcode bytes. Those ending in `_MULTI` are the first of a packed range.
        pub mod op {
            $($(#[$doc])+ pub const $name: u8 = $byte;)+
        }
        static TABLE: &[OpInfo] =
            &[$(OpInfo { name: $text, base: $byte, operand: $operand, stack: $stack }),+];
    };
}

const SMALL_INTS: Operand = Operand::Packed { count: 64, bias: -16 };
const LOCALS: Operand = Operand::Packed { count: 16, bias: 0 };
const UNARY_OPS: Operand = Operand::Packed { count: UnaryOp::ALL.len() as u8, bias: 0 };
const BINARY_OPS: Operand = Operand::Packed { count: BinaryOp::ALL.len() as u8, bias: 0 };

declare! {
    // Names and attributes.
    /// Push an interned string.
    LOAD_CONST_STRING "LOAD_CONST_STRING" 0x10, Operand::Qstr, Some((0, 1));
    /// Push a variable of a class or module body.
    LOAD_NAME "LOAD_NAME" 0x11, Operand::Qstr, Some((0, 1));
    /// Push a global, or else a built-in.
    LOAD_GLOBAL "LOAD_GLOBAL" 0x12, Operand::Qstr, Some((0, 1));
    /// `obj → obj.name`
    LOAD_ATTR "LOAD_ATTR" 0x13, Operand::Qstr, Some((1, 1));
    /// `obj → method self`, self being null if the method is not bound
    LOAD_METHOD "LOAD_METHOD" 0x14, Operand::Qstr, None;
    /// `super class self → method self`
    LOAD_SUPER_METHOD "LOAD_SUPER_METHOD" 0x15, Operand::Qstr, None;
    /// `value →` into a variable of a class or module body
    STORE_NAME "STORE_NAME" 0x16, Operand::Qstr, Some((1, 0));
    /// `value →` into a global
    STORE_GLOBAL "STORE_GLOBAL" 0x17, Operand::Qstr, Some((1, 0));
    /// `value obj →`; a null value deletes
    STORE_ATTR "STORE_ATTR" 0x18, Operand::Qstr, None;
    /// Delete a variable of a class or module body.
    DELETE_NAME "DELETE_NAME" 0x19, Operand::Qstr, Some((0, 0));
    /// Delete a global.
    DELETE_GLOBAL "DELETE_GLOBAL" 0x1a, Operand::Qstr, Some((0, 0));
    /// `level fromlist → module`
    IMPORT_NAME "IMPORT_NAME" 0x1b, Operand::Qstr, Some((2, 1));
    /// `module → module module.name`
    IMPORT_FROM "IMPORT_FROM" 0x1c, Operand::Qstr, Some((1, 2));

    // Operands that are numbers.
    /// `cell … → closure`
    MAKE_CLOSURE "MAKE_CLOSURE" 0x20, Operand::ChildPlusByte, None;
    /// `defaults kwdefaults cell … → closure`
    MAKE_CLOSURE_DEFARGS "MAKE_CLOSURE_DEFARGS" 0x21, Operand::ChildPlusByte, None;
    /// Push a small integer.
    LOAD_CONST_SMALL_INT "LOAD_CONST_SMALL_INT" 0x22, Operand::SignedVarint, Some((0, 1));
    /// Push a constant object.
    LOAD_CONST_OBJ "LOAD_CONST_OBJ" 0x23, Operand::Object, Some((0, 1));
    /// Push a local.
    LOAD_FAST_N "LOAD_FAST_N" 0x24, Operand::Local, Some((0, 1));
    /// Push the contents of the cell in a local.
    LOAD_DEREF "LOAD_DEREF" 0x25, Operand::Local, Some((0, 1));
    /// `value →` into a local
    STORE_FAST_N "STORE_FAST_N" 0x26, Operand::Local, Some((1, 0));
    /// `value →` into the cell in a local
    STORE_DEREF "STORE_DEREF" 0x27, Operand::Local, Some((1, 0));
    /// Unbind a local.
    DELETE_FAST "DELETE_FAST" 0x28, Operand::Local, Some((0, 0));
    /// Empty the cell in a local.
    DELETE_DEREF "DELETE_DEREF" 0x29, Operand::Local, Some((0, 0));
    /// `item × n → tuple`
    BUILD_TUPLE "BUILD_TUPLE" 0x2a, Operand::Varuint, None;
    /// `item × n → list`
    BUILD_LIST "BUILD_LIST" 0x2b, Operand::Varuint, None;
    /// Push an empty dict with room for n items.
    BUILD_MAP "BUILD_MAP" 0x2c, Operand::Varuint, Some((0, 1));
    /// `item × n → set`
    BUILD_SET "BUILD_SET" 0x2d, Operand::Varuint, None;
    /// `start stop [step] → slice`, n being 2 or 3
    BUILD_SLICE "BUILD_SLICE" 0x2e, Operand::Varuint, None;
    /// Add to the collection n/4 deep: `item →` (n%4 = 0 list, 2 set) or `value key →` (1 dict).
    STORE_COMP "STORE_COMP" 0x2f, Operand::Varuint, None;
    /// `sequence → item × n`, the first on top
    UNPACK_SEQUENCE "UNPACK_SEQUENCE" 0x30, Operand::Varuint, None;
    /// As `UNPACK_SEQUENCE` with n%256 items left and n/256 right of a starred list.
    UNPACK_EX "UNPACK_EX" 0x31, Operand::Varuint, None;
    /// Push a function.
    MAKE_FUNCTION "MAKE_FUNCTION" 0x32, Operand::Child, Some((0, 1));
    /// `defaults kwdefaults → function`
    MAKE_FUNCTION_DEFARGS "MAKE_FUNCTION_DEFARGS" 0x33, Operand::Child, None;
    /// `function arg … (name value) … → result`
    CALL_FUNCTION "CALL_FUNCTION" 0x34, Operand::Call, None;
    /// As `CALL_FUNCTION`, then a bit map of the starred arguments; `**x` has a null name.
    CALL_FUNCTION_VAR_KW "CALL_FUNCTION_VAR_KW" 0x35, Operand::Call, None;
    /// `method self arg … (name value) … → result`
    CALL_METHOD "CALL_METHOD" 0x36, Operand::Call, None;
    /// As `CALL_METHOD`, then a bit map of the starred arguments.
    CALL_METHOD_VAR_KW "CALL_METHOD_VAR_KW" 0x37, Operand::Call, None;

    // Ours, where MicroPython's have too little room; no `.mpy` file holds them.
    /// As `UNPACK_EX`, the two numbers apart.
    UNPACK_EX_WIDE "UNPACK_EX_WIDE" 0x38, Operand::Pair, None;
    /// As `MAKE_CLOSURE`, with any number of cells.
    MAKE_CLOSURE_WIDE "MAKE_CLOSURE_WIDE" 0x39, Operand::ChildPlusVaruint, None;
    /// As `MAKE_CLOSURE_DEFARGS`, with any number of cells.
    MAKE_CLOSURE_DEFARGS_WIDE "MAKE_CLOSURE_DEFARGS_WIDE" 0x3a, Operand::ChildPlusVaruint, None;
    /// As `SETUP_WITH`, any distance.
    SETUP_WITH_FAR "SETUP_WITH_FAR" 0x4d, Operand::FarJump, None;
    /// As `SETUP_EXCEPT`, any distance.
    SETUP_EXCEPT_FAR "SETUP_EXCEPT_FAR" 0x4e, Operand::FarJump, None;
    /// As `SETUP_FINALLY`, any distance.
    SETUP_FINALLY_FAR "SETUP_FINALLY_FAR" 0x4f, Operand::FarJump, None;
    /// Jump any distance.
    JUMP_FAR "JUMP_FAR" 0x4c, Operand::FarJump, Some((0, 0));

    // Jumps. The stack column is that of the path which does not jump.
    /// Jump out of exception handlers, running the `finally` ones.
    UNWIND_JUMP "UNWIND_JUMP" 0x40, Operand::SignedJumpPlusByte, None;
    /// Jump.
    JUMP "JUMP" 0x42, Operand::SignedJump, Some((0, 0));
    /// `condition →` and jump if it is true
    POP_JUMP_IF_TRUE "POP_JUMP_IF_TRUE" 0x43, Operand::SignedJump, Some((1, 0));
    /// `condition →` and jump if it is false
    POP_JUMP_IF_FALSE "POP_JUMP_IF_FALSE" 0x44, Operand::SignedJump, Some((1, 0));
    /// Jump and keep the value if it is true, else drop it.
    JUMP_IF_TRUE_OR_POP "JUMP_IF_TRUE_OR_POP" 0x45, Operand::UnsignedJump, None;
    /// Jump and keep the value if it is false, else drop it.
    JUMP_IF_FALSE_OR_POP "JUMP_IF_FALSE_OR_POP" 0x46, Operand::UnsignedJump, None;
    /// `manager → exit self value` and guard what follows
    SETUP_WITH "SETUP_WITH" 0x47, Operand::UnsignedJump, None;
    /// Guard what follows with an `except` handler.
    SETUP_EXCEPT "SETUP_EXCEPT" 0x48, Operand::UnsignedJump, None;
    /// Guard what follows with a `finally` handler.
    SETUP_FINALLY "SETUP_FINALLY" 0x49, Operand::UnsignedJump, None;
    /// Drop the innermost handler and jump.
    POP_EXCEPT_JUMP "POP_EXCEPT_JUMP" 0x4a, Operand::UnsignedJump, None;
    /// `iterator₄ → iterator₄ item`, or drop the iterator's four slots and jump
    FOR_ITER "FOR_ITER" 0x4b, Operand::UnsignedJump, None;

    // No operand.
    /// Push `False`.
    LOAD_CONST_FALSE "LOAD_CONST_FALSE" 0x50, Operand::None, Some((0, 1));
    /// Push `None`.
    LOAD_CONST_NONE "LOAD_CONST_NONE" 0x51, Operand::None, Some((0, 1));
    /// Push `True`.
    LOAD_CONST_TRUE "LOAD_CONST_TRUE" 0x52, Operand::None, Some((0, 1));
    /// Push the null word.
    LOAD_NULL "LOAD_NULL" 0x53, Operand::None, None;
    /// Push `__build_class__`.
    LOAD_BUILD_CLASS "LOAD_BUILD_CLASS" 0x54, Operand::None, Some((0, 1));
    /// `obj index → obj[index]`
    LOAD_SUBSCR "LOAD_SUBSCR" 0x55, Operand::None, Some((2, 1));
    /// `value obj index →`; a null value deletes
    STORE_SUBSCR "STORE_SUBSCR" 0x56, Operand::None, None;
    /// `a → a a`
    DUP_TOP "DUP_TOP" 0x57, Operand::None, None;
    /// `a b → a b a b`
    DUP_TOP_TWO "DUP_TOP_TWO" 0x58, Operand::None, None;
    /// `a →`
    POP_TOP "POP_TOP" 0x59, Operand::None, None;
    /// `a b → b a`
    ROT_TWO "ROT_TWO" 0x5a, Operand::None, None;
    /// `a b c → c a b`
    ROT_THREE "ROT_THREE" 0x5b, Operand::None, None;
    /// Call the exit method of a `with` block, as what is on the stack demands.
    WITH_CLEANUP "WITH_CLEANUP" 0x5c, Operand::None, None;
    /// End a handler: go on, return, keep unwinding or raise again, as the top of the stack says.
    END_FINALLY "END_FINALLY" 0x5d, Operand::None, None;
    /// `iterable → iterator`
    GET_ITER "GET_ITER" 0x5e, Operand::None, Some((1, 1));
    /// `iterable → iterator₄`, in four slots
    GET_ITER_STACK "GET_ITER_STACK" 0x5f, Operand::None, None;
    /// `dict value key → dict`
    STORE_MAP "STORE_MAP" 0x62, Operand::None, Some((3, 1));
    /// `value →` to the caller
    RETURN_VALUE "RETURN_VALUE" 0x63, Operand::None, Some((1, 0));
    /// Raise the active exception again.
    RAISE_LAST "RAISE_LAST" 0x64, Operand::None, Some((0, 0));
    /// `exception →`
    RAISE_OBJ "RAISE_OBJ" 0x65, Operand::None, Some((1, 0));
    /// `exception cause →`
    RAISE_FROM "RAISE_FROM" 0x66, Operand::None, Some((2, 0));
    /// `value → sent`
    YIELD_VALUE "YIELD_VALUE" 0x67, Operand::None, Some((1, 1));
    /// `iterator sent → result`, yielding in between
    YIELD_FROM "YIELD_FROM" 0x68, Operand::None, Some((2, 1));
    /// `module →` and bind all its names
    IMPORT_STAR "IMPORT_STAR" 0x69, Operand::None, Some((1, 0));

    // Packed ranges.
    /// Push a small integer, -16 … 47.
    LOAD_CONST_SMALL_INT_MULTI "LOAD_CONST_SMALL_INT" 0x70, SMALL_INTS, Some((0, 1));
    /// Push a local, 0 … 15.
    LOAD_FAST_MULTI "LOAD_FAST" 0xb0, LOCALS, Some((0, 1));
    /// `value →` into a local, 0 … 15
    STORE_FAST_MULTI "STORE_FAST" 0xc0, LOCALS, Some((1, 0));
    /// `a → op a`, op a [UnaryOp]
    UNARY_OP_MULTI "UNARY_OP" 0xd0, UNARY_OPS, Some((1, 1));
    /// `a b → a op b`, op a [BinaryOp]
    BINARY_OP_MULTI "BINARY_OP" 0xd7, BINARY_OPS, Some((2, 1));
}

/// Opcode byte → row of the table.
static INDEX: [u8; 256] = index();

/// The opcode byte that begins the packed range a byte is in, or the byte itself: what a run loop branches on. With
/// ranges of bytes in its arms, a match becomes a row of comparisons before a jump.
pub static BASE: [u8; 256] = base();

const fn base() -> [u8; 256] {
    let index = index();
    let mut base = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let row = index[byte] as usize;
        base[byte] = if row < TABLE.len() { TABLE[row].base } else { byte as u8 };
        byte += 1;
    }
    base
}

const fn index() -> [u8; 256] {
    let mut index = [u8::MAX; 256];
    let mut row = 0;
    while row < TABLE.len() {
        let count = match TABLE[row].operand {
            Operand::Packed { count, .. } => count as usize,
            _ => 1,
        };
        let mut i = 0;
        while i < count {
            assert!(index[TABLE[row].base as usize + i] == u8::MAX, "two instructions share a byte");
            index[TABLE[row].base as usize + i] = row as u8;
            i += 1;
        }
        row += 1;
    }
    index
}

macro_rules! operators {
    ($(#[$doc:meta])* $kind:ident: $($name:ident $symbol:literal $dunder:literal,)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $kind { $($name),+ }

        impl $kind {
            /// In the order of the packed opcodes.
            pub const ALL: &[$kind] = &[$($kind::$name),+];

            /// The operator of packed operand `n`.
            pub fn from_index(n: u8) -> Option<$kind> {
                Self::ALL.get(usize::from(n)).copied()
            }

            /// As it is written in a program.
            pub fn as_str(self) -> &'static str {
                match self { $($kind::$name => $symbol),+ }
            }

            /// The special method behind it; empty if there is none.
            pub fn dunder(self) -> &'static str {
                match self { $($kind::$name => $dunder),+ }
            }
        }
    };
}

operators! {
    /// Operators with one operand.
    UnaryOp:
    Positive "+" "__pos__",
    Negative "-" "__neg__",
    Invert "~" "__invert__",
    Not "not" "",
}

operators! {
    /// Operators with two operands. `not in` and `is not` are these with a `Not` behind.
    BinaryOp:
    Less "<" "__lt__",
    More ">" "__gt__",
    Equal "==" "__eq__",
    LessEqual "<=" "__le__",
    MoreEqual ">=" "__ge__",
    NotEqual "!=" "__ne__",
    In "in" "__contains__",
    Is "is" "",
    ExceptionMatch "except" "",
    InplaceOr "|=" "__ior__",
    InplaceXor "^=" "__ixor__",
    InplaceAnd "&=" "__iand__",
    InplaceLshift "<<=" "__ilshift__",
    InplaceRshift ">>=" "__irshift__",
    InplaceAdd "+=" "__iadd__",
    InplaceSubtract "-=" "__isub__",
    InplaceMultiply "*=" "__imul__",
    InplaceMatMultiply "@=" "__imatmul__",
    InplaceFloorDivide "//=" "__ifloordiv__",
    InplaceTrueDivide "/=" "__itruediv__",
    InplaceModulo "%=" "__imod__",
    InplacePower "**=" "__ipow__",
    Or "|" "__or__",
    Xor "^" "__xor__",
    And "&" "__and__",
    Lshift "<<" "__lshift__",
    Rshift ">>" "__rshift__",
    Add "+" "__add__",
    Subtract "-" "__sub__",
    Multiply "*" "__mul__",
    MatMultiply "@" "__matmul__",
    FloorDivide "//" "__floordiv__",
    TrueDivide "/" "__truediv__",
    Modulo "%" "__mod__",
    Power "**" "__pow__",
}

const IN_PLACE: u8 = BinaryOp::InplaceOr as u8;
const ARITHMETIC: u8 = BinaryOp::Or as u8;
const _: () = assert!(BinaryOp::Power as u8 - ARITHMETIC == BinaryOp::InplacePower as u8 - IN_PLACE);

impl BinaryOp {
    /// `+` for `+=` and so on.
    pub fn without_assignment(self) -> BinaryOp {
        let n = self as u8;
        if (IN_PLACE..ARITHMETIC).contains(&n) {
            Self::ALL[usize::from(n - IN_PLACE + ARITHMETIC)]
        } else {
            self
        }
    }

    /// The method of the right operand that answers for an arithmetic operator; empty for all others.
    pub fn reflected(self) -> &'static str {
        match self {
            BinaryOp::Or => "__ror__",
            BinaryOp::Xor => "__rxor__",
            BinaryOp::And => "__rand__",
            BinaryOp::Lshift => "__rlshift__",
            BinaryOp::Rshift => "__rrshift__",
            BinaryOp::Add => "__radd__",
            BinaryOp::Subtract => "__rsub__",
            BinaryOp::Multiply => "__rmul__",
            BinaryOp::MatMultiply => "__rmatmul__",
            BinaryOp::FloorDivide => "__rfloordiv__",
            BinaryOp::TrueDivide => "__rtruediv__",
            BinaryOp::Modulo => "__rmod__",
            BinaryOp::Power => "__rpow__",
            _ => "",
        }
    }

    /// `+=` for `+` and so on.
    pub fn with_assignment(self) -> BinaryOp {
        let n = self as u8;
        if n >= ARITHMETIC { Self::ALL[usize::from(n - ARITHMETIC + IN_PLACE)] } else { self }
    }
}
