"""Chapter 02, A single Gaussian."""

import numpy as np

from .answers import unpack
from .old import answer_of, judge
from .verdict import normal, rng


def check_four_numbers(mu, sigma, top):
    """Data 1, 2, 3, 6: the mean, the standard deviation with 1/N, and the log-likelihood there."""
    x = np.array([1.0, 2.0, 3.0, 6.0])
    mistakes = {"that is the median; the score equation gives the mean.": np.median(x)}
    mistakes |= {"that is the sum; divide it by 4.": x.sum(), "that is the middle of the range; mu is the mean.": 3.5}
    judge(mu, x.mean(), mistakes, what="mu", tol=1e-3)
    mistakes = {
        "that divides by N - 1; maximum likelihood divides by N.": x.std(ddof=1),
        "that is the variance; sigma is its square root.": x.var(),
        "that is the mean absolute deviation; the deviations are squared.": np.mean(np.abs(x - 3)),
        "the sum of squares is not divided by 4.": 14**0.5,
        "those are the squares, summed: divide by 4, then take the root.": 14,
    }
    judge(sigma, x.std(), mistakes, what="sigma", tol=2e-3)
    right = np.sum(np.log(normal(x, x.mean(), x.std())))
    mistakes = {
        "that is the log-likelihood at the sigma with N - 1; use the one with N.": np.sum(
            np.log(normal(x, 3, x.std(ddof=1)))
        ),
        "the last part, -N/2, is missing.": right + 2,
        "that is the likelihood; its logarithm is asked.": np.exp(right),
        "the square root of 2 pi is missing.": right + 2 * np.log(2 * np.pi),
        "the sign is flipped: these densities are below 1, so their logs are negative.": -right,
    }
    judge(top, right, mistakes, what="top", tol=1e-3)
    print("Right: no other mu and sigma give these four numbers a higher log-likelihood.")


def check_fit_normal(fit_normal):
    """fit_normal(x) must return mu and sigma, with 1/N."""
    x = rng().normal([5] * 6 + [20], 3)  # one point far off: the median is not the mean
    mu, sigma = unpack(answer_of(fit_normal, x), "mu", "sigma")
    judge(
        mu,
        x.mean(),
        {
            "that is the sum; divide by N.": x.sum(),
            "that is the median; mu is the mean.": np.median(x),
            "mu and sigma are exchanged.": x.std(),
        },
        what="mu",
    )
    mistakes = {
        "that divides by N - 1; maximum likelihood divides by N.": x.std(ddof=1),
        "that is the variance; sigma is its square root.": x.var(),
        "the mean is not subtracted: deviations are taken from mu.": np.sqrt(np.mean(x**2)),
        "the sum of squares is not divided by N.": np.sqrt(np.sum((x - x.mean()) ** 2)),
        "that is too small by root 2: the derivative has 2 (sigma^2)^2 below, not (2 sigma^2)^2.": x.std() / 2**0.5,
    }
    judge(sigma, x.std(), mistakes, what="sigma")
    print("Right: the mean, and the root of the mean squared deviation.")


def check_slope_sigma(slope_sigma):
    """slope_sigma(x, mu, sigma) must return the derivative of the log-likelihood with respect to sigma."""
    draw = rng()
    x, mu, sigma = draw.normal(5, 3, 9), draw.uniform(4, 6), draw.uniform(2.2, 3)
    squares, n = np.sum((x - mu) ** 2), len(x)
    mistakes = {
        "the second term still has sigma squared below: the derivative of sigma^-2 is -2 sigma^-3.": -n / sigma
        + squares / sigma**2,
        "the second term has the wrong sign: for large deviations a larger sigma must be better.": -n / sigma
        - squares / sigma**3,
        "a factor 2 is left over: the 2 of the derivative cancels the one half.": -n / sigma + 2 * squares / sigma**3,
        "that is the derivative with respect to sigma squared; take it with respect to sigma.": -n / (2 * sigma**2)
        + squares / (2 * sigma**4),
        "the first term counts one point only; there are N of them.": -1 / sigma + squares / sigma**3,
    }
    judge(answer_of(slope_sigma, x, mu, sigma), -n / sigma + squares / sigma**3, mistakes, what="the slope")
    print("Right: it is zero exactly where sigma squared is the mean squared deviation.")


def check_fit_weighted(fit_weighted):
    """fit_weighted(x, w) must return the mu and sigma that maximize sum_n w_n log N(x_n; mu, sigma^2)."""
    draw = rng()
    heavy = np.repeat([0, 1], [6, 2])  # few points, far off, with most of the weight: each slip shows
    x, w = draw.normal(6 * heavy, 1), draw.uniform(0.1 + heavy / 2, 0.3 + heavy / 2)
    mu, sigma = unpack(answer_of(fit_weighted, x, w), "mu", "sigma")
    right = w @ x / w.sum()
    mistakes = {
        "the sum is divided by the number of points; divide by the sum of the weights.": w @ x / len(x),
        "the weights are not used: that is the plain mean.": x.mean(),
        "the sum is not divided: divide by the sum of the weights.": w @ x,
    }
    judge(mu, right, mistakes, what="mu")
    squares = w @ (x - right) ** 2
    mistakes = {
        "the squares are divided by the number of points; divide by the sum of the weights.": np.sqrt(squares / len(x)),
        "the weights are not used: that is the plain standard deviation.": x.std(),
        "the squares are not weighted: multiply each by its w before you sum.": np.sqrt(np.mean((x - right) ** 2)),
        "deviations are taken from the plain mean; take them from the weighted one.": np.sqrt(
            w @ (x - x.mean()) ** 2 / w.sum()
        ),
        "that is the variance; sigma is its square root.": squares / w.sum(),
    }
    judge(sigma, np.sqrt(squares / w.sum()), mistakes, what="sigma")
    print("Right: the sum of the weights takes the place of N.")
