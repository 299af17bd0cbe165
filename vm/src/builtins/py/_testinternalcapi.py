"""What CPython's own tests of its perf support import."""
import sys


def compile_perf_trampoline_entry(function):
    return sys._compile_perf_trampoline_entry(function)


def perf_trampoline_set_persist_after_fork(enable):
    return sys._perf_trampoline_set_persist_after_fork(enable)
