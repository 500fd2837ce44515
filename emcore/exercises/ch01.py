"""Chapter 01, Maximum likelihood."""

import numpy as np

from .old import answer_of, finite_answer_of, judge
from .verdict import normal, rng


def check_slope(b, smallest):
    """The line y = b x through (1, 1), (2, 3), (3, 4): the slope of least squares, and the sum of squares."""
    x, y = np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 4.0])
    right = x @ y / (x @ x)
    mistakes = {
        "that is the slope of a line with an intercept; this one goes through the origin.": np.polyfit(x, y, 1)[0],
        "that is the mean of the three slopes y/x; least squares weights them by x squared.": np.mean(y / x),
        "that is the sum of y over the sum of x; set the derivative of the squares to zero instead.": y.sum() / x.sum(),
        "that is upside down: the sum of x y belongs above, the sum of x squared below.": 1 / right,
        "that is the slope of x on y: divide by the sum of x squared, not of y squared.": x @ y / (y @ y),
    }
    judge(b, right, mistakes, what="b", tol=2e-3)
    squares = np.sum((y - right * x) ** 2)
    mistakes = {
        "that is half the sum of squares.": squares / 2,
        "that is the mean square; the sum is asked.": squares / 3,
        "that is the sum of the residuals, without squares.": np.sum(y - right * x),
    }
    judge(smallest, squares, mistakes, what="smallest", tol=3e-3)
    print("Right: and with normal errors it is the maximum likelihood slope.")


def check_normal_loglik(loglik):
    """loglik(x, mu, sigma) must return the log-likelihood of x under one normal density."""
    draw = rng()
    x, mu, sigma = draw.normal(3, 3, 30), draw.uniform(1, 4), draw.uniform(1.4, 2)
    right = np.sum(np.log(normal(x, mu, sigma)))
    mistakes = {
        "that is the likelihood; its logarithm is asked.": np.exp(right),
        "that is the average over the points; the log-likelihood is a sum.": right / len(x),
        "the term with the square root of 2 pi is missing.": right + len(x) * np.log(2 * np.pi) / 2,
        "the term -log sigma is missing.": right + len(x) * np.log(sigma),
        "the one half in the exponent is missing.": right - np.sum((x - mu) ** 2) / (2 * sigma**2),
        "that is one value a point: sum them.": np.log(normal(x, mu, sigma)),
        "the sign is flipped: a better fit must give a larger number.": -right,
        "sigma is a standard deviation here; you used it as a variance.": np.sum(np.log(normal(x, mu, np.sqrt(sigma)))),
    }
    judge(answer_of(loglik, x, mu, sigma), right, mistakes, what="the log-likelihood")
    many = np.tile(x, 1000)
    underflow = "for 30,000 points the product of the densities is 0 to the machine: sum the logs instead."
    value = finite_answer_of(loglik, many, mu, sigma, otherwise=underflow)
    judge(value, 1000 * right, {}, what="the log-likelihood of 30,000 points")
    print("Right: a sum of logs, for few points and for many.")


def check_cross_entropy(cross_entropy):
    """cross_entropy(y, guess) must return -sum[y log guess + (1 - y) log(1 - guess)]."""
    draw = rng()
    guess = draw.uniform(0.1, 0.9, 12)
    y = draw.permutation([0.0, 1.0] * 6)
    ones, zeros = np.sum(y * np.log(guess)), np.sum((1 - y) * np.log(1 - guess))
    mistakes = {
        "the minus sign reaches the first term only: it must stand before both.": -ones + zeros,
        "the minus sign is missing: a loss must fall as the guesses get better.": ones + zeros,
        "only the points with y = 1 count so far; those with y = 0 have a term too.": -ones,
        "that is the average; the sum is asked.": -(ones + zeros) / len(y),
    }
    judge(answer_of(cross_entropy, y, guess), -ones - zeros, mistakes, what="the cross-entropy")
    print("Right: minus before both terms, and it is the negative log-likelihood.")


def check_best_rate(best_rate):
    """best_rate(x) must return the maximum likelihood rate of an exponential density."""
    x = rng().exponential(4, 15)
    mistakes = {
        "that is the mean waiting time; the rate is its inverse.": x.mean(),
        "that has N - 1 above the sum; maximum likelihood has N, the number of points.": (len(x) - 1) / x.sum(),
        "that is one over the sum; how many terms log(rate) are there?": 1 / x.sum(),
        "that is the mean of 1/x; set the derivative to zero for all points together.": np.mean(1 / x),
    }
    judge(answer_of(best_rate, x), 1 / x.mean(), mistakes, what="the rate")
    print("Right: one over the mean.")
