# A debugger's engine, with the interface of CPython's bdb: subclasses say what happens when the program stops.

import sys


class BdbQuit(Exception):
    pass


class Breakpoint:
    next_number = 1

    def __init__(self, file, line, temporary=False, cond=None, funcname=None):
        self.file = file
        self.line = line
        self.temporary = temporary
        self.cond = cond
        self.funcname = funcname
        self.enabled = True
        self.ignore = 0
        self.hits = 0
        self.number = Breakpoint.next_number
        Breakpoint.next_number += 1


class Bdb:
    def __init__(self, skip=None):
        self.skip = skip
        self.breaks = {}
        self.quitting = False
        self.botframe = None
        self.stopframe = None
        self.returnframe = None
        self.stoplineno = 0

    def canonic(self, filename):
        return filename

    def reset(self):
        self.botframe = None
        self._set_stopinfo(None, None)

    # What the tracing functions are told.

    def trace_dispatch(self, frame, event, arg):
        if self.quitting:
            return None
        if event == "line":
            return self.dispatch_line(frame)
        if event == "call":
            return self.dispatch_call(frame, arg)
        if event == "return":
            return self.dispatch_return(frame, arg)
        if event == "exception":
            return self.dispatch_exception(frame, arg)
        return self.trace_dispatch

    def dispatch_line(self, frame):
        if self.stop_here(frame) or self.break_here(frame):
            self.user_line(frame)
            if self.quitting:
                raise BdbQuit
        return self.trace_dispatch

    def dispatch_call(self, frame, arg):
        if self.botframe is None:
            self.botframe = frame.f_back
            return self.trace_dispatch
        if not (self.stop_here(frame) or self.break_anywhere(frame)):
            return None
        if self.stopframe and frame.f_code.co_flags & 32:
            return self.trace_dispatch
        self.user_call(frame, arg)
        if self.quitting:
            raise BdbQuit
        return self.trace_dispatch

    def dispatch_return(self, frame, arg):
        if self.stop_here(frame) or frame is self.returnframe:
            if self.stopframe and frame.f_code.co_flags & 32:
                return self.trace_dispatch
            self.user_return(frame, arg)
            if self.quitting:
                raise BdbQuit
            if self.stopframe is frame and self.stoplineno != -1:
                self._set_stopinfo(None, None)
        return self.trace_dispatch

    def dispatch_exception(self, frame, arg):
        if self.stop_here(frame):
            generator = frame.f_code.co_flags & 32
            if not (generator and arg[0] is StopIteration and arg[2] is None):
                self.user_exception(frame, arg)
                if self.quitting:
                    raise BdbQuit
        return self.trace_dispatch

    # Where to stop.

    def stop_here(self, frame):
        if frame is self.stopframe:
            if self.stoplineno == -1:
                return False
            return frame.f_lineno >= self.stoplineno
        return not self.stopframe

    def break_here(self, frame):
        points = self.breaks.get(self.canonic(frame.f_code.co_filename), {}).get(frame.f_lineno, ())
        for point in list(points):
            if point.enabled and self._holds(point, frame):
                point.hits += 1
                if point.ignore > 0:
                    point.ignore -= 1
                    continue
                if point.temporary:
                    self.clear_break(point.file, point.line)
                return True
        return False

    def _holds(self, point, frame):
        if point.funcname is not None and point.funcname != frame.f_code.co_name:
            return False
        if point.cond is None:
            return True
        try:
            return bool(eval(point.cond, frame.f_globals, frame.f_locals))
        except Exception:
            return True

    def break_anywhere(self, frame):
        return self.canonic(frame.f_code.co_filename) in self.breaks

    def _set_stopinfo(self, stopframe, returnframe, stoplineno=0):
        self.stopframe = stopframe
        self.returnframe = returnframe
        self.quitting = False
        self.stoplineno = stoplineno

    # What a user may ask for.

    def set_step(self):
        self._set_stopinfo(None, None)

    def set_next(self, frame):
        self._set_stopinfo(frame, None)

    def set_until(self, frame, lineno=None):
        self._set_stopinfo(frame, frame, (lineno or frame.f_lineno) + (lineno is None))

    def set_return(self, frame):
        if frame.f_code.co_flags & 32:
            self._set_stopinfo(frame, None, -1)
        else:
            self._set_stopinfo(frame.f_back, frame)

    def set_continue(self):
        self._set_stopinfo(self.botframe, None, -1)
        if not self.breaks:
            sys.settrace(None)
            frame = sys._getframe(1)
            while frame is not None and frame is not self.botframe:
                frame.f_trace = None
                frame = frame.f_back

    def set_quit(self):
        self.stopframe = self.botframe
        self.returnframe = None
        self.quitting = True
        sys.settrace(None)

    def set_trace(self, frame=None):
        if frame is None:
            frame = sys._getframe(1)
        self.reset()
        while frame is not None:
            frame.f_trace = self.trace_dispatch
            self.botframe = frame
            frame = frame.f_back
        self.set_step()
        sys.settrace(self.trace_dispatch)

    def set_break(self, filename, lineno, temporary=False, cond=None, funcname=None):
        filename = self.canonic(filename)
        point = Breakpoint(filename, lineno, temporary, cond, funcname)
        self.breaks.setdefault(filename, {}).setdefault(lineno, []).append(point)
        return None

    def clear_break(self, filename, lineno):
        lines = self.breaks.get(self.canonic(filename), {})
        if lineno not in lines:
            return "There is no breakpoint at %s:%d" % (filename, lineno)
        del lines[lineno]
        if not lines:
            del self.breaks[self.canonic(filename)]
        return None

    def clear_all_breaks(self):
        self.breaks = {}

    def get_breaks(self, filename, lineno):
        return self.breaks.get(self.canonic(filename), {}).get(lineno, [])

    def get_all_breaks(self):
        return {file: sorted(lines) for file, lines in self.breaks.items()}

    def get_stack(self, frame, tb=None):
        stack = []
        while frame is not None:
            stack.append((frame, frame.f_lineno))
            if frame is self.botframe:
                break
            frame = frame.f_back
        stack.reverse()
        at = max(0, len(stack) - 1)
        while tb is not None:
            stack.append((tb.tb_frame, tb.tb_lineno))
            tb = tb.tb_next
        return stack, at

    # What a subclass overrides.

    def user_call(self, frame, argument_list):
        pass

    def user_line(self, frame):
        pass

    def user_return(self, frame, return_value):
        pass

    def user_exception(self, frame, exc_info):
        pass

    # Running something under the debugger.

    def run(self, cmd, globals=None, locals=None):
        if globals is None:
            import __main__

            globals = __main__.__dict__
        self.reset()
        if isinstance(cmd, str):
            cmd = compile(cmd, "<string>", "exec")
        sys.settrace(self.trace_dispatch)
        try:
            exec(cmd, globals, globals if locals is None else locals)
        except BdbQuit:
            pass
        finally:
            self.quitting = True
            sys.settrace(None)

    def runcall(self, func, *args, **kwds):
        self.reset()
        sys.settrace(self.trace_dispatch)
        result = None
        try:
            result = func(*args, **kwds)
        except BdbQuit:
            pass
        finally:
            self.quitting = True
            sys.settrace(None)
        return result
