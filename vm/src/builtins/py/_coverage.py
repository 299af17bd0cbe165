# `loopscope run --coverage`: how often each line of the program ran.

import sys

_counts = {}
_calls = {}
_codes = {}
_files = {}


def _wanted(filename):
    known = _files.get(filename)
    if known is None:
        known = not filename.startswith("<") and _readable(filename)
        _files[filename] = known
    return known


def _readable(filename):
    try:
        open(filename).close()
        return True
    except OSError:
        return False


def _on_call(frame, event, arg):
    code = frame.f_code
    if code in _codes:
        _calls[code] += frame.f_lasti == 0
        return _codes[code]
    if not _wanted(code.co_filename):
        _codes[code] = None
        _calls[code] = 0
        return None
    counts = _counts.setdefault(code.co_filename, {})
    _calls[code] = 1

    def on_line(frame, event, arg):
        if event == "line":
            line = frame.f_lineno
            counts[line] = counts.get(line, 0) + 1

    _codes[code] = on_line
    return on_line


def install():
    sys.settrace(_on_call)


def _lines_of(code, lines, functions, calls):
    for start, end, line in code.co_lines():
        if line:
            lines.add(line)
    if not code.co_name.startswith("<") and code.co_flags & 2:
        functions.append((code.co_firstlineno, code.co_qualname, calls.get(code, 0)))
    for const in code.co_consts:
        if hasattr(const, "co_lines"):
            _lines_of(const, lines, functions, calls)


def result():
    """Per file its name, its lines with their counts, and its functions with their line and calls."""
    files = []
    calls = {code: n for code, n in _calls.items()}
    for filename in sorted(_counts):
        with open(filename) as file:
            text = file.read()
        lines, functions = set(), []
        roots = [code for code in _codes if code.co_filename == filename and code.co_name == "<module>"]
        if not roots:
            roots = [code for code in _codes if code.co_filename == filename]
        for code in roots:
            _lines_of(code, lines, functions, calls)
        counts = _counts[filename]
        lines.update(counts)
        files.append((filename, text, [(line, counts.get(line, 0)) for line in sorted(lines)], functions))
    return files


def _percent(hit, of):
    return "%5.1f" % (100.0 * hit / of) if of else "100.0"


def summary():
    texts = ["coverage: lines  hit     %"]
    all_hit = all_lines = 0
    for filename, text, lines, functions in result():
        hit = sum([1 for line, n in lines if n])
        all_hit += hit
        all_lines += len(lines)
        texts.append("%15d %4d %s  %s" % (len(lines), hit, _percent(hit, len(lines)), filename))
        missed = [line for line, n in lines if not n]
        if missed:
            texts.append("                            not run: " + _ranges(missed))
    texts.append("%15d %4d %s  all" % (all_lines, all_hit, _percent(all_hit, all_lines)))
    return "\n".join(texts) + "\n"


def _ranges(numbers):
    texts = []
    start = last = numbers[0]
    for n in numbers[1:] + [None]:
        if n is not None and n == last + 1:
            last = n
            continue
        texts.append(str(start) if start == last else "%d-%d" % (start, last))
        start = last = n
    return ", ".join(texts)


def lcov():
    texts = []
    for filename, text, lines, functions in result():
        texts.append("TN:")
        texts.append("SF:" + filename)
        for line, name, n in functions:
            texts.append("FN:%d,%s" % (line, name))
        for line, name, n in functions:
            texts.append("FNDA:%d,%s" % (n, name))
        texts.append("FNF:%d" % len(functions))
        texts.append("FNH:%d" % sum([1 for line, name, n in functions if n]))
        for line, n in lines:
            texts.append("DA:%d,%d" % (line, n))
        texts.append("LF:%d" % len(lines))
        texts.append("LH:%d" % sum([1 for line, n in lines if n]))
        texts.append("end_of_record")
    return "\n".join(texts) + "\n" if texts else ""


def listing():
    texts = []
    for filename, text, lines, functions in result():
        counts = dict(lines)
        texts.append(filename)
        for number, line in enumerate(text.rstrip("\n").split("\n"), 1):
            n = counts.get(number)
            count = "" if n is None else str(n) if n else "-"
            texts.append("%9s %4d  %s" % (count, number, line))
    return "\n".join(texts) + "\n" if texts else ""
