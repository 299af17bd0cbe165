# Animals on a ring of fields: inheritance, overridden methods, properties, super and class attributes.
#
# expect: (11, 26, 4510, 2134, 1268)
# expect: (11, 26, 4510, 2134, 1268)
# small: 60
# expect-small: (13, 1, 5520, 150, 133)
# expect-small: (13, 1, 5520, 150, 133)
# stress: 2
import sys


class Random:
    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % limit


class Field:
    growth = 3

    def __init__(self):
        self.grass = 20

    def grow(self):
        self.grass += self.growth
        if self.grass > 50:
            self.grass = 50

    def graze(self, amount):
        if amount > self.grass:
            amount = self.grass
        self.grass -= amount
        return amount


class Desert(Field):
    growth = 1

    def graze(self, amount):
        return super().graze(amount // 2)


class Animal:
    born = 0

    def __init__(self, place, energy):
        self.place = place
        self.energy = energy
        type(self).born += 1

    @property
    def alive(self):
        return self.energy > 0

    @property
    def fat(self):
        return self.energy > self.fertile

    def move(self, world):
        self.place = (self.place + self.step(world.random)) % len(world.fields)
        self.energy -= self.cost

    def child(self):
        self.energy //= 2
        return type(self)(self.place, self.energy)


class Hare(Animal):
    cost = 4
    fertile = 60
    born = 0

    def step(self, random):
        return random.below(7) - 3

    def eat(self, world):
        self.energy += world.fields[self.place].graze(9)


class Fox(Animal):
    cost = 4
    fertile = 70
    born = 0

    def step(self, random):
        return random.below(3) * 2 - 1

    def eat(self, world):
        prey = world.hare_at.get(self.place)
        if prey is not None and prey.alive:
            self.energy += prey.energy
            prey.energy = 0


class World:
    def __init__(self, size):
        self.random = Random(size)
        self.fields = [Desert() if i % 4 == 0 else Field() for i in range(size)]
        self.hares = [Hare(self.random.below(size), 40) for _ in range(size)]
        self.foxes = [Fox(self.random.below(size), 60) for _ in range(size // 8)]
        self.hare_at = {}

    def turn(self, animals):
        young = []
        for animal in animals:
            if not animal.alive:
                continue
            animal.move(self)
            animal.eat(self)
            if animal.fat:
                young.append(animal.child())
        return [animal for animal in animals if animal.alive] + young

    def day(self, number):
        if number % 10 == 0:
            self.hares.append(Hare(number % len(self.fields), 50))
            self.foxes.append(Fox(number * 7 % len(self.fields), 60))
        for field in self.fields:
            field.grow()
        self.hares = self.turn(self.hares)
        self.hare_at = {hare.place: hare for hare in self.hares}
        self.foxes = self.turn(self.foxes)


def run(n):
    Hare.born = Fox.born = 0
    world = World(120)
    for number in range(n):
        world.day(number)
    grass = sum([field.grass for field in world.fields])
    return len(world.hares), len(world.foxes), grass, Hare.born, Fox.born


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    for _ in range(2):
        print(run(n))


main()
