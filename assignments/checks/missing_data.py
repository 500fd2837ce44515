"""What the points of the project `missing_data` are given for: other pairs, with other gaps."""

import numpy as np

from emcore.exercises.answers import answer_of, unpack
from emcore.exercises.slips import Slip
from emcore.exercises.verdict import judge, rng


def check_missing_filled(e_step):
    """e_step(x, mu, cov) must return filled (N, 2) first; what is missing in x is nan."""
    x, mu, cov = random_gaps(rng())
    gap = np.isnan(x)
    upside_down = mu + cov[0, 1] / np.diag(cov) * (x - mu)[:, ::-1]
    slips = [
        Slip(np.where(gap, mu, x), "you filled in the mean; given the other coordinate, expect the regression line."),
        Slip(
            np.where(gap, upside_down, x),
            "the slope is upside down: divide the covariance by the variance of the seen coordinate.",
        ),
    ]
    filled, _ = unpack(answer_of(e_step, x=x, mu=mu, cov=cov), "filled", "extra")
    judge(filled, fill_in(x, mu, cov)[0], slips, what="filled")
    return "filled, the conditional means."


def check_missing_extra(e_step):
    """e_step(x, mu, cov) must return extra (N, 2, 2) second."""
    x, mu, cov = random_gaps(rng())
    variances = np.eye(2) * np.isnan(x)[:, :, None]
    slips = [
        Slip(0 * variances, "extra is zero: a value that was filled in is not certain, it has a variance."),
        Slip(variances * cov, "that is the variance with nothing seen; the other coordinate was seen and narrows it."),
    ]
    _, extra = unpack(answer_of(e_step, x=x, mu=mu, cov=cov), "filled", "extra")
    judge(extra, fill_in(x, mu, cov)[1], slips, what="extra")
    return "extra, the doubt that is left."


def check_missing_mean(m_step):
    """m_step(filled, extra) must return mu (2,) first."""
    filled, extra = fill_in(*random_gaps(rng()))
    slips = [Slip(filled.sum(axis=0), "that is the sum; divide by the number of people.")]
    mu, _ = unpack(answer_of(m_step, filled=filled, extra=extra), "mu", "cov")
    judge(mu, moments(filled, extra)[0], slips, what="mu")
    return "mu, the mean of the filled-in data."


def check_missing_covariance(m_step):
    """m_step(filled, extra) must return cov (2, 2) second."""
    filled, extra = fill_in(*random_gaps(rng()))
    mu, cov = moments(filled, extra)
    sure, n = moments(filled, 0 * extra)[1], len(filled)
    slips = [
        Slip(sure, "cov lacks extra: add the doubt about what was filled in, or the variances come out too small."),
        Slip(cov * n / (n - 1), "you divided by N - 1; maximum likelihood divides by N."),
        Slip(cov + np.outer(mu, mu), "that is the mean of products; take them about mu."),
        Slip(sure + extra.sum(axis=0), "extra was added whole; it is averaged over the people, like the squares."),
    ]
    _, answer = unpack(answer_of(m_step, filled=filled, extra=extra), "mu", "cov")
    judge(answer, cov, slips, what="cov")
    return "cov, squares plus doubt."


def check_missing_whole(loglik):
    """loglik(x, mu, cov) must return the log-likelihood of people without a gap."""
    x, mu, cov = random_gaps(rng())
    x = x[~np.isnan(x).any(axis=1)]
    slips = [Slip(seen_loglik(x, mu, cov * np.eye(2)), "that treats the coordinates as independent.")]
    judge(answer_of(loglik, x=x, mu=mu, cov=cov), seen_loglik(x, mu, cov), slips, what="the log-likelihood, no gaps,")
    return "the density of a pair."


def check_missing_gaps(loglik):
    """loglik(x, mu, cov) must return the log-likelihood of what was seen."""
    x, mu, cov = random_gaps(rng())
    whole = ~np.isnan(x).any(axis=1)
    slips = [
        Slip(seen_loglik(x[whole], mu, cov), "people with a gap were skipped: what was seen of them counts."),
        Slip(seen_loglik(fill_in(x, mu, cov)[0], mu, cov), "filled-in values were counted as if they had been seen."),
        Slip(seen_loglik(x, mu, cov * np.eye(2)), "that treats the coordinates as independent; they are correlated."),
    ]
    judge(answer_of(loglik, x=x, mu=mu, cov=cov), seen_loglik(x, mu, cov), slips, what="the log-likelihood")
    return "one coordinate where one was seen."


def check_missing_run(run):
    """run(x, mu, cov, iterations) must return mu and cov after that many iterations of EM."""
    x, mu, cov = random_gaps(rng())

    def after(iterations, doubt=1):
        now = mu, cov
        for _ in range(iterations):
            filled, extra = fill_in(x, *now)
            now = moments(filled, doubt * extra)
        return np.concatenate([now[0], now[1].ravel()])

    given = unpack(answer_of(run, x=x, mu=mu, cov=cov, iterations=4), "mu", "cov")
    judge(
        np.concatenate([np.ravel(part) for part in given]),
        after(4),
        [
            Slip(after(0), "nothing moved: return the new mu and cov, not the start."),
            Slip(after(1), "that is one iteration: fill in anew from each new estimate."),
            Slip(after(3), "that is one iteration too few."),
            Slip(after(5), "that is one iteration too many."),
            Slip(after(4, doubt=0), "the doubt about what was filled in is lost on the way to the M-step."),
        ],
        what="the list of mu and cov after four iterations",
    )
    return "E and M in turn."


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


PARTS = {
    "e_step_check": {check_missing_filled: 3, check_missing_extra: 2},
    "m_step_check": {check_missing_mean: 2, check_missing_covariance: 2},
    "loglik_check": {check_missing_whole: 1, check_missing_gaps: 2},
    "run_check": {check_missing_run: 2},
}
