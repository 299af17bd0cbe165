"""Command lines: options, positional arguments, subcommands, help."""
import sys

SUPPRESS = "==SUPPRESS=="
OPTIONAL = "?"
ZERO_OR_MORE = "*"
ONE_OR_MORE = "+"
REMAINDER = "..."


class ArgumentError(Exception):
    pass


class ArgumentTypeError(Exception):
    pass


class Namespace:
    def __init__(self, **kw):
        for name, value in kw.items():
            setattr(self, name, value)

    def __repr__(self):
        return "Namespace(%s)" % ", ".join("%s=%r" % item for item in self.__dict__.items())

    def __eq__(self, other):
        return isinstance(other, Namespace) and self.__dict__ == other.__dict__

    def __contains__(self, name):
        return name in self.__dict__


class HelpFormatter:
    pass


class RawDescriptionHelpFormatter(HelpFormatter):
    pass


class RawTextHelpFormatter(HelpFormatter):
    pass


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    pass


class _Argument:
    def __init__(self, flags, action, nargs, const, default, type, choices, required, help, metavar, dest, version):
        self.flags = [flag for flag in flags if flag.startswith("-")]
        self.is_option = bool(self.flags)
        self.action = action
        self.nargs = nargs
        self.const = const
        self.default = default
        self.type = type
        self.choices = choices
        self.help = help
        self.metavar = metavar
        self.version = version
        self.dest = dest or self._name(flags)
        self.required = required if self.is_option else nargs not in ("?", "*", "...")

    def _name(self, flags):
        long = [flag for flag in self.flags if flag.startswith("--")]
        name = (long or self.flags or list(flags))[0]
        return name.lstrip("-").replace("-", "_") if self.is_option else name

    @property
    def takes_none(self):
        return self.action in ("store_true", "store_false", "store_const", "append_const", "count", "help", "version")

    def initial(self):
        if self.default is None and self.action in ("store_true", "store_false"):
            return self.action == "store_false"
        return self.default

    def shown(self):
        """The value's name in help."""
        if self.metavar is not None:
            return self.metavar
        if self.choices is not None:
            return "{%s}" % ",".join(str(choice) for choice in self.choices)
        return self.dest.upper() if self.is_option else self.dest

    def values(self):
        """The values as help shows them."""
        name = self.shown()
        if isinstance(name, tuple):
            return " ".join(name)
        if isinstance(self.nargs, int):
            return " ".join([name] * self.nargs)
        if self.nargs == "?":
            return "[%s]" % name
        if self.nargs == "*":
            return "[%s ...]" % name
        if self.nargs == "+":
            return "%s [%s ...]" % (name, name)
        return "..." if self.nargs == "..." else name

    def usage(self):
        if not self.is_option:
            return self.values()
        text = self.flags[0] if self.takes_none else "%s %s" % (self.flags[0], self.values())
        return text if self.required else "[%s]" % text

    def heading(self):
        if not self.is_option:
            return str(self.shown())
        tail = "" if self.takes_none else " " + self.values()
        return ", ".join(flag + tail for flag in self.flags)

    def complain(self):
        return "/".join(self.flags) if self.is_option else str(self.metavar or self.dest)


class _Group:
    """Arguments under a heading of their own."""

    def __init__(self, parser, title=None, exclusive=False, required=False):
        self._parser = parser
        self.title = title
        self.members = []
        self.exclusive = exclusive
        self.required = required

    def add_argument(self, *flags, **kw):
        argument = self._parser._make(flags, kw)
        self.members.append(argument)
        return argument

    def add_mutually_exclusive_group(self, required=False):
        return self._parser.add_mutually_exclusive_group(required)


class _Subparsers:
    def __init__(self, parser, dest, required, title, help):
        self._parser = parser
        self.dest = dest
        self.required = required
        self.title = title
        self.help = help
        self.parsers = {}
        self.helps = []

    def add_parser(self, name, help=None, aliases=(), **kw):
        kw.setdefault("prog", "%s %s" % (self._parser.prog, name))
        parser = ArgumentParser(**kw)
        self.helps.append((name, help))
        for known in (name,) + tuple(aliases):
            self.parsers[known] = parser
        return parser


