# argparse: options, positional arguments, subcommands.
#
# expect: [('cache', True), ('include', None), ('level', 1), ('maybe', 'absent'), ('output', 'out.txt'), ('pair', None), ('rest', []), ('source', 'a.txt'), ('verbose', 0)]
# expect: [('cache', True), ('include', None), ('level', 3), ('maybe', 'absent'), ('output', 'x'), ('pair', None), ('rest', [1, 2, 3]), ('source', 'a.txt'), ('verbose', 2)]
# expect: [('cache', True), ('include', ['p', 'q']), ('level', 2), ('maybe', 'absent'), ('output', 'x.txt'), ('pair', [1.0, 2.5]), ('rest', []), ('source', 'a.txt'), ('verbose', 0)]
# expect: [('cache', False), ('include', None), ('level', 1), ('maybe', 'given'), ('output', 'out.txt'), ('pair', None), ('rest', []), ('source', 'a.txt'), ('verbose', 0)]
# expect: [('cache', True), ('include', None), ('level', 1), ('maybe', 'yes'), ('output', 'out.txt'), ('pair', None), ('rest', []), ('source', 'a.txt'), ('verbose', 2)]
# expect: [('cache', True), ('include', None), ('level', 1), ('maybe', 'absent'), ('output', 'out.txt'), ('pair', None), ('rest', [5]), ('source', '-a'), ('verbose', 0)]
# expect: [('cache', True), ('include', None), ('level', 1), ('maybe', 'absent'), ('output', 'out.txt'), ('pair', None), ('rest', [-5, 6]), ('source', 'a.txt'), ('verbose', 0)]
# expect: a.txt ['--unknown']
# expect: [('command', 'add'), ('dry', False), ('files', ['a', 'b']), ('force', True)]
# expect: [('command', 'log'), ('dry', True), ('n', 3), ('shown', 'yes')]
# expect: [('command', 'log'), ('dry', False), ('n', 10), ('shown', 'yes')]
# expect: [('command', None), ('dry', False)]
# expect: [('a', 1), ('b', None)]
# expect: [('a', None), ('b', None)]
# expect: True True
import argparse


def attempt(parser, line):
    try:
        space = parser.parse_args(line.split())
        print(sorted(space.__dict__.items()))
    except SystemExit as stop:
        print("exit", stop.code)


parser = argparse.ArgumentParser(prog="tool", description="Does things.", add_help=False)
parser.add_argument("source")
parser.add_argument("rest", nargs="*", type=int, help="numbers")
parser.add_argument("-v", "--verbose", action="count", default=0)
parser.add_argument("-o", "--output", default="out.txt", metavar="FILE")
parser.add_argument("--level", type=int, choices=[1, 2, 3], default=1)
parser.add_argument("--no-cache", dest="cache", action="store_false")
parser.add_argument("-I", action="append", dest="include")
parser.add_argument("--pair", nargs=2, type=float)
parser.add_argument("--maybe", nargs="?", const="given", default="absent")
for line in (
    "a.txt",
    "a.txt 1 2 3 -vv -o x --level 3",
    "-ox.txt a.txt --level=2 -I p -Iq --pair 1 2.5",
    "a.txt --no-cache --maybe",
    "a.txt --maybe yes -v --verb",
    "-- -a 5",
    "a.txt -5 6",
):
    attempt(parser, line)
space, others = parser.parse_known_args(["a.txt", "7", "--unknown"])
print(space.source, others)

commands = argparse.ArgumentParser(prog="git", add_help=False)
commands.add_argument("--dry", action="store_true")
kinds = commands.add_subparsers(dest="command")
add = kinds.add_parser("add", add_help=False)
add.add_argument("files", nargs="+")
add.add_argument("-f", "--force", action="store_true")
log = kinds.add_parser("log", add_help=False)
log.add_argument("-n", type=int, default=10)
log.set_defaults(shown="yes")
for line in ("add a b -f", "--dry log -n 3", "log", ""):
    attempt(commands, line)
group = argparse.ArgumentParser(prog="ex", add_help=False)
either = group.add_mutually_exclusive_group()
either.add_argument("--a", action="store_const", const=1)
either.add_argument("--b", action="store_const", const=2)
attempt(group, "--a")
attempt(group, "")
print(argparse.Namespace(x=1) == argparse.Namespace(x=1), "x" in argparse.Namespace(x=1))
