"""Chapter 05, Deriving EM."""

import numpy as np

from ..models import GMM1D
from .answers import unpack
from .old import answer_of, judge
from .verdict import normal, rng


def check_first_step(q, mu):
    """Data -1, 0, 2, 3 under N(0, 1) and N(mu, 1), equal weights, mu = 2: q of the second, then the new mu."""
    x = np.array([-1.0, 0.0, 2.0, 3.0])
    right = 1 / (1 + np.exp(2 - 2 * x))
    judge(
        q,
        right,
        {
            "those are the responsibilities of the first Gaussian; those of the second are asked.": 1 - right,
            "that is a hard decision, 0 or 1; a responsibility keeps the doubt.": right > 0.5,
            "those are densities: divide each by the sum of both densities at the same point.": normal(x, 2, 1),
        },
        what="q",
        tol=6e-3,
    )
    judge(
        mu,
        right @ x / right.sum(),
        {
            "you divided by the number of points; divide by the sum of the responsibilities.": right @ x / 4,
            "that is the mean of all points, each counted fully; weight each by its q.": x.mean(),
            "that is the mean of the points nearer to 2: hard assignment. Weight every point by its q.": 2.5,
        },
        what="mu",
        tol=2e-3,
    )
    print("Right: the second Gaussian moves to the mean of the points, each weighted by its q.")


def check_e_step(e_step):
    """e_step(x, pi, mu, sigma) must return the (N, K) responsibilities of a Gaussian mixture."""
    x, theta, right = random_mixture()
    joint = np.stack([p * normal(x, m, s) for p, m, s in zip(*theta, strict=True)], axis=1)
    density = joint / theta.pi
    flat = joint * theta.sigma
    narrow = np.stack([p * normal(x, m, np.sqrt(s)) for p, m, s in zip(*theta, strict=True)], axis=1)
    judge(
        answer_of(e_step, x, *theta),
        right,
        {
            "your rows do not sum to 1: that is the joint. Divide each row by its own sum.": joint,
            "your columns sum to 1, your rows do not: divide by the sum over components, axis=1.": joint
            / joint.sum(axis=0),
            "the weights pi are missing: multiply each density by its pi before you divide.": density
            / density.sum(axis=1, keepdims=True),
            "sigma is a standard deviation here; you used it as a variance.": narrow
            / narrow.sum(axis=1, keepdims=True),
            "the factor 1 / sigma is missing: it cancels only where all sigmas are equal.": flat
            / flat.sum(axis=1, keepdims=True),
            "those are densities: multiply each by its pi, then divide each row by its own sum.": density,
            "that is a hard decision, 0 or 1; keep the doubt.": right == right.max(axis=1, keepdims=True),
            "that is (K, N); transpose it, so that each row is one observation.": right.T,
        },
        what="the array of responsibilities",
    )
    print("Right: every row sums to 1, and the weights are in.")


def check_m_step(m_step):
    """m_step(x, q) must return pi, mu, sigma, each (K,), for a Gaussian mixture."""
    x, _, q = random_mixture()
    pi, mu, sigma = GMM1D().m_step(x, q)
    answer = unpack(answer_of(m_step, x, q), "pi", "mu", "sigma")
    judge(
        answer[0],
        pi,
        {
            "pi sums to the number of observations: divide by it.": pi * len(x),
            "pi is not updated: it becomes the mean responsibility of each component.": np.full(len(pi), 1 / len(pi)),
        },
        what="pi",
    )
    judge(
        answer[1],
        mu,
        {
            "mu is divided by the number of observations; divide by the sum of each column of q.": x @ q / len(x),
            "every component got the same mean: weight each x by its responsibility.": np.full(len(pi), x.mean()),
        },
        what="mu",
    )
    about = x.mean()
    judge(
        answer[2],
        sigma,
        {
            "that is the variance; sigma is its square root.": sigma**2,
            "sigma is measured about the mean of all data; measure it about each component's own mu.": np.sqrt(
                (q * (x[:, None] - about) ** 2).sum(axis=0) / q.sum(axis=0)
            ),
            "sigma is divided by the number of observations; divide by the sum of each column of q.": sigma
            * np.sqrt(pi),
            "every component got the same sigma: weight each square by its responsibility.": np.full(len(pi), x.std()),
        },
        what="sigma",
    )
    print("Right: weights, means and standard deviations, each weighted by q.")


def check_exponential_m_step(m_step):
    """m_step(x, q) must return pi and mean, each (K,), for a mixture of exponentials."""
    draw = rng()
    x = draw.exponential(3, 40)
    q = np.exp(-x[:, None] / [1, 5]) * [1, 0.2]
    q /= q.sum(axis=1, keepdims=True)  # a posterior: the means of the components differ
    answer = unpack(answer_of(m_step, x, q), "pi", "mean")
    sizes = q.sum(axis=0)
    judge(
        answer[0],
        sizes / len(x),
        {"pi sums to the number of observations: divide by it.": sizes},
        what="pi",
    )
    mean = x @ q / sizes
    judge(
        answer[1],
        mean,
        {
            "those are the rates, 1 / mean; the mean itself is asked.": 1 / mean,
            "you divided by the number of observations; divide by the sum of each column of q.": x @ q / len(x),
            "every component got the same mean: weight each x by its responsibility.": np.full(2, x.mean()),
        },
        what="mean",
    )
    print("Right: a weighted mean again, though the family is another.")


def random_mixture():
    """x, theta and the posterior of a Gaussian mixture drawn at random, its weights unequal."""
    draw = rng()
    first = draw.uniform(0.15, 0.35)
    theta = GMM1D.Theta(
        np.array([first, 1 - first]), draw.uniform([-3, 0.5], [-1.5, 2]), draw.uniform([1.5, 0.4], [2.5, 0.8])
    )
    x = draw.normal(np.repeat(theta.mu, [3, 6]), 0.7)  # in two heaps: no component's mean is the mean of all
    return x, theta, GMM1D().e_step(x, theta)
