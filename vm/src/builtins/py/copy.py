"""Copies of values, shallow and deep."""
import sys


class Error(Exception):
    pass


error = Error
_ATOMIC = (int, float, complex, str, bytes, bool, type(None), type, range, type(len), type(lambda: 0), type(...),
           type(NotImplemented), property, slice)


def _is_atomic(value):
    return type(value) in _ATOMIC or isinstance(value, (type, type(sys)))


def _bare(value):
    """An instance of the same class without attributes of its own, and the attributes."""
    new = object.__new__(type(value))
    return new, dict(getattr(value, "__dict__", {}))


def _set_state(new, state):
    if hasattr(new, "__setstate__"):
        new.__setstate__(state)
    elif isinstance(state, tuple) and len(state) == 2:
        for part in state:
            _set_state(new, part or {})
    else:
        for name, item in state.items():
            object.__setattr__(new, name, item)


def _slots(value):
    for cls in type(value).__mro__:
        names = cls.__dict__.get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if hasattr(value, name):
                yield name, getattr(value, name)


def copy(x):
    cls = type(x)
    if _is_atomic(x) or cls in (tuple, frozenset):
        return x
    if cls in (list, dict, set, bytearray):
        return x.copy() if cls is not bytearray else bytearray(x)
    method = getattr(cls, "__copy__", None)
    if method is not None:
        return method(x)
    made = _reduced(x, None)
    if made is not None:
        return made
    if isinstance(x, BaseException):
        new = cls(*x.args)
        new.__dict__.update(x.__dict__) if hasattr(x, "__dict__") else None
        return new
    if isinstance(x, (list, dict, set, tuple, str, bytes, int, float, frozenset, bytearray)):
        return _copy_extended(x, lambda item: item)
    if hasattr(x, "copy") and not hasattr(x, "__dict__"):
        return x.copy()
    new, state = _bare(x)
    if hasattr(x, "__getstate__"):
        state = x.__getstate__()
    else:
        state.update(_slots(x))
    if state is not None:
        _set_state(new, state)
    return new


def _reduced(x, memo):
    """What `__reduce_ex__` or `__reduce__` of the class's own says."""
    for name in ("__reduce_ex__", "__reduce__"):
        for cls in type(x).__mro__:
            if name in cls.__dict__ and cls is not object:
                method = getattr(x, name)
                parts = method(4) if name == "__reduce_ex__" else method()
                if isinstance(parts, str):
                    return x
                return _rebuilt(parts, memo)
    return None


def _rebuilt(parts, memo):
    each = (lambda item: item) if memo is None else (lambda item: deepcopy(item, memo))
    function, args = parts[0], parts[1]
    new = function(*[each(arg) for arg in args])
    if len(parts) > 2 and parts[2] is not None:
        _set_state(new, each(parts[2]))
    if len(parts) > 3 and parts[3] is not None:
        for item in parts[3]:
            new.append(each(item))
    if len(parts) > 4 and parts[4] is not None:
        for key, item in parts[4]:
            new[each(key)] = each(item)
    return new


def _copy_extended(x, each):
    """A copy of an instance of a class that extends a built-in one."""
    cls = type(x)
    if isinstance(x, dict):
        new = cls.__new__(cls)
        for key, item in dict.items(x):
            dict.__setitem__(new, each(key), each(item))
    elif isinstance(x, list):
        new = cls.__new__(cls)
        list.extend(new, [each(item) for item in list.__iter__(x)])
    elif isinstance(x, set):
        new = cls.__new__(cls)
        set.update(new, [each(item) for item in set.__iter__(x)])
    elif isinstance(x, tuple) and hasattr(cls, "_make"):
        return cls._make([each(item) for item in x])
    else:
        return x
    for name, item in getattr(x, "__dict__", {}).items():
        object.__setattr__(new, name, each(item))
    return new


def deepcopy(x, memo=None):
    if _is_atomic(x):
        return x
    if memo is None:
        memo = {}
    key = id(x)
    if key in memo:
        return memo[key][0] if isinstance(memo[key], _Made) else memo[key]
    new = _deep(x, memo)
    if new is not x:
        # The original is kept too: while it lives, nothing else has its id.
        memo[key] = _Made((new, x))
    return new


class _Made(tuple):
    pass


def _deep(x, memo):
    cls = type(x)
    if cls is list:
        new = []
        memo[id(x)] = new
        for item in x:
            new.append(deepcopy(item, memo))
        return new
    if cls is dict:
        new = {}
        memo[id(x)] = new
        for name, item in x.items():
            new[deepcopy(name, memo)] = deepcopy(item, memo)
        return new
    if cls is tuple:
        items = [deepcopy(item, memo) for item in x]
        if id(x) in memo:
            return memo[id(x)]
        return x if all(a is b for a, b in zip(items, x)) else tuple(items)
    if cls in (set, frozenset):
        return cls([deepcopy(item, memo) for item in x])
    if cls is bytearray:
        return bytearray(x)
    method = getattr(cls, "__deepcopy__", None)
    if method is not None:
        return method(x, memo)
    made = _reduced(x, memo)
    if made is not None:
        return made
    return _deep_instance(x, memo)


def _deep_instance(x, memo):
    cls = type(x)
    if type(x).__name__ == "deque":
        new = cls((), x.maxlen)
        memo[id(x)] = new
        for item in x:
            new.append(deepcopy(item, memo))
        return new
    if cls.__name__ == "bound_method" or cls.__name__ == "method":
        return type(x)(x.__func__, deepcopy(x.__self__, memo))
    if isinstance(x, BaseException):
        return cls(*[deepcopy(item, memo) for item in x.args])
    if isinstance(x, (list, dict, set, tuple, str, bytes, int, float)):
        return _copy_extended(x, lambda item: deepcopy(item, memo))
    if hasattr(x, "copy") and not hasattr(x, "__dict__"):
        return x.copy()
    if not hasattr(x, "__dict__") and not hasattr(cls, "__slots__"):
        return x
    new, state = _bare(x)
    memo[id(x)] = new
    if hasattr(x, "__getstate__"):
        state = x.__getstate__()
    else:
        state.update(_slots(x))
    if state is not None:
        _set_state(new, deepcopy(state, memo))
    return new
