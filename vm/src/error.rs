//! Python exceptions on their way: `R<T>` is what every fallible operation of the runtime returns.

use crate::object::class::Class;
use crate::object::exception::Exception;
use crate::object::heap::Gc;
use crate::object::value::Value;
use crate::vm::Vm;

/// An exception being raised. Its object is on the heap; this is only the token.
#[derive(Clone, Copy, Debug)]
pub struct Raise(pub Gc<Exception>);

pub type R<T = Value> = Result<T, Raise>;

macro_rules! exceptions {
    ($root:ident; $( $name:ident : $base:ident ),* $(,)?) => {
        /// The built-in exception classes.
        #[derive(Clone, Copy)]
        #[expect(non_snake_case, reason = "fields carry the Python names")]
        pub struct Exceptions { pub $root: Gc<Class>, $(pub $name: Gc<Class>),* }

        impl Exceptions {
            /// Makes the classes with `new(name, base)`; parents come before children.
            #[expect(non_snake_case, reason = "as above")]
            pub fn build(mut new: impl FnMut(&'static str, Option<Gc<Class>>) -> Gc<Class>) -> Exceptions {
                let $root = new(stringify!($root), None);
                $(let $name = new(stringify!($name), Some($base));)*
                Exceptions { $root, $($name),* }
            }

            pub fn all(&self) -> Vec<Gc<Class>> {
                vec![self.$root, $(self.$name),*]
            }
        }
    };
}

exceptions! {
    BaseException;
    SystemExit: BaseException,
    KeyboardInterrupt: BaseException,
    GeneratorExit: BaseException,
    Exception: BaseException,
    StopIteration: Exception,
    StopAsyncIteration: Exception,
    ArithmeticError: Exception,
    OverflowError: ArithmeticError,
    ZeroDivisionError: ArithmeticError,
    AssertionError: Exception,
    AttributeError: Exception,
    EOFError: Exception,
    ImportError: Exception,
    LookupError: Exception,
    IndexError: LookupError,
    KeyError: LookupError,
    MemoryError: Exception,
    NameError: Exception,
    OSError: Exception,
    RuntimeError: Exception,
    NotImplementedError: RuntimeError,
    SyntaxError: Exception,
    IndentationError: SyntaxError,
    TypeError: Exception,
    ValueError: Exception,
    UnicodeError: ValueError,
    ModuleNotFoundError: ImportError,
    UnboundLocalError: NameError,
    RecursionError: RuntimeError,
    FileNotFoundError: OSError,
    FileExistsError: OSError,
    PermissionError: OSError,
    IsADirectoryError: OSError,
    NotADirectoryError: OSError,
    Warning: Exception,
    UserWarning: Warning,
    DeprecationWarning: Warning,
    PendingDeprecationWarning: Warning,
    SyntaxWarning: Warning,
    RuntimeWarning: Warning,
    FutureWarning: Warning,
    ImportWarning: Warning,
    UnicodeWarning: Warning,
    BytesWarning: Warning,
    ResourceWarning: Warning,
}

macro_rules! raisers {
    ($( $method:ident $class:ident ),* $(,)?) => {
        impl Vm {
            $(#[doc = concat!("A `", stringify!($class), "` with this message.")]
            #[cold]
            pub fn $method(&mut self, message: impl AsRef<str>) -> Raise {
                let class = self.exceptions.$class;
                self.raise_message(class, message.as_ref())
            })*
        }
    };
}

raisers! {
    type_error TypeError,
    value_error ValueError,
    index_error IndexError,
    attribute_error AttributeError,
    name_error NameError,
    runtime_error RuntimeError,
    overflow_error OverflowError,
    zero_division ZeroDivisionError,
    import_error ImportError,
    not_implemented NotImplementedError,
    syntax_error SyntaxError,
    memory_error MemoryError,
}

impl Vm {
    #[cold]
    pub fn raise_message(&mut self, class: Gc<Class>, message: &str) -> Raise {
        let text = self.str(message);
        self.raise_with(class, &[text])
    }

    /// An exception of `class` with these arguments.
    #[cold]
    pub fn raise_with(&mut self, class: Gc<Class>, args: &[Value]) -> Raise {
        Raise(self.new_exception(class, args))
    }

    /// The OSError with this number, of the class that CPython has for it.
    #[cold]
    pub fn os_error(&mut self, number: i64) -> Raise {
        let classes = self.exceptions;
        let class = match number {
            2 => classes.FileNotFoundError,
            17 => classes.FileExistsError,
            1 | 13 => classes.PermissionError,
            21 => classes.IsADirectoryError,
            20 => classes.NotADirectoryError,
            _ => classes.OSError,
        };
        self.raise_with(class, &[Value::small(number)])
    }

    /// `KeyError(key)`.
    #[cold]
    pub fn key_error(&mut self, key: Value) -> Raise {
        self.raise_with(self.exceptions.KeyError, &[key])
    }

    /// `StopIteration(value)`, without argument for None.
    #[cold]
    pub fn stop_iteration(&mut self, value: Value) -> Raise {
        let args = [value];
        self.raise_with(self.exceptions.StopIteration, if value.is_none() { &[] } else { &args })
    }

    /// The exception is an instance of `class`.
    pub fn matches(&self, raise: Raise, class: Gc<Class>) -> bool {
        Class::is_subclass(raise.0.class, class)
    }
}
