# try, except, else, finally in every nesting; re-raise; return, break and continue through finally.
#
# expect: 0 1
# expect: 1 2
# expect: 2 2
# expect: 3 returned
# expect: 4 2
# expect: 5 3
# expect: 6 4
# expect: 7 5
# expect: try finally [0, 1, -1, 2, -2, 3, -3, -4, 5, -5, 'else'] [0, 1, -1, 2, -2, 3, -3, -4, 5, -5, 6, -6, 7, -7, -8, 9, -9, -10] ['KeyError', 'TypeError', None] (1,) replaced 2
# expect: [('value', ('v',)), ('finally', 0), ('lookup', 'KeyError'), ('finally', 1), ('lookup', 'IndexError'), ('finally', 2), ('finally', 3), ('lookup', 'KeyError'), ('finally', 4), ('finally', 5), ('other', 'TypeError'), ('finally', 6), ('finally', 7), ('inner',), ('key',), ('middle',), ('inner',), ('middle',), ('inner',), ('middle',)]
# expect: unbound after except
log = []


def trace(*items):
    log.append(items)


def kinds(n):
    try:
        if n == 0:
            raise ValueError("v")
        if n == 1:
            raise KeyError("k")
        if n == 2:
            [][1]
        if n == 3:
            return "returned"
        if n == 4:
            {}["x"]
        if n == 5:
            None.x
        if n == 6:
            1 + "a"
    except ValueError as error:
        trace("value", error.args)
        result = 1
    except (KeyError, IndexError) as error:
        trace("lookup", type(error).__name__)
        result = 2
    except AttributeError:
        result = 3
    except Exception as error:
        trace("other", type(error).__name__)
        result = 4
    else:
        result = 5
    finally:
        trace("finally", n)
    return result


def override(n):
    try:
        return "try"
    finally:
        if n:
            return "finally"


def loop(n):
    out = []
    for i in range(n):
        try:
            if i % 4 == 0:
                continue
            if i == 10:
                break
            out.append(i)
        finally:
            out.append(-i)
    else:
        out.append("else")
    return out


def nested(n):
    try:
        try:
            try:
                if n == 0:
                    raise ValueError
                if n == 1:
                    raise TypeError
            except ValueError:
                raise KeyError("from value")
            finally:
                trace("inner")
        except KeyError:
            trace("key")
            raise
        finally:
            trace("middle")
    except (KeyError, TypeError) as error:
        return type(error).__name__
    return None


def reraise():
    try:
        try:
            raise ValueError(1)
        except ValueError as error:
            raise error
    except ValueError as error:
        return error.args


def lose():
    try:
        try:
            raise ValueError
        finally:
            raise KeyError
    except KeyError:
        return "replaced"


def swallow():
    for i in range(3):
        try:
            raise ValueError
        finally:
            if i == 2:
                break
            continue
    return i


for n in range(8):
    print(n, kinds(n))
print(override(0), override(1), loop(6), loop(20), [nested(n) for n in range(3)], reraise(), lose(), swallow())
print(log)
error = "kept"
try:
    raise ValueError
except ValueError as error:
    pass
try:
    error
except NameError:
    print("unbound after except")
