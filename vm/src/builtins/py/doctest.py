"""Examples in docstrings, run and compared with what they promise."""
import sys
import traceback

_OPTIONS = ["DONT_ACCEPT_TRUE_FOR_1", "DONT_ACCEPT_BLANKLINE", "NORMALIZE_WHITESPACE", "ELLIPSIS", "SKIP",
            "IGNORE_EXCEPTION_DETAIL", "REPORT_UDIFF", "REPORT_CDIFF", "REPORT_NDIFF", "REPORT_ONLY_FIRST_FAILURE",
            "FAIL_FAST"]
OPTIONFLAGS_BY_NAME = {name: 1 << n for n, name in enumerate(_OPTIONS)}
DONT_ACCEPT_TRUE_FOR_1 = 1
DONT_ACCEPT_BLANKLINE = 2
NORMALIZE_WHITESPACE = 4
ELLIPSIS = 8
SKIP = 16
IGNORE_EXCEPTION_DETAIL = 32
REPORT_ONLY_FIRST_FAILURE = 512
FAIL_FAST = 1024
_HEADERS = ("Traceback (most recent call last):", "Traceback (innermost last):")


class TestResults(tuple):
    def __new__(cls, failed, attempted):
        return tuple.__new__(cls, (failed, attempted))

    failed = property(lambda self: self[0])
    attempted = property(lambda self: self[1])

    def __repr__(self):
        return "TestResults(failed=%d, attempted=%d)" % (self[0], self[1])


class Example:
    def __init__(self, source, want, exc_msg=None, lineno=0, indent=0, options=None):
        self.source = source
        self.want = want
        self.exc_msg = exc_msg
        self.lineno = lineno
        self.indent = indent
        self.options = options or {}


class DocTest:
    def __init__(self, examples, globs, name, filename, lineno, docstring):
        self.examples = examples
        self.globs = dict(globs)
        self.name = name
        self.filename = filename
        self.lineno = lineno
        self.docstring = docstring


class DocTestParser:
    def get_examples(self, text, name="<string>"):
        lines = _without_tabs(text).split("\n")
        examples, at = [], 0
        while at < len(lines):
            stripped = lines[at].lstrip(" ")
            if stripped.startswith(">>> ") or stripped == ">>>":
                at = self._example(lines, at, len(lines[at]) - len(stripped), examples, name)
            else:
                at += 1
        return examples

    def _example(self, lines, at, indent, examples, name):
        first, source = at, [lines[at][indent + 4:]]
        at += 1
        while at < len(lines) and lines[at][indent:].startswith("...") and not lines[at][:indent].strip(" "):
            if lines[at][indent + 3:indent + 4] not in ("", " "):
                break
            source.append(lines[at][indent + 4:])
            at += 1
        want = []
        while at < len(lines) and lines[at].strip() and not lines[at].lstrip(" ").startswith(">>>"):
            want.append(lines[at][indent:])
            at += 1
        code = "\n".join(source) + "\n"
        if _is_blank(source):
            return at
        promised = "\n".join(want) + "\n" if want else ""
        examples.append(Example(code, promised, _promised_error(want), first, indent, _options(code)))
        return at

    def get_doctest(self, string, globs, name, filename, lineno):
        return DocTest(self.get_examples(string, name), globs, name, filename, lineno, string)


def _without_tabs(text):
    return text.replace("\t", "        ")


def _is_blank(source):
    return all(not line.strip() or line.strip().startswith("#") for line in source)


def _promised_error(want):
    """The last line of a promised traceback, with what follows it."""
    if not want or want[0].strip() not in _HEADERS:
        return None
    for n, line in enumerate(want[1:], 1):
        if line and not line.startswith(" ") and line.strip() != "...":
            return "\n".join(want[n:]) + "\n"
    return None


def _options(code):
    options = {}
    for line in code.split("\n"):
        at = line.find("doctest:")
        if at >= 0 and "#" in line[:at]:
            for word in line[at + 8:].replace(",", " ").split():
                flag = OPTIONFLAGS_BY_NAME.get(word[1:])
                if flag is None or word[0] not in "+-":
                    raise ValueError("invalid doctest option: %r" % word)
                options[flag] = word[0] == "+"
    return options


