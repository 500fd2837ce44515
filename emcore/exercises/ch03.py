"""Chapter 03, Two Gaussians."""

import numpy as np

from .answers import Function, answer_of
from .draws import by_row, draw_gaussians, draw_weights, normal
from .verdict import Slip, check, judge, rng


@check
def check_165(half: float, nine: float) -> str:
    """P(man | 165 cm) under N(172, 25) for men and N(162, 25) for women, at equal weights and at 9 : 1."""
    man, woman = normal(165, 172, 5), normal(165, 162, 5)
    right = man / (man + woman)
    slips = [
        Slip(1 - right, "that is the probability of a woman."),
        Slip(man / woman, "those are the odds, man to woman; divide by odds plus one."),
        Slip(man, "that is the density of a man of 165 cm; divide by the sum of both densities."),
        Slip(1 / (1 + np.exp((7**2 - 3**2) / 10)), "you used 5 as the variance; it is the standard deviation."),
    ]
    judge(half, right, slips, what="half", decimals=3)
    slips = [
        Slip(man / (man + 9 * woman), "that is nine to one the wrong way around: the nine are men."),
        Slip(9 * man / woman, "those are nine times the odds; divide by that plus one."),
        Slip(0.9 * right, "that is nine tenths of the first answer; weight both densities, then normalize again."),
        Slip(right, "the weights are not used: the answer cannot stay the same."),
    ]
    judge(nine, 9 * man / (9 * man + woman), slips, what="nine", decimals=3)
    return "the weights count as much as the densities."


@check
def check_mixture_density(mixture_density: Function) -> str:
    """mixture_density(x, pi, mu, sigma) must return sum_k pi_k N(x_n; mu_k, sigma_k^2), shape (N,)."""
    draw = rng()
    for K in (2, 3, 4):
        x, pi, mu, sigma = draw_gaussians(draw, K)
        bells = normal(x[:, None], mu, sigma)
        slips = [
            Slip(bells.sum(axis=1), "the weights are missing: the area under that is the number of components, not 1."),
            Slip(bells.mean(axis=1), "that gives all components the same weight; use pi."),
            Slip(bells * pi, "that is (N, K), one column a component; sum over the components."),
            Slip((bells * pi).sum(axis=0), "that sums over the people: sum over the components, axis=1."),
            Slip(normal(x[:, None], mu, np.sqrt(sigma)) @ pi, "sigma is a standard deviation, not a variance."),
            Slip(normal(x, mu @ pi, sigma @ pi), "that is one bell with averaged parameters; average the densities."),
        ]
        answer = answer_of(mixture_density, x=x, pi=pi, mu=mu, sigma=sigma)
        judge(answer, bells @ pi, slips, what=f"the density for K = {K}")
    return "a weighted sum of bells, with area 1."


@check
def check_mixture_loglik(loglik: Function) -> str:
    """loglik(x, pi, mu, sigma) must return sum_n log sum_k pi_k N(x_n; mu_k, sigma_k^2)."""
    draw = rng()
    for K in (2, 3, 4):
        x, pi, mu, sigma = draw_gaussians(draw, K)
        bells = normal(x[:, None], mu, sigma)
        joint = pi * bells
        right = np.log(joint.sum(axis=1)).sum()
        slips = [
            Slip(np.log(joint).sum(), "that asks every person to come from all components: add their densities first."),
            Slip(np.log(joint.max(axis=1)).sum(), "that takes each person's likeliest component only: add them all."),
            Slip(np.log(bells.sum(axis=1)).sum(), "the weights pi are missing: multiply each density by its own."),
            Slip(np.log(joint.sum()), "that is the log of the sum over everything; take the log for each person."),
        ]
        answer = answer_of(loglik, x=x, pi=pi, mu=mu, sigma=sigma)
        judge(answer, right, slips, what=f"the log-likelihood for K = {K}", n=len(x))
    return "the log stands outside the sum over components, and inside the sum over people."


@check
def check_slope_mean(slope_mean: Function) -> str:
    """slope_mean(x, pi, mean) must return the derivatives of l with respect to mean, for exponential densities."""
    draw = rng()
    for K in (2, 3, 4):
        x, pi, mean = draw.exponential(3, 12), draw_weights(draw, K), draw.permutation(K) + draw.uniform(1, 1.5, K)
        densities = np.exp(-x[:, None] / mean) / mean
        q, alike = by_row(pi * densities), by_row(densities)
        slopes = (x[:, None] - mean) / mean**2
        slips = [
            Slip(slopes.sum(axis=0), "the responsibilities are missing: weight each person by q."),
            Slip(np.sum(pi * densities * slopes, axis=0), "divide each row of the joint by its sum: that makes it q."),
            Slip(np.sum(alike * slopes, axis=0), "the weights pi are missing in the responsibilities."),
            Slip(np.sum(q * slopes * mean, axis=0), "each slope is -1/m + x/m^2; yours is m times that."),
            Slip(x @ q / q.sum(axis=0), "that is where each slope would be zero; the slope itself is asked."),
            Slip(q * slopes, "that is one row a person; sum over the people, axis=0."),
        ]
        answer = answer_of(slope_mean, x=x, pi=pi, mean=mean)
        judge(answer, np.sum(q * slopes, axis=0), slips, what=f"the array of slopes for K = {K}", n=len(x))
    return "responsibility times the slope of a log-density, whatever the family."
