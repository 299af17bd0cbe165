# A search asks each key once, whatever other keys are removed meanwhile; it begins anew when the asked one is gone.
#
# expect: dict_of first False False ['first', 'second'] 3
# expect: dict_of first True True ['first', 'second'] 3
# expect: dict_of second False False ['first', 'first'] 3
# expect: dict_of second True False ['first', 'first'] 3
# expect: dict_of other False False ['first', 'second'] 3
# expect: dict_of other True True ['first', 'second'] 3
# expect: dict_of clear False False ['first'] 0
# expect: dict_of clear True False ['first'] 0
# expect: dict_of again False False ['first', 'second'] 4
# expect: dict_of again True True ['first', 'second'] 4
# expect: set first False False ['first', 'second'] 3
# expect: set first True True ['first', 'second'] 3
# expect: set second False False ['first', 'first'] 3
# expect: set second True False ['first', 'first'] 3
# expect: set other False False ['first', 'second'] 3
# expect: set other True True ['first', 'second'] 3
# expect: set clear False False ['first'] 0
# expect: set clear True False ['first'] 0
# expect: set again False False ['first', 'second'] 4
# expect: set again True True ['first', 'second'] 4
# expect: long_dict_of first False False ['first', 'second'] 23
# expect: long_dict_of first True True ['first', 'second'] 23
# expect: long_dict_of second False False ['first', 'first'] 23
# expect: long_dict_of second True False ['first', 'first'] 23
# expect: long_dict_of other False False ['first', 'second'] 23
# expect: long_dict_of other True True ['first', 'second'] 23
# expect: long_dict_of clear False False ['first'] 0
# expect: long_dict_of clear True False ['first'] 0
# expect: long_dict_of again False False ['first', 'second'] 24
# expect: long_dict_of again True True ['first', 'second'] 24
# expect: True
class Key:
    def __init__(self, name, act=None, equal=False):
        self.name = name
        self.act = act
        self.equal = equal

    def __hash__(self):
        return 7

    def __eq__(self, other):
        seen.append(self.name)
        if self.act:
            act, self.act = self.act, None
            act()
        return self.equal

    def __repr__(self):
        return self.name

def long_dict_of(keys):
    return dict_of(list(keys) + list(range(100, 120)))

def dict_of(keys):
    return {key: n for n, key in enumerate(keys)}

def remove(table, key):
    if isinstance(table, dict):
        del table[key]
    else:
        table.remove(key)

def readd(table, key):
    remove(table, key)
    if isinstance(table, dict):
        table[key] = 9
    else:
        table.add(key)

seen = []
for make in dict_of, set, long_dict_of:
    for what in "first", "second", "other", "clear", "again":
        for equal in False, True:
            keys = [5, Key("first"), Key("second", equal=equal), 6]
            first, second = keys[1], keys[2]
            table = make(keys)
            act = {
                "first": lambda: remove(table, first),
                "second": lambda: remove(table, second),
                "other": lambda: remove(table, 5),
                "clear": lambda: table.clear(),
                "again": lambda: readd(table, 6),
            }[what]
            first.act = act
            seen.clear()
            found = Key("asked") in table
            print(make.__name__, what, equal, found, seen, len(table))
            keys[1].act = None
print(all(({Key("a"): 1}.pop(Key("b"), None) is None) for _ in range(2000)))