class OutputChecker:
    def check_output(self, want, got, optionflags):
        if got == want:
            return True
        if not optionflags & DONT_ACCEPT_TRUE_FOR_1 and (got, want) in (("True\n", "1\n"), ("False\n", "0\n")):
            return True
        if not optionflags & DONT_ACCEPT_BLANKLINE:
            want = "\n".join(["" if line.strip() == "<BLANKLINE>" else line for line in want.split("\n")])
            got = "\n".join([line if line.strip() else "" for line in got.split("\n")])
            if got == want:
                return True
        if optionflags & NORMALIZE_WHITESPACE:
            got, want = " ".join(got.split()), " ".join(want.split())
        return got == want or bool(optionflags & ELLIPSIS) and _fits(want, got)


def _fits(want, got):
    """`...` stands for any text."""
    pieces = want.split("...")
    if len(pieces) == 1:
        return want == got
    first, last = pieces[0], pieces[-1]
    if not got.startswith(first) or not got.endswith(last) or len(first) + len(last) > len(got):
        return False
    at, end = len(first), len(got) - len(last)
    for piece in pieces[1:-1]:
        at = got.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


class _Spoof:
    """Takes what is printed."""

    def __init__(self):
        self._parts = []

    def write(self, text):
        self._parts.append(text)
        return len(text)

    def flush(self):
        pass

    def taken(self):
        text = "".join(self._parts)
        self._parts = []
        return text if not text or text.endswith("\n") else text + "\n"


class DocTestRunner:
    def __init__(self, checker=None, verbose=None, optionflags=0):
        self._checker = checker or OutputChecker()
        self._verbose = "-v" in sys.argv if verbose is None else verbose
        self.optionflags = optionflags
        self.failures = 0
        self.tries = 0
        self._by_name = {}

    def run(self, test, compileflags=None, out=None, clear_globs=True):
        failed = tried = 0
        self._out = out or sys.stdout.write
        for example in test.examples:
            flags = self.optionflags
            for flag, on in example.options.items():
                flags = flags | flag if on else flags & ~flag
            if flags & SKIP:
                continue
            tried += 1
            if not self._try(test, example, flags):
                failed += 1
                if self.optionflags & FAIL_FAST:
                    break
        self.failures += failed
        self.tries += tried
        self._by_name[test.name] = (failed, tried)
        return TestResults(failed, tried)

    def _try(self, test, example, flags):
        if self._verbose:
            self._out("Trying:\n%sExpecting%s" % (_indented(example.source), _expecting(example)))
        got, error, trace = self._execute(test, example)
        if error is None:
            good = example.exc_msg is None and self._checker.check_output(example.want, got, flags)
        elif example.exc_msg is None:
            good = False
        else:
            good = self._checker.check_output(example.exc_msg, error, flags)
            if not good and flags & IGNORE_EXCEPTION_DETAIL:
                good = _kind(error) == _kind(example.exc_msg)
            got += trace
        if good:
            if self._verbose:
                self._out("ok\n")
        elif error is not None and example.exc_msg is None:
            self._out(self._head(test, example) + "Exception raised:\n" + _indented(trace))
        else:
            self._out(self._head(test, example) + _difference(example.want, got))
        return good

    def _execute(self, test, example):
        spoof, before = _Spoof(), sys.stdout
        sys.stdout = spoof
        error, trace = None, ""
        try:
            name = "<doctest %s[%d]>" % (test.name, test.examples.index(example))
            exec(compile(example.source, name, "single"), test.globs)
        except KeyboardInterrupt:
            raise
        except BaseException as problem:
            error = "".join(traceback.format_exception_only(problem))
            trace = "".join(traceback.format_exception(problem))
        finally:
            sys.stdout = before
        return spoof.taken(), error, trace

    def _head(self, test, example):
        lines = ["*" * 70]
        if test.filename:
            line = "?" if test.lineno is None else test.lineno + example.lineno + 1
            lines.append('File "%s", line %s, in %s' % (test.filename, line, test.name))
        else:
            lines.append("Line %d, in %s" % (example.lineno + 1, test.name))
        return "\n".join(lines) + "\nFailed example:\n" + _indented(example.source)

    def summarize(self, verbose=None):
        bad = [(name, counts) for name, counts in sorted(self._by_name.items()) if counts[0]]
        if bad:
            print("*" * 70)
            print("%d items had failures:" % len(bad))
            for name, (failed, tried) in bad:
                print(" %3d of %3d in %s" % (failed, tried, name))
            print("***Test Failed*** %d failures." % self.failures)
        elif self._verbose if verbose is None else verbose:
            print("%d tests in %d items." % (self.tries, len(self._by_name)))
            print("%d passed and 0 failed." % self.tries)
            print("Test passed.")
        return TestResults(self.failures, self.tries)


