"""Sets of characters, and templates with $names."""

ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = ascii_lowercase.upper()
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdefABCDEF"
octdigits = digits[:8]
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
whitespace = " \t\n\r\v\f"
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    words = [word[:1].upper() + word[1:].lower() for word in s.split(sep)]
    return (" " if sep is None else sep).join(words)


_NAME = ascii_letters + "_"
_REST = _NAME + digits


class Template:
    def __init__(self, template):
        self.template = template

    def substitute(self, mapping=None, **kw):
        return self._fill(mapping, kw, False)

    def safe_substitute(self, mapping=None, **kw):
        return self._fill(mapping, kw, True)

    def _fill(self, mapping, kw, safe):
        text = self.template
        out = []
        at = 0
        while True:
            dollar = text.find("$", at)
            if dollar < 0:
                out.append(text[at:])
                return "".join(out)
            out.append(text[at:dollar])
            at = self._placeholder(text, dollar, mapping, kw, safe, out)

    def _placeholder(self, text, dollar, mapping, kw, safe, out):
        if text[dollar + 1 : dollar + 2] == "$":
            out.append("$")
            return dollar + 2
        start = dollar + 1
        braced = text[start : start + 1] == "{"
        start += braced
        end = start
        while end < len(text) and text[end] in (_REST if end > start else _NAME):
            end += 1
        stop = end + braced
        if end == start or (braced and text[end:stop] != "}"):
            if not safe:
                line = text.count("\n", 0, dollar) + 1
                raise ValueError("Invalid placeholder in string: line %d" % line)
            out.append("$")
            return dollar + 1
        name = text[start:end]
        if name in kw:
            out.append(str(kw[name]))
        elif mapping is not None and name in mapping:
            out.append(str(mapping[name]))
        elif safe:
            out.append(text[dollar:stop])
        else:
            raise KeyError(name)
        return stop
