"""Regular expressions. The matching itself is done by _re."""
from _re import Program

NOFLAG = 0
I = IGNORECASE = 2
L = LOCALE = 4
M = MULTILINE = 8
S = DOTALL = 16
U = UNICODE = 32
X = VERBOSE = 64
DEBUG = 128
A = ASCII = 256

_LETTERS = ((I, "i"), (M, "m"), (S, "s"), (X, "x"))


class error(ValueError):
    @property
    def msg(self):
        return self.args[0]


PatternError = error


class Match:
    def __init__(self, pattern, string, spans, pos, endpos):
        self.re = pattern
        self.string = string
        self.pos = pos
        self.endpos = endpos
        self._spans = spans

    def _index(self, group):
        if isinstance(group, str):
            try:
                return self.re.groupindex[group]
            except KeyError:
                raise IndexError("no such group")
        if not 0 <= group < len(self._spans) // 2:
            raise IndexError("no such group")
        return group

    def _get(self, group, default=None):
        n = 2 * self._index(group)
        start = self._spans[n]
        return default if start < 0 else self.string[start : self._spans[n + 1]]

    def group(self, *groups):
        if not groups:
            return self._get(0)
        if len(groups) == 1:
            return self._get(groups[0])
        return tuple(self._get(group) for group in groups)

    def __getitem__(self, group):
        return self._get(group)

    def groups(self, default=None):
        return tuple(self._get(n, default) for n in range(1, len(self._spans) // 2))

    def groupdict(self, default=None):
        return {name: self._get(n, default) for name, n in self.re.groupindex.items()}

    def start(self, group=0):
        return self._spans[2 * self._index(group)]

    def end(self, group=0):
        return self._spans[2 * self._index(group) + 1]

    def span(self, group=0):
        n = 2 * self._index(group)
        return (self._spans[n], self._spans[n + 1])

    @property
    def lastindex(self):
        last, furthest = None, -1
        for n in range(1, len(self._spans) // 2):
            if self._spans[2 * n + 1] > furthest:
                last, furthest = n, self._spans[2 * n + 1]
        return last

    @property
    def lastgroup(self):
        for name, n in self.re.groupindex.items():
            if n == self.lastindex:
                return name

    def expand(self, template):
        return "".join(part if isinstance(part, str) else self._get(part, "") for part in _template(template, self.re.groupindex))

    def __repr__(self):
        return "<re.Match object; span=%r, match=%r>" % (self.span(), self._get(0))


class Pattern:
    def __init__(self, pattern, flags):
        self.pattern = pattern
        self.flags = flags if isinstance(pattern, bytes) else flags | U
        letters = "".join(letter for flag, letter in _LETTERS if flags & flag)
        try:
            self._program = Program(pattern, letters)
        except ValueError as problem:
            raise error(str(problem))
        names = self._program.names()
        self.groups = self._program.groups()
        self.groupindex = {names[i]: names[i + 1] for i in range(0, len(names), 2)}

    def _run(self, mode, string, pos, endpos):
        if isinstance(string, str) is isinstance(self.pattern, bytes):
            raise TypeError("cannot use this pattern on an object of this type")
        length = len(string)
        endpos = length if endpos is None else min(max(endpos, 0), length)
        pos = min(max(pos, 0), length)
        spans = self._program.run(mode, string, pos, endpos)
        return None if spans is None else Match(self, string, spans, pos, endpos)

    def search(self, string, pos=0, endpos=None):
        return self._run(0, string, pos, endpos)

    def match(self, string, pos=0, endpos=None):
        return self._run(1, string, pos, endpos)

    def fullmatch(self, string, pos=0, endpos=None):
        return self._run(2, string, pos, endpos)

    def finditer(self, string, pos=0, endpos=None):
        endpos = len(string) if endpos is None else endpos
        while pos <= endpos:
            found = self._run(0, string, pos, endpos)
            if found is None:
                return
            yield found
            start, end = found.span()
            pos = end + (start == end)

    def findall(self, string, pos=0, endpos=None):
        found = []
        blank = self.pattern[:0]
        for match in self.finditer(string, pos, endpos):
            if self.groups == 0:
                found.append(match.group())
            elif self.groups == 1:
                found.append(match._get(1, blank))
            else:
                found.append(match.groups(blank))
        return found

    def split(self, string, maxsplit=0):
        parts = []
        done = 0
        for match in self.finditer(string):
            if maxsplit and len(parts) >= maxsplit * (1 + self.groups):
                break
            parts.append(string[done : match.start()])
            parts.extend(match.groups())
            done = match.end()
        parts.append(string[done:])
        return parts

    def subn(self, repl, string, count=0):
        if not callable(repl):
            template = _template(repl, self.groupindex)
            blank = string[:0]
            if all(isinstance(part, (str, bytes)) for part in template):
                text = blank.join(template)
                repl = lambda match: text
            else:
                repl = lambda match: blank.join(
                    part if isinstance(part, (str, bytes)) else match._get(part, blank) for part in template
                )
        parts = []
        done = n = 0
        for match in self.finditer(string):
            if count and n >= count:
                break
            parts.append(string[done : match.start()])
            parts.append(repl(match))
            done = match.end()
            n += 1
        parts.append(string[done:])
        return string[:0].join(parts), n

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]

    def __repr__(self):
        return "re.compile(%r)" % (self.pattern,)

    def __eq__(self, other):
        return isinstance(other, Pattern) and (self.pattern, self.flags) == (other.pattern, other.flags)

    def __hash__(self):
        return hash((self.pattern, self.flags))


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\\": "\\"}


def _template(text, groups):
    """Literal pieces of a replacement, and the numbers of groups between them."""
    if isinstance(text, (bytes, bytearray)):
        return [p.encode("latin-1") if isinstance(p, str) else p for p in _pieces(text.decode("latin-1"), groups)]
    return _pieces(text, groups)


def _pieces(text, groups):
    out = []
    at = 0
    while True:
        slash = text.find("\\", at)
        if slash < 0 or slash + 1 == len(text):
            out.append(text[at:])
            return out
        out.append(text[at:slash])
        c = text[slash + 1]
        at = slash + 2
        if c == "g" and text[at : at + 1] == "<":
            end = text.find(">", at)
            if end < 0:
                raise error("missing >, unterminated name")
            name = text[at + 1 : end]
            if not name.isdigit() and name not in groups:
                raise IndexError("unknown group name %r" % name)
            out.append(int(name) if name.isdigit() else groups[name])
            at = end + 1
        elif c == "0":
            octal = c
            while len(octal) < 3 and text[at : at + 1] in tuple("01234567"):
                octal += text[at]
                at += 1
            out.append(chr(int(octal, 8)))
        elif c.isdigit():
            if text[at : at + 1].isdigit():
                c += text[at]
                at += 1
            out.append(int(c))
        else:
            out.append(_ESCAPES.get(c, "\\" + c))


_cache = {}


def compile(pattern, flags=0):
    if isinstance(pattern, Pattern):
        return pattern
    key = (type(pattern), pattern, flags)
    known = _cache.get(key)
    if known is None:
        if len(_cache) >= 256:
            _cache.clear()
        known = _cache[key] = Pattern(pattern, flags)
    return known


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


def purge():
    _cache.clear()


_SPECIAL = "()[]{}?*+-|^$\\.&~# \t\n\r\v\f"


def escape(pattern):
    if isinstance(pattern, (bytes, bytearray)):
        return escape(pattern.decode("latin-1")).encode("latin-1")
    return "".join("\\" + c if c in _SPECIAL else c for c in pattern)
