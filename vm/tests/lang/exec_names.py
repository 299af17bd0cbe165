# A namespace without names of its own has those of builtins.
#
# expect: 5 A True 2
# expect: builtins 2 mine
# expect: builtins builtins 1
# expect: ['B', 'f']
# expect: ['__builtins__', 'x'] {'only': 1}
# expect: {'y': 1} module 2
space = {}
exec("class A: x = 5", space)
print(space["A"].x, space["A"].__name__, "__builtins__" in space, len(space))
print(eval("__name__", {}), eval("len(x)", {"x": [1, 2]}), eval("__name__", {"__name__": "mine"}))
space = {}
exec("def f(): return __name__\nclass B:\n    def g(self): return __name__\n    def h(self): return len([1])", space)
print(space["f"](), space["B"]().g(), space["B"]().h())
del space["__builtins__"]
print(sorted(space))
space = {"__builtins__": {"only": 1}}
exec("x = 1", space)
print(sorted(space), space["__builtins__"])
inner = {}
exec("y = 1", {}, inner)
print(inner, type(__builtins__).__name__, __builtins__.len([1, 2]))
