"""The graded projects; test_projects.py uses these."""

from math import lgamma, log

import numpy as np

from assignments.checks.missing_data import (
    check_missing_covariance,
    check_missing_extra,
    check_missing_filled,
    check_missing_gaps,
    check_missing_mean,
    check_missing_run,
    check_missing_whole,
)
from assignments.checks.poisson_mixture import (
    check_notices_busy_day,
    check_notices_e_step,
    check_notices_loglik,
    check_notices_rates,
    check_notices_run,
    check_notices_weights,
)

from . import by_column, by_row, harden


def log_joint(x, pi, rate, weighted=True):
    factorials = np.array([lgamma(n + 1) for n in x])
    return np.log(pi) * weighted + x[:, None] * np.log(rate) - rate - factorials[:, None]


def loglik(x, pi, rate):
    return np.logaddexp.reduce(log_joint(x, pi, rate), axis=1).sum()


def loglik_in_loops(x, pi, rate):
    return sum(log(sum(p * r**n * np.exp(-r - lgamma(n + 1)) for p, r in zip(pi, rate, strict=True))) for n in x)


def e_step(x, pi, rate):
    joint = log_joint(x, pi, rate)
    return np.exp(joint - np.logaddexp.reduce(joint, axis=1)[:, None])


def e_step_by_odds(x, pi, rate):
    logs = np.log(pi) + np.outer(x, np.log(rate)) - rate
    odds = np.exp(np.minimum(logs[:, None, :] - logs[:, :, None], 700))  # of each component against each
    return (1 / odds.sum(axis=2)).tolist()


def naive_e_step(x, pi, rate):
    return by_row(pi * rate ** x[:, None] * np.exp(-rate) / np.exp(np.vectorize(lgamma)(x + 1.0))[:, None])


def two_only(x, pi, rate):
    """For two components, and no other number."""
    (p, _), (a, b) = pi, rate
    first = p * a**x * np.exp(-a)
    return by_row(np.stack([first, (1 - p) * b**x * np.exp(-b)], axis=1))


def m_step(x, q):
    sizes = q.sum(axis=0)
    return sizes / len(x), x @ q / sizes


def m_step_in_loops(x, q):
    rates = [sum(x * column) / sum(column) for column in q.T]
    return [q[:, k].mean() for k in range(q.shape[1])], rates


def run(x, pi, rate, iterations, m=m_step):
    for _ in range(iterations):
        pi, rate = m(x, e_step(x, pi, rate))
    return pi, rate


def run_without_weights(x, pi, rate, iterations):
    for _ in range(iterations):
        rate = m_step(x, e_step(x, pi, rate))[1]
    return pi, rate


def stale(x, pi, rate, iterations):
    return run(x, pi, rate, 1)


def fill(x, mu, cov):
    filled, extra = x.copy(), np.zeros((len(x), 2, 2))
    for n, (a, b) in enumerate(x):
        if np.isnan(a):
            filled[n, 0] = mu[0] + cov[0, 1] / cov[1, 1] * (b - mu[1])
            extra[n, 0, 0] = cov[0, 0] - cov[0, 1] ** 2 / cov[1, 1]
        if np.isnan(b):
            filled[n, 1] = mu[1] + cov[0, 1] / cov[0, 0] * (a - mu[0])
            extra[n, 1, 1] = cov[1, 1] - cov[0, 1] ** 2 / cov[0, 0]
    return filled, extra


def fill_by_precision(x, mu, cov):
    """The conditional distribution read off the inverse covariance; masks instead of rows."""
    gap, precision = np.isnan(x), np.linalg.inv(cov)
    away = np.where(gap, 0, x - mu)
    drift = -(away @ (precision - np.diag(np.diag(precision)))) / np.diag(precision)
    return np.where(gap, mu + drift, x), gap[:, :, None] * np.diag(1 / np.diag(precision))


