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

NONE, FIVE = 0.65761913, 0.01928884


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


def above(limit, mu, sigma):
    u = (limit - mu) / sigma
    return mu + sigma * exp(-u * u / 2) / sqrt(2 * pi) / (erfc(u / sqrt(2)) / 2)


def by_statistics(limit, mu, sigma):
    normal = NormalDist(mu, sigma)
    return mu + sigma**2 * normal.pdf(limit) / (1 - normal.cdf(limit))


def ratio(u):
    return exp(-u * u / 2) / sqrt(2 * pi) / (erfc(u / sqrt(2)) / 2)


def ratio_below(u):
    return exp(-u * u / 2) / sqrt(2 * pi) / (1 - erfc(u / sqrt(2)) / 2)


RIGHT = {
    check_poisson_by_hand: [(NONE, FIVE), (0.658, 0.0193)],
    check_exponential_log_joint: [log_joint, by_densities],
    check_geometric_m_step: [m_step, in_loops],
    check_expected_above: [above, by_statistics],
}

WRONG = {
    check_poisson_by_hand: [
        ((1 - NONE, FIVE), "first_for_none: that is the second component's"),
        ((0.817574, FIVE), "first_for_none: the weights"),
        ((1.920724, FIVE), "first_for_none: that is the odds"),
        ((0.3, FIVE), "first_for_none: the factor e^-rate"),
        ((NONE, 1 - FIVE), "first_for_five: that is the second component's"),
        ((NONE, 0.043890), "first_for_five: the weights"),
        ((NONE, NONE), "the factor 2.5^5 is missing"),
        ((NONE, 0.004370), "first_for_five: the factor e^-rate"),
    ],
    check_exponential_log_joint: [
        (lambda x, weights, m: log_joint(x, np.ones(2), m), "the weights are missing"),
        (lambda x, weights, m: log_joint(x, weights, m) + np.log(m), "the normalizing constant is missing"),
        (lambda x, weights, m: log_joint(x, weights, 1 / m), "m is used as a rate"),
        (lambda *a: np.exp(log_joint(*a)), "that is the joint probability"),
        (lambda x, weights, m: log_joint(x, np.exp(weights), m), "pi is added as it is"),
        (lambda *a: log_joint(*a).T, "transpose it"),
    ],
    check_geometric_m_step: [
        (lambda x, q: (q.sum(axis=0), m_step(x, q)[1]), "those are expected counts"),
        (changed(lambda x, q, sizes: sizes / (x @ q)), "leaves the successes out"),
        (changed(lambda x, q, sizes: x @ q / (sizes + x @ q)), "the share of failures"),
        (changed(lambda x, q, sizes: x @ q / sizes), "the mean number of failures"),
        (changed(lambda x, q, sizes: len(x) / (len(x) + x @ q)), "all successes are counted"),
    ],
    check_expected_above: [
        (lambda limit, mu, sigma: mu + ratio((limit - mu) / sigma), "sigma is missing"),
        (lambda limit, mu, sigma: mu + sigma * ratio_below((limit - mu) / sigma), "that is below the limit"),
        (lambda limit, mu, sigma: mu - sigma * ratio_below((limit - mu) / sigma), "those below the limit"),
        (lambda limit, mu, sigma: mu + sigma * ratio((limit - mu) / sigma) / 2, "twice the probability"),
        (lambda limit, mu, sigma: mu + sigma * ratio(limit - mu), "must be standardized"),
        (lambda limit, mu, sigma: limit, "that is the limit itself"),
        (lambda limit, mu, sigma: above(limit, mu, sigma) - mu, "mu is missing"),
    ],
}
