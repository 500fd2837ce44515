"""Chapter 01, Maximum likelihood."""

import numpy as np

from .answers import Function, answer_of, finite_answer_of
from .draws import normal
from .verdict import Slip, check, judge, rng


@check
def check_slope(b: float, smallest: float) -> str:
    """The line y = b x through (1, 1), (2, 3), (3, 4): the slope of least squares, and the sum of squares."""
    x, y = np.array([1, 2, 3]), np.array([1, 3, 4])
    right = x @ y / (x @ x)
    slips = [
        Slip(np.polyfit(x, y, 1)[0], "that is the slope of a line with an intercept; ours goes through the origin."),
        Slip(np.mean(y / x), "that is the mean of the three slopes y/x; least squares weights them by x squared."),
        Slip(y.sum() / x.sum(), "that is the sum of y over the sum of x; set the derivative of the squares to zero."),
        Slip(x @ y / (y @ y), "that is the slope of x on y: divide by the sum of x squared, not of y squared."),
    ]
    judge(b, right, slips, what="b", decimals=3)
    away = y - right * x
    slips = [Slip(np.sum(away), "that is the sum of the residuals, without squares.")]
    judge(smallest, away @ away, slips, what="smallest", decimals=3, n=3)
    return "and with normal errors it is the maximum likelihood slope."


@check
def check_normal_loglik(loglik: Function) -> str:
    """loglik(x, mu, sigma) must return the log-likelihood of x under one normal density."""
    draw = rng()
    x, mu, sigma = draw.normal(3, 3, 30), draw.uniform(1, 4), draw.uniform(1.4, 2)
    each = np.log(normal(x, mu, sigma))
    slips = [
        Slip(np.exp(each.sum()), "that is the likelihood; its logarithm is asked."),
        Slip(np.sum(each + np.log(sigma)), "the term -log sigma is missing."),
        Slip(np.sum(each - ((x - mu) / sigma) ** 2 / 2), "the one half in the exponent is missing."),
        Slip(each, "that is one value a point: sum them."),
        Slip(np.sum(np.log(normal(x, mu, np.sqrt(sigma)))), "sigma is a standard deviation, not a variance."),
    ]
    judge(answer_of(loglik, x=x, mu=mu, sigma=sigma), each.sum(), slips, what="the log-likelihood", n=len(x))
    underflow = "for 30,000 points the product of the densities is 0 to the machine: sum the logs instead."
    value = finite_answer_of(loglik, x=np.tile(x, 1000), mu=mu, sigma=sigma, otherwise=underflow)
    judge(value, 1000 * each.sum(), what="the log-likelihood of 30,000 points")
    return "a sum of logs, for few points and for many."


@check
def check_cross_entropy(cross_entropy: Function) -> str:
    """cross_entropy(y, guess) must return -sum[y log guess + (1 - y) log(1 - guess)]."""
    draw = rng()
    y, guess = draw.permutation(np.repeat([0, 1], draw.permutation([5, 8]))), draw.uniform(0.1, 0.9, 13)
    ones, zeros = np.sum(y * np.log(guess)), np.sum((1 - y) * np.log(1 - guess))
    slips = [
        Slip(zeros - ones, "the minus sign reaches the first term only: a loss must fall as any guess gets better."),
        Slip(-ones, "only the points with y = 1 count so far; those with y = 0 have a term too."),
        Slip(-zeros, "only the points with y = 0 count so far; those with y = 1 have a term too."),
        Slip(-np.sum(y * np.log(1 - guess) + (1 - y) * np.log(guess)), "guess is the probability of a 1, not of a 0."),
    ]
    judge(answer_of(cross_entropy, y=y, guess=guess), -ones - zeros, slips, what="the cross-entropy", n=len(y))
    return "it falls as the guesses get better, those for 0 as well as those for 1."


@check
def check_best_rate(best_rate: Function) -> str:
    """best_rate(x) must return the maximum likelihood rate of an exponential density."""
    x = rng().exponential(4, 15)
    slips = [
        Slip(x.mean(), "that is the mean waiting time: a large rate means short waits."),
        Slip(1 / x.sum(), "how many terms log(rate) are there?"),
        Slip(np.mean(1 / x), "that is the mean of 1/x; set the derivative to zero for all points together."),
        Slip(np.log(2) / np.median(x), "that fits the median; the likelihood asks for more than the middle point."),
    ]
    judge(answer_of(best_rate, x=x), 1 / x.mean(), slips, what="the rate", tol=1e-5, n=len(x))  # a minimizer will do
    return "the longer the waits, the smaller the rate."
