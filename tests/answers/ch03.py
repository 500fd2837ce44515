"""Chapter 03, Two Gaussians."""

import math

import numpy as np

from emcore.exercises import check_165, check_mixture_density, check_mixture_loglik, check_slope_mean

from . import by_row, normal


def joint(x, pi, mu, sigma):
    return pi * normal(x[:, None], mu, sigma)


def one_by_one(x, pi, mu, sigma):
    return [sum(p * normal(v, m, s) for p, m, s in zip(pi, mu, sigma, strict=True)) for v in x]


def logs_in_a_loop(*given):
    return sum(map(math.log, one_by_one(*given)))


def log_sum_exp(x, pi, mu, sigma):
    log_joint = np.log(pi) - np.log(sigma) - ((x[:, None] - mu) / sigma) ** 2 / 2
    return np.logaddexp.reduce(log_joint, axis=1).sum() - len(x) * np.log(2 * np.pi) / 2


def waiting(x, pi, mean):
    return pi * np.exp(-x[:, None] / mean) / mean


def slopes(x, q, mean):
    return (q * (x[:, None] / mean**2 - 1 / mean)).sum(axis=0)


def slopes_of_fractions(x, pi, mean):
    """The quotient rule, term by term: derivative of the density over the density."""
    found = []
    for p, m in zip(pi, mean, strict=True):
        rise = p * np.exp(-x / m) * (x / m**3 - 1 / m**2)
        found.append(np.sum(rise / waiting(x, pi, mean).sum(axis=1)))
    return found


def slopes_by_differences(x, pi, mean):
    def loglik(mean):
        return np.log(waiting(x, pi, mean).sum(axis=1)).sum()

    steps = 1e-5 * np.eye(len(mean))
    return tuple((loglik(mean + step) - loglik(mean - step)) / 2e-5 for step in steps)


RIGHT = {
    check_165: [
        (1 / (1 + math.exp(0.8)), 9 / (9 + math.exp(0.8))),
        (0.31, 0.802),
        (np.float64(0.310), 0.9 * 0.02995 / (0.9 * 0.02995 + 0.1 * 0.06664)),
    ],
    check_mixture_density: [
        lambda *given: joint(*given).sum(axis=1),
        one_by_one,
        lambda x, pi, mu, sigma: tuple(normal(x[:, None], mu, sigma) @ pi),
    ],
    check_mixture_loglik: [
        lambda *given: np.log(joint(*given).sum(axis=1)).sum(),
        logs_in_a_loop,
        log_sum_exp,
    ],
    check_slope_mean: [
        lambda x, pi, mean: slopes(x, by_row(waiting(x, pi, mean)), mean),
        slopes_of_fractions,
        slopes_by_differences,
    ],
}

WRONG = {
    check_165: [
        ((0.69, 0.802), "probability of a woman"),
        ((31, 0.802), "that is a percentage"),
        ((0.31, 80.2), "that is a percentage"),
        ((0.449, 0.802), "those are the odds"),
        ((0.0299, 0.802), "the density of a man"),
        ((1 / (1 + math.exp(4)), 0.802), "5 as the variance"),
        ((0.31, 0.0475), "the wrong way around"),
        ((0.31, 9 * math.exp(-0.8)), "nine times the odds"),
        ((0.31, 0.9 * 0.31), "nine tenths"),
        ((0.31, 0.31), "the weights are not used"),
        ((0.5, 0.802), "half is off: 0.5 is too large"),
    ],
    check_mixture_density: [
        (lambda x, pi, mu, sigma: normal(x[:, None], mu, sigma).sum(axis=1), "the weights are missing"),
        (joint, "one column a component"),
        (lambda *given: joint(*given).sum(axis=0), "sums over the people"),
        (lambda x, pi, mu, var: one_by_one(x, pi, mu, np.sqrt(var)), "not a variance"),
        (lambda x, pi, mu, sigma: normal(x, np.dot(pi, mu), np.dot(pi, sigma)), "one bell with averaged parameters"),
        (lambda *given: joint(*given).sum(), "should have shape (7,); yours is one number"),
        (lambda x, pi, mu, sigma: joint(x, 1 / len(pi), mu, sigma).sum(axis=1), "the same weight"),
    ],
    check_mixture_loglik: [
        (lambda *given: np.log(joint(*given)).sum(), "to come from all components"),
        (lambda *given: np.log(joint(*given).max(axis=1)).sum(), "likeliest component only"),
        (lambda x, pi, mu, sigma: logs_in_a_loop(x, np.ones(len(pi)), mu, sigma), "the weights pi are missing"),
        (lambda *given: np.log(joint(*given).sum(axis=1)).mean(), "a mean where a sum is asked"),
        (lambda *given: np.log(np.sum(joint(*given))), "the log of the sum over everything"),
    ],
    check_slope_mean: [
        (lambda x, pi, mean: slopes(x, 1, mean), "the responsibilities are missing"),
        (lambda x, pi, mean: slopes(x, waiting(x, pi, mean), mean), "that makes it q"),
        (lambda x, pi, mean: slopes(x, by_row(waiting(x, 1, mean)), mean), "the weights pi are missing"),
        (lambda x, pi, m: m * slopes(x, by_row(waiting(x, pi, m)), m), "yours is m times that"),
        (
            lambda x, pi, m: [np.average(x, weights=q) for q in by_row(waiting(x, pi, m)).T],
            "where each slope would be zero",
        ),
        (lambda x, pi, m: by_row(waiting(x, pi, m)) * (x[:, None] - m) / m**2, "one row a person"),
        (lambda x, pi, m: -slopes(x, by_row(waiting(x, pi, m)), m), "the sign is flipped"),
    ],
}
