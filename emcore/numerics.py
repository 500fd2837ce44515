"""Arithmetic that rounding, overflow and 0 log 0 cannot spoil."""

from math import lgamma

import numpy as np


def log_normal(x, mu, sigma):
    """log N(x; mu, sigma^2), elementwise."""
    with np.errstate(over="ignore"):  # 1e154 sigmas away, -inf is right to the last digit
        return -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma * np.sqrt(2 * np.pi))


def ratio(part, whole) -> np.ndarray:
    """part / whole elementwise; 0 only where part is 0: rounding must not make it so."""
    quotient = part / whole
    return np.where(part > 0, np.maximum(quotient, np.finfo(float).tiny), quotient)


def log_factorial(n) -> np.ndarray:
    """log n! elementwise."""
    return np.vectorize(lgamma, otypes=[float])(np.asarray(n, float) + 1)


def xlogy(x, y) -> np.ndarray:
    """x log y elementwise, with 0 log 0 = 0; x log 0 = -inf for x > 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.equal(x, 0), 0.0, x * np.log(y))
