"""Arithmetic that rounding, overflow and 0 log 0 cannot spoil."""

from functools import lru_cache
from math import lgamma
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def log_normal(x: Any, mu: Any, sigma: Any) -> Any:
    """log N(x; mu, sigma^2), elementwise."""
    with np.errstate(over="ignore"):  # 1e154 sigmas away, -inf is right to the last digit
        return -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))


def ratio(part: Any, whole: Any) -> Array:
    """part / whole elementwise; 0 only where part is 0: rounding must not make it so."""
    quotient = part / whole
    return np.where(part > 0, np.maximum(quotient, np.finfo(float).tiny), quotient)


def log_factorial(n: ArrayLike) -> Array:
    """log n! elementwise, for whole numbers n, from a table that is made once."""
    n = np.asarray(n, int)
    return _log_factorials(2 ** int(n.max()).bit_length())[n]


@lru_cache(maxsize=4)
def _log_factorials(stop: int) -> Array:
    table = np.array([lgamma(n + 1) for n in range(stop)])
    table.flags.writeable = False
    return table


def xlogy(x: Any, y: Any) -> Array:
    """x log y elementwise, with 0 log 0 = 0; x log 0 = -inf for x > 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.equal(x, 0), 0.0, x * np.log(y))


def xlog1py(x: Any, y: Any) -> Array:
    """x log(1 + y) elementwise, to all digits where y is near 0, with 0 log 0 = 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.equal(x, 0), 0.0, x * np.log1p(y))
