"""Names for annotations. They mean nothing when a program runs."""


class _Form:
    """Something that stands in annotations, alone or with arguments."""

    def __init__(self, name, args=()):
        self._name = name
        self.__args__ = args

    def __getitem__(self, args):
        return _Form(self._name, args if isinstance(args, tuple) else (args,))

    def __call__(self, *args, **kw):
        return _Form(self._name, args)

    def __or__(self, other):
        return _Form("Union", (self, other))

    def __ror__(self, other):
        return _Form("Union", (other, self))

    def __repr__(self):
        if not self.__args__:
            return "typing." + self._name
        return "typing.%s[%s]" % (self._name, ", ".join(_shown(arg) for arg in self.__args__))

    def __eq__(self, other):
        return isinstance(other, _Form) and (self._name, self.__args__) == (other._name, other.__args__)

    def __hash__(self):
        return hash(self._name)


def _shown(arg):
    return arg.__name__ if isinstance(arg, type) else repr(arg)


Any = _Form("Any")
Annotated = _Form("Annotated")
AnyStr = _Form("AnyStr")
AsyncIterator = _Form("AsyncIterator")
Awaitable = _Form("Awaitable")
Callable = _Form("Callable")
ClassVar = _Form("ClassVar")
Collection = _Form("Collection")
Concatenate = _Form("Concatenate")
Container = _Form("Container")
Counter = _Form("Counter")
Coroutine = _Form("Coroutine")
DefaultDict = _Form("DefaultDict")
Deque = _Form("Deque")
Dict = _Form("Dict")
Final = _Form("Final")
FrozenSet = _Form("FrozenSet")
Generator = _Form("Generator")
Hashable = _Form("Hashable")
IO = _Form("IO")
Iterable = _Form("Iterable")
Iterator = _Form("Iterator")
List = _Form("List")
Literal = _Form("Literal")
Mapping = _Form("Mapping")
Match = _Form("Match")
MutableMapping = _Form("MutableMapping")
MutableSequence = _Form("MutableSequence")
MutableSet = _Form("MutableSet")
Never = _Form("Never")
NoReturn = _Form("NoReturn")
Optional = _Form("Optional")
OrderedDict = _Form("OrderedDict")
Pattern = _Form("Pattern")
Reversible = _Form("Reversible")
Self = _Form("Self")
Sequence = _Form("Sequence")
Set = _Form("Set")
Sized = _Form("Sized")
SupportsFloat = _Form("SupportsFloat")
SupportsInt = _Form("SupportsInt")
Text = str
TextIO = _Form("TextIO")
Tuple = _Form("Tuple")
Type = _Form("Type")
TypeAlias = _Form("TypeAlias")
Union = _Form("Union")

TYPE_CHECKING = False


class _Base:
    """A base class that can be written with arguments."""

    @classmethod
    def __class_getitem__(cls, args):
        return cls


class Generic(_Base):
    pass


class Protocol(_Base):
    pass


class TypedDict(dict):
    pass


def TypeVar(name, *constraints, **kw):
    return _Form(name)


ParamSpec = TypeVarTuple = TypeVar


def NewType(name, base):
    return lambda value: value


def NamedTuple(name, fields=()):
    from collections import namedtuple

    return namedtuple(name, [field[0] for field in fields])


def cast(kind, value):
    return value


def overload(function):
    return function


final = no_type_check = override = runtime_checkable = overload


def get_type_hints(thing, *args):
    return dict(getattr(thing, "__annotations__", {}))


def get_args(form):
    return getattr(form, "__args__", ())


def assert_never(value):
    raise AssertionError("Expected code to be unreachable, but got: %r" % (value,))
