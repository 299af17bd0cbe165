# A small stack machine interpreting a program: dispatch by comparison, by dictionary of methods, and by tuple fields.
#
# expect: ((15344, 450009), 15344)
# expect: ((15344, 450009), 15344)
# small: 600
# expect-small: ((20576, 10809), 20576)
# expect-small: ((20576, 10809), 20576)
# stress: 12
import sys

PUSH, LOAD, STORE, ADD, SUB, MUL, MOD, LESS, JUMP, BRANCH, HALT = range(11)

# total = 0; i = 0; while i < limit: total = (total * 31 + i) % 65521; i = i + 1
PROGRAM = (
    (PUSH, 0), (STORE, 0), (PUSH, 0), (STORE, 1),
    (LOAD, 1), (LOAD, 2), (LESS, 0), (BRANCH, 19),
    (LOAD, 0), (PUSH, 31), (MUL, 0), (LOAD, 1), (ADD, 0), (PUSH, 65521), (MOD, 0), (STORE, 0),
    (LOAD, 1), (PUSH, 1), (JUMP, 20),
    (HALT, 0),
    (ADD, 0), (STORE, 1), (JUMP, 4),
)


def interpret(program, limit):
    stack = []
    slots = [0, 0, limit]
    pc = 0
    steps = 0
    while True:
        op, argument = program[pc]
        pc += 1
        steps += 1
        if op == PUSH:
            stack.append(argument)
        elif op == LOAD:
            stack.append(slots[argument])
        elif op == STORE:
            slots[argument] = stack.pop()
        elif op == JUMP:
            pc = argument
        elif op == BRANCH:
            if not stack.pop():
                pc = argument
        elif op == HALT:
            return slots[0], steps
        else:
            right = stack.pop()
            left = stack.pop()
            if op == ADD:
                stack.append(left + right)
            elif op == MUL:
                stack.append(left * right)
            elif op == MOD:
                stack.append(left % right)
            elif op == LESS:
                stack.append(left < right)


class Machine:
    def __init__(self, limit):
        self.stack = []
        self.slots = [0, 0, limit]
        self.pc = 0
        self.running = True
        self.table = {
            PUSH: self.stack.append,
            LOAD: self.load,
            STORE: self.store,
            ADD: self.add,
            MUL: self.mul,
            MOD: self.mod,
            LESS: self.less,
            JUMP: self.jump,
            BRANCH: self.branch,
            HALT: self.halt,
        }

    def load(self, slot):
        self.stack.append(self.slots[slot])

    def store(self, slot):
        self.slots[slot] = self.stack.pop()

    def two(self):
        right = self.stack.pop()
        return self.stack.pop(), right

    def add(self, _):
        left, right = self.two()
        self.stack.append(left + right)

    def mul(self, _):
        left, right = self.two()
        self.stack.append(left * right)

    def mod(self, _):
        left, right = self.two()
        self.stack.append(left % right)

    def less(self, _):
        left, right = self.two()
        self.stack.append(left < right)

    def jump(self, target):
        self.pc = target

    def branch(self, target):
        if not self.stack.pop():
            self.pc = target

    def halt(self, _):
        self.running = False

    def run(self, program):
        while self.running:
            op, argument = program[self.pc]
            self.pc += 1
            self.table[op](argument)
        return self.slots[0]


def run(n):
    return interpret(PROGRAM, n), Machine(n).run(PROGRAM)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 25000
    for _ in range(2):
        print(run(n))


main()
