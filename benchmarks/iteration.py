"""One iteration of EM against scikit-learn's, at N = 10^6 and K = 2.

The two take turns (A B A B ...) on the same data from the same theta, so that what else the machine
does falls on both. Printed: the median of the ratios of neighbors, and their range. Of scikit-learn's
covariance types, "full" is its default and "spherical" its leanest in one dimension.
"""

import statistics
import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from emcore import GMM1D, em

N, RUNS = 10**6, 7


def main():
    rng = np.random.default_rng(0)
    x = np.where(rng.random(N) < 0.36, rng.normal(54.6, 5.87, N), rng.normal(80.1, 5.87, N))
    theta = GMM1D.Theta(np.array([0.5, 0.5]), np.array([55.0, 80.0]), np.array([5.0, 5.0]))
    for covariance_type in ("full", "spherical"):
        theirs = reference(x, theta, covariance_type)
        for name, ours in OURS.items():
            a, b = alternate(ours(x, theta), theirs)
            ratios = [slow / fast for slow, fast in zip(b, a, strict=True)]
            print(
                f"  {name:26s}{statistics.median(ratios):5.2f} times as fast as scikit-learn "
                f"({covariance_type}; {min(ratios):.2f} to {max(ratios):.2f} in {RUNS} runs; "
                f"{1e3 * statistics.median(a):.0f} ms against {1e3 * statistics.median(b):.0f} ms)",
                flush=True,
            )


def two_steps(x, theta):
    model = GMM1D()
    return lambda: model.m_step(x, model.e_step(x, theta))


def recorded(x, theta):
    steps = em(GMM1D(), x, theta)
    next(steps)
    return lambda: (next(steps), next(steps))


OURS = {"e_step + m_step": two_steps, "with F and l, as em does": recorded}


def reference(x, theta, covariance_type):
    """scikit-learn's iteration: its E-step gives l as well, its M-step takes the log of q."""
    variances = theta.sigma**2
    x = x[:, None]
    precisions = 1 / (variances[:, None, None] if covariance_type == "full" else variances)
    mixture = GaussianMixture(
        2, covariance_type=covariance_type, reg_covar=0, max_iter=1,
        weights_init=theta.pi, means_init=theta.mu[:, None], precisions_init=precisions,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(x[:1000])  # sets what _e_step needs

    def iteration():
        _, log_q = mixture._e_step(x)
        mixture._m_step(x, log_q)

    return iteration


def alternate(*calls):
    """Seconds of each call in each of RUNS turns, after one turn to warm up."""
    seconds = [[] for _ in calls]
    for turn in range(RUNS + 1):
        for call, times in zip(calls, seconds, strict=True):
            start = time.perf_counter()
            call()
            if turn:
                times.append(time.perf_counter() - start)
    return seconds
