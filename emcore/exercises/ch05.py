"""Chapter 05, Deriving EM."""

from collections.abc import Sequence

import numpy as np

from .answers import Function, answer_of, unpack
from .draws import by_row, draw_gaussians, draw_q, normal
from .verdict import Slip, check, judge, rng


@check
def check_first_step(q: Sequence[float], mu: float) -> str:
    """Data -1, 0, 2, 3 under N(0, 1) and N(mu, 1), equal weights, mu = 2: q of the second, then the new mu."""
    x = np.array([-1, 0, 2, 3])
    right = 1 / (1 + np.exp(2 - 2 * x))
    slips = [
        Slip(1 - right, "those are the responsibilities of the first Gaussian; those of the second are asked."),
        Slip(right > 0.5, "that is a hard decision, 0 or 1; a responsibility keeps the doubt."),
        Slip(normal(x, 2, 1), "those are densities: divide each by the sum of both densities at the same point."),
    ]
    judge(q, right, slips, what="q", decimals=3)
    slips = [
        Slip(right @ x / 4, "you divided by the number of points; divide by the sum of the responsibilities."),
        Slip(right @ x, "the sum of q x is not divided: divide it by the sum of the responsibilities."),
        Slip(x.mean(), "that is the mean of all points, each counted fully; weight each by its q."),
        Slip(2.5, "that is the mean of the points nearer to 2: hard assignment. Weight every point by its q."),
    ]
    judge(mu, right @ x / right.sum(), slips, what="mu", decimals=3)
    return "the second Gaussian moves to the mean of the points, each weighted by its q."


@check
def check_e_step(e_step: Function) -> str:
    """e_step(x, pi, mu, sigma) must return the (N, K) responsibilities of a Gaussian mixture."""
    draw = rng()
    for K in (2, 3, 4):
        x, pi, mu, sigma = draw_gaussians(draw, K)
        bells, narrow = normal(x[:, None], mu, sigma), normal(x[:, None], mu, np.sqrt(sigma))
        joint = pi * bells
        slips = [
            Slip(joint, "your rows do not sum to 1: that is the joint. Divide each row by its own sum."),
            Slip(bells, "those are densities: multiply each by its pi, then divide each row by its own sum."),
            Slip(by_row(bells), "the weights pi are missing: multiply each density by its pi before you divide."),
            Slip(by_row(joint * sigma), "the factor 1 / sigma is missing: it cancels only where all sigmas are equal."),
            Slip(by_row(pi * narrow), "sigma is a standard deviation here; you used it as a variance."),
        ]
        answer = answer_of(e_step, x=x, pi=pi, mu=mu, sigma=sigma)
        judge(answer, by_row(joint), slips, what=f"the array of responsibilities for K = {K}")
    return "every row sums to 1, and the weights are in."


@check
def check_m_step(m_step: Function) -> str:
    """m_step(x, q) must return pi, mu, sigma, each (K,), for a Gaussian mixture."""
    draw = rng()
    for K in (2, 3, 4):
        x = draw_gaussians(draw, K)[0]
        q = draw_q(draw, len(x), K)
        answer = unpack(answer_of(m_step, x=x, q=q), "pi", "mu", "sigma")
        sizes = q.sum(axis=0)
        slips = [Slip(np.full(K, 1 / K), "pi is not updated: it becomes the mean responsibility of each component.")]
        judge(answer[0], sizes / len(x), slips, what="pi", n=len(x))
        mu = x @ q / sizes
        slips = [
            Slip(x @ q / len(x), "mu is divided by the number of observations; divide by the sum of each column of q."),
            Slip(x @ q, "mu is not divided: divide by the sum of each column of q."),
            Slip(np.full(K, x.mean()), "every component got the same mean: weight each x by its responsibility."),
        ]
        judge(answer[1], mu, slips, what="mu")
        away = x[:, None] - mu
        variance = (q * away**2).sum(axis=0) / sizes
        about_all = (q * (x[:, None] - x.mean()) ** 2).sum(axis=0) / sizes
        slips = [
            Slip(variance, "that is the variance; sigma is its square root."),
            Slip(np.sqrt(about_all), "sigma is measured about the mean of all data, not about its own mu."),
            Slip(np.sqrt(variance * sizes / len(x)), "sigma is divided by the number of all observations."),
            Slip(np.sqrt(np.mean(away**2, axis=0)), "the squares are not weighted: multiply each by its q."),
            Slip(np.full(K, x.std()), "every component got the same sigma: weight each square by its responsibility."),
        ]
        judge(answer[2], np.sqrt(variance), slips, what="sigma", n=sizes)
    return "the components come out as wide as they are."


@check
def check_exponential_m_step(m_step: Function) -> str:
    """m_step(x, q) must return pi and mean, each (K,), for a mixture of exponentials."""
    draw = rng()
    for K in (2, 3, 4):
        x, q = draw.exponential(3, 20), draw_q(draw, 20, K)
        answer = unpack(answer_of(m_step, x=x, q=q), "pi", "mean")
        sizes = q.sum(axis=0)
        slips = [Slip(np.full(K, 1 / K), "pi is not updated: it becomes the mean responsibility of each component.")]
        judge(answer[0], sizes / len(x), slips, what="pi", n=len(x))
        slips = [
            Slip(sizes / (x @ q), "those are the rates, 1 / mean; the mean itself is asked."),
            Slip(x @ q / len(x), "you divided by the number of observations; divide by the sum of each column of q."),
            Slip(x @ q, "the sums are not divided: divide by the sum of each column of q."),
            Slip(np.full(K, x.mean()), "every component got the same mean: weight each x by its responsibility."),
        ]
        judge(answer[1], x @ q / sizes, slips, what="mean")
    return "a weighted mean again, though the family is another."
