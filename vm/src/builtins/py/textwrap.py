"""Paragraphs of a given width."""
import re

_BLANKS = " \t\n\x0b\x0c\r"


class TextWrapper:
    def __init__(self, width=70, initial_indent="", subsequent_indent="", expand_tabs=True, replace_whitespace=True,
                 fix_sentence_endings=False, break_long_words=True, drop_whitespace=True, break_on_hyphens=True,
                 tabsize=8, *, max_lines=None, placeholder=" [...]"):
        self.width = width
        self.initial_indent = initial_indent
        self.subsequent_indent = subsequent_indent
        self.expand_tabs = expand_tabs
        self.replace_whitespace = replace_whitespace
        self.break_long_words = break_long_words
        self.drop_whitespace = drop_whitespace
        self.break_on_hyphens = break_on_hyphens
        self.tabsize = tabsize
        self.max_lines = max_lines
        self.placeholder = placeholder

    def _pieces(self, text):
        """Words and blanks in turn; words with hyphens in parts."""
        if self.expand_tabs:
            text = _expanded(text, self.tabsize)
        if self.replace_whitespace:
            text = "".join([" " if c in _BLANKS else c for c in text])
        pieces = []
        for piece in re.split("([ \t\n]+)", text):
            if piece and self.break_on_hyphens and not piece.isspace():
                pieces.extend(_hyphens(piece))
            elif piece:
                pieces.append(piece)
        return pieces

    def wrap(self, text):
        if self.width <= 0:
            raise ValueError("invalid width %r (must be > 0)" % self.width)
        pieces = self._pieces(text)
        pieces.reverse()
        lines = []
        while pieces:
            indent = self.subsequent_indent if lines else self.initial_indent
            if self.drop_whitespace and lines and not pieces[-1].strip():
                pieces.pop()
                if not pieces:
                    break
            line = self._line(pieces, self.width - len(indent))
            if self.drop_whitespace and line and not line[-1].strip():
                line.pop()
            if not line:
                continue
            left = pieces and not (self.drop_whitespace and len(pieces) == 1 and not pieces[0].strip())
            if self.max_lines is not None and len(lines) + 1 == self.max_lines and left:
                lines.append(self._cut(line, indent, lines))
                break
            lines.append(indent + "".join(line))
        return lines

    def _line(self, pieces, room):
        line, n = [], 0
        while pieces and n + len(pieces[-1]) <= room:
            line.append(pieces.pop())
            n += len(line[-1])
        if pieces and len(pieces[-1]) > room:
            space = max(room - n, 1 if not line else 0)
            if self.break_long_words and space > 0:
                line.append(pieces[-1][:space])
                pieces[-1] = pieces[-1][space:]
            elif not line:
                line.append(pieces.pop())
        return line

    def _cut(self, line, indent, lines):
        room = self.width - len(indent) - len(self.placeholder)
        while line:
            if line[-1].strip() and sum([len(piece) for piece in line]) <= room:
                return indent + "".join(line) + self.placeholder
            line.pop()
        if lines and len(lines[-1].rstrip()) + len(self.placeholder) <= self.width:
            return lines.pop().rstrip() + self.placeholder
        return indent + self.placeholder.lstrip()

    def fill(self, text):
        return "\n".join(self.wrap(text))


def _expanded(text, size):
    out, column = [], 0
    for c in text:
        if c == "\t":
            n = size - column % size if size else 0
            out.append(" " * n)
            column += n
        else:
            out.append(c)
            column = 0 if c in "\n\r" else column + 1
    return "".join(out)


def _hyphens(word):
    parts, start = [], 0
    for at in range(1, len(word) - 1):
        if word[at] == "-" and word[at - 1].isalpha() and word[at + 1].isalpha() and (at < 2 or word[at - 2].isalpha()):
            parts.append(word[start:at + 1])
            start = at + 1
    parts.append(word[start:])
    return parts


def wrap(text, width=70, **kw):
    return TextWrapper(width=width, **kw).wrap(text)


def fill(text, width=70, **kw):
    return TextWrapper(width=width, **kw).fill(text)


def shorten(text, width, **kw):
    return TextWrapper(width=width, max_lines=1, **kw).fill(" ".join(text.strip().split()))


def dedent(text):
    lines = text.split("\n")
    margin = None
    for n, line in enumerate(lines):
        if not line.strip(" \t"):
            lines[n] = ""
            continue
        indent = line[:len(line) - len(line.lstrip(" \t"))]
        if margin is None:
            margin = indent
        while not indent.startswith(margin):
            margin = margin[:-1]
    return "\n".join([line[len(margin or ""):] for line in lines])


def indent(text, prefix, predicate=None):
    lines = text.split("\n")
    lines = [line + "\n" for line in lines[:-1]] + lines[-1:]
    wanted = predicate or (lambda line: line.strip())
    return "".join([prefix + line if line and wanted(line) else line for line in lines])
