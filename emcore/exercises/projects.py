"""The two graded projects: Poissons on the death notices, and a bivariate Gaussian with gaps in its data."""

from math import lgamma

import numpy as np

from ..models import PoissonMixture
from .answers import unpack
from .old import answer_of, finite_answer_of, judge
from .verdict import rng

POISSON = PoissonMixture()


def check_notices_loglik(loglik):
    """loglik(x, pi, rate) must return the log-likelihood of counts x under K Poissons."""
    x, pi, rate = random_counts(rng())
    joint = POISSON.log_joint(x, (pi, rate))
    factorials = sum(lgamma(n + 1) for n in x)
    right = POISSON.loglik(x, (pi, rate))
    judge(
        answer_of(loglik, x, pi, rate),
        right,
        {
            "the weights pi are missing.": np.logaddexp.reduce(joint - np.log(pi), axis=1).sum(),
            "the log stands inside the sum over components; it belongs outside: log of the sum.": joint.sum(),
            "that is the mean over the days; add them up.": right / len(x),
            "the factorials are missing: each day divides by x!.": right + factorials,
        },
        what="the log-likelihood",
    )
    print("Right: the log of a sum for each day, added over the days.")


def check_notices_e_step(e_step):
    """e_step(x, pi, rate) must return the (N, K) responsibilities, also for a day with very many notices."""
    underflow = "a day with 900 notices breaks it: both probabilities are zero to the machine. Work with their logs."
    x, pi, rate = random_counts(rng())
    joint = np.exp(POISSON.log_joint(x, (pi, rate)))
    right = POISSON.e_step(x, (pi, rate))
    judge(
        answer_of(e_step, x, pi, rate),
        right,
        {
            "your rows do not sum to 1: divide each row by its own sum.": joint,
            "your columns sum to 1, your rows do not: divide by the sum over components, axis=1.": joint
            / joint.sum(axis=0),
            "the weights pi are missing.": joint / pi / (joint / pi).sum(axis=1, keepdims=True),
            "that is (K, N); transpose it, so that each row is one day.": right.T,
            "that is a hard decision, 0 or 1; keep the doubt.": (right == right.max(axis=1, keepdims=True)) * 1.0,
        },
        what="the array of responsibilities",
    )
    many = np.array([900.0, 2.0])
    judge(
        finite_answer_of(e_step, many, pi, rate, otherwise=underflow),
        POISSON.e_step(many, (pi, rate)),
        {},
        what="the responsibilities of a day with 900 notices",
    )
    print("Right: every day is shared out, the busiest too.")


def check_notices_m_step(m_step):
    """m_step(x, q) must return pi and rate."""
    x, pi, rate = random_counts(rng())
    q = POISSON.e_step(x, (pi, rate))
    sizes = q.sum(axis=0)
    pi, rate = POISSON.m_step(x, q)
    given_pi, given_rate = unpack(answer_of(m_step, x, q), "pi", "rate")
    judge(
        given_pi,
        pi,
        {
            "pi should sum to 1: divide the sizes by the number of days.": sizes,
            "pi came out even: each weight is its component's share of the days.": np.full(len(pi), 1 / len(pi)),
        },
        what="pi",
    )
    judge(
        given_rate,
        rate,
        {
            "your rates are sums: divide by the number of days credited to each component.": x @ q,
            "you divided by all days; divide by the days credited to each component.": x @ q / len(x),
            "both rates came out alike: weight each day by its responsibilities.": np.full(len(pi), x.mean()),
        },
        what="rate",
    )
    print("Right: shares of the days, and weighted means.")


def check_notices_run(run):
    """run(x, pi, rate, iterations) must return pi and rate after that many iterations of EM."""
    x, pi, rate = random_counts(rng())

    def after(iterations, learn_pi=True):
        theta = pi, rate
        for _ in range(iterations):
            new = POISSON.m_step(x, POISSON.e_step(x, theta))
            theta = (new.pi if learn_pi else pi), new.rate
        return np.array(theta)

    judge(
        np.array(unpack(answer_of(run, x, pi, rate, 4), "pi", "rate")),
        after(4),
        {
            "nothing moved: return the new pi and rate, not the start.": after(0),
            "that is one iteration: take new responsibilities from each new estimate.": after(1),
            "that is one iteration too few.": after(3),
            "that is one iteration too many.": after(5),
            "the weights pi stayed where they began: update them too.": after(4, learn_pi=False),
        },
        what="pi and rate after four iterations",
    )
    print("Right: E and M in turn.")


def random_counts(draw):
    """Counts of two Poissons, and a start (pi, rate) from which EM is still moving at the fifth iteration."""
    few, many = draw.uniform([1, 5], [2, 7])
    x = np.concatenate([draw.poisson(few, 25), draw.poisson(many, 15), [0, 11]]).astype(float)
    weight = draw.uniform(0.25, 0.45)
    return x, np.array([weight, 1 - weight]), draw.uniform([1.0, 3.0], [1.5, 3.5])


