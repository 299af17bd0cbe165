# The parts of CPython's inspect module that look at frames and functions.

import sys
from collections import namedtuple

CO_VARARGS = 4
CO_VARKEYWORDS = 8
CO_GENERATOR = 32
CO_COROUTINE = 128

Traceback = namedtuple("Traceback", ("filename", "lineno", "function", "code_context", "index"))
FrameInfo = namedtuple("FrameInfo", ("frame", "filename", "lineno", "function", "code_context", "index"))
ArgInfo = namedtuple("ArgInfo", ("args", "varargs", "keywords", "locals"))


def _f():
    pass


_frame_type = type(sys._getframe())
_code_type = type(_f.__code__)
_function_type = type(_f)


def currentframe():
    return sys._getframe(1)


def isframe(object):
    return isinstance(object, _frame_type)


def iscode(object):
    return isinstance(object, _code_type)


def isfunction(object):
    return isinstance(object, _function_type) and hasattr(object, "__code__")


def isclass(object):
    return isinstance(object, type)


def ismodule(object):
    return isinstance(object, type(sys))


def ismethod(object):
    return hasattr(object, "__self__") and hasattr(object, "__func__")


def istraceback(object):
    return hasattr(object, "tb_frame")


def isgenerator(object):
    return type(object).__name__ == "generator"


def isgeneratorfunction(object):
    return isfunction(object) and bool(object.__code__.co_flags & CO_GENERATOR)


def iscoroutinefunction(object):
    return isfunction(object) and bool(object.__code__.co_flags & CO_COROUTINE)


def getframeinfo(frame, context=1):
    lineno = frame.f_lineno
    if istraceback(frame):
        lineno = frame.tb_lineno
        frame = frame.tb_frame
    from traceback import _source_line

    code = frame.f_code
    line = _source_line(code.co_filename, lineno)
    return Traceback(code.co_filename, lineno, code.co_name, [line + "\n"] if line else None, 0)


def getouterframes(frame, context=1):
    infos = []
    while frame is not None:
        infos.append(FrameInfo(frame, *getframeinfo(frame, context)))
        frame = frame.f_back
    return infos


def stack(context=1):
    return getouterframes(sys._getframe(1), context)


def getargvalues(frame):
    code = frame.f_code
    n = code.co_argcount + code.co_kwonlyargcount
    names = code.co_varnames
    varargs = keywords = None
    at = n
    if code.co_flags & CO_VARARGS:
        varargs = names[at]
        at += 1
    if code.co_flags & CO_VARKEYWORDS:
        keywords = names[at]
    return ArgInfo(list(names[:n]), varargs, keywords, frame.f_locals)


def getmodule(object):
    name = getattr(object, "__module__", None)
    return sys.modules.get(name)


def getfile(object):
    if hasattr(object, "f_code"):
        object = object.f_code
    if hasattr(object, "__code__"):
        object = object.__code__
    if hasattr(object, "co_filename"):
        return object.co_filename
    raise TypeError("module, function, frame or code object was expected")


def getdoc(object):
    return getattr(object, "__doc__", None)
