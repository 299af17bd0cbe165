"""Warnings go to standard error, each place's once."""
import sys

filters = []
_seen = set()


def warn(message, category=None, stacklevel=1, source=None):
    if isinstance(message, Warning):
        category = type(message)
    category = category or UserWarning
    action = _action(category)
    if action == "error":
        raise message if isinstance(message, Warning) else category(message)
    if action == "ignore":
        return
    try:
        frame = sys._getframe(stacklevel)
        place = (frame.f_code.co_filename, frame.f_lineno)
    except ValueError:
        place = ("sys", 1)
    key = (str(message), category, place)
    if action != "always" and key in _seen:
        return
    _seen.add(key)
    showwarning(message, category, place[0], place[1])


def _action(category):
    for action, kind in filters:
        if issubclass(category, kind):
            return action
    return "ignore" if issubclass(category, (DeprecationWarning, ImportWarning, ResourceWarning)) else "default"


def showwarning(message, category, filename, lineno, file=None, line=None):
    (file or sys.stderr).write(formatwarning(message, category, filename, lineno, line))


def formatwarning(message, category, filename, lineno, line=None):
    return "%s:%s: %s: %s\n" % (filename, lineno, category.__name__, message)


def warn_explicit(message, category, filename, lineno, *args, **kw):
    showwarning(message, category, filename, lineno)


def simplefilter(action, category=Warning, lineno=0, append=False):
    filters.insert(len(filters) if append else 0, (action, category))


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    simplefilter(action, category, lineno, append)


def resetwarnings():
    filters.clear()


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning):
        self._record = record
        self._action = action
        self._category = category

    def __enter__(self):
        global showwarning
        self._before = (list(filters), showwarning, set(_seen))
        _seen.clear()
        if self._action is not None:
            simplefilter(self._action, self._category)
        if not self._record:
            return None
        log = []

        def note(message, category, filename, lineno, file=None, line=None):
            log.append(WarningMessage(message, category, filename, lineno))

        showwarning = note
        return log

    def __exit__(self, *info):
        global showwarning
        before, showwarning, seen = self._before
        filters[:] = before
        _seen.clear()
        _seen.update(seen)


class WarningMessage:
    def __init__(self, message, category, filename, lineno):
        self.message = message if isinstance(message, Warning) else category(message)
        self.category = category
        self.filename = filename
        self.lineno = lineno
