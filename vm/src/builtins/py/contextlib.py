"""Helpers for the with statement."""


class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        return None


class ContextDecorator:
    def __call__(self, function):
        def inner(*args, **kw):
            with self._again():
                return function(*args, **kw)

        return inner

    def _again(self):
        return self


class _GeneratorContext(ContextDecorator):
    def __init__(self, make, args, kw):
        self._made_by = (make, args, kw)
        self._generator = make(*args, **kw)

    def _again(self):
        return _GeneratorContext(*self._made_by)

    def __enter__(self):
        try:
            return next(self._generator)
        except StopIteration:
            raise RuntimeError("generator didn't yield")

    def __exit__(self, kind, value, trace):
        if kind is None:
            try:
                next(self._generator)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        if value is None:
            value = kind()
        try:
            self._generator.throw(value)
        except StopIteration as stop:
            return stop is not value
        except RuntimeError as problem:
            if problem is value:
                return False
            if isinstance(value, StopIteration) and "StopIteration" in str(problem):
                return False
            raise
        except BaseException as problem:
            if problem is not value:
                raise
            return False
        raise RuntimeError("generator didn't stop after throw()")


def contextmanager(function):
    def helper(*args, **kw):
        return _GeneratorContext(function, args, kw)

    return helper


class closing(AbstractContextManager):
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, kind, value, trace):
        self.thing.close()


class suppress(AbstractContextManager):
    def __init__(self, *kinds):
        self._kinds = kinds

    def __enter__(self):
        return None

    def __exit__(self, kind, value, trace):
        return kind is not None and issubclass(kind, self._kinds)


class nullcontext(AbstractContextManager):
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result


class _Redirect(AbstractContextManager):
    _stream = None

    def __init__(self, target):
        self._target = target
        self._before = []

    def __enter__(self):
        import sys

        self._before.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._target)
        return self._target

    def __exit__(self, kind, value, trace):
        import sys

        setattr(sys, self._stream, self._before.pop())


class redirect_stdout(_Redirect):
    _stream = "stdout"


class redirect_stderr(_Redirect):
    _stream = "stderr"


class ExitStack(AbstractContextManager):
    def __init__(self):
        self._exits = []

    def enter_context(self, manager):
        value = manager.__enter__()
        self._exits.append(manager.__exit__)
        return value

    def push(self, exit):
        self._exits.append(exit.__exit__ if hasattr(exit, "__exit__") else exit)
        return exit

    def callback(self, function, *args, **kw):
        def exit(kind, value, trace):
            function(*args, **kw)

        self._exits.append(exit)
        return function

    def pop_all(self):
        other = ExitStack()
        other._exits, self._exits = self._exits, []
        return other

    def close(self):
        self.__exit__(None, None, None)

    def __exit__(self, kind, value, trace):
        raised = value
        while self._exits:
            exit = self._exits.pop()
            try:
                if exit(None if raised is None else type(raised), raised, trace):
                    raised = None
            except BaseException as problem:
                raised = problem
        if raised is not None and raised is not value:
            raise raised
        return value is not None and raised is None