class ArgumentParser:
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=None,
                 prefix_chars="-", argument_default=None, add_help=True, allow_abbrev=True, exit_on_error=True, **kw):
        if prog is None:
            prog = (sys.argv[0] if sys.argv else "").rsplit("/", 1)[-1]
        self.prog = prog
        self.usage = usage
        self.description = description
        self.epilog = epilog
        self._abbreviate = allow_abbrev
        self._arguments = []
        self._groups = []
        self._defaults = {}
        self._subparsers = None
        if add_help:
            self.add_argument("-h", "--help", action="help", help="show this help message and exit")
        for parent in parents:
            self._arguments.extend(a for a in parent._arguments if a.action != "help")
            self._defaults.update(parent._defaults)

    def add_argument(self, *flags, **kw):
        return self._make(flags, kw)

    def _make(self, flags, kw):
        argument = _Argument(
            flags,
            kw.get("action", "store"),
            kw.get("nargs"),
            kw.get("const"),
            kw.get("default"),
            kw.get("type"),
            kw.get("choices"),
            kw.get("required", False),
            kw.get("help"),
            kw.get("metavar"),
            kw.get("dest"),
            kw.get("version"),
        )
        self._arguments.append(argument)
        return argument

    def add_argument_group(self, title=None, description=None):
        self._groups.append(_Group(self, title))
        return self._groups[-1]

    def add_mutually_exclusive_group(self, required=False):
        self._groups.append(_Group(self, None, True, required))
        return self._groups[-1]

    def add_subparsers(self, dest=None, required=False, title=None, help=None, metavar=None, **kw):
        self._subparsers = _Subparsers(self, dest, required, title, help)
        return self._subparsers

    def set_defaults(self, **kw):
        self._defaults.update(kw)

    def get_default(self, dest):
        for argument in self._arguments:
            if argument.dest == dest:
                return argument.initial()
        return self._defaults.get(dest)

    def parse_args(self, args=None, namespace=None):
        space, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error("unrecognized arguments: " + " ".join(rest))
        return space

    def parse_known_args(self, args=None, namespace=None):
        args = list(sys.argv[1:] if args is None else args)
        space = Namespace() if namespace is None else namespace
        for argument in self._arguments:
            if argument.action not in ("help", "version") and argument.default != SUPPRESS:
                if not hasattr(space, argument.dest):
                    value = argument.initial()
                    if isinstance(value, str) and argument.type is not None:
                        value = self._convert(argument, value)
                    setattr(space, argument.dest, value)
        for name, value in self._defaults.items():
            if not hasattr(space, name):
                setattr(space, name, value)
        return space, _Parsing(self, space, args).run()

    def _find(self, flag):
        """The option with this flag, or with a long flag that begins so."""
        options = [a for a in self._arguments if a.is_option]
        for option in options:
            if flag in option.flags:
                return option
        if not (flag.startswith("--") and self._abbreviate):
            return None
        found = [(f, option) for option in options for f in option.flags if f.startswith(flag)]
        if len(found) > 1:
            names = ", ".join(f for f, _ in found)
            self.error("ambiguous option: %s could match %s" % (flag, names))
        return found[0][1] if found else None

    def _convert(self, argument, text):
        if argument.type is None:
            return text
        try:
            return argument.type(text)
        except ArgumentTypeError as problem:
            self.error("argument %s: %s" % (argument.complain(), problem))
        except (TypeError, ValueError):
            name = getattr(argument.type, "__name__", repr(argument.type))
            self.error("argument %s: invalid %s value: %r" % (argument.complain(), name, text))

    def _value(self, argument, text):
        value = self._convert(argument, text)
        if argument.choices is not None and value not in argument.choices:
            known = ", ".join(repr(choice) for choice in argument.choices)
            self.error("argument %s: invalid choice: %r (choose from %s)" % (argument.complain(), value, known))
        return value

    def format_usage(self):
        if self.usage is not None:
            return "usage: %s\n" % self.usage.replace("%(prog)s", self.prog)
        options = [a.usage() for a in self._arguments if a.is_option and a.help != SUPPRESS]
        positional = [a.usage() for a in self._arguments if not a.is_option]
        if self._subparsers is not None:
            positional.append("{%s} ..." % ",".join(self._subparsers.parsers))
        return "usage: %s\n" % " ".join([self.prog] + options + positional)

    def format_help(self):
        parts = [self.format_usage()]
        if self.description:
            parts.append(self.description.replace("%(prog)s", self.prog) + "\n")
        grouped = [a for group in self._groups if group.title for a in group.members]
        plain = [a for a in self._arguments if a not in grouped]
        parts.append(self._section("positional arguments", [a for a in plain if not a.is_option], True))
        parts.append(self._section("options", [a for a in plain if a.is_option], False))
        for group in self._groups:
            if group.title:
                parts.append(self._section(group.title, group.members, False))
        if self.epilog:
            parts.append(self.epilog.replace("%(prog)s", self.prog) + "\n")
        return "\n".join(part for part in parts if part)

    def _section(self, title, arguments, with_commands):
        rows = [(a.heading(), self._help(a)) for a in arguments if a.help != SUPPRESS]
        if with_commands and self._subparsers is not None:
            rows.append(("{%s}" % ",".join(self._subparsers.parsers), self._subparsers.help or ""))
            rows.extend(("  " + name, help or "") for name, help in self._subparsers.helps)
        if not rows:
            return ""
        lines = [title + ":"]
        for heading, help in rows:
            if len(heading) > 20 and help:
                lines.append("  " + heading)
                heading = ""
            lines.append(("  %-20s  %s" % (heading, help)).rstrip())
        return "\n".join(lines) + "\n"

    def _help(self, argument):
        text = argument.help or ""
        if "%" not in text:
            return text
        text = text.replace("%(default)s", str(argument.initial())).replace("%(prog)s", self.prog)
        return text.replace("%(choices)s", str(argument.choices)).replace("%%", "%")

    def print_usage(self, file=None):
        self._write(self.format_usage(), file)

    def print_help(self, file=None):
        self._write(self.format_help(), file)

    def _write(self, text, file):
        (sys.stdout if file is None else file).write(text)

    def exit(self, status=0, message=None):
        if message:
            sys.stderr.write(message)
        sys.exit(status)

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(2, "%s: error: %s\n" % (self.prog, message))


