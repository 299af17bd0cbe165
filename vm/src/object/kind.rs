//! What a heap object (or an immediate) is. The table is the only place where kinds are declared.

macro_rules! kinds {
    ($( $(#[doc = $doc:literal])* $name:ident = $python:literal ),* $(,)?) => {
        /// The concrete representation of a value. Python types are classes; several kinds can share one.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Kind { $( $(#[doc = $doc])* $name ),* }

        impl Kind {
            /// Every kind, in declaration order.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];

            /// The name of the Python type, as `type(x).__name__` gives it.
            pub const fn type_name(self) -> &'static str {
                match self { $(Kind::$name => $python),* }
            }
        }
    };
}

kinds! {
    /// No value; never seen by Python code. Also the header of a free heap cell.
    Null = "NULL",
    None = "NoneType",
    Bool = "bool",
    /// Small ints; also the class of big ones.
    Int = "int",
    BigInt = "int",
    Float = "float",
    Complex = "complex",
    Str = "str",
    Bytes = "bytes",
    Bytearray = "bytearray",
    Memoryview = "memoryview",
    /// `array.array`.
    Array = "array",
    List = "list",
    Tuple = "tuple",
    Dict = "dict",
    OrderedDict = "OrderedDict",
    Set = "set",
    Frozenset = "frozenset",
    /// keys(), values() and items().
    DictView = "dict_view",
    Range = "range",
    /// A range beyond the small ints.
    WideRange = "range",
    Slice = "slice",
    Ellipsis = "ellipsis",
    NotImplemented = "NotImplementedType",
    Object = "object",
    /// A Python function: code, globals, defaults. Free variables come as a [`Kind::Closure`].
    Function = "function",
    /// A function with its cells, which are passed as leading arguments.
    Closure = "closure",
    /// A built-in function written in Rust.
    Native = "function",
    BoundMethod = "bound_method",
    Class = "type",
    /// An instance of a class made by Python code.
    Instance = "instance",
    Exception = "Exception",
    /// A box for a variable that is shared between functions.
    Cell = "cell",
    Generator = "generator",
    /// All built-in iterators.
    Iter = "iterator",
    Module = "module",
    Property = "property",
    StaticMethod = "staticmethod",
    ClassMethod = "classmethod",
    Super = "super",
    /// What a function's `__code__` gives.
    Code = "code",
    /// A function's activation, as tracers see it.
    Frame = "frame",
    Traceback = "traceback",
    /// Objects of built-in modules (files, StringIO, deque, array…) behind a trait object.
    Foreign = "object",
}

impl Kind {
    /// Whether an object of this kind can have another state later: then what was found in it is no constant, even
    /// where the object is one.
    pub const fn is_mutable(self) -> bool {
        match self {
            Kind::Bytearray
            | Kind::Memoryview
            | Kind::Array
            | Kind::List
            | Kind::Dict
            | Kind::OrderedDict
            | Kind::Set
            | Kind::DictView
            | Kind::Function
            | Kind::Closure
            | Kind::Class
            | Kind::Instance
            | Kind::Exception
            | Kind::Cell
            | Kind::Generator
            | Kind::Iter
            | Kind::Module
            | Kind::Frame
            | Kind::Traceback
            | Kind::Foreign => true,
            Kind::Null
            | Kind::None
            | Kind::Bool
            | Kind::Int
            | Kind::BigInt
            | Kind::Float
            | Kind::Complex
            | Kind::Str
            | Kind::Bytes
            | Kind::Tuple
            | Kind::Frozenset
            | Kind::Range
            | Kind::WideRange
            | Kind::Slice
            | Kind::Ellipsis
            | Kind::NotImplemented
            | Kind::Object
            | Kind::Native
            | Kind::BoundMethod
            | Kind::Property
            | Kind::StaticMethod
            | Kind::ClassMethod
            | Kind::Super
            | Kind::Code => false,
        }
    }

    /// Values whose operators, methods and conversions run no Python code, as long as all operands are such.
    pub const fn is_scalar(self) -> bool {
        matches!(
            self,
            Kind::None
                | Kind::Bool
                | Kind::Int
                | Kind::BigInt
                | Kind::Float
                | Kind::Complex
                | Kind::Str
                | Kind::Bytes
                | Kind::Bytearray
                | Kind::Range
                | Kind::Ellipsis
        )
    }
}
