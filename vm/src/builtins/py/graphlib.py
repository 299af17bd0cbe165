"""An order in which everything comes after what it needs."""


class CycleError(ValueError):
    pass


class TopologicalSorter:
    def __init__(self, graph=None):
        self._needs = {}
        self._users = {}
        self._ready = None
        for node, needed in (graph or {}).items():
            self.add(node, *needed)

    def add(self, node, *predecessors):
        if self._ready is not None:
            raise ValueError("Nodes cannot be added after a call to prepare()")
        for one in (node,) + predecessors:
            self._needs.setdefault(one, 0)
            self._users.setdefault(one, [])
        for needed in predecessors:
            self._users[needed].append(node)
        self._needs[node] += len(predecessors)

    def prepare(self):
        if self._ready is not None:
            raise ValueError("cannot prepare() more than once")
        self._ready = [node for node, n in self._needs.items() if n == 0]
        self._waiting = len(self._needs)
        self._out = set()
        cycle = self._cycle()
        if cycle:
            raise CycleError("nodes are in a cycle", cycle)

    def _cycle(self):
        left = dict(self._needs)
        done = list(self._ready)
        for node in done:
            for user in self._users[node]:
                left[user] -= 1
                if left[user] == 0:
                    done.append(user)
        rest = set(left).difference(done)
        if not rest:
            return None
        node, path = next(node for node in left if node in rest), []
        while node not in path:
            path.append(node)
            node = next(other for other in self._users if other in rest and node in self._users[other])
        path = path[path.index(node):] + [node]
        path.reverse()
        return path

    def get_ready(self):
        if self._ready is None:
            raise ValueError("prepare() must be called first")
        ready, self._ready = tuple(self._ready), []
        self._out.update(ready)
        return ready

    def is_active(self):
        if self._ready is None:
            raise ValueError("prepare() must be called first")
        return bool(self._ready or self._out)

    def __bool__(self):
        return self.is_active()

    def done(self, *nodes):
        for node in nodes:
            if node not in self._out:
                raise ValueError("node %r was not passed out (still not ready)" % (node,))
            self._out.remove(node)
            for user in self._users[node]:
                self._needs[user] -= 1
                if self._needs[user] == 0:
                    self._ready.append(user)

    def static_order(self):
        self.prepare()
        while self.is_active():
            nodes = self.get_ready()
            for node in nodes:
                yield node
            self.done(*nodes)
