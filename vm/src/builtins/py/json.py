"""JSON text from values, and back."""


class JSONDecodeError(ValueError):
    pass


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_UNESCAPES = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def _quote(text):
    out = []
    for c in text:
        if c in _ESCAPES:
            out.append(_ESCAPES[c])
        elif c < " ":
            out.append("\\u%04x" % ord(c))
        else:
            out.append(c)
    return '"' + "".join(out) + '"'


class _Writer:
    def __init__(self, indent, separators, sort_keys, default):
        self.indent = " " * indent if isinstance(indent, int) and indent is not None else indent
        if separators is None:
            separators = (", ", ": ") if indent is None else (",", ": ")
        self.comma, self.colon = separators
        self.sort_keys = sort_keys
        self.default = default
        self.out = []

    def value(self, value, depth):
        out = self.out
        if value is None:
            out.append("null")
        elif value is True:
            out.append("true")
        elif value is False:
            out.append("false")
        elif isinstance(value, str):
            out.append(_quote(value))
        elif isinstance(value, (int, float)):
            out.append(str(value))
        elif isinstance(value, dict):
            self.mapping(value, depth)
        elif isinstance(value, (list, tuple)):
            self.items("[", "]", value, depth, self.value)
        elif self.default is not None:
            self.value(self.default(value), depth)
        else:
            raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)

    def mapping(self, value, depth):
        items = list(value.items())
        if self.sort_keys:
            items.sort(key=lambda item: item[0])
        self.items("{", "}", items, depth, self.pair)

    def pair(self, item, depth):
        key, value = item
        if not isinstance(key, str):
            key = dumps(key)
        self.out.append(_quote(key) + self.colon)
        self.value(value, depth)

    def items(self, opening, closing, items, depth, each):
        out = self.out
        out.append(opening)
        first = True
        for item in items:
            if not first:
                out.append(self.comma)
            self.new_line(depth + 1)
            each(item, depth + 1)
            first = False
        if not first:
            self.new_line(depth)
        out.append(closing)

    def new_line(self, depth):
        if self.indent is not None:
            self.out.append("\n" + self.indent * depth)


def dumps(obj, *, indent=None, separators=None, sort_keys=False, default=None, ensure_ascii=False, skipkeys=False, cls=None):
    writer = _Writer(indent, separators, sort_keys, default)
    writer.value(obj, 0)
    return "".join(writer.out)


def dump(obj, stream, **kw):
    stream.write(dumps(obj, **kw))


class _Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def fail(self):
        raise JSONDecodeError("syntax error in JSON")

    def peek(self):
        text = self.text
        while self.at < len(text) and text[self.at] in " \t\r\n":
            self.at += 1
        if self.at == len(text):
            self.fail()
        return text[self.at]

    def expect(self, c):
        if self.peek() != c:
            self.fail()
        self.at += 1

    def value(self):
        c = self.peek()
        if c == "{":
            return self.mapping()
        if c == "[":
            return self.items()
        if c == '"':
            return self.string()
        for word, value in (("null", None), ("true", True), ("false", False)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        return self.number()

    def mapping(self):
        self.at += 1
        result = {}
        if self.peek() == "}":
            self.at += 1
            return result
        while True:
            if self.peek() != '"':
                self.fail()
            key = self.string()
            self.expect(":")
            result[key] = self.value()
            if self.peek() == "}":
                self.at += 1
                return result
            self.expect(",")

    def items(self):
        self.at += 1
        result = []
        if self.peek() == "]":
            self.at += 1
            return result
        while True:
            result.append(self.value())
            if self.peek() == "]":
                self.at += 1
                return result
            self.expect(",")

    def string(self):
        text = self.text
        start = at = self.at + 1
        parts = []
        while True:
            if at >= len(text):
                self.fail()
            c = text[at]
            if c == '"':
                parts.append(text[start:at])
                self.at = at + 1
                return "".join(parts)
            if c == "\\":
                parts.append(text[start:at])
                c = text[at + 1:at + 2]
                if c == "u":
                    parts.append(chr(int(text[at + 2:at + 6], 16)))
                    at += 6
                elif c in _UNESCAPES:
                    parts.append(_UNESCAPES[c])
                    at += 2
                else:
                    self.fail()
                start = at
            else:
                at += 1

    def number(self):
        text = self.text
        start = self.at
        while self.at < len(text) and text[self.at] in "+-0123456789.eE":
            self.at += 1
        token = text[start:self.at]
        if not token:
            self.fail()
        if "." in token or "e" in token or "E" in token:
            return float(token)
        return int(token)


def loads(text, **kw):
    if not isinstance(text, str):
        text = str(text, "utf-8")
    reader = _Reader(text)
    value = reader.value()
    if text[reader.at:].strip():
        reader.fail()
    return value


def load(stream, **kw):
    return loads(stream.read())
