class Base:
    """Dropped."""
    size: int = 1
    kind: str

    def __init__(self, size):
        super().__init__(size)
        self.size = size
        del self.size, self.table[0]

    def twice(self):
        self.table[self.size] += 2
        self.size *= 2
        return __class__


class Derived(Base, key=1):
    def method(self):
        return super().method
