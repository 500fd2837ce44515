"""The models of the later chapters: GMM against scikit-learn's iteration, HMM against hmmlearn's pass.

GMM: a recorded iteration (F and l computed at each half-step) at N = 10^5, d = 2, K = 3. HMM: forward and
backward at T = 10^5 and K = 2 and 3. The two take turns on the same data from the same theta; printed are the
median of the ratios of neighbors, and their range.
"""

import statistics
import warnings
from functools import partial

import numpy as np
from hmmlearn.hmm import CategoricalHMM
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from emcore import GMM, HMM, em

from .iteration import RUNS, alternate

N = T = 10**5


def main():
    mixture()
    chain()


def mixture():
    rng = np.random.default_rng(0)
    mu = np.array([[0.0, 0.0], [4.0, 1.0], [1.0, 5.0]])
    x = mu[rng.integers(3, size=N)] + rng.standard_normal((N, 2)) @ np.array([[1.0, 0.3], [0.0, 0.8]])
    theta = GMM.Theta(np.full(3, 1 / 3), mu + 0.5, np.array([np.eye(2)] * 3))
    model, steps = GMM(), em(GMM(), x, theta)
    next(steps)
    theirs = scikit_learn(x, theta)
    say("GMM, e_step + m_step", lambda: model.m_step(x, model.e_step(x, theta)), theirs, "scikit-learn")
    say("GMM with F and l, as em does", lambda: (next(steps), next(steps)), theirs, "scikit-learn")


def scikit_learn(x, theta):
    """Its iteration: the E-step gives l as well, the M-step takes the log of q."""
    reference = GaussianMixture(
        3, reg_covar=0, max_iter=1, weights_init=theta.pi, means_init=theta.mu, precisions_init=theta.cov
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        reference.fit(x[:1000])  # sets what _e_step needs
    return lambda: reference._m_step(x, reference._e_step(x)[1])


def chain():
    for K in (2, 3):
        rng = np.random.default_rng(0)
        theta = np.full(K, 1 / K), np.full((K, K), 0.1) + (1 - 0.1 * K) * np.eye(K), rng.dirichlet(np.ones(3), K)
        x, model, reference = rng.integers(0, 3, T), HMM(3), CategoricalHMM(K)
        reference.startprob_, reference.transmat_, reference.emissionprob_ = theta
        table, ours = x[:, None], partial(model.e_step, x, theta)
        say(f"HMM, forward-backward, K = {K}", ours, partial(reference.score_samples, table), "hmmlearn")


def say(name, ours, theirs, whose):
    a, b = alternate(ours, theirs)
    ratios = [slow / fast for slow, fast in zip(b, a, strict=True)]
    print(
        f"  {name:30s}{statistics.median(ratios):5.2f} times as fast as {whose} "
        f"({min(ratios):.2f} to {max(ratios):.2f} in {RUNS} runs; "
        f"{1e3 * statistics.median(a):.0f} ms against {1e3 * statistics.median(b):.0f} ms)",
        flush=True,
    )
