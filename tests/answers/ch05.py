"""Chapter 05, Deriving EM."""

import math

import numpy as np

from emcore.exercises import check_e_step, check_exponential_m_step, check_first_step, check_m_step

from . import by_column, by_row, harden, normal

POINTS = np.array([-1, 0, 2, 3])
Q = np.array([0.0180, 0.1192, 0.8808, 0.9820])  # by hand, to four digits


def joint(x, pi, mu, sigma):
    return pi * normal(x[:, None], mu, sigma)


def e_step_in_loops(x, pi, mu, sigma):
    table = [[p * normal(v, m, s) for p, m, s in zip(pi, mu, sigma, strict=True)] for v in x]
    return [[entry / sum(row) for entry in row] for row in table]


def e_step_in_logs(x, pi, mu, sigma):
    log_joint = np.log(pi / sigma) - ((x[:, None] - mu) / sigma) ** 2 / 2
    return by_row(np.exp(log_joint - log_joint.max(axis=1, keepdims=True)))


def m_step(x, q, *, size=None, about=None, power=0.5):
    """The M-step, with room for slips in sigma."""
    mu = x @ q / q.sum(axis=0)
    squares = q * (x[:, None] - (mu if about is None else about)) ** 2
    return q.mean(axis=0), mu, (squares.sum(axis=0) / (q.sum(axis=0) if size is None else size)) ** power


def m_step_by_component(x, q):
    theta = []
    for weights in q.T:
        mu = np.average(x, weights=weights)
        theta.append((weights.mean(), mu, math.sqrt(np.average((x - mu) ** 2, weights=weights))))
    return np.transpose(theta)


def m_step_by_moments(x, q):
    mu = q.T @ x / q.sum(axis=0)
    return [*map(list, (q.sum(axis=0) / len(x), mu, np.sqrt(q.T @ x**2 / q.sum(axis=0) - mu**2)))]


def unweighted(x, q):
    pi, mu, _ = m_step(x, q)
    return pi, mu, np.sqrt(np.mean((x[:, None] - mu) ** 2, axis=0))


RIGHT = {
    check_first_step: [
        (Q, 2.3448),
        ([0.018, 0.119, 0.881, 0.982], np.float64(2.345)),
        (tuple(1 / (1 + math.exp(2 - 2 * x)) for x in POINTS), Q @ POINTS / sum(Q)),
    ],
    check_e_step: [
        lambda *given: by_row(joint(*given)),
        e_step_in_loops,
        e_step_in_logs,
    ],
    check_m_step: [
        m_step,
        m_step_by_component,
        m_step_by_moments,
    ],
    check_exponential_m_step: [
        lambda x, q: (q.sum(axis=0) / len(x), q.T @ x / q.sum(axis=0)),
        lambda x, q: [q.mean(axis=0).tolist(), [np.average(x, weights=weights) for weights in q.T]],
        lambda x, q: np.array([np.sum(q, 0) / len(q), (q * x[:, None]).sum(axis=0) / sum(q)]),
    ],
}

SAME = {
    "check_m_step": {"`x` is `q` (place 2)": "len(x) is len(q)"},
    "check_exponential_m_step": {"`x` is `q`": "len(x) is len(q)"},
}

WRONG = {
    check_first_step: [
        ((1 - Q, 2.3448), "of the first Gaussian"),
        (([0, 0, 1, 1], 2.5), "hard decision"),
        ((POINTS > 1, 2.5), "hard decision"),
        ((normal(POINTS, 2, 1), 2.3448), "those are densities"),
        ((Q, Q @ POINTS / 4), "the number of points"),
        ((Q, 1.0), "each counted fully"),
        ((Q, Q @ POINTS), "q x is not divided"),
        ((Q, 2.5), "hard assignment"),
        (("none", 2.3448), "q should be numbers; yours is a str"),
        (([Q, 1 - Q], 2.3448), "q should have shape (4,); yours has shape (2, 4)"),
    ],
    check_e_step: [
        (joint, "your rows do not sum to 1: that is the joint"),
        (lambda *given: by_column(joint(*given)), "your columns sum to 1"),
        (lambda x, pi, mu, sigma: e_step_in_loops(x, np.ones(len(pi)), mu, sigma), "the weights pi are missing"),
        (lambda x, pi, mu, var: by_row(joint(x, pi, mu, np.sqrt(var))), "used it as a variance"),
        (lambda x, pi, mu, sigma: by_row(joint(x, pi * sigma, mu, sigma)), "the factor 1 / sigma is missing"),
        (lambda x, pi, mu, sigma: joint(x, 1, mu, sigma), "those are densities"),
        (lambda *given: harden(joint(*given)), "hard decision"),
        (lambda *given: by_row(joint(*given)).T, "transposed: its shape should be (7, 2)"),
        (lambda x, *theta: x / x.sum(), "should have shape (7, 2); yours has shape (7,)"),
        (lambda *given: joint(*given) / 0.0, "should be finite; yours holds inf"),
    ],
    check_m_step: [
        (lambda x, q: (q.sum(axis=0), *m_step(x, q)[1:]), "a sum where a mean is asked"),
        (lambda x, q: (np.ones(len(q.T)) / len(q.T), *m_step(x, q)[1:]), "pi is not updated"),
        (lambda x, q: (q.mean(axis=0), np.mean(q * x[:, None], axis=0), q), "mu is divided"),
        (lambda x, q: (q.mean(axis=0), x @ q, q), "mu is not divided"),
        (lambda x, q: (q.mean(axis=0), [x.mean()] * len(q.T), q), "the same mean"),
        (lambda x, q: m_step(x, q, power=1), "that is the variance"),
        (lambda x, q: m_step(x, q, about=x.mean()), "about the mean of all data"),
        (lambda x, q: m_step(x, q, size=len(x)), "sigma is divided by"),
        (lambda x, q: (*m_step(x, q)[:2], [x.std()] * len(q.T)), "the same sigma"),
        (
            lambda x, q: (*m_step(x, q)[:2], np.sqrt(np.mean((x[:, None] - m_step(x, q)[1]) ** 2, 0))),
            "are not weighted",
        ),
        (lambda x, q: m_step(x, q, size=len(x) / len(q.T)), "sigma is off"),
        (lambda x, q: (q.mean(axis=0), x @ q / (len(x) / len(q.T)), m_step(x, q)[2]), "mu is off"),
        (lambda x, q: m_step(x, harden(q)), "pi is off"),
        (lambda x, q: m_step(x, q, size=q.sum(axis=0) - 1), "N - 1 stands where N belongs"),
        (lambda x, q: m_step(x, q)[:2], "return 3 things, in this order: pi, mu, sigma"),
    ],
    check_exponential_m_step: [
        (lambda x, q: (q.sum(axis=0), x @ q / q.sum(axis=0)), "a sum where a mean is asked"),
        (lambda x, q: (np.ones(len(q.T)) / len(q.T), x @ q / q.sum(axis=0)), "pi is not updated"),
        (lambda x, q: (q.mean(axis=0), x @ q), "the sums are not divided"),
        (lambda x, q: (q.mean(axis=0), q.sum(axis=0) / (x @ q)), "those are the rates"),
        (lambda x, q: (q.mean(axis=0), x @ q / (len(x) / len(q.T))), "mean is off"),
        (lambda x, q: (q.mean(axis=0), x @ q / len(x)), "you divided by the number"),
        (lambda x, q: (q.mean(axis=0), [np.mean(x)] * len(q.T)), "the same mean"),
        (lambda x, q: x @ q / q.sum(axis=0) * [[1]], "return 2 things, in this order: pi, mean"),
    ],
}
