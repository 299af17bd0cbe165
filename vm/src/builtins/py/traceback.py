# Stack traces as lists of entries, and their text, as CPython's traceback module gives them.

import sys


class FrameSummary:
    def __init__(self, filename, lineno, name, line=None, locals=None):
        self.filename = filename
        self.lineno = lineno
        self.name = name
        self._line = line
        self.locals = locals

    @property
    def line(self):
        if self._line is None:
            self._line = _source_line(self.filename, self.lineno)
        return self._line

    def __iter__(self):
        return iter([self.filename, self.lineno, self.name, self.line])

    def __getitem__(self, at):
        return (self.filename, self.lineno, self.name, self.line)[at]

    def __len__(self):
        return 4

    def __eq__(self, other):
        return tuple(self) == tuple(other)

    def __repr__(self):
        return "<FrameSummary file %s, line %d in %s>" % (self.filename, self.lineno, self.name)


class StackSummary(list):
    def format(self):
        return format_list(self)


_sources = {}


def _source_line(filename, lineno):
    if filename not in _sources:
        try:
            with open(filename) as file:
                _sources[filename] = file.read().split("\n")
        except OSError:
            _sources[filename] = []
    lines = _sources[filename]
    return lines[lineno - 1].strip() if 0 < lineno <= len(lines) else ""


def walk_stack(frame):
    while frame is not None:
        yield frame, frame.f_lineno
        frame = frame.f_back


def walk_tb(tb):
    while tb is not None:
        yield tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next


def _summary(places, limit):
    stack = StackSummary()
    for frame, lineno in places:
        code = frame.f_code
        stack.append(FrameSummary(code.co_filename, lineno, code.co_name))
    return stack


def extract_stack(f=None, limit=None):
    if f is None:
        f = sys._getframe(1)
    places = list(walk_stack(f))
    places.reverse()
    if limit is not None:
        places = places[-limit:] if limit >= 0 else places[:-limit]
    return _summary(places, limit)


def extract_tb(tb, limit=None):
    places = list(walk_tb(tb))
    if limit is not None:
        places = places[:limit] if limit >= 0 else places[limit:]
    return _summary(places, limit)


def format_list(extracted):
    texts = []
    for filename, lineno, name, line in extracted:
        text = '  File "%s", line %d, in %s\n' % (filename, lineno, name)
        if line:
            text += "    %s\n" % line
        texts.append(text)
    return texts


def format_tb(tb, limit=None):
    return format_list(extract_tb(tb, limit))


def format_stack(f=None, limit=None):
    return format_list(extract_stack(f if f is not None else sys._getframe(1), limit))


def format_exception_only(exc, value=None):
    if value is None:
        value = exc
    name = type(value).__name__
    text = str(value)
    return ["%s: %s\n" % (name, text) if text else "%s\n" % name]


def format_exception(exc, value=None, tb=None, limit=None, chain=True):
    if value is None:
        value = exc
        if tb is None:
            tb = value.__traceback__
    texts = []
    if tb is not None:
        texts.append("Traceback (most recent call last):\n")
        texts += format_tb(tb, limit)
    return texts + format_exception_only(value)


def format_exc(limit=None, chain=True):
    kind, value, tb = sys.exc_info()
    if value is None:
        return "NoneType: None\n"
    return "".join(format_exception(kind, value, tb, limit))


def _write(texts, file):
    (file or sys.stderr).write("".join(texts))


def print_list(extracted, file=None):
    _write(format_list(extracted), file)


def print_tb(tb, limit=None, file=None):
    _write(format_tb(tb, limit), file)


def print_stack(f=None, limit=None, file=None):
    _write(format_stack(f if f is not None else sys._getframe(1), limit), file)


def print_exception(exc, value=None, tb=None, limit=None, file=None, chain=True):
    _write(format_exception(exc, value, tb, limit), file)


def print_exc(limit=None, file=None, chain=True):
    _write([format_exc(limit)], file)


def clear_frames(tb):
    pass
