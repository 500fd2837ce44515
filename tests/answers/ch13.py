"""Chapter 13, your own model in ten lines."""

from math import erfc, exp, pi, sqrt
from statistics import NormalDist

import numpy as np

from emcore.exercises import (
    check_expected_above,
    check_exponential_log_joint,
    check_geometric_m_step,
    check_poisson_by_hand,
)

NONE, TWO = 0.89037107, 0.18407


def log_joint(x, weights, m):
    return np.log(weights) - np.log(m) - x[:, None] / m


def by_densities(x, weights, m):
    return np.log([[w * np.exp(-value / mean) / mean for w, mean in zip(weights, m, strict=True)] for value in x])


def m_step(x, q):
    sizes = q.sum(axis=0)
    return q.mean(axis=0), sizes / (sizes + x @ q)


def in_loops(x, q):
    K = q.shape[1]
    sizes = [sum(q[:, k]) for k in range(K)]
    return [s / len(x) for s in sizes], [sizes[k] / sum(q[:, k] * (x + 1)) for k in range(K)]


def changed(p):
    """An M-step with the right weights and another p."""
    return lambda x, q: (q.mean(axis=0), p(x, q, q.sum(axis=0)))


def log_joint_in_loops(x, weights, m):
    K = len(m)
    return [[float(np.log(weights[k] / m[k])) - value / m[k] for k in range(K)] for value in x]


def by_counting(x, q):
    """Each observation is x failures and then a success, one try after the other."""
    successes, tries = np.zeros(q.shape[1]), np.zeros(q.shape[1])
    for failures, shares in zip(x, q, strict=True):
        successes += shares
        tries += (failures + 1) * shares
    return np.array([successes / len(x), successes / tries])


def above(limit, mu, sigma):
    u = (limit - mu) / sigma
    if u > 25:
        return mu + sigma * (u + 1 / u - 2 / u**3)
    return mu + sigma * exp(-u * u / 2) / sqrt(2 * pi) / (erfc(u / sqrt(2)) / 2)


def by_statistics(limit, mu, sigma):
    normal, u = NormalDist(mu, sigma), (limit - mu) / sigma
    if u < 5:
        return mu + sigma**2 * normal.pdf(limit) / normal.cdf(2 * mu - limit)
    tail = u
    for k in range(60, 0, -1):
        tail = u + k / tail
    return mu + sigma * tail


def by_integration(limit, mu, sigma):
    """The mean of the density above the limit, divided by its largest value first."""
    u = (limit - mu) / sigma
    z = max(u, -9) + np.linspace(0, 10 / max(u, 1) + 10 * (u < 5), 200001)
    density = np.exp(-(z**2 - max(u, 0) ** 2) / 2)
    density[[0, -1]] /= 2
    return [mu + sigma * (u + np.sum((z - u) * density) / density.sum())]


def ratio(u):
    return exp(-u * u / 2) / sqrt(2 * pi) / (erfc(u / sqrt(2)) / 2)


def ratio_below(u):
    return exp(-u * u / 2) / sqrt(2 * pi) / (1 - erfc(u / sqrt(2)) / 2)


RIGHT = {
    check_poisson_by_hand: [(NONE, TWO), (0.890, 0.184)],
    check_exponential_log_joint: [log_joint, by_densities, log_joint_in_loops],
    check_geometric_m_step: [m_step, in_loops, by_counting],
    check_expected_above: [above, by_statistics, by_integration],
}

SAME = {
    "check_expected_above": dict.fromkeys(("`30` is `29`", "`30` is `31`"), "both formulas hold there"),
}

WRONG = {
    check_poisson_by_hand: [
        ((1 - NONE, TWO), "first_for_none: that is the second component's"),
        ((0.924, TWO), "first_for_none: the weights"),
        ((8.122, TWO), "first_for_none: that is the odds"),
        ((0.4, TWO), "first_for_none: the factor e^-rate"),
        ((0.89, 0.816), "first_for_two: that is the second component's"),
        ((0.89, 0.253), "first_for_two: the weights"),
        ((0.89, 0.89), "the factors .5^2 and 3^2 are missing"),
        ((0.89, 0.0182), "first_for_two: the factor e^-rate"),
        ((0.89, 0.474), "first_for_two: the factor .5^2 is missing"),
    ],
    check_exponential_log_joint: [
        (lambda x, weights, m: log_joint(x, np.ones(len(m)), m), "the weights are missing"),
        (lambda x, weights, m: log_joint(x, weights, m) + np.log(m), "the normalizing constant is missing"),
        (lambda x, weights, m: log_joint(x, weights, 1 / m), "m is used as a rate"),
        (lambda *a: np.exp(log_joint(*a)), "e to the power of what is asked"),
        (lambda x, weights, m: log_joint(x, np.exp(weights), m), "pi is added as it is"),
        (lambda *a: np.logaddexp.reduce(log_joint(*a), axis=1), "summed already"),
        (lambda *a: log_joint(*a).T, "that is transposed"),
    ],
    check_geometric_m_step: [
        (lambda x, q: (q.sum(axis=0), m_step(x, q)[1]), "a sum where a mean is asked"),
        (changed(lambda x, q, sizes: sizes / (x @ q)), "leaves the successes out"),
        (changed(lambda x, q, sizes: x @ q / (sizes + x @ q)), "the share of failures"),
        (changed(lambda x, q, sizes: 1 / (1 + x @ q / (len(x) / len(sizes)))), "p is off"),
        (changed(lambda x, q, sizes: x @ q / sizes), "the mean number of failures"),
        (changed(lambda x, q, sizes: len(x) / (len(x) + x @ q)), "all successes are counted"),
        (changed(lambda x, q, sizes: [len(x) / (len(x) + x.sum())] * len(sizes)), "every component got the same p"),
        (lambda x, q: (np.ones(len(q.T)) / len(q.T), m_step(x, q)[1]), "pi is not updated"),
    ],
    check_expected_above: [
        (lambda limit, mu, sigma: mu + ratio((limit - mu) / sigma), "sigma is missing"),
        (lambda limit, mu, sigma: mu + sigma * ratio_below((limit - mu) / sigma), "that is below the limit"),
        (lambda limit, mu, sigma: mu - sigma * ratio_below((limit - mu) / sigma), "those below the limit"),
        (lambda limit, mu, sigma: mu + sigma * ratio((limit - mu) / sigma) / 2, "twice the probability"),
        (lambda limit, mu, sigma: mu + sigma * ratio(limit - mu), "must be standardized"),
        (lambda limit, mu, sigma: limit, "that is the limit itself"),
        (lambda limit, mu, sigma: above(limit, mu, sigma) - mu, "mu is missing"),
        (lambda limit, mu, sigma: mu + sigma * ratio((limit - mu) / sigma), "it is u + 1/u there"),
        (lambda limit, mu, sigma: max(limit, mu) + sigma * ratio(abs(limit - mu) / sigma) - abs(limit - mu), "is off"),
        (lambda limit, mu, sigma: limit if limit > mu + 30 * sigma else above(limit, mu, sigma), "over the limit"),
    ],
}
