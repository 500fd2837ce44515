"""A mixture of Poisson counts."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .. import validate
from ..mixture import Mixture, component_sizes
from ..numerics import log_factorial, ratio, xlogy


@dataclass(frozen=True)
class PoissonMixture(Mixture):
    """Counts from K Poisson distributions.

    p(x_n, z_n = k | theta) = pi_k rate_k^x_n exp(-rate_k) / x_n!

    x: counts, shape (N,), at most 10^6: beyond, log x! loses digits. theta: PoissonMixture.Theta(pi, rate),
    both of shape (K,); a rate is the mean count. Source: Hasselblad, JASA 64 (1969) 1459-1471.
    """

    class Theta(NamedTuple):
        pi: np.ndarray
        rate: np.ndarray

    def check(self, x, theta):
        """Return x and theta as arrays, or raise ValueError naming what is wrong with them."""
        pi, rate = validate.fields(self.Theta, theta)
        pi = validate.weights("pi", pi)
        rate = validate.array("rate", rate, shape=pi.shape, at_least=0)
        return validate.array("x", x, whole=True, at_least=0, at_most=1e6), self.Theta(pi, rate)

    def log_joint(self, x, theta):
        """log pi_k + x_n log rate_k - rate_k - log x_n!, shape (N, K)."""
        pi, rate = (np.asarray(field)[:, None] for field in theta)
        x = np.asarray(x, float)
        return (np.log(pi) + xlogy(x, rate) - rate - log_factorial(x)).T

    def m_step(self, x, q):
        """pi_k = N_k / N, rate_k = sum_n q_n(k) x_n / N_k.

        Raises CollapseError when a component has lost all its data.
        """
        sizes = component_sizes(q)
        counts = np.asarray(x, float) @ np.asarray(q, float)
        return self.Theta(sizes / sizes.sum(), ratio(counts, sizes))
