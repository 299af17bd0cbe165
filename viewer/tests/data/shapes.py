# Shapes: inlined methods, a branch that gets a bridge, and a comment in 日本語.


class Circle:
    def __init__(self, r):
        self.r = r

    def area(self):
        return self.r * self.r * 3  # 面積


class Square:
    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side * self.side


def weigh(shape, factor):
    return shape.area() * factor


def total(shapes, rounds):
    result = 0
    for i in range(rounds):
        shape = shapes[i % 7]
        if i % 3:
            result += weigh(shape, 2)
        else:
            result -= shape.area()
    return result


shapes = [Circle(2), Circle(3), Square(4), Circle(1), Square(2), Circle(5), Circle(6)]
print(total(shapes, 9000))
