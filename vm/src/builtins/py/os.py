"""A little of the operating system's interface."""
import sys
from _posix import fork, waitpid, kill, _exit, getpid, getppid

name = "posix"
sep = "/"
linesep = "\n"
curdir = "."
environ = {}


def getenv(key, default=None):
    return environ.get(key, default)


def getcwd():
    return "."


def urandom(n):
    from random import getrandbits
    return bytes([getrandbits(8) for _ in range(n)])


WNOHANG = 1
WUNTRACED = 2


def wait():
    return waitpid(-1, 0)


def WIFEXITED(status):
    return status & 0x7f == 0


def WEXITSTATUS(status):
    return status >> 8 & 0xff


def WIFSIGNALED(status):
    return status & 0x7f not in (0, 0x7f)


def WTERMSIG(status):
    return status & 0x7f


def waitstatus_to_exitcode(status):
    return WEXITSTATUS(status) if WIFEXITED(status) else -WTERMSIG(status)


class _Path:
    sep = "/"

    def join(self, *parts):
        result = ""
        for part in parts:
            if part.startswith("/"):
                result = part
            elif not result or result.endswith("/"):
                result += part
            else:
                result += "/" + part
        return result

    def split(self, path):
        at = path.rfind("/") + 1
        head = path[:at]
        return (head.rstrip("/") or head, path[at:])

    def basename(self, path):
        return self.split(path)[1]

    def dirname(self, path):
        return self.split(path)[0]

    def splitext(self, path):
        at = path.rfind(".")
        if at <= path.rfind("/") + 1:
            return (path, "")
        return (path[:at], path[at:])

    def isabs(self, path):
        return path.startswith("/")

    def normpath(self, path):
        parts = []
        for part in path.split("/"):
            if part == ".." and parts and parts[-1] != "..":
                parts.pop()
            elif part and part != ".":
                parts.append(part)
        return ("/" if path.startswith("/") else "") + "/".join(parts) or "."

    def exists(self, path):
        try:
            open(path).close()
            return True
        except OSError:
            return False

    isfile = exists


path = _Path()
sys.modules["os.path"] = path
