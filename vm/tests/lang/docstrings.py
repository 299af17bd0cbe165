# Docstrings, the examples in them, and output that goes elsewhere.
#
# expect: Twice as much Says hello. >>>  The examples here are ru
# expect: None None
# expect: (0, 7)
# expect: 'for whom 1\n'

"""The examples here are run.

>>> double(4)
8
>>> for i in range(2):
...     print(i)
0
1
"""
import doctest
import sys


def double(x):
    """Twice as much.

    >>> double(2)
    4
    >>> double("ab")
    'abab'
    >>> double(None)
    Traceback (most recent call last):
        ...
    TypeError: no number
    >>> list(range(50))  # doctest: +ELLIPSIS
    [0, 1, ...]
    """
    if x is None:
        raise TypeError("no number")
    return x * 2


class Greeter:
    """
    >>> Greeter().greet()
    'hello'
    """

    def greet(self):
        """Says hello."""
        return "hello"


class Taker:
    def __init__(self):
        self.taken = ""

    def write(self, text):
        self.taken += text


print(double.__doc__.split(".")[0], Greeter.greet.__doc__, Greeter.__doc__.strip()[:4], __doc__[:24])
print((lambda: 0).__doc__, Taker.__init__.__doc__)
print(tuple(doctest.testmod()))
taker, before = Taker(), sys.stdout
sys.stdout = taker
print("for whom", 1)
sys.stdout = before
print(repr(taker.taken))
