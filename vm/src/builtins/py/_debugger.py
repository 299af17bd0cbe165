# `loopscope run --debug`: a small debugger on the public interface of sys.settrace alone.

import bdb
import sys
from traceback import _source_line

HELP = """\
b(reak) [LINE | FILE:LINE | FUNCTION] [if COND]   stop there; without argument, list where
tb(reak) ...       the same, once
cl(ear) [LINE | FILE:LINE]    forget that place, or all of them
s(tep)             to the next line, into calls
n(ext)             to the next line of this function
u(ntil) [LINE]     to a later line of this function
r(eturn), finish   until this function returns
c(ontinue)         until something stops it
l(ist) [LINE]      the source around here
w(here)            the stack
up, down           look at the caller's frame, and back
p EXPR             the value of an expression; pp is the same
a(rgs)             this function's arguments
locals             its local variables
! STATEMENT        do something in this frame
q(uit)             end the program"""


class Debugger(bdb.Bdb):
    def __init__(self):
        bdb.Bdb.__init__(self)
        self.frames = []
        self.at = 0
        self.last = ""
        self.file = None
        self.started = False

    # Stops.

    def user_line(self, frame):
        if not self.started:
            # The first line of the program itself.
            if frame.f_globals.get("__name__") != "__main__":
                return
            self.started = True
            self.file = frame.f_code.co_filename
        self.interact(frame, "")

    def user_return(self, frame, value):
        if self.started:
            self.interact(frame, "--Return--  " + repr(value))

    def user_exception(self, frame, info):
        if self.started:
            kind, value, tb = info
            self.interact(frame, "--Exception--  %s: %s" % (kind.__name__, value))

    def interact(self, frame, why):
        self.frames = [f for f, line in self.get_stack(frame)[0] if not self.is_ours(f)]
        self.at = len(self.frames) - 1
        if why:
            print(why)
        self.show()
        while True:
            try:
                line = input("(debug) ").strip()
            except EOFError:
                line = "quit"
            line = line or self.last
            self.last = line
            if self.obey(line):
                self.frames = []
                return

    def is_ours(self, frame):
        return frame.f_globals.get("__name__") in ("_debugger", "bdb")

    @property
    def frame(self):
        return self.frames[self.at]

    def show(self):
        frame = self.frame
        code = frame.f_code
        print("> %s:%d %s" % (code.co_filename, frame.f_lineno, code.co_name))
        line = _source_line(code.co_filename, frame.f_lineno)
        if line:
            print("  -> " + line)

    # Commands. True lets the program go on.

    def obey(self, line):
        if line.startswith("!"):
            return self.do_statement(line[1:].strip())
        word, _, rest = line.partition(" ")
        name = COMMANDS.get(word)
        if name is None:
            return self.do_statement(line) if line else False
        return getattr(self, "do_" + name)(rest.strip())

    def do_step(self, rest):
        self.set_step()
        return True

    def do_next(self, rest):
        self.set_next(self.frames[-1])
        return True

    def do_until(self, rest):
        self.set_until(self.frames[-1], int(rest) if rest else None)
        return True

    def do_return(self, rest):
        self.set_return(self.frames[-1])
        return True

    def do_continue(self, rest):
        self.set_continue()
        return True

    def do_quit(self, rest):
        self.set_quit()
        return True

    def do_help(self, rest):
        print(HELP)

    def do_where(self, rest):
        for at, frame in enumerate(self.frames):
            sign = ">" if at == self.at else " "
            code = frame.f_code
            print("%s %s:%d %s" % (sign, code.co_filename, frame.f_lineno, code.co_name))

    def do_up(self, rest):
        if self.at == 0:
            print("this is the outermost frame")
        else:
            self.at -= 1
            self.show()

    def do_down(self, rest):
        if self.at == len(self.frames) - 1:
            print("this is the innermost frame")
        else:
            self.at += 1
            self.show()

    def do_list(self, rest):
        code = self.frame.f_code
        here = self.frame.f_lineno
        middle = int(rest) if rest else here
        try:
            with open(code.co_filename) as file:
                lines = file.read().split("\n")
        except OSError:
            print("no source of " + code.co_filename)
            return
        breaks = self.breaks.get(code.co_filename, {})
        for number in range(max(1, middle - 5), min(len(lines), middle + 5) + 1):
            mark = ("B" if number in breaks else " ") + ("->" if number == here else "  ")
            print("%4d %s %s" % (number, mark, lines[number - 1]))

    def do_locals(self, rest):
        for name, value in self.frame.f_locals.items():
            if not (name.startswith("__") and self.frame.f_code.co_name == "<module>"):
                print("%s = %r" % (name, value))

    def do_args(self, rest):
        code = self.frame.f_code
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        values = self.frame.f_locals
        for name in names:
            print("%s = %r" % (name, values.get(name)))

    def do_print(self, rest):
        try:
            print(repr(eval(rest, self.frame.f_globals, self.frame.f_locals)))
        except Exception as error:
            self.complain(error)

    def do_statement(self, text):
        try:
            exec(text, self.frame.f_globals, self.frame.f_locals)
        except Exception as error:
            self.complain(error)

    def complain(self, error):
        print("*** %s: %s" % (type(error).__name__, error))

    def do_break(self, rest, temporary=False):
        if not rest:
            return self.list_breaks()
        rest, _, cond = rest.partition(" if ")
        place = self.place(rest.strip())
        if place is None:
            print("*** no line or function %s" % rest)
            return
        file, line, function = place
        self.set_break(file, line, temporary, cond.strip() or None, function)
        print("stops at %s:%d" % (file, line))

    def do_tbreak(self, rest):
        self.do_break(rest, True)

    def list_breaks(self):
        for file, lines in self.breaks.items():
            for line in sorted(lines):
                for point in lines[line]:
                    cond = " if " + point.cond if point.cond else ""
                    print("%s:%d%s, %d times so far" % (file, line, cond, point.hits))

    def do_clear(self, rest):
        if not rest:
            self.clear_all_breaks()
            return
        place = self.place(rest)
        answer = self.clear_break(place[0], place[1]) if place else "no such place"
        if answer:
            print("*** " + answer)

    def place(self, text):
        if text.isdigit():
            return self.frame.f_code.co_filename, int(text), None
        file, colon, line = text.rpartition(":")
        if colon and line.isdigit():
            return file, int(line), None
        try:
            code = eval(text, self.frame.f_globals, self.frame.f_locals).__code__
        except Exception:
            return self.place_in_source(text)
        lines = [line for _, _, line in code.co_lines() if line > code.co_firstlineno]
        first = min(lines) if lines else code.co_firstlineno
        return code.co_filename, first, None

    def place_in_source(self, name):
        """The first line inside of a function that does not exist yet."""
        filename = self.frame.f_code.co_filename
        try:
            with open(filename) as file:
                lines = file.read().split("\n")
        except OSError:
            return None
        for number, line in enumerate(lines, 1):
            if line.strip().startswith("def " + name + "("):
                return filename, number + 1, None
        return None


COMMANDS = {}
for _names in (
    "step s",
    "next n",
    "until u unt",
    "return r finish ret",
    "continue c cont",
    "quit q exit",
    "help h ?",
    "where w bt backtrace",
    "up",
    "down",
    "list l",
    "locals",
    "args a",
    "print p pp",
    "break b",
    "tbreak tb",
    "clear cl",
):
    for _name in _names.split():
        COMMANDS[_name] = _names.split()[0]


def install():
    debugger = Debugger()
    debugger.reset()

    def first(frame, event, arg):
        if debugger.botframe is None and frame.f_globals.get("__name__") != "__main__":
            return None
        if debugger.botframe is None:
            # The program's module is called by no frame; but None would mean that there is no bottom yet.
            debugger.botframe = frame.f_back or debugger
        return debugger.trace_dispatch(frame, event, arg)

    debugger.botframe = None
    sys.settrace(first)


def is_quit(exception):
    return isinstance(exception, bdb.BdbQuit)
