"""What later versions of the language brought. All of it is always there, so nothing is switched on."""


class _Feature:
    def __init__(self, name, optional, mandatory):
        self.name = name
        self.optional = optional
        self.mandatory = mandatory
        self.compiler_flag = 0

    def getOptionalRelease(self):
        return self.optional

    def getMandatoryRelease(self):
        return self.mandatory

    def __repr__(self):
        return "_Feature(%r, %r, %r)" % (self.optional, self.mandatory, self.compiler_flag)


all_feature_names = []


def _add(name, optional, mandatory):
    all_feature_names.append(name)
    return _Feature(name, optional + ("beta", 1), mandatory and mandatory + ("alpha", 0))


nested_scopes = _add("nested_scopes", (2, 1, 0), (2, 2, 0))
generators = _add("generators", (2, 2, 0), (2, 3, 0))
division = _add("division", (2, 2, 0), (3, 0, 0))
absolute_import = _add("absolute_import", (2, 5, 0), (3, 0, 0))
with_statement = _add("with_statement", (2, 5, 0), (2, 6, 0))
print_function = _add("print_function", (2, 6, 0), (3, 0, 0))
unicode_literals = _add("unicode_literals", (2, 6, 0), (3, 0, 0))
barry_as_FLUFL = _add("barry_as_FLUFL", (3, 1, 0), (4, 0, 0))
generator_stop = _add("generator_stop", (3, 5, 0), (3, 7, 0))
annotations = _add("annotations", (3, 7, 0), None)
