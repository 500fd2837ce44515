"""Chapter 02, A single Gaussian."""

import math
import statistics

import numpy as np

from emcore.exercises import check_fit_normal, check_fit_weighted, check_four_numbers, check_slope_sigma


def fit_in_place(x):
    mu = x.mean()
    x -= mu
    x *= x
    return [mu, x.mean() ** 0.5]


def slope(x, mu, sigma):
    return -len(x) / sigma + np.sum((x - mu) ** 2) / sigma**3


def weighted(x, w):
    mu = np.average(x, weights=w)
    return mu, np.sqrt(np.average((x - mu) ** 2, weights=w))


def weighted_in_loops(x, w):
    total = mu = squares = 0
    for value, weight in zip(x, w, strict=True):
        total += weight
        mu += weight * value / sum(w)
    for value, weight in zip(x, w, strict=True):
        squares += weight * (value - mu) ** 2
    return mu, (squares / total) ** 0.5


def weighted_with(sigma):
    """The right mu, and as sigma what a slip makes of x, w and mu."""
    return lambda x, w: (weighted(x, w)[0], sigma(x, w, weighted(x, w)[0]))


RIGHT = {
    check_four_numbers: [
        (3, 3.5**0.5, -2 * math.log(2 * math.pi * 3.5) - 2),
        (3.0, 1.871, -8.181),
        (np.float64(3), np.sqrt(14 / 4), np.float64(-8.182)),
    ],
    check_fit_normal: [
        lambda x: (np.mean(x), np.std(x)),
        lambda x: (statistics.fmean(x), statistics.pstdev(x)),
        lambda x: np.array([sum(x) / len(x), np.sqrt(np.mean(x**2) - np.mean(x) ** 2)]),
        fit_in_place,
    ],
    check_slope_sigma: [
        slope,
        lambda x, mu, sigma: sum((v - mu) ** 2 / sigma**3 - 1 / sigma for v in x),
        lambda x, mu, sigma: (np.mean((x - mu) ** 2) - sigma**2) * len(x) / sigma**3,
    ],
    check_fit_weighted: [
        weighted,
        lambda x, w: [w @ x / w.sum(), math.sqrt(w @ x**2 / w.sum() - (w @ x / w.sum()) ** 2)],
        weighted_in_loops,
    ],
}

WRONG = {
    check_four_numbers: [
        ((2.5, 1.871, -8.181), "that is the median"),
        ((12, 1.871, -8.181), "a sum where a mean is asked"),
        ((3.5, 1.871, -8.181), "middle of the range"),
        ((3, 2.16, -8.181), "that divides by N - 1"),
        ((3, 3.5, -8.181), "that is the variance"),
        ((3, 1.5, -8.181), "mean absolute deviation"),
        ((3, 3.742, -8.181), "is not divided by 4"),
        ((3, 14, -8.181), "the squares, summed"),
        ((3, 1.871, 0.00028), "e to the power of what is asked"),
        ((3, 1.871, -2 * math.log(2 * math.pi * 14 / 3) - 1.5), "at the sigma with N - 1"),
        ((3, 1.871, -6.181), "the last part, -N/2"),
        ((3, 1.871, -4 * math.log(1.8708) - 2), "square root of 2 pi"),
        ((3, 1.871, 8.181), "the sign is flipped"),
        ((3, 1.871, -8), "top is off: -8 is too large"),
    ],
    check_fit_normal: [
        (lambda x: (x.sum(), x.std()), "a sum where a mean is asked"),
        (lambda x: (np.median(x), x.std()), "that is the median"),
        (lambda x: (x.std(), x.mean()), "mu and sigma are exchanged"),
        (lambda x: (x.mean(), statistics.stdev(x)), "N - 1 stands where N belongs"),
        (lambda x: (x.mean(), np.var(x)), "that is the variance"),
        (lambda x: (x.mean(), np.sqrt(np.sum(x**2) / len(x))), "the mean is not subtracted"),
        (lambda x: (x.mean(), np.linalg.norm(x - x.mean())), "is not divided by N"),
        (lambda x: (x.mean(), np.sqrt(np.sum((x - x.mean()) ** 2) / (2 * len(x)))), "too small by root 2"),
        (lambda x: x.mean(), "return 2 things, in this order: mu, sigma"),
    ],
    check_slope_sigma: [
        (lambda x, mu, s: -len(x) / s + np.sum((x - mu) ** 2) / s**2, "should have units 1/cm too"),
        (lambda x, mu, s: -len(x) / s - np.sum((x - mu) ** 2) / s**3, "has the wrong sign"),
        (lambda x, mu, s: -len(x) / s + 2 * np.sum((x - mu) ** 2) / s**3, "the 2 of the derivative cancels"),
        (lambda x, mu, s: (np.sum((x - mu) ** 2) / s**2 - len(x)) / (2 * s**2), "with respect to sigma squared"),
        (lambda x, mu, s: -1 / s + np.sum((x - mu) ** 2) / s**3, "counts one point only"),
    ],
    check_fit_weighted: [
        (lambda x, w: (np.mean(w * x), 1), "the sum is divided by the number"),
        (lambda x, w: (x.mean(), x.std()), "the plain mean."),
        (lambda x, w: (w @ x, 1), "the sum is not divided"),
        (weighted_with(lambda x, w, mu: np.sqrt(w @ (x - mu) ** 2)), "the squares are not divided:"),
        (weighted_with(lambda x, w, mu: np.sqrt(np.mean(w * (x - mu) ** 2))), "the squares are divided by the number"),
        (weighted_with(lambda x, w, mu: x.std()), "plain standard deviation"),
        (weighted_with(lambda x, w, mu: np.sqrt(np.mean((x - mu) ** 2))), "the squares are not weighted"),
        (weighted_with(lambda x, w, mu: np.sqrt(w @ (x - x.mean()) ** 2 / w.sum())), "deviations are taken from"),
        (weighted_with(lambda x, w, mu: w @ (x - mu) ** 2 / w.sum()), "that is the variance"),
    ],
}