def fill_mean(x, mu, cov):
    return np.where(np.isnan(x), mu, x), fill(x, mu, cov)[1]


def fill_upside_down(x, mu, cov):
    filled, extra = fill(x, mu, cov)
    for n, (a, b) in enumerate(x):
        if np.isnan(a):
            filled[n, 0] = mu[0] + cov[0, 1] / cov[0, 0] * (b - mu[1])
        if np.isnan(b):
            filled[n, 1] = mu[1] + cov[0, 1] / cov[1, 1] * (a - mu[0])
    return filled, extra


def fill_wide(x, mu, cov):
    return fill(x, mu, cov)[0], np.array([np.diag(np.isnan(row) * np.diag(cov)) for row in x])


def sure(x, mu, cov):
    return fill(x, mu, cov)[0], np.zeros((len(x), 2, 2))


def moments(filled, extra):
    mu = filled.mean(axis=0)
    return mu, np.cov(filled.T, bias=True) + extra.mean(axis=0)


def moments_in_loops(filled, extra):
    mu = sum(filled) / len(filled)
    return mu.tolist(), sum(np.outer(row - mu, row - mu) + e for row, e in zip(filled, extra, strict=True)) / len(
        filled
    )


def seen(x, mu, cov):
    total = 0.0
    for row in x:
        s = ~np.isnan(row)
        part, away = cov[s][:, s], (row - mu)[s]
        total += -0.5 * (away @ np.linalg.inv(part) @ away + np.log(np.linalg.det(2 * np.pi * part)))
    return total


def seen_by_parts(x, mu, cov):
    """One coordinate, then the other given it."""

    def bell(value, mean, variance):
        return -0.5 * (np.log(2 * np.pi * variance) + (value - mean) ** 2 / variance)

    total, slope = 0.0, cov[0, 1] / cov[0, 0]
    for a, b in x:
        if np.isnan(a):
            total += bell(b, mu[1], cov[1, 1])
            continue
        total += bell(a, mu[0], cov[0, 0])
        if not np.isnan(b):
            total += bell(b, mu[1] + slope * (a - mu[0]), cov[1, 1] - slope * cov[0, 1])
    return total


def em(x, mu, cov, iterations, e=fill):
    for _ in range(iterations):
        mu, cov = moments(*e(x, mu, cov))
    return mu, cov


RIGHT = {
    check_notices_loglik: [loglik, loglik_in_loops],
    check_notices_e_step: [e_step, e_step_by_odds, naive_e_step],
    check_notices_busy_day: [e_step, e_step_by_odds],
    check_notices_weights: [m_step, m_step_in_loops, lambda x, q: (q.mean(axis=0), None)],
    check_notices_rates: [m_step, m_step_in_loops, lambda x, q: (None, m_step(x, q)[1])],
    check_notices_run: [run, lambda *given: [list(part) for part in run(*given)]],
    check_missing_filled: [fill, fill_by_precision, sure],
    check_missing_extra: [fill, fill_by_precision, lambda *given: (None, fill(*given)[1])],
    check_missing_mean: [moments, moments_in_loops, lambda filled, extra: (filled.mean(axis=0), None)],
    check_missing_covariance: [moments, moments_in_loops],
    check_missing_whole: [seen, seen_by_parts, lambda x, mu, cov: seen(x[~np.isnan(x).any(axis=1)], mu, cov)],
    check_missing_gaps: [seen, seen_by_parts],
    check_missing_run: [em, lambda *given: [part.tolist() for part in em(*given)]],
}

