"""Chapter 13, your own model in ten lines."""

from math import erfc, exp, pi, sqrt

import numpy as np

from .answers import Function, answer_of, finite_answer_of, numbers, unpack
from .draws import draw_q, draw_weights
from .verdict import Slip, check, judge, rng


@check
def check_poisson_by_hand(first_for_none: float, first_for_two: float) -> str:
    """Weight .4, rates .5 and 3: the first component's responsibility for 0 notices and for 2."""
    a, b = 0.4 * np.exp(-0.5), 0.6 * np.exp(-3)
    slips = [
        Slip(b / (a + b), "first_for_none: that is the second component's."),
        Slip(1 / (1 + np.exp(-2.5)), "first_for_none: the weights .4 and .6 are missing."),
        Slip(a / b, "first_for_none: that is the odds; the probability is odds / (1 + odds)."),
        Slip(0.4, "first_for_none: the factor e^-rate is missing."),
    ]
    judge(first_for_none, a / (a + b), slips, what="first_for_none", decimals=3)
    c, d = 0.25 * a, 9 * b
    slips = [
        Slip(d / (c + d), "first_for_two: that is the second component's."),
        Slip(1 / (1 + 36 * np.exp(-2.5)), "first_for_two: the weights .4 and .6 are missing."),
        Slip(a / (a + b), "first_for_two: the factors .5^2 and 3^2 are missing; that is for a day without notices."),
        Slip(0.1 / (0.1 + 5.4), "first_for_two: the factor e^-rate is missing."),
        Slip(a / (a + d), "first_for_two: the factor .5^2 is missing."),
    ]
    judge(first_for_two, c / (c + d), slips, what="first_for_two", decimals=3)
    return "a quiet day speaks for the small rate, a busy one against it."


@check
def check_exponential_log_joint(exponential_log_joint: Function) -> str:
    """exponential_log_joint(x, pi, m) must be log pi_k - log m_k - x_n / m_k, shape (N, K)."""
    draw = rng()
    for K in (2, 3, 4):
        x, pi, m = draw.exponential(2, 6), draw_weights(draw, K), draw.permutation(K) + draw.uniform(1.2, 1.8, K)
        right = np.log(pi) - np.log(m) - x[:, None] / m
        slips = [
            Slip(right - np.log(pi), "the weights are missing: add log pi."),
            Slip(right + np.log(m), "the normalizing constant is missing: subtract log m."),
            Slip(np.log(pi) + np.log(m) - x[:, None] * m, "m is used as a rate: divide x by the mean m."),
            Slip(right - np.log(pi) + pi, "pi is added as it is; add its log."),
            Slip(np.logaddexp.reduce(right, axis=1), "the components are summed already: return one column for each."),
        ]
        answer = answer_of(exponential_log_joint, x=x, pi=pi, m=m)
        judge(answer, right, slips, what=f"the log joint for K = {K}")
    return "with an M-step of weighted means, that is a complete model."


@check
def check_geometric_m_step(geometric_m_step: Function) -> str:
    """geometric_m_step(x, q) must return the weights, and successes over tries for each component."""
    draw = rng()
    for K in (3, 2, 4):
        x, q = draw.integers(0, 9, 12), draw_q(draw, 12, K)
        sizes, failures = q.sum(axis=0), x @ q
        weights, p = unpack(answer_of(geometric_m_step, x=x, q=q), "pi", "p")
        slips = [Slip(np.full(K, 1 / K), "pi is not updated: it is the mean of q.")]
        judge(weights, sizes / 12, slips, what="pi", n=12)
        slips = [
            Slip(sizes / failures, "p: that leaves the successes out of the tries; it may exceed 1."),
            Slip(failures / (sizes + failures), "p: that is the share of failures."),
            Slip(failures / sizes, "p: that is the mean number of failures; p is a share of the tries."),
            Slip(12 / (12 + failures), "p: all successes are counted for each component; weight them by q."),
            Slip(np.full(K, 12 / (12 + x.sum())), "p: every component got the same p; weight each x by its q."),
        ]
        judge(p, sizes / (sizes + failures), slips, what="p")
    return "between 0 and 1, whatever the data are."


@check
def check_expected_above(expected_above: Function) -> str:
    """expected_above(limit, mu, sigma) must be the mean of a normal given that it exceeds the limit."""
    draw = rng()
    for low, high in ((0.3, 1), (-3, -1), (2, 5)):  # limits above mu and below it
        mu, sigma, u = draw.uniform(2, 3), draw.uniform(1.5, 3), draw.uniform(low, high)
        limit = mu + u * sigma
        density, tail = exp(-u * u / 2) / sqrt(2 * pi), erfc(u / sqrt(2)) / 2
        above, below = sigma * density / tail, sigma * density / (1 - tail)
        raw = exp(-((u * sigma) ** 2) / 2) / sqrt(2 * pi) / (erfc(u * sigma / sqrt(2)) / 2)
        slips = [
            Slip(mu + above / sigma, "sigma is missing before the ratio."),
            Slip(mu + below, "that is below the limit: divide by the probability above, 1 - Phi(u), not by Phi(u)."),
            Slip(mu - below, "that is the mean of those below the limit."),
            Slip(mu + above / 2, "erfc(u / sqrt(2)) is twice the probability above."),
            Slip(mu + sigma * raw, "u must be standardized: (limit - mu) / sigma."),
            Slip(limit, "that is the limit itself: the reading is known to lie above it."),
            Slip(above, "mu is missing."),
        ]
        answer = answer_of(expected_above, limit=limit, mu=mu, sigma=sigma)
        judge(answer, mu + above, slips if low == 0.3 else [], what=f"the expected value above {limit:.2f}")
    otherwise = "right for a limit nearby, but 40 sigmas above mu the ratio is 0/0 to the machine: it is u + 1/u there."
    for u in (draw.uniform(40, 60), draw.uniform(100, 1000)):
        limit = mu + u * sigma
        answer = finite_answer_of(expected_above, limit=limit, mu=mu, sigma=sigma, otherwise=otherwise)
        what = "what the expected value far above mu has over the limit, in sigmas,"
        judge((numbers(answer, what) - limit) / sigma, far_above(u) - u, what=what, tol=5e-3)
    return "more than the limit, and more so the wider the spread."


def far_above(u: float) -> float:
    """phi(u) / (1 - Phi(u)) for large u, by its continued fraction u + 1/(u + 2/(u + 3/(u + ...)))."""
    tail = u
    for k in range(20, 0, -1):
        tail = u + k / tail
    return tail