def check_missing_e_step(e_step):
    """e_step(x, mu, cov) must return filled (N, 2) and extra (N, 2, 2); what is missing in x is nan."""
    x, mu, cov = random_gaps(rng())
    filled, extra = unpack(answer_of(e_step, x, mu, cov), "filled", "extra")
    gap = np.isnan(x)
    judge(
        filled,
        fill_in(x, mu, cov)[0],
        {
            "the gaps are still there: fill in what the seen coordinate makes you expect.": x,
            "you filled in the mean; given the other coordinate, expect the regression line.": np.where(gap, mu, x),
            "the slope is upside down: divide the covariance by the variance of the seen coordinate.": np.where(
                gap, (mu + cov[0, 1] / np.diag(cov) * (x - mu)[:, ::-1]), x
            ),
        },
        what="filled",
    )
    variances = np.eye(2) * gap[:, :, None]
    judge(
        extra,
        fill_in(x, mu, cov)[1],
        {
            "extra is zero: a value that was filled in is not certain, it has a variance.": 0 * variances,
            "that is the variance with nothing seen; the other coordinate was seen and narrows it.": variances * cov,
        },
        what="extra",
    )
    print("Right: the conditional mean, and the doubt that is left.")


def check_missing_m_step(m_step):
    """m_step(filled, extra) must return mu (2,) and cov (2, 2)."""
    filled, extra = fill_in(*random_gaps(rng()))
    mu, cov = moments(filled, extra)
    given_mu, given_cov = unpack(answer_of(m_step, filled, extra), "mu", "cov")
    judge(given_mu, mu, {"that is the sum; divide by the number of people.": filled.sum(axis=0)}, what="mu")
    judge(
        given_cov,
        cov,
        {
            "cov lacks extra: add the doubt about what was filled in, or the variances come out too small.": moments(
                filled, 0 * extra
            )[1],
            "you divided by N - 1; maximum likelihood divides by N.": cov * len(filled) / (len(filled) - 1),
            "that is the mean of products; take them about mu.": cov + np.outer(mu, mu),
            "extra was added whole; it is averaged over the people, like the squares.": moments(filled, 0 * extra)[1]
            + extra.sum(axis=0),
        },
        what="cov",
    )
    print("Right: the mean of the filled-in data, and squares plus doubt.")


def check_missing_loglik(loglik):
    """loglik(x, mu, cov) must return the log-likelihood of what was seen."""
    x, mu, cov = random_gaps(rng())
    whole = ~np.isnan(x).any(axis=1)
    judge(
        answer_of(loglik, x, mu, cov),
        seen_loglik(x, mu, cov),
        {
            "people with a gap were skipped: what was seen of them counts.": seen_loglik(x[whole], mu, cov),
            "filled-in values were counted as if they had been seen.": seen_loglik(fill_in(x, mu, cov)[0], mu, cov),
            "that treats the coordinates as independent; they are correlated.": seen_loglik(
                x, mu, np.diag(np.diag(cov))
            ),
        },
        what="the log-likelihood",
    )
    print("Right: both coordinates where both were seen, one where one was.")


def check_missing_run(run):
    """run(x, mu, cov, iterations) must return mu and cov after that many iterations of EM."""
    x, mu, cov = random_gaps(rng())

    def after(iterations, doubt=1):
        now = mu, cov
        for _ in range(iterations):
            filled, extra = fill_in(x, *now)
            now = moments(filled, doubt * extra)
        return np.concatenate([now[0], now[1].ravel()])

    given_mu, given_cov = unpack(answer_of(run, x, mu, cov, 4), "mu", "cov")
    judge(
        [*np.ravel(given_mu), *np.ravel(given_cov)],
        after(4),
        {
            "nothing moved: return the new mu and cov, not the start.": after(0),
            "that is one iteration: fill in anew from each new estimate.": after(1),
            "that is one iteration too few.": after(3),
            "that is one iteration too many.": after(5),
            "the doubt about what was filled in is lost on the way to the M-step.": after(4, doubt=0),
        },
        what="the list of mu and cov after four iterations",
    )
    print("Right: fill in, estimate, and again.")


def random_gaps(draw):
    """Pairs with gaps (nan), never both missing, and a start mu, cov."""
    mu, sd = draw.uniform([150, 50], [180, 80]), draw.uniform([5, 9], [8, 14])
    rho = draw.uniform(0.5, 0.8) * sd.prod()
    x = draw.multivariate_normal(mu, [[sd[0] ** 2, rho], [rho, sd[1] ** 2]], 30)
    x[:5, 0] = np.nan
    x[5:16, 1] = np.nan
    off = 0.5 * rho
    return x, mu + draw.uniform(2, 4, 2), np.array([[sd[0] ** 2, off], [off, 1.3 * sd[1] ** 2]])


def fill_in(x, mu, cov):
    """E-step: conditional means where x is nan, and the conditional (co)variances left, (N, 2, 2)."""
    filled, extra = np.array(x, float), np.zeros((len(x), 2, 2))
    for missing, seen in ((0, 1), (1, 0)):
        rows = np.isnan(x[:, missing])
        slope = cov[missing, seen] / cov[seen, seen]
        filled[rows, missing] = mu[missing] + slope * (x[rows, seen] - mu[seen])
        extra[rows, missing, missing] = cov[missing, missing] - slope * cov[missing, seen]
    return filled, extra


def moments(filled, extra):
    """M-step: mean of the filled-in data; their mean square about it, plus the mean doubt."""
    mu = filled.mean(axis=0)
    return mu, ((filled - mu).T @ (filled - mu) + extra.sum(axis=0)) / len(filled)


def seen_loglik(x, mu, cov):
    """The log-likelihood of the coordinates that are not nan."""
    total = 0.0
    for row in x:
        seen = ~np.isnan(row)
        away, part = (row - mu)[seen], cov[np.ix_(seen, seen)]
        total -= 0.5 * (away @ np.linalg.solve(part, away) + np.linalg.slogdet(2 * np.pi * part)[1])
    return total
