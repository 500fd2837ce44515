"""Chapter 02, A single Gaussian."""

import numpy as np

from .answers import Function, answer_of, unpack
from .draws import normal
from .verdict import Slip, check, judge, rng


@check
def check_four_numbers(mu: float, sigma: float, top: float) -> str:
    """Data 1, 2, 3, 6: the mean, the standard deviation with 1/N, and the log-likelihood there."""
    x = np.array([1, 2, 3, 6])
    slips = [
        Slip(np.median(x), "that is the median; the score equation gives the mean."),
        Slip(3.5, "that is the middle of the range; mu is the mean."),
    ]
    judge(mu, x.mean(), slips, what="mu", decimals=3, n=4)
    slips = [
        Slip(x.std(ddof=1), "that divides by N - 1; maximum likelihood divides by N."),
        Slip(x.var(), "that is the variance; sigma is its square root."),
        Slip(np.mean(np.abs(x - 3)), "that is the mean absolute deviation; the deviations are squared."),
        Slip(14**0.5, "the sum of squares is not divided by 4."),
        Slip(14, "those are the squares, summed: divide by 4, then take the root."),
    ]
    judge(sigma, x.std(), slips, what="sigma", decimals=3)
    right, other = (np.sum(np.log(normal(x, 3, s))) for s in (x.std(), x.std(ddof=1)))
    slips = [
        Slip(other, "that is the log-likelihood at the sigma with N - 1; use the one with N."),
        Slip(right + 2, "the last part, -N/2, is missing."),
        Slip(-right, "the sign is flipped: these densities are below 1, so their logs are negative."),
    ]
    judge(top, right, slips, what="top", decimals=3, n=4)
    return "no other mu and sigma give these four numbers a higher log-likelihood."


@check
def check_fit_normal(fit_normal: Function) -> str:
    """fit_normal(x) must return mu and sigma, with 1/N."""
    x = rng().normal([5] * 6 + [20], 3)  # one point far off: the median is not the mean
    mu, sigma = unpack(answer_of(fit_normal, x=x), "mu", "sigma")
    slips = [Slip(np.median(x), "that is the median; mu is the mean."), Slip(x.std(), "mu and sigma are exchanged.")]
    judge(mu, x.mean(), slips, what="mu", n=len(x))
    squares = np.sum((x - x.mean()) ** 2)
    slips = [
        Slip(x.var(), "that is the variance; sigma is its square root."),
        Slip(np.sqrt(np.mean(x**2)), "the mean is not subtracted: deviations are taken from mu."),
        Slip(np.sqrt(squares), "the sum of squares is not divided by N."),
        Slip(np.sqrt(squares / 2 / len(x)), "that is too small by root 2: 2 (sigma^2)^2 is not (2 sigma^2)^2."),
    ]
    judge(sigma, x.std(), slips, what="sigma", n=len(x))
    return "one number says where, the other how wide."


@check
def check_slope_sigma(slope_sigma: Function) -> str:
    """slope_sigma(x, mu, sigma) must return the derivative of the log-likelihood with respect to sigma."""
    draw = rng()
    x, mu, sigma = draw.normal(5, 3, 9), draw.uniform(4, 6), draw.uniform(2.2, 3)
    n, squares = len(x), np.sum((x - mu) ** 2)
    slips = [
        Slip(-n / sigma + squares / sigma**2, "the second term should have units 1/cm too: differentiate sigma^-2."),
        Slip(-n / sigma - squares / sigma**3, "the second term has the wrong sign: wide data ask for a larger sigma."),
        Slip(-n / sigma + 2 * squares / sigma**3, "the 2 of the derivative cancels the one half in the exponent."),
        Slip((-n + squares / sigma**2) / (2 * sigma**2), "that is the derivative with respect to sigma squared."),
        Slip(-1 / sigma + squares / sigma**3, "the first term counts one point only; there are N of them."),
    ]
    answer = answer_of(slope_sigma, x=x, mu=mu, sigma=sigma)
    judge(answer, -n / sigma + squares / sigma**3, slips, what="the slope", n=n)
    return "it is zero exactly where sigma squared is the mean squared deviation."


@check
def check_fit_weighted(fit_weighted: Function) -> str:
    """fit_weighted(x, w) must return the mu and sigma that maximize sum_n w_n log N(x_n; mu, sigma^2)."""
    draw = rng()
    heavy = np.repeat([0, 1], [6, 2])  # few points, far off, with most of the weight: each slip shows
    x, w = draw.normal(6 * heavy, 1), draw.uniform(0.1 + heavy / 2, 0.3 + heavy / 2)
    mu, sigma = unpack(answer_of(fit_weighted, x=x, w=w), "mu", "sigma")
    right = w @ x / w.sum()
    slips = [
        Slip(w @ x / len(x), "the sum is divided by the number of points; divide by the sum of the weights."),
        Slip(w @ x, "the sum is not divided: divide by the sum of the weights."),
        Slip(x.mean(), "the weights are not used: that is the plain mean."),
    ]
    judge(mu, right, slips, what="mu")
    squares = w @ (x - right) ** 2
    about_the_plain_mean = w @ (x - x.mean()) ** 2 / w.sum()
    slips = [
        Slip(np.sqrt(squares / len(x)), "the squares are divided by the number of points; divide by the weights' sum."),
        Slip(np.sqrt(squares), "the squares are not divided: divide by the sum of the weights."),
        Slip(x.std(), "the weights are not used: that is the plain standard deviation."),
        Slip(np.sqrt(np.mean((x - right) ** 2)), "the squares are not weighted: multiply each by its w."),
        Slip(np.sqrt(about_the_plain_mean), "deviations are taken from the plain mean, not the weighted one."),
        Slip(squares / w.sum(), "that is the variance; sigma is its square root."),
    ]
    judge(sigma, np.sqrt(squares / w.sum()), slips, what="sigma")
    return "the sum of the weights takes the place of N."
