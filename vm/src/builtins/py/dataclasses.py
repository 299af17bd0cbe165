"""Classes made from the names they declare."""


class _Missing:
    def __repr__(self):
        return "<dataclasses.MISSING>"


MISSING = _Missing()
KW_ONLY = _Missing()


class FrozenInstanceError(AttributeError):
    pass


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = {} if metadata is None else metadata
        self.kw_only = kw_only

    @property
    def is_optional(self):
        return self.default is not MISSING or self.default_factory is not MISSING

    def __repr__(self):
        return "Field(name=%r,type=%r,default=%r)" % (self.name, self.type, self.default)


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True,
          metadata=None, kw_only=MISSING):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


def _is_class_var(written):
    return written.split("[")[0].strip("'\" ").split(".")[-1] == "ClassVar"


def _own_fields(cls, kw_only):
    """The fields that this very class declares, in order."""
    found = []
    for name, written in cls.__dict__.get("__annotations__", {}).items():
        if written.split(".")[-1] == "KW_ONLY":
            kw_only = True
            continue
        if _is_class_var(written):
            continue
        default = cls.__dict__.get(name, MISSING)
        if isinstance(default, Field):
            made = default
            if made.default is not MISSING:
                setattr(cls, name, made.default)
            else:
                delattr(cls, name)
        else:
            if isinstance(default, (list, dict, set)):
                raise ValueError(
                    "mutable default %r for field %s is not allowed: use default_factory" % (type(default), name)
                )
            made = field(default=default)
        made.name, made.type = name, written
        if made.kw_only is MISSING:
            made.kw_only = kw_only
        found.append(made)
    return found


def _all_fields(cls, kw_only):
    known = {}
    for base in reversed(cls.__bases__):
        for inherited in getattr(base, "__dataclass_fields__", {}).values():
            known[inherited.name] = inherited
    for own in _own_fields(cls, kw_only):
        known[own.name] = own
    return known


def _function(name, parameters, lines, names):
    """A function made from its text; that of a constructor is as fast as one written by hand."""
    text = "def %s(%s):\n" % (name, ", ".join(parameters))
    exec(text + "".join("    %s\n" % line for line in lines or ["pass"]), names)
    return names[name]


def _make_init(cls, fields, frozen):
    names = {"_MISSING": MISSING, "_set": object.__setattr__}
    plain, keyword, lines = [], [], []
    for f in fields:
        value = f.name
        if f.default_factory is not MISSING:
            names["_make_" + f.name] = f.default_factory
            value = "_make_%s()" % f.name
            if f.init:
                value += " if %s is _MISSING else %s" % (f.name, f.name)
        elif f.default is not MISSING:
            names["_default_" + f.name] = f.default
        if f.init:
            (keyword if f.kw_only else plain).append(f)
        elif f.default_factory is MISSING:
            continue
        if frozen:
            lines.append("_set(self, %r, %s)" % (f.name, value))
        else:
            lines.append("self.%s = %s" % (f.name, value))
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    optional = False
    for f in plain:
        if optional and not f.is_optional:
            raise TypeError("non-default argument %r follows default argument" % f.name)
        optional = f.is_optional
    parameters = ["self"] + [_parameter(f) for f in plain]
    if keyword:
        parameters += ["*"] + [_parameter(f) for f in keyword]
    return _function("__init__", parameters, lines, names)


def _parameter(f):
    if f.default_factory is not MISSING:
        return f.name + "=_MISSING"
    return f.name if f.default is MISSING else "%s=_default_%s" % (f.name, f.name)


def _tuple_of(this, fields):
    return "(%s)" % "".join("%s.%s, " % (this, f.name) for f in fields)


def _make_comparison(name, sign, fields):
    mine, its = _tuple_of("self", fields), _tuple_of("other", fields)
    lines = ["if other.__class__ is not self.__class__:", "    return NotImplemented"]
    return _function(name, ["self", "other"], lines + ["return %s %s %s" % (mine, sign, its)], {})


def _make_repr(fields):
    shown = ", ".join("%s=%%r" % f.name for f in fields if f.repr)
    values = _tuple_of("self", [f for f in fields if f.repr])
    text = "return self.__class__.__name__ + %r %% %s" % ("(%s)" % shown, values)
    return _function("__repr__", ["self"], [text], {})


def _refuse_store(self, name, value=None):
    raise FrozenInstanceError("cannot assign to field %r" % name)


def _refuse_delete(self, name):
    raise FrozenInstanceError("cannot delete field %r" % name)


def _process(cls, init, repr, eq, order, unsafe_hash, frozen, kw_only, match_args):
    known = _all_fields(cls, kw_only)
    fields = list(known.values())
    cls.__dataclass_fields__ = known
    own = cls.__dict__
    compared = [f for f in fields if f.compare]
    if init and "__init__" not in own:
        cls.__init__ = _make_init(cls, fields, frozen)
    if repr and "__repr__" not in own:
        cls.__repr__ = _make_repr(fields)
    if eq and "__eq__" not in own:
        cls.__eq__ = _make_comparison("__eq__", "==", compared)
    if order:
        for name, sign in (("__lt__", "<"), ("__le__", "<="), ("__gt__", ">"), ("__ge__", ">=")):
            setattr(cls, name, _make_comparison(name, sign, compared))
    if (unsafe_hash or (eq and frozen)) and "__hash__" not in own:
        hashed = [f for f in fields if (f.compare if f.hash is None else f.hash)]
        cls.__hash__ = _function("__hash__", ["self"], ["return hash(%s)" % _tuple_of("self", hashed)], {})
    if frozen:
        cls.__setattr__ = _refuse_store
        cls.__delattr__ = _refuse_delete
    if match_args:
        cls.__match_args__ = tuple(f.name for f in fields if f.init and not f.kw_only)
    return cls


def dataclass(cls=None, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False,
              match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, kw_only, match_args)

    return wrap if cls is None else wrap(cls)


def fields(thing):
    known = getattr(thing, "__dataclass_fields__", None)
    if known is None:
        raise TypeError("must be called with a dataclass type or instance")
    return tuple(known.values())


def is_dataclass(thing):
    return hasattr(thing, "__dataclass_fields__")


def _copied(value, make):
    if is_dataclass(value) and not isinstance(value, type):
        return make(value)
    if isinstance(value, (list, tuple)):
        return type(value)([_copied(item, make) for item in value])
    if isinstance(value, dict):
        return {_copied(key, make): _copied(item, make) for key, item in value.items()}
    return value


def asdict(thing, *, dict_factory=dict):
    def make(thing):
        return dict_factory([(f.name, _copied(getattr(thing, f.name), make)) for f in fields(thing)])

    return make(thing)


def astuple(thing, *, tuple_factory=tuple):
    def make(thing):
        return tuple_factory([_copied(getattr(thing, f.name), make) for f in fields(thing)])

    return make(thing)


def replace(thing, **changes):
    for f in fields(thing):
        if f.init and f.name not in changes:
            changes[f.name] = getattr(thing, f.name)
    return type(thing)(**changes)


def make_dataclass(name, declared, *, bases=(), namespace=None, **kw):
    body = dict(namespace or {})
    annotations = {}
    for item in declared:
        item = (item, "Any") if isinstance(item, str) else item
        annotations[item[0]] = item[1] if isinstance(item[1], str) else getattr(item[1], "__name__", "Any")
        if len(item) > 2:
            body[item[0]] = item[2]
    body["__annotations__"] = annotations
    return dataclass(type(name, tuple(bases), body), **kw)
