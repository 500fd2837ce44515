"""What the points of the project `poisson_mixture` are given for: other counts, from three kinds of days."""

from math import lgamma

import numpy as np

from emcore import PoissonMixture
from emcore.exercises.answers import answer_of, finite_answer_of, unpack
from emcore.exercises.slips import Slip
from emcore.exercises.verdict import judge, rng

MODEL = PoissonMixture()


def check_notices_loglik(loglik):
    """loglik(x, pi, rate) must return the log-likelihood of counts x under K Poissons."""
    x, pi, rate = random_counts(rng())
    joint = MODEL.log_joint(x, (pi, rate))
    right = MODEL.loglik(x, (pi, rate))
    judge(
        answer_of(loglik, x=x, pi=pi, rate=rate),
        right,
        [
            Slip(np.logaddexp.reduce(joint - np.log(pi), axis=1).sum(), "the weights pi are missing."),
            Slip(joint.sum(), "the log stands inside the sum over components; it belongs outside: log of the sum."),
            Slip(right / len(x), "that is the mean over the days; add them up."),
            Slip(right + sum(lgamma(n + 1) for n in x), "the factorials are missing: each day divides by x!."),
        ],
        what="the log-likelihood",
    )
    return "the log of a sum for each day, added over the days."


def check_notices_e_step(e_step):
    """e_step(x, pi, rate) must return the (N, K) responsibilities."""
    x, pi, rate = random_counts(rng())
    joint = np.exp(MODEL.log_joint(x, (pi, rate)))
    unweighted = joint / pi
    judge(
        answer_of(e_step, x=x, pi=pi, rate=rate),
        MODEL.e_step(x, (pi, rate)),
        [Slip(unweighted / unweighted.sum(axis=1, keepdims=True), "the weights pi are missing.")],
        what="the array of responsibilities",
    )
    return "every day is shared out."


def check_notices_busy_day(e_step):
    """e_step must share out a day with very many notices too."""
    _, pi, rate = random_counts(rng())
    x = np.array([900.0, 2.0])
    underflow = "a day with 900 notices breaks it: the probabilities are zero to the machine. Work with their logs."
    answer = finite_answer_of(e_step, otherwise=underflow, x=x, pi=pi, rate=rate)
    judge(answer, MODEL.e_step(x, (pi, rate)), what="the responsibilities of a day with 900 notices")
    return "a day with 900 notices is shared out too."


def check_notices_weights(m_step):
    """m_step(x, q) must return pi first."""
    x, q = random_shares(rng())
    pi = MODEL.m_step(x, q).pi
    slips = [
        Slip(q.sum(axis=0), "pi should sum to 1: divide the sizes by the number of days."),
        Slip(np.full(len(pi), 1 / len(pi)), "pi came out even: each weight is its component's share of the days."),
    ]
    judge(unpack(answer_of(m_step, x=x, q=q), "pi", "rate")[0], pi, slips, what="pi")
    return "pi, the shares of the days."


def check_notices_rates(m_step):
    """m_step(x, q) must return rate second."""
    x, q = random_shares(rng())
    slips = [
        Slip(x @ q, "your rates are sums: divide by the number of days credited to each component."),
        Slip(x @ q / len(x), "you divided by all days; divide by the days credited to each component."),
        Slip(np.full(q.shape[1], x.mean()), "the rates came out alike: weight each day by its responsibilities."),
    ]
    judge(unpack(answer_of(m_step, x=x, q=q), "pi", "rate")[1], MODEL.m_step(x, q).rate, slips, what="rate")
    return "rate, the weighted means."


def check_notices_run(run):
    """run(x, pi, rate, iterations) must return pi and rate after that many iterations of EM."""
    x, pi, rate = random_counts(rng())

    def after(iterations, learn_pi=True):
        theta = pi, rate
        for _ in range(iterations):
            new = MODEL.m_step(x, MODEL.e_step(x, theta))
            theta = (new.pi if learn_pi else pi), new.rate
        return np.array(theta)

    judge(
        np.array(unpack(answer_of(run, x=x, pi=pi, rate=rate, iterations=4), "pi", "rate")),
        after(4),
        [
            Slip(after(0), "nothing moved: return the new pi and rate, not the start."),
            Slip(after(1), "that is one iteration: take new responsibilities from each new estimate."),
            Slip(after(3), "that is one iteration too few."),
            Slip(after(5), "that is one iteration too many."),
            Slip(after(4, learn_pi=False), "the weights pi stayed where they began: update them too."),
        ],
        what="pi and rate after four iterations",
    )
    return "E and M in turn."


def random_counts(draw):
    """Counts of three Poissons, and a start (pi, rate) from which EM is still moving at the fifth iteration."""
    means = draw.uniform([1, 5, 11], [2, 7, 14])
    x = np.concatenate([draw.poisson(mean, n) for mean, n in zip(means, (20, 15, 10), strict=True)] + [[0, 20]])
    pi = draw.uniform(0.8, 1.2, 3)
    return x.astype(float), pi / pi.sum(), draw.uniform([1, 3, 8], [1.5, 4.5, 10])


def random_shares(draw):
    """Counts and their responsibilities."""
    x, pi, rate = random_counts(draw)
    return x, MODEL.e_step(x, (pi, rate))


PARTS = {
    "loglik_check": {check_notices_loglik: 3},
    "e_step_check": {check_notices_e_step: 3, check_notices_busy_day: 1},
    "m_step_check": {check_notices_weights: 2, check_notices_rates: 2},
    "run_check": {check_notices_run: 3},
}
