"""Averages and spreads, calculated exactly and rounded once."""
from fractions import Fraction
import math


class StatisticsError(ValueError):
    pass


def _exact(data):
    return [Fraction(x) for x in data]


def _like(value, data):
    """The exact result as a number of the data's kind."""
    if all(isinstance(x, int) for x in data):
        return int(value) if value.denominator == 1 else float(value)
    if all(isinstance(x, (int, Fraction)) for x in data):
        return value
    return float(value)


def _some(data, name):
    data = list(data)
    if not data:
        raise StatisticsError("%s requires at least one data point" % name)
    return data


def mean(data):
    data = _some(data, "mean")
    return _like(sum(_exact(data), Fraction(0)) / len(data), data)


def fmean(data, weights=None):
    data = [float(x) for x in data]
    if not data:
        raise StatisticsError("fmean requires at least one data point")
    if weights is None:
        return math.fsum(data) / len(data) if hasattr(math, "fsum") else float(sum(_exact(data)) / len(data))
    weights = list(weights)
    if len(weights) != len(data):
        raise StatisticsError("data and weights must be the same length")
    total = sum(_exact(weights))
    if not total:
        raise StatisticsError("sum of weights must be non-zero")
    return float(sum([Fraction(x) * Fraction(w) for x, w in zip(data, weights)]) / total)


def geometric_mean(data):
    data = list(data)
    if not data or min(data) <= 0:
        raise StatisticsError("geometric mean requires a non-empty dataset containing positive numbers")
    return math.exp(fmean([math.log(x) for x in data]))


def harmonic_mean(data, weights=None):
    data = _some(data, "harmonic_mean")
    if min(data) < 0:
        raise StatisticsError("harmonic mean does not support negative values")
    if 0 in data:
        return 0
    weights = [1] * len(data) if weights is None else list(weights)
    exact = sum(_exact(weights)) / sum([Fraction(w) / Fraction(x) for x, w in zip(data, weights)])
    return _like(exact, data)


def median(data):
    data = sorted(_median_data(data))
    n = len(data)
    return data[n // 2] if n % 2 else (data[n // 2 - 1] + data[n // 2]) / 2


def _median_data(data):
    data = list(data)
    if not data:
        raise StatisticsError("no median for empty data")
    return data


def median_low(data):
    data = sorted(_median_data(data))
    return data[(len(data) - 1) // 2]


def median_high(data):
    data = sorted(_median_data(data))
    return data[len(data) // 2]


def multimode(data):
    counts = {}
    for x in data:
        counts[x] = counts.get(x, 0) + 1
    most = max(counts.values()) if counts else 0
    return [x for x, n in counts.items() if n == most]


def mode(data):
    modes = multimode(data)
    if not modes:
        raise StatisticsError("no mode for empty data")
    return modes[0]


def _squares(data, center):
    exact = _exact(data)
    center = sum(exact, Fraction(0)) / len(exact) if center is None else Fraction(center)
    return sum([(x - center) ** 2 for x in exact], Fraction(0))


def variance(data, xbar=None):
    data = list(data)
    if len(data) < 2:
        raise StatisticsError("variance requires at least two data points")
    return _like(_squares(data, xbar) / (len(data) - 1), data)


def pvariance(data, mu=None):
    data = _some(data, "pvariance")
    return _like(_squares(data, mu) / len(data), data)


def _root(exact):
    """The square root, rounded once: that of a number with at least 110 bits."""
    n, d = exact.numerator, exact.denominator
    shift = max(0, 110 - (n.bit_length() - d.bit_length()))
    shift += shift & 1
    root = math.isqrt((n << shift) // d)
    return root / (1 << shift // 2)


def stdev(data, xbar=None):
    data = list(data)
    if len(data) < 2:
        raise StatisticsError("stdev requires at least two data points")
    return _root(_squares(data, xbar) / (len(data) - 1))


def pstdev(data, mu=None):
    data = _some(data, "pstdev")
    return _root(_squares(data, mu) / len(data))


def quantiles(data, *, n=4, method="exclusive"):
    if n < 1:
        raise StatisticsError("n must be at least 1")
    data = sorted(data)
    if len(data) < 2:
        raise StatisticsError("must have at least two data points")
    result = []
    for k in range(1, n):
        if method == "inclusive":
            at, rest = divmod(k * (len(data) - 1), n)
            low, high = data[at], data[at + 1]
        elif method == "exclusive":
            at = min(max(k * (len(data) + 1) // n, 1), len(data) - 1)
            rest = k * (len(data) + 1) - at * n
            low, high = data[at - 1], data[at]
        else:
            raise ValueError("Unknown method: %r" % method)
        result.append((low * (n - rest) + high * rest) / n)
    return result


def covariance(x, y):
    if len(x) != len(y) or len(x) < 2:
        raise StatisticsError("covariance requires at least two data points")
    a, b = fmean(x), fmean(y)
    return float(sum([Fraction(p - a) * Fraction(q - b) for p, q in zip(x, y)]) / (len(x) - 1))


def correlation(x, y):
    if len(x) != len(y) or len(x) < 2:
        raise StatisticsError("correlation requires at least two data points")
    a, b = fmean(x), fmean(y)
    across = math.fsum([(p - a) * (q - b) for p, q in zip(x, y)])
    both = math.fsum([(p - a) ** 2 for p in x]) * math.fsum([(q - b) ** 2 for q in y])
    if not both:
        raise StatisticsError("at least one of the inputs is constant")
    return across / math.sqrt(both)
