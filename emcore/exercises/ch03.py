"""Chapter 03, Two Gaussians."""

import numpy as np

from .old import answer_of, judge
from .verdict import normal, rng


def check_165(half, nine):
    """P(man | 165 cm) under N(172, 25) for men and N(162, 25) for women, at equal weights and at 9 : 1."""
    man, woman = normal(165, 172, 5), normal(165, 162, 5)
    right = man / (man + woman)
    mistakes = {
        "that is the probability of a woman.": 1 - right,
        "that is a percentage; a probability lies between 0 and 1.": 100 * right,
        "those are the odds, man to woman; divide by odds plus one.": man / woman,
        "that is the density of a man of 165 cm; divide by the sum of both densities.": man,
        "you used 5 as the variance; it is the standard deviation.": 1 / (1 + np.exp((7**2 - 3**2) / 10)),
    }
    judge(half, right, mistakes, what="half", tol=3e-3)
    mistakes = {
        "that is nine to one the wrong way around: the nine are men.": man / (man + 9 * woman),
        "those are nine times the odds; divide by that plus one.": 9 * man / woman,
        "that is nine tenths of the first answer; weight both densities, then normalize again.": 0.9 * right,
        "the weights are not used: the answer cannot stay the same.": right,
        "that is a percentage; a probability lies between 0 and 1.": 900 * man / (9 * man + woman),
    }
    judge(nine, 9 * man / (9 * man + woman), mistakes, what="nine", tol=3e-3)
    print("Right: the weights count as much as the densities.")


def check_mixture_density(mixture_density):
    """mixture_density(x, pi, mu, sigma) must return sum_k pi_k N(x_n; mu_k, sigma_k^2), shape (N,)."""
    x, pi, mu, sigma = random_theta()
    bells = normal(x[:, None], mu, sigma)
    mistakes = {
        "the weights are missing: that has area 2, so it is not a density.": bells.sum(axis=1),
        "that is (N, K), one column a component; sum over the components.": bells * pi,
        "that sums over the people: sum over the components, axis=1.": (bells * pi).sum(axis=0),
        "sigma is a standard deviation here; you used it as a variance.": normal(x[:, None], mu, np.sqrt(sigma)) @ pi,
        "that is one bell with averaged parameters; average the densities.": normal(x, mu @ pi, sigma @ pi),
    }
    judge(answer_of(mixture_density, x, pi, mu, sigma), bells @ pi, mistakes, what="the density")
    print("Right: a weighted sum of bells, with area 1.")


def check_mixture_loglik(loglik):
    """loglik(x, pi, mu, sigma) must return sum_n log sum_k pi_k N(x_n; mu_k, sigma_k^2)."""
    x, pi, mu, sigma = random_theta()
    joint = pi * normal(x[:, None], mu, sigma)
    mistakes = {
        "that sums the logs of the components: sum their densities first, then take the log.": np.log(joint).sum(),
        "that takes each person's likelier component only: add both.": np.log(joint.max(axis=1)).sum(),
        "the weights pi are missing: multiply each density by its own.": np.log((joint / pi).sum(axis=1)).sum(),
        "that is the average over people; the log-likelihood is a sum.": np.log(joint.sum(axis=1)).mean(),
        "that is the log of the sum over everything; take the log for each person.": np.log(joint.sum()),
    }
    judge(answer_of(loglik, x, pi, mu, sigma), np.log(joint.sum(axis=1)).sum(), mistakes, what="the log-likelihood")
    print("Right: the log stands outside the sum over components, and inside the sum over people.")


def check_slope_mean(slope_mean):
    """slope_mean(x, pi, mean) must return the derivatives of l with respect to mean, for exponential densities."""
    draw = rng()
    x, pi = draw.exponential(3, 12), np.array([0.3, 0.7])
    mean = draw.uniform([1, 4], [2, 6])
    joint = pi * np.exp(-x[:, None] / mean) / mean
    q = joint / joint.sum(axis=1, keepdims=True)
    parts = (x[:, None] - mean) / mean**2
    bells = joint / pi
    mistakes = {
        "the responsibilities are missing: weight each person by q.": parts.sum(axis=0),
        "the responsibilities are not normalized: divide each row of the joint by its sum.": np.sum(
            joint * parts, axis=0
        ),
        "the weights pi are missing in the responsibilities.": np.sum(
            bells / bells.sum(axis=1, keepdims=True) * parts, axis=0
        ),
        "the slope of one log-density is -1/m + x/m^2; yours is m times that.": np.sum(q * parts * mean, axis=0),
        "that is where each slope would be zero; the slope itself is asked.": x @ q / q.sum(axis=0),
        "that is one row a person; sum over the people, axis=0.": q * parts,
    }
    judge(answer_of(slope_mean, x, pi, mean), np.sum(q * parts, axis=0), mistakes, what="the array of slopes")
    print("Right: responsibility times the slope of a log-density, whatever the family.")


def random_theta():
    """x, pi, mu and sigma of a Gaussian mixture, drawn at random: two heaps that overlap."""
    draw = rng()
    first = draw.uniform(0.15, 0.35)
    mu, sigma = draw.uniform([-3, 0.5], [-1.5, 2]), draw.uniform([1.5, 0.4], [2.5, 0.8])
    return draw.normal(np.repeat(mu, [4, 5]), 0.7), np.array([first, 1 - first]), mu, sigma
