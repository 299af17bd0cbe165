# eval, exec, locals, builtins, types, string; small rules of classes.
#
# expect: 6 [5, 5] 5 5
# expect: 10
# expect: SyntaxError
# expect: SyntaxError
# expect: SyntaxError
# expect: SyntaxError
# expect: SyntaxError
# expect: SyntaxError
# expect: True False ['inside']
# expect: everywhere True True True
# expect: namespace(a=1, b='two') True
# expect: abcdefghijklmnopqrstuvwxyz Two Words Here 1-2-$-$c
# expect: ValueError
# expect: TypeError
# expect: TypeError
# expect: first gone False
# expect: ('k',)
import builtins
import types
from string import Template, ascii_lowercase, capwords

x = 5
print(eval("x + 1"), eval(compile("[x, x]", "here", "eval")), eval(" x "), eval("\tx\n"))
exec("y = x * 2")
print(y)
for text in ("x := 1", "", "x = 1", "1 2", "(", "x;"):
    try:
        print(eval(text))
    except SyntaxError:
        print("SyntaxError")


class Space:
    inside = 1
    print("inside" in locals(), "x" in locals(), sorted(n for n in locals() if n[0] != "_"))


builtins.shared = "everywhere"
print(shared, builtins.len is len, types.FunctionType is type(lambda: 0), isinstance((i for i in ()), types.GeneratorType))
print(types.SimpleNamespace(a=1, b="two"), types.SimpleNamespace(a=1) == types.SimpleNamespace(a=1))
print(ascii_lowercase, capwords("two  words here"), Template("$a-${b}-$$-$c").safe_substitute(a=1, b=2))
try:
    Template("$a $").substitute(a=1)
except ValueError:
    print("ValueError")
try:
    super(int, "text")
except TypeError:
    print("TypeError")
try:
    object.__new__(int)
except TypeError:
    print("TypeError")


class Named:
    def __set_name__(self, owner, name):
        setattr(owner, name + "_set", name)
        delattr(owner, "gone") if hasattr(owner, "gone") else None


class Owner:
    first = Named()
    gone = Named()


print(Owner.first_set, Owner.gone_set, hasattr(Owner, "gone"))
try:
    raise KeyError("k") from None
except KeyError as problem:
    print(problem.args)
