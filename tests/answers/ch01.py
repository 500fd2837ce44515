"""Chapter 01, Maximum likelihood."""

import math
from fractions import Fraction
from statistics import NormalDist

import numpy as np

from emcore.exercises import check_best_rate, check_cross_entropy, check_normal_loglik, check_slope

from . import normal


def average_for_loop(y, guess):
    total = 0
    for label, g in zip(y, guess, strict=True):
        total -= math.log(g) if label == 1 else math.log(1 - g)
    return total / len(y)


def by_trial(x):
    """Golden sections, as a bounded minimizer does it."""
    low, high = 1e-3, 10.0
    while high - low > 1e-6:
        a, b = high - 0.618 * (high - low), low + 0.618 * (high - low)
        low, high = (low, b) if len(x) * math.log(a) - a * x.sum() > len(x) * math.log(b) - b * x.sum() else (a, high)
    return low


def expanded(x, mu, sigma):
    return -len(x) * np.log(sigma * np.sqrt(2 * np.pi)) - np.sum((x - mu) ** 2) / (2 * sigma**2)


RIGHT = {
    check_slope: [
        (19 / 14, 3 / 14),
        (1.357, 0.214),
        (Fraction(19, 14), Fraction(3, 14)),
        (np.array([1.3571]), np.array([[0.2144]])),
    ],
    check_normal_loglik: [
        lambda x, mu, sigma: np.log(normal(x, mu, sigma)).sum(),
        expanded,
        lambda x, mu, sigma: math.fsum(map(math.log, map(NormalDist(mu, sigma).pdf, x))),
    ],
    check_cross_entropy: [
        lambda y, guess: -np.sum(y * np.log(guess) + (1 - y) * np.log(1 - guess)),
        lambda y, guess: -np.log(np.where(y == 1, guess, 1 - guess)).sum(),
        lambda y, guess: len(y) * average_for_loop(y, guess),
    ],
    check_best_rate: [
        lambda x: 1 / np.mean(x),
        lambda x: len(x) / sum(x),
        lambda x: [float(np.mean(x)) ** -1],
        by_trial,
    ],
}

SAME = {"check_normal_loglik": {"x and mu are exchanged": "(x - mu) squared is symmetric"}}

WRONG = {
    check_slope: [
        ((1.5, 3 / 14), "a line with an intercept"),
        ((1.278, 3 / 14), "mean of the three slopes"),
        ((8 / 6, 3 / 14), "sum of y over the sum of x"),
        ((14 / 19, 3 / 14), "upside down"),
        ((19 / 26, 3 / 14), "the slope of x on y"),
        ((19 / 14, 0.107), "half of what it should be"),
        ((19 / 14, 0.0714), "a mean where a sum is asked"),
        ((19 / 14, 8 - 6 * 19 / 14), "without squares"),
        ((19 / 14, 0.5), "smallest is off: 0.5 is too large"),
        ((1.36, 3 / 14), "rounded to 2 decimals; keep 3"),
        (([19 / 14, 0], 3 / 14), "b should be one number"),
        (([19 / 14, [0, 1]], 3 / 14), "parts of different lengths"),
        ((lambda x: x, 3 / 14), "b should be numbers; yours is a function"),
    ],
    check_normal_loglik: [
        (lambda x, mu, sigma: np.prod(normal(x, mu, sigma)), "that is the likelihood"),
        (lambda x, mu, sigma: np.mean(np.log(normal(x, mu, sigma))), "a mean where a sum is asked"),
        (lambda x, mu, sigma: -len(x) * np.log(sigma) - np.sum((x - mu) ** 2) / (2 * sigma**2), "square root of 2 pi"),
        (lambda x, mu, sigma: np.sum(-((x - mu) ** 2) / (2 * sigma**2) - np.log(2 * np.pi) / 2), "term -log sigma"),
        (
            lambda x, mu, s: -np.sum(np.log(s * np.sqrt(2 * np.pi)) + ((x - mu) / s) ** 2),
            "the one half in the exponent",
        ),
        (lambda x, mu, sigma: normal(x[:9], mu, sigma), "should be one number; yours has shape (9,)"),
        (lambda *given: -expanded(*given), "the sign is flipped"),
        (lambda x, mu, sigma: expanded(x, mu, math.sqrt(sigma)), "not a variance"),
        (lambda x, mu, sigma: np.log(np.prod(normal(x, mu, sigma))), "0 to the machine"),
        (lambda x, mu, sigma: math.log(math.prod(normal(x, mu, sigma))), "0 to the machine"),
        (lambda x, mu, sigma: np.log(normal(x, mu, sigma)), "one value a point"),
    ],
    check_cross_entropy: [
        (lambda y, g: -np.sum(y * np.log(g)) + np.sum((1 - y) * np.log(1 - g)), "reaches the first term only"),
        (lambda y, g: np.sum(y * np.log(g) + (1 - y) * np.log(1 - g)), "the sign is flipped"),
        (lambda y, g: -np.log(g[y == 1]).sum(), "only the points with y = 1"),
        (average_for_loop, "a mean where a sum is asked"),
        (lambda y, g: -np.log(1 - g[y == 0]).sum(), "only the points with y = 0"),
        (lambda y, g: -np.log(np.where(y == 0, g, 1 - g)).sum(), "the probability of a 1, not of a 0"),
        (lambda y, g: -np.log10(np.where(y == 1, g, 1 - g)).sum(), "base 10"),
    ],
    check_best_rate: [
        (np.mean, "mean waiting time"),
        (lambda x: (len(x) - 1) / x.sum(), "N - 1 stands where N belongs"),
        (lambda x: 1 / sum(x), "how many terms log(rate)"),
        (lambda x: np.mean(1 / x), "mean of 1/x"),
        (lambda x: math.log(2) / np.median(x), "fits the median"),
    ],
}