WRONG = {
    check_notices_loglik: [
        (lambda x, pi, rate: np.logaddexp.reduce(log_joint(x, pi, rate, weighted=False), axis=1).sum(), "weights pi"),
        (lambda x, pi, rate: log_joint(x, pi, rate).sum(), "log of the sum"),
        (lambda x, pi, rate: loglik(x, pi, rate) / len(x), "mean over the days"),
        (lambda x, pi, rate: np.log((rate ** x[:, None] * np.exp(-rate)) @ pi).sum(), "factorials are missing"),
    ],
    check_notices_e_step: [
        (lambda *given: np.exp(log_joint(*given)), "your rows do not sum to 1"),
        (lambda *given: by_column(np.exp(log_joint(*given))), "your columns sum to 1"),
        (lambda *given: by_row(np.exp(log_joint(*given, weighted=False))), "weights pi are missing"),
        (lambda *given: e_step(*given).T, "transposed"),
        (lambda *given: harden(e_step(*given)), "hard decision"),
        (two_only, "ValueError: too many values"),
    ],
    check_notices_busy_day: [(naive_e_step, "900 notices breaks it")],
    check_notices_weights: [
        (lambda x, q: (q.sum(axis=0), m_step(x, q)[1]), "divide the sizes"),
        (lambda x, q: (np.full(q.shape[1], 1 / q.shape[1]), m_step(x, q)[1]), "came out even"),
        (lambda x, q: m_step(x, q)[::-1], "should sum to 1"),
        (lambda x, q: m_step(x, q)[0], "return 2 things"),
    ],
    check_notices_rates: [
        (lambda x, q: (m_step(x, q)[0], q.T @ x), "your rates are sums"),
        (lambda x, q: (m_step(x, q)[0], q.T @ x / len(x)), "you divided by all days"),
        (lambda x, q: (m_step(x, q)[0], np.full(q.shape[1], x.mean())), "came out alike"),
    ],
    check_notices_run: [
        (lambda x, pi, rate, iterations: (pi, rate), "nothing moved"),
        (stale, "that is one iteration:"),
        (lambda x, pi, rate, iterations: run(x, pi, rate, iterations - 1), "too few"),
        (lambda x, pi, rate, iterations: run(x, pi, rate, iterations + 1), "too many"),
        (run_without_weights, "stayed where they began"),
    ],
    check_missing_filled: [
        (lambda x, mu, cov: (x, fill(x, mu, cov)[1]), "filled should be finite"),
        (fill_mean, "regression line"),
        (fill_upside_down, "upside down"),
    ],
    check_missing_extra: [(sure, "extra is zero"), (fill_wide, "nothing seen")],
    check_missing_mean: [(lambda filled, extra: (filled.sum(axis=0), moments(filled, extra)[1]), "that is the sum")],
    check_missing_covariance: [
        (lambda filled, extra: moments(filled, 0 * extra), "lacks extra"),
        (lambda f, e: (f.mean(axis=0), moments(f, e)[1] * len(f) / (len(f) - 1)), "N - 1"),
        (lambda f, e: (f.mean(axis=0), f.T @ f / len(f) + e.mean(axis=0)), "mean of products"),
        (lambda f, e: (f.mean(axis=0), np.cov(f.T, bias=True) + e.sum(axis=0)), "added whole"),
    ],
    check_missing_whole: [(lambda x, mu, cov: seen(x, mu, cov * np.eye(2)), "independent")],
    check_missing_gaps: [
        (lambda x, mu, cov: seen(x[~np.isnan(x).any(axis=1)], mu, cov), "were skipped"),
        (lambda x, mu, cov: seen(fill(x, mu, cov)[0], mu, cov), "as if they had been seen"),
        (lambda x, mu, cov: seen(x, mu, cov * np.eye(2)), "independent"),
    ],
    check_missing_run: [
        (lambda x, mu, cov, iterations: (mu, cov), "nothing moved"),
        (lambda x, mu, cov, iterations: em(x, mu, cov, 1), "that is one iteration:"),
        (lambda x, mu, cov, iterations: em(x, mu, cov, iterations - 1), "too few"),
        (lambda x, mu, cov, iterations: em(x, mu, cov, iterations + 1), "too many"),
        (lambda x, mu, cov, iterations: em(x, mu, cov, iterations, sure), "is lost on the way"),
    ],
}
