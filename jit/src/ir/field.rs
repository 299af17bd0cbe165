//! Fields of heap objects that traces read and write: offset, type, and what may alias what.
//!
//! Two accesses can touch the same memory only if their classes are equal (and their objects may be the same).

use std::mem::offset_of;

use vm::object::class::Instance;
use vm::object::dict::Dict;
use vm::object::exception::Exception;
use vm::object::function::Function;
use vm::object::iter::Iter;

use super::op::Ty;

/// What memory an access touches. A call that changes the heap touches all but `Immutable`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum Alias {
    /// Never changes after the object is made.
    Immutable,
    /// Items pointer and length of lists.
    ListHeader,
    ListItem,
    Cell,
    InstanceSlot,
    /// Which shape an instance has.
    Shape,
    /// Values in namespace dicts.
    Entry,
    IterState,
    /// Where a generator stands.
    Generator,
    /// Base frame slots in memory.
    Frame,
    /// Contents of bytearrays.
    Bytes,
    /// Address and length of their data.
    BytesHeader,
    /// Which keys dicts and sets have, and in which entries.
    TableKeys,
    /// Values of dicts that are no namespaces.
    TableValues,
}

macro_rules! fields {
    ($( $(#[doc = $doc:literal])* $name:ident $text:literal $offset:expr, $ty:ident, $alias:ident; )*) => {
        /// A field.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u8)]
        pub enum Field { $( $(#[doc = $doc])* $name ),* }

        impl Field {
            pub const ALL: &'static [Field] = &[$(Field::$name),*];

            pub fn from_imm(imm: u64) -> Field {
                Field::ALL[imm as usize]
            }

            /// As logged.
            pub const fn name(self) -> &'static str {
                match self { $(Field::$name => $text),* }
            }

            /// Bytes from the start of the object.
            pub const fn offset(self) -> i32 {
                match self { $(Field::$name => $offset as i32),* }
            }

            /// `Int` fields hold plain (untagged) 64-bit numbers, except that they always fit 63 bits.
            pub const fn ty(self) -> Ty {
                match self { $(Field::$name => Ty::$ty),* }
            }

            pub const fn alias(self) -> Alias {
                match self { $(Field::$name => Alias::$alias),* }
            }
        }
    };
}

fields! {
    /// Address of a list's items.
    ListItems "list.items" 8, Raw, ListHeader;
    ListLen "list.len" 16, Int, ListHeader;
    /// Address of the data of bytes or a bytearray.
    BytesData "bytes.data" 8, Raw, BytesHeader;
    BytesLen "bytes.len" 16, Int, BytesHeader;
    /// Number of keys of a dict or set.
    DictLen "dict.len" Dict::LIVE, Int, TableKeys;
    /// One past its last entry, holes included.
    DictEntries "dict.entries" 16, Int, TableKeys;
    /// What a built-in iterator steps through: two values and two numbers, as its kind says.
    IterA "iter.a" offset_of!(Iter, a), Ref, Immutable;
    IterB "iter.b" offset_of!(Iter, b), Ref, Immutable;
    IterNext "iter.n" offset_of!(Iter, n), Int, IterState;
    IterEnd "iter.end" offset_of!(Iter, end), Int, Immutable;
    CellValue "cell.value" 8, Ref, Cell;
    ExceptionClass "exception.class" offset_of!(Exception, class), Ref, Immutable;
    FunctionGlobals "function.globals" 16, Ref, Immutable;
    FunctionDefaults "function.defaults" offset_of!(Function, defaults), Ref, Immutable;
    /// Address of an instance's slots beyond the inline ones.
    InstanceOverflow "instance.overflow" offset_of!(Instance, overflow), Raw, Shape;
    ClosureFunction "closure.function" 8, Ref, Immutable;
    ClosureCells "closure.cells" 16, Ref, Immutable;
    /// A packed `Status`.
    GeneratorStatus "generator.status" 24, Ref, Generator;
    /// Address of the saved slots; they are read and written like list items.
    GeneratorSlots "generator.slots" 32, Raw, Immutable;
    MethodFunction "method.function" 8, Ref, Immutable;
    MethodSelf "method.self" 16, Ref, Immutable;
    RangeStart "range.start" 8, Int, Immutable;
    RangeStop "range.stop" 16, Int, Immutable;
    RangeStep "range.step" 24, Int, Immutable;
}
