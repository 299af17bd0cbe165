"""Values printed so that one can read them."""
import sys


class PrettyPrinter:
    def __init__(self, indent=1, width=80, depth=None, stream=None, *, compact=False, sort_dicts=True,
                 underscore_numbers=False):
        self._indent = indent
        self._width = width
        self._depth = depth
        self._stream = stream
        self._compact = compact
        self._sort = sort_dicts

    def pprint(self, value):
        (self._stream or sys.stdout).write(self.pformat(value) + "\n")

    def pformat(self, value):
        return self._text(value, 0, 0, 1, ())

    def isreadable(self, value):
        return "<" not in self.pformat(value)

    def _flat(self, value, level, seen):
        if id(value) in seen:
            return "<Recursion on %s with id=%d>" % (type(value).__name__, id(value))
        seen = seen + (id(value),)
        plain = type(value)
        if plain is dict:
            if self._depth is not None and level > self._depth and value:
                return "{...}"
            pairs = [(self._flat(k, level + 1, seen), self._flat(v, level + 1, seen)) for k, v in self._items(value)]
            return "{%s}" % ", ".join(["%s: %s" % pair for pair in pairs])
        if plain in (list, tuple):
            left, right = ("[", "]") if plain is list else ("(", ")")
            if self._depth is not None and level > self._depth and value:
                return left + "..." + right
            text = ", ".join([self._flat(item, level + 1, seen) for item in value])
            return left + text + ("," if plain is tuple and len(value) == 1 else "") + right
        return repr(value)

    def _items(self, value):
        items = list(value.items())
        if self._sort:
            try:
                items.sort(key=lambda item: item[0])
            except TypeError:
                items.sort(key=lambda item: (str(type(item[0])), id(item[0])))
        return items

    def _text(self, value, at, after, level, seen):
        """The value from column `at` on, with `after` columns kept for what follows it."""
        flat = self._flat(value, level, seen)
        if at + len(flat) + after <= self._width or id(value) in seen:
            return flat
        inner = seen + (id(value),)
        plain = type(value)
        if plain is dict and value:
            return self._dict(value, at, after, level, inner)
        if plain in (list, tuple, set, frozenset) and value:
            left, right = {list: "[]", tuple: "()", set: "{}"}.get(plain, ("frozenset({", "})"))
            items = list(value) if plain in (list, tuple) else sorted(value)
            if plain is tuple and len(value) == 1:
                right = ",)"
            return left + self._row(items, at + len(left), after + len(right), level, inner) + right
        return flat

    def _gap(self):
        return " " * (self._indent - 1)

    def _dict(self, value, at, after, level, seen):
        parts = []
        items = self._items(value)
        at += self._indent
        for n, (key, item) in enumerate(items):
            key = self._flat(key, level + 1, seen)
            last = n + 1 == len(items)
            parts.append(key + ": " + self._text(item, at + len(key) + 2, after + 1 if last else 1, level + 1, seen))
        return "{" + self._gap() + (",\n" + " " * at).join(parts) + "}"

    def _row(self, items, at, after, level, seen):
        at += self._indent - 1
        parts = []
        for n, item in enumerate(items):
            parts.append(self._text(item, at, after if n + 1 == len(items) else 1, level + 1, seen))
        if not self._compact:
            return self._gap() + (",\n" + " " * at).join(parts)
        lines = [parts[0]]
        for n, part in enumerate(parts[1:], 1):
            room = self._width - at - (after if n + 1 == len(parts) else 1)
            if "\n" not in part and len(lines[-1]) + 2 + len(part) <= room:
                lines[-1] += ", " + part
            else:
                lines.append(part)
        return self._gap() + (",\n" + " " * at).join(lines)


def pformat(object, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True, underscore_numbers=False):
    return PrettyPrinter(indent, width, depth, compact=compact, sort_dicts=sort_dicts).pformat(object)


def pprint(object, stream=None, indent=1, width=80, depth=None, *, compact=False, sort_dicts=True,
           underscore_numbers=False):
    PrettyPrinter(indent, width, depth, stream, compact=compact, sort_dicts=sort_dicts).pprint(object)


def pp(object, *args, sort_dicts=False, **kw):
    pprint(object, *args, sort_dicts=sort_dicts, **kw)


def saferepr(object):
    return PrettyPrinter()._flat(object, 1, ())
