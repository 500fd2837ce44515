"""Chapter 09, Gaussian mixtures in practice."""

import numpy as np

from ..models import GMM
from .answers import unpack
from .old import answer_of, judge
from .verdict import rng


def check_counting(two, three):
    """Free parameters of a mixture with full covariances: K = 2 in 2 dimensions, K = 3 in 4."""
    mistakes = {
        "two: the weights are not all free: they sum to 1, so K - 1 of them count.": 12,
        "two: a covariance is symmetric: d (d + 1) / 2 entries are free, not d squared.": 13,
        "two: the weights are missing.": 10,
        "two: the means are missing.": 7,
        "two: that is with one covariance for all components; each has its own.": 8,
    }
    judge(two, 11, mistakes, what="two")
    mistakes = {
        "three: the weights are not all free: they sum to 1, so K - 1 of them count.": 45,
        "three: a covariance is symmetric: d (d + 1) / 2 entries are free, not d squared.": 62,
        "three: the weights are missing.": 42,
        "that is for K = 2.": 29,
        "three: the means are missing.": 32,
        "three: that is with one covariance for all components; each has its own.": 24,
        "three: count the free weights only, and d (d + 1) / 2 entries of a covariance.": 63,
    }
    judge(three, 44, mistakes, what="three")
    print("Right: these are the P of the BIC.")


def check_m_step_in_d(m_step):
    """m_step(x, q) must return pi (K,), mu (K, d) and cov (K, d, d)."""
    draw = rng()
    x, q = draw.normal(0, [1, 2, 3], (20, 3)), draw.dirichlet([1, 1], 20)
    pi, mu, cov = GMM().m_step(x, q)
    answer = unpack(answer_of(m_step, x, q), "pi", "mu", "cov")
    judge(answer[0], pi, {"pi sums to the number of observations: divide by it.": pi * 20}, what="pi")
    mistakes = {
        "mu is divided by the number of observations; divide by the sum of each column of q.": q.T @ x / 20,
        "that is (d, K); transpose it, so that each row is one mean.": mu.T,
        "every component got the same mean: weight each row of x by its responsibility.": np.tile(
            x.mean(axis=0), (2, 1)
        ),
    }
    judge(answer[1], mu, mistakes, what="mu")
    away = x - x.mean(axis=0)
    mistakes = {
        "the covariances are taken about the mean of all data; take them about each component's own.": np.stack(
            [(q[:, [k]] * away).T @ away / q[:, k].sum() for k in range(2)]
        ),
        "cov is divided by the number of observations; divide by the sum of each column of q.": cov * pi[:, None, None],
        "only the variances are there: the entries off the diagonal are missing.": cov * np.eye(3),
        "the square roots were taken: cov holds variances and covariances.": np.sqrt(np.abs(cov)) * np.sign(cov),
        "the products are not weighted: multiply each by its responsibility.": np.stack(
            [(x - mu[k]).T @ (x - mu[k]) / q[:, k].sum() for k in range(2)]
        ),
        "q counts twice: weight one factor of each product only.": np.stack(
            [(q[:, [k]] * (x - mu[k])).T @ (q[:, [k]] * (x - mu[k])) / q[:, k].sum() for k in range(2)]
        ),
        "those are sums, not averages: divide by the sum of each column of q.": cov * q.sum(axis=0)[:, None, None],
    }
    judge(answer[2], cov, mistakes, what="cov")
    print("Right: weighted means and weighted covariances.")


def check_log_density(log_density):
    """log_density(x, mu, cov) must return log N(x_n; mu, cov), shape (N,)."""
    draw = rng()
    x, mu, d = draw.normal(0, 2, (6, 3)), draw.normal(0, 1, 3), 3
    root = draw.normal(0, 1, (3, 3)) + 2 * np.eye(3)
    cov = root @ root.T
    away = x - mu
    squares = np.sum(away @ np.linalg.inv(cov) * away, axis=1)
    log_det = np.log(np.linalg.det(cov))
    right = -0.5 * (squares + d * np.log(2 * np.pi) + log_det)
    mistakes = {
        "2 pi stands to the power d under the root; yours has it once.": -0.5 * (squares + np.log(2 * np.pi) + log_det),
        "the determinant has no square root yet: its log counts one half.": -0.5 * (squares + d * np.log(2 * np.pi))
        - log_det,
        "the determinant is missing.": -0.5 * (squares + d * np.log(2 * np.pi)),
        "cov was not inverted in the exponent.": -0.5
        * (np.sum(away @ cov * away, axis=1) + d * np.log(2 * np.pi) + log_det),
        "that is the density; its logarithm is asked.": np.exp(right),
        "only the variances were used; the entries off the diagonal count too.": -0.5
        * ((away**2 / np.diag(cov)).sum(axis=1) + d * np.log(2 * np.pi) + np.log(np.diag(cov)).sum()),
    }
    judge(answer_of(log_density, x, mu, cov), right, mistakes, what="the log-density")
    print("Right: in one dimension, in two, and in three.")


def check_clip(clip):
    """clip(cov, floor) must raise every eigenvalue of cov to at least floor."""
    cov = np.linalg.qr(rng().normal(0, 1, (3, 3)))[0]
    cov, floor = (cov * [0.2, 1.0, 3.0]) @ cov.T, 1.5
    values, turn = np.linalg.eigh(cov)
    right = (turn * np.maximum(values, floor)) @ turn.T
    mistakes = {
        "the floor was added to all eigenvalues; raise only those below it.": cov + floor * np.eye(3),
        "the entries were clipped; clip the eigenvalues.": np.maximum(cov, floor),
        "the diagonal was clipped; clip the eigenvalues.": cov
        + np.diag(np.maximum(np.diag(cov), floor) - np.diag(cov)),
        "nothing changed: one eigenvalue lies below the floor.": cov,
        "the eigenvectors are the columns: scale the columns, then multiply by the transpose.": (
            turn.T * np.maximum(values, floor)
        )
        @ turn,
        "that is only the clipped eigenvalues on a diagonal; turn them back with the eigenvectors.": np.diag(
            np.maximum(values, floor)
        ),
    }
    judge(answer_of(clip, cov, floor), right, mistakes, what="the clipped matrix")
    print("Right: the same directions, and none thinner than the floor.")
