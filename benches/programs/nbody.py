# Bodies that attract each other, advanced by a leapfrog step: float fields of objects.
#
# expect: -0.186179288
# expect: -0.186155101
# expect: -0.186155101
# small: 200
# expect-small: -0.186179288
# expect-small: -0.186162045
# expect-small: -0.186162045
# stress: 4
import sys


class Body:
    def __init__(self, mass, x, y, z, vx, vy, vz):
        self.mass = mass
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx
        self.vy = vy
        self.vz = vz


def solar():
    return [
        Body(40.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        Body(0.04, 4.8, -1.1, -0.1, 0.6, 2.8, -0.02),
        Body(0.01, 8.3, 4.1, -0.4, -1.0, 1.8, 0.008),
        Body(0.002, 12.9, -15.1, -0.2, 1.1, 0.9, -0.01),
        Body(0.002, 15.4, -25.9, 0.2, 1.0, 0.6, -0.03),
    ]


def pull(bodies, dt):
    count = len(bodies)
    for i in range(count):
        a = bodies[i]
        for j in range(i + 1, count):
            b = bodies[j]
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            square = dx * dx + dy * dy + dz * dz
            force = dt / (square * square**0.5)
            mb = b.mass * force
            ma = a.mass * force
            a.vx -= dx * mb
            a.vy -= dy * mb
            a.vz -= dz * mb
            b.vx += dx * ma
            b.vy += dy * ma
            b.vz += dz * ma


def drift(bodies, dt):
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def energy(bodies):
    total = 0.0
    for i, a in enumerate(bodies):
        total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
        for b in bodies[i + 1 :]:
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            total -= a.mass * b.mass / (dx * dx + dy * dy + dz * dz) ** 0.5
    return total


def run(n):
    bodies = solar()
    for _ in range(n):
        pull(bodies, 0.01)
        drift(bodies, 0.01)
    return energy(bodies)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 15000
    print("%.9f" % energy(solar()))
    for _ in range(2):
        print("%.9f" % run(n))


main()
