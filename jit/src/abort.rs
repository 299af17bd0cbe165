//! Table 3: every reason why a trace is given up. An abort is not an error: it is data in the log.

macro_rules! reasons {
    ($( $(#[doc = $doc:literal])* $name:ident $pypy:literal $message:literal; )*) => {
        /// Why a recording or its compilation was given up.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        pub enum Abort { $( $(#[doc = $doc])* $name ),* }

        impl Abort {
            pub const ALL: &'static [Abort] = &[$(Abort::$name),*];

            /// PyPy's name of the nearest reason, as its logs print it.
            pub const fn pypy_name(self) -> &'static str {
                match self { $(Abort::$name => $pypy),* }
            }

            /// For people.
            pub const fn message(self) -> &'static str {
                match self { $(Abort::$name => $message),* }
            }
        }
    };
}

reasons! {
    /// `Options::trace_limit`.
    TooLong "ABORT_TOO_LONG" "the trace grew too long";
    /// The function that contains the loop returned, or was left by an exception, before the loop closed.
    LeftFrame "ABORT_BAD_LOOP" "the loop was left while it was recorded";
    /// The loop inside is compiled first; this trace can then lead to it.
    InnerLoop "ABORT_BAD_LOOP" "another loop inside begins its second iteration: that one comes first";
    Exception "ABORT_ESCAPE" "an exception was raised while the loop was recorded";
    /// A fact of the interpreter that has no trace operation.
    Opaque "ABORT_ESCAPE" "the loop does something that traces cannot hold";
    Generator "ABORT_ESCAPE" "the loop resumes a generator";
    /// The second iteration needs other types than the first.
    TypeUnstable "ABORT_BAD_LOOP" "the types of the loop's variables change from one iteration to the next";
    /// Not a failure: the loop is compiled anew for the types that this bridge leads to.
    OtherTypes "ABORT_BAD_LOOP" "the loop is compiled for other types: it gets another version";
    AlwaysFails "ABORT_BAD_LOOP" "a guard was proven to always fail";
    /// Something the trace took for constant changed while it was recorded.
    Invalidated "ABORT_FORCE_QUASIIMMUT" "something taken for constant changed while the loop was recorded";
    /// `Options::bridge_limit`.
    TooManyBridges "ABORT_BRIDGE" "the loop has too many bridges";
    /// An error of ours, found in time: see `record::check`.
    Internal "ABORT_ESCAPE" "the recorder broke a rule of its own: please report it";
    /// `sys.settrace` was called: only the interpreter tells of lines and calls.
    Traced "ABORT_ESCAPE" "the program began to be traced while the loop was recorded";
    Backend "ABORT_TOO_LONG" "the code generator could not compile the trace";
}
