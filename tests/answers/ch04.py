"""Chapter 04, Jensen's inequality and the lower bound."""

import math

import numpy as np

from emcore.exercises import check_closing_q, check_gap, check_jensen, check_lower_bound

from . import by_column, by_row, harden


def bound(log_joint, q):
    return np.sum(q * log_joint) - np.sum(q[q > 0] * np.log(q[q > 0]))


def bound_in_loops(log_joint, q, log=math.log):
    total = 0
    for row, shares in zip(log_joint, q, strict=True):
        total += sum(share * (value - log(share)) for value, share in zip(row, shares, strict=True) if share > 0)
    return total


def bound_with_0_log_0(log_joint, q):
    return sum(s * (v - math.log(s)) for v, s in zip(log_joint.ravel(), q.ravel(), strict=True))


def kl(q, p):
    return np.sum(q * (np.log(q) - np.log(p)))


def closing_in_place(log_joint):
    log_joint -= log_joint.max(axis=1, keepdims=True)
    np.exp(log_joint, out=log_joint)
    return by_row(log_joint)


def closing_row_by_row(log_joint):
    return [[1 / sum(math.exp(min(other - v, 700)) for other in row) for v in row] for row in log_joint]


def closing_in_plain_python(log_joint):
    rows = [[math.exp(v) for v in row] for row in log_joint]
    return [[v / sum(row) for v in row] for row in rows]


def hard_on_underflow(log_joint):
    """The posterior where it can be computed, all on the likeliest where the joint is 0 to the machine."""
    joint = np.exp(log_joint)
    return np.where(joint.sum(axis=1, keepdims=True) > 0, by_row(joint), harden(log_joint))


RIGHT = {
    check_jensen: [
        (math.log(8), 0.25 * math.log(2) + 0.75 * math.log(10)),
        (2.079, 1.900),
        (np.log(0.25 * 2 + 0.75 * 10), np.mean(np.log([2, 10, 10, 10]))),
    ],
    check_lower_bound: [
        bound,
        bound_in_loops,
        lambda log_joint, q: np.sum(q * (log_joint - np.log(np.where(q > 0, q, 1)))),
        lambda log_joint, q: np.sum(q * (log_joint - np.log(np.maximum(q, 1e-300)))),
    ],
    check_gap: [
        kl,
        lambda q, p: sum(s * math.log(s / t) for s, t in zip(q.ravel(), p.ravel(), strict=True)),
        lambda q, p: np.sum(q * np.log(q)) - np.sum(q * np.log(p)),
    ],
    check_closing_q: [
        closing_in_place,
        closing_row_by_row,
        lambda log_joint: np.exp(log_joint - np.logaddexp.reduce(log_joint, axis=1)[:, None]).tolist(),
    ],
}

WRONG = {
    check_jensen: [
        ((1.9, 2.079), "the two answers are exchanged"),
        ((math.log(6), 1.9), "the log of 6"),
        ((math.log(4), 1.9), "the log of 4"),
        ((8, 1.9), "that is the average"),
        ((0.903, 1.9), "to base 10"),
        ((2.079, 1.498), "equal weights; 10 has probability 3/4"),
        ((2.079, 1.095), "the probabilities are exchanged: 10 has 3/4."),
        ((2.079, 2.079), "the log of the average again"),
        ((2.079, 0.25 * math.log2(2) + 0.75 * math.log2(10)), "to base 2"),
        ((2.1, 1.9), "rounded to 1 decimal; keep 3"),
    ],
    check_lower_bound: [
        (lambda log_joint, q: np.sum(q * log_joint), "the entropy is missing"),
        (lambda log_joint, q: np.sum(q * log_joint) + np.sum(q * np.log(q)), "the entropy has the wrong sign"),
        (lambda log_joint, q: np.sum(log_joint - np.log(q)), "q is not used as a weight"),
        (lambda log_joint, q: np.sum(np.log(np.exp(log_joint).sum(axis=1))), "that is the log-likelihood itself"),
        (lambda log_joint, q: np.mean(np.sum(q * (log_joint - np.log(q)), axis=1)), "a mean where a sum is asked"),
        (lambda joint, q: np.sum(q * np.log(joint / q)), "the bound for K = 2 should be finite; yours holds nan"),
        (lambda log_joint, q: np.sum(q * (log_joint - np.log(q))), "breaks down where q is 0"),
        (bound_with_0_log_0, "breaks down where q is 0"),
        (lambda log_joint, q: bound(log_joint, q) + (q == 0).sum(), "the bound for a q with zeros is off"),
    ],
    check_gap: [
        (lambda q, p: kl(p, q), "KL(posterior || q)"),
        (lambda q, p: -kl(q, p), "the sign is flipped"),
        (lambda q, p: np.sum(p * np.log(q / p)), "the posterior does the averaging"),
        (lambda q, p: np.log(q / p).sum(), "nothing is averaged"),
        (lambda q, p: np.sum(q * np.log(q)), "where is the posterior"),
        (lambda q, p: np.sum(q * np.log2(q / p)), "base 2"),
        (lambda q, p: np.sum(q * np.log(q / p), axis=1), "the gap for K = 2 should be one number"),
    ],
    check_closing_q: [
        (np.exp, "your rows do not sum to 1: divide"),
        (lambda log_joint: by_column(np.exp(log_joint)), "your columns sum to 1"),
        (by_row, "you normalized the logs"),
        (harden, "the likeliest value alone"),
        (lambda log_joint: by_row(np.exp(log_joint)), "it is no number"),
        (lambda log_joint: by_row(np.exp(log_joint - log_joint.max())), "it is no number"),
        (lambda log_joint: by_row(np.exp(log_joint - log_joint.min(axis=1, keepdims=True))), "it is no number"),
        (lambda log_joint: by_row(np.exp(log_joint - log_joint.mean(axis=1, keepdims=True))), "it is no number"),
        (lambda log_joint: by_row(np.exp(log_joint - log_joint[:, :1])), "it is no number"),
        (closing_in_plain_python, "it is no number"),
        (hard_on_underflow, "hard decision"),
        (
            lambda log_joint: np.exp(log_joint) / (np.exp(log_joint).sum(1)[:, None] + 1e-300),
            "your rows do not sum to 1: divide each row by its sum",
        ),
    ],
}