class _Parsing:
    """One command line on its way into a namespace."""

    def __init__(self, parser, space, args):
        self.parser = parser
        self.space = space
        self.args = args
        self.at = 0
        self.words = []
        self.rest = []
        self.seen = []

    def run(self):
        only_words = False
        while self.at < len(self.args):
            word = self.args[self.at]
            self.at += 1
            if only_words or not self._is_flag(word):
                if self._is_command():
                    return self._finish(self._command(word))
                self.words.append(word)
            elif word == "--":
                only_words = True
            else:
                self._option(word)
        return self._finish([])

    def _is_flag(self, word):
        if not word.startswith("-") or word == "-":
            return False
        number = word[1:].replace(".", "", 1).isdigit()
        return not (number and self.parser._find(word) is None)

    def _is_command(self):
        wanted = [a for a in self.parser._arguments if not a.is_option]
        return self.parser._subparsers is not None and len(self.words) >= len(wanted)

    def _command(self, word):
        commands = self.parser._subparsers
        if word not in commands.parsers:
            known = ", ".join(repr(name) for name in commands.parsers)
            self.parser.error("argument %s: invalid choice: %r (choose from %s)" % (commands.dest or "command", word, known))
        if commands.dest is not None:
            setattr(self.space, commands.dest, word)
        _, rest = commands.parsers[word].parse_known_args(self.args[self.at :], self.space)
        self.seen.append(commands)
        return rest

    def _option(self, word):
        flag, equals, value = word.partition("=")
        option = self.parser._find(flag)
        if option is None and not word.startswith("--") and len(word) > 2:
            # -xVALUE, or -xyz for -x -y -z
            option, flag = self.parser._find(word[:2]), word[:2]
            if option is not None and option.takes_none:
                self.at -= 1
                self.args[self.at] = "-" + word[2:]
            elif option is not None:
                equals, value = "=", word[3:] if word[2] == "=" else word[2:]
        if option is None:
            self.rest.append(word)
            return
        self.seen.append(option)
        self._apply(option, flag, [value] if equals else None)

    def _apply(self, option, flag, given):
        action, space = option.action, self.space
        if option.takes_none:
            if given is not None:
                self.parser.error("argument %s: ignored explicit argument %r" % (option.complain(), given[0]))
            self._act(option)
            return
        values = self._collect(option) if given is None else given
        values = [self.parser._value(option, value) for value in values]
        if option.nargs is None:
            value = values[0]
        elif option.nargs == "?":
            value = values[0] if values else option.const
        else:
            value = values
        if action == "append":
            value = list(getattr(space, option.dest) or []) + [value]
        elif action == "extend":
            value = list(getattr(space, option.dest) or []) + value
        setattr(space, option.dest, value)

    def _act(self, option):
        action, space = option.action, self.space
        if action == "help":
            self.parser.print_help()
            self.parser.exit()
        elif action == "version":
            sys.stdout.write((option.version or "").replace("%(prog)s", self.parser.prog) + "\n")
            self.parser.exit()
        elif action == "count":
            setattr(space, option.dest, (getattr(space, option.dest) or 0) + 1)
        elif action == "append_const":
            setattr(space, option.dest, list(getattr(space, option.dest) or []) + [option.const])
        else:
            value = option.const if action == "store_const" else action == "store_true"
            setattr(space, option.dest, value)

    def _collect(self, option):
        """The words behind an option that are its values."""
        most = {None: 1, "?": 1}.get(option.nargs, option.nargs if isinstance(option.nargs, int) else len(self.args))
        least = {"?": 0, "*": 0, "...": 0, "+": 1, None: 1}.get(option.nargs, option.nargs)
        values = []
        while self.at < len(self.args) and len(values) < most and not self._is_flag(self.args[self.at]):
            values.append(self.args[self.at])
            self.at += 1
        if len(values) < least:
            many = {1: "one argument", "+": "at least one argument"}
            expected = many.get("+" if option.nargs == "+" else least, "%s arguments" % least)
            self.parser.error("argument %s: expected %s" % (option.complain(), expected))
        return values

    def _finish(self, rest):
        self._positionals()
        missing = [a.complain() for a in self.parser._arguments if a.required and a not in self.seen]
        commands = self.parser._subparsers
        if commands is not None and commands not in self.seen:
            if commands.required:
                missing.append(commands.dest or "command")
            if commands.dest is not None and not hasattr(self.space, commands.dest):
                setattr(self.space, commands.dest, None)
        if missing:
            self.parser.error("the following arguments are required: " + ", ".join(missing))
        self._groups()
        return self.rest + self.words + rest

    def _groups(self):
        for group in self.parser._groups:
            used = [a for a in group.members if a in self.seen]
            if group.exclusive and len(used) > 1:
                self.parser.error("argument %s: not allowed with argument %s" % (used[1].complain(), used[0].complain()))
            if group.required and not used:
                names = " ".join(a.complain() for a in group.members)
                self.parser.error("one of the arguments %s is required" % names)

    def _positionals(self):
        """Shares the words out: each argument takes what it can and leaves what those behind it need."""
        wanted = [a for a in self.parser._arguments if not a.is_option]
        least = [a.nargs if isinstance(a.nargs, int) else int(a.nargs in (None, "+")) for a in wanted]
        for i, argument in enumerate(wanted):
            spare = len(self.words) - sum(least[i + 1 :])
            if isinstance(argument.nargs, int) or argument.nargs is None:
                take = least[i]
            elif argument.nargs == "?":
                take = min(1, max(spare, 0))
            else:
                take = max(spare, 0)
            if take < least[i] or len(self.words) < take or (take == 0 and not self.words and least[i]):
                continue
            texts, self.words = self.words[:take], self.words[take:]
            if not texts and argument.nargs in ("?", "*", "..."):
                if argument.nargs != "?" and getattr(self.space, argument.dest, None) is None:
                    setattr(self.space, argument.dest, [])
                continue
            self.seen.append(argument)
            values = [self.parser._value(argument, text) for text in texts]
            setattr(self.space, argument.dest, values[0] if argument.nargs in (None, "?") else values)
