# `loopscope run -X trace=lines|calls|opcodes`: prints what the program does while it does it.

import sys
from _loopscope import instruction
from traceback import _source_line

_only = ""
_depth = 0


def _matches(code):
    name = code.co_filename + ":" + code.co_qualname
    return not _only or _only in name


def _say(text):
    sys.stderr.write(text + "\n")


def _place(frame):
    return "%s:%d" % (frame.f_code.co_filename, frame.f_lineno)


def _short(value):
    try:
        text = repr(value)
    except Exception as error:
        text = "<%s while asking for its repr>" % type(error).__name__
    return text if len(text) <= 60 else text[:57] + "..."


def _lines(frame, event, arg):
    if event == "call":
        return _lines if _matches(frame.f_code) else None
    if event == "line":
        code = frame.f_code
        _say("%-24s %-16s %s" % (_place(frame), code.co_name, _source_line(code.co_filename, frame.f_lineno)))
    return _lines


def _arguments(frame):
    code = frame.f_code
    n = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
    values = frame.f_locals
    return ", ".join(["%s=%s" % (name, _short(values.get(name))) for name in code.co_varnames[:n]])


def _calls(frame, event, arg):
    global _depth
    code = frame.f_code
    if event == "call":
        if not _matches(code):
            return None
        frame.f_trace_lines = False
        again = "" if frame.f_lasti == 0 else " again"
        _say("%s%s(%s)%s at %s" % ("  " * _depth, code.co_qualname, _arguments(frame), again, _place(frame)))
        _depth += 1
    elif event == "return":
        _depth -= 1
        _say("%s%s -> %s" % ("  " * _depth, code.co_qualname, _short(arg)))
    elif event == "exception":
        _say("%s%s raises %s at %s" % ("  " * _depth, code.co_qualname, _short(arg[1]), _place(frame)))
    return _calls


def _opcodes(frame, event, arg):
    if event == "call":
        if not _matches(frame.f_code):
            return None
        frame.f_trace_opcodes = True
    elif event == "opcode":
        text = instruction(frame.f_code, frame.f_lasti)
        name = text.split(" ")[0]
        known = ""
        if "_FAST" in name and not name.startswith("STORE"):
            local = text.split(" ")[-1]
            values = frame.f_locals
            if local in values:
                known = "= " + _short(values[local])
        _say("%-24s %-16s %4d %-32s %s" % (_place(frame), frame.f_code.co_name, frame.f_lasti, text, known))
    return _opcodes


def install(kind, only):
    global _only
    _only = only
    sys.settrace({"lines": _lines, "calls": _calls, "opcodes": _opcodes}[kind])