def _kind(message):
    return message.split(":")[0].strip().split(".")[-1]


def _indented(text):
    return "".join(["    " + line + "\n" if line else "\n" for line in text.split("\n")[:-1]])


def _expecting(example):
    return ":\n" + _indented(example.want) if example.want else " nothing\n"


def _difference(want, got):
    parts = ["Expected:\n" + _indented(want) if want else "Expected nothing\n"]
    parts.append("Got:\n" + _indented(got) if got else "Got nothing\n")
    return "".join(parts)


class DocTestFinder:
    def __init__(self, verbose=False, parser=None, recurse=True, exclude_empty=True):
        self._parser = parser or DocTestParser()
        self._exclude_empty = exclude_empty

    def find(self, obj, name=None, module=None, globs=None, extraglobs=None):
        name = name or obj.__name__
        if globs is None:
            globs = getattr(module or obj, "__dict__", {})
        globs = dict(globs)
        globs.update(extraglobs or {})
        globs.setdefault("__name__", "__main__")
        tests, seen = [], set()
        self._look(tests, obj, name, module or obj, globs, seen)
        tests.sort(key=lambda test: test.name)
        return tests

    def _look(self, tests, obj, name, module, globs, seen):
        if id(obj) in seen:
            return
        seen.add(id(obj))
        doc = getattr(obj, "__doc__", None)
        if isinstance(obj, type) and "__doc__" not in obj.__dict__:
            doc = None
        if isinstance(doc, str) and (">>>" in doc or not self._exclude_empty):
            filename = getattr(module, "__file__", None)
            tests.append(self._parser.get_doctest(doc, globs, name, filename, self._line(obj)))
        if isinstance(obj, (type, type(sys))):
            for part, value in list(obj.__dict__.items()):
                value = _unwrapped(value)
                if (isinstance(value, type) or type(value) is type(_fits) or _wraps(value)) and _belongs(value, module):
                    self._look(tests, value, name + "." + part, module, globs, seen)
                elif isinstance(value, property):
                    self._look(tests, value.fget, name + "." + part, module, globs, seen)
        tests_of = getattr(obj, "__test__", None)
        if isinstance(obj, type(sys)) and isinstance(tests_of, dict):
            for part, value in tests_of.items():
                where = "%s.__test__.%s" % (name, part)
                if isinstance(value, str):
                    tests.append(self._parser.get_doctest(value, globs, where, None, None))
                else:
                    self._look(tests, value, where, module, globs, seen)

    def _line(self, obj):
        code = getattr(obj, "__code__", None)
        return None if code is None else code.co_firstlineno


def _unwrapped(value):
    while True:
        inner = getattr(value, "__func__", None) or getattr(value, "__wrapped__", None)
        if inner is None:
            return value
        value = inner


def _wraps(value):
    return hasattr(value, "__code__")


def _belongs(value, module):
    return getattr(value, "__module__", None) == module.__name__


def _run(tests, name, verbose, report, optionflags, raise_on_error):
    runner = DocTestRunner(verbose=verbose, optionflags=optionflags)
    for test in tests:
        runner.run(test)
    if report:
        runner.summarize()
    return TestResults(runner.failures, runner.tries)


def testmod(m=None, name=None, globs=None, verbose=None, report=True, optionflags=0, extraglobs=None,
            raise_on_error=False, exclude_empty=False):
    if m is None:
        m = sys.modules["__main__"]
    tests = DocTestFinder().find(m, name or m.__name__, globs=globs, extraglobs=extraglobs)
    return _run(tests, m.__name__, verbose, report, optionflags, raise_on_error)


def testfile(filename, module_relative=True, name=None, package=None, globs=None, verbose=None, report=True,
             optionflags=0, extraglobs=None, raise_on_error=False, parser=None, encoding=None):
    with open(filename) as file:
        text = file.read()
    names = dict(globs or {"__name__": "__main__"})
    names.update(extraglobs or {})
    test = (parser or DocTestParser()).get_doctest(text, names, name or filename, filename, 0)
    return _run([test], filename, verbose, report, optionflags, raise_on_error)


def run_docstring_examples(f, globs, verbose=False, name="NoName", compileflags=None, optionflags=0):
    runner = DocTestRunner(verbose=verbose, optionflags=optionflags)
    doc = f if isinstance(f, str) else f.__doc__ or ""
    runner.run(DocTestParser().get_doctest(doc, dict(globs), name, None, 0))
