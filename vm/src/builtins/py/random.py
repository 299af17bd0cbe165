"""Random numbers."""
import math
from _random import choice, getrandbits, randint, random, randrange, seed, uniform


def shuffle(items):
    for i in range(len(items) - 1, 0, -1):
        j = randrange(i + 1)
        items[i], items[j] = items[j], items[i]


def sample(population, k):
    pool = list(population)
    n = len(pool)
    if not 0 <= k <= n:
        raise ValueError("sample larger than population or is negative")
    for i in range(k):
        j = randrange(i, n)
        pool[i], pool[j] = pool[j], pool[i]
    return pool[:k]


def choices(population, weights=None, *, cum_weights=None, k=1):
    if weights is None and cum_weights is None:
        return [choice(population) for _ in range(k)]
    if cum_weights is None:
        cum_weights = []
        total = 0
        for weight in weights:
            total += weight
            cum_weights.append(total)
    result = []
    for _ in range(k):
        at = random() * cum_weights[-1]
        i = 0
        while cum_weights[i] <= at:
            i += 1
        result.append(population[i])
    return result


def gauss(mu=0.0, sigma=1.0):
    radius = math.sqrt(-2.0 * math.log(1.0 - random()))
    return mu + sigma * radius * math.cos(2.0 * math.pi * random())


normalvariate = gauss


def expovariate(lambd=1.0):
    return -math.log(1.0 - random()) / lambd


def triangular(low=0.0, high=1.0, mode=None):
    u = random()
    c = 0.5 if mode is None else (mode - low) / (high - low)
    if u > c:
        u, c, low, high = 1.0 - u, 1.0 - c, high, low
    return low + (high - low) * math.sqrt(u * c)


class Random:
    def __init__(self, x=None):
        seed(x)
        self.seed = seed
        self.random = random
        self.uniform = uniform
        self.randint = randint
        self.randrange = randrange
        self.getrandbits = getrandbits
        self.choice = choice
        self.choices = choices
        self.shuffle = shuffle
        self.sample = sample
        self.gauss = gauss
