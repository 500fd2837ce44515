"""Chapter 13, your own model in ten lines."""

from math import erfc, exp, pi, sqrt

import numpy as np

from .answers import unpack
from .old import answer_of, judge
from .verdict import rng


def check_poisson_by_hand(first_for_none, first_for_five):
    """Weight .3, rates 1 and 2.5: the first component's responsibility for 0 notices and for 5."""
    a, b = 0.3 * np.exp(-1), 0.7 * np.exp(-2.5)
    mistakes = {
        "first_for_none: that is the second component's.": b / (a + b),
        "first_for_none: the weights .3 and .7 are missing.": 1 / (1 + np.exp(-1.5)),
        "first_for_none: that is the odds; the probability is odds / (1 + odds).": a / b,
        "first_for_none: the factor e^-rate is missing.": 0.3,
    }
    judge(first_for_none, a / (a + b), mistakes, what="first_for_none", tol=1e-3)
    b *= 2.5**5
    mistakes = {
        "first_for_five: that is the second component's.": b / (a + b),
        "first_for_five: the weights .3 and .7 are missing.": 1 / (1 + 2.5**5 * np.exp(-1.5)),
        "first_for_five: the factor 2.5^5 is missing; that is for a day without notices.": a / (a + b / 2.5**5),
        "first_for_five: the factor e^-rate is missing.": 0.3 / (0.3 + 0.7 * 2.5**5),
    }
    judge(first_for_five, a / (a + b), mistakes, what="first_for_five", tol=1e-3)
    print("Right: a quiet day speaks for the small rate, a busy one against it.")


def check_exponential_log_joint(exponential_log_joint):
    """exponential_log_joint(x, pi, m) must be log pi_k - log m_k - x_n / m_k, shape (N, K)."""
    draw = rng()
    x, pi, m = draw.exponential(2, 6), draw.dirichlet([2, 2]), draw.uniform([1, 3], [2, 5])
    right = np.log(pi) - np.log(m) - x[:, None] / m
    mistakes = {
        "the weights are missing: add log pi.": right - np.log(pi),
        "the normalizing constant is missing: subtract log m.": right + np.log(m),
        "m is used as a rate: divide x by the mean m.": np.log(pi) + np.log(m) - x[:, None] * m,
        "that is the joint probability; return its log.": np.exp(right),
        "pi is added as it is; add its log.": right - np.log(pi) + pi,
        "that is (K, N); transpose it, so that each row is one observation.": right.T,
    }
    judge(answer_of(exponential_log_joint, x, pi, m), right, mistakes, what="the log joint")
    print("Right: with an M-step of weighted means, that is a complete model.")


def check_geometric_m_step(geometric_m_step):
    """geometric_m_step(x, q) must return the weights, and successes over tries for each component."""
    draw = rng()
    x, q = draw.integers(0, 9, 12), draw.dirichlet([2, 2, 2], 12)
    sizes, failures = q.sum(axis=0), x @ q
    answer = unpack(answer_of(geometric_m_step, x, q), "pi", "p")
    judge(answer[0], q.mean(axis=0), {"pi: those are expected counts; divide by N.": sizes}, what="pi")
    mistakes = {
        "p: that leaves the successes out of the tries: divide by N_k plus the failures.": sizes / failures,
        "p: that is the share of failures.": failures / (sizes + failures),
        "p: that is the mean number of failures; p is successes over tries.": failures / sizes,
        "p: all successes are counted for each component; weight them by q.": len(x) / (len(x) + failures),
    }
    judge(answer[1], sizes / (sizes + failures), mistakes, what="p")
    print("Right: weighted successes over weighted tries.")


def check_expected_above(expected_above):
    """expected_above(limit, mu, sigma) must be the mean of a normal given that it exceeds the limit."""
    draw = rng()
    mu, sigma = draw.uniform(-1, 1), draw.uniform(1.5, 3)
    limit = mu + sigma * draw.uniform(0.3, 1)
    u = (limit - mu) / sigma
    density, tail = exp(-u * u / 2) / sqrt(2 * pi), erfc(u / sqrt(2)) / 2
    mistakes = {
        "sigma is missing before the ratio.": mu + density / tail,
        "that is below the limit: divide by the probability above, 1 - Phi(u), not by Phi(u).": mu
        + sigma * density / (1 - tail),
        "that is the mean of those below the limit.": mu - sigma * density / (1 - tail),
        "erfc(u / sqrt(2)) is twice the probability above.": mu + sigma * density / (2 * tail),
        "u must be standardized: (limit - mu) / sigma.": mu
        + sigma * exp(-((limit - mu) ** 2) / 2) / sqrt(2 * pi) / (erfc((limit - mu) / sqrt(2)) / 2),
        "that is the limit itself: the reading is known to lie above it.": limit,
        "mu is missing.": sigma * density / tail,
    }
    judge(answer_of(expected_above, limit, mu, sigma), mu + sigma * density / tail, mistakes, what="the expected value")
    print("Right: more than the limit, and more so the wider the spread.")
