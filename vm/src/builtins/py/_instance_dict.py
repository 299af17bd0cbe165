"""What `instance.__dict__` gives: a dict of the attributes whose changes reach the instance."""

plain = dict


class dict(plain):
    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        object.__setattr__(self._instance, key, value)

    def __delitem__(self, key):
        super().__delitem__(key)
        object.__delattr__(self._instance, key)

    def __ior__(self, other):
        self.update(other)
        return self

    def clear(self):
        for key in list(self):
            del self[key]

    def pop(self, key, *default):
        if key in self:
            object.__delattr__(self._instance, key)
        return super().pop(key, *default)

    def popitem(self):
        key, value = super().popitem()
        object.__delattr__(self._instance, key)
        return key, value

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, *other, **named):
        for key, value in plain(*other, **named).items():
            self[key] = value
